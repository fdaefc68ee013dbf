package doors

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func makeQueue(t *testing.T, c *sqs.Client, name string, attributes map[string]string) *string {
	t.Helper()
	out, err := c.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(name), Attributes: attributes})
	if err != nil {
		t.Fatal(err)
	}
	return out.QueueUrl
}

func receive(t *testing.T, c *sqs.Client, url *string) []types.Message {
	t.Helper()
	out, err := c.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Messages
}

const queues = "arn:aws:sqs:us-west-2:000000000000:"

func TestSQSDoor(t *testing.T) {
	dir := t.TempDir()
	cfg, d := open(t, dir, nil)
	c := sqs.NewFromConfig(cfg)
	makeQueue(t, c, "dead", nil)
	work := makeQueue(t, c, "work", map[string]string{"VisibilityTimeout": "0", "RedrivePolicy": `{"deadLetterTargetArn":"` + queues + `dead","maxReceiveCount":"2"}`})
	// The SDK compares the digests that come back with its own.
	for i := range 3 {
		if _, err := c.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: work, MessageBody: aws.String(fmt.Sprint("message ü ", i)), MessageAttributes: map[string]types.MessageAttributeValue{
			"reason": {DataType: aws.String("String"), StringValue: aws.String("because")}, "data": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1}}}}); err != nil {
			t.Fatal(err)
		}
	}
	d.Close()
	cfg, _ = open(t, dir, nil)
	c = sqs.NewFromConfig(cfg)
	got := receive(t, c, work)
	if len(got) != 3 || *got[0].Body != "message ü 0" || *got[0].MessageAttributes["reason"].StringValue != "because" || got[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Fatalf("%+v", got)
	}
	out, err := c.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{QueueUrl: work, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: aws.String("a"), ReceiptHandle: got[0].ReceiptHandle}, {Id: aws.String("b"), ReceiptHandle: aws.String("nonsense")}}})
	if err != nil || len(out.Successful) != 1 || len(out.Failed) != 1 || *out.Failed[0].Code != "ReceiptHandleIsInvalid" {
		t.Errorf("%+v, %v", out, err)
	}
	if got := receive(t, c, work); len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	if got := receive(t, c, work); len(got) != 0 {
		t.Errorf("given out a third time: %+v", got)
	}
	url, err := c.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("dead")})
	if err != nil {
		t.Fatal(err)
	}
	if got := receive(t, c, url.QueueUrl); len(got) != 2 || got[0].Attributes["DeadLetterQueueSourceArn"] != queues+"work" {
		t.Errorf("dead are %+v", got)
	}
	a, err := c.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: url.QueueUrl, AttributeNames: []types.QueueAttributeName{"All"}})
	if err != nil || a.Attributes["ApproximateNumberOfMessagesNotVisible"] != "2" || a.Attributes["QueueArn"] != queues+"dead" {
		t.Errorf("%+v, %v", a, err)
	}
	_, err = c.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String("http://doors/000000000000/none"), MessageBody: aws.String("x")})
	var none *types.QueueDoesNotExist
	if !errors.As(err, &none) {
		t.Errorf("a queue that is not there: %v", err)
	}
}

// configure sets a bucket's notifications.
func configure(t *testing.T, c *s3.Client, all ...s3types.QueueConfiguration) error {
	t.Helper()
	_, err := c.PutBucketNotificationConfiguration(t.Context(), &s3.PutBucketNotificationConfigurationInput{Bucket: aws.String("records"),
		NotificationConfiguration: &s3types.NotificationConfiguration{QueueConfigurations: all}})
	return err
}

func TestBucketNotifications(t *testing.T) {
	dir := t.TempDir()
	cfg, d := open(t, dir, nil)
	c, q := bucket(cfg), sqs.NewFromConfig(cfg)
	url := makeQueue(t, q, "work", nil)
	pdfs := s3types.QueueConfiguration{QueueArn: aws.String(queues + "work"), Events: []s3types.Event{"s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"},
		Filter: &s3types.NotificationConfigurationFilter{Key: &s3types.S3KeyFilter{FilterRules: []s3types.FilterRule{{Name: "suffix", Value: aws.String(".pdf")}}}}}
	for why, bad := range map[string]s3types.QueueConfiguration{"no such queue": {QueueArn: aws.String(queues + "none"), Events: pdfs.Events}, "another event": {QueueArn: pdfs.QueueArn, Events: []s3types.Event{"s3:ObjectRestore:*"}}} {
		if err := configure(t, c, bad); code(err) != "InvalidArgument" {
			t.Errorf("%s: %v", why, err)
		}
	}
	if err := configure(t, c, pdfs); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetBucketNotificationConfiguration(t.Context(), &s3.GetBucketNotificationConfigurationInput{Bucket: aws.String("records")})
	if err != nil || len(got.QueueConfigurations) != 1 || len(got.QueueConfigurations[0].Filter.Key.FilterRules) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	put(t, c, "a/ü 1+2.pdf", "x")
	d.Close()
	cfg, _ = open(t, dir, nil)
	c, q = bucket(cfg), sqs.NewFromConfig(cfg)
	put(t, c, "a.txt", "x")
	if _, err := c.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: aws.String("records"), Key: aws.String("b.pdf"), CopySource: aws.String("records/a.txt")}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("records"), Key: aws.String("b.pdf")}); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, m := range receive(t, q, url) {
		var e struct {
			Event   string
			Records []struct {
				EventName string
				S3        struct {
					Bucket struct{ Name string }
					Object struct {
						Key  string
						Size int
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(*m.Body), &e); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, e.Event)
		for _, r := range e.Records {
			seen = append(seen, r.EventName+" "+r.S3.Bucket.Name+" "+r.S3.Object.Key)
		}
	}
	seen = slices.DeleteFunc(seen, func(s string) bool { return s == "" })
	slices.Sort(seen)
	want := []string{"ObjectCreated:Copy records b.pdf", "ObjectCreated:Put records a/%C3%BC+1%2B2.pdf", "ObjectRemoved:Delete records b.pdf", "s3:TestEvent"}
	if !slices.Equal(seen, want) {
		t.Errorf("told of\n%s", strings.Join(seen, "\n"))
	}
}

func TestPatterns(t *testing.T) {
	event := map[string]any{"source": "aws.bedrock", "detail": map[string]any{"job_status": "SUCCESS", "n": 3.0, "tags": []any{"a", "b"},
		"input": map[string]any{"bucket": "chart-in"}}}
	for pattern, want := range map[string]bool{
		`{"source":["aws.bedrock"]}`: true, `{"source":["aws.s3","aws.bedrock"]}`: true, `{"source":["aws.s3"]}`: false,
		`{"detail":{"job_status":["SUCCESS"],"n":[3]}}`: true, `{"detail":{"job_status":["SUCCESS"],"n":[4]}}`: false,
		`{"detail":{"input":{"bucket":[{"prefix":"chart-"}]}}}`: true, `{"detail":{"input":{"bucket":[{"suffix":"-out"}]}}}`: false,
		`{"detail":{"tags":["b"]}}`: true, `{"detail":{"tags":["c"]}}`: false,
		`{"detail":{"none":[{"exists":false}]}}`: true, `{"detail":{"n":[{"exists":false}]}}`: false, `{"detail":{"none":["x"]}}`: false,
		`{"detail":{"job_status":[{"anything-but":["FAILED"]}]}}`: true, `{"detail":{"job_status":[{"anything-but":"SUCCESS"}]}}`: false,
		`{"source":{"x":["y"]}}`: false, `{"detail":{"n":[{"numeric":[">",1]}]}}`: false,
	} {
		var p map[string]any
		if err := json.Unmarshal([]byte(pattern), &p); err != nil || !sound(p) || fits(p, event) != want {
			t.Errorf("%s gives %v, %v", pattern, fits(p, event), err)
		}
	}
	for _, pattern := range []string{`{}`, `{"source":"aws.s3"}`, `{"source":[]}`, `{"detail":{}}`} {
		var p map[string]any
		if json.Unmarshal([]byte(pattern), &p); sound(p) {
			t.Errorf("%s is taken", pattern)
		}
	}
}
