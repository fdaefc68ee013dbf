package doors

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func partOf(number int32, etag *string) types.CompletedPart {
	return types.CompletedPart{ETag: etag, PartNumber: aws.Int32(number)}
}

// A large object, in parts that go at once, is stored once and whole; and it
// makes the pipeline begin, once.
func TestS3TransferManager(t *testing.T) {
	var stored []string
	var mu sync.Mutex
	cfg, _ := open(t, t.TempDir(), func(c *Config) {
		c.Stored = func(_ context.Context, b, k string) error {
			mu.Lock()
			defer mu.Unlock()
			stored = append(stored, b+"/"+k)
			return nil
		}
	})
	data := make([]byte, 21<<20+7)
	rand.Read(data)
	m := transfermanager.New(bucket(cfg))
	if _, err := m.UploadObject(t.Context(), &transfermanager.UploadObjectInput{Bucket: aws.String("records"), Key: aws.String("big scan.pdf"), Body: bytes.NewReader(data)}); err != nil {
		t.Fatal(err)
	}
	got, err := m.GetObject(t.Context(), &transfermanager.GetObjectInput{Bucket: aws.String("records"), Key: aws.String("big scan.pdf")})
	if err != nil {
		t.Fatal(err)
	}
	back, err := io.ReadAll(got.Body)
	if err != nil || !bytes.Equal(back, data) || strings.Join(stored, " ") != "records/big scan.pdf" {
		t.Errorf("%d bytes, %v, told of %v", len(back), err, stored)
	}
}

func TestS3Multipart(t *testing.T) {
	dir := t.TempDir()
	cfg, _ := open(t, dir, nil)
	c := bucket(cfg)
	key := func(k string) *string { return aws.String(k) }
	up, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: key("records"), Key: key("big")})
	if err != nil {
		t.Fatal(err)
	}
	send := func(number int32, data []byte) *string {
		t.Helper()
		p, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: key("records"), Key: key("big"), UploadId: up.UploadId, PartNumber: aws.Int32(number), Body: bytes.NewReader(data)})
		if err != nil {
			t.Fatal(err)
		}
		return p.ETag
	}
	send(1, []byte("to be replaced"))
	one, two, three := send(1, bytes.Repeat([]byte("a"), minPart)), send(2, []byte("b")), send(3, []byte("c"))
	complete := func(parts ...types.CompletedPart) error {
		_, err := c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: key("records"), Key: key("big"), UploadId: up.UploadId,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
		return err
	}
	for want, err := range map[string]error{
		"InvalidPart": complete(partOf(1, two)), "InvalidPartOrder": complete(partOf(2, two), partOf(1, one)),
		"EntityTooSmall": complete(partOf(1, one), partOf(2, two), partOf(3, three)),
	} {
		var res *awshttp.ResponseError
		if code(err) != want || !errors.As(err, &res) || res.HTTPStatusCode() != 400 {
			t.Errorf("%s wanted: %v", want, err)
		}
	}
	if list, err := c.ListParts(t.Context(), &s3.ListPartsInput{Bucket: key("records"), Key: key("big"), UploadId: up.UploadId}); err != nil || len(list.Parts) != 3 {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := c.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: key("records")}); err != nil || len(list.Uploads) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := complete(partOf(1, one), partOf(3, three)); err != nil {
		t.Fatal(err)
	}
	if got := body(t, c, "records", "big"); len(got) != minPart+1 || got[minPart] != 'c' {
		t.Errorf("%d bytes", len(got))
	}
	if err := complete(partOf(1, one), partOf(3, three)); err != nil {
		t.Errorf("completed again: %v", err)
	}
	// An upload that is given up, and one that a stopped process left: nothing stays.
	up, _ = c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: key("records"), Key: key("big")})
	send(1, []byte("x"))
	if _, err := c.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: key("records"), Key: key("big"), UploadId: up.UploadId}); err != nil {
		t.Error(err)
	}
	up, _ = c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: key("records"), Key: key("big")})
	one = send(1, []byte("x"))
	if n := files(t, filepath.Join(dir, uploads)); n != 1 {
		t.Errorf("%d parts lie on disk, not 1", n)
	}
	cfg, _ = open(t, dir, nil)
	c = bucket(cfg)
	if err := complete(partOf(1, one)); code(err) != "NoSuchUpload" {
		t.Errorf("after the restart: %v", err)
	}
	if n := files(t, filepath.Join(dir, uploads)); n != 0 {
		t.Errorf("%d parts lie on disk after the restart", n)
	}
}

func files(t *testing.T, dir string) int {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return len(list)
}

// Of several writers that each want to be the first, one is.
func TestS3ConditionalWritesAtOnce(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := bucket(cfg)
	codes := make(chan string, 8)
	for i := range cap(codes) {
		go func() {
			_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("records"), Key: aws.String("one"), IfNoneMatch: aws.String("*"), Body: strings.NewReader(fmt.Sprint(i))})
			if err == nil {
				codes <- ""
				return
			}
			codes <- code(err)
		}()
	}
	first := 0
	for range cap(codes) {
		switch got := <-codes; got {
		case "":
			first++
		case "PreconditionFailed":
		default:
			t.Errorf("%s", got)
		}
	}
	if first != 1 {
		t.Errorf("%d were the first", first)
	}
}

// What is not what it is said to be is not stored, however it is said.
func TestS3ChecksumsAreChecked(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := bucket(cfg)
	for _, algorithm := range types.ChecksumAlgorithm("").Values() {
		if !strings.Contains("CRC32 CRC32C CRC64NVME SHA1 SHA256", string(algorithm)) {
			continue
		}
		in := &s3.PutObjectInput{Bucket: aws.String("records"), Key: aws.String(string(algorithm)), Body: strings.NewReader("hello"), ChecksumAlgorithm: algorithm}
		if _, err := c.PutObject(t.Context(), in); err != nil {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
	if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("records"), Key: aws.String("bad"), Body: strings.NewReader("hello"), ChecksumCRC32: aws.String("AAAAAA==")}); code(err) != "BadDigest" {
		t.Errorf("another checksum: %v", err)
	}
	// A body that is not the one that was signed.
	req, _ := http.NewRequestWithContext(t.Context(), "PUT", *cfg.BaseEndpoint+"/records/bad", strings.NewReader("another"))
	sum := sha256.Sum256([]byte("what was signed"))
	who, _ := cfg.Credentials.Retrieve(t.Context())
	req.Header.Set("X-Amz-Content-Sha256", hex.EncodeToString(sum[:]))
	if err := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).SignHTTP(t.Context(), who, req, hex.EncodeToString(sum[:]), "s3", "us-west-2", time.Now()); err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusBadRequest {
		t.Errorf("a body that was not signed: %v, %v", res.Status, err)
	}
	if _, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("records"), Key: aws.String("bad")}); code(err) != "NotFound" {
		t.Errorf("it is stored: %v", err)
	}
}

func TestS3EmptyListing(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	out, err := bucket(cfg).ListObjectsV2(t.Context(), listOf("records", "nothing/"))
	if err != nil || out.KeyCount == nil || *out.KeyCount != 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestS3Presigned(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := s3.NewPresignClient(bucket(cfg))
	name := "a b/ü+1 (2)&x=y.pdf"
	up, err := c.PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("records"), Key: aws.String(name)})
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequest(up.Method, up.URL, strings.NewReader("hello"))
	req.Header = up.SignedHeader
	if res, err := http.DefaultClient.Do(req); err != nil || res.StatusCode != 200 {
		t.Fatalf("%v, %v", res.Status, err)
	}
	down, err := c.PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("records"), Key: aws.String(name), ResponseContentType: aws.String("text/x")})
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]int{down.URL: 200, strings.Replace(down.URL, "text%2Fx", "text%2Fhtml", 1): 403, strings.Replace(down.URL, "/a", "/b", 1): 403} {
		res, err := http.Get(url)
		if err != nil || res.StatusCode != want {
			t.Errorf("%d wanted: %v, %v", want, res.Status, err)
		}
	}
}

// Prefixes and delimiters as other programs than the SDK give them.
func TestS3Listings(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := bucket(cfg)
	for _, k := range []string{"a", "b/1", "b/2/x", "b/2/y", "bc", "/lead", "d//z"} {
		put(t, c, k, k)
	}
	for _, test := range []struct{ prefix, delimiter, want string }{
		{"", "", "/lead a b/1 b/2/x b/2/y bc d//z"}, {"b", "", "b/1 b/2/x b/2/y bc"}, {"", "/", "a bc | / b/ d/"}, {"b", "/", "bc | b/"},
		{"b/", "/", "b/1 | b/2/"}, {"b/2", "/", " | b/2/"}, {"b/2/x", "/", "b/2/x"}, {"d/", "/", " | d//"}, {"/", "/", "/lead"}, {"", "2", "/lead a b/1 bc d//z | b/2"}, {"none", "/", ""},
	} {
		one, err := c.ListObjects(t.Context(), &s3.ListObjectsInput{Bucket: aws.String("records"), Prefix: aws.String(test.prefix), Delimiter: aws.String(test.delimiter)})
		if err != nil {
			t.Fatal(err)
		}
		two, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("records"), Prefix: aws.String(test.prefix), Delimiter: aws.String(test.delimiter)})
		if err != nil {
			t.Fatal(err)
		}
		if got := listed(one.Contents, one.CommonPrefixes); got != test.want {
			t.Errorf("%q, %q lists %q", test.prefix, test.delimiter, got)
		}
		if got := listed(two.Contents, two.CommonPrefixes); got != test.want {
			t.Errorf("version 2 of %q, %q lists %q", test.prefix, test.delimiter, got)
		}
	}
}

// listed is keys, and then folders, as text.
func listed(all []types.Object, folders []types.CommonPrefix) string {
	var keys, names []string
	for _, o := range all {
		keys = append(keys, *o.Key)
	}
	for _, f := range folders {
		names = append(names, *f.Prefix)
	}
	if len(names) == 0 {
		return strings.Join(keys, " ")
	}
	return strings.Join(keys, " ") + " | " + strings.Join(names, " ")
}
