package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	plan "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation"
	plantypes "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime/types"
	sdkhealthlake "github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/app"
	"github.com/paperchart/paperchart/internal/healthlake"
)

const (
	keyID  = "AKIATESTTESTTESTTEST"
	secret = "a-secret-of-the-tests-and-of-nothing-else"
	region = "us-west-2"
)

// serve runs the whole server with its AWS doors open and returns their address.
func serve(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cfg, err := app.Load("", []string{"PAPERCHART_LISTEN=127.0.0.1:0", "PAPERCHART_DATA=" + t.TempDir(), "PAPERCHART_AWS_LISTEN=" + address,
		"PAPERCHART_AWS_ACCESS_KEY_ID=" + keyID, "PAPERCHART_AWS_SECRET_ACCESS_KEY=" + secret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- app.Serve(ctx, cfg, slog.New(slog.DiscardHandler), func(url string) { ready <- url })
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	return "http://" + address
}

// until asks again and again, and gives up in the end.
func until(t *testing.T, what string, ask func() bool) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for range 1800 {
		if ask() {
			return
		}
		<-tick.C
	}
	t.Fatalf("waited in vain for %s", what)
}

// A scan is put into a bucket and found in the FHIR store, by way of the two
// functions as they are compiled for AWS, with this server in the place of S3,
// BDA and HealthLake. `make test-aws` runs it.
func TestScanToFHIR(t *testing.T) {
	slow(t)
	doors := serve(t)
	// Nothing may go to SQS: neither dead letters nor second tries.
	queues := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		body.ReadFrom(r.Body)
		t.Errorf("the function sent a message: %s", &body)
		w.WriteHeader(http.StatusBadRequest)
	}))
	t.Cleanup(queues.Close)
	cfg := settings(doors)
	objects := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	for _, b := range []string{"chart-in", "chart-out"} {
		if _, err := objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(b)}); err != nil {
			t.Fatal(err)
		}
	}
	stores, err := sdkhealthlake.NewFromConfig(cfg).ListFHIRDatastores(t.Context(), nil)
	if err != nil || len(stores.DatastorePropertiesList) != 1 {
		t.Fatalf("%+v, %v", stores, err)
	}
	store := stores.DatastorePropertiesList[0]
	plane := &healthlake.Client{Endpoint: *store.DatastoreEndpoint, Region: region, Credentials: cfg.Credentials}

	bin := build(t)
	env := environment(doors, queues.URL, project(t, cfg), *store.DatastoreId, *store.DatastoreEndpoint)
	trigger, processor := start(t, bin, "trigger", env), start(t, bin, "processor", env)

	// A key that BDA refuses: the function must stage a copy.
	scan, err := os.ReadFile(filepath.Join("..", "..", "samples", sample))
	if err != nil {
		t.Fatal(err)
	}
	put(t, objects, "chart-in", "scans/visit [1].pdf", scan)
	trigger.handle(`{"Service":"Amazon S3","Event":"s3:TestEvent"}`,
		`{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"chart-in"},"object":{"key":"scans/visit+%5B1%5D.pdf","size":`+fmt.Sprint(len(scan))+`}}}]}`)
	job := openJob(t, objects)
	until(t, "BDA", func() bool {
		out, err := runtime.NewFromConfig(cfg).GetDataAutomationStatus(t.Context(), &runtime.GetDataAutomationStatusInput{InvocationArn: aws.String(jobPrefix + job)})
		if err != nil {
			t.Fatal(err)
		}
		return out.Status == types.AutomationJobStatusSuccess
	})
	done := `{"version":"0","detail-type":"Bedrock Data Automation Job Succeeded","source":"aws.bedrock","detail":{"job_id":"` + job + `","job_status":"SUCCESS"}}`
	t.Cleanup(func() { explain(t, objects, cfg, *store.DatastoreEndpoint) })
	processor.handle(done)
	processor.handle(done, `{"paperchart":"sweep"}`)

	var found struct {
		Entry []struct {
			Resource struct{ ID, ResourceType string }
		}
	}
	until(t, "the patient", func() bool {
		data, err := plane.Do(t.Context(), "GET", "Patient?_count=10", nil)
		if err != nil || json.Unmarshal(data, &found) != nil {
			t.Fatal(err)
		}
		return len(found.Entry) > 0
	})
	for _, query := range []string{"Observation", "DocumentReference", "Provenance"} {
		data, err := plane.Do(t.Context(), "GET", query+"?_count=1", nil)
		if err != nil || !strings.Contains(string(data), `"fullUrl"`) {
			t.Errorf("%s: %v", query, err)
		}
	}
	importMore(t, objects, processor, plane)
	t.Run("boto3", func(t *testing.T) {
		needsBoto3(t, "asked with the AWS SDK for Go alone")
		python(t, "testdata/client.py", doors, *store.DatastoreEndpoint, filepath.Join("..", "..", "samples", sample))
		python(t, "testdata/lake.py", doors, *store.DatastoreEndpoint)
	})
}

// importMore lets a file of NDJSON go by import, which small documents don't.
func importMore(t *testing.T, objects *s3.Client, processor *function, plane *healthlake.Client) {
	put(t, objects, "chart-out", "import/pending/0123456789abcdef/Patient.ndjson",
		[]byte(`{"resourceType":"Patient","id":"by-import","name":[{"family":"Imported"}]}`+"\n"))
	processor.handle(`{"paperchart":"sweep"}`)
	until(t, "the import", func() bool {
		_, err := plane.Do(t.Context(), "GET", "Patient/by-import", nil)
		return err == nil
	})
}

// python runs a script with the doors' keys.
func python(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("python3", args...)
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+keyID, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_DEFAULT_REGION="+region)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", args[0], err, out)
	}
}

const (
	sample    = "visit-summary.pdf"
	jobPrefix = "arn:aws:bedrock:" + region + ":000000000000:data-automation-invocation/"
)

// project makes the blueprint and the project that the template makes.
func project(t *testing.T, cfg aws.Config) string {
	t.Helper()
	c := plan.NewFromConfig(cfg)
	b, err := c.CreateBlueprint(t.Context(), &plan.CreateBlueprintInput{BlueprintName: aws.String("chart-medical-record"), Type: plantypes.TypeDocument,
		Schema: aws.String(string(blueprint.JSON()))})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.CreateDataAutomationProject(t.Context(), &plan.CreateDataAutomationProjectInput{ProjectName: aws.String("chart"),
		StandardOutputConfiguration: &plantypes.StandardOutputConfiguration{},
		CustomOutputConfiguration:   &plantypes.CustomOutputConfiguration{Blueprints: []plantypes.BlueprintItem{{BlueprintArn: b.Blueprint.BlueprintArn}}},
		OverrideConfiguration: &plantypes.OverrideConfiguration{Document: &plantypes.DocumentOverrideConfiguration{
			Splitter: &plantypes.SplitterConfiguration{State: plantypes.StateEnabled}}}})
	if err != nil {
		t.Fatal(err)
	}
	return *p.ProjectArn
}

// environment is what the template gives the functions, and where this server is.
func environment(doors, queues, project, datastore, endpoint string) []string {
	return []string{"AWS_ACCESS_KEY_ID=" + keyID, "AWS_SECRET_ACCESS_KEY=" + secret, "AWS_REGION=" + region,
		"AWS_ENDPOINT_URL_S3=" + doors, "AWS_ENDPOINT_URL_BEDROCK_DATA_AUTOMATION_RUNTIME=" + doors,
		"AWS_ENDPOINT_URL_HEALTHLAKE=" + doors, "AWS_ENDPOINT_URL_SQS=" + queues,
		"INPUT_BUCKET=chart-in", "OUTPUT_BUCKET=chart-out", "DEAD_LETTER_URL=" + queues + "/1/dead",
		"BDA_PROJECT_ARN=" + project,
		"BDA_PROFILE_ARN=arn:aws:bedrock:us-west-2:000000000000:data-automation-profile/us.data-automation-v1",
		"BDA_JOB_ARN_PREFIX=" + jobPrefix, "TRIGGER_QUEUE_URL=" + queues + "/1/t", "PROCESSOR_QUEUE_URL=" + queues + "/1/p",
		"DATASTORE_ID=" + datastore, "DATASTORE_ENDPOINT=" + endpoint, "IMPORT_ROLE_ARN=arn:aws:iam::000000000000:role/import",
		"KMS_KEY_ARN=arn:aws:kms:us-west-2:000000000000:key/k", "THRESHOLD=0.7", "POLICY=mark", "VALIDATION_LEVEL=strict", "GRACE_SECONDS=600"}
}

func put(t *testing.T, c *s3.Client, bucket, key string, data []byte) {
	t.Helper()
	if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: bytes.NewReader(data)}); err != nil {
		t.Fatal(err)
	}
}

// openJob is the one job that the trigger recorded.
func openJob(t *testing.T, c *s3.Client) string {
	t.Helper()
	out, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("chart-out"), Prefix: aws.String("jobs/open/")})
	if err != nil || len(out.Contents) != 1 {
		t.Fatalf("open jobs: %+v, %v", out, err)
	}
	return strings.TrimSuffix(filepath.Base(*out.Contents[0].Key), ".json")
}

// explain tells, where the test failed, what the store has against the bundle.
// The sample is invented, so its contents may be printed.
func explain(t *testing.T, c *s3.Client, cfg aws.Config, endpoint string) {
	if !t.Failed() {
		return
	}
	ctx := context.WithoutCancel(t.Context())
	list, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("chart-out"), Prefix: aws.String("fhir/")})
	if err != nil {
		t.Log(err)
		return
	}
	for _, o := range list.Contents {
		if filepath.Base(*o.Key) != "bundle.json" {
			continue
		}
		out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("chart-out"), Key: o.Key})
		if err != nil {
			t.Log(err)
			return
		}
		req, _ := http.NewRequestWithContext(ctx, "POST", endpoint, out.Body)
		data, _ := io.ReadAll(out.Body)
		req.Body = io.NopCloser(bytes.NewReader(data))
		sum := sha256.Sum256(data)
		who, _ := cfg.Credentials.Retrieve(ctx)
		v4.NewSigner().SignHTTP(ctx, who, req, hex.EncodeToString(sum[:]), "healthlake", region, time.Now())
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Log(err)
			return
		}
		answer, _ := io.ReadAll(res.Body)
		t.Logf("the store says %s", answer[:min(len(answer), 3000)])
	}
}
