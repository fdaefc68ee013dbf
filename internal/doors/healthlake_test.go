package doors

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/healthlake/types"

	lake "github.com/paperchart/paperchart/internal/healthlake"
)

// planes are data stores in memory: a PUT stores, a transaction of PUTs too, all
// or nothing; a resource that says "refused" is, unless validation is minimal.
type planes struct {
	mu     sync.Mutex
	stores map[string]map[string]string // by data store, then Type/id
	// hold, where set, holds up every write until it is closed.
	hold chan struct{}
}

func newPlanes() *planes { return &planes{stores: map[string]map[string]string{}} }

func (p *planes) open(id string) (Datastore, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stores[id] == nil {
		p.stores[id] = map[string]string{}
	}
	return Datastore{
		FHIR: func(level string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(w, r, id, level) })
		},
		Each: func(_ context.Context, f func(string, []byte) error) error {
			for _, k := range slices.Sorted(maps.Keys(p.stores[id])) {
				kind, _, _ := strings.Cut(k, "/")
				if err := f(kind, []byte(p.stores[id][k])); err != nil {
					return err
				}
			}
			return nil
		},
	}, nil
}

func (p *planes) serve(w http.ResponseWriter, r *http.Request, id, level string) {
	if p.hold != nil && r.Method != "GET" {
		select {
		case <-p.hold:
		case <-r.Context().Done():
			return
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	rest := strings.TrimPrefix(r.URL.Path, "/datastore/"+id+"/r4")
	switch bad := strings.Contains(string(body), "refused") && level != "minimal"; {
	case r.Method == "GET":
		io.WriteString(w, p.stores[id][strings.TrimPrefix(rest, "/")])
	case bad:
		w.WriteHeader(http.StatusUnprocessableEntity)
		io.WriteString(w, `{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing","diagnostics":"no"}]}`)
	case r.Method == "PUT":
		p.stores[id][strings.TrimPrefix(rest, "/")] = string(body)
	default:
		var b struct {
			Entry []struct {
				Resource json.RawMessage
				Request  struct{ URL string }
			}
		}
		json.Unmarshal(body, &b)
		for _, e := range b.Entry {
			p.stores[id][e.Request.URL] = string(e.Resource)
		}
	}
}

func importOf(store, from, token string) *healthlake.StartFHIRImportJobInput {
	return &healthlake.StartFHIRImportJobInput{DatastoreId: aws.String(store), ClientToken: aws.String(token), JobName: aws.String("job " + token),
		DataAccessRoleArn:   aws.String("arn:aws:iam::000000000000:role/x"),
		InputDataConfig:     &types.InputDataConfigMemberS3Uri{Value: "s3://records/" + from},
		JobOutputDataConfig: &types.OutputDataConfigMemberS3Configuration{Value: types.S3Configuration{S3Uri: aws.String("s3://output/log/"), KmsKeyId: aws.String("key")}}}
}

// ended asks for an import until it is at its end.
func ended(t *testing.T, hl *healthlake.Client, store string, job *string) *types.ImportJobProperties {
	t.Helper()
	for range patience(t) {
		out, err := hl.DescribeFHIRImportJob(t.Context(), &healthlake.DescribeFHIRImportJobInput{DatastoreId: aws.String(store), JobId: job})
		if err != nil {
			t.Fatal(err)
		}
		if out.ImportJobProperties.EndTime != nil {
			return out.ImportJobProperties
		}
	}
	t.Fatal("the import does not end")
	return nil
}

const mixed = `{"resourceType":"Patient","id":"a"}
{"resourceType":"Patient"}
nonsense
{"resourceType":"Patient","id":"refused"}

{"resourceType":"Patient","id":"b"}`

func TestImportWithErrors(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c, hl := bucket(cfg), healthlake.NewFromConfig(cfg)
	put(t, c, "in/Patient.ndjson", mixed)
	put(t, c, "in/readme.txt", "no resources")
	job, err := hl.StartFHIRImportJob(t.Context(), importOf(store, "in/", "t1"))
	if err != nil || job.JobStatus != types.JobStatusSubmitted {
		t.Fatalf("%+v, %v", job, err)
	}
	if again, err := hl.StartFHIRImportJob(t.Context(), importOf(store, "in/", "t1")); err != nil || *again.JobId != *job.JobId {
		t.Errorf("the same token: %v, %v", again, err)
	}
	p := ended(t, hl, store, job.JobId)
	r := p.JobProgressReport
	if p.JobStatus != types.JobStatusCompletedWithErrors || *r.TotalNumberOfResourcesImported != 2 || *r.TotalNumberOfResourcesWithCustomerError != 3 ||
		*r.TotalNumberOfScannedFiles != 1 || *r.TotalNumberOfFilesReadWithCustomerError != 1 || *p.JobName != "job t1" || p.ValidationLevel != types.ValidationLevelStrict {
		t.Errorf("%+v %+v", p, r)
	}
	folder := "log/" + store + "-FHIR_IMPORT-" + *job.JobId + "/"
	if at := p.JobOutputDataConfig.(*types.OutputDataConfigMemberS3Configuration).Value.S3Uri; *at != "s3://output/"+folder {
		t.Errorf("output is %s", *at)
	}
	// What the client of the Lambda function makes of it.
	m, err := lake.ParseManifest([]byte(body(t, c, "output", lake.ManifestKeys("log/", store, *job.JobId)[0])))
	if err != nil || m.Scanned != 5 || m.Imported != 2 || m.CustomerErrors != 3 {
		t.Errorf("%+v, %v", m, err)
	}
	if body(t, c, "output", folder+"Manifest.json") == "" {
		t.Error("the manifest has one name only")
	}
	log := body(t, c, "output", folder+"FAILURE/Patient.ndjson")
	var lines []int
	for _, f := range lake.ParseFailures([]byte(log)) {
		lines = append(lines, f.Line, f.Status)
	}
	if !slices.Equal(lines, []int{2, 400, 3, 400, 4, 422}) {
		t.Errorf("refused are %v\n%s", lines, log)
	}
	for l := range strings.Lines(log) {
		if !json.Valid([]byte(l)) {
			t.Errorf("the log holds %s", l)
		}
	}
	if got := body(t, c, "output", folder+"SUCCESS/Patient.ndjson"); strings.Count(got, "\n") != 2 {
		t.Errorf("stored are %s", got)
	}
}

func TestImportLevelsAndEmptyInput(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c, hl := bucket(cfg), healthlake.NewFromConfig(cfg)
	put(t, c, "one.ndjson", `{"resourceType":"Patient","id":"refused"}`)
	in := importOf(store, "one.ndjson", "t1")
	in.ValidationLevel = types.ValidationLevelMinimal
	job, err := hl.StartFHIRImportJob(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if p := ended(t, hl, store, job.JobId); p.JobStatus != types.JobStatusCompleted || p.ValidationLevel != types.ValidationLevelMinimal {
		t.Errorf("%+v", p)
	}
	folder := "log/" + store + "-FHIR_IMPORT-" + *job.JobId + "/FAILURE/"
	if list, err := bucket(cfg).ListObjectsV2(t.Context(), listOf("output", folder)); err != nil || len(list.Contents) != 0 {
		t.Errorf("without failures there is a log of them: %v", err)
	}
	if job, err = hl.StartFHIRImportJob(t.Context(), importOf(store, "nowhere/", "t2")); err != nil {
		t.Fatal(err)
	}
	if p := ended(t, hl, store, job.JobId); p.JobStatus != types.JobStatusFailed || p.Message == nil {
		t.Errorf("%+v", p)
	}
}

func TestImportRefusals(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	hl := healthlake.NewFromConfig(cfg)
	for why, change := range map[string]func(*healthlake.StartFHIRImportJobInput){
		"no bucket": func(in *healthlake.StartFHIRImportJobInput) {
			in.InputDataConfig = &types.InputDataConfigMemberS3Uri{Value: "s3://no-such-bucket/x"}
		},
		"no S3": func(in *healthlake.StartFHIRImportJobInput) {
			in.InputDataConfig = &types.InputDataConfigMemberS3Uri{Value: "http://x"}
		},
		"a bad role":  func(in *healthlake.StartFHIRImportJobInput) { in.DataAccessRoleArn = aws.String("somebody") },
		"a bad name":  func(in *healthlake.StartFHIRImportJobInput) { in.JobName = aws.String(strings.Repeat("x", 65)) },
		"a bad token": func(in *healthlake.StartFHIRImportJobInput) { in.ClientToken = aws.String("a b") },
		"no store":    func(in *healthlake.StartFHIRImportJobInput) { in.DatastoreId = aws.String("0123") },
	} {
		in := importOf(store, "in/", "t")
		change(in)
		want := "ValidationException"
		if why == "no store" {
			want = "ResourceNotFoundException"
		}
		if _, err := hl.StartFHIRImportJob(t.Context(), in); code(err) != want {
			t.Errorf("%s: %v", why, err)
		}
	}
}

// One import runs, 25 wait, the next is refused; they run in their order, also
// after the process was stopped.
func TestImportQueue(t *testing.T) {
	dir := t.TempDir()
	p := newPlanes()
	p.hold = make(chan struct{})
	cfg, d := open(t, dir, func(c *Config) { c.Open = p.open })
	c, hl := bucket(cfg), healthlake.NewFromConfig(cfg)
	put(t, c, "in/Patient.ndjson", `{"resourceType":"Patient","id":"a"}`)
	first, err := hl.StartFHIRImportJob(t.Context(), importOf(store, "in/", "first"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxQueued {
		if _, err := hl.StartFHIRImportJob(t.Context(), importOf(store, "in/", fmt.Sprint("n", i))); err != nil {
			t.Fatalf("waiting job %d: %v", i+1, err)
		}
	}
	if _, err := hl.StartFHIRImportJob(t.Context(), importOf(store, "in/", "over")); code(err) != "ThrottlingException" {
		t.Errorf("one too many: %v", err)
	}
	if again, err := hl.StartFHIRImportJob(t.Context(), importOf(store, "in/", "first")); err != nil || *again.JobId != *first.JobId {
		t.Errorf("a token that is known: %v", err)
	}
	list := func(more func(*healthlake.ListFHIRImportJobsInput)) []types.ImportJobProperties {
		in := &healthlake.ListFHIRImportJobsInput{DatastoreId: aws.String(store)}
		more(in)
		var all []types.ImportJobProperties
		pages := healthlake.NewListFHIRImportJobsPaginator(hl, in)
		for pages.HasMorePages() {
			out, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, out.ImportJobPropertiesList...)
		}
		return all
	}
	if n := len(list(func(in *healthlake.ListFHIRImportJobsInput) { in.MaxResults = aws.Int32(4) })); n != maxQueued+1 {
		t.Errorf("%d jobs in pages of four", n)
	}
	if n := len(list(func(in *healthlake.ListFHIRImportJobsInput) { in.JobStatus = types.JobStatusQueued })); n != maxQueued {
		t.Errorf("%d jobs wait", n)
	}
	if got := list(func(in *healthlake.ListFHIRImportJobsInput) { in.JobName = aws.String("job n7") }); len(got) != 1 {
		t.Errorf("by name: %+v", got)
	}
	if got := list(func(in *healthlake.ListFHIRImportJobsInput) {
		in.SubmittedBefore = list(func(*healthlake.ListFHIRImportJobsInput) {})[maxQueued].SubmitTime
	}); len(got) != 0 {
		t.Errorf("before the first: %+v", got)
	}
	d.Close()
	q := newPlanes()
	cfg, _ = open(t, dir, func(c *Config) { c.Open = q.open })
	hl = healthlake.NewFromConfig(cfg)
	all := list(func(*healthlake.ListFHIRImportJobsInput) {})
	for _, j := range all {
		if got := ended(t, hl, store, j.JobId); got.JobStatus != types.JobStatusCompleted {
			t.Errorf("after the restart: %+v", got)
		}
	}
	if q.stores[store]["Patient/a"] == "" {
		t.Error("nothing was stored")
	}
}

func TestDatastores(t *testing.T) {
	dir := t.TempDir()
	removed := ""
	p := newPlanes()
	config := func(c *Config) { c.Open, c.Remove = p.open, func(id string) error { removed = id; return nil } }
	cfg, d := open(t, dir, config)
	hl := healthlake.NewFromConfig(cfg)
	made, err := hl.CreateFHIRDatastore(t.Context(), &healthlake.CreateFHIRDatastoreInput{DatastoreTypeVersion: types.FHIRVersionR4, DatastoreName: aws.String("second"),
		ClientToken: aws.String("t1"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("records")}},
		SseConfiguration: &types.SseConfiguration{KmsEncryptionConfig: &types.KmsEncryptionConfig{CmkType: types.CmkTypeAoCmk}}})
	if err != nil || made.DatastoreStatus != types.DatastoreStatusCreating || len(*made.DatastoreId) != 32 {
		t.Fatalf("%+v, %v", made, err)
	}
	if again, err := hl.CreateFHIRDatastore(t.Context(), &healthlake.CreateFHIRDatastoreInput{DatastoreTypeVersion: types.FHIRVersionR4, ClientToken: aws.String("t1")}); err != nil || *again.DatastoreId != *made.DatastoreId {
		t.Errorf("the same token: %+v, %v", again, err)
	}
	d.Close()
	cfg, _ = open(t, dir, config)
	hl = healthlake.NewFromConfig(cfg)
	got, err := hl.DescribeFHIRDatastore(t.Context(), &healthlake.DescribeFHIRDatastoreInput{DatastoreId: made.DatastoreId})
	if err != nil || got.DatastoreProperties.DatastoreStatus != types.DatastoreStatusActive || *got.DatastoreProperties.DatastoreName != "second" ||
		got.DatastoreProperties.SseConfiguration.KmsEncryptionConfig.CmkType != types.CmkTypeAoCmk || got.DatastoreProperties.CreatedAt == nil {
		t.Fatalf("%+v, %v", got, err)
	}
	if !strings.Contains(*got.DatastoreProperties.DatastoreEndpoint, *made.DatastoreId) {
		t.Errorf("endpoint %s", *got.DatastoreProperties.DatastoreEndpoint)
	}
	for want, f := range map[int]*types.DatastoreFilter{2: {}, 1: {DatastoreName: aws.String("second")}, 0: {DatastoreStatus: types.DatastoreStatusDeleted}} {
		if list, err := hl.ListFHIRDatastores(t.Context(), &healthlake.ListFHIRDatastoresInput{Filter: f}); err != nil || len(list.DatastorePropertiesList) != want {
			t.Errorf("%d wanted: %+v, %v", want, list, err)
		}
	}
	if list, err := hl.ListFHIRDatastores(t.Context(), &healthlake.ListFHIRDatastoresInput{MaxResults: aws.Int32(1)}); err != nil || len(list.DatastorePropertiesList) != 1 || list.NextToken == nil {
		t.Errorf("%+v, %v", list, err)
	}
	arn := got.DatastoreProperties.DatastoreArn
	if _, err := hl.TagResource(t.Context(), &healthlake.TagResourceInput{ResourceARN: arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}); err != nil {
		t.Error(err)
	}
	if _, err := hl.UntagResource(t.Context(), &healthlake.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"team"}}); err != nil {
		t.Error(err)
	}
	if tags, err := hl.ListTagsForResource(t.Context(), &healthlake.ListTagsForResourceInput{ResourceARN: arn}); err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "a" {
		t.Errorf("%+v, %v", tags, err)
	}
	if _, err := hl.DeleteFHIRDatastore(t.Context(), &healthlake.DeleteFHIRDatastoreInput{DatastoreId: aws.String(store)}); code(err) != "AccessDeniedException" {
		t.Errorf("the server's own: %v", err)
	}
	if out, err := hl.DeleteFHIRDatastore(t.Context(), &healthlake.DeleteFHIRDatastoreInput{DatastoreId: made.DatastoreId}); err != nil || out.DatastoreStatus != types.DatastoreStatusDeleting || removed != *made.DatastoreId {
		t.Errorf("%+v, %v", out, err)
	}
	if _, err := hl.DeleteFHIRDatastore(t.Context(), &healthlake.DeleteFHIRDatastoreInput{DatastoreId: made.DatastoreId}); code(err) != "ConflictException" {
		t.Error(err)
	}
	if _, err := hl.StartFHIRImportJob(t.Context(), importOf(*made.DatastoreId, "in/", "x")); code(err) != "ValidationException" {
		t.Errorf("an import into a deleted data store: %v", err)
	}
}

// What is stored in one data store is not in another.
func TestDatastoresAreApart(t *testing.T) {
	p := newPlanes()
	cfg, _ := open(t, t.TempDir(), func(c *Config) { c.Open = p.open })
	hl := healthlake.NewFromConfig(cfg)
	made, err := hl.CreateFHIRDatastore(t.Context(), &healthlake.CreateFHIRDatastoreInput{DatastoreTypeVersion: types.FHIRVersionR4})
	if err != nil {
		t.Fatal(err)
	}
	put(t, bucket(cfg), "in/Patient.ndjson", `{"resourceType":"Patient","id":"a"}`)
	job, err := hl.StartFHIRImportJob(t.Context(), importOf(*made.DatastoreId, "in/", "t"))
	if err != nil {
		t.Fatal(err)
	}
	ended(t, hl, *made.DatastoreId, job.JobId)
	if p.stores[*made.DatastoreId]["Patient/a"] == "" || len(p.stores[store]) != 0 {
		t.Errorf("stored are %v", p.stores)
	}
	if _, err := hl.DescribeFHIRImportJob(t.Context(), &healthlake.DescribeFHIRImportJobInput{DatastoreId: aws.String(store), JobId: job.JobId}); code(err) != "ResourceNotFoundException" {
		t.Errorf("the job of another data store: %v", err)
	}
	plane := &lake.Client{Endpoint: *cfg.BaseEndpoint + "/datastore/" + *made.DatastoreId + "/r4/", Region: cfg.Region, Credentials: cfg.Credentials}
	if data, err := plane.Do(t.Context(), "GET", "Patient/a", nil); err != nil || !strings.Contains(string(data), `"a"`) {
		t.Errorf("%s, %v", data, err)
	}
	plane.Endpoint = *cfg.BaseEndpoint + "/datastore/0123456789abcdef0123456789abcdef/r4/"
	if _, err := plane.Do(t.Context(), "GET", "Patient/a", nil); err == nil {
		t.Error("a data store that is not there answers")
	}
}

func TestExport(t *testing.T) {
	p := newPlanes()
	cfg, _ := open(t, t.TempDir(), func(c *Config) { c.Open = p.open })
	c, hl := bucket(cfg), healthlake.NewFromConfig(cfg)
	p.stores[store] = map[string]string{}
	for i := range maxFile + 1 {
		p.stores[store][fmt.Sprintf("Observation/%05d", i)] = fmt.Sprintf(`{"resourceType":"Observation","id":"%05d"}`, i)
	}
	p.stores[store]["Patient/a"] = `{"resourceType":"Patient","id":"a"}`
	job, err := hl.StartFHIRExportJob(t.Context(), &healthlake.StartFHIRExportJobInput{DatastoreId: aws.String(store), DataAccessRoleArn: aws.String("arn:aws:iam::000000000000:role/x"),
		OutputDataConfig: &types.OutputDataConfigMemberS3Configuration{Value: types.S3Configuration{S3Uri: aws.String("s3://output/exports"), KmsKeyId: aws.String("key")}}})
	if err != nil {
		t.Fatal(err)
	}
	var e *types.ExportJobProperties
	for e == nil || e.EndTime == nil {
		out, err := hl.DescribeFHIRExportJob(t.Context(), &healthlake.DescribeFHIRExportJobInput{DatastoreId: aws.String(store), JobId: job.JobId})
		if err != nil {
			t.Fatal(err)
		}
		e = out.ExportJobProperties
	}
	folder := "exports/" + store + "-FHIR_EXPORT-" + *job.JobId + "/"
	if at := e.OutputDataConfig.(*types.OutputDataConfigMemberS3Configuration).Value.S3Uri; e.JobStatus != types.JobStatusCompleted || *at != "s3://output/"+folder {
		t.Errorf("%+v, %s", e, *at)
	}
	var m struct {
		Output []struct {
			Type, URL string
			Count     int
		}
	}
	if err := json.Unmarshal([]byte(body(t, c, "output", folder+"manifest.json")), &m); err != nil || len(m.Output) != 3 {
		t.Fatalf("%+v, %v", m, err)
	}
	n := map[string]int{}
	for _, o := range m.Output {
		key := strings.TrimPrefix(o.URL, "s3://output/")
		if !strings.HasPrefix(key, folder+o.Type+"/") || strings.Count(body(t, c, "output", key), "\n") != o.Count {
			t.Errorf("%+v", o)
		}
		n[o.Type] += o.Count
	}
	if n["Observation"] != maxFile+1 || n["Patient"] != 1 {
		t.Errorf("exported %v", n)
	}
	list, err := hl.ListFHIRExportJobs(t.Context(), &healthlake.ListFHIRExportJobsInput{DatastoreId: aws.String(store), JobStatus: types.JobStatusCompleted})
	if err != nil || len(list.ExportJobPropertiesList) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}
