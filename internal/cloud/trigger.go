package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/paperchart/paperchart/internal/bda"
)

// Trigger is the first function: it begins a BDA job for each new original.
type Trigger struct {
	BDA     Invoker
	Objects Writer
	Dead    Sender
	// Input is the bucket of the originals, Output that of everything else.
	Input, Output string
	Now           func() time.Time
	Logger        *slog.Logger
}

// openJob is jobs/open/<job>.json.
type openJob struct {
	Document
	Begun time.Time `json:"begun"`
}

func openKey(job string) string { return "jobs/open/" + job + ".json" }
func doneKey(job string) string { return "jobs/done/" + job + ".json" }

// Handle handles a batch of messages; those to try again are in its answer.
func (t *Trigger) Handle(ctx context.Context, in events.SQSEvent) (events.SQSEventResponse, error) {
	return batch(ctx, in, t.Dead, t.Logger, t.message), nil
}

// message begins the jobs of one message. An S3 message may name several
// originals; those that are refused become dead letters of their own, once
// nothing is left that must be tried again.
func (t *Trigger) message(ctx context.Context, m events.SQSMessage) error {
	parsed, err := parse(m.Body)
	if err != nil {
		return err
	}
	docs, err := parsed.documents()
	if err != nil {
		return err
	}
	var again []error
	refused := map[int]*Refusal{}
	for i, d := range docs {
		err := t.begin(ctx, d)
		var no *Refusal
		switch {
		case errors.As(err, &no):
			refused[i] = no
		case err != nil:
			again = append(again, err)
		}
	}
	switch {
	case len(again) > 0:
		return errors.Join(again...)
	case len(docs) == 1 && refused[0] != nil:
		return refused[0]
	}
	for i, no := range refused {
		if err := t.Dead.Send(ctx, encode(ownDocument, map[string]any{"document": docs[i]}), no.Error()); err != nil {
			return fmt.Errorf("send dead letter: %w", err)
		}
	}
	return nil
}

// begin begins one job and records it. Between the two the function may die: the
// message comes again, the same token gives the same job, and it is recorded then.
func (t *Trigger) begin(ctx context.Context, d Document) error {
	switch {
	case d.Bucket != t.Input:
		return refuse("other-bucket", "the object does not lie in the input bucket")
	case !bda.Readable(d.Key):
		return refuse("not-a-document", "BDA reads PDF, TIFF, JPEG, PNG and DOCX")
	case d.Size > bda.MaxSize:
		return refuse("too-large", "BDA takes %d MB", bda.MaxSize>>20)
	}
	input, err := t.acceptable(ctx, d)
	if err != nil {
		return err
	}
	job, err := t.BDA.Invoke(ctx, Invocation{Input: input, Token: d.Token(d.Try)})
	if err != nil {
		return fmt.Errorf("begin job: %w", err)
	}
	if !bda.ValidJob(job) {
		return errors.New("begin job: BDA gave no job id")
	}
	record, err := json.Marshal(openJob{d, t.Now().UTC()})
	if err != nil {
		return err
	}
	if err := t.Objects.Put(ctx, bda.Object{Bucket: t.Output, Key: openKey(job)}, record); err != nil {
		return fmt.Errorf("record job: %w", err)
	}
	t.Logger.InfoContext(ctx, "job begun", "job", job, "try", d.Try)
	return nil
}

// acceptable is the object itself, or a copy that BDA takes: under a key that it
// does not refuse, and of the one version that the event names. BDA reads what lies
// under the key when its turn comes, which is another's paper where a scanner gives
// each scan the same name.
func (t *Trigger) acceptable(ctx context.Context, d Document) (bda.Object, error) {
	if d.Takes() && !d.Versioned() {
		return d.Object, nil
	}
	to := bda.Object{Bucket: t.Output, Key: "staged/" + d.Token(0) + "/" + bda.CleanName(d.Key)}
	err := t.Objects.Copy(ctx, d.Object, to)
	if errors.Is(err, ErrAbsent) {
		return to, refuse("gone", "the original is not there any more")
	}
	if err != nil {
		return to, fmt.Errorf("copy original: %w", err)
	}
	return to, nil
}
