package terms

import "strings"

// Lab returns the concept of a test from its name, its specimen and its unit as
// printed, either of which may be empty. Where the name's usual code does not
// fit the specimen or the unit and no other does, the concept comes back
// without a code: the test is known, its code is not.
func (s *Set) Lab(analyte, specimen, unit string) (Match, bool) {
	m, ok := s.Match(Lab, analyte)
	ucum, _ := s.Unit(unit)
	want := specimenOf(specimen)
	if ok && s.fits(m, want, ucum) {
		return m, true
	}
	for _, more := range s.contexts(want, ucum) {
		if alt, found := s.Match(Lab, analyte+" "+more); found && !another(analyte, alt.Term) && s.fits(alt, want, ucum) {
			return alt, true
		}
	}
	if ok {
		m.Concept.Codings = nil
	}
	return m, ok
}

// another tells of a term with a letter or figure of its own that the analyte as
// printed has not: hemoglobin S is not hemoglobin in percent.
func another(analyte, term string) bool {
	has := map[string]bool{}
	for _, w := range strings.Fields(strings.ToLower(analyte)) {
		has[strings.Trim(w, ",.()")] = true
	}
	for _, w := range strings.Fields(strings.ToLower(term)) {
		if w = strings.Trim(w, ",.()"); len(w) == 1 && w != "%" && !has[w] {
			return true
		}
	}
	return false
}

// contexts are the words that tell a test from its namesakes.
func (s *Set) contexts(specimen, ucum string) []string {
	var out []string
	if specimen != "" {
		out = append(out, specimen)
	}
	if ucum == "" {
		return out
	}
	switch {
	case ucum == "%":
		out = append(out, "%")
	case s.Commensurable(ucum, "10*3/uL"):
		out = append(out, "absolute")
	case s.Commensurable(ucum, "mol/L"):
		out = append(out, "moles")
	case s.Commensurable(ucum, "/[HPF]"):
		out = append(out, "urine")
	}
	if specimen != "" && len(out) > 1 {
		out = append(out, specimen+" "+out[1])
	}
	return out
}

// fits tells whether a match's own specimen and unit agree with what is known.
func (s *Set) fits(m Match, specimen, ucum string) bool {
	if len(m.Concept.Codings) == 0 {
		return true
	}
	if own := specimenOf(s.specimenOf(m)); specimen != "" && own != "" && own != specimen {
		return false
	}
	if ucum == "" || m.Concept.Unit == "" || m.Concept.Unit == ucum || s.Commensurable(ucum, m.Concept.Unit) {
		return true
	}
	return loosely(s, ucum, m.Concept.Unit)
}

// loosely knows units that laboratories print for one another: IU for U, mEq
// for mmol of ions with one charge, and pure numbers.
func loosely(s *Set, a, b string) bool {
	same := strings.NewReplacer("[IU]", "U", "[arb'U]", "U", "meq", "mmol", "/{1.73_m2}", "", "{FEU}", "", "{DDU}", "")
	return s.Commensurable(same.Replace(a), same.Replace(b))
}

func (s *Set) specimenOf(m Match) string {
	for _, x := range s.layers {
		c := m.Concept.Codings[0]
		if i, ok := x.code(c.System, c.Code); ok {
			return x.specimen(x.codings.at(codingWidth*i + 3))
		}
	}
	return ""
}

// specimenOf reduces a specimen as printed, or as LOINC abbreviates it, to one
// word; serum and plasma are one. It is empty for what it does not know.
func specimenOf(text string) string {
	t := " " + strings.Join(stems(text), " ") + " "
	for _, k := range [...]struct{ in, out string }{
		{"bld a", "arterial"}, {"blda", "arterial"}, {"arterial", "arterial"}, {"bldv", "venous"},
		{"urine", "urine"}, {"ur", "urine"}, {"urinary", "urine"},
		{"stool", "stool"}, {"fece", "stool"}, {"fecal", "stool"},
		{"csf", "csf"}, {"cerebrospinal", "csf"},
		{"serum", "serum"}, {"ser", "serum"}, {"plasma", "serum"}, {"pla", "serum"}, {"ppp", "serum"}, {"ser pla", "serum"},
		{"blood", "blood"}, {"bld", "blood"}, {"whole blood", "blood"},
	} {
		if strings.Contains(t, " "+k.in+" ") {
			return k.out
		}
	}
	return ""
}
