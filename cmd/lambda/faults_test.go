package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/bda"
)

const (
	invoke = "InvokeDataAutomationAsync"
	status = "GetDataAutomationStatus"
)

// BDA is throttled, then has 1,800 open jobs, then the credentials have expired:
// each time the message goes back, nothing is lost and nothing is dead.
func TestFaultsOfBDA(t *testing.T) {
	s := doorsStack(t)
	s.bda.fail(invoke, 400, "ThrottlingException", 4) // the SDK itself tries three times
	s.bda.fail(invoke, 400, "ServiceQuotaExceededException", 2)
	s.bda.fail(invoke, 403, "ExpiredTokenException", 1)
	s.scan(quick, "a.pdf")
	until(t, "FHIR", func() bool { return s.count("Patient") > 0 })
	s.settled()
	if n := s.bda.count(invoke); n < 8 {
		t.Errorf("BDA was asked %d times", n)
	}
}

// BDA fails by its own fault: the document is tried again under other tokens, and
// after the third time it is dead.
func TestServiceErrorsOfBDA(t *testing.T) {
	s := doorsStack(t)
	wrong := map[string]bool{}
	s.bda.after = func(op string, r *http.Response) error {
		if op == status {
			return replace(r, func(text string) string {
				for old := range wrong {
					text = strings.Replace(text, old, bda.ServiceError, 1)
				}
				return text
			})
		}
		return nil
	}
	wrong[bda.Success] = true
	s.scan(quick, "a.pdf")
	if got := s.dead("processor", 1); !strings.HasPrefix(got[0], "bda-service-error: ") {
		t.Errorf("reasons %v", got)
	}
	if n := len(s.keys("jobs/done/")); n != 3 || s.count("Patient") != 0 {
		t.Errorf("%d jobs ended, %d patients", n, s.count("Patient"))
	}
}

// Events come twice, late, and in the wrong order, together with the files BDA
// writes: one job, one set of resources, whose versions stay.
func TestDuplicatesAndDisorder(t *testing.T) {
	s := doorsStack(t)
	s.scan(quick, "a b.pdf")
	until(t, "FHIR", func() bool { return s.count("Patient") > 0 })
	s.settled()
	before := map[string]int{}
	for _, kind := range []string{"Patient", "Observation", "Provenance", "DocumentReference", "Condition", "MedicationRequest"} {
		before[kind] = s.count(kind)
	}
	job := strings.TrimSuffix(strings.TrimPrefix(s.keys("jobs/done/")[0], "jobs/done/"), ".json")
	event := func(kind string) string {
		return `{"version":"0","detail-type":"Bedrock Data Automation Job ` + kind + `","source":"aws.bedrock","detail":{"job_id":"` + job + `"}}`
	}
	begun := s.bda.count(invoke)
	for range 2 {
		s.send("processor", event("Succeeded"))
		s.send("trigger", `{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"chart-in"},"object":{"key":"a+b.pdf","size":9}}}]}`)
		s.send("processor", event("Created"))
		s.send("processor", event("Failed With Client Error"))
	}
	until(t, "the repeats to be handled", func() bool { return s.bda.count(invoke) == begun+2 })
	s.settled()
	for kind, n := range before {
		if got := s.count(kind); got != n {
			t.Errorf("%d of %s, %d before", got, kind, n)
		}
	}
	if n := len(s.keys("jobs/done/")); n != 1 {
		t.Errorf("%d jobs", n)
	}
	data, err := s.plane.Do(t.Context(), "GET", "Patient/_history", nil)
	if err != nil || strings.Count(string(data), `"versionId":"2"`) != 0 {
		t.Errorf("a patient was written again: %v", err)
	}
}

// EventBridge loses the event: the sweep finds the job.
func TestMissingEvent(t *testing.T) {
	s := doorsStack(t)
	eventBridge(t, s.doors, "RemoveTargets", object{"Rule": "read", "Ids": []string{"processor"}})
	s.scan(quick, "a.pdf")
	until(t, "the job's files", func() bool {
		return slices.ContainsFunc(s.keys("bda/"), func(k string) bool { return strings.HasSuffix(k, "/job_metadata.json") })
	})
	s.quiet()
	if n := s.count("Patient"); n != 0 {
		t.Fatalf("%d patients without an event", n)
	}
	until(t, "FHIR", func() bool {
		s.send("processor", `{"paperchart":"sweep"}`)
		s.quiet()
		return s.count("Patient") > 0
	})
	s.settled()
}

// A batch with a document, with what is none, with what is no message, and with a
// message whose bucket is another: each has its own end.
func TestPartialBatch(t *testing.T) {
	s := doorsStack(t)
	record := func(bucket, key string) string {
		return `{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"` + bucket + `"},"object":{"key":"` + key + `","size":9}}}]}`
	}
	s.bda.fail(invoke, 400, "ThrottlingException", 3)
	s.send("trigger", "nonsense")
	s.send("trigger", record("chart-in", "list.xlsx"))
	s.send("trigger", record("elsewhere", "a.pdf"))
	s.scan(quick, "a.pdf")
	got := s.dead("trigger", 3)
	slices.Sort(got)
	for i, want := range []string{"not-a-document: ", "not-a-message: ", "other-bucket: "} {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("reasons %v", got)
		}
	}
	until(t, "FHIR", func() bool { return s.count("Patient") > 0 })
	s.quiet()
}

// A message that no try can handle ends among the dead letters by itself, however
// often the function says that it may be tried again.
func TestPoisonIsBuriedByTheQueue(t *testing.T) {
	s := doorsStack(t)
	s.bda.fail(invoke, 500, "InternalServerException", 1000)
	s.scan(quick, "a.pdf")
	until(t, "the dead letter", func() bool { return !s.idle("trigger-dead") })
	if !s.idle("trigger") || s.count("Patient") != 0 {
		t.Error("the message is in two places")
	}
}

// HealthLake takes no more imports, then one with lines that it refuses: nothing
// is lost, and what was refused is told with its lines.
func TestFaultsOfImports(t *testing.T) {
	s := doorsStack(t)
	s.lake.fail("StartFHIRImportJob", 400, "ThrottlingException", 3) // the 27th job
	put(t, s.s3, "chart-out", "import/pending/0123456789abcdef/Patient.ndjson", []byte(
		`{"resourceType":"Patient","id":"good"}`+"\n"+`{"resourceType":"Patient","id":"bad","gender":"unheard-of"}`+"\n"))
	s.send("processor", `{"paperchart":"sweep"}`)
	got := s.dead("processor", 1)
	if !strings.HasPrefix(got[0], "import-refused: ") || !strings.Contains(got[0], "refused 1 of 2 resources") {
		t.Errorf("reasons %v", got)
	}
	if s.count("Patient") != 1 || len(s.keys("import/pending/")) != 0 || s.lake.count("StartFHIRImportJob") < 4 {
		t.Errorf("%d patients, %v waiting, asked %d times", s.count("Patient"), s.keys("import/pending/"), s.lake.count("StartFHIRImportJob"))
	}
	failed := s.keys("import/failed/")
	if len(failed) != 1 {
		t.Fatalf("recorded %v", failed)
	}
	if got := fmt.Sprintf("%s", body(t, s.s3, "chart-out", failed[0])); !strings.Contains(got, `"line":2,"status":422`) {
		t.Errorf("recorded %s", got)
	}
}
