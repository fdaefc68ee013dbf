package deploy

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud/sdk"
)

// moto runs moto's server, an S3 with versions that is not ours, until the test ends.
func moto(t *testing.T) *s3.Client {
	t.Helper()
	return s3.NewFromConfig(motoAt(t), func(o *s3.Options) { o.UsePathStyle = true })
}

func motoAt(t *testing.T) aws.Config {
	t.Helper()
	tool, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("NOT TESTED: moto is not installed (pip install 'moto[server]')")
	}
	cmd := exec.Command(tool, "-H", "127.0.0.1", "-p", "0")
	cmd.Env = append(cmd.Environ(), "PYTHONUNBUFFERED=1")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	address := regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			go io.Copy(io.Discard, log)
			return aws.Config{Region: "us-west-2", BaseEndpoint: aws.String(m[1]), Credentials: aws.CredentialsProviderFunc(
				func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: "testing", SecretAccessKey: "testing"}, nil
				})}
		}
	}
	t.Fatal("moto does not start")
	return aws.Config{}
}

func versioned(t *testing.T, c *s3.Client, bucket string) {
	t.Helper()
	if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "us-west-2"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: aws.String(bucket), VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}}); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, c *s3.Client, bucket, key, data string) (version string) {
	t.Helper()
	out, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader(data)})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

// A bucket with more versions and delete markers than S3 lists at once is emptied
// of all of them, and goes.
func TestVersionedBucketsAreEmptied(t *testing.T) {
	c := moto(t)
	versioned(t, c, "clinic-in")
	for i := range 1100 {
		put(t, c, "clinic-in", fmt.Sprintf("scans/%d ü.pdf", i%50), "ink")
	}
	for i := range 50 {
		if _, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("clinic-in"), Key: aws.String(fmt.Sprintf("scans/%d ü.pdf", i))}); err != nil {
			t.Fatal(err)
		}
	}
	s := &Stack{Objects: c, Say: func(string, ...any) {}}
	for range 2 { // the second time it is not there any more
		if err := s.DeleteBucket(t.Context(), "clinic-in"); err != nil {
			t.Fatal(err)
		}
	}
	left, err := c.ListBuckets(t.Context(), nil)
	if err != nil || len(left.Buckets) != 0 {
		t.Errorf("left are %v, %v", left.Buckets, err)
	}
}

// The version that an event named is copied for BDA, whatever its key, and not
// what lies under the key by then.
func TestVersionsAreCopied(t *testing.T) {
	c := moto(t)
	versioned(t, c, "clinic-in")
	versioned(t, c, "clinic-out")
	o := sdk.S3{Client: c}
	for _, key := range []string{"scan.pdf", "a b+c [1] ü%.pdf"} {
		first := put(t, c, "clinic-in", key, "first")
		put(t, c, "clinic-in", key, "second")
		from, to := bda.Object{Bucket: "clinic-in", Key: key, Version: first}, bda.Object{Bucket: "clinic-out", Key: "staged/x/scan.pdf"}
		if err := o.Copy(t.Context(), from, to); err != nil {
			t.Fatal(err)
		}
		for _, at := range []bda.Object{from, to} {
			body, _, err := o.Get(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(body)
			body.Close()
			if err != nil || !bytes.Equal(data, []byte("first")) {
				t.Errorf("%s holds %q, %v", at.URI(), data, err)
			}
		}
	}
}

// small is a template whose resources moto has.
const small = `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  CodeBucket: {Type: String}
  CodeKey: {Type: String}
  Threshold: {Type: String, Default: '0.7'}
  Email: {Type: String, Default: ''}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub '${AWS::StackName}-queue', Tags: [{Key: t, Value: !Ref Threshold}, {Key: e, Value: !Ref Email}, {Key: c, Value: !Ref CodeKey}]}
Outputs:
  Said: {Value: !Sub '${Threshold} ${Email}'}
`

// Another CloudFormation than the one of these tests: created, kept as it was set,
// removed.
func TestStackWithMoto(t *testing.T) {
	cfg := motoAt(t)
	var said strings.Builder
	s := &Stack{Name: "clinic", Account: "123456789012", Region: "us-west-2", Formation: cloudformation.NewFromConfig(cfg),
		Objects: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }), Poll: 10 * time.Millisecond,
		Say: func(format string, args ...any) { fmt.Fprintf(&said, format+"\n", args...) }}
	for _, step := range []struct {
		code string
		set  map[string]string
		want string
	}{{"one", map[string]string{"Threshold": "0.8", "Email": "a@b.example"}, "0.8 a@b.example"}, {"two", nil, "0.8 a@b.example"}, {"two", map[string]string{"Threshold": "0.9"}, "0.9 a@b.example"}} {
		if err := s.Deploy(t.Context(), Release{Template: small, Code: []byte(step.code)}, step.set); err != nil {
			t.Fatalf("%v\n%s", err, &said)
		}
		if state, outputs, err := s.Outputs(t.Context()); err != nil || outputs["Said"] != step.want {
			t.Errorf("%s %v, %v; want %s", state, outputs, err, step.want)
		}
	}
	now, err := s.describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Not by s.Delete: moto has no termination protection.
	if _, err := s.Formation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("clinic")}); err != nil {
		t.Fatal(err)
	}
	if err := s.follow(t.Context(), *now.StackId, map[string]bool{}); err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	if _, _, err := s.Outputs(t.Context()); !errors.Is(err, ErrNoStack) {
		t.Errorf("after its end: %v", err)
	}
	if !strings.Contains(said.String(), "CREATE_COMPLETE        clinic") {
		t.Error(said.String())
	}
}
