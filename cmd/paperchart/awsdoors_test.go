package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	laketypes "github.com/aws/aws-sdk-go-v2/service/healthlake/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/paperchart/paperchart/internal/cloud/sdk"
	"github.com/paperchart/paperchart/internal/deploy/formation"
)

// region is an account on this program's own doors: they are S3, SQS, BDA and
// HealthLake; CloudFormation, STS and Service Quotas stand in beside them. What
// the template makes, make makes on the doors, the two functions included.
type region struct {
	t         *testing.T
	cfg       aws.Config
	formation *formation.Server
	functions sync.WaitGroup
}

// doorsAccount is the account whose ARNs the doors give.
const doorsAccount = "000000000000"

func newRegion(t *testing.T, bin string) *region {
	t.Helper()
	inPlaceOfAWS(t, bin)
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := &region{t: t, cfg: cfg}
	r.formation = &formation.Server{Account: doorsAccount, Region: "us-west-2", Fetch: r.fetch, Make: r.make, Steps: 1000}
	beside := httptest.NewServer(http.HandlerFunc(r.beside))
	t.Cleanup(beside.Close)
	for _, service := range []string{"CLOUDFORMATION", "STS", "SERVICE_QUOTAS"} {
		t.Setenv("AWS_ENDPOINT_URL_"+service, beside.URL)
	}
	return r
}

// beside answers for the services that have no door.
func (r *region) beside(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(body))
	switch target := req.Header.Get("X-Amz-Target"); {
	case strings.HasSuffix(target, ".GetServiceQuota"):
		io.WriteString(w, `{"Quota":{"Value":1000}}`)
	case strings.HasSuffix(target, ".ListServiceQuotas"):
		io.WriteString(w, `{"Quotas":[]}`)
	case bytes.Contains(body, []byte("Action=GetCallerIdentity")):
		fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, doorsAccount)
	default:
		r.formation.ServeHTTP(w, req)
	}
}

func (r *region) fetch(bucket, key string) ([]byte, error) {
	out, err := objectsOf(r.cfg).GetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		return nil, err
	}
	return io.ReadAll(out.Body)
}

// make makes what the stack's resources are on the doors, and starts the functions.
func (r *region) make(parameters map[string]string) map[string]string {
	ctx := context.Background()
	out := map[string]string{"InputBucket": "clinic-in-" + doorsAccount, "OutputBucket": "clinic-out-" + doorsAccount}
	for _, b := range []string{out["InputBucket"], out["OutputBucket"]} {
		if _, err := objectsOf(r.cfg).CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(b)}); err != nil {
			r.t.Error(err)
		}
	}
	queues := sqs.NewFromConfig(r.cfg)
	queue := func(name string, attributes map[string]string) string {
		q, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("clinic-" + name), Attributes: attributes})
		if err != nil {
			r.t.Error(err)
			return ""
		}
		return *q.QueueUrl
	}
	arn := func(name string) string { return "arn:aws:sqs:us-west-2:" + doorsAccount + ":clinic-" + name }
	for _, name := range []string{"Trigger", "Processor"} {
		small := strings.ToLower(name)
		out[name+"DeadLettersUrl"] = queue(small+"-dead", nil)
		out[name+"QueueUrl"] = queue(small, map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + arn(small+"-dead") + `","maxReceiveCount":6}`})
	}
	if _, err := objectsOf(r.cfg).PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: aws.String(out["InputBucket"]),
		NotificationConfiguration: &s3types.NotificationConfiguration{QueueConfigurations: []s3types.QueueConfiguration{{QueueArn: aws.String(arn("trigger")), Events: []s3types.Event{"s3:ObjectCreated:*"}}}}}); err != nil {
		r.t.Error(err)
	}
	lake := healthlake.NewFromConfig(r.cfg)
	made, err := lake.CreateFHIRDatastore(ctx, &healthlake.CreateFHIRDatastoreInput{DatastoreTypeVersion: "R4", DatastoreName: aws.String("clinic")})
	if err != nil {
		r.t.Error(err)
		return out
	}
	out["DatastoreId"], out["DatastoreEndpoint"] = *made.DatastoreId, *made.DatastoreEndpoint
	if parameters["Review"] == "true" {
		out["ReviewQueueUrl"] = queue("review", nil)
	}
	r.start(out, parameters)
	return out
}

// start runs both functions over their queues; the schedule ticks fast, and stands
// in for BDA's events.
func (r *region) start(out, parameters map[string]string) {
	env := map[string]string{"INPUT_BUCKET": out["InputBucket"], "OUTPUT_BUCKET": out["OutputBucket"], "DATASTORE_ID": out["DatastoreId"], "DATASTORE_ENDPOINT": out["DatastoreEndpoint"],
		"BDA_PROJECT_ARN": prepareProject(r.t, r.cfg), "BDA_PROFILE_ARN": "arn:aws:bedrock:us-west-2:" + doorsAccount + ":data-automation-profile/us.data-automation-v1",
		"BDA_JOB_ARN_PREFIX": "arn:aws:bedrock:us-west-2:" + doorsAccount + ":data-automation-invocation/", "TRIGGER_QUEUE_URL": out["TriggerQueueUrl"], "PROCESSOR_QUEUE_URL": out["ProcessorQueueUrl"],
		"IMPORT_ROLE_ARN": "arn:aws:iam::" + doorsAccount + ":role/import", "KMS_KEY_ARN": "arn:aws:kms:us-west-2:" + doorsAccount + ":key/k", "REVIEW_QUEUE_URL": out["ReviewQueueUrl"],
		"THRESHOLD": parameters["Threshold"], "POLICY": parameters["Policy"], "VALIDATION_LEVEL": parameters["ValidationLevel"], "GRACE_SECONDS": "0", "AWS_ENDPOINT_URL": "set"}
	getenv := func(dead string) sdk.Getenv {
		return func(k string) string {
			if k == "DEAD_LETTER_URL" {
				return out[dead]
			}
			return env[k]
		}
	}
	log := slog.New(slog.DiscardHandler)
	trigger, err1 := sdk.NewTrigger(r.cfg, getenv("TriggerDeadLettersUrl"), log)
	processor, err2 := sdk.NewProcessor(r.cfg, getenv("ProcessorDeadLettersUrl"), log)
	if err1 != nil || err2 != nil {
		r.t.Error(err1, err2)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	r.t.Cleanup(func() { stop(); r.functions.Wait() })
	r.functions.Go(func() { r.mapping(ctx, out["TriggerQueueUrl"], trigger.Handle) })
	r.functions.Go(func() { r.mapping(ctx, out["ProcessorQueueUrl"], processor.Handle) })
	r.functions.Go(func() {
		for tick := time.NewTicker(time.Second); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				processor.Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{{MessageId: "tick", Body: `{"paperchart":"sweep"}`}}})
			}
		}
	})
}

func (r *region) mapping(ctx context.Context, queue string, handle func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)) {
	c := sqs.NewFromConfig(r.cfg)
	for ctx.Err() == nil {
		got, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(queue), MaxNumberOfMessages: 1, WaitTimeSeconds: 1})
		if err != nil {
			continue
		}
		for _, m := range got.Messages {
			answer, err := handle(ctx, events.SQSEvent{Records: []events.SQSMessage{{MessageId: *m.MessageId, Body: *m.Body}}})
			if err != nil || len(answer.BatchItemFailures) > 0 {
				c.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: aws.String(queue), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 1})
				continue
			}
			c.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(queue), ReceiptHandle: m.ReceiptHandle})
		}
	}
}

// say runs a command and returns what it said.
func (r *region) say(want int, typed, args string) string {
	r.t.Helper()
	var out bytes.Buffer
	p := &program{in: strings.NewReader(typed), out: &out, err: &out}
	if got := p.run(r.t.Context(), strings.Fields(args)); got != want {
		r.t.Fatalf("%s: status %d, said %s", args, got, &out)
	}
	r.t.Logf("$ paperchart %s\n%s", args, out.String()) // with -v: what a user sees
	return out.String()
}

// Every aws command, one after the other, against the doors of this program.
func TestAWSOnOurOwnDoors(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a server")
	}
	r := newRegion(t, build(t))
	dir := t.TempDir()
	settings, code := filepath.Join(dir, "aws.yaml"), filepath.Join(dir, "lambda.zip")
	scan := filepath.Join("..", "..", "samples", "registration-form.pdf")
	broken := filepath.Join(dir, "broken.pdf")
	for file, data := range map[string]string{code: "the functions", broken: "%PDF-1.7 and nothing more"} {
		if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	has := func(said string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(said, want) {
				t.Fatalf("it said nothing of %q:\n%s", want, said)
			}
		}
	}
	at := " --settings " + settings
	has(r.say(0, "", "aws init --stack clinic --set Review=true --set Threshold=1"+at), "ok   Bedrock Data Automation: answers", "ok   HealthLake: answers", "is not there yet", "is free", "Wrote ")
	has(r.say(1, "", "aws status"+at), "aws deploy")
	has(r.say(0, "", "aws deploy --dry-run"+at), "Threshold=1", "Nothing was done")
	has(r.say(0, "", "aws deploy --lambda "+code+at), "CREATE_COMPLETE        Processor", "Stack clinic: CREATE_COMPLETE", "ReviewQueueUrl")
	has(r.say(0, "", "aws deploy --lambda "+code+at), "Nothing has changed")
	has(r.say(0, "", "aws status"+at), "TriggerQueue", "ProcessorDeadLetters     0 messages")

	has(r.say(0, "", "aws upload --dry-run "+scan+at), "Nothing was done")
	said := r.say(0, "", "aws upload "+scan+at)
	document := regexp.MustCompile(`document ([0-9a-f]{16})`).FindStringSubmatch(said)
	if document == nil {
		t.Fatal(said)
	}
	has(r.say(0, "", "aws jobs --watch --every 300ms"+at), "done  "+document[1], "by transaction")
	has(r.say(0, "", "aws upload "+scan+at), "was read before, as document "+document[1])
	has(r.say(0, "", "aws results "+document[1]+at), `"resourceType": "Bundle"`, `"transaction"`)
	has(r.say(0, "", "aws query Patient?_count=1"+at), `"searchset"`, `"Patient"`)
	has(r.say(0, "", "aws cost --pages 10"+at), "HealthLake data store")
	has(r.say(0, "", "aws status"+at), "ReviewQueue              1 messages")

	has(r.say(0, "", "aws review"+at), document[1]+"  ", "fields to check")
	has(r.say(0, "", "aws review "+document[1]+at), document[1]+"  Patient/", " p1")
	has(r.say(0, "", "aws review --dry-run --done "+document[1]+at), "Nothing was done")
	has(r.say(0, "", "aws review --done "+document[1]+at), "is off the list")
	has(r.say(1, "", "aws review --done "+document[1]+at), "is not on the list")
	has(r.say(0, "", "aws review"+at), "Nothing waits")

	r.say(0, "", "aws upload "+broken+at)
	has(r.say(1, "", "aws jobs --watch --every 300ms"+at), "bda-client-error", "1 jobs failed")
	has(r.say(0, "", "aws redrive --dry-run"+at), "bda-client-error", "Processor: 1 dead letters seen")
	has(r.say(0, "", "aws redrive"+at), "Processor: 1 dead letters sent again")
	has(r.say(1, "", "aws jobs --watch --every 300ms"+at), "2 jobs failed") // another reading, no better

	has(r.say(0, "", "aws destroy --dry-run --data"+at), "Nothing was done")
	has(r.say(2, "no\n", "aws destroy --data"+at), "nothing was removed")
	has(r.say(0, "clinic\n", "aws destroy --data"+at), "DELETE_COMPLETE", "is being deleted")
	stores, err := healthlake.NewFromConfig(r.cfg).ListFHIRDatastores(t.Context(), &healthlake.ListFHIRDatastoresInput{Filter: &laketypes.DatastoreFilter{DatastoreName: aws.String("clinic")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range stores.DatastorePropertiesList {
		if d.DatastoreStatus == laketypes.DatastoreStatusActive {
			t.Errorf("the data store %s is there yet", *d.DatastoreId)
		}
	}
	buckets, err := objectsOf(r.cfg).ListBuckets(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range buckets.Buckets {
		if strings.HasPrefix(*b.Name, "clinic-") {
			t.Errorf("the bucket %s is there yet", *b.Name)
		}
	}
	has(r.say(0, "", "aws destroy --data --yes clinic"+at), "There is no stack")
	if len(r.formation.Left) == 0 {
		t.Error("the stack took the records' resources with it")
	}
}
