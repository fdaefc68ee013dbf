// Package cloud is the AWS shape of the pipeline: the two Lambda functions, over
// small interfaces that package sdk fulfils with AWS and the tests with fakes.
//
//	S3 ─► queue ─► Trigger ─► BDA ─► events ─► queue ─► Processor ─► S3 + HealthLake
//	                                 schedule ────┘
//
// # What is kept, in the output bucket
//
//	bda/<job>/…                       what BDA writes
//	staged/<token>/<name>             what BDA reads: copies of one version of an
//	                                  original, under a key that it takes
//	jobs/open/<job>.json              jobs begun: the sweep asks for those that no event ended
//	jobs/done/<job>.json              jobs ended, with counts; a repeated event stops here
//	fhir/<document>/bundle.json …     the FHIR that was made
//	import/pending/<document>/<file>  NDJSON that waits for the next import job
//	import/batch/<batch>/<file>       the NDJSON of one import job
//	import/log/…                      HealthLake's logs
//
// # What may happen at any time
//
// Messages come twice, late and out of order, and a function may be killed
// anywhere. So an event is only a hint to look: what is true is asked of BDA;
// and every effect is repeatable: tokens and ids are derived, objects are
// overwritten with the same bytes, FHIR is stored by id.
//
// What can't succeed (a *Refusal) goes to the dead-letter queue with its reason at
// once; everything else is an error that puts the message back into its queue.
// Neither reasons nor logs hold object keys or anything that was read.
package cloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/paperchart/paperchart/internal/bda"
)

// Refusal is an error that another try won't mend. Reason is a stable word for
// programs, such as "not-a-document".
type Refusal struct{ Reason, Message string }

// Error implements error.
func (r *Refusal) Error() string { return r.Reason + ": " + r.Message }

func refuse(reason, format string, args ...any) error {
	return &Refusal{reason, fmt.Sprintf(format, args...)}
}

// Errors that the interfaces below give, wrapped.
var (
	// ErrBusy says that a service wants to be asked later.
	ErrBusy = errors.New("the service is busy")
	// ErrAbsent says that an object or a job is not there.
	ErrAbsent = errors.New("not there")
	// ErrUnbegun says that a call for which one pays was surely not begun: it never
	// left, or the service said no. What is neither this nor a success may have been.
	ErrUnbegun = errors.New("not begun")
)

// Invocation is one job for BDA.
type Invocation struct {
	Input bda.Object
	Token string
}

// Invoker begins BDA jobs. What BDA will never take is a *Refusal; the same token
// gives the same job.
type Invoker interface {
	Invoke(ctx context.Context, in Invocation) (job string, err error)
}

// Statuses tells how far a BDA job is.
type Statuses interface {
	Status(ctx context.Context, job string) (bda.Status, error)
}

// Info is an object in a listing. Size is in bytes.
type Info struct {
	Key      string
	ETag     string
	Size     int64
	Modified time.Time
}

// Reader reads objects; what is not there is ErrAbsent.
type Reader interface {
	// Get opens an object; the caller closes it.
	Get(ctx context.Context, o bda.Object) (io.ReadCloser, Info, error)
	// List lists at most a number of objects below a prefix, by key.
	List(ctx context.Context, bucket, prefix string, most int) ([]Info, error)
}

// Writer writes objects, encrypted as the bucket demands.
type Writer interface {
	Put(ctx context.Context, o bda.Object, data []byte) error
	Copy(ctx context.Context, from, to bda.Object) error
	// Delete deletes an object; that it was not there is no error.
	Delete(ctx context.Context, o bda.Object) error
}

// Objects are both.
type Objects interface {
	Reader
	Writer
}

// Sender puts messages into a queue. Reason is an attribute of dead letters and
// empty otherwise.
type Sender interface {
	Send(ctx context.Context, body, reason string) error
}

// one handles one message.
type one func(ctx context.Context, m events.SQSMessage) error

// batch handles the messages of an event one by one and reports those to put
// back. Once a service is busy the rest goes back untouched.
func batch(ctx context.Context, in events.SQSEvent, dead Sender, log *slog.Logger, handle one) events.SQSEventResponse {
	out := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	busy := false
	for _, m := range in.Records {
		err := ErrBusy
		if !busy {
			err = settle(ctx, m, dead, log, handle)
		}
		if err == nil {
			continue
		}
		if !busy {
			log.WarnContext(ctx, "message goes back", "message", m.MessageId, "error", err)
		}
		busy = busy || errors.Is(err, ErrBusy)
		out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
	}
	return out
}

// settle handles one message, and sends it to the dead letters where it is refused.
func settle(ctx context.Context, m events.SQSMessage, dead Sender, log *slog.Logger, handle one) error {
	err := handle(ctx, m)
	var no *Refusal
	if !errors.As(err, &no) {
		return err
	}
	if err := dead.Send(ctx, m.Body, no.Error()); err != nil {
		return fmt.Errorf("send dead letter: %w", err)
	}
	log.ErrorContext(ctx, "message refused", "message", m.MessageId, "reason", no.Reason, "why", no.Message)
	return nil
}
