package deploy

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud/sdk"
)

// moto runs moto's server, an S3 with versions that is not ours, until the test ends.
func moto(t *testing.T) *s3.Client {
	t.Helper()
	tool, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("NOT TESTED: moto is not installed (pip install 'moto[server]'), and our own S3 door has no versions")
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
			return s3.New(s3.Options{Region: "us-west-2", BaseEndpoint: aws.String(m[1]), UsePathStyle: true, Credentials: aws.CredentialsProviderFunc(
				func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: "testing", SecretAccessKey: "testing"}, nil
				})})
		}
	}
	t.Fatal("moto does not start")
	return nil
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
