package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/forms"
	"github.com/paperchart/paperchart/eval/paper"
)

// job is one document to be read and scored. make draws it when its turn comes, so
// that only a few are in memory.
type job struct {
	name, layout, damage string
	test                 bool
	make                 func() (*scanned, error)
}

// scanned is a finished scan; doc and scans are nil where only the file is known.
type scanned struct {
	pdf   []byte
	truth *paper.Truth
	doc   *paper.Doc
	scans []*paper.Scan
}

// The damages, from kind to cruel.
func damageNames() []string { return []string{"clean", "office", "fax", "poor", "rotated"} }

// damage returns what happens to one document; r varies it within its kind.
func damage(name string, r *rand.Rand) paper.Damage {
	skew := (r.Float64()*2 - 1)
	switch name {
	case "office":
		return paper.Damage{Name: name, Skew: skew, ShiftX: 4 * skew, ShiftY: 2, Blur: 0.55, Fade: 0.1, Paper: 246, Noise: 3, Specks: 60, Quality: 55}
	case "fax":
		return paper.Damage{Name: name, DPIX: 204, DPIY: 196, Skew: 0.6 * skew, Blur: 0.65, Fade: 0.1, Noise: 12, Specks: 140, Bilevel: true}
	case "poor":
		return paper.Damage{Name: name, Skew: 1.4 * skew, Blur: 0.9, Fade: 0.45, Paper: 222, Noise: 5, Specks: 260, Shadow: 0.45, Lid: 4, Holes: true, Quality: 45}
	case "rotated":
		return paper.Damage{Name: name, Skew: 2 * skew, Blur: 0.5, Fade: 0.1, Paper: 246, Noise: 3, Specks: 40, Turn: 90 * (1 + r.IntN(3)), Quality: 55}
	}
	return paper.Damage{Name: name, DPIX: 300, Quality: 85}
}

func corpus(o options) ([]job, error) {
	if o.samples != "" {
		return samples(o.samples)
	}
	vocab, err := chart.Load()
	if err != nil {
		return nil, err
	}
	var jobs []job
	for _, l := range forms.Layouts() {
		if !among(o.layouts, l.Name) || o.split == "train" && l.Test || o.split == "test" && !l.Test {
			continue
		}
		for _, d := range damageNames() {
			if o.damage != "" && !slices.Contains(strings.Split(o.damage, ","), d) {
				continue
			}
			for i := range o.n {
				jobs = append(jobs, invented(vocab, l, d, o, i))
			}
		}
	}
	return jobs, nil
}

func among(names, name string) bool {
	return names == "" || slices.ContainsFunc(strings.Split(names, ","), func(s string) bool { return strings.Contains(name, s) })
}

// invented is one record in one layout. All damages of a layout and a number are of
// the same record, so that they can be compared.
func invented(vocab *chart.Vocab, l forms.Layout, harm string, o options, i int) job {
	name := fmt.Sprintf("%s-%s-%d", l.Name, harm, i)
	return job{name: name, layout: l.Name, damage: harm, test: l.Test, make: func() (*scanned, error) {
		fonts, err := paper.NewFonts()
		if err != nil {
			return nil, err
		}
		doc, err := l.Draw(fonts, chart.NewMaker(vocab, hash(l.Name, o.seed, i)))
		if err != nil {
			return nil, err
		}
		return scan(doc, name+".pdf", harm, hash(name, o.seed, i), o.oracle && o.dump == "" && o.html == "")
	}}
}

func hash(name string, seed uint64, i int) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d %d", name, seed, i)
	return h.Sum64()
}

// scan damages a document. Where only the places count, a coarse scan will do.
func scan(doc *paper.Doc, file, harm string, seed uint64, coarse bool) (*scanned, error) {
	s := &scanned{doc: doc}
	r := rand.New(rand.NewPCG(seed, 1))
	d := damage(harm, r)
	if harm == "fax" {
		banner(doc, r)
	}
	if coarse {
		d.DPIX, d.DPIY, d.Blur = 40, 40, 0
	}
	for i, sheet := range doc.Sheets {
		s.scans = append(s.scans, d.Scan(sheet.Image(), seed+uint64(i)))
	}
	var err error
	if s.pdf, err = paper.PDF(s.scans); err != nil {
		return nil, err
	}
	s.truth, err = doc.Truth(file, func(page int, b paper.Box) [4]float64 { return s.scans[page-1].Place(b) })
	return s, err
}

// banner prints the line that a fax machine adds to each page. Its date and numbers
// are nobody's.
func banner(doc *paper.Doc, r *rand.Rand) {
	styles := []string{
		"%02d/%02d/2025 %02d:%02d  FROM: 5550177123  TO: 5550199245  PAGE %d/%d",
		"From: Records Dept  Fax: (555) 555-0177   %02d-%02d-2025  %02d:%02d   Pg %d of %d",
		"*** RCVD %02d/%02d/25 %02d:%02d ID:5550177 P.%03d/%03d ***",
	}
	form := styles[r.IntN(len(styles))]
	a, b, c, d := 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60)
	for _, s := range doc.Sheets {
		s.Text(24, 14, paper.Style{Family: paper.Mono, Size: 8}, fmt.Sprintf(form, a, b, c, d, s.Number, len(doc.Sheets)))
	}
}

// sampleDamage is the damage of samples, which is what it is.
const sampleDamage = "sample"

// samples are the scans of a folder that have their truth beside them.
func samples(dir string) ([]job, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.truth.json"))
	if err != nil {
		return nil, fmt.Errorf("list samples: %w", err)
	}
	var jobs []job
	for _, f := range files {
		base := strings.TrimSuffix(f, ".truth.json")
		name := filepath.Base(base)
		jobs = append(jobs, job{name: name, layout: name, damage: sampleDamage, make: func() (*scanned, error) {
			s := &scanned{truth: &paper.Truth{}}
			data, err := os.ReadFile(f)
			if err != nil {
				return nil, fmt.Errorf("read sample: %w", err)
			}
			if err := json.Unmarshal(data, s.truth); err != nil {
				return nil, fmt.Errorf("read truth of %s: %w", name, err)
			}
			if s.pdf, err = os.ReadFile(base + ".pdf"); err != nil {
				return nil, fmt.Errorf("read sample: %w", err)
			}
			return s, nil
		}})
	}
	return jobs, nil
}
