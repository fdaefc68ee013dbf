package convert

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// onlyOne are the relatives of whom a patient has one: their illnesses are one
// person's. Two rows of a brother may be of two brothers.
var onlyOne = []string{"mother", "father", "maternalgrandmother", "maternalgrandfather", "paternalgrandmother", "paternalgrandfather"}

// relative is a member of the family with what they had.
type relative struct {
	id       string
	fact     fact
	resource *r4.FamilyMemberHistory
}

func (c *chart) makeFamily() {
	const t = "family_members"
	var all []*relative
	known := map[string]*relative{}
	c.table(t, []string{"relation", "relative_condition"}, func(row result.Row, f *fact, id string) {
		relation, text := cell(f, t, row, "relation"), cell(f, t, row, "relative_condition")
		if relation == "" || text == "" || c.Hold && !c.sure(f) {
			return
		}
		who := known[folded(relation)]
		if who == nil {
			who = &relative{id: id, resource: &r4.FamilyMemberHistory{
				Status: "partial", Patient: c.patient, Relationship: relationship(relation), Date: c.asOf(),
			}}
			all = append(all, who)
		}
		if slices.Contains(onlyOne, folded(relation)) {
			who.id, known[folded(relation)] = c.id(t, folded(relation)), who
		}
		who.fact.and(f)
		who.resource.Condition = append(who.resource.Condition, c.familyCondition(text))
	})
	for _, who := range all {
		c.keep(who.resource, who.id, &who.fact)
	}
}

// familyCondition takes an age at onset from the end of the text ("MI at 52",
// "breast cancer, age 45").
func (c *chart) familyCondition(text string) r4.FamilyMemberHistoryCondition {
	out := r4.FamilyMemberHistoryCondition{}
	for _, cut := range []string{", age ", " at age ", " age ", " at "} {
		name, age, ok := strings.Cut(strings.ToLower(text), cut)
		a, isAge := grammar.ParseAge(age)
		if !ok || !isAge || !numeric(a.Value) || a.Unit != "a" {
			continue
		}
		out.Code = c.named(terms.Diagnosis, strings.TrimSpace(text[:len(name)]))
		out.Code.Text = text
		out.OnsetAge = &r4.Age{Value: r4.Decimal(a.Value), Unit: "years", System: terms.UCUM, Code: "a"}
		return out
	}
	out.Code = c.named(terms.Diagnosis, text)
	return out
}

// relationship is a relative in HL7's RoleCode.
func relationship(text string) *r4.CodeableConcept {
	codes := map[string]string{"mother": "MTH", "father": "FTH", "sister": "SIS", "brother": "BRO", "son": "SONC", "daughter": "DAUC",
		"child": "CHILD", "parent": "PRN", "sibling": "SIB", "halfbrother": "HBRO", "halfsister": "HSIS", "twin": "TWIN",
		"maternalgrandmother": "MGRMTH", "maternalgrandfather": "MGRFTH", "paternalgrandmother": "PGRMTH", "paternalgrandfather": "PGRFTH",
		"grandmother": "GRMTH", "grandfather": "GRFTH", "grandparent": "GRPRN", "grandson": "GRNDSON", "granddaughter": "GRNDDAU",
		"aunt": "AUNT", "uncle": "UNCLE", "maternalaunt": "MAUNT", "paternalaunt": "PAUNT", "maternaluncle": "MUNCLE", "paternaluncle": "PUNCLE",
		"cousin": "COUSN", "maternalcousin": "MCOUSN", "paternalcousin": "PCOUSN", "nephew": "NEPHEW", "niece": "NIECE"}
	if code, ok := codes[folded(text)]; ok {
		return concept(text, r4.Coding{System: v3("RoleCode"), Code: code})
	}
	return concept(text)
}
