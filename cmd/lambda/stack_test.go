package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/paperchart/paperchart/internal/healthlake"
)

// stack is what the template makes, as far as it is needed from scan to FHIR: two
// buckets, two queues with their dead letters, the notification, the rules, the
// blueprint and the project; and the two functions, as compiled for AWS.
type stack struct {
	t      *testing.T
	doors  string
	s3     *s3.Client
	sqs    *sqs.Client
	queues map[string]string // addresses by name
	plane  *healthlake.Client
	bda    *faults        // between the functions and BDA
	lake   *faults        // between the functions and HealthLake
	mapped sync.WaitGroup // the mappings of the queues to the functions
}

// where says where a stack's S3 and SQS are; empty is the doors.
type where struct{ s3, sqs string }

// newStack makes the stack against this server's doors.
func newStack(t *testing.T) *stack {
	doors := serve(t)
	return makeStack(t, doors, where{doors, doors})
}

func makeStack(t *testing.T, doors string, at where) *stack {
	t.Helper()
	elsewhere := settings(at.s3)
	queues := settings(at.sqs)
	s := &stack{t: t, doors: doors, queues: map[string]string{}, bda: newFaults(t, doors), lake: newFaults(t, doors),
		s3: s3.NewFromConfig(elsewhere, func(o *s3.Options) { o.UsePathStyle = true }), sqs: sqs.NewFromConfig(queues)}
	for _, b := range []string{"chart-in", "chart-out"} {
		_, err := s.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(b), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: region}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []string{"trigger", "processor"} {
		s.makeQueue(q+"-dead", nil)
		s.makeQueue(q, map[string]string{"VisibilityTimeout": "60", "RedrivePolicy": `{"deadLetterTargetArn":"` + arnOf(q+"-dead") + `","maxReceiveCount":6}`})
	}
	if _, err := s.s3.PutBucketNotificationConfiguration(t.Context(), &s3.PutBucketNotificationConfigurationInput{Bucket: aws.String("chart-in"),
		NotificationConfiguration: &s3types.NotificationConfiguration{QueueConfigurations: []s3types.QueueConfiguration{
			{QueueArn: aws.String(arnOf("trigger")), Events: []s3types.Event{"s3:ObjectCreated:*"}}}}}); err != nil {
		t.Fatal(err)
	}
	s.plane = planeOf(t, doors)
	return s
}

// arnOf is a queue's ARN in the doors' account; moto's is set to the same.
func arnOf(queue string) string { return "arn:aws:sqs:" + region + ":000000000000:" + queue }

func (s *stack) makeQueue(name string, attributes map[string]string) {
	s.t.Helper()
	out, err := s.sqs.CreateQueue(s.t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(name), Attributes: attributes})
	if err != nil {
		s.t.Fatal(err)
	}
	s.queues[name] = *out.QueueUrl
}

// run starts both functions and maps their queues to them, with the template's
// sizes of batches.
func (s *stack) run(bin string, at where, more ...string) {
	project := project(s.t, settings(s.doors))
	datastore := path.Base(strings.TrimSuffix(s.plane.Endpoint, "/r4/"))
	env := append([]string{"AWS_ACCESS_KEY_ID=" + keyID, "AWS_SECRET_ACCESS_KEY=" + secret, "AWS_REGION=" + region,
		"AWS_ENDPOINT_URL_S3=" + at.s3, "AWS_ENDPOINT_URL_SQS=" + at.sqs, "AWS_ENDPOINT_URL_BEDROCK_DATA_AUTOMATION_RUNTIME=" + s.bda.url, "AWS_ENDPOINT_URL_HEALTHLAKE=" + s.lake.url,
		"INPUT_BUCKET=chart-in", "OUTPUT_BUCKET=chart-out", "BDA_PROJECT_ARN=" + project, "BDA_PROFILE_ARN=arn:aws:bedrock:us-west-2:000000000000:data-automation-profile/us.data-automation-v1",
		"BDA_JOB_ARN_PREFIX=" + jobPrefix, "TRIGGER_QUEUE_URL=" + s.queues["trigger"], "PROCESSOR_QUEUE_URL=" + s.queues["processor"],
		"DATASTORE_ID=" + datastore, "DATASTORE_ENDPOINT=" + s.plane.Endpoint, "IMPORT_ROLE_ARN=arn:aws:iam::000000000000:role/import",
		"KMS_KEY_ARN=arn:aws:kms:us-west-2:000000000000:key/k", "THRESHOLD=0.7", "POLICY=mark", "VALIDATION_LEVEL=strict", "GRACE_SECONDS=0"}, more...)
	ctx, stop := context.WithCancel(context.WithoutCancel(s.t.Context()))
	for name, batch := range map[string]int32{"trigger": 5, "processor": 1} {
		f := start(s.t, bin, name, append(env, "DEAD_LETTER_URL="+s.queues[name+"-dead"]))
		s.mapped.Go(func() { s.mapping(ctx, f, s.queues[name], batch) })
	}
	s.t.Cleanup(func() { stop(); s.mapped.Wait() })
}

// mapping gives the messages of a queue to a function, as Lambda's event source
// mapping does: it deletes those that were handled, and shows the others again.
func (s *stack) mapping(ctx context.Context, f *function, queue string, batch int32) {
	for ctx.Err() == nil {
		got, err := s.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(queue), MaxNumberOfMessages: batch, WaitTimeSeconds: 1,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"}})
		if err != nil || len(got.Messages) == 0 {
			continue
		}
		var e events.SQSEvent
		for _, m := range got.Messages {
			e.Records = append(e.Records, events.SQSMessage{MessageId: *m.MessageId, ReceiptHandle: *m.ReceiptHandle, Body: *m.Body, Attributes: m.Attributes,
				EventSource: "aws:sqs", EventSourceARN: arnOf(path.Base(queue)), AWSRegion: region})
		}
		answer, err := f.invoke(ctx, e)
		back := map[string]bool{}
		var r events.SQSEventResponse
		if text, ok := strings.CutPrefix(answer, "response "); err != nil || !ok || json.Unmarshal([]byte(text), &r) != nil {
			for _, m := range e.Records {
				back[m.MessageId] = true
			}
		}
		for _, b := range r.BatchItemFailures {
			back[b.ItemIdentifier] = true
		}
		for _, m := range e.Records {
			if back[m.MessageId] {
				s.sqs.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: aws.String(queue), ReceiptHandle: aws.String(m.ReceiptHandle), VisibilityTimeout: 1})
				continue
			}
			s.sqs.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(queue), ReceiptHandle: aws.String(m.ReceiptHandle)})
		}
	}
}

// scan puts a sample into the input bucket.
func (s *stack) scan(sample, key string) {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "samples", sample))
	if err != nil {
		s.t.Fatal(err)
	}
	put(s.t, s.s3, "chart-in", key, data)
}

func (s *stack) send(queue, body string) {
	s.t.Helper()
	if _, err := s.sqs.SendMessage(s.t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(s.queues[queue]), MessageBody: aws.String(body)}); err != nil {
		s.t.Fatal(err)
	}
}

// keys are the objects of the output bucket below a prefix.
func (s *stack) keys(prefix string) []string {
	s.t.Helper()
	out, err := s.s3.ListObjectsV2(s.t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("chart-out"), Prefix: aws.String(prefix)})
	if err != nil {
		s.t.Fatal(err)
	}
	var keys []string
	for _, o := range out.Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}

// count is the number of resources of a type.
func (s *stack) count(query string) int {
	s.t.Helper()
	data, err := s.plane.Do(s.t.Context(), "GET", query+"?_summary=count", nil)
	var b struct{ Total int }
	if err != nil || json.Unmarshal(data, &b) != nil {
		s.t.Fatalf("%s, %v", data, err)
	}
	return b.Total
}

// dead are the reasons of the dead letters of a function, once n of them are there.
func (s *stack) dead(name string, n int) []string {
	s.t.Helper()
	var reasons []string
	until(s.t, fmt.Sprint(n, " dead letters of ", name), func() bool {
		out, err := s.sqs.ReceiveMessage(s.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(s.queues[name+"-dead"]), MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}})
		if err != nil {
			s.t.Fatal(err)
		}
		for _, m := range out.Messages {
			reasons = append(reasons, aws.ToString(m.MessageAttributes["reason"].StringValue))
		}
		return len(reasons) >= n
	})
	return reasons
}

// idle reports whether nothing waits in a queue, nor is being worked on.
func (s *stack) idle(name string) bool {
	s.t.Helper()
	out, err := s.sqs.GetQueueAttributes(s.t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: aws.String(s.queues[name]), AttributeNames: []types.QueueAttributeName{"All"}})
	if err != nil {
		s.t.Fatal(err)
	}
	a := out.Attributes
	return a["ApproximateNumberOfMessages"] == "0" && a["ApproximateNumberOfMessagesNotVisible"] == "0"
}

// quiet waits until both queues are idle.
func (s *stack) quiet() {
	s.t.Helper()
	until(s.t, "the queues to be empty", func() bool { return s.idle("trigger") && s.idle("processor") })
}

// settled fails the test where a dead letter lies about.
func (s *stack) settled() {
	s.t.Helper()
	s.quiet()
	for _, q := range []string{"trigger-dead", "processor-dead"} {
		if !s.idle(q) {
			s.t.Errorf("there are dead letters in %s: %v", q, s.dead(strings.TrimSuffix(q, "-dead"), 1))
		}
	}
}

// faults is a proxy that answers some operations with errors.
type faults struct {
	url string
	mu  sync.Mutex
	// errs are the errors to answer with, by operation, the next first.
	errs map[string][]fault
	// asked counts the requests by operation.
	asked map[string]int
	// before and after, where set, see requests before they go on, and answers
	// before they come back.
	before func(op string, r *http.Request)
	after  func(op string, r *http.Response) error
}

type fault struct {
	status int
	code   string
}

func newFaults(t *testing.T, to string) *faults {
	f := &faults{errs: map[string][]fault{}, asked: map[string]int{}}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	// The host stays that which was signed.
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = u.Scheme, u.Host },
		ModifyResponse: func(r *http.Response) error {
			if f.after != nil {
				return f.after(operationOf(r.Request), r)
			}
			return nil
		}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		op := operationOf(r)
		if e, bad := f.next(op); bad {
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			w.WriteHeader(e.status)
			fmt.Fprintf(w, `{"__type":%q,"message":"made by the test"}`, e.code)
			return
		}
		if f.before != nil {
			f.before(op, r)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	f.url = s.URL
	return f
}

func operationOf(r *http.Request) string {
	return path.Ext("x." + r.Header.Get("X-Amz-Target"))[1:]
}

func (f *faults) next(op string) (fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[op]++
	if len(f.errs[op]) == 0 {
		return fault{}, false
	}
	e := f.errs[op][0]
	f.errs[op] = f.errs[op][1:]
	return e, true
}

// fail answers the next n requests of an operation with an error.
func (f *faults) fail(op string, status int, code string, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.errs[op] = append(f.errs[op], fault{status, code})
	}
}

// count is how often an operation was asked for.
func (f *faults) count(op string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked[op]
}

// replace changes the text of an answer.
func replace(r *http.Response, change func(string) string) error {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body.Close()
	text := change(string(data))
	r.Body = io.NopCloser(strings.NewReader(text))
	r.ContentLength = int64(len(text))
	r.Header.Set("Content-Length", strconv.Itoa(len(text)))
	return nil
}

func body(t *testing.T, c *s3.Client, bucket, key string) []byte {
	t.Helper()
	out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
