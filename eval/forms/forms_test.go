package forms

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

func tools(t *testing.T) (*paper.Fonts, *chart.Vocab) {
	t.Helper()
	fonts, err := paper.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	vocab, err := chart.Load()
	if err != nil {
		t.Fatal(err)
	}
	return fonts, vocab
}

func truth(t *testing.T, l Layout, fonts *paper.Fonts, vocab *chart.Vocab, seed uint64) *paper.Truth {
	t.Helper()
	d, err := l.Draw(fonts, chart.NewMaker(vocab, seed))
	if err != nil {
		t.Fatal(err)
	}
	tr, err := d.Truth(l.Name, func(page int, b paper.Box) [4]float64 {
		if b.X0 < 0 || b.Y0 < 0 || b.X1 > paper.Width || b.Y1 > paper.Height {
			t.Errorf("%s seed %d page %d: %v is off the sheet", l.Name, seed, page, b)
		}
		return [4]float64{b.X0, b.Y0, b.X1, b.Y1}
	})
	if err != nil {
		t.Fatalf("%s seed %d: %v", l.Name, seed, err)
	}
	return tr
}

// TestLayouts draws every layout and holds its truth to the blueprint's names.
func TestLayouts(t *testing.T) {
	fonts, vocab := tools(t)
	bp := blueprint.Default()
	fields := map[string]bool{}
	for _, f := range bp.Fields {
		fields[f.Name] = true
	}
	train, test := 0, 0
	for _, l := range Layouts() {
		if l.Test {
			test++
		} else {
			train++
		}
		for seed := range uint64(2) {
			tr := truth(t, l, fonts, vocab, seed)
			p := tr.Patients[0]
			if len(p.Fields) < 6 || len(p.Tables) == 0 {
				t.Errorf("%s: only %d fields and %d tables", l.Name, len(p.Fields), len(p.Tables))
			}
			for name := range p.Fields {
				if !fields[name] {
					t.Errorf("%s: %q is no field of the blueprint", l.Name, name)
				}
			}
			for table, rows := range p.Tables {
				tb := bp.Table(table)
				if tb == nil {
					t.Fatalf("%s: %q is no table of the blueprint", l.Name, table)
				}
				for i, row := range rows {
					if row[tb.Columns[0].Name].Value == "" {
						t.Errorf("%s: row %d of %s has no %s", l.Name, i, table, tb.Columns[0].Name)
					}
				}
			}
		}
	}
	if train+test < 16 || test < 5 {
		t.Errorf("%d train and %d test layouts", train, test)
	}
}

func TestSameSeedSameTruth(t *testing.T) {
	fonts, vocab := tools(t)
	l := Layouts()[0]
	a, _ := json.Marshal(truth(t, l, fonts, vocab, 5))
	b, _ := json.Marshal(truth(t, l, fonts, vocab, 5))
	c, _ := json.Marshal(truth(t, l, fonts, vocab, 6))
	if string(a) != string(b) {
		t.Error("the same seed gave two records")
	}
	if string(a) == string(c) {
		t.Error("another seed gave the same record")
	}
}

// TestVocabulary holds the word lists to the sizes that the measurements claim.
func TestVocabulary(t *testing.T) {
	_, v := tools(t)
	analytes := 0
	for _, a := range v.Analytes {
		analytes += len(a)
	}
	for name, c := range map[string][2]int{"diagnoses": {len(v.Diagnoses), 200}, "drugs": {len(v.Drugs), 200}, "analytes": {analytes, 120},
		"procedures": {len(v.Procedures), 40}, "vaccines": {len(v.Vaccines), 25}, "allergens": {len(v.Allergens), 60}} {
		if c[0] < c[1] {
			t.Errorf("%d %s, want %d", c[0], name, c[1])
		}
	}
}

// TestTruthIsDrawn checks that every value's places hold its very words.
func TestTruthIsDrawn(t *testing.T) {
	fonts, vocab := tools(t)
	for _, l := range Layouts() {
		d, err := l.Draw(fonts, chart.NewMaker(vocab, 9))
		if err != nil {
			t.Fatal(err)
		}
		tr, err := d.Truth(l.Name, func(_ int, b paper.Box) [4]float64 { return [4]float64{b.X0, b.Y0, b.X1, b.Y1} })
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range tr.Patients {
			for name, v := range p.Fields {
				drawn(t, l.Name+" "+name, d, v)
			}
			for table, rows := range p.Tables {
				for _, row := range rows {
					for column, v := range row {
						drawn(t, l.Name+" "+table+"."+column, d, v)
					}
				}
			}
		}
	}
}

func drawn(t *testing.T, name string, d *paper.Doc, v paper.Value) {
	t.Helper()
	if len(v.At) == 0 {
		return
	}
	text := ""
	for _, at := range v.At {
		for _, w := range d.Sheets[at.Page-1].Words {
			if w.Box.X0 < at.Box[2]+1 && w.Box.X1 > at.Box[0]-1 && w.Box.Y0 < at.Box[3]+1 && w.Box.Y1 > at.Box[1]-1 {
				text += w.Text
			}
		}
	}
	want := v.Text
	if want == "" {
		want = v.Value
	}
	if want = strings.ReplaceAll(want, " ", ""); !strings.Contains(text, want) {
		t.Errorf("%s: %q is not among the words at its places, %q", name, want, text)
	}
}
