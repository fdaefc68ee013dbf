package doors

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	runtime "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime/types"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/paperchart/paperchart/internal/bda"
)

const store = "70617065726368617274000000000001"

var errBroken = errors.New("broken")

// open opens doors over a folder and returns an SDK's settings for them.
func open(t *testing.T, dir string, change func(*Config)) (aws.Config, *Doors) {
	objects, err := OpenObjects(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []string{"records", "output"} {
		if err := objects.Make(b); err != nil {
			t.Fatal(err)
		}
	}
	cfg := Config{Objects: objects, Keys: map[string]string{"AKID": "sixteen-or-more-x"}, Datastore: store, Account: "000000000000",
		Read: func(_ context.Context, d Document) ([]Segment, int, error) {
			s := Segment{Pages: []int{0, 1}}
			if len(d.Blueprints) > 0 {
				s.Result = []byte(`{"inference_result":{"a":"` + d.Name + `"}}`)
			}
			if string(d.Data) == "broken" {
				return nil, 0, errBroken
			}
			return []Segment{s}, 2, nil
		},
		Fault: func(err error) bool { return errors.Is(err, errBroken) },
		Open:  newPlanes().open, Remove: func(string) error { return nil }, Address: "http://doors", Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(d)
	t.Cleanup(func() { s.Close(); d.Close() })
	return aws.Config{Region: "us-west-2", BaseEndpoint: aws.String(s.URL), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "sixteen-or-more-x"}, nil
		})}, d
}

func bucket(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
}

func put(t *testing.T, c *s3.Client, key, text string) {
	t.Helper()
	if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("records"), Key: aws.String(key), Body: strings.NewReader(text)}); err != nil {
		t.Fatal(err)
	}
}

func body(t *testing.T, c *s3.Client, bucket, key string) string {
	t.Helper()
	out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		t.Fatal(err)
	}
	data, _ := io.ReadAll(out.Body)
	return string(data)
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

func TestS3Door(t *testing.T) {
	var stored []string
	cfg, _ := open(t, t.TempDir(), func(c *Config) {
		c.Stored = func(_ context.Context, b, k string) error { stored = append(stored, b+"/"+k); return nil }
	})
	c := bucket(cfg)
	for _, k := range []string{"a/x ü+1.pdf", "a/y.pdf", "b.pdf"} {
		put(t, c, k, "bytes of "+k)
	}
	put(t, c, "b.pdf", "second")
	if got := body(t, c, "records", "a/x ü+1.pdf"); got != "bytes of a/x ü+1.pdf" || body(t, c, "records", "b.pdf") != "second" {
		t.Errorf("read %q", got)
	}
	list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("records"), Delimiter: aws.String("/")})
	if err != nil || len(list.Contents) != 1 || len(list.CommonPrefixes) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	pages := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: aws.String("records"), MaxKeys: aws.Int32(1)})
	n := 0
	for pages.HasMorePages() && n < 9 {
		p, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += len(p.Contents)
	}
	if n != 3 {
		t.Errorf("%d objects in pages of one", n)
	}
	if _, err := c.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: aws.String("output"), Key: aws.String("c"), CopySource: aws.String("records/b.pdf")}); err != nil || body(t, c, "output", "c") != "second" {
		t.Error(err)
	}
	part, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("records"), Key: aws.String("b.pdf"), Range: aws.String("bytes=1-3")})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(part.Body); string(got) != "eco" {
		t.Errorf("range is %q", got)
	}
	if _, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("records"), Key: aws.String("b.pdf")}); err != nil {
		t.Error(err)
	}
	if _, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("records"), Key: aws.String("b.pdf")}); code(err) != "NoSuchKey" {
		t.Error(err)
	}
	if got := strings.Join(stored, " "); got != "records/a/x ü+1.pdf records/a/y.pdf records/b.pdf records/b.pdf output/c" {
		t.Errorf("told of %s", got)
	}
}

func TestNobodyGetsInUnsigned(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	put(t, bucket(cfg), "a", "b")
	for _, path := range []string{"/", "/records/a", "/datastore/" + store + "/r4/Patient"} {
		res, err := http.Get(*cfg.BaseEndpoint + path)
		if err != nil || res.StatusCode != http.StatusForbidden {
			t.Errorf("%s gives %v, %v", path, res.StatusCode, err)
		}
	}
	wrong := cfg
	wrong.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "another"}, nil
	})
	if _, err := bucket(wrong).ListBuckets(t.Context(), nil); code(err) != "SignatureDoesNotMatch" {
		t.Error(err)
	}
	if _, err := healthlake.NewFromConfig(wrong).ListFHIRDatastores(t.Context(), nil); code(err) != "InvalidSignatureException" {
		t.Error(err)
	}
}

const profile = "arn:aws:bedrock:us-west-2:000000000000:data-automation-profile/us.data-automation-v1"

// invoke begins a job with the blueprint of the catalogue.
func invoke(t *testing.T, cfg aws.Config, key, token string) (string, error) {
	return begin(t, cfg, key, token, func(in *runtime.InvokeDataAutomationAsyncInput) {
		in.Blueprints = []types.Blueprint{{BlueprintArn: aws.String("arn:aws:bedrock:us-west-2:aws:blueprint/" + catalogue)}}
	})
}

// invokeIn begins a job of a project.
func invokeIn(t *testing.T, cfg aws.Config, project, key, token string) (string, error) {
	return begin(t, cfg, key, token, func(in *runtime.InvokeDataAutomationAsyncInput) {
		in.DataAutomationConfiguration = &types.DataAutomationConfiguration{DataAutomationProjectArn: aws.String(project)}
	})
}

func begin(t *testing.T, cfg aws.Config, key, token string, more func(*runtime.InvokeDataAutomationAsyncInput)) (string, error) {
	in := &runtime.InvokeDataAutomationAsyncInput{
		ClientToken: aws.String(token), DataAutomationProfileArn: aws.String(profile),
		InputConfiguration: &types.InputConfiguration{S3Uri: aws.String("s3://records/" + key)}, OutputConfiguration: &types.OutputConfiguration{S3Uri: aws.String("s3://output/bda")}}
	more(in)
	out, err := runtime.NewFromConfig(cfg).InvokeDataAutomationAsync(t.Context(), in)
	if err != nil {
		return "", err
	}
	return *out.InvocationArn, nil
}

// status asks for a job until it is at its end.
func status(t *testing.T, cfg aws.Config, arn string) *runtime.GetDataAutomationStatusOutput {
	t.Helper()
	for range patience(t) {
		out, err := runtime.NewFromConfig(cfg).GetDataAutomationStatus(t.Context(), &runtime.GetDataAutomationStatusInput{InvocationArn: aws.String(arn)})
		if err != nil {
			t.Fatal(err)
		}
		if out.Status != types.AutomationJobStatusInProgress {
			return out
		}
	}
	t.Fatal("the job does not end")
	return nil
}

func TestBDADoor(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := bucket(cfg)
	put(t, c, "scan 1.pdf", "%PDF")
	arn, err := invoke(t, cfg, "scan 1.pdf", "token-1")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := invoke(t, cfg, "scan 1.pdf", "token-1"); err != nil || again != arn {
		t.Errorf("the same token gives %s and %s, %v", arn, again, err)
	}
	out := status(t, cfg, arn)
	at, err := bda.ParseURI(aws.ToString(out.OutputConfiguration.S3Uri))
	if err != nil || out.Status != types.AutomationJobStatusSuccess || at.Bucket != "output" {
		t.Fatalf("%+v", out)
	}
	job, err := bda.ParseJob([]byte(body(t, c, "output", at.Key)), at)
	if err != nil || len(job.Segments) != 1 || job.Input.Key != "scan 1.pdf" || !strings.HasPrefix(at.Key, "bda/"+job.ID+"/") {
		t.Fatalf("%+v, %v", job, err)
	}
	if got := body(t, c, "output", job.Segments[0].Result.Key); !strings.Contains(got, `"scan 1.pdf"`) {
		t.Errorf("the result is %s", got)
	}
}

// The files of a job, and their members, are those of a real one (of 22 pages in 13
// segments, in a public repository), with nothing beside them.
func TestBDALayout(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), func(c *Config) {
		c.Read = func(context.Context, Document) ([]Segment, int, error) {
			return []Segment{{Pages: []int{0, 1}, Result: []byte(`{}`)}, {Pages: []int{2}}}, 3, nil
		}
	})
	c := bucket(cfg)
	put(t, c, "a.pdf", "%PDF")
	arn, err := invoke(t, cfg, "a.pdf", "token")
	if err != nil {
		t.Fatal(err)
	}
	status(t, cfg, arn)
	id := arn[strings.LastIndex(arn, "/")+1:]
	list, err := c.ListObjectsV2(t.Context(), listOf("output", ""))
	if err != nil {
		t.Fatal(err)
	}
	at := "bda/" + id + "/"
	if got, want := listed(list.Contents, nil), at+"0/.s3_access_check "+at+"0/custom_output/0/result.json "+at+"0/standard_output/0/result.json "+at+"0/standard_output/1/result.json "+at+"job_metadata.json"; got != want {
		t.Errorf("files\n%s\n%s", got, want)
	}
	uri := "s3://output/" + at + "0/"
	want := `{"job_id":"` + id + `","job_status":"PROCESSED","output_metadata":[{"asset_id":0,"asset_input_path":{"s3_bucket":"records","s3_key":"a.pdf"},"segment_metadata":[` +
		`{"custom_output_path":"` + uri + `custom_output/0/result.json","custom_output_status":"MATCH","standard_output_path":"` + uri + `standard_output/0/result.json"},` +
		`{"custom_output_status":"NO_MATCH","standard_output_path":"` + uri + `standard_output/1/result.json"}]}],"semantic_modality":"DOCUMENT"}`
	if got := body(t, c, "output", at+"job_metadata.json"); got != want {
		t.Errorf("job_metadata.json is\n%s\n%s", got, want)
	}
	want = `{"document":{"statistics":{"element_count":0,"figure_count":0,"hyperlink_count":0,"table_count":0}},"elements":[],"metadata":{"asset_id":"0","end_page_index":2,"file_type":"PDF",` +
		`"logical_subdocument_id":"2","number_of_pages":1,"s3_bucket":"records","s3_key":"a.pdf","semantic_modality":"DOCUMENT","start_page_index":2},` +
		`"pages":[{"id":"0","page_index":2,"statistics":{"element_count":0,"figure_count":0,"hyperlink_count":0,"table_count":0}}]}`
	if got := body(t, c, "output", at+"0/standard_output/1/result.json"); got != want {
		t.Errorf("standard output is\n%s\n%s", got, want)
	}
}

func TestBDADoorErrors(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	put(t, bucket(cfg), "bad.pdf", "broken")
	arn, err := invoke(t, cfg, "bad.pdf", "t1")
	if err != nil {
		t.Fatal(err)
	}
	if out := status(t, cfg, arn); out.Status != types.AutomationJobStatusClientError {
		t.Errorf("%+v", out)
	}
	if _, err := invoke(t, cfg, "a[1].pdf", "t2"); code(err) != "ValidationException" {
		t.Error(err)
	}
	_, err = runtime.NewFromConfig(cfg).GetDataAutomationStatus(t.Context(), &runtime.GetDataAutomationStatusInput{
		InvocationArn: aws.String("arn:aws:bedrock:us-west-2:000000000000:data-automation-invocation/none")})
	if code(err) != "ResourceNotFoundException" {
		t.Error(err)
	}
}

// A job that a stopped process left is taken up by the next.
func TestBDAJobsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	began := make(chan struct{})
	cfg, d := open(t, dir, func(c *Config) {
		c.Read = func(ctx context.Context, _ Document) ([]Segment, int, error) {
			close(began)
			<-ctx.Done()
			return nil, 0, ctx.Err()
		}
	})
	put(t, bucket(cfg), "a.pdf", "%PDF")
	arn, err := invoke(t, cfg, "a.pdf", "t1")
	if err != nil {
		t.Fatal(err)
	}
	<-began
	d.Close()
	cfg, _ = open(t, dir, nil)
	if out := status(t, cfg, arn); out.Status != types.AutomationJobStatusSuccess {
		t.Errorf("%+v", out)
	}
}

func listOf(bucket, prefix string) *s3.ListObjectsV2Input {
	return &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String(prefix)}
}

// patience is when to ask again, until a test that works would long be through.
func patience(t *testing.T) <-chan time.Time {
	tick := time.NewTicker(5 * time.Millisecond)
	times := make(chan time.Time)
	ctx := t.Context()
	go func() {
		defer close(times)
		defer tick.Stop()
		for range 24000 {
			select {
			case at := <-tick.C:
				select {
				case times <- at:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return times
}
