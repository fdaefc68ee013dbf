// Package doors lets programs written for AWS talk to this server with nothing
// but the endpoint changed: S3, the runtime of Bedrock Data Automation (BDA), and
// HealthLake's control and data plane. Every request must be signed (SigV4) with
// one of the access keys in the settings.
//
//	S3          path-style addresses; multipart uploads, ranges, copies, presigned,
//	            versions
//	BDA         blueprints, their versions and stages, projects, tags; and
//	            InvokeDataAutomationAsync, GetDataAutomationStatus: the local engine
//	            reads with the project's blueprints, and BDA's files are written into
//	            the S3 door's buckets
//	SQS         queues with dead letters, which buckets notify and to which
//	            EventBridge's rules send the events of BDA and HealthLake
//	HealthLake  data stores, import and export jobs, tags; and each data store's
//	            FHIR at /datastore/{id}/r4/
//
// Which service a request is for stands in its signature's scope, so one address
// serves them all. Left out: FIFO queues, schedules and other targets than queues;
// of BDA, blueprints for other things than documents, their optimization,
// libraries, and the synchronous call; of HealthLake, preloaded data and SMART.
package doors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/rclone/gofakes3"

	"github.com/paperchart/paperchart/internal/doors/queue"
	"github.com/paperchart/paperchart/internal/sigv4"
)

// Read is the local engine: it reads a file into its logical documents, and
// tells its number of pages.
type Read func(ctx context.Context, d Document) (segments []Segment, pages int, err error)

// Document is a file to read, with the blueprints to read it with: each logical
// document with the one that matches best, none with none.
type Document struct {
	Name       string
	Data       []byte
	Blueprints []Blueprint
}

// Blueprint is a schema and the name under which it was created.
type Blueprint struct {
	ARN     string `json:"arn"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Schema  []byte `json:"schema"`
}

// Segment is one logical document of a file. Result is the contents of its
// result.json, nil where no blueprint matched; Pages are 0-based.
type Segment struct {
	Result []byte
	Pages  []int
}

// Config is what the doors are made of.
type Config struct {
	Objects *Objects
	// Keys are the secrets by access key id; none is no way in.
	Keys map[string]string
	Read Read
	// Fault tells whether an error of Read is the file's own.
	Fault func(error) bool
	// Open opens a data store and makes it where it is not there; Remove removes
	// what one was made of.
	Open   func(id string) (Datastore, error)
	Remove func(id string) error
	// Datastore is the id of the server's own data store, which is always there;
	// Account the 12 digits in ARNs.
	Datastore, Account string
	// Address is the doors' own, such as http://127.0.0.1:8081.
	Address string
	// Stored is told of every object that a client stored.
	Stored func(ctx context.Context, bucket, key string) error
	Now    func() time.Time
	Logger *slog.Logger
}

// Doors is the handler of all services. Close it when no more requests come.
type Doors struct {
	Config
	s3     http.Handler
	verify *sigv4.Verifier
	// Jobs run in the background until Close.
	ctx  context.Context
	stop context.CancelFunc
	jobs sync.WaitGroup
	slot chan struct{}
	mu   sync.Mutex // guards the jobs' files and open
	open int        // BDA jobs that are not at their end
	// imports and exports are HealthLake's, one at a time each.
	imports, exports lane
	storing          sync.Mutex // guards stores
	stores           map[string]Datastore
	queues           *queue.Queues
	notices          sync.Map // notifications by bucket
	// planning lets one request at a time into a control plane.
	planning sync.Mutex
}

// New opens the doors and takes up again the jobs that a stopped process left.
func New(cfg Config) (*Doors, error) {
	if len(cfg.Keys) == 0 {
		return nil, errors.New("open AWS doors: no access key is set; set aws-keys in the configuration file")
	}
	if cfg.Stored == nil {
		cfg.Stored = func(context.Context, string, string) error { return nil }
	}
	d := &Doors{Config: cfg, verify: &sigv4.Verifier{Keys: cfg.Keys, Now: cfg.Now}, slot: make(chan struct{}, 2),
		stores: map[string]Datastore{}}
	d.ctx, d.stop = context.WithCancel(context.Background())
	// The library writes request paths into its log; keys may name patients. Clocks
	// were compared when the signature was verified.
	d.s3 = gofakes3.New(&bucketsBackend{Objects: cfg.Objects, stored: cfg.Stored, begun: map[gofakes3.UploadID]*upload{}},
		gofakes3.WithLogger(gofakes3.DiscardLog()), gofakes3.WithTimeSkewLimit(0)).Server()
	var err error
	if d.queues, err = queue.Open(cfg.Objects.blobs, cfg.Now); err != nil {
		return nil, err
	}
	if err := errors.Join(d.firstStore(), d.loadNotifications()); err != nil {
		return nil, err
	}
	cfg.Objects.changed = d.changed
	return d, d.resume()
}

// Close interrupts the jobs and waits for them; the next New takes them up again.
func (d *Doors) Close() error {
	d.stop()
	d.jobs.Wait()
	var errs []error
	for id := range d.stores {
		errs = append(errs, d.shut(id))
	}
	return errors.Join(errs...)
}

// ServeHTTP leads a request to its service; one that names none is for S3.
func (d *Doors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	scope, err := sigv4.ParseScope(r)
	if err != nil || scope.Service == "s3" {
		d.serveS3(w, r)
		return
	}
	if _, err := d.verify.Verify(r); err != nil {
		fail(w, denied(err))
		return
	}
	target := path.Base(strings.ReplaceAll(r.Header.Get("X-Amz-Target"), ".", "/"))
	body, err := io.ReadAll(r.Body) // all in memory already: it was verified
	if err != nil {
		fail(w, denied(err))
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch {
	case scope.Service == "healthlake" && strings.HasPrefix(r.URL.Path, "/datastore/"):
		d.servePlane(w, r)
	case scope.Service == "healthlake":
		answer(w, r, "application/x-amz-json-1.0", d.healthlake(target))
	case scope.Service == "sqs":
		answer(w, r, "application/x-amz-json-1.0", d.sqs(target))
	case scope.Service == "events":
		answer(w, r, "application/x-amz-json-1.1", d.events(target))
	case scope.Service == "bedrock" && r.Header.Get("X-Amz-Target") == "":
		d.serveControl(w, r, body)
	case scope.Service == "bedrock":
		answer(w, r, "application/x-amz-json-1.1", d.bda(target))
	default:
		fail(w, &awsError{"UnknownOperationException", "this server has no such service", http.StatusNotFound})
	}
}

// awsError is an error as AWS's JSON protocols write it.
type awsError struct {
	code, message string
	status        int
}

func (e *awsError) Error() string { return e.code + ": " + e.message }

func invalid(message string) error {
	return &awsError{"ValidationException", message, http.StatusBadRequest}
}

func missing(message string) error {
	return &awsError{"ResourceNotFoundException", message, http.StatusBadRequest}
}

func denied(err error) error {
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return &awsError{"RequestEntityTooLargeException", "the request is too large", http.StatusRequestEntityTooLarge}
	case errors.Is(err, sigv4.ErrUnsigned):
		return &awsError{"MissingAuthenticationTokenException", "the request is not signed", http.StatusForbidden}
	case errors.Is(err, sigv4.ErrExpired):
		return &awsError{"InvalidSignatureException", "the request's time is too far from now", http.StatusForbidden}
	}
	return &awsError{"InvalidSignatureException", "the request's signature does not match", http.StatusForbidden}
}

// operation is one call of a JSON protocol.
type operation func(r *http.Request, in *json.Decoder) (any, error)

func answer(w http.ResponseWriter, r *http.Request, kind string, op operation) {
	if op == nil {
		fail(w, &awsError{"UnknownOperationException", "this server has no such operation", http.StatusBadRequest})
		return
	}
	out, err := op(r, json.NewDecoder(r.Body))
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	json.NewEncoder(w).Encode(out)
}

func fail(w http.ResponseWriter, err error) {
	e := &awsError{"InternalServerException", "the server could not do this", http.StatusInternalServerError}
	errors.As(err, &e)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-Errortype", e.code)
	if old := queryError(e.code); old != "" {
		w.Header().Set("X-Amzn-Query-Error", old)
	}
	w.WriteHeader(e.status)
	json.NewEncoder(w).Encode(map[string]string{"__type": e.code, "message": e.message})
}

// save and load keep the jobs' records.
func (d *Doors) save(key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.Objects.blobs.Put(key, strings.NewReader(string(data)))
}

func (d *Doors) load(key string, v any) error {
	data, err := d.Objects.blobs.Read(key)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// background runs a job when a slot is free.
func (d *Doors) background(run func(context.Context)) {
	d.jobs.Go(func() {
		select {
		case d.slot <- struct{}{}:
			defer func() { <-d.slot }()
			run(d.ctx)
		case <-d.ctx.Done():
		}
	})
}
