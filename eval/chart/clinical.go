package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

func (m *Maker) before(at time.Time, days int) time.Time { return at.AddDate(0, 0, -1-m.r.IntN(days)) }

func (m *Maker) clinical(r *Record) {
	at := r.Visit.Date
	for _, d := range some(m.r, m.v.Diagnoses, m.between(2, 7)) {
		p := Problem{d.Code, pick(m.r, d.Names), "Active", shortest(d.Names), m.before(at, 6000)}
		if m.chance(0.12) {
			p.Status = "Resolved"
		}
		r.Problems = append(r.Problems, p)
	}
	for _, d := range some(m.r, m.v.Drugs, m.between(2, 8)) {
		r.Meds = append(r.Meds, Med{d, pick(m.r, d.Strengths), m.before(at, 2500), m.chance(0.12)})
	}
	if !m.chance(0.25) {
		for _, a := range some(m.r, m.v.Allergens, m.between(1, 4)) {
			r.Allergies = append(r.Allergies, Allergy{a, m.list("reactions"), m.list("severities")})
		}
	}
	for _, name := range some(m.r, m.v.Panels, m.between(2, 3)) {
		r.Panels = append(r.Panels, m.panel(name))
	}
	for _, p := range some(m.r, m.v.Procedures, m.between(1, 3)) {
		r.Done = append(r.Done, Done{p, m.before(at, 5000)})
	}
	for _, v := range some(m.r, m.v.Vaccines, m.between(3, 9)) {
		r.Shots = append(r.Shots, Shot{v, m.lot(), m.before(at, 3500)})
	}
}

// shortest prefers a name that a sentence can hold: without commas.
func shortest(names []string) string {
	best := names[0]
	for _, n := range names {
		if comma := strings.Contains(best, ","); len(n) < len(best) && (comma || !strings.Contains(n, ",")) || comma && !strings.Contains(n, ",") {
			best = n
		}
	}
	before, _, _ := strings.Cut(best, ",")
	return before
}

func (m *Maker) lot() string {
	const chars = "ABCDEFGHJKLMNPRSTUVWXYZ23456789"
	b := make([]byte, m.between(5, 7))
	for i := range b {
		b[i] = chars[m.r.IntN(len(chars))]
	}
	return string(b)
}

func (m *Maker) panel(name string) Panel {
	all := m.v.Analytes[name]
	n := min(len(all), m.between(4, 14))
	chosen := map[string]bool{}
	for _, a := range some(m.r, all, n) {
		chosen[a.Name] = true
	}
	p := Panel{Name: name}
	for _, a := range all {
		if chosen[a.Name] {
			p.Results = append(p.Results, m.result(a))
		}
	}
	return p
}

// result prints a value in or, one time in four, out of its range.
func (m *Maker) result(a Analyte) Result {
	r := Result{Test: a.Name, Unit: a.Unit}
	if m.chance(0.3) {
		r.Test = pick(m.r, a.Others)
	}
	if a.Normal != "" {
		r.Value, r.Range = a.Normal, a.Normal
		if m.chance(0.25) {
			r.Value, r.Flag = pick(m.r, a.Abnormal), "A"
		}
		return r
	}
	lo, hi := number(a.Low), number(a.High)
	switch {
	case a.Low == "":
		r.Range, lo = "<"+a.High, hi*0.2
	case a.High == "":
		r.Range, hi = ">"+a.Low, lo*1.8
	default:
		r.Range = a.Low + "-" + a.High
	}
	v := lo + (hi-lo)*(0.08+0.84*m.r.Float64())
	if x := m.r.Float64(); x < 0.13 && a.High != "" {
		v, r.Flag = hi*(1.05+0.5*m.r.Float64())+unit(a.Decimals), "H"
	} else if x < 0.25 && a.Low != "" && lo > 4*unit(a.Decimals) {
		v, r.Flag = lo*(0.6+0.35*m.r.Float64())-unit(a.Decimals), "L"
	}
	r.Value = strconv.FormatFloat(math.Max(v, 0), 'f', a.Decimals, 64)
	return r
}

func unit(decimals int) float64 { return math.Pow10(-decimals) }

func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return v
}

func (m *Maker) history(r *Record) {
	for _, rel := range some(m.r, m.v.Lists["relations"], m.between(1, 3)) {
		r.Family = append(r.Family, Relative{rel, m.unlike(r.Problems)})
	}
	r.Smoking = pick(m.r, []string{"current", "former", "never"})
	r.Tobacco = map[string][]string{
		"current": {"Current every day smoker", "Current smoker, 1 ppd", "Smokes half a pack a day"},
		"former":  {"Former smoker", "Former smoker, quit 2010", "Quit smoking 5 years ago"},
		"never":   {"Never smoker", "Never", "Never smoked"},
	}[r.Smoking][m.r.IntN(3)]
	r.Alcohol, r.DrugUse = m.list("alcohol"), m.list("druguse")
	r.Denied = m.notProblems("negatives", r.Problems, m.between(2, 4))
	r.RuledOut = m.notProblems("ruled", r.Problems, 2)
	r.Exam, r.Plan, r.Return = m.list("exam"), m.list("plans"), m.list("followups")
}

// unlike returns an illness that the patient does not have, so that finding it on
// the patient is a mistake beyond doubt.
func (m *Maker) unlike(have []Problem) string {
	return m.notProblems("familial", have, 1)[0]
}

func (m *Maker) notProblems(list string, have []Problem, n int) []string {
	var names strings.Builder
	for _, p := range have {
		fmt.Fprintf(&names, "%s;", strings.ToLower(p.Name))
	}
	var out []string
	for _, s := range some(m.r, m.v.Lists[list], len(m.v.Lists[list])) {
		if len(out) < n && !strings.Contains(names.String(), strings.ToLower(s)) {
			out = append(out, s)
		}
	}
	return out
}

// Earlier is a value like another, as an earlier report had it: it must not be
// taken for today's.
func Earlier(r *rand.Rand, value string) string {
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return "Negative"
	}
	_, fraction, _ := strings.Cut(value, ".")
	return strconv.FormatFloat(v*(0.8+0.4*r.Float64())+unit(len(fraction)), 'f', len(fraction), 64)
}
