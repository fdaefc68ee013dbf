package store

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The model that the property test compares with: resources as plain values and
// searches as predicates on them, written from the text of search.html and
// without a look at the index.

type coding struct{ system, code, display string }

type amount struct {
	value      string
	unit       string // UCUM: mg, g, kg; or "" for none
	comparator string
}

type observation struct {
	id         string
	codes      []coding
	subject    string // reference as written
	date       string
	start, end string // of a period
	value      *amount
	components []component_
}

type component_ struct {
	code  coding
	value amount
}

type patient struct {
	id, gender, birth, family, email string
	mrn                              string
}

func (p patient) json() string {
	m := map[string]any{"resourceType": "Patient", "id": p.id}
	set(m, "gender", p.gender)
	set(m, "birthDate", p.birth)
	if p.family != "" {
		m["name"] = []any{map[string]any{"family": p.family}}
	}
	if p.mrn != "" {
		m["identifier"] = []any{map[string]any{"system": "urn:mrn", "value": p.mrn, "type": map[string]any{"coding": []any{map[string]any{"system": "urn:t", "code": "MR"}}}}}
	}
	if p.email != "" {
		m["telecom"] = []any{map[string]any{"system": "email", "value": p.email}}
	}
	text, _ := json.Marshal(m)
	return string(text)
}

func set(m map[string]any, name, value string) {
	if value != "" {
		m[name] = value
	}
}

func (c coding) json() map[string]any {
	m := map[string]any{}
	set(m, "system", c.system)
	set(m, "code", c.code)
	set(m, "display", c.display)
	return m
}

func (a amount) json() map[string]any {
	m := map[string]any{"value": json.Number(a.value)}
	set(m, "comparator", a.comparator)
	if a.unit != "" {
		m["system"], m["code"], m["unit"] = "http://unitsofmeasure.org", a.unit, "u "+a.unit
	}
	return m
}

func (o observation) json() string {
	var codings []any
	for _, c := range o.codes {
		codings = append(codings, c.json())
	}
	m := map[string]any{"resourceType": "Observation", "id": o.id, "status": "final", "code": map[string]any{"coding": codings}}
	if o.subject != "" {
		m["subject"] = map[string]any{"reference": o.subject}
	}
	set(m, "effectiveDateTime", o.date)
	if o.start != "" || o.end != "" {
		p := map[string]any{}
		set(p, "start", o.start)
		set(p, "end", o.end)
		m["effectivePeriod"] = p
	}
	if o.value != nil {
		m["valueQuantity"] = o.value.json()
	}
	var parts []any
	for _, c := range o.components {
		parts = append(parts, map[string]any{"code": map[string]any{"coding": []any{c.code.json()}}, "valueQuantity": c.value.json()})
	}
	if parts != nil {
		m["component"] = parts
	}
	text, _ := json.Marshal(m)
	return string(text)
}

var (
	someDates   = []string{"2019", "2019-05", "2019-05-31", "2019-06", "2020", "2020-02-29", "2019-05-31T10:20:00Z", "2019-05-31T10:20:30Z", "2019-05-31T23:30:00-05:00", "2019-12-31"}
	someCodes   = []coding{{"urn:s1", "a", "Alpha beta"}, {"urn:s1", "b", "Béta"}, {"urn:s2", "a", "alphabet"}, {"", "c", ""}, {"urn:s2", "A", "gamma"}}
	someAmounts = []amount{{"5.4", "mg", ""}, {"5400", "mg", ""}, {"5.4", "g", ""}, {"0.0054", "kg", ""}, {"5", "g", "<"}, {"6", "", ""}, {"5.40", "g", ""}}
)

func genPatient(i int) *rapid.Generator[patient] {
	return rapid.Custom(func(t *rapid.T) patient {
		return patient{id: fmt.Sprintf("p%d", i), gender: rapid.SampledFrom([]string{"", "male", "female"}).Draw(t, "gender"),
			birth:  rapid.SampledFrom([]string{"", "1950", "1950-03", "1950-03-07", "1951"}).Draw(t, "birth"),
			family: rapid.SampledFrom([]string{"", "Ames", "ames", "Ámes", "Bell  Ames", "Amesbury"}).Draw(t, "family"),
			email:  rapid.SampledFrom([]string{"", "A@x.org", "b@x.org"}).Draw(t, "email"),
			mrn:    rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "mrn")}
	})
}

func genObservation(i int) *rapid.Generator[observation] {
	return rapid.Custom(func(t *rapid.T) observation {
		o := observation{id: fmt.Sprintf("o%d", i), codes: rapid.SliceOfN(rapid.SampledFrom(someCodes), 1, 2).Draw(t, "codes"),
			subject: rapid.SampledFrom([]string{"", "Patient/p0", "Patient/p1", "Patient/p2/_history/1", "https://other.org/Patient/p0", "https://me.org/fhir/Patient/p1", "Group/p0"}).Draw(t, "subject")}
		switch rapid.IntRange(0, 3).Draw(t, "when") {
		case 0:
			o.date = rapid.SampledFrom(someDates).Draw(t, "date")
		case 1:
			o.start = rapid.SampledFrom(append(someDates, "")).Draw(t, "start")
			o.end = rapid.SampledFrom([]string{"2020-06", "2021-01-01T00:00:00Z", ""}).Draw(t, "end")
		}
		if rapid.Bool().Draw(t, "measured") {
			a := rapid.SampledFrom(someAmounts).Draw(t, "value")
			o.value = &a
		}
		for range rapid.IntRange(0, 2).Draw(t, "components") {
			o.components = append(o.components, component_{rapid.SampledFrom(someCodes).Draw(t, "code"), rapid.SampledFrom(someAmounts).Draw(t, "value")})
		}
		return o
	})
}

// naive predicates

// span is what a date covers, computed with the time package alone.
func span(s string) (time.Time, time.Time) {
	for _, l := range []struct {
		layout string
		end    func(time.Time) time.Time
	}{
		{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }}, {"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
		{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }}, {"2006-01-02T15:04:05Z07:00", func(t time.Time) time.Time { return t.Add(time.Second) }},
	} {
		if t, err := time.Parse(l.layout, s); err == nil {
			return t, l.end(t)
		}
	}
	panic("date " + s)
}

var past, future = time.Unix(-1<<40, 0), time.Unix(1<<40, 0)

func (o observation) when() (lo, hi time.Time, ok bool) {
	if o.date != "" {
		lo, hi = span(o.date)
		return lo, hi, true
	}
	if o.start == "" && o.end == "" {
		return lo, hi, false
	}
	lo, hi = past, future
	if o.start != "" {
		lo, _ = span(o.start)
	}
	if o.end != "" {
		_, hi = span(o.end)
	}
	return lo, hi, lo.Before(hi)
}

func compareDates(op, value string, lo, hi time.Time) bool {
	from, to := span(value)
	equal := !lo.Before(from) && !hi.After(to)
	switch op {
	case "ne":
		return !equal
	case "gt":
		return hi.After(to)
	case "lt":
		return lo.Before(from)
	case "ge":
		return hi.After(to) || equal
	case "le":
		return lo.Before(from) || equal
	case "sa":
		return !lo.Before(to)
	case "eb":
		return !hi.After(from)
	}
	return equal
}

var gramsPer = map[string]*big.Rat{"mg": big.NewRat(1, 1000), "g": big.NewRat(1, 1), "kg": big.NewRat(1000, 1)}

func rat(s string) *big.Rat { r, _ := new(big.Rat).SetString(s); return r }

// compareAmounts knows the prefixes that do not depend on a comparator's open end
// beyond infinity; inf stands for it.
func compareAmounts(op, number, unit string, a amount) bool {
	value, want := rat(a.value), rat(number)
	_, decimals, _ := strings.Cut(number, ".")
	half := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Mul(big.NewInt(2), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(decimals))), nil)))
	low, high := new(big.Rat).Sub(want, half), new(big.Rat).Add(want, half)
	if unit != "" {
		if a.unit == "" {
			return false
		}
		value = new(big.Rat).Mul(value, gramsPer[a.unit])
		for _, r := range []*big.Rat{want, low, high} {
			r.Mul(r, gramsPer[unit])
		}
	}
	below := a.comparator == "<" // anything down to minus infinity
	switch op {
	case "gt":
		return value.Cmp(want) > 0
	case "lt":
		return below || value.Cmp(want) < 0
	case "ge":
		return value.Cmp(want) >= 0
	case "le":
		return below || value.Cmp(want) <= 0
	}
	return !below && value.Cmp(low) >= 0 && value.Cmp(high) < 0
}

func normal(s string) string {
	return strings.NewReplacer("á", "a", "é", "e").Replace(strings.Join(strings.Fields(strings.ToLower(s)), " "))
}

// nameBegins reports whether a family name, or a later part of it, begins so.
func nameBegins(family, s string) bool {
	return family != "" && (strings.HasPrefix(normal(family), normal(s)) || strings.Contains(normal(family), " "+normal(s)))
}

// ask is a search and the predicate it stands for.
type ask[T any] struct {
	query string
	holds func(T) bool
}

func askCode(name, text string, codes func(observation) []coding) ask[observation] {
	system, code, both := strings.Cut(text, "|")
	return ask[observation]{name + "=" + text, func(o observation) bool {
		return slices.ContainsFunc(codes(o), func(c coding) bool {
			switch {
			case !both:
				return c.code == text
			case code == "":
				return c.system == system
			}
			return c.system == system && c.code == code
		})
	}}
}

func own(o observation) []coding { return o.codes }

func parts(o observation) []coding {
	var all []coding
	for _, c := range o.components {
		all = append(all, c.code)
	}
	return all
}

func refersTo(o observation, id string) bool {
	ref := strings.TrimPrefix(o.subject, "https://me.org/fhir/")
	ref, _, _ = strings.Cut(ref, "/_history")
	return ref == "Patient/"+id
}

func genAsk(people []patient) *rapid.Generator[ask[observation]] {
	return rapid.Custom(func(t *rapid.T) ask[observation] {
		op := rapid.SampledFrom([]string{"", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"}).Draw(t, "op")
		date := rapid.SampledFrom(someDates).Draw(t, "date")
		code := rapid.SampledFrom([]string{"a", "b", "A", "urn:s1|a", "urn:s2|a", "|c", "|a", "urn:s2|", "zz"}).Draw(t, "code")
		number := rapid.SampledFrom([]string{"5.4", "5400", "5", "6", "5.40", "0.0054"}).Draw(t, "number")
		unit := rapid.SampledFrom([]string{"", "mg", "g", "kg"}).Draw(t, "unit")
		cmp := rapid.SampledFrom([]string{"", "gt", "lt", "ge", "le"}).Draw(t, "cmp")
		id := rapid.SampledFrom([]string{"p0", "p1", "p2", "p9"}).Draw(t, "id")
		quantity := cmp + number
		if unit != "" {
			quantity += "|http://unitsofmeasure.org|" + unit
		}
		measured := func(o observation) bool { return o.value != nil && compareAmounts(cmp, number, unit, *o.value) }
		person := func(o observation, holds func(patient) bool) bool {
			return slices.ContainsFunc(people, func(p patient) bool { return refersTo(o, p.id) && holds(p) })
		}
		plain := askCode("code", code, own)
		pair := askCode("x", code, func(o observation) []coding { return o.codes })
		switch rapid.IntRange(0, 16).Draw(t, "kind") {
		case 0:
			return ask[observation]{"date=" + op + date, func(o observation) bool {
				lo, hi, ok := o.when()
				return ok && compareDates(op, date, lo, hi)
			}}
		case 1:
			return plain
		case 2:
			return ask[observation]{"code:not=" + code, func(o observation) bool { return !plain.holds(o) }}
		case 3:
			return askCode("component-code", code, parts)
		case 4:
			return askCode("combo-code", code, func(o observation) []coding { return append(parts(o), o.codes...) })
		case 5:
			return ask[observation]{"value-quantity=" + quantity, measured}
		case 6:
			return ask[observation]{"subject=Patient/" + id, func(o observation) bool { return refersTo(o, id) }}
		case 7:
			return ask[observation]{"patient=" + id, func(o observation) bool { return refersTo(o, id) }}
		case 8:
			return ask[observation]{"subject=https://other.org/Patient/" + id, func(o observation) bool { return o.subject == "https://other.org/Patient/"+id }}
		case 9:
			return ask[observation]{"subject:missing=true", func(o observation) bool { return o.subject == "" }}
		case 10:
			return ask[observation]{"code:text=alpha", func(o observation) bool {
				return slices.ContainsFunc(o.codes, func(c coding) bool { return strings.HasPrefix(normal(c.display), "alpha") })
			}}
		case 11:
			return ask[observation]{"patient.gender=male", func(o observation) bool { return person(o, func(p patient) bool { return p.gender == "male" }) }}
		case 12:
			return ask[observation]{"subject:Patient.family=ames", func(o observation) bool {
				return person(o, func(p patient) bool { return nameBegins(p.family, "ames") })
			}}
		case 13:
			return ask[observation]{"code-value-quantity=" + code + "$" + quantity, func(o observation) bool { return pair.holds(o) && measured(o) }}
		case 14, 15:
			name, withRoot := "component-code-value-quantity", false
			if op == "" || op == "eq" {
				name, withRoot = "combo-code-value-quantity", true
			}
			return ask[observation]{name + "=" + strings.ReplaceAll(code, "$", "") + "$" + quantity, func(o observation) bool {
				if withRoot && pair.holds(o) && measured(o) {
					return true
				}
				return slices.ContainsFunc(o.components, func(c component_) bool {
					return pair.holds(observation{codes: []coding{c.code}}) && compareAmounts(cmp, number, unit, c.value)
				})
			}}
		}
		return ask[observation]{"date=" + date + "," + op + "2020", func(o observation) bool {
			lo, hi, ok := o.when()
			return ok && (compareDates("", date, lo, hi) || compareDates(op, "2020", lo, hi))
		}}
	})
}

func genPatientAsk(seen []observation) *rapid.Generator[ask[patient]] {
	text := rapid.SampledFrom([]string{"ames", "Ames", "ámes", "bell ames", "bury", "AMESB"})
	return rapid.Custom(func(t *rapid.T) ask[patient] {
		s := text.Draw(t, "text")
		code := rapid.SampledFrom([]string{"a", "b", "urn:s1|a"}).Draw(t, "code")
		asked := askCode("code", code, own)
		has := func(p patient) bool {
			return slices.ContainsFunc(seen, func(o observation) bool { return refersTo(o, p.id) && asked.holds(o) })
		}
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			return ask[patient]{"family=" + s, func(p patient) bool { return nameBegins(p.family, s) }}
		case 1:
			return ask[patient]{"name:contains=" + s, func(p patient) bool { return p.family != "" && strings.Contains(normal(p.family), normal(s)) }}
		case 2:
			return ask[patient]{"family:exact=" + s, func(p patient) bool { return p.family == s }}
		case 3:
			return ask[patient]{"_has:Observation:patient:code=" + code, has}
		case 4:
			return ask[patient]{"email=a@X.org", func(p patient) bool { return p.email == "A@x.org" }}
		case 5:
			return ask[patient]{"identifier:of-type=urn:t|MR|1", func(p patient) bool { return p.mrn == "1" }}
		case 6:
			return ask[patient]{"gender:not=male", func(p patient) bool { return p.gender != "male" }}
		case 7:
			return ask[patient]{"_filter=gender eq male or not (family sw ames)", func(p patient) bool {
				return p.gender == "male" || !nameBegins(p.family, "ames")
			}}
		case 8:
			return ask[patient]{"gender=http://hl7.org/fhir/administrative-gender|female", func(p patient) bool { return p.gender == "female" }}
		}
		return ask[patient]{"birthdate:missing=false", func(p patient) bool { return p.birth != "" }}
	})
}

// TestSearchEqualsScan writes resources, writes some of them anew, deletes some,
// and compares searches with scans.
func TestSearchEqualsScan(t *testing.T) {
	over(t, func(t *testing.T, place func(testing.TB) string) {
		rapid.Check(t, func(r *rapid.T) { searchAsScan(r, place(t)) })
	})
}

func searchAsScan(t *rapid.T, path string) {
	s, err := Open(t.Context(), Config{Path: path, Base: "https://me.org/fhir"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var people []patient
	var seen []observation
	for round := range 2 {
		var ops []Op
		people, seen = nil, nil
		for i := range 3 {
			p := genPatient(i).Draw(t, "patient")
			people = append(people, p)
			ops = append(ops, Op{Method: "PUT", Type: "Patient", ID: p.id, Body: []byte(p.json())})
		}
		for i := range 5 {
			if round == 1 && rapid.IntRange(0, 4).Draw(t, "delete") == 0 {
				ops = append(ops, Op{Method: "DELETE", Type: "Observation", ID: fmt.Sprintf("o%d", i)})
				continue
			}
			o := genObservation(i).Draw(t, "observation")
			seen = append(seen, o)
			ops = append(ops, Op{Method: "PUT", Type: "Observation", ID: o.id, Body: []byte(o.json())})
		}
		if _, err := s.Do(t.Context(), ops); err != nil {
			t.Fatal(err)
		}
	}
	for range 12 {
		compare(t, s, "Observation", seen, func(o observation) string { return o.id }, rapid.SliceOfN(genAsk(people), 1, 2).Draw(t, "asks"))
		compare(t, s, "Patient", people, func(p patient) string { return p.id }, rapid.SliceOfN(genPatientAsk(seen), 1, 2).Draw(t, "asks"))
	}
}

func compare[T any](t *rapid.T, s *Store, typ string, all []T, id func(T) string, asks []ask[T]) {
	var params []Param
	var text []string
	for _, a := range asks {
		name, value, _ := strings.Cut(a.query, "=")
		params = append(params, Param{name, value})
		text = append(text, a.query)
	}
	page, err := s.Search(t.Context(), Query{Type: typ, Params: params, Count: 100, Strict: true, Total: true})
	if err != nil {
		t.Fatalf("%s?%s: %v", typ, strings.Join(text, "&"), err)
	}
	var got, want []string
	for _, r := range page.Resources {
		got = append(got, r.ID)
	}
	for _, x := range all {
		if !slices.ContainsFunc(asks, func(a ask[T]) bool { return !a.holds(x) }) {
			want = append(want, id(x))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || page.Total != len(want) {
		t.Fatalf("%s?%s found %v (total %d), want %v", typ, strings.Join(text, "&"), got, page.Total, want)
	}
}
