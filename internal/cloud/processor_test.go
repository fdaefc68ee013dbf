package cloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/convert"
	"github.com/paperchart/paperchart/internal/result"
)

func (w *world) doneRecord(job string) Done {
	var d Done
	if err := json.Unmarshal(w.objects["out/"+doneKey(job)], &d); err != nil {
		w.bucketful.t.Errorf("no end recorded for %s", job)
	}
	return d
}

func TestProcessorMakesFHIR(t *testing.T) {
	w := newWorld(t)
	w.finished("job-1", 2)
	w.objects["input/wilkins [1].pdf"] = w.objects["input/wilkins.pdf"]
	w.objects["out/"+openKey("job-1")] = []byte(`{"bucket":"input","key":"wilkins [1].pdf","versionId":"v1","begun":"2026-11-23T11:00:00Z"}`)
	if f := w.proc(bdaEvent("Succeeded", "job-1")); f != "" || len(w.deadP.bodies) != 0 {
		t.Fatalf("back %q, dead %v", f, w.deadP.reasons)
	}
	d := w.doneRecord("job-1")
	if d.State != "done" || d.Route != "transaction" || d.Unmatched != 1 || d.Segments != 2 || d.Patients != 1 || len(w.keys("out/jobs/open/")) != 0 {
		t.Errorf("%+v", d)
	}
	bundle := string(w.bundles[0])
	for _, want := range []string{`"s3://input/wilkins%20%5B1%5D.pdf"`, `"family": "Wilkins"`, `"Drug 1`, "Amazon Bedrock Data Automation"} {
		if !strings.Contains(bundle, want) {
			t.Errorf("the bundle lacks %s", want)
		}
	}
	// A heart rate of 0 without a place, the blank BMI, the blank row are nowhere.
	if strings.Contains(bundle, "8867-4") || strings.Contains(bundle, "39156-5") || strings.Count(bundle, `"resourceType": "MedicationStatement"`)+strings.Count(bundle, `"resourceType": "MedicationRequest"`) != 2 {
		t.Errorf("the bundle holds what is not on the paper")
	}
	files := w.keys("out/fhir/")
	if !slices.ContainsFunc(files, func(k string) bool { return strings.HasSuffix(k, "/ndjson/Patient.ndjson") }) || len(w.keys("out/import/")) != 0 {
		t.Errorf("files %v", files)
	}
}

func TestProcessorDuplicatesAndOtherEvents(t *testing.T) {
	w := newWorld(t)
	w.finished("job-1", 1)
	metadata := strings.Replace(s3Event("bda/job-1/job_metadata.json"), `"name":"input"`, `"name":"out"`, 1)
	other := strings.Replace(s3Event("bda/job-1/0/.s3_access_check"), `"name":"input"`, `"name":"out"`, 1)
	f := w.proc(bdaEvent("Created", "job-1"), other, metadata, bdaEvent("Succeeded", "job-1"), bdaEvent("Succeeded", "job-1"))
	if f != "" || len(w.bundles) != 1 || len(w.deadP.bodies) != 0 {
		t.Errorf("back %q, %d bundles, dead %v", f, len(w.bundles), w.deadP.reasons)
	}
}

// The end comes before the record of the beginning: the late record is forgotten
// by the next word on the job.
func TestProcessorReordered(t *testing.T) {
	w := newWorld(t)
	w.finished("job-1", 1)
	w.proc(bdaEvent("Succeeded", "job-1"))
	w.objects["out/"+openKey("job-1")] = []byte(`{"bucket":"input","key":"wilkins.pdf"}`)
	w.times["out/"+openKey("job-1")] = noon.Add(-time.Hour)
	w.proc(`{"paperchart":"sweep"}`)
	if len(w.own.bodies) != 1 {
		t.Fatalf("reminders %v", w.own.bodies)
	}
	if f := w.proc(w.own.bodies...); f != "" || len(w.bundles) != 1 || len(w.keys("out/jobs/open/")) != 0 {
		t.Errorf("back %q, %d bundles, open %v", f, len(w.bundles), w.keys("out/jobs/open/"))
	}
}

// The function is killed at each of its writes in turn; repeating gives the same.
func TestProcessorKilledAnywhere(t *testing.T) {
	whole := newWorld(t)
	whole.finished("job-1", 2)
	whole.proc(bdaEvent("Succeeded", "job-1"))
	for at := 1; at <= whole.writes; at++ {
		w := newWorld(t)
		w.finished("job-1", 2)
		w.dieAt = at
		if f := w.proc(bdaEvent("Succeeded", "job-1")); f != "m0" {
			t.Errorf("write %d: back %q", at, f)
		}
		w.proc(bdaEvent("Succeeded", "job-1"))
		if !slices.Equal(w.keys("out/"), whole.keys("out/")) {
			t.Errorf("write %d: files differ", at)
		}
		for _, b := range w.bundles {
			if string(b) != string(whole.bundles[0]) {
				t.Errorf("write %d: the bundle differs", at)
			}
		}
	}
}

func TestProcessorBeforeTheEnd(t *testing.T) {
	w := newWorld(t)
	w.status["job-1"] = bda.Status{State: bda.InProgress}
	if f := w.proc(bdaEvent("Succeeded", "job-1")); f != "m0" || len(w.deadP.bodies) != 0 {
		t.Errorf("back %q, dead %v", f, w.deadP.reasons)
	}
}

func TestProcessorBDAErrors(t *testing.T) {
	w := newWorld(t)
	w.status["job-1"] = bda.Status{State: bda.ClientError}
	if f := w.proc(bdaEvent("Failed With Client Error", "job-1"), bdaEvent("Failed With Client Error", "job-1")); f != "" || len(w.deadP.bodies) != 1 || !strings.HasPrefix(w.deadP.reasons[0], "bda-client-error") {
		t.Errorf("client error: back %q, dead %v", f, w.deadP.reasons)
	}
	// The service's own error: twice more, under other tokens, and then no more.
	w = newWorld(t)
	w.trig(s3Event("wilkins.pdf"))
	for range 5 {
		open := w.keys("out/jobs/open/")
		if len(open) == 0 {
			break
		}
		job := strings.TrimSuffix(strings.TrimPrefix(open[0], "out/jobs/open/"), ".json")
		w.status[job] = bda.Status{State: bda.ServiceError}
		w.proc(bdaEvent("Failed With Service Error", job))
		w.trig(w.back.bodies...)
		w.back.bodies = nil
	}
	slices.Sort(w.tokens)
	if n := len(slices.Compact(w.tokens)); n != 3 || len(w.deadP.bodies) != 1 {
		t.Errorf("service error: %d tries, dead %v", n, w.deadP.reasons)
	}
}

func TestSweepFindsWhatNoEventEnded(t *testing.T) {
	w := newWorld(t)
	for _, job := range []string{"old", "young", "going"} {
		w.objects["out/"+openKey(job)] = []byte(`{"bucket":"input","key":"wilkins.pdf"}`)
		w.times["out/"+openKey(job)] = noon.Add(-time.Hour)
		w.finished(job, 1)
	}
	w.times["out/"+openKey("young")] = noon.Add(-time.Minute)
	w.status["going"] = bda.Status{State: bda.InProgress}
	if f := w.proc(`{"paperchart":"sweep"}`); f != "" || len(w.own.bodies) != 1 || !strings.Contains(w.own.bodies[0], `"old"`) {
		t.Fatalf("back %q, reminders %v", f, w.own.bodies)
	}
	if f := w.proc(w.own.bodies...); f != "" || w.doneRecord("old").State != "done" {
		t.Errorf("back %q", f)
	}
}

func TestProcessorRefusals(t *testing.T) {
	for reason, break_ := range map[string]func(*world){
		"bad-result":   func(w *world) { w.objects["out/bda/job-1/0/custom_output/0/result.json"] = []byte("{") },
		"bad-metadata": func(w *world) { w.objects["out/bda/job-1/job_metadata.json"] = []byte("{") },
		"gone":         func(w *world) { delete(w.objects, "input/wilkins.pdf") },
		"no-such-job":  func(w *world) { delete(w.status, "job-1") },
		"other-bucket": func(w *world) {
			w.status["job-1"] = bda.Status{State: bda.Success, Metadata: bda.Object{Bucket: "elsewhere", Key: "bda/job-1/job_metadata.json"}}
		},
		"no-match": func(w *world) {
			m := string(w.objects["out/bda/job-1/job_metadata.json"])
			w.objects["out/bda/job-1/job_metadata.json"] = []byte(strings.Replace(m, `"custom_output_path"`, `"x"`, 1))
		},
		"healthlake-refused": func(w *world) { w.transaction = refuse("healthlake-refused", "400 (processing)") },
	} {
		w := newWorld(t)
		w.finished("job-1", 1)
		break_(w)
		if f := w.proc(bdaEvent("Succeeded", "job-1")); f != "" || len(w.deadP.reasons) != 1 || !strings.HasPrefix(w.deadP.reasons[0], reason+": ") {
			t.Errorf("%s: back %q, dead %v", reason, f, w.deadP.reasons)
			continue
		}
		if d := w.doneRecord("job-1"); d.State != "failed" || d.Reason != reason {
			t.Errorf("%s: recorded %+v", reason, d)
		}
	}
}

// A dead letter that is redriven after the cause was mended.
// Who reviews is told of a document once its FHIR is kept, and of nothing in it.
func TestProcessorAsksPeople(t *testing.T) {
	w := newWorld(t)
	people := &mailbox{guard: w.guard, name: "ReviewQueue"}
	w.processor.Review = people
	w.finished("job-1", 2) // a segment of it is unmatched
	if f := w.proc(bdaEvent("Succeeded", "job-1"), bdaEvent("Succeeded", "job-1")); f != "" || len(people.bodies) != 1 {
		t.Fatalf("back %q, asked %v", f, people.bodies)
	}
	var ask struct {
		Document, Job, Bundle string
		Fields, Unmatched     int
	}
	d := w.doneRecord("job-1")
	if err := json.Unmarshal([]byte(people.bodies[0]), &ask); err != nil || ask.Job != "job-1" || ask.Document != d.Document || ask.Unmatched != 1 || ask.Fields != d.Review {
		t.Errorf("%s, %v", people.bodies[0], err)
	}
	if _, ok := w.objects[strings.TrimPrefix(ask.Bundle, "s3://")]; !ok || strings.Contains(people.bodies[0], "ilkins") {
		t.Errorf("asked for %s", people.bodies[0])
	}
	// What is sure bothers nobody.
	sure := newWorld(t)
	sure.processor.Review = people
	sure.processor.Convert = func(docs []result.Document, _ string) (convert.Output, error) {
		return (&convert.Converter{}).Convert(docs)
	}
	sure.finished("job-2", 2)
	meta := sure.objects["out/bda/job-2/job_metadata.json"]
	i := bytes.Index(meta, []byte(`,{"standard_output_path"`))
	sure.objects["out/bda/job-2/job_metadata.json"] = append(meta[:i:i], []byte("]}]}")...)
	if f := sure.proc(bdaEvent("Succeeded", "job-2")); f != "" || len(people.bodies) != 1 {
		t.Errorf("back %q, asked %v, done %+v", f, people.bodies[1:], sure.doneRecord("job-2"))
	}
}

func TestProcessorRedrive(t *testing.T) {
	w := newWorld(t)
	w.finished("job-1", 1)
	w.transaction = refuse("healthlake-refused", "400")
	w.proc(bdaEvent("Succeeded", "job-1"))
	w.transaction = nil
	if f := w.proc(w.deadP.bodies[0]); f != "" || w.doneRecord("job-1").State != "done" {
		t.Errorf("back %q, %+v", f, w.doneRecord("job-1"))
	}
}

// A document that BDA could not read gets another reading when its dead letter is
// redriven, and one that the store refused is still known by its original, though
// the copy that BDA read is long gone.
func TestRedriveReachesTheOriginal(t *testing.T) {
	w := newWorld(t)
	w.trig(s3Event("wilkins.pdf"))
	job := strings.TrimSuffix(strings.TrimPrefix(w.keys("out/jobs/open/")[0], "out/jobs/open/"), ".json")
	w.status[job] = bda.Status{State: bda.ClientError}
	w.proc(bdaEvent("Failed With Client Error", job))
	if f := w.proc(w.deadP.bodies...); f != "" || len(w.back.bodies) != 1 {
		t.Fatalf("back %q, to the trigger %v", f, w.back.bodies)
	}
	if f := w.trig(w.back.bodies...); f != "" || len(w.tokens) != 2 || w.tokens[0] == w.tokens[1] {
		t.Fatalf("back %q, tokens %v", f, w.tokens)
	}

	next := strings.TrimSuffix(strings.TrimPrefix(w.keys("out/jobs/open/")[0], "out/jobs/open/"), ".json")
	w.finished(next, 1)
	meta := "out/bda/" + next + "/job_metadata.json"
	w.objects[meta] = bytes.Replace(w.objects[meta], []byte(`"s3_bucket":"input","s3_key":"`), []byte(`"s3_bucket":"out","s3_key":"staged/x/`), 1)
	w.transaction = refuse("healthlake-refused", "400")
	w.proc(bdaEvent("Succeeded", next))
	w.transaction = nil
	for _, k := range w.keys("out/staged/") {
		delete(w.objects, k)
	}
	if f := w.proc(w.deadP.bodies[1]); f != "" || w.doneRecord(next).State != "done" {
		t.Fatalf("back %q, %+v", f, w.doneRecord(next))
	}
	if !strings.Contains(string(w.bundles[0]), `"s3://input/wilkins.pdf"`) {
		t.Error("the bundle does not lead to the original")
	}
}

func TestProcessorStoreTroubleGoesBack(t *testing.T) {
	w := newWorld(t)
	w.finished("job-1", 1)
	w.transaction = fmt.Errorf("post: %w", ErrBusy)
	if f := w.proc(bdaEvent("Succeeded", "job-1"), bdaEvent("Succeeded", "job-2")); f != "m0 m1" || len(w.deadP.bodies) != 0 {
		t.Errorf("back %q, dead %v", f, w.deadP.reasons)
	}
}

// Many resources go by import: one job for all that waits, one at a time.
func TestImports(t *testing.T) {
	w := newWorld(t)
	w.finished("job-1", 80)
	w.proc(bdaEvent("Succeeded", "job-1"))
	if d := w.doneRecord("job-1"); d.Route != "import" || len(w.bundles) != 0 || len(w.keys("out/import/pending/")) == 0 {
		t.Fatalf("%+v", d)
	}
	w.running = true
	if w.proc(`{"paperchart":"sweep"}`); len(w.imports) != 0 {
		t.Error("an import was begun beside another")
	}
	w.running = false
	w.importRefuse = fmt.Errorf("start: %w", ErrBusy) // the 26th job
	if f := w.proc(`{"paperchart":"sweep"}`); f != "m0" || len(w.keys("out/import/pending/")) == 0 {
		t.Errorf("back %q", f)
	}
	w.importRefuse = nil
	w.dieAt = w.writes + len(w.keys("out/import/pending/")) + 2 // while the gathered files are forgotten
	if f := w.proc(`{"paperchart":"sweep"}`); f != "m0" {
		t.Errorf("back %q", f)
	}
	w.proc(`{"paperchart":"sweep"}`, `{"paperchart":"sweep"}`)
	if len(w.keys("out/import/pending/")) != 0 || len(w.imports) != 2 {
		t.Errorf("pending %v, imports %v", w.keys("out/import/pending/"), w.imports)
	}
}

// What is written while an import is gathered is not forgotten with what was.
func TestImportsLoseNothingWrittenMeanwhile(t *testing.T) {
	w := newWorld(t)
	w.objects["out/import/pending/d1/Patient.ndjson"] = []byte("first\n")
	w.objects["out/import/pending/d2/Patient.ndjson"] = []byte("other\n")
	w.meanwhile = func() {
		w.objects["out/import/pending/d1/Patient.ndjson"] = []byte("second reading\n")
		w.meanwhile = nil
	}
	w.proc(`{"paperchart":"sweep"}`)
	if got := w.keys("out/import/pending/"); len(got) != 1 || !strings.Contains(got[0], "/d1/") {
		t.Fatalf("waiting: %v", got)
	}
	w.proc(`{"paperchart":"sweep"}`)
	batches := w.keys("out/import/batch/")
	if len(w.imports) != 2 || len(w.keys("out/import/pending/")) != 0 || len(batches) != 3 {
		t.Errorf("imports %v of %v", w.imports, batches)
	}
}

func importEvent(kind, batch string) string {
	return fmt.Sprintf(`{"source":"aws.healthlake","detail-type":"Import Job %s","detail":{"jobId":"j1","submitTime":"x","datastoreId":"d1","inputDataConfig":{"s3Uri":"s3://out/import/batch/%s/"}}}`, kind, batch)
}

func TestImportsEnd(t *testing.T) {
	w := newWorld(t)
	log := "out/import/log/d1-FHIR_IMPORT-j1/"
	if f := w.proc(importEvent("Submitted", "b1"), importEvent("Completed", "b1")); f != "m1" {
		t.Errorf("without a manifest: back %q", f)
	}
	w.objects[log+"manifest.json"] = []byte(`{"numberOfResourcesScanned":9,"numberOfResourcesImportedSuccessfully":9}`)
	if f := w.proc(importEvent("Completed", "b1")); f != "" || len(w.deadP.bodies) != 0 {
		t.Errorf("back %q, dead %v", f, w.deadP.reasons)
	}
	delete(w.objects, log+"manifest.json")
	w.objects[log+"Manifest.json"] = []byte(`{"numberOfResourcesScanned":9,"numberOfResourcesImportedSuccessfully":4,"numberOfResourcesWithCustomerError":5}`)
	w.objects[log+"FAILURE/doc-Patient.ndjson"] = []byte(`{"lineId":9, UpdateResourceResponse:{"jsonBlob":{"issue":[{"diagnostics":"Wilkins is bad"}]}, "statusCode":400}`)
	if f := w.proc(importEvent("Completed With Errors", "b1")); f != "" || len(w.deadP.reasons) != 1 || !strings.Contains(w.deadP.reasons[0], "5 of 9") {
		t.Fatalf("back %q, dead %v", f, w.deadP.reasons)
	}
	if got := string(w.objects["out/import/failed/j1.json"]); got != `[{"file":"doc-Patient.ndjson","lines":[{"line":9,"status":400}]}]` {
		t.Errorf("recorded %s", got)
	}
	w.proc(importEvent("Failed", "b2"))
	if f := w.proc(w.deadP.bodies[1]); f != "" || len(w.imports) != 1 || !strings.HasSuffix(w.imports[0], "s3://out/import/batch/b2/") {
		t.Errorf("redriven: back %q, imports %v", f, w.imports)
	}
}
