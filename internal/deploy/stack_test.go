package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	template "github.com/paperchart/paperchart/deploy/aws"
	"github.com/paperchart/paperchart/internal/deploy/formation"
)

// account is CloudFormation, and as much of S3 as holds the code.
type account struct {
	*formation.Server
	objects map[string][]byte // by path; buckets end in a slash
	said    strings.Builder
	// stranger is true where another account has the code bucket's name.
	stranger bool
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == "POST":
		a.Server.ServeHTTP(w, r)
	case a.stranger && r.URL.Path == "/clinic-code-111122223333" && r.URL.RawQuery == "":
		w.WriteHeader(http.StatusConflict)
		io.WriteString(w, "<Error><Code>BucketAlreadyExists</Code></Error>")
	case a.stranger && r.Header.Get("X-Amz-Expected-Bucket-Owner") == "111122223333":
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "<Error><Code>AccessDenied</Code></Error>")
	case r.Method == "PUT" && r.URL.Query().Has("publicAccessBlock"):
		data, _ := io.ReadAll(r.Body)
		if bytes.Count(data, []byte(">true<")) == 4 {
			a.objects[r.URL.Path+"closed"] = nil
		}
	case r.Method == "PUT":
		a.objects[r.URL.Path], _ = io.ReadAll(r.Body)
	default:
		w.WriteHeader(http.StatusNotImplemented)
	}
}

func open(t *testing.T) (*Stack, *account) {
	a := &account{objects: map[string][]byte{}}
	a.Server = &formation.Server{Account: "111122223333", Region: "us-west-2",
		Fetch: func(bucket, key string) ([]byte, error) {
			data, ok := a.objects["/"+bucket+"/"+key]
			if !ok {
				return nil, fmt.Errorf("no %s in %s", key, bucket)
			}
			return data, nil
		},
		Make: func(map[string]string) map[string]string { return map[string]string{"InputBucket": "clinic-in"} }}
	s := httptest.NewServer(a)
	t.Cleanup(s.Close)
	cfg := aws.Config{Region: "us-west-2", BaseEndpoint: aws.String(s.URL), RetryMaxAttempts: 1, Credentials: aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "s"}, nil
		})}
	return &Stack{Name: "clinic", Account: "111122223333", Region: "us-west-2", Formation: cloudformation.NewFromConfig(cfg),
		Objects: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }), Poll: time.Millisecond,
		Say: func(format string, args ...any) { fmt.Fprintf(&a.said, format+"\n", args...) }}, a
}

func release(code string) Release {
	return Release{Template: template.Text(), Parts: template.Parts(), Code: []byte(code)}
}

// The real template goes up, the stack comes about, and each resource is told of
// once, though events come in pages and several at once.
func TestDeployCreates(t *testing.T) {
	s, a := open(t)
	if err := s.Deploy(t.Context(), release("code"), map[string]string{"Threshold": "0.8", "Network": "true"}); err != nil {
		t.Fatalf("%v\n%s", err, &a.said)
	}
	for _, want := range []string{"/clinic-code-111122223333", "/clinic-code-111122223333closed", "/clinic-code-111122223333/" + CodeKey([]byte("code")),
		"/clinic-code-111122223333/template.yaml", "/clinic-code-111122223333/network.yaml"} {
		if _, ok := a.objects[want]; !ok {
			t.Errorf("never put %s", want)
		}
	}
	if !slices.Equal(a.Calls, []string{"CreateStack"}) {
		t.Errorf("called %v", a.Calls)
	}
	for _, name := range []string{"Key", "TriggerQueue", "Datastore", "Processor", "PrivateNetwork", "Dashboard"} {
		if n := strings.Count(a.said.String(), fmt.Sprintf("%-22s %s\n", "CREATE_COMPLETE", name)); n != 1 {
			t.Errorf("told %d times that %s is there", n, name)
		}
	}
	if strings.Contains(a.said.String(), "FanoutTopic") {
		t.Error("made a topic that nobody asked for")
	}
	if state, outputs, err := s.Outputs(t.Context()); state != "CREATE_COMPLETE" || outputs["InputBucket"] != "clinic-in" || err != nil {
		t.Error(state, outputs, err)
	}
}

// A stack that can't be made leaves nothing, can't be updated, and can be made once
// it is removed.
func TestDeployFails(t *testing.T) {
	s, a := open(t)
	a.Fail = "Datastore"
	err := s.Deploy(t.Context(), release("code"), nil)
	if err == nil || !strings.Contains(err.Error(), "ROLLBACK_COMPLETE") || !strings.Contains(a.said.String(), "Datastore: the reason that AWS gives") {
		t.Errorf("%v\n%s", err, &a.said)
	}
	if state, _, err := s.Outputs(t.Context()); err != nil || !strings.HasPrefix(state, "ROLLBACK_COMPLETE: ") || !strings.Contains(state, "[Datastore]") {
		t.Errorf("it is %s, %v", state, err)
	}
	if len(a.Left) > 0 {
		t.Errorf("left behind: %v", a.Left)
	}
	if err := s.Deploy(t.Context(), release("code"), nil); err == nil || !strings.Contains(err.Error(), "aws destroy --stack clinic") {
		t.Error(err)
	}
	if err := s.Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.Fail = ""
	if err := s.Deploy(t.Context(), release("code"), nil); err != nil {
		t.Fatal(err)
	}
}

// What was set once stays set, though it is not said again.
func TestDeployUpdates(t *testing.T) {
	s, a := open(t)
	var parameters map[string]string
	a.Make = func(p map[string]string) map[string]string { parameters = p; return nil }
	steps := []struct {
		code, say string
		set       map[string]string
	}{{"one", "Creating", map[string]string{"Threshold": "0.8", "AlarmEmail": "it@clinic.example"}}, {"one", "Nothing has changed", nil}, {"two", "Updating", nil}, {"two", "Updating", map[string]string{"Threshold": "0.9"}}}
	for i, step := range steps {
		a.said.Reset()
		if err := s.Deploy(t.Context(), release(step.code), step.set); err != nil || !strings.Contains(a.said.String(), step.say) {
			t.Fatalf("step %d: %v\n%s", i, err, &a.said)
		}
		if strings.Count(a.said.String(), "CREATE_COMPLETE") > 0 && i > 0 {
			t.Errorf("step %d tells of old events:\n%s", i, &a.said)
		}
	}
	if parameters["Threshold"] != "0.9" || parameters["AlarmEmail"] != "it@clinic.example" || parameters["CodeKey"] != CodeKey([]byte("two")) {
		t.Errorf("in the end %v", parameters)
	}
}

// Who went away while a stack came about, and comes back, sees it to its end.
func TestDeployComesBack(t *testing.T) {
	s, a := open(t)
	ctx, stop := context.WithCancel(t.Context())
	say := s.Say
	s.Say = func(format string, args ...any) {
		say(format, args...)
		if strings.Contains(fmt.Sprintf(format, args...), "Datastore") {
			stop()
		}
	}
	if err := s.Deploy(ctx, release("code"), nil); !errors.Is(err, context.Canceled) || !strings.Contains(a.said.String(), "aws status --stack clinic") {
		t.Fatalf("%v\n%s", err, &a.said)
	}
	if err := s.Deploy(t.Context(), release("code"), nil); err != nil || !strings.Contains(a.said.String(), "waiting for its end") || !strings.Contains(a.said.String(), "Nothing has changed") {
		t.Errorf("%v\n%s", err, &a.said)
	}
}

// Code is not put into a bucket that somebody else made under our name.
func TestDeployIntoAStrangersBucket(t *testing.T) {
	s, a := open(t)
	a.stranger = true
	if err := s.Deploy(t.Context(), release("code"), nil); err == nil || len(a.objects) > 0 || len(a.Calls) > 0 {
		t.Errorf("%v; put %d objects, called %v", err, len(a.objects), a.Calls)
	}
}

func TestDeployRefusesBeforeItUploads(t *testing.T) {
	s, a := open(t)
	if err := s.Deploy(t.Context(), release("code"), map[string]string{"Treshold": "0.8"}); err == nil || !strings.Contains(err.Error(), "Threshold") || len(a.objects) > 0 {
		t.Errorf("%v, put %d objects", err, len(a.objects))
	}
	bad := release("code")
	bad.Parts = nil
	if err := s.Deploy(t.Context(), bad, map[string]string{"Network": "true"}); err == nil {
		t.Error("a nested stack without its template")
	}
}

// What holds records stays, and a stack that can't be removed is no success.
func TestDelete(t *testing.T) {
	s, a := open(t)
	if err := s.Deploy(t.Context(), release("code"), nil); err != nil {
		t.Fatal(err)
	}
	a.Fail = "Trigger"
	if err := s.Delete(t.Context()); err == nil || !strings.Contains(err.Error(), "DELETE_FAILED") || !strings.Contains(a.said.String(), "the reason that AWS gives") {
		t.Errorf("%v\n%s", err, &a.said)
	}
	a.Fail, a.Left = "", nil
	if err := s.Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Outputs(t.Context()); err == nil || !strings.Contains(err.Error(), "aws deploy") {
		t.Error(err)
	}
	if err := s.Delete(t.Context()); err != nil || !strings.Contains(a.said.String(), "There is no stack") {
		t.Errorf("a second time: %v", err)
	}
	if want := []string{"CreateStack", "UpdateTerminationProtection", "DeleteStack", "UpdateTerminationProtection", "DeleteStack"}; !slices.Equal(a.Calls, want) {
		t.Errorf("called %v", a.Calls)
	}
}

func TestRecordsOutliveTheStack(t *testing.T) {
	s, a := open(t)
	if err := s.Deploy(t.Context(), release("code"), nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	slices.Sort(a.Left)
	if want := []string{"AuditBucket", "Datastore", "InputBucket", "Key", "OutputBucket", "ProcessorLogs", "TriggerLogs"}; !slices.Equal(a.Left, want) {
		t.Errorf("left are %v", a.Left)
	}
}

// Half an hour of silence would look like a hang.
func TestDeploySaysWhatItWaitsFor(t *testing.T) {
	s, a := open(t)
	if err := s.Deploy(t.Context(), release("code"), nil); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	told, err := s.seen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &watch{Stack: s, id: "clinic", told: told, busy: map[string]bool{"Datastore": true, "Key": true}, began: now.Add(-time.Hour), last: now.Add(-time.Minute)}
	for range 3 {
		a.said.Reset()
		w.tell(t.Context())
		now = now.Add(45 * time.Second)
	}
	if a.said.String() != " 61:30  still at work on       Datastore, Key\n" {
		t.Errorf("said %q", a.said.String())
	}
}
