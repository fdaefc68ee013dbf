package main

import (
	"bufio"
	"context"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/paperchart/paperchart/internal/bda"
)

// moto runs moto's server, which is somebody else's S3 and SQS, until the test
// ends, and returns its address.
func moto(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("moto_server", "-H", "127.0.0.1", "-p", "0")
	cmd.Env = append(cmd.Environ(), "MOTO_ACCOUNT_ID=000000000000", "PYTHONUNBUFFERED=1")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	address := regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)
	found := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
	}()
	select {
	case url := <-found:
		return url
	case <-time.After(time.Minute):
		t.Fatal("moto does not start")
		return ""
	}
}

// bridge stands between S3 and SQS at moto and BDA at our doors, which read and
// write their own buckets: it carries originals in and results out, and BDA's
// events from our queue into moto's.
type bridge struct {
	t        *testing.T
	out, our *s3.Client
	mu       sync.Mutex
	carried  map[string]bool
}

// original carries an original in, before a job begins.
func (b *bridge) original(bucket string) {
	ctx := context.WithoutCancel(b.t.Context())
	b.carry(ctx, b.out, b.our, bucket, "")
}

// carry copies what lies below a prefix and was not carried before.
func (b *bridge) carry(ctx context.Context, from, to *s3.Client, bucket, prefix string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list, err := from.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String(prefix)})
	if err != nil {
		b.t.Errorf("carry: %v", err)
		return
	}
	for _, o := range list.Contents {
		if b.carried[bucket+"/"+*o.Key] {
			continue
		}
		data := body(b.t, from, bucket, *o.Key)
		if _, err := to.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: o.Key, Body: strings.NewReader(string(data))}); err != nil {
			b.t.Errorf("carry: %v", err)
			return
		}
		b.carried[bucket+"/"+*o.Key] = true
	}
}

// pump carries messages from our queue to moto's.
func pump(ctx context.Context, from, to *sqs.Client, ours, theirs string) {
	for ctx.Err() == nil {
		got, err := from.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(ours), WaitTimeSeconds: 1})
		if err != nil {
			continue
		}
		for _, m := range got.Messages {
			if _, err := to.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(theirs), MessageBody: m.Body}); err == nil {
				from.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(ours), ReceiptHandle: m.ReceiptHandle})
			}
		}
	}
}

// The same functions with moto for S3 and SQS: its notifications, its keys, its
// queues. BDA and HealthLake are ours, since moto has neither.
func TestEventsWithMoto(t *testing.T) {
	slow(t)
	needs(t, "moto_server", "the functions were not run with somebody else's S3 and SQS (pip install 'moto[server]')")
	doors, at := serve(t), where{}
	at.s3 = moto(t)
	at.sqs = at.s3
	s := makeStack(t, doors, at)

	ourQueues := sqs.NewFromConfig(settings(doors))
	ours, err := ourQueues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("bda-events")})
	if err != nil {
		t.Fatal(err)
	}
	rules(t, doors, s.datastore(), "bda-events")
	b := &bridge{t: t, out: s.s3, our: s3.NewFromConfig(settings(doors), func(o *s3.Options) { o.UsePathStyle = true }), carried: map[string]bool{}}
	for _, name := range []string{"chart-in", "chart-out"} {
		if _, err := b.our.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(name)}); err != nil {
			t.Fatal(err)
		}
	}
	s.bda.before = func(op string, _ *http.Request) {
		if op == invoke {
			b.original("chart-in")
			b.carry(context.WithoutCancel(t.Context()), b.out, b.our, "chart-out", "staged/")
		}
	}
	s.bda.after = func(op string, r *http.Response) error {
		if op != status {
			return nil
		}
		return replace(r, func(text string) string {
			if strings.Contains(text, bda.Success) {
				b.carry(context.WithoutCancel(t.Context()), b.our, b.out, "chart-out", "bda/")
			}
			return text
		})
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var pumping sync.WaitGroup
	pumping.Go(func() { pump(ctx, ourQueues, s.sqs, *ours.QueueUrl, s.queues["processor"]) })
	t.Cleanup(func() { stop(); pumping.Wait() })
	s.run(build(t), at)

	s.scan(quick, "scans/Müller, A (1) + [2].pdf")
	until(t, "FHIR", func() bool { return s.count("Patient") > 0 })
	s.settled()
	files := s.keys("fhir/")
	if !slices.ContainsFunc(files, func(k string) bool { return strings.HasSuffix(k, "/bundle.json") }) || len(s.keys("jobs/done/")) != 1 || len(s.keys("staged/")) != 1 {
		t.Errorf("files %v, done %v, staged %v", files, s.keys("jobs/done/"), s.keys("staged/"))
	}
	put(t, s.s3, "chart-in", "broken.pdf", []byte("%PDF-1.7 and nothing more"))
	if got := s.dead("processor", 1); !strings.HasPrefix(got[0], "bda-client-error: ") {
		t.Errorf("reasons %v", got)
	}
}
