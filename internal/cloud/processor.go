package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/convert"
	"github.com/paperchart/paperchart/internal/result"
)

// Transactor stores a transaction Bundle, whole or not at all. What will never be
// taken is a *Refusal.
type Transactor interface {
	Transaction(ctx context.Context, bundle []byte) error
}

// Importer begins import jobs of NDJSON below a prefix. The same token gives the
// same job.
type Importer interface {
	// Running reports whether an import job waits or runs.
	Running(ctx context.Context) (bool, error)
	Start(ctx context.Context, input bda.Object, token string) (job string, err error)
}

// Convert turns the results of one file, whose original is at an address, into FHIR.
type Convert func(docs []result.Document, original string) (convert.Output, error)

// Processor is the second function: it turns what BDA found into stored FHIR, and
// looks for what was forgotten.
type Processor struct {
	BDA     Statuses
	Objects Objects
	FHIR    Transactor
	Imports Importer
	Convert Convert
	// Again is the trigger's queue, Self the processor's own.
	Again, Self, Dead Sender
	// Review is told of each document that has something for a person to check;
	// nil where nobody is.
	Review        Sender
	Blueprint     *blueprint.Blueprint
	Input, Output string
	// Grace is how long a job may go on before the sweep asks for it.
	Grace time.Duration
	// MaxTransaction is the most resources that are stored by transaction and
	// not by import, MaxBody the most bytes.
	MaxTransaction, MaxBody int
	Now                     func() time.Time
	Logger                  *slog.Logger
}

// Done is jobs/done/<job>.json: what became of a job.
type Done struct {
	Document string `json:"document,omitempty"`
	State    string `json:"state"` // done or failed
	Reason   string `json:"reason,omitempty"`
	Route    string `json:"route,omitempty"` // transaction or import
	Segments int    `json:"segments"`
	// Unmatched are segments in which BDA found nothing of the blueprint.
	Unmatched int       `json:"unmatched"`
	Resources int       `json:"resources"`
	Patients  int       `json:"patients"`
	Review    int       `json:"review"`
	Ended     time.Time `json:"ended"`
}

// maxTries is how often a document is given to BDA when BDA itself fails.
const maxTries = 3

// maxRead is the most bytes of a metadata or result file that are read.
const maxRead = 64 << 20

// Handle handles a batch of messages; those to try again are in its answer.
func (p *Processor) Handle(ctx context.Context, in events.SQSEvent) (events.SQSEventResponse, error) {
	return batch(ctx, in, p.Dead, p.Logger, p.message), nil
}

func (p *Processor) message(ctx context.Context, m events.SQSMessage) error {
	parsed, err := parse(m.Body)
	if err != nil {
		return err
	}
	todo, err := parsed.work()
	if err != nil {
		return err
	}
	for _, w := range todo {
		if err := p.do(ctx, w, m.MessageId); err != nil {
			return err
		}
	}
	return nil
}

func (p *Processor) do(ctx context.Context, w work, id string) error {
	switch {
	case w.job != "":
		return p.job(ctx, w)
	case w.document.Key != "":
		return p.anew(ctx, w.document)
	case w.batch != "":
		return p.restart(ctx, w.batch, id)
	case w.imp.Job != "":
		return p.imported(ctx, w.imp)
	case w.sweep:
		return p.sweep(ctx)
	}
	return nil
}

// job looks what became of a job and ends it, once; one that failed is looked at
// again only where somebody asked for it. The job's end is recorded last, so
// that a function that dies on the way is repeated.
func (p *Processor) job(ctx context.Context, w work) error {
	job := w.job
	before, err := p.done(ctx, job)
	if err != nil {
		return err
	}
	if before == "done" || before == "failed" && !w.asked {
		return p.Objects.Delete(ctx, p.out(openKey(job)))
	}
	open, known, err := p.open(ctx, job)
	if err != nil {
		return err
	}
	if !known && w.document.Key != "" {
		open, known = openJob{Document: w.document}, true // from a dead letter
	}
	status, err := p.BDA.Status(ctx, job)
	switch {
	case errors.Is(err, ErrAbsent):
		return p.fail(ctx, job, open, refuse("no-such-job", "BDA knows nothing of job %s", job))
	case err != nil:
		return fmt.Errorf("ask for job: %w", err)
	}
	switch status.State {
	case bda.Success:
		return p.finish(ctx, job, open, status)
	case bda.ServiceError:
		return p.again(ctx, job, open, known)
	case bda.ClientError:
		return p.fail(ctx, job, open, refuse("bda-client-error", "BDA could not read the document of job %s", job))
	}
	// The event came before its truth; or this is a sweep's question.
	return fmt.Errorf("%w: job %s is not at its end", ErrPending, job)
}

// ErrPending says that a job goes on.
var ErrPending = errors.New("pending")

// again gives the document to BDA once more, under another token.
func (p *Processor) again(ctx context.Context, job string, open openJob, known bool) error {
	no := refuse("bda-service-error", "BDA failed on job %s", job)
	if !known || open.Try+1 >= maxTries {
		return p.fail(ctx, job, open, no)
	}
	next := open.Document
	next.Try++
	if err := p.anew(ctx, next); err != nil {
		return err
	}
	return p.end(ctx, job, Done{State: "failed", Reason: "bda-service-error"})
}

// anew has the trigger begin a job for a document.
func (p *Processor) anew(ctx context.Context, d Document) error {
	if err := p.Again.Send(ctx, encode(ownDocument, map[string]any{"document": d}), ""); err != nil {
		return fmt.Errorf("send document again: %w", err)
	}
	return nil
}

// readAgain are the reasons that only another reading by BDA can mend; for the
// others a look at what it found is enough.
var readAgain = []string{"bda-client-error", "bda-service-error", "no-such-job", "no-match"}

// letter is the dead letter of a job: what is to be done when somebody sends it again.
func letter(job string, open openJob, reason string) string {
	d := open.Document
	switch {
	case d.Key == "": // begun by somebody else
		return encode(ownJob, map[string]any{"job": job})
	case slices.Contains(readAgain, reason):
		d.Try++
		return encode(ownDocument, map[string]any{"document": d})
	}
	return encode(ownJob, map[string]any{"job": job, "document": d})
}

// fail records a job that can't succeed and returns why.
func (p *Processor) fail(ctx context.Context, job string, open openJob, why error) error {
	var no *Refusal
	if !errors.As(why, &no) {
		return why
	}
	// The letter goes before the record: a function that dies between them sends
	// it twice, and never not at all.
	if err := p.Dead.Send(ctx, letter(job, open, no.Reason), no.Error()); err != nil {
		return fmt.Errorf("send dead letter: %w", err)
	}
	p.Logger.ErrorContext(ctx, "job failed", "job", job, "reason", no.Reason)
	return p.end(ctx, job, Done{State: "failed", Reason: no.Reason})
}

// finish turns the results of a job that succeeded into FHIR.
func (p *Processor) finish(ctx context.Context, job string, open openJob, status bda.Status) error {
	d, err := p.convert(ctx, job, open, status)
	var no *Refusal
	if errors.As(err, &no) {
		return p.fail(ctx, job, open, no)
	}
	if err != nil {
		return err
	}
	if d.Unmatched > 0 {
		p.Logger.WarnContext(ctx, "segments without result", "job", job, "unmatched", d.Unmatched)
	}
	return p.end(ctx, job, d)
}

func (p *Processor) convert(ctx context.Context, job string, open openJob, status bda.Status) (Done, error) {
	meta, docs, err := p.results(ctx, status.Metadata)
	if err != nil {
		return Done{}, err
	}
	done := Done{State: "done", Segments: len(meta.Segments), Unmatched: meta.Unmatched()}
	if len(docs) == 0 {
		return done, refuse("no-match", "BDA found nothing of the blueprint in the document of job %s", job)
	}
	original := open.Object
	if original.Key == "" {
		original = meta.Input
	}
	source, err := p.source(ctx, original)
	if err != nil {
		return done, err
	}
	source.Read = meta.ended.UTC().Format(time.RFC3339)
	for i := range docs {
		docs[i].Source = source
		bda.Clean(&docs[i], p.Blueprint)
		for _, page := range docs[i].Pages {
			docs[i].Source.PageCount = max(docs[i].Source.PageCount, page+1)
		}
	}
	made, err := p.Convert(docs, original.Address())
	if err != nil {
		return done, fmt.Errorf("convert results: %w", err)
	}
	done.Document = source.SHA256[:16]
	done.Resources, done.Patients, done.Review = len(made.Resources), made.Patients, made.Review
	if done.Route, err = p.keep(ctx, done.Document, made); err != nil {
		return done, err
	}
	return done, p.askPeople(ctx, job, done)
}

// askPeople sends a document on to those who review, once its FHIR is kept. It may
// come twice, as everything may; it holds no word of the record.
func (p *Processor) askPeople(ctx context.Context, job string, d Done) error {
	if p.Review == nil || d.Review+d.Unmatched == 0 {
		return nil
	}
	body := encode("review", map[string]any{"document": d.Document, "job": job, "fields": d.Review, "unmatched": d.Unmatched,
		"bundle": p.out("fhir/" + d.Document + "/bundle.json").URI()})
	if err := p.Review.Send(ctx, body, ""); err != nil {
		return fmt.Errorf("ask for review: %w", err)
	}
	return nil
}

// meta is a job's metadata and when BDA wrote it.
type meta struct {
	bda.Job
	ended time.Time
}

// results reads a job's metadata and the result of each segment that has one.
func (p *Processor) results(ctx context.Context, at bda.Object) (meta, []result.Document, error) {
	if at.Bucket != p.Output {
		return meta{}, nil, refuse("other-bucket", "the results do not lie in the output bucket")
	}
	data, info, err := p.read(ctx, at)
	if err != nil {
		return meta{}, nil, fmt.Errorf("read job metadata: %w", err)
	}
	job, err := bda.ParseJob(data, at)
	if err != nil {
		return meta{}, nil, refuse("bad-metadata", "%v", err)
	}
	var docs []result.Document
	for _, s := range job.Segments {
		if s.Result.Key == "" {
			continue
		}
		data, _, err := p.read(ctx, s.Result)
		if err != nil {
			return meta{}, nil, fmt.Errorf("read result: %w", err)
		}
		d, err := result.Decode(data)
		if err != nil {
			return meta{}, nil, refuse("bad-result", "%v", err)
		}
		docs = append(docs, d)
	}
	return meta{job, info.Modified}, docs, nil
}

// source describes the original by its own bytes, so that the ids derived from
// it are those that every other way of reading it gives.
func (p *Processor) source(ctx context.Context, o bda.Object) (result.Source, error) {
	if o.Bucket != p.Input && o.Bucket != p.Output {
		return result.Source{}, refuse("other-bucket", "the original does not lie in the input bucket")
	}
	body, _, err := p.Objects.Get(ctx, o)
	if errors.Is(err, ErrAbsent) {
		return result.Source{}, refuse("gone", "the original is not there any more")
	}
	if err != nil {
		return result.Source{}, fmt.Errorf("read original: %w", err)
	}
	defer body.Close()
	h := sha256.New()
	n, err := io.Copy(h, body)
	if err != nil {
		return result.Source{}, fmt.Errorf("read original: %w", err)
	}
	return result.Source{File: path.Base(o.Key), SHA256: hex.EncodeToString(h.Sum(nil)), Size: n,
		MediaType: mediaType(o.Key), Engine: "Amazon Bedrock Data Automation"}, nil
}

func (p *Processor) out(key string) bda.Object { return bda.Object{Bucket: p.Output, Key: key} }

// read reads a small object whole.
func (p *Processor) read(ctx context.Context, o bda.Object) ([]byte, Info, error) {
	body, info, err := p.Objects.Get(ctx, o)
	if err != nil {
		return nil, info, err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxRead+1))
	if err == nil && len(data) > maxRead {
		return nil, info, refuse("too-large", "a result is larger than %d MB", maxRead>>20)
	}
	return data, info, err
}

// done is the recorded state of a job that ended, empty where none is.
func (p *Processor) done(ctx context.Context, job string) (string, error) {
	data, _, err := p.read(ctx, p.out(doneKey(job)))
	if errors.Is(err, ErrAbsent) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read job: %w", err)
	}
	var d Done
	if err := json.Unmarshal(data, &d); err != nil {
		return "", nil // half a record is none
	}
	return d.State, nil
}

// open reads what the trigger recorded. It may not be there: the event may be
// faster than the record, and somebody else may have begun the job.
func (p *Processor) open(ctx context.Context, job string) (openJob, bool, error) {
	var o openJob
	data, _, err := p.read(ctx, p.out(openKey(job)))
	if errors.Is(err, ErrAbsent) {
		return o, false, nil
	}
	if err != nil {
		return o, false, fmt.Errorf("read job: %w", err)
	}
	if err := json.Unmarshal(data, &o); err != nil {
		return openJob{}, false, nil
	}
	return o, true, nil
}

// end records a job's end and forgets that it was open.
func (p *Processor) end(ctx context.Context, job string, d Done) error {
	d.Ended = p.Now().UTC()
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if err := p.Objects.Put(ctx, p.out(doneKey(job)), data); err != nil {
		return fmt.Errorf("record job: %w", err)
	}
	if err := p.Objects.Delete(ctx, p.out(openKey(job))); err != nil {
		return fmt.Errorf("record job: %w", err)
	}
	p.Logger.InfoContext(ctx, "job ended", "job", job, "state", d.State, "document", d.Document, "route", d.Route,
		"resources", d.Resources, "review", d.Review, "unmatched", d.Unmatched)
	return nil
}
