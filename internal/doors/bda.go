package doors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/sigv4"
)

// bdaJob is one invocation.
type bdaJob struct {
	ID        string     `json:"id"`
	Input     bda.Object `json:"input"`
	Output    string     `json:"output"` // bucket/prefix
	Region    string     `json:"region"`
	State     string     `json:"state"`
	Error     string     `json:"error,omitempty"`
	Submitted time.Time  `json:"submitted"`
	Completed time.Time  `json:"completed"`
	// Blueprints are those of the moment at which the job was begun, Splits
	// whether the file may hold several documents.
	Blueprints []Blueprint `json:"blueprints,omitempty"`
	Splits     bool        `json:"splits,omitempty"`
	Notify     bool        `json:"notify,omitempty"`
	Tags       []planTag   `json:"tags,omitempty"`
}

func (j bdaJob) key() string { return "bda/" + j.ID + ".json" }

// The service's own patterns (API model 2024-06-13).
var (
	tokenPattern   = regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9]){1,256}$`)
	profilePattern = regexp.MustCompile(`^arn:aws(|-cn|-iso|-iso-[a-z]|-us-gov):bedrock:[a-zA-Z0-9-]*:(aws|[0-9]{12}):data-automation-profile/[a-zA-Z0-9-_.]+$`)
)

func (d *Doors) bda(op string) operation {
	switch op {
	case "InvokeDataAutomationAsync":
		return d.invoke
	case "GetDataAutomationStatus":
		return d.status
	case "ListTagsForResource", "TagResource", "UntagResource":
		return func(_ *http.Request, dec *json.Decoder) (any, error) { return d.jobTags(op, dec) }
	}
	return nil
}

type place struct {
	S3Uri string `json:"s3Uri"`
}

// maxOpenJobs is BDA's quota (user guide bda-limits, read 2026); it can't be raised.
const maxOpenJobs = 1800

// pagesUnsplit is how long a document may be where the splitter is off.
const pagesUnsplit = 20

// invocation is what InvokeDataAutomationAsync says.
type invocation struct {
	Token         string `json:"clientToken"`
	Input         place  `json:"inputConfiguration"`
	Output        place  `json:"outputConfiguration"`
	Profile       string `json:"dataAutomationProfileArn"`
	Configuration *struct {
		Project string `json:"dataAutomationProjectArn"`
		Stage   string `json:"stage"`
	} `json:"dataAutomationConfiguration"`
	Blueprints []struct {
		ARN     string `json:"blueprintArn"`
		Version string `json:"version"`
		Stage   string `json:"stage"`
	} `json:"blueprints"`
	Notification struct {
		EventBridge struct {
			Enabled bool `json:"eventBridgeEnabled"`
		} `json:"eventBridgeConfiguration"`
	} `json:"notificationConfiguration"`
	Tags []planTag `json:"tags"`
}

// invoke begins a job. The same client token gives the job that it gave before.
func (d *Doors) invoke(r *http.Request, dec *json.Decoder) (any, error) {
	var in invocation
	if err := dec.Decode(&in); err != nil {
		return nil, invalid("the request is no good JSON")
	}
	scope, _ := sigv4.ParseScope(r) // verified before
	job, err := d.job(in, scope.Region)
	if err != nil {
		return nil, err
	}
	d.planning.Lock()
	defer d.planning.Unlock()
	var old bdaJob
	if d.load(job.key(), &old) == nil {
		return map[string]string{"invocationArn": d.jobARN(old)}, nil
	}
	if !d.count(1) {
		return nil, quota(fmt.Sprintf("an account has at most %d open jobs", maxOpenJobs))
	}
	if err := d.save(job.key(), job); err != nil {
		d.count(-1)
		return nil, err
	}
	d.announce(job, bda.Created)
	d.background(func(ctx context.Context) { d.runBDA(ctx, job) })
	return map[string]string{"invocationArn": d.jobARN(job)}, nil
}

// count adds to the number of open jobs, unless the quota is full.
func (d *Doors) count(n int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n > 0 && d.open+n > maxOpenJobs {
		return false
	}
	d.open += n
	return true
}

// job checks an invocation and makes its job.
func (d *Doors) job(in invocation, region string) (bdaJob, error) {
	input, err := bda.ParseURI(in.Input.S3Uri)
	output, outErr := bda.ParseURI(strings.TrimSuffix(in.Output.S3Uri, "/") + "/x")
	switch {
	case err != nil || !input.Takes():
		return bdaJob{}, invalid("inputConfiguration.s3Uri is not valid")
	case outErr != nil || !output.Takes():
		return bdaJob{}, invalid("outputConfiguration.s3Uri is not valid")
	case !profilePattern.MatchString(in.Profile) || strings.Split(in.Profile, ":")[3] != region:
		return bdaJob{}, invalid("dataAutomationProfileArn is not valid in this Region")
	case in.Token != "" && !tokenPattern.MatchString(in.Token):
		return bdaJob{}, invalid("clientToken is not valid")
	case (in.Configuration == nil) == (in.Blueprints == nil):
		return bdaJob{}, invalid("give either dataAutomationConfiguration or blueprints")
	case len(in.Blueprints) > maxProjectBlueprints:
		return bdaJob{}, invalid("give at most 40 blueprints")
	case !d.Objects.Exists(output.Bucket):
		return bdaJob{}, invalid("the output bucket is not there")
	}
	if err := checkTags(in.Tags); err != nil {
		return bdaJob{}, err
	}
	job := bdaJob{ID: uuid.NewString(), Input: input, Region: region, State: bda.InProgress, Submitted: d.Now().UTC(), Tags: in.Tags,
		Notify: in.Notification.EventBridge.Enabled,
		Output: output.Bucket + "/" + strings.TrimSuffix(strings.TrimSuffix(output.Key, "x"), "/")}
	if in.Token != "" {
		job.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte("bda|"+in.Token)).String()
	}
	return job, d.plan(&job, in)
}

// plan finds the blueprints that a job is to read with.
func (d *Doors) plan(job *bdaJob, in invocation) error {
	var items []blueprintItem
	for _, b := range in.Blueprints {
		items = append(items, blueprintItem{b.ARN, b.Version, b.Stage})
	}
	if in.Configuration != nil {
		stage, err := stageOr(in.Configuration.Stage, live)
		if err != nil {
			return err
		}
		p, err := d.project(in.Configuration.Project, job.Region)
		s, ok := p.Stages[stage]
		switch {
		case err != nil || !ok:
			return invalid("the data automation project is not there, or not at this stage")
		case p.Type != "ASYNC":
			return invalid("a project of type SYNC can't be used here")
		}
		if job.Splits = s.splits(); s.Custom != nil {
			items = s.Custom.Blueprints
		}
	}
	for _, item := range items {
		b, err := d.resolve(item, job.Region)
		if err != nil {
			return invalid("a blueprint, version or stage is not there")
		}
		job.Blueprints = append(job.Blueprints, b)
	}
	return nil
}

func (d *Doors) jobARN(j bdaJob) string {
	return fmt.Sprintf("arn:aws:bedrock:%s:%s:data-automation-invocation/%s", j.Region, d.Account, j.ID)
}

// jobTags lists, adds or removes the tags of a job.
func (d *Doors) jobTags(op string, dec *json.Decoder) (any, error) {
	var in tagging
	if err := dec.Decode(&in); err != nil {
		return nil, invalid("the request is no good JSON")
	}
	d.planning.Lock()
	defer d.planning.Unlock()
	var j bdaJob
	if id := path.Base(in.ARN); !bda.ValidJob(id) || d.load("bda/"+id+".json", &j) != nil {
		return nil, missing("there is no such invocation")
	}
	if op == "ListTagsForResource" {
		return map[string]any{"tags": append([]planTag{}, j.Tags...)}, nil
	}
	var err error
	if j.Tags = without(j.Tags, in.Keys); op == "TagResource" {
		j.Tags, err = merge(j.Tags, in.Tags)
	}
	if err != nil {
		return nil, err
	}
	return struct{}{}, d.save(j.key(), j)
}

func (d *Doors) status(r *http.Request, dec *json.Decoder) (any, error) {
	var in struct {
		ARN string `json:"invocationArn"`
	}
	if err := dec.Decode(&in); err != nil {
		return nil, invalid("the request is no good JSON")
	}
	var j bdaJob
	if id := path.Base(in.ARN); !bda.ValidJob(id) || d.load("bda/"+id+".json", &j) != nil {
		return nil, missing("there is no such invocation")
	}
	out := map[string]any{"status": j.State, "jobSubmissionTime": j.Submitted.Format(time.RFC3339)}
	switch j.State {
	case bda.Success:
		out["outputConfiguration"] = place{"s3://" + j.folder() + "job_metadata.json"}
	case bda.ClientError, bda.ServiceError:
		out["errorType"], out["errorMessage"] = j.State, j.Error
	}
	if !j.Completed.IsZero() {
		out["jobCompletionTime"] = j.Completed.Format(time.RFC3339)
		out["jobDurationInSeconds"] = int(j.Completed.Sub(j.Submitted).Seconds())
	}
	return out, nil
}

// folder is where the job writes: bucket/prefix/job/.
func (j bdaJob) folder() string { return strings.TrimSuffix(j.Output, "/") + "/" + j.ID + "/" }

// runBDA reads the input and writes BDA's files; the metadata comes last.
func (d *Doors) runBDA(ctx context.Context, j bdaJob) {
	err := d.readBDA(ctx, j)
	if ctx.Err() != nil {
		return // taken up again after the next start
	}
	j.State, j.Completed = bda.Success, d.Now().UTC()
	if err != nil {
		j.State, j.Error = bda.ServiceError, "the document was not read"
		switch {
		case errors.Is(err, errUnsplit):
			j.State, j.Error = bda.ClientError, "the document has more than 20 pages and the project's splitter is off"
		case errors.Is(err, errNoObject), errors.Is(err, errNoBucket):
			j.State, j.Error = bda.ClientError, "the input is not there"
		case d.Fault(err):
			j.State, j.Error = bda.ClientError, "the document can't be read"
		}
		d.Logger.Warn("BDA job failed", "job", j.ID, "state", j.State)
	}
	d.count(-1)
	if err := d.finish(&j); err != nil {
		d.Logger.Error("BDA job not recorded", "job", j.ID, "error", err)
		return
	}
	d.announce(j, j.State)
}

// finish records a job's end; its tags may have changed since it was begun.
func (d *Doors) finish(j *bdaJob) error {
	d.planning.Lock()
	defer d.planning.Unlock()
	var now bdaJob
	if d.load(j.key(), &now) == nil {
		j.Tags = now.Tags
	}
	return d.save(j.key(), *j)
}

var errUnsplit = errors.New("the document is too long to be read whole")

func (d *Doors) readBDA(ctx context.Context, j bdaJob) error {
	data, err := d.Objects.Read(ctx, j.Input.Bucket, j.Input.Key)
	if err != nil {
		return err
	}
	results, pages, err := d.Read(ctx, Document{path.Base(j.Input.Key), data, j.Blueprints})
	if err != nil {
		return err
	}
	if !j.Splits && pages > pagesUnsplit {
		return errUnsplit
	}
	bucket, prefix, _ := strings.Cut(j.folder(), "/")
	write := func(name string, data []byte) error { return d.Objects.Write(ctx, bucket, prefix+name, data) }
	if err := write("0/.s3_access_check", nil); err != nil {
		return err
	}
	segments := []map[string]string{}
	for i, res := range results {
		s, err := writeSegment(j, i, res, write)
		if err != nil {
			return err
		}
		segments = append(segments, s)
	}
	meta, err := json.Marshal(map[string]any{"job_id": j.ID, "job_status": "PROCESSED", "semantic_modality": "DOCUMENT",
		"output_metadata": []any{map[string]any{"asset_id": 0,
			"asset_input_path": map[string]string{"s3_bucket": j.Input.Bucket, "s3_key": j.Input.Key}, "segment_metadata": segments}}})
	if err != nil {
		return err
	}
	return write("job_metadata.json", meta)
}

// writeSegment writes the files of one logical document; without a blueprint
// that matched there is standard output alone.
func writeSegment(j bdaJob, i int, seg Segment, write func(string, []byte) error) (map[string]string, error) {
	custom, standard := fmt.Sprintf("0/custom_output/%d/result.json", i), fmt.Sprintf("0/standard_output/%d/result.json", i)
	if err := write(standard, standardOutput(j, i, seg.Pages)); err != nil {
		return nil, err
	}
	at := "s3://" + j.folder()
	out := map[string]string{"standard_output_path": at + standard, "custom_output_status": "NO_MATCH"}
	if seg.Result == nil {
		return out, nil
	}
	out["custom_output_path"], out["custom_output_status"] = at+custom, "MATCH"
	return out, write(custom, seg.Result)
}

// standardOutput is the frame of BDA's standard output; the local engine's own
// layout is not written into it.
func standardOutput(j bdaJob, segment int, pages []int) []byte {
	meta := map[string]any{"asset_id": "0", "logical_subdocument_id": fmt.Sprint(segment + 1),
		"semantic_modality": "DOCUMENT", "s3_bucket": j.Input.Bucket, "s3_key": j.Input.Key, "number_of_pages": len(pages)}
	if kind := fileType(j.Input.Key); kind != "" {
		meta["file_type"] = kind
	}
	none := map[string]int{"element_count": 0, "table_count": 0, "figure_count": 0, "hyperlink_count": 0}
	list := []any{}
	for i, p := range pages {
		list = append(list, map[string]any{"id": fmt.Sprint(i), "page_index": p, "statistics": none})
	}
	if len(pages) > 0 {
		meta["start_page_index"], meta["end_page_index"] = slices.Min(pages), slices.Max(pages)
	}
	data, _ := json.Marshal(map[string]any{"metadata": meta, "document": map[string]any{"statistics": none}, "pages": list, "elements": []any{}})
	return data
}

// fileType is BDA's word for a file, by its name.
func fileType(key string) string {
	switch kind := strings.ToUpper(strings.TrimPrefix(path.Ext(key), ".")); kind {
	case "PDF", "PNG", "DOCX":
		return kind
	case "JPG", "JPEG":
		return "JPEG"
	case "TIF", "TIFF":
		return "TIFF"
	}
	return ""
}

// resume takes up again what was not at its end.
func (d *Doors) resume() error {
	keys, err := d.Objects.blobs.List("bda")
	if err != nil {
		return err
	}
	for _, k := range keys {
		var j bdaJob
		if d.load(k, &j) == nil && j.State == bda.InProgress {
			d.count(1)
			d.background(func(ctx context.Context) { d.runBDA(ctx, j) })
		}
	}
	if err := d.resumeLake(d.importing()); err != nil {
		return err
	}
	return d.resumeLake(d.exporting())
}
