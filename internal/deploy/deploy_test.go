package deploy

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/paperchart/paperchart/blueprint"
)

func TestPackage(t *testing.T) {
	a, err := Package([]byte("program"))
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := Package([]byte("program")); !bytes.Equal(a, b) || CodeKey(a) != CodeKey(b) {
		t.Error("the same program gives other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
	if err != nil || len(z.File) != 1 || z.File[0].Name != "bootstrap" || z.File[0].Mode().Perm() != 0o755 {
		t.Fatalf("%+v, %v", z.File, err)
	}
}

func TestEstimate(t *testing.T) {
	// 1,000 pages with the default blueprint: the page's price by hand.
	fields, _ := blueprint.Default().Leaves()
	want := 1000*(0.040+0.0005*float64(fields-30)) + 730*0.27 + 1 + 1
	if got := Total(Estimate(1000, blueprint.Default())); math.Abs(got-want) > 0.001 {
		t.Errorf("%v, want %v", got, want)
	}
	if got := Total(Estimate(-5, blueprint.Default())); math.Abs(got-(730*0.27+1)) > 0.001 {
		t.Errorf("no pages cost %v", got)
	}
}

func TestCheckName(t *testing.T) {
	for name, ok := range map[string]bool{"paperchart": true, "clinic-2": true, "": false, "Clinic": false, "a": false, "x_y": false, "a-": false, "1a": false, strings.Repeat("a", 60): false} {
		if (CheckName(name) == nil) != ok {
			t.Errorf("%q: %v", name, CheckName(name))
		}
	}
}

// formation answers CloudFormation's and S3's calls; states are those of the
// stack at each look, empty where there is none.
type formation struct {
	t      *testing.T
	states []string
	calls  []string
	update string // error of UpdateStack
	given  url.Values
}

func (f *formation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != "POST" || r.Header.Get("Content-Type") == "application/xml" {
		f.calls = append(f.calls, r.Method+" "+r.URL.Path)
		return
	}
	r.ParseForm()
	action := r.Form.Get("Action")
	if action != "DescribeStacks" && action != "DescribeStackEvents" {
		f.calls = append(f.calls, action)
	}
	switch action {
	case "DescribeStacks":
		state := f.states[0]
		if len(f.states) > 1 {
			f.states = f.states[1:]
		}
		if state == "" {
			w.WriteHeader(400)
			io.WriteString(w, `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></ErrorResponse>`)
			return
		}
		fmt.Fprintf(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>x</StackName><StackStatus>%s</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>
			<Outputs><member><OutputKey>InputBucket</OutputKey><OutputValue>x-in-1</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`, state)
	case "DescribeStackEvents":
		fmt.Fprint(w, `<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents><member><EventId>e1</EventId><StackId>x</StackId><StackName>x</StackName><LogicalResourceId>Trigger</LogicalResourceId>
			<ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>the reason</ResourceStatusReason><Timestamp>2099-01-01T00:00:00Z</Timestamp></member></StackEvents></DescribeStackEventsResult></DescribeStackEventsResponse>`)
	case "CreateStack", "DeleteStack", "UpdateTerminationProtection":
		f.given = r.Form
		fmt.Fprintf(w, `<%sResponse><%sResult></%sResult></%sResponse>`, action, action, action, action)
	case "UpdateStack":
		if f.update != "" {
			w.WriteHeader(400)
			fmt.Fprintf(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>%s</Message></Error></ErrorResponse>`, f.update)
			return
		}
		fmt.Fprint(w, `<UpdateStackResponse><UpdateStackResult></UpdateStackResult></UpdateStackResponse>`)
	default:
		f.t.Errorf("called %s", action)
	}
}

func open(t *testing.T, f *formation) (*Stack, *strings.Builder) {
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	cfg := aws.Config{Region: "us-west-2", BaseEndpoint: aws.String(s.URL), RetryMaxAttempts: 1, Credentials: aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "s"}, nil
		})}
	said := &strings.Builder{}
	return &Stack{Name: "x", Account: "1", Region: "us-west-2", Formation: cloudformation.NewFromConfig(cfg),
		Objects: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }), Poll: time.Millisecond,
		Say: func(format string, args ...any) { fmt.Fprintf(said, format+"\n", args...) }}, said
}

func TestDeployCreates(t *testing.T) {
	f := &formation{t: t, states: []string{"", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"}}
	s, said := open(t, f)
	if err := s.Deploy(t.Context(), "template", []byte("code"), map[string]string{"Threshold": "0.8"}); err != nil {
		t.Fatal(err)
	}
	want := "PUT /x-code-1, PUT /x-code-1, PUT /x-code-1/" + CodeKey([]byte("code")) + ", PUT /x-code-1/template.yaml, CreateStack"
	if got := strings.Join(f.calls, ", "); got != want {
		t.Errorf("called %s\nwant   %s", got, want)
	}
	if f.given.Get("Parameters.member.3.ParameterKey") != "Threshold" || f.given.Get("EnableTerminationProtection") != "true" || f.given.Get("Capabilities.member.1") != "CAPABILITY_IAM" {
		t.Errorf("given %v", f.given)
	}
	if strings.Count(said.String(), "the reason") != 1 {
		t.Errorf("said %s", said)
	}
}

func TestDeployFails(t *testing.T) {
	s, _ := open(t, &formation{t: t, states: []string{"", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"}})
	if err := s.Deploy(t.Context(), "template", nil, nil); err == nil || !strings.Contains(err.Error(), "ROLLBACK_COMPLETE") {
		t.Error(err)
	}
}

func TestDeployUpdates(t *testing.T) {
	f := &formation{t: t, states: []string{"CREATE_COMPLETE"}, update: "No updates are to be performed."}
	s, said := open(t, f)
	if err := s.Deploy(t.Context(), "template", nil, nil); err != nil || !strings.Contains(said.String(), "Nothing has changed") {
		t.Errorf("%v, said %s", err, said)
	}
	s, _ = open(t, &formation{t: t, states: []string{"CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"}})
	if err := s.Deploy(t.Context(), "template", nil, nil); err == nil {
		t.Error("a rolled back update is no success")
	}
}

func TestDeleteAndOutputs(t *testing.T) {
	f := &formation{t: t, states: []string{"CREATE_COMPLETE", "DELETE_IN_PROGRESS", ""}}
	s, _ := open(t, f)
	if _, outputs, err := s.Outputs(t.Context()); err != nil || outputs["InputBucket"] != "x-in-1" {
		t.Error(outputs, err)
	}
	if err := s.Delete(t.Context()); err != nil || strings.Join(f.calls, " ") != "UpdateTerminationProtection DeleteStack" {
		t.Error(f.calls, err)
	}
	if _, _, err := s.Outputs(t.Context()); err == nil || !strings.Contains(err.Error(), "aws deploy") {
		t.Error(err)
	}
}
