package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	runtime "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
	dataplane "github.com/paperchart/paperchart/internal/healthlake"
)

// wire is a server that speaks for AWS, and the settings that lead to it.
func wire(t *testing.T, h http.HandlerFunc) (aws.Config, string) {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return aws.Config{Region: "us-west-2", BaseEndpoint: aws.String(s.URL), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
		})}, s.URL
}

func refusing(code string, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"__type":%q,"message":"key wilkins.pdf"}`, code)
	}
}

func TestInvokeOnTheWire(t *testing.T) {
	cfg, _ := wire(t, func(w http.ResponseWriter, r *http.Request) {
		var got, want any
		json.NewDecoder(r.Body).Decode(&got)
		json.Unmarshal([]byte(`{"clientToken":"tok","inputConfiguration":{"s3Uri":"s3://input/a b.pdf"},"outputConfiguration":{"s3Uri":"s3://out/bda"},
			"dataAutomationConfiguration":{"dataAutomationProjectArn":"project","stage":"LIVE"},"dataAutomationProfileArn":"profile",
			"notificationConfiguration":{"eventBridgeConfiguration":{"eventBridgeEnabled":true}}}`), &want)
		if fmt.Sprint(got) != fmt.Sprint(want) || r.Header.Get("X-Amz-Target") != "AmazonBedrockKeystoneRuntimeService.InvokeDataAutomationAsync" ||
			!strings.Contains(r.Header.Get("Authorization"), "/us-west-2/bedrock/aws4_request") {
			t.Errorf("got %v\nwant %v\n%v", got, want, r.Header)
		}
		io.WriteString(w, `{"invocationArn":"arn:aws:bedrock:us-west-2:111122223333:data-automation-invocation/job-1"}`)
	})
	b := &BDA{Client: runtime.NewFromConfig(cfg), Project: "project", Profile: "profile", Output: "s3://out/bda"}
	job, err := b.Invoke(t.Context(), cloud.Invocation{Input: bda.Object{Bucket: "input", Key: "a b.pdf"}, Token: "tok"})
	if err != nil || job != "job-1" {
		t.Errorf("%q, %v", job, err)
	}
}

func TestInvokeErrors(t *testing.T) {
	for code, want := range map[string]error{
		"ThrottlingException": cloud.ErrBusy, "ServiceQuotaExceededException": cloud.ErrBusy,
		"ValidationException": &cloud.Refusal{}, "AccessDeniedException": nil, "ExpiredTokenException": nil, "InternalServerException": nil,
	} {
		cfg, _ := wire(t, refusing(code, 400))
		_, err := (&BDA{Client: runtime.NewFromConfig(cfg), Output: "s3://out/bda"}).Invoke(t.Context(), cloud.Invocation{Input: bda.Object{Bucket: "input", Key: "k"}, Token: "tok"})
		var no *cloud.Refusal
		_, final := want.(*cloud.Refusal)
		if err == nil || errors.Is(err, cloud.ErrBusy) != (want == cloud.ErrBusy) || errors.As(err, &no) != final || strings.Contains(err.Error(), "wilkins") {
			t.Errorf("%s gives %v", code, err)
		}
		if !final && !errors.Is(err, cloud.ErrUnbegun) {
			t.Errorf("%s may have been begun: %v", code, err)
		}
	}
}

// Where the answer is lost nobody knows; and the SDK does not call again by itself.
func TestInvokeWithoutAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		unbegun bool
	}{
		"cut off":      {func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }, false},
		"own fault":    {refusing("InternalServerException", 500), false},
		"not there":    {nil, true},
		"is throttled": {refusing("ThrottlingException", 429), true},
	} {
		calls := 0
		cfg, _ := wire(t, func(w http.ResponseWriter, r *http.Request) { calls++; c.answer(w, r) })
		cfg.RetryMaxAttempts = 3
		if c.answer == nil {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			cfg.BaseEndpoint = aws.String("http://" + l.Addr().String())
			l.Close()
		}
		b := &BDA{Client: runtime.NewFromConfig(cfg), Output: "s3://out/bda", Once: true}
		_, err := b.Invoke(t.Context(), cloud.Invocation{Input: bda.Object{Bucket: "input", Key: "k"}, Token: "tok"})
		if err == nil || errors.Is(err, cloud.ErrUnbegun) != c.unbegun || calls > 1 {
			t.Errorf("%s: %v after %d calls", name, err, calls)
		}
	}
}

func TestStatusOnTheWire(t *testing.T) {
	cfg, _ := wire(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"status":"Success","outputConfiguration":{"s3Uri":"s3://out/bda/job-1/job_metadata.json"},"jobSubmissionTime":"2026-01-01T00:00:00Z"}`)
	})
	s, err := (&BDA{Client: runtime.NewFromConfig(cfg), JobPrefix: "arn:aws:bedrock:us-west-2:111122223333:data-automation-invocation/"}).Status(t.Context(), "job-1")
	if err != nil || s.State != bda.Success || s.Metadata.Key != "bda/job-1/job_metadata.json" {
		t.Errorf("%+v, %v", s, err)
	}
	cfg, _ = wire(t, refusing("ResourceNotFoundException", 404))
	if _, err := (&BDA{Client: runtime.NewFromConfig(cfg)}).Status(t.Context(), "job-1"); !errors.Is(err, cloud.ErrAbsent) {
		t.Error(err)
	}
}

func TestObjectsOnTheWire(t *testing.T) {
	cfg, _ := wire(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == "PUT" && r.Header.Get("X-Amz-Copy-Source") == "input/scans/a%20%5B1%5D%2B.pdf?versionId=v1" && r.Header.Get("X-Amz-Tagging-Directive") == "REPLACE":
			io.WriteString(w, `<CopyObjectResult><ETag>"x"</ETag></CopyObjectResult>`)
		case r.Method == "GET" && r.URL.Path == "/out/none":
			w.WriteHeader(404)
			io.WriteString(w, `<Error><Code>NoSuchKey</Code><Message>wilkins</Message></Error>`)
		default:
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header.Get("X-Amz-Copy-Source"))
		}
	})
	o := S3{s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })}
	if err := o.Copy(t.Context(), bda.Object{Bucket: "input", Key: "scans/a [1]+.pdf", Version: "v1"}, bda.Object{Bucket: "out", Key: "x"}); err != nil {
		t.Error(err)
	}
	if _, _, err := o.Get(t.Context(), bda.Object{Bucket: "out", Key: "none"}); !errors.Is(err, cloud.ErrAbsent) || strings.Contains(err.Error(), "wilkins") {
		t.Error(err)
	}
}

func TestDeadLetterOnTheWire(t *testing.T) {
	cfg, url := wire(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(body), `"reason":{"DataType":"String","StringValue":"gone: x"}`) {
			t.Errorf("%s", body)
		}
		io.WriteString(w, `{"MessageId":"1"}`)
	})
	if err := (Queue{sqs.NewFromConfig(cfg), url + "/1/q"}).Send(t.Context(), "{}", "gone: x"); err != nil {
		t.Error(err)
	}
}

func TestStoreErrors(t *testing.T) {
	for status, want := range map[int]string{400: "refused", 422: "refused", 413: "refused", 429: "busy", 503: "busy", 403: "other", 500: "other"} {
		cfg, url := wire(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })
		s := &Store{Client: healthlake.NewFromConfig(cfg), Plane: &dataplane.Client{Endpoint: url + "/datastore/d/r4/", Region: "us-west-2", Credentials: cfg.Credentials}}
		err := s.Transaction(t.Context(), []byte("{}"))
		var no *cloud.Refusal
		got := "other"
		switch {
		case errors.As(err, &no):
			got = "refused"
		case errors.Is(err, cloud.ErrBusy):
			got = "busy"
		}
		if got != want || err == nil {
			t.Errorf("%d is %s: %v", status, got, err)
		}
	}
}

func TestImportOnTheWire(t *testing.T) {
	cfg, _ := wire(t, func(w http.ResponseWriter, r *http.Request) {
		var in map[string]any
		json.NewDecoder(r.Body).Decode(&in)
		switch r.Header.Get("X-Amz-Target") {
		case "HealthLake.ListFHIRImportJobs":
			io.WriteString(w, `{"ImportJobPropertiesList":[]}`)
		case "HealthLake.StartFHIRImportJob":
			if fmt.Sprint(in["InputDataConfig"]) != "map[S3Uri:s3://out/import/batch/b/]" || in["ClientToken"] != "b" ||
				fmt.Sprint(in["JobOutputDataConfig"]) != "map[S3Configuration:map[KmsKeyId:key S3Uri:s3://out/import/log/]]" {
				t.Errorf("%v", in)
			}
			io.WriteString(w, `{"JobId":"j","JobStatus":"SUBMITTED","DatastoreId":"d"}`)
		default:
			t.Errorf("%s", r.Header.Get("X-Amz-Target"))
		}
	})
	s := &Store{Client: healthlake.NewFromConfig(cfg), Datastore: "d", Role: "role", Key: "key", Log: "s3://out/import/log/"}
	if running, err := s.Running(t.Context()); running || err != nil {
		t.Error(running, err)
	}
	if job, err := s.Start(t.Context(), bda.Object{Bucket: "out", Key: "import/batch/b/"}, "b"); job != "j" || err != nil {
		t.Error(job, err)
	}
	cfg, _ = wire(t, refusing("ThrottlingException", 400)) // the 26th job
	s.Client = healthlake.NewFromConfig(cfg)
	if _, err := s.Start(t.Context(), bda.Object{Bucket: "out", Key: "import/batch/b/"}, "b"); !errors.Is(err, cloud.ErrBusy) {
		t.Error(err)
	}
}

func TestEnvironmentIsChecked(t *testing.T) {
	cfg, _ := wire(t, nil)
	log := slog.New(slog.DiscardHandler)
	if _, err := NewTrigger(cfg, func(string) string { return "" }, log); err == nil || !strings.Contains(err.Error(), "BDA_PROJECT_ARN") {
		t.Error(err)
	}
	env := func(k string) string {
		return map[string]string{"THRESHOLD": "0.7", "POLICY": "mark", "GRACE_SECONDS": "600"}[k] + map[bool]string{true: "x"}[k != "THRESHOLD" && k != "POLICY" && k != "GRACE_SECONDS"]
	}
	if _, err := NewProcessor(cfg, env, log); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]string{"THRESHOLD": "7", "POLICY": "drop", "GRACE_SECONDS": "soon"} {
		if _, err := NewProcessor(cfg, func(k string) string {
			if k == name {
				return bad
			}
			return env(k)
		}, log); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, bad, err)
		}
	}
}
