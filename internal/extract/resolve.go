package extract

import (
	"math"
	"sort"
	"strings"
)

// The resolver's remarks, for the reviewer.
const (
	remarkConflict  = "other places on the record say otherwise"
	remarkOtherRow  = "another entry for the same item differs"
	remarkCodeText  = "code and description disagree"
	remarkUnsure    = "place or label of the value is uncertain"
	remarkUncertain = "stated as uncertain"
)

// best picks the value of each scalar field from its candidates. Places that
// agree raise the confidence; places that say otherwise, as firmly labelled,
// lower it.
func (r *reader) best(m Model) map[string]cell {
	by := map[string][]candidate{}
	for _, c := range r.candidates {
		by[c.field] = append(by[c.field], c)
	}
	out := map[string]cell{}
	for field, cs := range by {
		out[field] = choose(cs, m)
	}
	return out
}

// group is the candidates that say the same.
type group struct {
	key     string
	members []candidate
	weight  float64
}

func choose(cs []candidate, m Model) cell {
	groups := groupSame(cs, m)
	sort.SliceStable(groups, func(i, j int) bool {
		a, b := groups[i], groups[j]
		if d := a.weight - b.weight; math.Abs(d) > 0.05 {
			return d > 0
		}
		return a.members[0].order < b.members[0].order
	})
	g := groups[0]
	lead := g.members[0]
	c := lead.cell
	places := distinct(g.members)
	for _, o := range places[1:] {
		c.more = append(c.more, o.ink)
	}
	c.sig.Agreement = 1 - math.Pow(0.5, float64(len(places)-1))
	var against, all float64
	for _, o := range groups {
		top := o.members[0].weight
		if top < 0.85*lead.weight || sayLess(lead.field, o.key, g.key) {
			continue
		}
		all += o.weight
		if o.key != g.key {
			against += o.weight
		}
	}
	if all > 0 && against > 0 {
		c.sig.Conflict = against / all
		c = c.doubt(remarkConflict)
	}
	return c
}

// groupSame groups candidates by value, the surest first in each.
func groupSame(cs []candidate, m Model) []group {
	var out []group
	at := map[string]int{}
	for _, c := range cs {
		k := sameKey(c.field, c.value)
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, group{key: k})
		}
		out[i].members = append(out[i].members, c)
	}
	for i := range out {
		g := &out[i]
		sort.SliceStable(g.members, func(a, b int) bool {
			return strength(g.members[a], m) > strength(g.members[b], m)
		})
		// Weight grows with further places, but many poor ones do not beat one
		// that is well labelled.
		share := 1.0
		for _, c := range distinct(g.members) {
			g.weight += share * strength(c, m)
			share *= 0.4
		}
	}
	return out
}

func strength(c candidate, m Model) float64 { return c.weight * m.Probability(c.sig) }

// distinct drops candidates that stand on ink another has already.
func distinct(cs []candidate) []candidate {
	seen := map[spot]bool{}
	var out []candidate
	for _, c := range cs {
		if len(c.ink) > 0 && seen[c.ink[0].spot()] {
			continue
		}
		if len(c.ink) > 0 {
			seen[c.ink[0].spot()] = true
		}
		out = append(out, c)
	}
	return out
}

// sameKey is what two printed forms of one value have in common.
func sameKey(field, value string) string {
	switch field {
	case "phone", "facility_phone", "emergency_contact_phone":
		d := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, value)
		return d[max(0, len(d)-10):]
	case "provider_name":
		return nameKey(value)
	}
	return key(value)
}

// nameKey folds a clinician's name: titles and initials aside, parts in order
// of the alphabet, so that "Smith, Ann MD" is "Dr. Ann B. Smith".
func nameKey(s string) string {
	var parts []string
	for _, w := range labelWords(s) {
		if len(w) > 2 && !credential[w] {
			parts = append(parts, w)
		}
	}
	sort.Strings(parts)
	return strings.Join(parts, " ")
}

var credential = fieldSet("md", "do", "np", "pa", "pac", "rn", "dnp", "fnp", "fnpbc", "aprn", "phd", "mph", "facp", "faap", "facs", "dr", "dds", "dpm", "pharmd", "crnp", "arnp", "mbbs", "msn", "fnpc", "lpn", "cnm", "facc", "doctor", "physician", "mba", "cnp")

// sayLess tells whether one key is a shorter form of the other, which is no
// contradiction: a middle initial beside the name, a city within an address.
func sayLess(field, a, b string) bool {
	if a == b {
		return false
	}
	switch field {
	case "patient_middle_name", "provider_name", "facility_name", "address_line", "insurance_payer_name", "address", "facility_address", "provider_specialty":
		return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) || strings.Contains(a, b) || strings.Contains(b, a)
	case "chief_complaint", "history_of_present_illness", "past_medical_history", "past_surgical_history",
		"family_history", "physical_exam", "assessment", "plan_of_care", "follow_up_instructions", "document_type":
		return true
	}
	return false
}

// merge makes one row of the facts with one identity, in reading order of the
// first.
func (r *reader) merge(m Model) []fact {
	var out []fact
	at := map[string]int{}
	sort.SliceStable(r.facts, func(i, j int) bool { return r.facts[i].order < r.facts[j].order })
	for _, f := range r.facts {
		id := string(rune('a'+f.kind)) + f.identity
		if i, ok := at[id]; ok && f.identity != "" {
			out[i] = unite(out[i], f, m)
			continue
		}
		at[id] = len(out)
		out = append(out, f)
	}
	return settle(absorb(out, m))
}

// absorb lets a condition that is named in full take up the shorter mentions of
// the same disease: "COPD" beside "COPD with acute exacerbation", "I10" beside
// "Essential hypertension". They share a category, and the shorter has no code
// of its own printed, or no word of its own.
func absorb(fs []fact, m Model) []fact {
	gone := map[int]bool{}
	for i := range fs {
		for j := range fs {
			if i == j || gone[i] || gone[j] || !sameDisease(fs[i], fs[j]) && !sameDrug(fs[i], fs[j]) {
				continue
			}
			short := fs[j]
			delete(short.cells, "clinical_status")
			fs[i] = unite(fs[i], short, m)
			gone[j] = true
		}
	}
	var out []fact
	for i, f := range fs {
		if !gone[i] {
			out = append(out, f)
		}
	}
	return out
}

// sameDrug tells whether b is a mention without a dose of the medication a.
func sameDrug(a, b fact) bool {
	return a.kind == kindMedication && b.kind == kindMedication && a.cells["dose"].value != "" && b.cells["dose"].value == "" &&
		strings.HasPrefix(a.identity, b.identity+"|") && strings.HasSuffix(b.identity, "|ended") == strings.Contains(a.identity, "|ended")
}

// sameDisease tells whether b is a shorter mention of a.
func sameDisease(a, b fact) bool {
	if a.kind == kindCondition && b.kind == kindCondition && b.told && !a.told && !a.weak && b.cells["icd10_code"].value == "" && wordsWithin(a, b) {
		return true // "kidney disease" in a sentence, "chronic kidney disease" in the list
	}
	if a.kind != kindCondition || b.kind != kindCondition || len(a.code) < 3 || len(b.code) < 3 || a.code[:3] != b.code[:3] || a.weak {
		return false
	}
	printed := b.cells["icd10_code"].value
	if printed != "" && a.cells["icd10_code"].value == "" {
		return false
	}
	if printed != "" && printed != a.cells["icd10_code"].value {
		return false
	}
	if a.code == b.code && (printed != "" || b.weak || len(a.cells["condition_name"].value) >= len(b.cells["condition_name"].value)) {
		return true
	}
	long := labelWords(a.cells["condition_name"].value)
	for _, w := range labelWords(b.cells["condition_name"].value) {
		if !contains(long, w) {
			return b.weak
		}
	}
	return true
}

// wordsWithin tells whether b is named with words of a's name only.
func wordsWithin(a, b fact) bool {
	long := labelWords(a.cells["condition_name"].value)
	short := labelWords(b.cells["condition_name"].value)
	for _, w := range short {
		if !contains(long, w) {
			return false
		}
	}
	return len(short) > 0 && len(short) < len(long)
}

func contains(ws []string, w string) bool {
	for _, x := range ws {
		if x == w || len(w) > 4 && strings.HasPrefix(x, w[:len(w)-1]) {
			return true
		}
	}
	return false
}

// unite adds a further mention to a fact: its cells fill what is missing, agree
// or contradict.
func unite(a, b fact, m Model) fact {
	if a.weak && !b.weak {
		a, b = b, a
		a.order = min(a.order, b.order)
	}
	coded := a.cells["icd10_code"].value == "" && b.cells["icd10_code"].value != ""
	for role, c := range b.cells {
		had, ok := a.cells[role]
		switch {
		case !ok || had.value == "":
			if !b.weak {
				a.cells[role] = c
			}
		case key(had.value) == key(c.value):
			if a.told && !b.told && !b.weak && role == kindMust(a.kind) {
				had, c = c, had // as the list writes it
			}
			a.cells[role] = agree(had, c, m)
		case role == kindMust(a.kind):
			// The identity is the same, so the names are two forms of one. The
			// one beside a printed code is how the record names it.
			if (coded || a.told && !b.told && kindCondition == a.kind && had.sig.Label < c.sig.Label) && !b.weak {
				had, c = c, had
			}
			had.more = append(append(had.more, c.ink), c.more...)
			had.sig.Agreement = 1 - math.Pow(0.5, float64(len(had.more)))
			a.cells[role] = had
		case b.weak:
		default:
			a.cells[role] = contradict(had, c, m, role)
		}
	}
	return a
}

func kindMust(k kind) string {
	if info := kindInfo(k); info != nil {
		return info.must
	}
	return ""
}

// agree keeps the surer of two cells and counts the other as its support.
func agree(a, b cell, m Model) cell {
	if sameInk(a, b) {
		if m.Probability(b.sig) > m.Probability(a.sig) {
			return b
		}
		return a
	}
	if m.Probability(b.sig) > m.Probability(a.sig)+0.05 {
		a, b = b, a
	}
	a.more = append(append(a.more, b.ink), b.more...)
	a.sig.Agreement = 1 - math.Pow(0.5, float64(len(a.more)))
	if key(a.value) == key(b.value) && a.value != b.value {
		return a
	}
	return a
}

func sameInk(a, b cell) bool {
	return len(a.ink) > 0 && len(b.ink) > 0 && a.ink[0].spot() == b.ink[0].spot()
}

// contradict keeps the surer of two cells that differ, and says so. Free text
// may be worded differently and mean the same.
func contradict(a, b cell, m Model, role string) cell {
	if m.Probability(b.sig) > m.Probability(a.sig)+0.1 {
		a, b = b, a
	}
	if role == "instructions" || strings.Contains(key(a.value), key(b.value)) {
		return a
	}
	a.sig.Conflict = max(a.sig.Conflict, 0.5)
	return a.doubt(remarkOtherRow)
}
