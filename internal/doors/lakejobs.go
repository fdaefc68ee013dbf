package doors

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/bda"
)

// lakeJob is an import or an export.
type lakeJob struct {
	ID        string    `json:"id"`
	Datastore string    `json:"datastore"`
	Region    string    `json:"region,omitempty"`
	Name      string    `json:"name,omitempty"`
	Input     string    `json:"input,omitempty"` // of imports
	Output    string    `json:"output"`          // as it was asked for
	Key       string    `json:"key"`
	Role      string    `json:"role"`
	Level     string    `json:"level,omitempty"` // of validation, of imports
	State     string    `json:"state"`
	Message   string    `json:"message,omitempty"`
	Submitted time.Time `json:"submitted"`
	Ended     time.Time `json:"ended"`
	Counts    counts    `json:"counts"`
}

type counts struct {
	Files, Scanned, Imported, Refused, FilesRefused int
	// Bytes are those of the files, Stored those of the resources imported.
	Bytes, Stored int64
}

// The states of a job, in their order.
const (
	submitted  = "SUBMITTED"
	queued     = "QUEUED"
	inProgress = "IN_PROGRESS"
	withErrors = "COMPLETED_WITH_ERRORS"
	completed  = "COMPLETED"
	failed     = "FAILED"
)

// maxQueued is HealthLake's quota on jobs of a data store that wait for the one
// that runs.
const maxQueued = 25

// work is what differs between imports and exports.
type laneWork struct {
	lane *lane
	// kind is the word in names and events, folder where the records lie.
	kind, folder string
	run          func(context.Context, *lakeJob) error
}

func (d *Doors) importing() laneWork {
	return laneWork{&d.imports, "Import", "imports", d.importAll}
}

func (d *Doors) exporting() laneWork {
	return laneWork{&d.exports, "Export", "exports", d.exportAll}
}

func (w laneWork) key(id string) string { return w.folder + "/" + id + ".json" }

// folder is where a job writes: its bucket and its prefix.
func (w laneWork) place(j lakeJob) bda.Object {
	to, _ := bda.ParseURI(strings.TrimSuffix(j.Output, "/") + "/x") // checked when it came
	prefix := strings.TrimSuffix(to.Key, "x")
	return bda.Object{Bucket: to.Bucket, Key: prefix + j.Datastore + "-FHIR_" + strings.ToUpper(w.kind) + "-" + j.ID + "/"}
}

// output is the configuration that both kinds of jobs are started with.
type lakeOutput struct {
	S3Configuration struct{ S3Uri, KmsKeyId string }
}

var kmsKey = regexp.MustCompile(`^(arn:aws((-us-gov)|(-iso)|(-iso-b)|(-cn))?:kms:)?([a-z]{2}-[a-z]+(-[a-z]+)?-\d:)?(\d{12}:)?(((key/)?[a-zA-Z0-9-_]+)|(alias/[a-zA-Z0-9:/_-]+))$`)

// start checks a job, records it and puts it into its lane. The same token gives
// the job that it gave before.
func (d *Doors) start(w laneWork, j lakeJob, token string) (any, error) {
	to, err := bda.ParseURI(strings.TrimSuffix(j.Output, "/") + "/x")
	switch {
	case err != nil || !d.Objects.Exists(to.Bucket):
		return nil, invalid("the output S3Uri is not valid, or its bucket is not there")
	case !kmsKey.MatchString(j.Key):
		return nil, invalid("KmsKeyId is required")
	case !lakeRole.MatchString(j.Role):
		return nil, invalid("DataAccessRoleArn is not a role's")
	case token != "" && !lakeToken.MatchString(token), !named(j.Name, 64):
		return nil, invalid("ClientToken or JobName is not valid")
	}
	if _, err := d.activeStore(j.Datastore); err != nil {
		return nil, err
	}
	j.ID, j.Submitted, j.State = hex32(uuid.New()), d.Now().UTC(), submitted
	if token != "" {
		j.ID = hex32(uuid.NewSHA1(uuid.NameSpaceOID, []byte(strings.ToLower(w.kind)+"|"+j.Datastore+"|"+token)))
	}
	var old lakeJob
	if d.load(w.key(j.ID), &old) == nil {
		return map[string]any{"JobId": old.ID, "JobStatus": old.State, "DatastoreId": old.Datastore}, nil
	}
	n := w.lane.waits(j.Datastore)
	if n > maxQueued {
		return nil, throttled(fmt.Sprintf("a data store has one job running and at most %d waiting", maxQueued))
	}
	if n > 0 {
		j.State = queued
	}
	if err := d.save(w.key(j.ID), j); err != nil {
		return nil, err
	}
	// HealthLake tries first whether it may write.
	if err := d.Objects.Write(d.ctx, to.Bucket, strings.TrimSuffix(to.Key, "x")+".healthlake_write_access_check_file.temp", nil); err != nil {
		return nil, err
	}
	d.announceLake(w, j)
	d.line(w.lane, j.Datastore, func(ctx context.Context) { d.runLake(ctx, w, j) })
	return map[string]any{"JobId": j.ID, "JobStatus": submitted, "DatastoreId": j.Datastore}, nil
}

// runLake runs a job to its end. One that is interrupted begins anew when the
// server starts again; it stores or writes the same again.
func (d *Doors) runLake(ctx context.Context, w laneWork, j lakeJob) {
	j.State = inProgress
	err := d.save(w.key(j.ID), j)
	d.announceLake(w, j)
	if err == nil {
		err = w.run(ctx, &j)
	}
	if ctx.Err() != nil {
		return
	}
	j.Ended = d.Now().UTC()
	switch {
	case err != nil:
		j.State = failed
		if j.Message == "" {
			j.Message = "the server could not do this"
		}
		d.Logger.Warn("HealthLake job failed", "kind", w.kind, "job", j.ID, "error", err)
	case j.Counts.Refused > 0:
		j.State = withErrors
	default:
		j.State = completed
	}
	if err := d.save(w.key(j.ID), j); err != nil {
		d.Logger.Error("HealthLake job not recorded", "job", j.ID, "error", err)
		return
	}
	d.announceLake(w, j)
}

// describeLake is a job as the API shows it.
func (d *Doors) describeLake(w laneWork, j lakeJob) map[string]any {
	at := w.place(j)
	output := map[string]any{"S3Configuration": map[string]string{"S3Uri": at.URI(), "KmsKeyId": j.Key}}
	out := map[string]any{"JobId": j.ID, "JobStatus": j.State, "SubmitTime": seconds(j.Submitted), "DatastoreId": j.Datastore, "DataAccessRoleArn": j.Role}
	if j.Name != "" {
		out["JobName"] = j.Name
	}
	if j.Message != "" {
		out["Message"] = j.Message
	}
	if !j.Ended.IsZero() {
		out["EndTime"] = seconds(j.Ended)
	}
	if w.kind == "Export" {
		out["OutputDataConfig"] = output
		return out
	}
	out["JobOutputDataConfig"], out["InputDataConfig"] = output, map[string]string{"S3Uri": j.Input}
	out["ValidationLevel"] = cmp.Or(j.Level, "strict")
	out["JobProgressReport"] = map[string]any{"TotalNumberOfScannedFiles": j.Counts.Files, "TotalNumberOfImportedFiles": j.Counts.Files - j.Counts.FilesRefused,
		"TotalSizeOfScannedFilesInMB": megabytes(j.Counts.Bytes), "TotalNumberOfResourcesScanned": j.Counts.Scanned,
		"TotalNumberOfResourcesImported": j.Counts.Imported, "TotalNumberOfResourcesWithCustomerError": j.Counts.Refused,
		"TotalNumberOfFilesReadWithCustomerError": j.Counts.FilesRefused}
	return out
}

func megabytes(n int64) float64 { return float64(n) / (1 << 20) }

func (d *Doors) describeJob(c lakeCall, w laneWork) (any, error) {
	var in struct{ DatastoreId, JobId string }
	if err := c.read(&in); err != nil {
		return nil, err
	}
	var j lakeJob
	if !bda.ValidJob(in.JobId) || d.load(w.key(in.JobId), &j) != nil || j.Datastore != in.DatastoreId {
		return nil, missing("there is no such job of the data store")
	}
	return map[string]any{w.kind + "JobProperties": d.describeLake(w, j)}, nil
}

func (d *Doors) lakeJobs(w laneWork) ([]lakeJob, error) {
	return kept(d, w.folder, func(j lakeJob) made { return made{ID: j.ID, Created: j.Submitted} })
}

func (d *Doors) listJobs(c lakeCall, w laneWork) (any, error) {
	var in struct {
		DatastoreId, JobName, JobStatus, NextToken string
		MaxResults                                 *int
		SubmittedBefore, SubmittedAfter            *float64
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	if _, err := d.store(in.DatastoreId); err != nil {
		return nil, err
	}
	all, err := d.lakeJobs(w)
	if err != nil {
		return nil, err
	}
	slices.Reverse(all) // the newest first
	items := []map[string]any{}
	for _, j := range all {
		if j.Datastore == in.DatastoreId && (in.JobName == "" || in.JobName == j.Name) && (in.JobStatus == "" || in.JobStatus == j.State) &&
			within(j.Submitted, instant(in.SubmittedAfter), instant(in.SubmittedBefore)) {
			items = append(items, d.describeLake(w, j))
		}
	}
	return lakePage(w.kind+"JobPropertiesList", items, in.NextToken, in.MaxResults)
}

// resumeLake puts the jobs that were not at their end into their lanes again.
func (d *Doors) resumeLake(w laneWork) error {
	all, err := d.lakeJobs(w)
	if err != nil {
		return err
	}
	for _, j := range all {
		if j.Ended.IsZero() {
			d.line(w.lane, j.Datastore, func(ctx context.Context) { d.runLake(ctx, w, j) })
		}
	}
	return nil
}

func (d *Doors) describeImport(c lakeCall) (any, error) { return d.describeJob(c, d.importing()) }
func (d *Doors) describeExport(c lakeCall) (any, error) { return d.describeJob(c, d.exporting()) }
func (d *Doors) listImports(c lakeCall) (any, error)    { return d.listJobs(c, d.importing()) }
func (d *Doors) listExports(c lakeCall) (any, error)    { return d.listJobs(c, d.exporting()) }

func (d *Doors) startImport(c lakeCall) (any, error) {
	var in struct {
		DatastoreId, DataAccessRoleArn, JobName, ClientToken, ValidationLevel string
		InputDataConfig                                                       struct{ S3Uri string }
		JobOutputDataConfig                                                   lakeOutput
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	from, err := bda.ParseURI(strings.TrimSuffix(in.InputDataConfig.S3Uri, "/") + "/x")
	if err != nil || !d.Objects.Exists(from.Bucket) {
		return nil, invalid("InputDataConfig.S3Uri is not valid, or its bucket is not there")
	}
	if !slices.Contains(levels, in.ValidationLevel) {
		return nil, invalid("ValidationLevel is strict, structure-only or minimal")
	}
	to := in.JobOutputDataConfig.S3Configuration
	return d.start(d.importing(), lakeJob{Datastore: in.DatastoreId, Region: c.region, Name: in.JobName, Input: in.InputDataConfig.S3Uri, Output: to.S3Uri,
		Key: to.KmsKeyId, Role: in.DataAccessRoleArn, Level: in.ValidationLevel}, in.ClientToken)
}

func (d *Doors) startExport(c lakeCall) (any, error) {
	var in struct {
		DatastoreId, DataAccessRoleArn, JobName, ClientToken string
		OutputDataConfig                                     lakeOutput
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	to := in.OutputDataConfig.S3Configuration
	return d.start(d.exporting(), lakeJob{Datastore: in.DatastoreId, Region: c.region, Name: in.JobName, Output: to.S3Uri, Key: to.KmsKeyId, Role: in.DataAccessRoleArn}, in.ClientToken)
}

// writeJSON stores an object of JSON.
func (d *Doors) writeJSON(ctx context.Context, bucket, key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return d.Objects.Write(ctx, bucket, key, data)
}
