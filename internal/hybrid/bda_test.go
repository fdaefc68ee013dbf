package hybrid

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/result"
)

// aws stands in for S3 and BDA. It fails the test for what it does not expect.
type aws struct {
	t       *testing.T
	mu      sync.Mutex
	objects map[string][]byte
	jobs    map[string]string // by token
	invoked int
	states  []string // what the first questions are answered, then Success
	refuse  error
	found   []result.Document
}

func (a *aws) Invoke(_ context.Context, in cloud.Invocation) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.objects[in.Input.Key] == nil || in.Input.Bucket != "bucket" || !in.Input.Takes() || len(in.Token) != 64 {
		a.t.Errorf("invoked with %+v", in)
	}
	if a.refuse != nil {
		return "", a.refuse
	}
	if job := a.jobs[in.Token]; job != "" {
		return job, nil
	}
	a.invoked++
	job := fmt.Sprintf("00000000-0000-0000-0000-%012d", a.invoked)
	a.jobs[in.Token] = job
	segments := []string{}
	for i, d := range a.found {
		data, err := result.Encode(d, blueprint.Default())
		if err != nil {
			a.t.Fatal(err)
		}
		key := fmt.Sprintf("bda/%s/0/custom_output/%d/result.json", job, i)
		a.objects[key] = data
		segments = append(segments, fmt.Sprintf(`{"custom_output_status":"MATCH","custom_output_path":"s3://bucket/%s"}`, key))
	}
	a.objects["bda/"+job+"/job_metadata.json"] = fmt.Appendf(nil, `{"job_id":%q,"output_metadata":[{"asset_id":0,"asset_input_path":{"s3_bucket":"bucket","s3_key":%q},"segment_metadata":[%s]}]}`,
		job, in.Input.Key, strings.Join(segments, ","))
	return job, nil
}

func (a *aws) Status(_ context.Context, job string) (bda.Status, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	state := bda.Success
	if len(a.states) > 0 {
		state, a.states = a.states[0], a.states[1:]
	}
	return bda.Status{State: state, Metadata: bda.Object{Bucket: "bucket", Key: "bda/" + job + "/job_metadata.json"}}, nil
}

func (a *aws) Get(_ context.Context, o bda.Object) (io.ReadCloser, cloud.Info, error) {
	data := a.objects[o.Key]
	if data == nil {
		return nil, cloud.Info{}, cloud.ErrAbsent
	}
	return io.NopCloser(bytes.NewReader(data)), cloud.Info{}, nil
}

func (a *aws) List(_ context.Context, bucket, prefix string, _ int) (all []cloud.Info, err error) {
	for k := range a.objects {
		if strings.HasPrefix(k, prefix) {
			all = append(all, cloud.Info{Key: k})
		}
	}
	return all, nil
}

func (a *aws) Put(_ context.Context, o bda.Object, data []byte) error {
	a.objects[o.Key] = data
	return nil
}
func (a *aws) Copy(context.Context, bda.Object, bda.Object) error { a.t.Error("copied"); return nil }
func (a *aws) Delete(_ context.Context, o bda.Object) error       { delete(a.objects, o.Key); return nil }

// local stands in for the reading on this machine.
type local struct {
	docs  []result.Document
	pages []*page.Page
	err   error
	calls int
}

func (l *local) Read(context.Context, pipeline.Input, pipeline.Progress) ([]result.Document, []*page.Page, error) {
	l.calls++
	return l.docs, l.pages, l.err
}

func field(value string, sure float64, page int) result.Field {
	return result.Field{Value: value, Confidence: sure, Geometry: []result.Geometry{{Page: page, Box: result.Box{Left: .1, Top: .1, Width: .1, Height: .02}}}}
}

func pageOf(n int, conf float64) *page.Page {
	return &page.Page{Number: n, Words: []page.Word{{Text: "words", Conf: conf}}}
}

func extractor(t *testing.T, a *aws, l *local, b Budget) *Extractor {
	t.Helper()
	a.t, a.objects, a.jobs = t, map[string][]byte{}, map[string]string{}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ledger := openLedger(t, filepath.Join(t.TempDir(), "cloud.db"), b, &now)
	t.Cleanup(func() { ledger.Close() })
	log := slog.New(slog.DiscardHandler)
	return &Extractor{Local: l, Floor: .6, Retry: time.Minute, Logger: log, Now: func() time.Time { return now },
		Count: func(_ context.Context, data []byte) (string, int, error) { return "image/png", 2, nil },
		BDA: &BDA{Jobs: a, Objects: a, Bucket: "bucket", Project: "p", Blueprint: blueprint.Default(), Ledger: ledger,
			Poll: time.Second, Patience: time.Minute, Logger: log, wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}}
}

func quiet(int, int) {}

func TestAllByBDA(t *testing.T) {
	a := &aws{states: []string{bda.Created, bda.InProgress}, found: []result.Document{{Pages: []int{0}, Fields: map[string]result.Field{"patient_mrn": field("77", .9, 1)}}}}
	l := &local{docs: []result.Document{{}}}
	e := extractor(t, a, l, Budget{Pages: 2, PageDollars: .07})
	e.All = true
	for range 2 { // the second time from the ledger
		docs, err := e.Extract(t.Context(), pipeline.Input{Name: "a.png", Data: []byte("ink")}, quiet)
		if err != nil || len(docs) != 1 || docs[0].Fields["patient_mrn"].Value != "77" || docs[0].Source.Route != "Bedrock Data Automation" || docs[0].Source.PageCount != 2 {
			t.Fatalf("%+v, %v", docs, err)
		}
	}
	if a.invoked != 1 || l.calls != 0 || len(a.objects) != 0 {
		t.Errorf("invoked %d, read here %d, left in the cloud %d", a.invoked, l.calls, len(a.objects))
	}
	docs, err := e.Extract(t.Context(), pipeline.Input{Name: "b.png", Data: []byte("other")}, quiet)
	if err != nil || docs[0].Source.Route != "local, budget used up" || a.invoked != 1 {
		t.Errorf("%+v, %v", docs, err)
	}
}

func TestWhatBDADoes(t *testing.T) {
	read := pipeline.Input{Name: "a.png", Data: []byte("ink")}
	for name, c := range map[string]struct {
		aws     *aws
		pages   int // counted in the ledger
		again   int // invoked after a second try
		route   string
		waiting bool
	}{
		"refuses":           {&aws{refuse: &cloud.Refusal{Reason: "x"}}, 0, 0, "local, BDA found nothing", false},
		"is busy":           {&aws{refuse: fmt.Errorf("%w: %w", cloud.ErrUnbegun, cloud.ErrBusy)}, 2, 0, "", true},
		"loses its answer":  {&aws{refuse: errors.New("connection reset")}, 4, 0, "", true},
		"can't read":        {&aws{states: []string{bda.ClientError}}, 2, 1, "local, BDA found nothing", false},
		"finds nothing":     {&aws{}, 2, 1, "local, BDA found nothing", false},
		"takes for ever":    {&aws{states: []string{bda.Created, bda.Created, bda.Created, bda.Created}}, 2, 1, "", true},
		"fails by itself":   {&aws{states: []string{bda.ServiceError, bda.ServiceError}}, 4, 2, "", true},
		"answers no job id": {&aws{states: []string{"Whatever", "Whatever", "Whatever", "Whatever"}}, 2, 1, "", true},
	} {
		e := extractor(t, c.aws, &local{docs: []result.Document{{}}}, Budget{Pages: 100, PageDollars: .07})
		e.All = true
		e.BDA.Patience = time.Second
		for range 2 {
			docs, err := e.Extract(t.Context(), read, quiet)
			var p *pipeline.Problem
			if c.waiting != (errors.As(err, &p) && p.Wait == time.Minute && !p.Final) || !c.waiting && (err != nil || docs[0].Source.Route != c.route) {
				t.Errorf("%s: %+v, %v", name, docs, err)
			}
		}
		if pages, _, _ := e.BDA.Ledger.Spent(t.Context()); pages != c.pages || c.aws.invoked != c.again {
			t.Errorf("%s: counted %d pages, invoked %d", name, pages, c.aws.invoked)
		}
	}
}

// Dying between the invocation and its record begins no second job where BDA knows
// the token again; since it may not, the budget pays for both.
func TestDyingAfterInvoking(t *testing.T) {
	a := &aws{found: []result.Document{{Pages: []int{0}, Fields: map[string]result.Field{"patient_mrn": field("77", .9, 1)}}}}
	e := extractor(t, a, &local{}, Budget{Pages: 4})
	p := paper{sha256: "00", count: 2, ext: ".png", data: func() ([]byte, error) { return []byte("ink"), nil }}
	work := e.BDA.work(p)
	c, err := e.BDA.Ledger.reserve(t.Context(), work, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.BDA.begin(t.Context(), work, p, c); err != nil {
		t.Fatal(err)
	}
	if err := e.BDA.Ledger.set(t.Context(), `UPDATE call SET state = 'sent', job = ''`); err != nil { // as if it had died
		t.Fatal(err)
	}
	if docs, err := e.BDA.read(t.Context(), p); err != nil || len(docs) != 1 || a.invoked != 1 {
		t.Errorf("%v, invoked %d, %v", docs, a.invoked, err)
	}
	if pages, _, err := e.BDA.Ledger.Spent(t.Context()); pages != 4 || err != nil {
		t.Errorf("%d pages, %v", pages, err)
	}
}

func TestWeakPagesAreReadAgain(t *testing.T) {
	src := result.Source{SHA256: "00", MediaType: "image/tiff", PageCount: 3, Engine: "here"}
	l := &local{pages: []*page.Page{pageOf(1, .99), pageOf(2, .3), pageOf(3, .99)}, docs: []result.Document{{
		Pages: []int{0, 1, 2}, Source: src,
		Fields: map[string]result.Field{"patient_mrn": field("77", .95, 1), "phone": field("555-0100", .5, 2), "city": field("Oslo", .4, 2)},
		Tables: map[string][]result.Row{"conditions": {{"condition_name": field("Asthma", .9, 1)}}},
	}}}
	a := &aws{found: []result.Document{{Pages: []int{0, 1, 2},
		Fields: map[string]result.Field{"patient_mrn": field("71", .9, 1), "phone": field("555 0100", .9, 2), "city": field("Olso", .9, 2), "email": field("a@b.example", .8, 2)},
		Tables: map[string][]result.Row{"conditions": {{"condition_name": field("Gout", .8, 2)}, {"condition_name": field("Asthma", .8, 1)}}},
	}}}
	first := l.docs[0].Fields
	e := extractor(t, a, l, Budget{Pages: 3})
	docs, err := e.Extract(t.Context(), pipeline.Input{Name: "a.tif", Data: []byte("ink")}, quiet)
	if err != nil || len(docs) != 1 {
		t.Fatal(docs, err)
	}
	d := docs[0]
	if d.Source.Route != "local, 1 of 3 pages by Bedrock Data Automation" || d.Source.Engine != "here, "+Engine {
		t.Errorf("source is %+v", d.Source)
	}
	for name, want := range map[string]string{"patient_mrn": "77 0.95 ", "city": "Olso 0.40 " + remark, "email": "a@b.example 0.80 "} {
		f := d.Fields[name]
		if got := fmt.Sprintf("%s %.2f %s", f.Value, f.Confidence, f.Remark); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if rows := d.Tables["conditions"]; len(rows) != 2 || rows[1]["condition_name"].Value != "Gout" {
		t.Errorf("rows are %+v", rows)
	}
	if first["city"].Value != "Oslo" {
		t.Error("the first reading was changed")
	}
}

func TestStrangersAreNotMerged(t *testing.T) {
	mine := result.Document{Fields: map[string]result.Field{"patient_last_name": field("Wilkins", .9, 1), "patient_mrn": field("1", .5, 2)}}
	other := result.Document{Fields: map[string]result.Field{"patient_last_name": field("Meyer", .9, 2), "patient_mrn": field("2", .9, 2)}}
	if _, err := merge(mine, other, []int{2}); !errors.Is(err, errStranger) {
		t.Error(err)
	}
	misread := result.Document{Fields: map[string]result.Field{"patient_last_name": field("Wilkins", .9, 2), "patient_mrn": field("2", .9, 2)}}
	d, err := merge(mine, misread, []int{2})
	if f := d.Fields["patient_mrn"]; err != nil || f.Confidence != .5 || f.Remark != remark {
		t.Error(f, err)
	}
}

func TestRowsOfOneLine(t *testing.T) {
	at := func(v string, top float64) result.Field {
		return result.Field{Value: v, Confidence: .5, Geometry: []result.Geometry{{Page: 1, Box: result.Box{Top: top, Height: .02}}}}
	}
	row := func(name, dose string, top float64) result.Row {
		return result.Row{"medication_name": at(name, top), "dose": at(dose, top)}
	}
	got := tables([]result.Row{row("Metformin", "500 mg", .1), row("Lisinopril", "10 mg", .2)},
		[]result.Row{row("Metformin", "850 mg", .101), row("Warfarin", "10 mg", .3), row("Lisinopril", "10 mg", .2)}, []int{1})
	if len(got) != 3 || got[0]["dose"].Remark != remark || got[1]["dose"].Remark != "" || got[2]["medication_name"].Value != "Warfarin" {
		t.Errorf("rows are %+v", got)
	}
}

func TestConfidenceOfPages(t *testing.T) {
	for name, c := range map[string]struct {
		page *page.Page
		docs []result.Document
		want float64
		ok   bool
	}{
		"blank":          {&page.Page{Number: 1, Blank: true}, nil, 0, false},
		"not read":       {&page.Page{Number: 1, Blank: true, Notes: []string{"page not read: x"}}, nil, 0, true},
		"ink, no words":  {&page.Page{Number: 1}, nil, 0, true},
		"clear":          {pageOf(1, .9), nil, .9, true},
		"half unread":    {&page.Page{Number: 1, Words: []page.Word{{Text: "four", Conf: 1}, {}}}, nil, .5, true},
		"unsure fields":  {pageOf(1, .9), []result.Document{{Fields: map[string]result.Field{"a": field("x", .4, 1)}}}, .4, true},
		"others' fields": {pageOf(1, .9), []result.Document{{Fields: map[string]result.Field{"a": field("x", .4, 2)}}}, .9, true},
	} {
		if got, ok := confidence(c.page, c.docs); ok != c.ok || got < c.want-1e-9 || got > c.want+1e-9 {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
}
