package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar/sig"
)

// Notes list what is taken and say further down what becomes of it: "stop the
// naproxen", "lisinopril increased to 20 mg". What is said changes what is listed
// and is no medication of its own.

// doseChanged tells that the words around a drug give it another dose.
func doseChanged(before, after string) bool {
	return changesTo.MatchString(after) || changes.MatchString(before) && changesTo.MatchString("changed "+after)
}

var (
	changesTo = regexp.MustCompile(`(?i)^[^.;]{0,40}\b(?:increased|decreased|reduced|raised|changed|titrated|uptitrated|lowered|adjusted|doubled|from)\b[^.;]{0,50}?\bto\s`)
	changes   = regexp.MustCompile(`(?i)\b(?:increas|decreas|reduc|rais|chang|titrat|uptitrat|lower|adjust|doubl)\w*\s+(?:\w+\s+){0,3}$`)
)

// drugOf is the part of a medication's identity that names the drug.
func drugOf(f fact) string {
	name, _, _ := strings.Cut(f.identity, "|")
	return name
}

func ended(f fact) bool {
	s := f.cells["medication_status"].value
	return s == sig.Stopped || s == sig.Completed
}

// sameMedicine tells whether a told drug is a listed one, by its identity or by
// a shorter name ("metoprolol" of metoprolol tartrate).
func sameMedicine(a, told fact) bool {
	long, short := key(a.cells["medication_name"].value), key(told.cells["medication_name"].value)
	return drugOf(a) == drugOf(told) || len(short) > 5 && strings.HasPrefix(long, short)
}

// settle applies what is told of a medication to the one entry of it.
func settle(fs []fact) []fact {
	gone := map[int]bool{}
	for j, b := range fs {
		if b.kind != kindMedication || !b.told {
			continue
		}
		at, n := -1, 0
		for i, a := range fs {
			if i != j && !gone[i] && a.kind == kindMedication && !ended(a) && a.order <= b.order && sameMedicine(a, b) {
				at, n = i, n+1
			}
		}
		if n > 1 { // of several kinds the one so called
			at, n = -1, 0
			for i, a := range fs {
				if i != j && !gone[i] && a.kind == kindMedication && !ended(a) && a.order <= b.order && key(a.cells["medication_name"].value) == key(b.cells["medication_name"].value) {
					at, n = i, n+1
				}
			}
		}
		if n != 1 {
			continue
		}
		switch dose := b.cells["dose"].value; {
		case ended(b) && dose == "":
			fs[at].cells["medication_status"] = b.cells["medication_status"]
			fs[at].identity += "|ended"
		case b.changed && dose != "" && !ended(b):
			for _, role := range []string{"dose", "frequency", "route"} {
				if c := b.cells[role]; c.value != "" {
					fs[at].cells[role] = c
				}
			}
		case dose == "" && !ended(b) && drugOf(fs[at]) != drugOf(b):
		default:
			continue
		}
		gone[j] = true
	}
	out := fs[:0:0]
	for i, f := range fs {
		if !gone[i] {
			out = append(out, f)
		}
	}
	return out
}
