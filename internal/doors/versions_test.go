package doors

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func versioning(t *testing.T, c *s3.Client, state types.BucketVersioningStatus) {
	t.Helper()
	if _, err := c.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: aws.String("records"),
		VersioningConfiguration: &types.VersioningConfiguration{Status: state}}); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: aws.String("records")})
	if err != nil || got.Status != state {
		t.Fatalf("%+v, %v", got, err)
	}
}

// putVersion stores text and returns the version that it got.
func putVersion(t *testing.T, c *s3.Client, key, text string) string {
	t.Helper()
	out, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("records"), Key: aws.String(key), Body: strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

// text is a version's, or the code of the error.
func text(t *testing.T, c *s3.Client, key, version string) string {
	t.Helper()
	in := &s3.GetObjectInput{Bucket: aws.String("records"), Key: aws.String(key)}
	if version != "" {
		in.VersionId = aws.String(version)
	}
	out, err := c.GetObject(t.Context(), in)
	if err != nil {
		return code(err)
	}
	data, _ := io.ReadAll(out.Body)
	return string(data)
}

// history lists all versions in pages of two: key, what it is, and whether it is
// the newest.
func history(t *testing.T, c *s3.Client, prefix string) []string {
	t.Helper()
	var all []string
	pages := s3.NewListObjectVersionsPaginator(c, &s3.ListObjectVersionsInput{Bucket: aws.String("records"), Prefix: aws.String(prefix), MaxKeys: aws.Int32(2)})
	for pages.HasMorePages() && len(all) < 99 {
		p, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Versions {
			all = append(all, fmt.Sprintf("%s %d %v", *v.Key, *v.Size, *v.IsLatest))
		}
		for _, v := range p.DeleteMarkers {
			all = append(all, fmt.Sprintf("%s gone %v", *v.Key, *v.IsLatest))
		}
	}
	slices.Sort(all)
	return all
}

func TestS3Versions(t *testing.T) {
	dir := t.TempDir()
	cfg, d := open(t, dir, nil)
	c := bucket(cfg)
	key := aws.String("a/ü 1.pdf")
	if v := putVersion(t, c, *key, "0"); v != "" {
		t.Errorf("without versioning there is version %s", v)
	}
	versioning(t, c, types.BucketVersioningStatusEnabled)
	one, two := putVersion(t, c, *key, "first"), putVersion(t, c, *key, "second")
	if one == "" || one == two {
		t.Fatalf("versions %q and %q", one, two)
	}
	gone, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("records"), Key: key})
	if err != nil || !aws.ToBool(gone.DeleteMarker) || gone.VersionId == nil {
		t.Fatalf("%+v, %v", gone, err)
	}
	// All of it outlives the process.
	d.Close()
	cfg, _ = open(t, dir, nil)
	c = bucket(cfg)
	for version, want := range map[string]string{"": "NoSuchKey", "null": "0", one: "first", two: "second", *gone.VersionId: "MethodNotAllowed", strings.Repeat("0", 32): "NoSuchVersion"} {
		if got := text(t, c, *key, version); got != want {
			t.Errorf("version %q is %q, not %q", version, got, want)
		}
	}
	head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("records"), Key: key, VersionId: aws.String(one)})
	if err != nil || *head.ContentLength != 5 || aws.ToString(head.VersionId) != one {
		t.Errorf("%+v, %v", head, err)
	}
	if list, err := c.ListObjectsV2(t.Context(), listOf("records", "")); err != nil || len(list.Contents) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if got := history(t, c, "a/"); !slices.Equal(got, []string{"a/ü 1.pdf 1 false", "a/ü 1.pdf 5 false", "a/ü 1.pdf 6 false", "a/ü 1.pdf gone true"}) {
		t.Errorf("%q", got)
	}
	// A copy of an older version, elsewhere and in the object's own place.
	source := aws.String("records/a/%C3%BC%201.pdf?versionId=" + one)
	for _, to := range []string{"b", *key} {
		if _, err := c.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: aws.String("records"), Key: aws.String(to), CopySource: source}); err != nil || text(t, c, to, "") != "first" {
			t.Errorf("the copy %s is %q, %v", to, text(t, c, to, ""), err)
		}
	}
	if _, err := c.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: aws.String("records"), Key: aws.String("c"), CopySource: aws.String(*source + "0")}); code(err) != "NoSuchVersion" {
		t.Errorf("a copy of a version that is not there: %v", err)
	}
	if _, err := c.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("records")}); code(err) != "BucketNotEmpty" {
		t.Error(err)
	}
}

// The newest version that is deleted for ever gives way to the one before; a bucket
// can be emptied and then deleted.
func TestS3VersionsDeleted(t *testing.T) {
	dir := t.TempDir()
	cfg, _ := open(t, dir, nil)
	c := bucket(cfg)
	versioning(t, c, types.BucketVersioningStatusEnabled)
	one, two := putVersion(t, c, "a", "first"), putVersion(t, c, "a", "second")
	marker, _ := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("records"), Key: aws.String("a")})
	for _, step := range []struct{ version, left string }{{*marker.VersionId, "second"}, {two, "first"}, {"none", "first"}} {
		if _, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("records"), Key: aws.String("a"), VersionId: aws.String(step.version)}); err != nil || text(t, c, "a", "") != step.left {
			t.Errorf("without %s there is %q, %v", step.version, text(t, c, "a", ""), err)
		}
	}
	versioning(t, c, types.BucketVersioningStatusSuspended)
	for _, s := range []string{"x", "y"} {
		putVersion(t, c, "a", s)
	}
	if text(t, c, "a", "") != "y" || text(t, c, "a", one) != "first" || len(history(t, c, "")) != 2 {
		t.Errorf("suspended: %q", history(t, c, ""))
	}
	out, err := c.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String("records"), Delete: &types.Delete{Objects: []types.ObjectIdentifier{
		{Key: aws.String("a"), VersionId: aws.String(one)}, {Key: aws.String("a"), VersionId: aws.String("null")}, {Key: aws.String("b")}}}})
	if err != nil || len(out.Deleted) != 3 || !aws.ToBool(out.Deleted[2].DeleteMarker) {
		t.Fatalf("%+v, %v", out, err)
	}
	if _, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("records"), Key: aws.String("b"), VersionId: out.Deleted[2].DeleteMarkerVersionId}); err != nil {
		t.Error(err)
	}
	if got := history(t, c, ""); len(got) != 0 {
		t.Errorf("left are %q", got)
	}
	if n := files(t, dir+"/buckets/records/bytes"); n != 0 {
		t.Errorf("%d files of bytes are left", n)
	}
	if _, err := c.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("records")}); err != nil {
		t.Error(err)
	}
}

// Notifications name the version, which is what the trigger reads.
func TestNotificationsNameVersions(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c, q := bucket(cfg), sqs.NewFromConfig(cfg)
	url := makeQueue(t, q, "work", nil)
	versioning(t, c, types.BucketVersioningStatusEnabled)
	if err := configure(t, c, types.QueueConfiguration{QueueArn: aws.String(queues + "work"), Events: []types.Event{"s3:ObjectCreated:*", "s3:ObjectRemoved:*"}}); err != nil {
		t.Fatal(err)
	}
	want := []string{putVersion(t, c, "a", "x"), putVersion(t, c, "a", "y")}
	gone, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("records"), Key: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, *gone.VersionId)
	var got []string
	for _, m := range receive(t, q, url) {
		var e struct {
			Records []struct {
				S3 struct{ Object struct{ VersionId string } }
			}
		}
		if json.Unmarshal([]byte(*m.Body), &e) == nil && len(e.Records) > 0 {
			got = append(got, e.Records[0].S3.Object.VersionId)
		}
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("told of %q, not %q", got, want)
	}
}
