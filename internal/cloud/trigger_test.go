package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTriggerBeginsAndRecords(t *testing.T) {
	w := newWorld(t)
	event := strings.Replace(s3Event("scans/wilkins+1+%C3%BC%2Bx.pdf"), `"versionId":"v1",`, "", 1)
	if f := w.trig(event); f != "" {
		t.Fatalf("back: %s", f)
	}
	if len(w.inputs) != 1 {
		t.Fatal(w.dead.reasons)
	}
	if w.inputs[0] != "s3://input/scans/wilkins 1 ü+x.pdf" {
		t.Errorf("input is %s", w.inputs[0])
	}
	open := w.keys("out/jobs/open/")
	var o openJob
	if len(open) != 1 || json.Unmarshal(w.objects[open[0]], &o) != nil || o.Key != "scans/wilkins 1 ü+x.pdf" {
		t.Errorf("recorded %v: %s", open, w.objects[open[0]])
	}
}

func TestTriggerIgnoresWhatIsNoDocument(t *testing.T) {
	w := newWorld(t)
	test := `{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2014-10-13T15:57:02.089Z","Bucket":"input","RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR"}`
	removed := strings.Replace(s3Event("a.pdf"), "ObjectCreated:Put", "ObjectRemoved:Delete", 1)
	folder := strings.Replace(s3Event("scans/"), `"size":1024`, `"size":0`, 1)
	if f := w.trig(test, removed, folder); f != "" || len(w.tokens) != 0 || len(w.dead.bodies) != 0 {
		t.Errorf("back %q, begun %d, dead %v", f, len(w.tokens), w.dead.reasons)
	}
}

func TestTriggerNormalisesKeys(t *testing.T) {
	w := newWorld(t)
	w.objects["input/scans/wilkins [1]#2.pdf"] = []byte("%PDF")
	if f := w.trig(s3Event("scans/wilkins+%5B1%5D%232.pdf")); f != "" {
		t.Fatalf("back: %s", f)
	}
	if !strings.HasPrefix(w.inputs[0], "s3://out/staged/") || !strings.HasSuffix(w.inputs[0], "/wilkins__1__2.pdf") {
		t.Errorf("input is %s", w.inputs[0])
	}
	gone := newWorld(t)
	if gone.trig(s3Event("wilkins%23.pdf")); len(gone.dead.reasons) != 1 || !strings.HasPrefix(gone.dead.reasons[0], "gone: ") {
		t.Errorf("dead are %v", gone.dead.reasons)
	}
}

// A scanner that gives each scan the same name must not have one patient's paper
// read as another's: each job reads the version that its event named.
func TestTriggerReadsTheVersionOfTheEvent(t *testing.T) {
	w := newWorld(t)
	w.objects["input/scan.pdf?v1"], w.objects["input/scan.pdf?v2"] = []byte("first"), []byte("second")
	w.objects["input/scan.pdf"] = w.objects["input/scan.pdf?v2"]
	second := strings.Replace(s3Event("scan.pdf"), `"v1"`, `"v2"`, 1)
	if f := w.trig(s3Event("scan.pdf"), second); f != "" || len(w.inputs) != 2 {
		t.Fatalf("back %q, read %v", f, w.inputs)
	}
	for i, want := range []string{"first", "second"} {
		if got := w.objects[strings.TrimPrefix(w.inputs[i], "s3://")]; string(got) != want {
			t.Errorf("job %d reads %q from %s", i, got, w.inputs[i])
		}
	}
	var o openJob
	if err := json.Unmarshal(w.objects[w.keys("out/jobs/open/")[0]], &o); err != nil || o.Bucket != "input" || o.Key != "scan.pdf" || !o.Versioned() {
		t.Errorf("recorded %+v, %v", o, err)
	}
}

// moto writes times without a zone and slashes encoded; it is S3 all the same.
func TestTriggerTakesOtherServersEvents(t *testing.T) {
	w := newWorld(t)
	if f := w.trig(`{"Records": [{"eventVersion": "2.1", "eventTime": "2026-11-23T17:18:13.392231", "eventName": "ObjectCreated:Put",
		"s3": {"bucket": {"name": "input"}, "object": {"key": "scans%2Fa+b.pdf", "size": 9}}}]}`); f != "" || len(w.inputs) != 1 || w.inputs[0] != "s3://input/scans/a b.pdf" {
		t.Errorf("back %q, inputs %v, dead %v", f, w.inputs, w.dead.reasons)
	}
}

func TestTriggerDuplicatesGiveOneJob(t *testing.T) {
	w := newWorld(t)
	w.trig(s3Event("a.pdf"), s3Event("a.pdf"))
	w.trig(s3Event("a.pdf"))
	if len(w.tokens) != 3 || w.tokens[0] != w.tokens[1] || w.tokens[0] != w.tokens[2] || len(w.keys("out/jobs/open/")) != 1 {
		t.Errorf("tokens %v, jobs %v", w.tokens, w.keys("out/jobs/"))
	}
}

// Throttling, 1,800 open jobs: the message goes back, and so does the rest of the
// batch without BDA being asked again.
func TestTriggerThrottled(t *testing.T) {
	w := newWorld(t)
	calls := 0
	w.invoke = func(in Invocation) error {
		if calls++; calls > 1 {
			return fmt.Errorf("invoke: %w", ErrBusy)
		}
		return nil
	}
	if f := w.trig(s3Event("a.pdf"), s3Event("b.pdf"), s3Event("c.pdf"), s3Event("d.pdf")); f != "m1 m2 m3" || calls != 2 {
		t.Errorf("back %q after %d calls", f, calls)
	}
	if len(w.dead.bodies) != 0 {
		t.Errorf("dead are %v", w.dead.reasons)
	}
}

func TestTriggerRefusals(t *testing.T) {
	big := strings.Replace(s3Event("a.pdf"), `"size":1024`, `"size":600000000`, 1)
	other := strings.Replace(s3Event("a.pdf"), `"name":"input"`, `"name":"elsewhere"`, 1)
	for body, reason := range map[string]string{
		s3Event("wilkins.exe"): "not-a-document", big: "too-large", other: "other-bucket", "nonsense": "not-a-message", `{"hello":1}`: "not-a-message",
	} {
		w := newWorld(t)
		if f := w.trig(body); f != "" || len(w.dead.reasons) != 1 || !strings.HasPrefix(w.dead.reasons[0], reason+": ") || len(w.tokens) != 0 {
			t.Errorf("%s: back %q, dead %v", reason, f, w.dead.reasons)
		}
		if strings.Contains(w.dead.reasons[0], "wilkins") {
			t.Errorf("the reason tells the key: %s", w.dead.reasons[0])
		}
	}
	w := newWorld(t)
	w.invoke = func(Invocation) error { return refuse("bda-refused", "it is not valid") }
	if f := w.trig(s3Event("a.pdf"), s3Event("b.pdf")); f != "" || len(w.dead.bodies) != 2 {
		t.Errorf("back %q, dead %v", f, w.dead.reasons)
	}
}

// A message with several originals: what is refused becomes its own dead letter,
// but only when nothing is left to repeat.
func TestTriggerMixedMessage(t *testing.T) {
	mixed := strings.Replace(s3Event("a.pdf"), `}]}`, `},`+strings.TrimPrefix(s3Event("b.exe"), `{"Records":[`), 1)
	w := newWorld(t)
	expired := true
	w.invoke = func(Invocation) error {
		if expired {
			return errors.New("the credentials have expired")
		}
		return nil
	}
	if f := w.trig(mixed); f != "m0" || len(w.dead.bodies) != 0 {
		t.Fatalf("back %q, dead %v", f, w.dead.reasons)
	}
	expired = false
	if f := w.trig(mixed); f != "" || len(w.dead.bodies) != 1 || !strings.Contains(w.dead.bodies[0], `"b.exe"`) {
		t.Errorf("back %q, dead %v", f, w.dead.bodies)
	}
}

func TestTriggerDiesAnywhere(t *testing.T) {
	for die := 1; die <= 2; die++ { // at the copy, at the record
		w := newWorld(t)
		w.dieAt = die
		if f := w.trig(s3Event("a.pdf")); f != "m0" {
			t.Fatalf("back: %q", f)
		}
		if f := w.trig(s3Event("a.pdf")); f != "" || len(w.keys("out/jobs/open/")) != 1 || len(slices.Compact(w.tokens)) != 1 {
			t.Errorf("back %q, jobs %v, tokens %v", f, w.keys("out/jobs/"), w.tokens)
		}
	}
}

func FuzzMessages(f *testing.F) {
	f.Add(s3Event("a+b.pdf"))
	f.Add(bdaEvent("Job Succeeded", "x"))
	f.Add(`{"paperchart":"document","document":{"bucket":"input","key":"k","try":1}}`)
	f.Fuzz(func(t *testing.T, body string) {
		m, err := parse(body)
		if err != nil {
			return
		}
		if docs, err := m.documents(); err == nil {
			for _, d := range docs {
				if d.Key == "" || d.Bucket == "" {
					t.Error("a document without a place")
				}
			}
		}
		_, _ = m.work()
	})
}
