package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/eval/score"
)

// summarise writes the report. It is rounded, so that it changes only where
// accuracy does, and holds no times.
func summarise(outcomes []outcome, items []score.Item) string {
	var b strings.Builder
	pages := 0
	for _, o := range outcomes {
		pages += o.pages
	}
	fmt.Fprintf(&b, "Accuracy of reading: %d documents, %d pages, %d printed values.\n", len(outcomes), pages, score.Count(items, nil).Printed())
	fmt.Fprintln(&b, "F1 over single values; a value is right when it agrees with the print to the letter (case and spacing aside).")
	splits(&b, outcomes, items)
	table(&b, "Field groups", items, func(i score.Item) string { return i.Group })
	table(&b, "Layouts (t- are held out)", items, func(i score.Item) string { return i.Layout })
	damages(&b, outcomes, items)
	groupsByDamage(&b, items)
	calibration(&b, items)
	weakest(&b, items)
	unread(&b, outcomes)
	return b.String()
}

const header = "                              F1  prec   rec  printed  wrong≥.80  context  other-pt  box-hit   IoU\n"

func row(b *strings.Builder, name string, t score.Tally) {
	fmt.Fprintf(b, "%-26s %5.2f %5.2f %5.2f %8d  %9.3f %8d %9d %8.2f %5.2f\n", name, t.F1(), t.Precision(), t.Recall(), t.Printed(),
		t.SureError(), t.Context, t.Other, t.HitRate(), t.MeanIoU())
}

func splits(b *strings.Builder, outcomes []outcome, items []score.Item) {
	fmt.Fprintf(b, "\n== Splits\n%s", header)
	for _, s := range []struct {
		name string
		test bool
	}{{"train", false}, {"test (held out)", true}} {
		keep := func(i score.Item) bool { return i.Test == s.test && i.Damage != sampleDamage }
		if t := score.Count(items, keep); t.Printed()+t.Read() > 0 {
			row(b, s.name, t)
		}
	}
	row(b, "all", score.Count(items, nil))
}

func table(b *strings.Builder, title string, items []score.Item, by func(score.Item) string) {
	fmt.Fprintf(b, "\n== %s\n%s", title, header)
	for _, name := range names(items, by) {
		row(b, name, score.Count(items, func(i score.Item) bool { return by(i) == name }))
	}
}

func names(items []score.Item, by func(score.Item) string) []string {
	set := map[string]bool{}
	for _, i := range items {
		set[by(i)] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func damages(b *strings.Builder, outcomes []outcome, items []score.Item) {
	fmt.Fprintf(b, "\n== Damage\n%s", header)
	by := func(i score.Item) string { return i.Damage }
	for _, name := range names(items, by) {
		row(b, name, score.Count(items, func(i score.Item) bool { return i.Damage == name }))
	}
	fmt.Fprintf(b, "\nOCR error rates       CER     WER  numbers   checkboxes printed  found  wrong state  false\n")
	for _, name := range names(items, by) {
		var e score.Errors
		var m score.Boxes
		for _, o := range outcomes {
			if o.damage == name {
				e.Add(o.ocr)
				m.Add(o.boxes)
			}
		}
		if e.Words > 0 {
			fmt.Fprintf(b, "%-18s %6.3f  %6.3f   %6.3f   %18d %6d %12d %6d\n", name, e.CER(), e.WER(), e.NER(), m.Printed, m.Found, m.WrongState, m.False)
		}
	}
}

// groupsByDamage is the table the goals are set in: F1 of the held-out layouts
// where there are any, by group and damage.
func groupsByDamage(b *strings.Builder, items []score.Item) {
	held := slices.ContainsFunc(items, func(i score.Item) bool { return i.Test })
	title := "F1 by group and damage"
	if held {
		title += ", held-out layouts"
		items = slices.DeleteFunc(slices.Clone(items), func(i score.Item) bool { return !i.Test })
	}
	cols := names(items, func(i score.Item) string { return i.Damage })
	fmt.Fprintf(b, "\n== %s\n%-18s", title, "")
	for _, c := range cols {
		fmt.Fprintf(b, " %8s", c)
	}
	line := func(name string, in func(score.Item) bool) {
		fmt.Fprintf(b, "\n%-18s", name)
		for _, c := range cols {
			t := score.Count(items, func(i score.Item) bool { return i.Damage == c && in(i) })
			if t.Printed()+t.Read() == 0 {
				fmt.Fprintf(b, " %8s", "-")
				continue
			}
			fmt.Fprintf(b, " %8.2f", t.F1())
		}
	}
	for _, g := range names(items, func(i score.Item) string { return i.Group }) {
		line(g, func(i score.Item) bool { return i.Group == g })
	}
	line("all", func(score.Item) bool { return true })
	b.WriteByte('\n')
}

func calibration(b *strings.Builder, items []score.Item) {
	bins, ece := score.Reliability(items)
	fmt.Fprintf(b, "\n== Confidence\nsaid            values  mean said  right\n")
	for _, bin := range bins {
		if bin.N > 0 {
			fmt.Fprintf(b, "%.2f to %.2f   %7d  %9.2f  %5.2f\n", bin.Low, bin.High, bin.N, bin.Said, bin.True)
		}
	}
	share, from := score.Coverage(items, 0.99)
	fmt.Fprintf(b, "Expected calibration error %.3f. At 99%% precision %.2f of what was read can be accepted unseen (confidence from %.2f).\n", ece, share, from)
}

// weakest lists the fields that cost most.
func weakest(b *strings.Builder, items []score.Item) {
	by := func(i score.Item) string { return i.Field }
	type cost struct {
		field string
		t     score.Tally
	}
	var all []cost
	for _, f := range names(items, by) {
		all = append(all, cost{f, score.Count(items, func(i score.Item) bool { return i.Field == f })})
	}
	bad := func(t score.Tally) int { return t.Wrong + t.Missed + t.Invented + t.Context + t.Other }
	slices.SortStableFunc(all, func(a, b cost) int { return bad(b.t) - bad(a.t) })
	fmt.Fprintf(b, "\n== Fields that cost most\n%-38s %6s %6s %6s %6s %8s %7s\n", "", "F1", "right", "wrong", "missed", "invented", "context")
	for _, c := range all[:min(30, len(all))] {
		if bad(c.t) > 0 {
			fmt.Fprintf(b, "%-38s %6.2f %6d %6d %6d %8d %7d\n", c.field, c.t.F1(), c.t.Right, c.t.Wrong, c.t.Missed, c.t.Invented+c.t.Other, c.t.Context)
		}
	}
}

func unread(b *strings.Builder, outcomes []outcome) {
	for _, o := range outcomes {
		if o.err != nil {
			fmt.Fprintf(b, "not read: %s: %v\n", o.name, o.err)
		}
	}
}

// misses lists every value that is not right, by document.
func misses(items []score.Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n== Every value that is not right\n")
	file := ""
	for _, i := range items {
		if i.Kind == score.Right {
			continue
		}
		if i.File != file {
			file = i.File
			fmt.Fprintf(&b, "%s\n", file)
		}
		fmt.Fprintf(&b, "  %-8s p%d %.2f %-34s want %-34q got %q", i.Kind, i.Page, i.Conf, i.Field, short(i.Want), short(i.Got))
		if i.Remark != "" {
			fmt.Fprintf(&b, "  (%s)", i.Remark)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// misread counts the words that OCR misreads most, by damage.
func misread(outcomes []outcome) string {
	count := map[string]int{}
	for _, o := range outcomes {
		for _, m := range o.ocr.Misread {
			count[fmt.Sprintf("%-8s %-28q read as %q", o.damage, m.Want, m.Got)]++
		}
	}
	lines := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "\n== Words that OCR misread\n")
	for _, l := range lines {
		fmt.Fprintf(&b, "%4d  %s\n", count[l], l)
	}
	return b.String()
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "…"
	}
	return s
}
