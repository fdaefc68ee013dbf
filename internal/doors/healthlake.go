package doors

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/bda"
)

// importJob is one import.
type importJob struct {
	ID        string    `json:"id"`
	Name      string    `json:"name,omitempty"`
	Input     string    `json:"input"`
	Output    string    `json:"output"`
	Key       string    `json:"key"`
	Role      string    `json:"role"`
	State     string    `json:"state"`
	Submitted time.Time `json:"submitted"`
	Ended     time.Time `json:"ended"`
	Counts    counts    `json:"counts"`
}

type counts struct{ Files, Scanned, Imported, Refused int }

func (j importJob) key() string { return "imports/" + j.ID + ".json" }

func (d *Doors) healthlake(op string) operation {
	switch op {
	case "DescribeFHIRDatastore":
		return d.describeStore
	case "ListFHIRDatastores":
		return d.listStores
	case "StartFHIRImportJob":
		return d.startImport
	case "DescribeFHIRImportJob":
		return d.describeImport
	case "ListFHIRImportJobs":
		return d.listImports
	}
	return nil
}

func (d *Doors) storeProperties() map[string]any {
	return map[string]any{
		"DatastoreId": d.Datastore, "DatastoreArn": "arn:aws:healthlake:local:" + d.Account + ":datastore/fhir/" + d.Datastore,
		"DatastoreName": "paperchart", "DatastoreStatus": "ACTIVE", "DatastoreTypeVersion": "R4",
		"DatastoreEndpoint": d.Address + "/datastore/" + d.Datastore + "/r4/",
	}
}

func (d *Doors) describeStore(_ *http.Request, dec *json.Decoder) (any, error) {
	var in struct{ DatastoreId string }
	if err := dec.Decode(&in); err != nil {
		return nil, invalid("the request is no good JSON")
	}
	if in.DatastoreId != d.Datastore {
		return nil, missing("there is no such data store")
	}
	return map[string]any{"DatastoreProperties": d.storeProperties()}, nil
}

func (d *Doors) listStores(*http.Request, *json.Decoder) (any, error) {
	return map[string]any{"DatastorePropertiesList": []any{d.storeProperties()}}, nil
}

func (d *Doors) startImport(_ *http.Request, dec *json.Decoder) (any, error) {
	var in struct {
		DatastoreId, DataAccessRoleArn, JobName, ClientToken string
		InputDataConfig                                      struct{ S3Uri string }
		JobOutputDataConfig                                  struct {
			S3Configuration struct{ S3Uri, KmsKeyId string }
		}
	}
	if err := dec.Decode(&in); err != nil {
		return nil, invalid("the request is no good JSON")
	}
	from, err := bda.ParseURI(in.InputDataConfig.S3Uri)
	to, toErr := bda.ParseURI(in.JobOutputDataConfig.S3Configuration.S3Uri)
	switch {
	case in.DatastoreId != d.Datastore:
		return nil, missing("there is no such data store")
	case err != nil || !d.Objects.Exists(from.Bucket):
		return nil, invalid("InputDataConfig.S3Uri is not valid")
	case toErr != nil || !d.Objects.Exists(to.Bucket):
		return nil, invalid("JobOutputDataConfig.S3Configuration.S3Uri is not valid")
	case in.JobOutputDataConfig.S3Configuration.KmsKeyId == "" || in.DataAccessRoleArn == "":
		return nil, invalid("KmsKeyId and DataAccessRoleArn are required")
	case len(in.ClientToken) > 64 || len(in.JobName) > 64:
		return nil, invalid("ClientToken and JobName have at most 64 characters")
	}
	j := importJob{ID: hex32(uuid.New()), Name: in.JobName, Input: in.InputDataConfig.S3Uri, Output: in.JobOutputDataConfig.S3Configuration.S3Uri,
		Key: in.JobOutputDataConfig.S3Configuration.KmsKeyId, Role: in.DataAccessRoleArn, State: "SUBMITTED", Submitted: d.Now().UTC()}
	if in.ClientToken != "" {
		j.ID = hex32(uuid.NewSHA1(uuid.NameSpaceOID, []byte("import|"+in.ClientToken)))
	}
	var old importJob
	if d.load(j.key(), &old) == nil {
		j = old
	} else {
		if err := d.save(j.key(), j); err != nil {
			return nil, err
		}
		d.background(func(ctx context.Context) { d.runImport(ctx, j) })
	}
	return map[string]any{"JobId": j.ID, "JobStatus": j.State, "DatastoreId": d.Datastore}, nil
}

func hex32(u uuid.UUID) string { return strings.ReplaceAll(u.String(), "-", "") }

func (d *Doors) properties(j importJob) map[string]any {
	out := map[string]any{"JobId": j.ID, "JobStatus": j.State, "SubmitTime": float64(j.Submitted.Unix()), "DatastoreId": d.Datastore,
		"InputDataConfig": map[string]string{"S3Uri": j.Input}, "DataAccessRoleArn": j.Role, "ValidationLevel": "strict",
		"JobOutputDataConfig": map[string]any{"S3Configuration": map[string]string{"S3Uri": j.Output, "KmsKeyId": j.Key}},
		"JobProgressReport": map[string]any{"TotalNumberOfScannedFiles": j.Counts.Files, "TotalNumberOfImportedFiles": j.Counts.Files,
			"TotalNumberOfResourcesScanned": j.Counts.Scanned, "TotalNumberOfResourcesImported": j.Counts.Imported,
			"TotalNumberOfResourcesWithCustomerError": j.Counts.Refused}}
	if j.Name != "" {
		out["JobName"] = j.Name
	}
	if !j.Ended.IsZero() {
		out["EndTime"] = float64(j.Ended.Unix())
	}
	return out
}

func (d *Doors) describeImport(_ *http.Request, dec *json.Decoder) (any, error) {
	var in struct{ DatastoreId, JobId string }
	if err := dec.Decode(&in); err != nil {
		return nil, invalid("the request is no good JSON")
	}
	var j importJob
	if !bda.ValidJob(in.JobId) || d.load("imports/"+in.JobId+".json", &j) != nil {
		return nil, missing("there is no such import job")
	}
	return map[string]any{"ImportJobProperties": d.properties(j)}, nil
}

func (d *Doors) listImports(_ *http.Request, dec *json.Decoder) (any, error) {
	var in struct{ DatastoreId, JobStatus string }
	if err := dec.Decode(&in); err != nil {
		return nil, invalid("the request is no good JSON")
	}
	keys, err := d.Objects.blobs.List("imports")
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, k := range keys {
		var j importJob
		if d.load(k, &j) == nil && (in.JobStatus == "" || in.JobStatus == j.State) {
			all = append(all, d.properties(j))
		}
	}
	return map[string]any{"ImportJobPropertiesList": all}, nil
}

func (d *Doors) resumeImports() error {
	keys, err := d.Objects.blobs.List("imports")
	if err != nil {
		return err
	}
	for _, k := range keys {
		var j importJob
		if d.load(k, &j) == nil && j.Ended.IsZero() {
			d.background(func(ctx context.Context) { d.runImport(ctx, j) })
		}
	}
	return nil
}

// runImport stores every line below the input's prefix and writes the manifest
// and logs as HealthLake does. Doing it again stores the same resources again.
func (d *Doors) runImport(ctx context.Context, j importJob) {
	j.State = "IN_PROGRESS"
	err := d.save(j.key(), j)
	if err == nil {
		err = d.importAll(ctx, &j)
	}
	if ctx.Err() != nil {
		return
	}
	switch j.Ended = d.Now().UTC(); {
	case err != nil:
		j.State = "FAILED"
		d.Logger.Warn("import failed", "import", j.ID)
	case j.Counts.Refused > 0:
		j.State = "COMPLETED_WITH_ERRORS"
	default:
		j.State = "COMPLETED"
	}
	if err := d.save(j.key(), j); err != nil {
		d.Logger.Error("import not recorded", "import", j.ID, "error", err)
	}
}

func (d *Doors) importAll(ctx context.Context, j *importJob) error {
	from, _ := bda.ParseURI(j.Input)
	to, _ := bda.ParseURI(j.Output)
	folder := strings.TrimSuffix(to.Key, "/") + "/" + d.Datastore + "-FHIR_IMPORT-" + j.ID + "/"
	files, err := d.Objects.list(from.Bucket, from.Key)
	if err != nil {
		return err
	}
	j.Counts = counts{}
	for _, f := range files {
		if !strings.HasSuffix(f.Key, ".ndjson") {
			continue
		}
		data, err := d.Objects.Read(ctx, from.Bucket, f.Key)
		if err != nil {
			return err
		}
		j.Counts.Files++
		good, bad := d.importFile(ctx, data, &j.Counts)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for kind, log := range map[string][]byte{"SUCCESS/": good, "FAILURE/": bad} {
			if len(log) > 0 {
				if err := d.Objects.Write(ctx, to.Bucket, folder+kind+path.Base(f.Key), log); err != nil {
					return err
				}
			}
		}
	}
	at := "s3://" + to.Bucket + "/" + folder
	manifest, err := json.Marshal(map[string]any{"inputDataConfig": map[string]string{"s3Uri": j.Input},
		"outputDataConfig": map[string]string{"s3Uri": at, "encryptionKeyID": j.Key},
		"successOutput":    map[string]string{"successOutputS3Uri": at + "SUCCESS/"}, "failureOutput": map[string]string{"failureOutputS3Uri": at + "FAILURE/"},
		"numberOfScannedFiles": j.Counts.Files, "numberOfFilesImported": j.Counts.Files, "numberOfResourcesScanned": j.Counts.Scanned,
		"numberOfResourcesImportedSuccessfully": j.Counts.Imported, "numberOfResourcesWithCustomerError": j.Counts.Refused, "numberOfResourcesWithServerError": 0})
	if err != nil {
		return err
	}
	return d.Objects.Write(ctx, to.Bucket, folder+"manifest.json", manifest)
}

var (
	resourceType = regexp.MustCompile(`^[A-Za-z]{1,256}$`)
	resourceID   = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)
)

// chunk is how many lines are stored at once.
const chunk = 200

// importFile stores the lines of a file, many at once; where one of them is
// refused each is tried by itself.
func (d *Doors) importFile(ctx context.Context, data []byte, n *counts) (good, bad []byte) {
	var lines []line
	for i, text := range bytes.Split(data, []byte("\n")) {
		if text = bytes.TrimSpace(text); len(text) > 0 {
			n.Scanned++
			lines = append(lines, line{number: i + 1, text: text})
		}
	}
	note := func(l line, why string) {
		if why == "" {
			n.Imported++
			good = fmt.Appendf(good, "{\"lineId\":%d,\"UpdateResourceResponse\":{\"statusCode\":200}}\n", l.number)
			return
		}
		n.Refused++
		bad = fmt.Appendf(bad, "{\"lineId\":%d,\"UpdateResourceResponse\":{\"jsonBlob\":{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"processing\",\"diagnostics\":%q}]},\"statusCode\":400}}\n", l.number, why)
	}
	var fit []line
	for _, l := range lines {
		if why := l.check(); why != "" {
			note(l, why)
			continue
		}
		fit = append(fit, l)
	}
	for part := range slices.Chunk(fit, chunk) {
		if d.Import(ctx, bundle(part)) == nil {
			for _, l := range part {
				note(l, "")
			}
			continue
		}
		for _, l := range part {
			why := ""
			if d.Import(ctx, bundle([]line{l})) != nil {
				why = "The resource was refused"
			}
			note(l, why)
		}
	}
	return good, bad
}

type line struct {
	number int
	text   []byte
}

func (l *line) check() string {
	var r struct {
		Type string `json:"resourceType"`
		ID   string `json:"id"`
	}
	switch err := json.Unmarshal(l.text, &r); {
	case err != nil:
		return "The line is no good JSON"
	case !resourceType.MatchString(r.Type):
		return "Missing required resourceType field in resource json"
	case !resourceID.MatchString(r.ID):
		return "Missing required id field in resource json"
	}
	return ""
}

// bundle is a transaction that puts each line under its id.
func bundle(lines []line) []byte {
	b := []byte(`{"resourceType":"Bundle","type":"transaction","entry":[`)
	for i, l := range lines {
		var r struct {
			Type string `json:"resourceType"`
			ID   string `json:"id"`
		}
		if json.Unmarshal(l.text, &r) != nil {
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"resource":%s,"request":{"method":"PUT","url":"%s/%s"}}`, l.text, r.Type, r.ID)
	}
	return append(b, `]}`...)
}
