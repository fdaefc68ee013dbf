package cloud

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/paperchart/paperchart/internal/bda"
)

// Document is an original and which try this is. It is also a message of its own:
// what is sent back for another try.
type Document struct {
	bda.Object
	// Size is in bytes, 0 where the message does not say.
	Size int64 `json:"size,omitempty"`
	Try  int   `json:"try,omitempty"`
}

// message is what a queue may hold: an S3 event, an S3 test event, an EventBridge
// event, or a message of our own.
type message struct {
	Own      string          `json:"paperchart"`
	Document Document        `json:"document"`
	Job      string          `json:"job"`
	Batch    string          `json:"batch"`
	Event    string          `json:"Event"` // "s3:TestEvent"
	Records  []record        `json:"Records"`
	Source   string          `json:"source"`
	Kind     string          `json:"detail-type"`
	Detail   json.RawMessage `json:"detail"`
}

// record is what is needed of S3's event. Other servers than AWS write the rest,
// such as its time, in their own ways.
type record struct {
	EventName string `json:"eventName"`
	S3        struct {
		Bucket struct {
			Name string `json:"name"`
		} `json:"bucket"`
		Object struct {
			Key       string `json:"key"`
			Size      int64  `json:"size"`
			VersionID string `json:"versionId"`
		} `json:"object"`
	} `json:"s3"`
}

// The messages of our own, in the member "paperchart".
const (
	ownDocument = "document" // begin a job for a document
	ownJob      = "job"      // look what became of a job
	ownImport   = "import"   // begin an import batch
	ownSweep    = "sweep"    // look for what was forgotten
)

// encode writes a message of our own.
func encode(kind string, more map[string]any) string {
	m := map[string]any{"paperchart": kind}
	for k, v := range more {
		m[k] = v
	}
	data, _ := json.Marshal(m) // strings and numbers only
	return string(data)
}

func parse(body string) (message, error) {
	var m message
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return m, refuse("not-a-message", "the body is no good JSON")
	}
	return m, nil
}

// documents are the originals that a message names. The test event that S3 sends
// when it is set up names none, and neither does a deletion.
func (m message) documents() ([]Document, error) {
	if m.Own == ownDocument && m.Document.Key != "" && m.Document.Bucket != "" && m.Document.Try >= 0 {
		return []Document{m.Document}, nil
	}
	if m.Event == "s3:TestEvent" {
		return nil, nil
	}
	if m.Own != "" || m.Records == nil {
		return nil, refuse("not-a-message", "it is no event of S3")
	}
	var all []Document
	for _, r := range m.Records {
		// Other servers than AWS write "s3:ObjectCreated:Put".
		if !strings.HasPrefix(strings.TrimPrefix(r.EventName, "s3:"), "ObjectCreated:") {
			continue
		}
		// Keys are form-encoded: a space is "+", a plus sign "%2B".
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil || key == "" || r.S3.Bucket.Name == "" {
			return nil, refuse("not-a-message", "its object key can't be read")
		}
		if strings.HasSuffix(key, "/") && r.S3.Object.Size == 0 {
			continue // a folder made in the console
		}
		all = append(all, Document{Object: bda.Object{Bucket: r.S3.Bucket.Name, Key: key, Version: r.S3.Object.VersionID}, Size: r.S3.Object.Size})
	}
	return all, nil
}

// work is what the processor is asked to do: one of its members is set.
type work struct {
	job   string // look what became of a BDA job
	asked bool   // ... even where its failure is recorded
	// document is the original of the job, or, without a job, one to begin again.
	document Document
	batch    string // begin an import batch again
	imp      imported
	sweep    bool
}

// imported is HealthLake's word on an import job.
type imported struct {
	Job       string `json:"jobId"`
	Datastore string `json:"datastoreId"`
	Input     struct {
		URI string `json:"s3Uri"`
	} `json:"inputDataConfig"`
	failed bool
}

// work reads what a message asks for; none where it is of no concern.
func (m message) work() ([]work, error) {
	switch {
	case m.Own == ownSweep:
		return []work{{sweep: true}}, nil
	case m.Own == ownJob && bda.ValidJob(m.Job):
		return []work{{job: m.Job, asked: true, document: m.Document}}, nil
	case m.Own == ownDocument && m.Document.Key != "" && m.Document.Bucket != "" && m.Document.Try >= 0:
		return []work{{document: m.Document}}, nil
	case m.Own == ownImport && bda.ValidJob(m.Batch):
		return []work{{batch: m.Batch}}, nil
	case m.Source == "aws.bedrock":
		return m.bdaWork()
	case m.Source == "aws.healthlake":
		return m.importWork()
	case m.Event == "s3:TestEvent":
		return nil, nil
	case m.Records != nil:
		return m.objectWork()
	}
	return nil, refuse("not-a-message", "it is no event this function knows")
}

// bdaWork reads an event of BDA's. The shape of the failure events is documented
// nowhere, so only the job is taken from any of them, and the rest is asked.
func (m message) bdaWork() ([]work, error) {
	if !strings.HasPrefix(m.Kind, "Bedrock Data Automation Job ") || strings.HasSuffix(m.Kind, " Created") {
		return nil, nil
	}
	var d struct {
		Job string `json:"job_id"`
	}
	if err := json.Unmarshal(m.Detail, &d); err != nil || !bda.ValidJob(d.Job) {
		return nil, refuse("not-a-message", "the event names no job")
	}
	return []work{{job: d.Job}}, nil
}

func (m message) importWork() ([]work, error) {
	if !strings.HasPrefix(m.Kind, "Import Job ") {
		return nil, nil
	}
	var d imported
	if err := json.Unmarshal(m.Detail, &d); err != nil || !bda.ValidJob(d.Job) || !bda.ValidJob(d.Datastore) {
		return nil, refuse("not-a-message", "the event names no import job")
	}
	switch m.Kind {
	case "Import Job Completed", "Import Job Completed With Errors":
		return []work{{imp: d}}, nil
	case "Import Job Failed":
		d.failed = true
		return []work{{imp: d}}, nil
	}
	return nil, nil // submitted, in progress
}

// objectWork reads S3's own events: job_metadata.json is written last, or the job
// is looked for again.
func (m message) objectWork() ([]work, error) {
	var all []work
	for _, r := range m.Records {
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil {
			return nil, refuse("not-a-message", "its object key can't be read")
		}
		if job, ok := bda.JobOfKey(key); ok {
			all = append(all, work{job: job})
		}
	}
	return all, nil
}
