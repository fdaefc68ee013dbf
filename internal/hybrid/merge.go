package hybrid

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/paperchart/paperchart/internal/result"
)

// errStranger says that the second reading is of somebody else.
var errStranger = errors.New("the second reading names another person")

// identity are the fields by which people are told apart.
var identity = []string{"patient_last_name", "patient_first_name", "patient_mrn", "date_of_birth"}

// remark is what a reviewer is told where the readings differ.
const remark = "two readings differ"

// merge adds to a document what was read a second time on its weak pages. It
// changes neither of its arguments.
func merge(d, second result.Document, weak []int) (result.Document, error) {
	if stranger(d, second) {
		return d, errStranger
	}
	out := d
	out.Fields, out.Tables = maps.Clone(d.Fields), maps.Clone(d.Tables)
	if out.Fields == nil {
		out.Fields = map[string]result.Field{}
	}
	if out.Tables == nil {
		out.Tables = map[string][]result.Row{}
	}
	for name, f := range second.Fields {
		if f.Value == "" || !from(f, weak) {
			continue
		}
		out.Fields[name] = both(out.Fields[name], f, weak)
	}
	for name, rows := range second.Tables {
		out.Tables[name] = tables(d.Tables[name], rows, weak)
	}
	return out, nil
}

// stranger reports that the two readings name two people: more of what tells
// people apart differs than agrees. One difference alone may be a misread letter.
func stranger(a, b result.Document) bool {
	same, other := 0, 0
	for _, name := range identity {
		x, y := a.Fields[name], b.Fields[name]
		switch {
		case x.Value == "" || y.Value == "":
		case equal(x.Value, y.Value):
			same++
		default:
			other++
		}
	}
	return other >= 2 && other > same
}

// from reports whether a field's evidence lies on one of the pages, or nowhere.
func from(f result.Field, pages []int) bool {
	p := on(f)
	return p <= 0 || slices.Contains(pages, p)
}

// both is a scalar that was read twice. What was read here on a good page, or a
// value that contradicts itself, is not replaced.
func both(a, b result.Field, weak []int) result.Field {
	switch {
	case a.Value == "":
		return b
	case equal(a.Value, b.Value):
		if b.Confidence > a.Confidence && !a.Suspect() {
			a.Confidence = b.Confidence
		}
		return a
	case !from(a, weak):
		return a
	}
	keep := a
	if b.Confidence > a.Confidence {
		keep = b
	}
	keep.Confidence, keep.Remark = min(a.Confidence, b.Confidence), remark
	return keep
}

// tables are the rows of a table read twice. A row of a weak page that both have
// counts once, as sure as the surer reading; one that only one of them has is
// kept, no surer than it was, for the reviewer to see.
func tables(a, b []result.Row, weak []int) []result.Row {
	out := slices.Clone(a)
	matched := make([]bool, len(a))
	for _, row := range b {
		if !rowFrom(row, weak) {
			continue
		}
		i := 0
		for i < len(a) && (matched[i] || !rowFrom(a[i], weak) || !alike(a[i], row)) {
			i++
		}
		if i == len(a) {
			out = append(out, row)
			continue
		}
		matched[i] = true
		out[i] = rowOf(a[i], row, weak)
	}
	return out
}

func rowOf(a, b result.Row, weak []int) result.Row {
	row := maps.Clone(a)
	for name, f := range b {
		if f.Value != "" {
			row[name] = both(row[name], f, weak)
		}
	}
	return row
}

func rowFrom(r result.Row, pages []int) bool {
	for _, f := range r {
		if from(f, pages) {
			return true
		}
	}
	return false
}

// alike reports whether two rows are of the same line of the paper: they stand at
// the same height of the same page or, where that is not known, they agree on
// something and differ in nothing.
func alike(a, b result.Row) bool {
	if p, x, ok := extent(a); ok {
		if q, y, ok := extent(b); ok {
			shared := min(x[1], y[1]) - max(x[0], y[0])
			return p == q && shared > min(x[1]-x[0], y[1]-y[0])/2
		}
	}
	same, other := 0, 0
	for name, f := range a {
		g := b[name]
		switch {
		case f.Value == "" || g.Value == "":
		case equal(f.Value, g.Value):
			same++
		default:
			other++
		}
	}
	return same > 0 && other == 0
}

// extent is a row's page and from where to where it goes down on it, in fractions.
func extent(r result.Row) (page int, y [2]float64, ok bool) {
	for _, f := range r {
		if p := on(f); p > 0 && (!ok || p == page) {
			b := f.Geometry[0].Box
			if !ok {
				page, y, ok = p, [2]float64{b.Top, b.Top + b.Height}, true
			}
			y = [2]float64{min(y[0], b.Top), max(y[1], b.Top+b.Height)}
		}
	}
	return page, y, ok
}

// equal compares letters and digits, and what gives numbers their meaning.
func equal(a, b string) bool { return letters(a) == letters(b) }

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".<>-+/%", r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimRight(s, ". "))
}

// move gives a reading of some pages the numbers these have in the whole file.
func move(d *result.Document, at func(int) int) {
	for i, p := range d.Pages {
		d.Pages[i] = at(p+1) - 1
	}
	geometry := func(f result.Field) result.Field {
		f.Geometry = slices.Clone(f.Geometry)
		for i, g := range f.Geometry {
			if g.Page > 0 {
				f.Geometry[i].Page = at(g.Page)
			}
		}
		return f
	}
	for name, f := range d.Fields {
		d.Fields[name] = geometry(f)
	}
	for _, rows := range d.Tables {
		for _, row := range rows {
			for name, f := range row {
				row[name] = geometry(f)
			}
		}
	}
}

// touches reports whether a reading is of one of the pages.
func touches(d result.Document, pages []int) bool {
	for _, p := range d.Pages {
		if slices.Contains(pages, p+1) {
			return true
		}
	}
	return len(d.Pages) == 0
}
