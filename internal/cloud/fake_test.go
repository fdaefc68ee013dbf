package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/convert"
	"github.com/paperchart/paperchart/internal/result"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// bucketful are objects in memory, by bucket/key. Dying makes the nth write fail.
type bucketful struct {
	t *testing.T
	*guard
	objects map[string][]byte
	times   map[string]time.Time
	writes  int
	dieAt   int
}

func (b *bucketful) Get(_ context.Context, o bda.Object) (io.ReadCloser, Info, error) {
	b.mayRead(o)
	data, ok := b.objects[o.Bucket+"/"+o.Key]
	if !ok {
		return nil, Info{}, fmt.Errorf("get object: %w", ErrAbsent)
	}
	return io.NopCloser(bytes.NewReader(data)), Info{Key: o.Key, Modified: noon}, nil
}

// mayRead also asks for the right to see that an object is not there.
func (b *bucketful) mayRead(o bda.Object) {
	action := "s3:GetObject"
	if o.Versioned() {
		action = "s3:GetObjectVersion"
	}
	b.may(action, o.Bucket+"/"+o.Key)
	b.may("s3:ListBucket", o.Bucket)
}

func (b *bucketful) List(_ context.Context, bucket, prefix string, most int) ([]Info, error) {
	b.may("s3:ListBucket", bucket)
	var all []Info
	for _, k := range slices.Sorted(maps.Keys(b.objects)) {
		if strings.HasPrefix(k, bucket+"/"+prefix) && len(all) < most {
			at := noon
			if t, ok := b.times[k]; ok {
				at = t
			}
			all = append(all, Info{Key: strings.TrimPrefix(k, bucket+"/"), ETag: fmt.Sprint(len(b.objects[k])), Modified: at})
		}
	}
	return all, nil
}

func (b *bucketful) write() error {
	if b.writes++; b.writes == b.dieAt {
		return fmt.Errorf("the function was killed")
	}
	return nil
}

func (b *bucketful) Put(_ context.Context, o bda.Object, data []byte) error {
	b.may("s3:PutObject", o.Bucket+"/"+o.Key)
	if o.Bucket != "out" {
		b.t.Errorf("wrote to %s", o.URI())
	}
	if err := b.write(); err != nil {
		return err
	}
	b.objects[o.Bucket+"/"+o.Key] = data
	return nil
}

func (b *bucketful) Copy(_ context.Context, from, to bda.Object) error {
	b.mayRead(from)
	data, ok := b.objects[from.Bucket+"/"+from.Key+"?"+from.Version]
	if !ok {
		data, ok = b.objects[from.Bucket+"/"+from.Key]
	}
	if !ok {
		return fmt.Errorf("copy object: %w", ErrAbsent)
	}
	return b.Put(context.Background(), to, data)
}

func (b *bucketful) Delete(_ context.Context, o bda.Object) error {
	b.may("s3:DeleteObject", o.Bucket+"/"+o.Key)
	if o.Bucket != "out" {
		b.t.Errorf("deleted %s", o.URI())
	}
	if err := b.write(); err != nil {
		return err
	}
	delete(b.objects, o.Bucket+"/"+o.Key)
	return nil
}

// mailbox is a queue.
type mailbox struct {
	bodies, reasons []string
	*guard
	name string // of the queue in the template
}

func (m *mailbox) Send(_ context.Context, body, reason string) error {
	m.may("sqs:SendMessage", m.name+".Arn")
	m.bodies, m.reasons = append(m.bodies, body), append(m.reasons, reason)
	return nil
}

// service is BDA and HealthLake. Invoking gives the same job for the same token.
type service struct {
	t *testing.T
	*guard
	invoke func(Invocation) error // nil: works
	tokens []string
	inputs []string
	status map[string]bda.Status
	// bundles and imports that were taken; errors to give instead.
	bundles      [][]byte
	transaction  error
	running      bool
	imports      []string // token and address
	importRefuse error
	meanwhile    func() // happens while an import begins
}

func (s *service) Invoke(_ context.Context, in Invocation) (string, error) {
	s.may("bedrock:InvokeDataAutomationAsync", "Project.ProjectArn")
	// BDA reads and writes with the rights of who calls it.
	s.may("s3:GetObject", in.Input.Bucket+"/"+in.Input.Key)
	s.may("s3:PutObject", "out/bda/job/job_metadata.json")
	if !in.Input.Takes() {
		s.t.Errorf("BDA would refuse %s", in.Input.URI())
	}
	if s.invoke != nil {
		if err := s.invoke(in); err != nil {
			return "", err
		}
	}
	s.tokens, s.inputs = append(s.tokens, in.Token), append(s.inputs, in.Input.URI())
	return "job-" + in.Token[:8], nil
}

func (s *service) Status(_ context.Context, job string) (bda.Status, error) {
	s.may("bedrock:GetDataAutomationStatus", "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:data-automation-invocation/"+job)
	st, ok := s.status[job]
	if !ok {
		return st, fmt.Errorf("get status: %w", ErrAbsent)
	}
	return st, nil
}

func (s *service) Transaction(_ context.Context, bundle []byte) error {
	for _, action := range []string{"ProcessBundle", "CreateResource", "UpdateResource"} {
		s.may("healthlake:"+action, "Datastore.DatastoreArn")
	}
	if s.transaction != nil {
		return s.transaction
	}
	var b struct {
		Type  string
		Entry []struct{ Request struct{ Method, URL string } }
	}
	if err := json.Unmarshal(bundle, &b); err != nil || b.Type != "transaction" || len(b.Entry) == 0 || len(b.Entry) > 100 {
		s.t.Errorf("HealthLake would refuse the bundle: %d entries, %v", len(b.Entry), err)
	}
	s.bundles = append(s.bundles, bundle)
	return nil
}

func (s *service) Running(context.Context) (bool, error) {
	s.may("healthlake:ListFHIRImportJobs", "Datastore.DatastoreArn")
	return s.running, nil
}

func (s *service) Start(_ context.Context, in bda.Object, token string) (string, error) {
	s.may("healthlake:StartFHIRImportJob", "Datastore.DatastoreArn")
	s.may("iam:PassRole", "ImportRole.Arn")
	if s.importRefuse != nil {
		return "", s.importRefuse
	}
	s.imports = append(s.imports, token+" "+in.URI())
	if s.meanwhile != nil {
		s.meanwhile()
	}
	return "import-1", nil
}

// world is both functions over fakes.
type world struct {
	*bucketful
	*service
	guard                  *guard
	trigger                *Trigger
	processor              *Processor
	dead, deadP, back, own *mailbox
}

func newWorld(t *testing.T) *world {
	g := &guard{t: t}
	queue := func(name string) *mailbox { return &mailbox{guard: g, name: name} }
	w := &world{guard: g, bucketful: &bucketful{t: t, guard: g, objects: map[string][]byte{}, times: map[string]time.Time{}},
		service: &service{t: t, guard: g, status: map[string]bda.Status{}},
		dead:    queue("TriggerDeadLetters"), deadP: queue("ProcessorDeadLetters"), back: queue("TriggerQueue"), own: queue("ProcessorQueue")}
	for _, name := range []string{"a", "b", "c", "d", "wilkins"} {
		w.objects["input/"+name+".pdf"] = []byte("%PDF")
	}
	log := slog.New(slog.NewTextHandler(&phi{t}, nil))
	now := func() time.Time { return noon }
	w.trigger = &Trigger{BDA: w.service, Objects: w.bucketful, Dead: w.dead, Input: "input", Output: "out", Now: now, Logger: log}
	c := &convert.Converter{Thresholds: result.Thresholds{Default: 0.7}}
	w.processor = &Processor{BDA: w.service, Objects: w.bucketful, FHIR: w.service, Imports: w.service,
		Convert: func(docs []result.Document, original string) (convert.Output, error) {
			cc := *c
			cc.Original = func(result.Source) string { return original }
			return cc.Convert(docs)
		},
		Again: w.back, Self: w.own, Dead: w.deadP, Blueprint: blueprint.Default(), Input: "input", Output: "out",
		Grace: 10 * time.Minute, MaxTransaction: 100, MaxBody: 5 << 20, Now: now, Logger: log}
	return w
}

// phi fails the test where a log holds what must not be in one.
type phi struct{ t *testing.T }

func (p *phi) Write(b []byte) (int, error) {
	for _, secret := range []string{"wilkins", "Wilkins", "A1B2C3D4"} {
		if bytes.Contains(b, []byte(secret)) {
			p.t.Errorf("the log tells %s: %s", secret, b)
		}
	}
	return len(b), nil
}

// s3Event is as AWS sends it: the key form-encoded.
func s3Event(key string) string {
	return fmt.Sprintf(`{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-west-2","eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0","bucket":{"name":"input","arn":"arn:aws:s3:::input"},"object":{"key":%q,"size":1024,"eTag":"d41d","versionId":"v1","sequencer":"0055AED6DCD90281E5"}}}]}`, key)
}

func bdaEvent(kind, job string) string {
	return fmt.Sprintf(`{"version":"0","id":"0cc3eaf7","detail-type":"Bedrock Data Automation Job %s","source":"aws.bedrock","account":"123456789012","time":"2025-05-27T22:48:36Z","region":"us-west-2","resources":[],"detail":{"job_id":%q,"job_status":"X"}}`, kind, job)
}

func messages(bodies ...string) events.SQSEvent {
	var e events.SQSEvent
	for i, b := range bodies {
		e.Records = append(e.Records, events.SQSMessage{MessageId: fmt.Sprintf("m%d", i), Body: b})
	}
	return e
}

// failed are the ids of the messages that go back.
func failed(r events.SQSEventResponse) string {
	var ids []string
	for _, f := range r.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	return strings.Join(ids, " ")
}

func (w *world) trig(bodies ...string) string {
	w.guard.function = "Trigger"
	r, err := w.trigger.Handle(context.Background(), messages(bodies...))
	if err != nil {
		w.bucketful.t.Fatal(err)
	}
	return failed(r)
}

func (w *world) proc(bodies ...string) string {
	w.guard.function = "Processor"
	r, err := w.processor.Handle(context.Background(), messages(bodies...))
	if err != nil {
		w.bucketful.t.Fatal(err)
	}
	return failed(r)
}

// result is as BDA writes it: blanks with high confidence, a blank row for an
// empty table, a place on page -1, a number that is not there as 0.
func resultJSON(medications int) string {
	rows, explained := []string{`{"medication_name":"","dose":""}`}, []string{`{"medication_name":{"confidence":1,"value":""}}`}
	for i := range medications {
		rows = append(rows, fmt.Sprintf(`{"medication_name":"Drug %d","dose":"10 mg"}`, i))
		explained = append(explained, `{"medication_name":{"confidence":0.92578125},"dose":{"confidence":0.9}}`)
	}
	return fmt.Sprintf(`{"matched_blueprint":{"arn":"arn:aws:bedrock:us-west-2:1:blueprint/x","name":"medical-record","confidence":0.9},
"document_class":{"type":"Medical Record"},"split_document":{"page_indices":[0,1]},
"inference_result":{"patient_last_name":"Wilkins","patient_first_name":"Samantha","patient_mrn":"A1B2C3D4","date_of_birth":"1953-10-28","heart_rate":0,"bmi":"","medications":[%s]},
"explainability_info":[{"patient_last_name":{"success":true,"confidence":0.95,"geometry":[{"boundingBox":{"top":0.4,"left":0.07,"width":0.1,"height":0.01},"page":-1}],"type":"string","value":"Wilkins"},
"patient_first_name":{"confidence":0.9},"patient_mrn":{"confidence":0.9},"date_of_birth":{"confidence":0.9},"heart_rate":{"confidence":0.84},"bmi":{"confidence":1},"medications":[%s]}]}`,
		strings.Join(rows, ","), strings.Join(explained, ","))
}

// finished puts the files of a job that BDA finished.
func (w *world) finished(job string, medications int) {
	w.objects["input/wilkins.pdf"] = []byte("%PDF")
	w.objects["out/bda/"+job+"/job_metadata.json"] = []byte(fmt.Sprintf(`{"job_id":%q,"job_status":"PROCESSED","output_metadata":[{"asset_id":0,"asset_input_path":{"s3_bucket":"input","s3_key":"wilkins.pdf"},"segment_metadata":[
{"custom_output_path":"s3://out/bda/%s/0/custom_output/0/result.json","custom_output_status":"MATCH"},{"standard_output_path":"s3://out/bda/x","custom_output_status":"NO_MATCH"}]}]}`, job, job))
	w.objects["out/bda/"+job+"/0/custom_output/0/result.json"] = []byte(resultJSON(medications))
	w.status[job] = bda.Status{State: bda.Success, Metadata: bda.Object{Bucket: "out", Key: "bda/" + job + "/job_metadata.json"}}
}

func (w *world) keys(prefix string) []string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(w.objects)) {
		if strings.HasPrefix(k, prefix) {
			all = append(all, k)
		}
	}
	return all
}
