package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/paperchart/paperchart/eval/score"
	"github.com/paperchart/paperchart/internal/extract"
)

// sighting is a value that was read: what spoke for it and whether it is right.
type sighting struct {
	extract.Signals
	right, test bool
}

// observer collects what Extract tells of one document.
type observer map[string]extract.Signals

func place(doc int, table string, row int, field string) string {
	return fmt.Sprint(doc, " ", table, " ", row, " ", field)
}

func (o observer) see(v extract.Observation) {
	row := v.Row
	if v.Table == "" {
		row = 0
	}
	o[place(v.Document, v.Table, row, v.Field)] = v.Signals
}

// sightings joins signals with what became of the values.
func (o observer) sightings(items []score.Item) []sighting {
	var out []sighting
	for _, i := range items {
		if !i.Read() {
			continue
		}
		field := i.Field
		if _, column, ok := strings.Cut(field, "."); ok {
			field = column
		}
		if s, ok := o[place(i.From.Doc, i.From.Table, i.From.Row, field)]; ok {
			out = append(out, sighting{s, i.Kind == score.Right, i.Test})
		}
	}
	return out
}

// fit finds the weights that make the train layouts' values likeliest, pulled a
// little towards the weights in use, and says what they do on the held-out ones.
func fit(all []sighting) string {
	var train, test []sighting
	for _, s := range all {
		if s.test {
			test = append(test, s)
		} else {
			train = append(train, s)
		}
	}
	start := extract.Fitted()
	m := descend(start, train)
	var b strings.Builder
	fmt.Fprintf(&b, "\n== Confidence model fitted to %d values of train layouts\n", len(train))
	for _, name := range append([]string{"bias"}, extract.SignalNames()...) {
		fmt.Fprintf(&b, "\t%-14s %.2f, // was %.2f\n", fmt.Sprintf("%q:", name), m[name], start[name])
	}
	for _, part := range []struct {
		name string
		seen []sighting
	}{{"train", train}, {"test", test}} {
		if len(part.seen) > 0 {
			was, is := judge(start, part.seen), judge(m, part.seen)
			fmt.Fprintf(&b, "%-6s values %5d  log loss %.4f -> %.4f  ECE %.4f -> %.4f  coverage at 99%% %.2f -> %.2f  wrong above .80 %.4f -> %.4f\n",
				part.name, len(part.seen), was.loss, is.loss, was.ece, is.ece, was.coverage, is.coverage, was.sure, is.sure)
		}
	}
	return b.String()
}

type verdict struct{ loss, ece, coverage, sure float64 }

func judge(m extract.Model, seen []sighting) verdict {
	var v verdict
	var items []score.Item
	for _, s := range seen {
		p := m.Probability(s.Signals)
		it := score.Item{Kind: score.Wrong, Conf: p}
		if s.right {
			it.Kind = score.Right
			v.loss -= math.Log(p)
		} else {
			v.loss -= math.Log(1 - p)
		}
		items = append(items, it)
	}
	v.loss /= float64(len(seen))
	_, v.ece = score.Reliability(items)
	v.coverage, _ = score.Coverage(items, 0.99)
	v.sure = score.Count(items, nil).SureError()
	return v
}

// inputs are the model's, with the constant first; they lie in 0..1 as the model
// sees them.
func inputs(s extract.Signals) []float64 {
	x := append([]float64{1}, s.Vector()...)
	for i := range x {
		if math.IsNaN(x[i]) {
			x[i] = 0
		}
		x[i] = math.Min(1, math.Max(0, x[i]))
	}
	return x
}

// descend is plain gradient descent with momentum on the logistic loss; a dozen
// weights need nothing better. The pull keeps weights that the data say nothing of.
func descend(start extract.Model, seen []sighting) extract.Model {
	names := append([]string{"bias"}, extract.SignalNames()...)
	w, w0, speed := make([]float64, len(names)), make([]float64, len(names)), make([]float64, len(names))
	for i, n := range names {
		w[i], w0[i] = start[n], start[n]
	}
	xs := make([][]float64, len(seen))
	for k, s := range seen {
		xs[k] = inputs(s.Signals)
	}
	const pull, rate = 0.002, 0.8
	for range 4000 {
		grad := make([]float64, len(w))
		for k, x := range xs {
			sum := 0.0
			for i := range w {
				sum += w[i] * x[i]
			}
			miss := 1 / (1 + math.Exp(-sum))
			if seen[k].right {
				miss--
			}
			for i := range w {
				grad[i] += miss * x[i]
			}
		}
		for i := range w {
			speed[i] = 0.9*speed[i] - rate*(grad[i]/float64(max(1, len(seen)))+pull*(w[i]-w0[i]))
			w[i] += speed[i] * 0.1
		}
	}
	m := extract.Model{}
	for i, n := range names {
		m[n] = w[i]
	}
	return m
}
