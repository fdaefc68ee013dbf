// Package bda knows Amazon Bedrock Data Automation (BDA) as it is met in S3 and
// in events: which object keys it takes, where it writes a job's results, what
// its job_metadata.json and its results need before they can be trusted. It
// calls nothing.
//
// A job writes
//
//	<prefix>/<job>/job_metadata.json
//	<prefix>/<job>/<asset>/standard_output/<segment>/result.json
//	<prefix>/<job>/<asset>/custom_output/<segment>/result.json   (none where no blueprint matched)
//
// and some more objects, so a job is taken as a whole, by its metadata, and never
// by a result that appears.
package bda

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// Object is an object in S3. Version is empty where it is not known.
type Object struct {
	Bucket  string `json:"bucket"`
	Key     string `json:"key"`
	Version string `json:"versionId,omitempty"`
}

// URI is the object as s3://bucket/key.
func (o Object) URI() string { return "s3://" + o.Bucket + "/" + o.Key }

// Versioned reports whether it is one version of several. Buckets without versions
// say "null".
func (o Object) Versioned() bool { return o.Version != "" && o.Version != "null" }

// Address is the object as a URI that may stand in FHIR: the key percent-encoded.
func (o Object) Address() string {
	return (&url.URL{Scheme: "s3", Host: o.Bucket, Path: "/" + o.Key}).String()
}

// ParseURI reads s3://bucket/key. The error does not repeat the key.
func ParseURI(uri string) (Object, error) {
	rest, ok := strings.CutPrefix(uri, "s3://")
	bucket, key, _ := strings.Cut(rest, "/")
	if !ok || bucket == "" || key == "" {
		return Object{}, errors.New("read S3 address: it is not s3://bucket/key")
	}
	return Object{Bucket: bucket, Key: key}, nil
}

// The states of a job, as GetDataAutomationStatus gives them.
const (
	Created      = "Created"
	InProgress   = "InProgress"
	Success      = "Success"
	ServiceError = "ServiceError"
	ClientError  = "ClientError"
)

// Status is what BDA says of a job.
type Status struct {
	State string
	// Kind is BDA's error type; its message is left out, it may quote the paper.
	Kind string
	// Metadata is the job_metadata.json of a job that succeeded.
	Metadata Object
}

// Segment is one logical document of a job.
type Segment struct {
	// Result is the segment's custom output; without a key where nothing matched.
	Result Object
	// Match is MATCH, NO_MATCH, or a word of later years.
	Match string
}

// Job is what job_metadata.json says.
type Job struct {
	ID       string
	Input    Object
	Segments []Segment
}

// Unmatched is the number of segments without a result.
func (j Job) Unmatched() int {
	n := 0
	for _, s := range j.Segments {
		if s.Result.Key == "" {
			n++
		}
	}
	return n
}

// ParseJob reads job_metadata.json, which lies at the given place. Results must
// lie below the same folder: a job's metadata can't point elsewhere.
func ParseJob(data []byte, at Object) (Job, error) {
	var in struct {
		ID     string `json:"job_id"`
		Assets []struct {
			Input struct {
				Bucket string `json:"s3_bucket"`
				Key    string `json:"s3_key"`
			} `json:"asset_input_path"`
			Segments []struct {
				Custom string `json:"custom_output_path"`
				Status string `json:"custom_output_status"`
			} `json:"segment_metadata"`
		} `json:"output_metadata"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return Job{}, errors.New("read job metadata: it is no good JSON")
	}
	// The service takes one input a job, so there is one asset.
	if len(in.Assets) != 1 {
		return Job{}, fmt.Errorf("read job metadata: it names %d assets, not 1", len(in.Assets))
	}
	a := in.Assets[0]
	job := Job{ID: in.ID, Input: Object{Bucket: a.Input.Bucket, Key: a.Input.Key}}
	folder := path.Dir(at.Key) + "/"
	for _, s := range a.Segments {
		seg := Segment{Match: s.Status}
		if s.Custom != "" {
			o, err := ParseURI(s.Custom)
			if err != nil || o.Bucket != at.Bucket || !strings.HasPrefix(path.Clean(o.Key), folder) {
				return Job{}, errors.New("read job metadata: a result lies outside the job's folder")
			}
			seg.Result = o
		}
		job.Segments = append(job.Segments, seg)
	}
	return job, nil
}

// JobOfKey returns the job whose job_metadata.json has this key.
func JobOfKey(key string) (job string, ok bool) {
	dir, base := path.Split(key)
	job = path.Base(dir)
	return job, base == "job_metadata.json" && ValidJob(job)
}

// ValidJob reports whether a string can be a job's id; it comes into ARNs and keys.
func ValidJob(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, r := range id {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-') {
			return false
		}
	}
	return true
}
