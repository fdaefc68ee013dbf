package hybrid

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
	"github.com/paperchart/paperchart/internal/result"
)

// Jobs begins BDA jobs and tells how far they are.
type Jobs interface {
	cloud.Invoker
	cloud.Statuses
}

// BDA reads files with Bedrock Data Automation, within a budget.
type BDA struct {
	Jobs    Jobs
	Objects cloud.Objects
	// Bucket takes what is to be read, under in/, and what BDA writes. Both are
	// deleted once the result is in the ledger.
	Bucket string
	// Project tells one way of reading from another in the ledger.
	Project   string
	Blueprint *blueprint.Blueprint
	Ledger    *Ledger
	// Poll is the time between questions how far a job is, Patience for how long
	// it is asked before somebody else gets a turn.
	Poll, Patience time.Duration
	Logger         *slog.Logger
	// wait waits between questions; a timer where nil.
	wait func(ctx context.Context, d time.Duration) error
}

// errUnread says that BDA can't read a file, whatever one does.
var errUnread = errors.New("Bedrock Data Automation could not read it")

// maxTries is how often a file is given to BDA when BDA itself fails.
const maxTries = 3

// maxRead is the most bytes of a metadata or result file that are read.
const maxRead = 64 << 20

// paper is what is to be read: the pages of an original, and the bytes to send
// for them, which need not be the same at each try.
type paper struct {
	// sha256 is the original's, pages its pages that are sent, empty for all.
	sha256, pages string
	count         int
	ext           string // with its dot
	data          func() ([]byte, error)
}

func (b *BDA) work(p paper) string {
	sum := sha256.Sum256([]byte(b.Project + "|" + p.sha256 + "|" + p.pages))
	return hex.EncodeToString(sum[:])
}

// read gives the paper's results, from the ledger where it was read before. The
// errors are ErrBudget, errUnread, and those of things that are away.
func (b *BDA) read(ctx context.Context, p paper) ([]result.Document, error) {
	work := b.work(p)
	c, err := b.Ledger.find(ctx, work)
	if err != nil {
		return nil, err
	}
	if c.id == 0 {
		if c, err = b.Ledger.reserve(ctx, work, p.count); err != nil {
			return nil, err
		}
		if c.failures >= maxTries {
			return nil, errors.Join(errUnread, b.Ledger.forget(ctx, c, p.count))
		}
	}
	switch c.state {
	case done:
		return decode(c.result)
	case sent:
		if err := b.Ledger.repeat(ctx, c, p.count); err != nil {
			return nil, err
		}
		fallthrough
	case reserved:
		if c, err = b.begin(ctx, work, p, c); err != nil {
			return nil, err
		}
	}
	return b.await(ctx, work, c)
}

// begin uploads and invokes. Nothing leaves the house, and nothing is invoked,
// without a reservation.
func (b *BDA) begin(ctx context.Context, work string, p paper, c call) (call, error) {
	data, err := p.data()
	if err != nil {
		return c, errors.Join(err, b.Ledger.forget(ctx, c, p.count))
	}
	in := bda.Object{Bucket: b.Bucket, Key: inputKey(work, p.ext)}
	if err := b.Objects.Put(ctx, in, data); err != nil {
		return c, fmt.Errorf("send to the cloud: %w", err)
	}
	if err := b.Ledger.send(ctx, c); err != nil {
		return c, err
	}
	token := sha256.Sum256(fmt.Appendf(nil, "%s|%d", work, c.nth))
	job, err := b.Jobs.Invoke(ctx, cloud.Invocation{Input: in, Token: hex.EncodeToString(token[:])})
	var no *cloud.Refusal
	switch {
	case errors.As(err, &no):
		return c, errors.Join(errUnread, b.Ledger.release(ctx, c, p.count))
	case errors.Is(err, cloud.ErrUnbegun):
		return c, errors.Join(fmt.Errorf("begin job: %w", err), b.Ledger.unsend(ctx, c))
	case err != nil:
		return c, fmt.Errorf("begin job: %w", err)
	case !bda.ValidJob(job):
		return c, errors.New("begin job: BDA gave no job id")
	}
	c.job, c.state = job, running
	return c, b.Ledger.begun(ctx, c, job)
}

func inputKey(work, ext string) string { return "in/" + work[:32] + ext }

// await asks until the job has ended, and keeps what it gave.
func (b *BDA) await(ctx context.Context, work string, c call) ([]result.Document, error) {
	for waited := time.Duration(0); ; waited += b.Poll {
		s, err := b.Jobs.Status(ctx, c.job)
		switch {
		case errors.Is(err, cloud.ErrAbsent):
			return nil, errors.Join(errors.New("BDA knows nothing of its job"), b.Ledger.fail(ctx, c))
		case err != nil:
			return nil, fmt.Errorf("ask for job: %w", err)
		}
		switch s.State {
		case bda.Success:
			return b.take(ctx, work, c, s.Metadata)
		case bda.ClientError:
			return nil, errors.Join(errUnread, b.keep(ctx, work, c, nil))
		case bda.ServiceError:
			return nil, errors.Join(errors.New("BDA failed on its job"), b.Ledger.fail(ctx, c))
		}
		if waited >= b.Patience {
			return nil, cloud.ErrPending
		}
		if err := b.pause(ctx); err != nil {
			return nil, err
		}
	}
}

func (b *BDA) pause(ctx context.Context) error {
	if b.wait != nil {
		return b.wait(ctx, b.Poll)
	}
	t := time.NewTimer(b.Poll)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take reads a job's results, puts them into the ledger and clears the bucket.
func (b *BDA) take(ctx context.Context, work string, c call, at bda.Object) ([]result.Document, error) {
	raw, err := b.results(ctx, at)
	var no *cloud.Refusal
	if errors.As(err, &no) {
		return nil, errors.Join(errUnread, b.keep(ctx, work, c, nil))
	}
	if err != nil {
		return nil, err
	}
	if err := b.keep(ctx, work, c, raw); err != nil {
		return nil, err
	}
	return decodeAll(raw)
}

func (b *BDA) results(ctx context.Context, at bda.Object) ([]json.RawMessage, error) {
	if at.Bucket != b.Bucket {
		return nil, &cloud.Refusal{Reason: "other-bucket", Message: "the results do not lie in the bucket"}
	}
	data, err := b.object(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("read job metadata: %w", err)
	}
	job, err := bda.ParseJob(data, at)
	if err != nil {
		return nil, &cloud.Refusal{Reason: "bad-metadata", Message: err.Error()}
	}
	raw := []json.RawMessage{}
	for _, s := range job.Segments {
		if s.Result.Key == "" {
			continue
		}
		data, err := b.object(ctx, s.Result)
		if err != nil {
			return nil, fmt.Errorf("read result: %w", err)
		}
		if _, err := result.Decode(data); err != nil {
			return nil, &cloud.Refusal{Reason: "bad-result", Message: err.Error()}
		}
		raw = append(raw, data)
	}
	return raw, nil
}

func (b *BDA) object(ctx context.Context, o bda.Object) ([]byte, error) {
	body, _, err := b.Objects.Get(ctx, o)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxRead+1))
	if err == nil && len(data) > maxRead {
		return nil, &cloud.Refusal{Reason: "too-large", Message: "a result is too large"}
	}
	return data, err
}

// keep records what a job gave, nothing where it can't give anything, and then
// takes the paper and its results out of the cloud. What can't be deleted now is
// left to the bucket's lifecycle.
func (b *BDA) keep(ctx context.Context, work string, c call, raw []json.RawMessage) error {
	data, err := json.Marshal(raw)
	if err != nil {
		return fmt.Errorf("keep result: %w", err)
	}
	if err := b.Ledger.finish(ctx, c, data); err != nil {
		return err
	}
	for _, prefix := range []string{"in/" + work[:32], outPrefix + c.job + "/"} {
		if err := b.clear(ctx, prefix); err != nil {
			b.Logger.WarnContext(ctx, "objects left in the cloud", "job", c.job, "error", err)
		}
	}
	return nil
}

// outPrefix is where BDA is told to write; a job has a folder of its own there.
const outPrefix = "bda/"

func (b *BDA) clear(ctx context.Context, prefix string) error {
	all, err := b.Objects.List(ctx, b.Bucket, prefix, 10000)
	if err != nil {
		return err
	}
	for _, o := range all {
		if err := b.Objects.Delete(ctx, bda.Object{Bucket: b.Bucket, Key: o.Key}); err != nil {
			return err
		}
	}
	return nil
}

// decode reads what keep wrote; null is a file that BDA can't read.
func decode(data []byte) ([]result.Document, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, errors.New("read kept result: it is damaged")
	}
	if raw == nil {
		return nil, errUnread
	}
	return decodeAll(raw)
}

func decodeAll(raw []json.RawMessage) ([]result.Document, error) {
	docs := []result.Document{}
	for _, r := range raw {
		d, err := result.Decode(r)
		if err != nil {
			return nil, fmt.Errorf("read result: %w", err)
		}
		docs = append(docs, d)
	}
	return docs, nil
}
