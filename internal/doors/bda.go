package doors

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/bda"
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
	}
	return nil
}

type place struct {
	S3Uri string `json:"s3Uri"`
}

// invoke begins a job. The same client token gives the job that it gave before.
func (d *Doors) invoke(r *http.Request, dec *json.Decoder) (any, error) {
	var in struct {
		Token         string          `json:"clientToken"`
		Input         place           `json:"inputConfiguration"`
		Output        place           `json:"outputConfiguration"`
		Profile       string          `json:"dataAutomationProfileArn"`
		Configuration json.RawMessage `json:"dataAutomationConfiguration"`
		Blueprints    json.RawMessage `json:"blueprints"`
	}
	if err := dec.Decode(&in); err != nil {
		return nil, invalid("the request is no good JSON")
	}
	input, err := bda.ParseURI(in.Input.S3Uri)
	output, outErr := bda.ParseURI(strings.TrimSuffix(in.Output.S3Uri, "/") + "/x")
	switch {
	case err != nil || !input.Takes():
		return nil, invalid("inputConfiguration.s3Uri is not valid")
	case outErr != nil || !output.Takes():
		return nil, invalid("outputConfiguration.s3Uri is not valid")
	case !profilePattern.MatchString(in.Profile):
		return nil, invalid("dataAutomationProfileArn is not valid")
	case in.Token != "" && !tokenPattern.MatchString(in.Token):
		return nil, invalid("clientToken is not valid")
	case (in.Configuration == nil) == (in.Blueprints == nil):
		return nil, invalid("give either dataAutomationConfiguration or blueprints")
	case !d.Objects.Exists(output.Bucket):
		return nil, invalid("the output bucket is not there")
	}
	scope := strings.Split(in.Profile, ":")
	job := bdaJob{ID: uuid.NewString(), Input: input, Region: scope[3], State: bda.InProgress, Submitted: d.Now().UTC(),
		Output: output.Bucket + "/" + strings.TrimSuffix(strings.TrimSuffix(output.Key, "x"), "/")}
	if in.Token != "" {
		job.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte("bda|"+in.Token)).String()
	}
	var old bdaJob
	if d.load(job.key(), &old) != nil {
		if err := d.save(job.key(), job); err != nil {
			return nil, err
		}
		d.background(func(ctx context.Context) { d.runBDA(ctx, job) })
	}
	return map[string]string{"invocationArn": d.jobARN(job)}, nil
}

func (d *Doors) jobARN(j bdaJob) string {
	return fmt.Sprintf("arn:aws:bedrock:%s:%s:data-automation-invocation/%s", j.Region, d.Account, j.ID)
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
		if d.Fault(err) {
			j.State, j.Error = bda.ClientError, "the document can't be read"
		}
		d.Logger.Warn("BDA job failed", "job", j.ID, "state", j.State)
	}
	if err := d.save(j.key(), j); err != nil {
		d.Logger.Error("BDA job not recorded", "job", j.ID, "error", err)
	}
}

func (d *Doors) readBDA(ctx context.Context, j bdaJob) error {
	data, err := d.Objects.Read(ctx, j.Input.Bucket, j.Input.Key)
	if err != nil {
		return err
	}
	results, pages, err := d.Read(ctx, path.Base(j.Input.Key), data)
	if err != nil {
		return err
	}
	bucket, prefix, _ := strings.Cut(j.folder(), "/")
	write := func(name string, data []byte) error { return d.Objects.Write(ctx, bucket, prefix+name, data) }
	if err := write("0/.s3_access_check", nil); err != nil {
		return err
	}
	var segments []map[string]string
	for i, res := range results {
		custom, standard := fmt.Sprintf("0/custom_output/%d/result.json", i), fmt.Sprintf("0/standard_output/%d/result.json", i)
		if err := write(custom, res); err != nil {
			return err
		}
		if err := write(standard, standardOutput(j, i, pages)); err != nil {
			return err
		}
		at := "s3://" + j.folder()
		segments = append(segments, map[string]string{"standard_output_path": at + standard, "custom_output_path": at + custom, "custom_output_status": "MATCH"})
	}
	meta, err := json.Marshal(map[string]any{"job_id": j.ID, "job_status": "PROCESSED", "semantic_modality": "DOCUMENT",
		"output_metadata": []any{map[string]any{"asset_id": 0,
			"asset_input_path": map[string]string{"s3_bucket": j.Input.Bucket, "s3_key": j.Input.Key}, "segment_metadata": segments}}})
	if err != nil {
		return err
	}
	return write("job_metadata.json", meta)
}

// standardOutput is the frame of BDA's standard output; the local engine's own
// layout is not written into it.
func standardOutput(j bdaJob, segment, pages int) []byte {
	data, _ := json.Marshal(map[string]any{"metadata": map[string]any{"asset_id": "0", "logical_subdocument_id": fmt.Sprint(segment + 1),
		"semantic_modality": "DOCUMENT", "s3_bucket": j.Input.Bucket, "s3_key": j.Input.Key, "number_of_pages": pages}})
	return data
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
			d.background(func(ctx context.Context) { d.runBDA(ctx, j) })
		}
	}
	return d.resumeImports()
}
