package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// sentence joins items as prose does.
func sentence(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

func (w *Writer) he() (he, his string) {
	if w.rec.Person.Sex == "female" {
		return "She", "Her"
	}
	return "He", "His"
}

// has lists the problems that are there now, and those that are over.
func (w *Writer) has() (now, over []string) {
	for i, p := range w.rec.Problems {
		name := cell("conditions", i, "condition_name", p.Short)
		if p.Status == "Active" {
			now = append(now, name)
			continue
		}
		w.doc.Imply(fmt.Sprintf("conditions.%d.clinical_status", i+1), "resolved")
		over = append(over, name)
	}
	return now, over
}

// takes lists the medications as prose does; stopped ones come apart.
func (w *Writer) takes() (now, over []string) {
	for i, m := range w.rec.Meds {
		r := w.medRow(i, m)
		if m.Stopped {
			w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
			over = append(over, r["med"])
			continue
		}
		now = append(now, r["med"]+" "+r["dose"]+" "+r["freq"])
	}
	return now, over
}

// consultLetter is a specialist's letter to the one who referred.
func consultLetter(w *Writer) {
	w.letterhead(.5, "", "")
	he, his := w.he()
	w.line(w.day("document_date", w.rec.Visit.Date))
	w.Gap(8)
	w.line("RE: " + w.nameFirst() + "     " + w.l["dob"] + ": " + w.day("date_of_birth", w.rec.Person.Born) + "     " + w.l["mrn"] + ": " + key("patient_mrn", w.rec.Person.MRN))
	w.Gap(8)
	w.line("Dear Colleague,")
	w.Gap(4)
	now, over := w.has()
	if len(now) > 0 {
		w.para("Thank you for asking me to see this patient. " + his + " problems include " + sentence(now) + ".")
	}
	if len(over) > 0 {
		w.para("In the past there was " + sentence(over) + ", which has resolved.")
	}
	meds, gone := w.takes()
	w.Gap(4)
	if len(meds) > 0 {
		w.para(he + " takes " + sentence(meds) + ".")
	}
	for _, m := range gone {
		w.para(m + " was discontinued.")
	}
	var bad []string
	for i, a := range w.rec.Allergies {
		r := w.allergyRow(i, a)
		bad = append(bad, r["allergen"]+", which causes "+r["reaction"])
	}
	if len(bad) > 0 {
		w.para(he + " is allergic to " + sentence(bad) + ".")
	} else {
		w.para(he + " has " + cell("allergies", 0, "allergen", "no known drug allergies") + ".")
	}
	w.Gap(4)
	var kin []string
	for i, f := range w.rec.Family {
		kin = append(kin, his+" "+keyed(fmt.Sprintf("family_members.%d.relation", i+1), f.Relation, strings.ToLower(f.Relation))+" had "+cell("family_members", i, "relative_condition", f.Illness)+".")
	}
	w.para(strings.Join(kin, " "))
	v := w.rec.Vitals
	w.para("On examination the blood pressure was " + key("blood_pressure_systolic", v.Systolic) + "/" + key("blood_pressure_diastolic", v.Diastolic) +
		", the pulse " + key("heart_rate", v.Pulse) + " and the weight " + key("weight", v.Weight) + " " + key("weight_unit", "pounds") + ". There was no " +
		key("!conditions.negated", w.rec.Denied[0]) + ".")
	w.Gap(8)
	w.line("Sincerely,")
	w.Gap(14)
	w.line(w.provider())
}

// labSide prints results in two columns side by side.
func labSide(w *Writer) {
	w.letterhead(0, "laboratory report", "LAB SUMMARY")
	w.inline("**", "    ", w.who(true)...)
	w.collected()
	w.Gap(4)
	var rows [][]string
	w.results(func(string) {}, func(_ int, _ chart.Result, c map[string]string) {
		rows = append(rows, []string{c["test"], join(c["result"], c["flag"]), c["units"], c["range"]})
	})
	half := (len(rows) + 1) / 2
	grid := paper.Grid{Widths: []float64{92, 56, 52, 52}, Header: []string{w.l["test"], w.l["result"], w.l["units"], w.l["range"]}, Pad: 1.5, Under: true, Head: w.Style.B().At(8)}
	side := func(part [][]string) func() {
		return func() { g := grid; g.Rows = part; w.rows(g) }
	}
	w.both(268, side(rows[:half]), side(rows[half:]))
}

// emergency is an emergency department's note, terse.
func emergency(w *Writer) {
	w.letterhead(0, "visit summary", "EMERGENCY DEPARTMENT NOTE")
	w.inline("", "  |  ", w.who(true)...)
	w.inline("", "  |  ", w.when()[0], w.when()[2])
	w.Rule(w.X, w.Y-6, w.X+w.Width, w.Y-6, 0.7)
	w.Gap(6)
	_, his := w.he()
	w.para("**" + w.l["CC"] + ":** " + key("chief_complaint", w.rec.Visit.Complaint))
	w.para("**" + w.l["VITALS"] + ":** BP " + w.vitals()[0].value + ", P " + w.vitals()[1].value + ", RR " + w.vitals()[2].value + ", T " + w.vitals()[3].value + w.vitals()[3].unit + ", O2 sat " + w.vitals()[4].value + "% on room air")
	w.head("HPI")
	w.present()
	now, over := w.has()
	if len(now) > 0 {
		w.para("**PMH:** " + strings.Join(now, ", "))
	}
	if len(over) > 0 {
		w.para("Prior " + strings.Join(over, ", ") + " (resolved)")
	}
	meds, gone := w.takes()
	w.para("**Meds:** " + strings.Join(meds, "; "))
	if len(gone) > 0 {
		w.para("No longer takes " + strings.Join(gone, ", "))
	}
	w.Text(w.X, w.Y, w.Style.B(), "Allergies:")
	w.Y += w.Lead
	w.allergyText(true)
	w.para("**FH:** " + his + " " + keyed("family_members.1.relation", w.rec.Family[0].Relation, strings.ToLower(w.rec.Family[0].Relation)) + " has " + cell("family_members", 0, "relative_condition", w.rec.Family[0].Illness))
	w.head("LABS")
	w.labText(labRun)
	w.head("PLAN")
	w.narrative("plan_of_care", w.rec.Plan)
}

// testLetter is a primary care letter in another order and another voice.
func testLetter(w *Writer) {
	w.line(key("facility_name", w.rec.Facility.Name) + "  -  " + key("facility_address", w.rec.Facility.Address))
	w.Gap(10)
	w.line(w.l["printed"] + " " + w.day("document_date", w.rec.Visit.Date))
	w.line("Regarding " + w.nameFirst() + ", born " + w.day("date_of_birth", w.rec.Person.Born) + ", " + w.l["mrn"] + " " + key("patient_mrn", w.rec.Person.MRN))
	w.Gap(8)
	he, his := w.he()
	now, over := w.has()
	s := "I follow the above patient for " + sentence(now) + "."
	if len(now) == 0 {
		s = "I follow the above patient."
	}
	if len(over) > 0 {
		s += " " + his + " " + sentence(over) + " resolved some years ago."
	}
	meds, gone := w.takes()
	s += " Current treatment consists of " + sentence(meds) + "."
	if len(gone) > 0 {
		s += " We stopped " + sentence(gone) + "."
	}
	s += " " + he + " denies " + key("!conditions.negated", w.rec.Denied[0]) + " and there is no history of " + key("!conditions.negated", w.rec.RuledOut[0]) + "."
	s += " There is a family history of " + cell("family_members", 0, "relative_condition", w.rec.Family[0].Illness) + " (" + keyed("family_members.1.relation", w.rec.Family[0].Relation, strings.ToLower(w.rec.Family[0].Relation)) + ")."
	w.para(s)
	w.Gap(8)
	w.para("If " + strings.ToLower(he) + " develops " + key("!conditions.hypothetical", w.rec.Denied[1]) + ", please call us.")
	w.Gap(10)
	w.line(w.provider())
}
