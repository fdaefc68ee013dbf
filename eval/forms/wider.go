package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// widerLayouts are the print-outs of further systems: portals, admission sheets,
// reference laboratories, pharmacies, health centres.
func widerLayouts() []Layout {
	sans, mono := paper.Style{Family: paper.Sans, Size: 9.5}, paper.Style{Family: paper.Mono, Size: 8.5}
	narrow, serif := paper.Style{Family: paper.Narrow, Size: 10}, paper.Style{Family: paper.Serif, Size: 10.5}
	return []Layout{
		{Name: "portal-summary", vendor: "portal", base: sans, date: "01/02/2006", title: titleRule, draw: portalSummary},
		{Name: "portal-avs", vendor: "portal", base: paper.Style{Family: paper.Verdana, Size: 8.5}, date: "Jan 2, 2006", title: titleBand, draw: portalVisit},
		{Name: "admission-sheet", vendor: "hospital", base: mono, date: "01/02/06", title: titlePlain, draw: admissionSheet},
		{Name: "hospital-boxes", vendor: "hospital", base: narrow, date: "01/02/2006", title: titleDark, draw: hospitalBoxes},
		{Name: "lab-reference", vendor: "reference", base: mono, date: "01/02/2006", title: titleBold, draw: labReference},
		{Name: "lab-inout", vendor: "reference", base: sans, date: "01/02/2006", title: titleBold, draw: labInOut},
		{Name: "lab-cumulative", vendor: "hospital", base: narrow.At(9), date: "01/02/06", title: titleBold, draw: labCumulative},
		{Name: "lab-framed", vendor: "labtwo", base: serif.At(10), date: "2 Jan 2006", title: titleCentered, draw: labFramed},
		{Name: "pharmacy-history", vendor: "pharmacy", base: sans.At(9), date: "01/02/2006", title: titleBold, draw: pharmacyHistory},
		{Name: "med-reconciliation", vendor: "hospital", base: sans.At(9), date: "01/02/2006", latin: true, title: titleDark, draw: medReconciliation},
		{Name: "centre-captions", vendor: "community", base: sans.At(10), date: "January 2, 2006", title: titleBand, draw: centreCaptions},
		{Name: "centre-plain", vendor: "community", base: serif, date: "2006-01-02", title: titleBold, draw: centrePlain},
		{Name: "flow-sheet", vendor: "clinic", base: narrow, date: "1/2/06", title: titleBold, draw: flowSheet},
		{Name: "superbill", vendor: "clinic", base: sans, date: "01/02/2006", title: titleDark, draw: superbill},
		{Name: "dose-grid", vendor: "registry", base: narrow, date: "01/02/2006", title: titleBold, draw: doseGrid},
		{Name: "intake-lines", vendor: "form", base: sans.At(10.5), date: "01/02/2006", title: titlePlain, draw: intakeLines},
	}
}

// portalSummary is what a patient prints from a portal.
func portalSummary(w *Writer) {
	w.Text(w.X, w.Y, w.base.B().At(14), "Patient Health Summary")
	w.Right(w.X+w.Width, w.Y, w.base, "Generated on "+w.day("document_date", w.rec.Visit.Date))
	w.Y += 22
	w.line("**" + w.nameFirst() + "** - " + w.l["mrn"] + " " + key("patient_mrn", w.rec.Person.MRN) + " - " + w.l["dob"] + " " + w.day("date_of_birth", w.rec.Person.Born) + " - " + w.sex(false))
	w.inline("", "     ", pair{"Care team", w.provider()}, pair{"Facility", key("facility_name", w.rec.Facility.Name)})
	w.head("ALLERGIES")
	if !w.noAllergies() {
		for i, a := range w.rec.Allergies {
			r := w.allergyRow(i, a)
			w.item("•", r["allergen"]+"     (Reactions: "+r["reaction"]+")", 12)
		}
	}
	w.head("MEDS")
	for i, m := range w.rec.Meds {
		r := w.medRow(i, m)
		sig, plain := w.sig(i, m)
		end := ""
		if m.Stopped {
			end = " (" + r["status"] + ")"
		}
		w.item("•", r["med"]+" "+r["dose"]+" "+m.Form+", "+sig+end+". Disp: 90 "+m.Form+", Rfl: 3", 12)
		w.doc.Imply(fmt.Sprintf("medications.%d.instructions", i+1), plain)
	}
	w.head("PROBLEMS")
	for i, p := range w.rec.Problems {
		r := w.problemRow(i, p)
		tail := ""
		if p.Status != "Active" {
			tail = " - " + keyed(fmt.Sprintf("conditions.%d.clinical_status", i+1), "resolved", "Resolved")
		}
		w.item("•", r["dx"]+" ("+r["code"]+")"+tail+"     Noted "+r["onset"], 12)
	}
	w.head("VITALS")
	var rows [][]string
	for _, v := range w.vitals() {
		rows = append(rows, []string{v.label, v.value + v.unit, w.rec.Visit.Date.Format("01/02/2006") + " 9:14 AM"})
	}
	w.rows(paper.Grid{Widths: []float64{170, 130, 160}, Header: []string{"Vital Sign", "Reading", "Time Taken"}, Rows: rows, Pad: 1.6, Under: true})
	w.head("LABS")
	w.collected()
	w.withUnits([]string{"test", "result", "range", "flag"}, []float64{.36, .16, .34, .14}, true)
	w.head("SHOTS")
	for i, s := range w.rec.Shots {
		w.item("•", cell("immunizations", i, "vaccine_name", s.Vaccine)+" (Given "+w.dayCell("immunizations", i, "vaccine_date", s.Date)+")", 12)
	}
	w.head("SOCIAL")
	w.social(1)
}

// withUnits is a table of results with the unit behind the range, as "70-99 mg/dL".
func (w *Writer) withUnits(cols []string, shares []float64, under bool) {
	g := paper.Grid{Pad: 1.6, Under: under, Lines: !under}
	for i, c := range cols {
		g.Header = append(g.Header, w.l[c])
		g.Widths = append(g.Widths, shares[i]*w.Width)
	}
	flush := func(name string) {
		if len(g.Rows) > 0 {
			w.rows(g)
			g.Rows = nil
		}
		if name != "" {
			w.need(80)
			w.line("**" + name + "**")
		}
	}
	w.results(flush, func(_ int, _ chart.Result, c map[string]string) {
		c["range"] = join(c["range"], c["units"])
		var row []string
		for _, k := range cols {
			row = append(row, c[k])
		}
		g.Rows = append(g.Rows, row)
	})
	flush("")
}

// portalVisit is an after-visit summary with boxes of advice beside the facts.
func portalVisit(w *Writer) {
	w.letterhead(0, "visit summary", "AFTER VISIT SUMMARY")
	w.line("**" + w.nameFirst() + "**   " + w.l["mrn"] + ": " + key("patient_mrn", w.rec.Person.MRN))
	w.line(w.l["dob"] + ": " + w.day("date_of_birth", w.rec.Person.Born) + "     " + w.l["visit"] + ": " + w.day("encounter_date", w.rec.Visit.Date) + " with " + w.provider())
	w.head("CC")
	w.line("You were seen for " + key("chief_complaint", w.rec.Visit.Complaint) + ".")
	w.both(300, func() {
		w.head("MEDS")
		for i, m := range w.rec.Meds {
			if m.Stopped {
				continue
			}
			r := w.medRow(i, m)
			sig, plain := w.sig(i, m)
			w.Line("**" + r["med"] + " " + r["dose"] + "**")
			w.Para(sig)
			w.doc.Imply(fmt.Sprintf("medications.%d.instructions", i+1), plain)
			w.Gap(4)
		}
	}, func() {
		w.head("VITALS")
		w.vitalsDown(120)
		w.head("ALLERGIES")
		w.allergyText(true)
	})
	for i, m := range w.rec.Meds {
		if m.Stopped {
			w.head("STOPPED")
			r := w.medRow(i, m)
			w.item("•", r["med"]+" "+r["dose"], 12)
			w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
		}
	}
	w.head("PROBLEMS")
	w.problemLines(nameOnly)
	w.head("RETURN")
	w.narrative("follow_up_instructions", w.rec.Return)
}

// admissionSheet is a mainframe's face sheet: labels in capitals in three columns.
func admissionSheet(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.Center(w.X+w.Width/2, w.Y, w.base.B(), key("facility_name", w.rec.Facility.Name))
	w.Y += w.Lead
	w.Center(w.X+w.Width/2, w.Y, w.base, "ADMISSION RECORD / "+keyed("document_type", "registration form", "FACE SHEET"))
	w.Y += 2 * w.Lead
	grid := func(pairs ...pair) {
		at := []float64{0, .4, .7}
		for i, q := range pairs {
			w.Text(w.X+at[i]*w.Width, w.Y, w.base, q.label+": "+q.value)
		}
		w.Y += w.Lead
	}
	l := w.l
	grid(pair{l["name"], w.nameLast(true)}, pair{l["mrn"], key("patient_mrn", p.MRN)}, pair{l["number"], key("encounter_id", v.Number)})
	grid(pair{l["dob"], w.day("date_of_birth", p.Born)}, pair{l["sex"], w.sex(true)}, pair{l["marital"], keyed("marital_status", strings.ToLower(p.Marital), strings.ToUpper(p.Marital))})
	grid(pair{l["street"], key("address_line", p.Street)}, pair{"CITY/ST", key("city", p.City) + " " + key("state", p.State) + " " + key("postal_code", p.Zip)})
	grid(pair{l["phone"], key("phone", p.Phone)}, pair{l["admit"], w.day("admission_date", v.Admitted)}, pair{l["discharge"], w.day("discharge_date", v.Discharged)})
	grid(pair{l["provider"], w.provider()}, pair{"SVC", "MED"}, pair{"RM/BED", "412-A"})
	w.Rule(w.X, w.Y-4, w.X+w.Width, w.Y-4, .6)
	w.Gap(8)
	grid(pair{l["payer"], key("insurance_payer_name", p.Payer)}, pair{l["member"], key("insurance_member_id", p.Member)}, pair{l["group"], key("insurance_group_number", p.Group)})
	grid(pair{l["contact"], key("emergency_contact_name", p.ContactName)}, pair{l["cphone"], key("emergency_contact_phone", p.ContactPhone)})
	w.Rule(w.X, w.Y-4, w.X+w.Width, w.Y-4, .6)
	w.Gap(8)
	w.line(l["CC"] + ": " + key("chief_complaint", v.Complaint))
	w.head("PROBLEMS")
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		tail := ""
		if q.Status != "Active" {
			tail = "  " + keyed(fmt.Sprintf("conditions.%d.clinical_status", i+1), "resolved", "RESOLVED")
		}
		w.Text(w.X, w.Y, w.base, r["code"])
		w.Text(w.X+70, w.Y, w.base, r["dx"]+tail)
		w.Y += w.Lead
	}
	w.head("ALLERGIES")
	w.allergyText(false)
	w.head("PROCS")
	w.doneLines(true)
}

// hospitalBoxes is an order sheet with framed blocks.
func hospitalBoxes(w *Writer) {
	w.letterhead(.5, "", "PHYSICIAN ORDER SUMMARY")
	w.boxes([]float64{.36, .2, .22, .22}, pair{w.l["name"], w.nameLast(true)}, pair{w.l["mrn"], key("patient_mrn", w.rec.Person.MRN)}, pair{w.l["dob"], w.day("date_of_birth", w.rec.Person.Born)}, pair{w.l["sex"], w.sex(true)})
	w.boxes([]float64{.36, .2, .22, .22}, pair{w.l["provider"], w.provider()}, pair{w.l["number"], key("encounter_id", w.rec.Visit.Number)}, pair{w.l["admit"], w.day("admission_date", w.rec.Visit.Admitted)}, pair{w.l["weight"] + " (lb)", key("weight", w.rec.Vitals.Weight)})
	w.Gap(14)
	w.head("ALLERGIES")
	w.allergyTable(tableForm{cols: []string{"allergen", "reaction", "severity"}, shares: []float64{.4, .4, .2}, lines: true, pad: 2})
	w.head("PROBLEMS")
	w.problemTable(tableForm{cols: []string{"code", "dx"}, shares: []float64{.2, .8}, lines: true, pad: 2})
	w.head("MEDS")
	w.medTable(tableForm{cols: []string{"med", "dose", "route", "freq", "start"}, shares: []float64{.34, .17, .15, .18, .16}, lines: true, pad: 2})
	w.head("VITALS")
	w.vitalsAcross(true)
}

// labReference is a national laboratory's report: a block of two columns on top,
// results in fixed columns with the performing site behind.
func labReference(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.Text(w.X, w.Y, w.base.B().At(12), key("facility_name", w.rec.Facility.Name))
	w.Right(w.X+w.Width, w.Y, w.base.B(), keyed("document_type", "laboratory report", "Final Report"))
	w.Y += 16
	w.line(key("facility_address", w.rec.Facility.Address) + "   Phone: " + key("facility_phone", w.rec.Facility.Phone))
	w.Gap(4)
	w.both(270, func() {
		w.head2("Patient Details")
		w.beside(96, "", pair{w.l["name"], w.nameLast(false)}, pair{w.l["dob"], w.day("date_of_birth", p.Born)}, pair{w.l["sex"], w.sex(true)}, pair{w.l["mrn"], key("patient_mrn", p.MRN)}, pair{"Phone", key("phone", p.Phone)})
	}, func() {
		w.head2("Specimen Details")
		w.beside(116, "", pair{w.l["number"], v.Number}, pair{w.l["collected"], keyed("lab_results.*.collection_date", v.Date.Format("2006-01-02"), v.Date.Format(w.date)) + " 0742 Local"},
			pair{"Date Received", v.Date.Format(w.date)}, pair{w.l["printed"], w.day("document_date", v.Date.AddDate(0, 0, 1))}, pair{w.l["provider"], w.provider()}, pair{w.l["npi"], key("provider_npi", w.rec.Provider.NPI)})
	})
	w.Gap(6)
	names := []string{}
	for _, q := range w.rec.Panels {
		names = append(names, q.Name)
	}
	w.line("Ordered Items: " + strings.Join(names, "; "))
	at := []float64{0, .42, .55, .63, .76, .95}
	put := func(cells ...string) {
		w.need(w.Lead)
		for i, c := range cells {
			w.Text(w.X+at[i]*w.Width, w.Y, w.base, c)
		}
		w.Y += w.Lead
	}
	w.Rule(w.X, w.Y-w.Lead+2, w.X+w.Width, w.Y-w.Lead+2, .6)
	put(w.l["test"], w.l["result"], w.l["flag"], w.l["units"], w.l["range"], "LAB")
	w.Rule(w.X, w.Y-w.Lead+3, w.X+w.Width, w.Y-w.Lead+3, .6)
	w.results(func(name string) {
		w.need(50)
		w.Gap(3)
		w.line("**" + name + "**")
	}, func(_ int, r chart.Result, c map[string]string) {
		flag := r.Flag
		if flag == "H" {
			flag = keyed(strings.Split(strings.Trim(c["flag"], "{}"), "|")[0], "H", "High")
		} else if flag == "L" {
			flag = keyed(strings.Split(strings.Trim(c["flag"], "{}"), "|")[0], "L", "Low")
		} else {
			flag = c["flag"]
		}
		put("  "+c["test"], c["result"], flag, c["units"], c["range"], "01")
	})
	w.Gap(8)
	w.line("01   BN   " + w.rec.Facility.Name)
	w.line("For inquiries, the physician may contact the laboratory.")
}

func (w *Writer) head2(text string) { w.Line("**" + text + "**") }

// labInOut has a column for results in range and one for those out of it.
func labInOut(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.letterhead(0, "laboratory report", "Laboratory Report")
	w.both(258, func() {
		w.Line("PATIENT INFORMATION")
		w.Line("**" + w.nameLast(true) + "**")
		w.Line("DOB: " + w.day("date_of_birth", p.Born) + "   Sex: " + w.sex(true))
		w.Line("Patient ID: " + key("patient_mrn", p.MRN))
	}, func() {
		w.Line("Specimen: " + v.Number)
		w.Line("Collected: " + keyed("lab_results.*.collection_date", v.Date.Format("2006-01-02"), v.Date.Format(w.date)) + " / 08:10 EST")
		w.Line("Reported: " + w.day("document_date", v.Date.AddDate(0, 0, 1)) + " / 17:22 EST")
		w.Line("Ordering: " + w.provider())
	})
	w.Gap(8)
	at := []float64{0, .36, .5, .66, .93}
	put := func(cells ...string) {
		w.need(w.Lead)
		for i, c := range cells {
			w.Text(w.X+at[i]*w.Width, w.Y, w.base, c)
		}
		w.Y += w.Lead
	}
	put("**Test Name**", "**In Range**", "**Out Of Range**", "**Reference Range**", "**Lab**")
	w.results(func(name string) { w.need(50); w.Gap(2); w.line("**" + strings.ToUpper(name) + "**") },
		func(_ int, r chart.Result, c map[string]string) {
			in, out := c["result"], ""
			if r.Flag != "" {
				in, out = "", c["result"]+" "+c["flag"]
			}
			put(c["test"], in, out, join(c["range"], c["units"]), "EN")
		})
}

// labCumulative prints today's results beside two earlier days.
func labCumulative(w *Writer) {
	v := w.rec.Visit
	w.letterhead(.5, "laboratory report", "CUMULATIVE LABORATORY SUMMARY")
	w.inline("", "     ", w.who(true)...)
	w.inline("", "     ", pair{w.l["provider"], w.provider()}, pair{w.l["printed"], w.day("document_date", v.Date.AddDate(0, 0, 1))})
	w.Gap(6)
	day := keyed("lab_results.*.collection_date", v.Date.Format("2006-01-02"), v.Date.Format(w.date))
	g := paper.Grid{Pad: 1.6, Lines: true, Header: []string{"TEST", day, "REFERENCE", "UNITS"}, Widths: []float64{.4 * w.Width, .18 * w.Width, .24 * w.Width, .18 * w.Width}}
	flush := func(name string) {
		if len(g.Rows) > 0 {
			w.rows(g)
			g.Rows = nil
		}
		if name != "" {
			w.need(80)
			w.line("**" + name + "**")
		}
	}
	w.results(flush, func(_ int, _ chart.Result, c map[string]string) {
		g.Rows = append(g.Rows, []string{c["test"], join(c["result"], c["flag"]), c["range"], c["units"]})
	})
	flush("")
}

// labFramed prints each panel in a frame of its own with its name across the top.
func labFramed(w *Writer) {
	w.letterhead(1, "laboratory report", "PATHOLOGY & LABORATORY")
	w.below(7.5, w.who(false)...)
	w.below(7.5, pair{w.l["provider"], w.provider()}, pair{w.l["collected"], keyed("lab_results.*.collection_date", w.rec.Visit.Date.Format("2006-01-02"), w.rec.Visit.Date.Format(w.date))}, pair{w.l["printed"], w.day("document_date", w.rec.Visit.Date)})
	w.labTable(tableForm{cols: []string{"test", "result", "units", "flag", "range"}, shares: []float64{.36, .14, .18, .1, .22}, lines: true, band: true, pad: 2.2}, false)
	w.line("Key: H = above range, L = below range. Comments are on file.")
}

// pharmacyHistory is a pharmacy's list of what it filled.
func pharmacyHistory(w *Writer) {
	w.letterhead(0, "medication list", "Customer Prescription History")
	p := w.rec.Person
	w.beside(90, "", pair{w.l["name"], w.nameFirst()}, pair{w.l["dob"], w.day("date_of_birth", p.Born)}, pair{w.l["street"], key("address_line", p.Street) + ", " + key("city", p.City) + ", " + key("state", p.State) + " " + key("postal_code", p.Zip)}, pair{w.l["phone"], key("phone", p.Phone)})
	w.head("ALLERGIES")
	w.allergyText(false)
	w.head("MEDS")
	g := paper.Grid{Pad: 2, Under: true, Stripe: true, Header: []string{"Rx #", w.l["start"], w.l["med"], w.l["dose"], "Qty", w.l["sig"], w.l["status"]}}
	for _, s := range []float64{.1, .12, .2, .12, .06, .28, .12} {
		g.Widths = append(g.Widths, s*w.Width)
	}
	for i, m := range w.rec.Meds {
		r := w.medRow(i, m)
		sig, plain := w.sig(i, m)
		w.doc.Imply(fmt.Sprintf("medications.%d.instructions", i+1), plain)
		g.Rows = append(g.Rows, []string{fmt.Sprintf("%07d", 4410200+w.r.IntN(99999)), r["start"], r["med"], r["dose"], []string{"30", "60", "90"}[w.r.IntN(3)], sig, r["status"]})
	}
	w.rows(g)
	w.line("Prescriber: " + w.provider())
}

// medReconciliation asks of each drug whether it is to go on.
func medReconciliation(w *Writer) {
	w.letterhead(.5, "medication list", "ADMISSION MEDICATION RECONCILIATION")
	w.boxes([]float64{.4, .2, .2, .2}, w.who(true)...)
	w.Gap(16)
	w.line("ALLERGIES:")
	w.allergyText(true)
	w.Gap(4)
	widths := []float64{.3, .14, .1, .16, .3}
	x := func(i int) float64 {
		s := w.X
		for _, v := range widths[:i] {
			s += v * w.Width
		}
		return s + 3
	}
	row := func(head bool, cells []string, yes, no paper.Tick) {
		tall := 18.0
		w.need(tall)
		y := w.Y - 11
		for i := range widths {
			w.Frame(paper.Box{X0: x(i) - 3, Y0: y, X1: x(i) - 3 + widths[i]*w.Width, Y1: y + tall}, .6)
		}
		for i, c := range cells {
			st := w.base
			if head {
				st = st.B()
			}
			w.Text(x(i), w.Y+1, st, c)
		}
		if !head {
			at := w.Text(w.Checkbox(x(4), w.Y+1, 8, yes), w.Y+1, w.base, "Continue") + 14
			w.Text(w.Checkbox(at, w.Y+1, 8, no), w.Y+1, w.base, "Stop")
		}
		w.Y += tall
	}
	row(true, []string{"HOME MEDICATION", "DOSE", "ROUTE", "FREQUENCY", "ACTION"}, 0, 0)
	for i, m := range w.rec.Meds {
		r := w.medRow(i, m)
		yes, no := paper.Tick(1+w.r.IntN(3)), paper.Empty
		if m.Stopped {
			yes, no = no, yes
			w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
		}
		row(false, []string{r["med"], r["dose"], r["route"], r["freq"]}, yes, no)
	}
	w.Gap(16)
	w.line("Reviewed with patient by: " + w.provider() + "     Date: " + w.day("document_date", w.rec.Visit.Date))
}

// centreCaptions has its labels small above the values, without lines.
func centreCaptions(w *Writer) {
	p := w.rec.Person
	w.letterhead(0, "visit summary", "Visit Summary")
	w.below(7, pair{w.l["name"], w.nameFirst()}, pair{w.l["dob"], w.day("date_of_birth", p.Born)}, pair{w.l["sex"], w.sex(false)})
	w.below(7, pair{w.l["mrn"], key("patient_mrn", p.MRN)}, pair{w.l["phone"], key("phone", p.Phone)}, pair{w.l["payer"], key("insurance_payer_name", p.Payer)})
	w.below(7, pair{w.l["visit"], w.day("encounter_date", w.rec.Visit.Date)}, pair{w.l["provider"], w.provider()}, pair{w.l["member"], key("insurance_member_id", p.Member)})
	w.Gap(4)
	w.head("CC")
	w.line(key("chief_complaint", w.rec.Visit.Complaint))
	w.head("VITALS")
	vs := w.vitals()
	cap := func(from, to int) {
		var ps []pair
		for _, v := range vs[from:to] {
			ps = append(ps, pair{v.label, v.value + v.unit})
		}
		w.below(7, ps...)
	}
	cap(0, 5)
	cap(5, 9)
	w.head("PROBLEMS")
	w.problemTable(tableForm{cols: []string{"dx", "onset", "code"}, shares: []float64{.54, .26, .2}, stripe: true, pad: 2.2})
	w.head("MEDS")
	w.medTable(tableForm{cols: []string{"med", "dose", "route", "freq"}, shares: []float64{.34, .2, .2, .26}, stripe: true, pad: 2.2})
	w.head("ALLERGIES")
	w.allergyTable(tableForm{cols: []string{"allergen", "reaction", "severity"}, shares: []float64{.36, .4, .24}, stripe: true, pad: 2.2})
	w.head("FAMILY")
	w.family(0)
	w.head("RETURN")
	w.narrative("follow_up_instructions", w.rec.Return)
}

// centrePlain says everything in short lines without tables.
func centrePlain(w *Writer) {
	p := w.rec.Person
	w.letterhead(.5, "", "Health Record")
	w.line(w.l["name"] + ": " + w.nameFirst() + "     " + w.l["mrn"] + ": " + key("patient_mrn", p.MRN))
	w.line(w.l["dob"] + ": " + w.day("date_of_birth", p.Born) + "     " + w.l["sex"] + ": " + w.sex(false) + "     " + w.l["phone"] + ": " + key("phone", p.Phone))
	w.line(w.l["street"] + ": " + key("address_line", p.Street) + ", " + key("city", p.City) + ", " + key("state", p.State) + " " + key("postal_code", p.Zip))
	w.head("PROBLEMS")
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		tail := ""
		if q.Status != "Active" {
			tail = " (" + keyed(fmt.Sprintf("conditions.%d.clinical_status", i+1), "resolved", "resolved") + ")"
		}
		w.item("-", r["dx"]+", since "+r["onset"]+tail, 12)
	}
	w.head("MEDS")
	w.medLines(medComma)
	w.head("ALLERGIES")
	if !w.noAllergies() {
		for i, a := range w.rec.Allergies {
			r := w.allergyRow(i, a)
			w.line(r["allergen"] + ": " + r["reaction"])
		}
	}
	w.head("SHOTS")
	w.shotLines()
	w.head("PROCS")
	w.doneLines(false)
	w.head("LABS")
	w.collected()
	w.results(func(name string) { w.line(name) }, func(_ int, _ chart.Result, c map[string]string) {
		tail := ""
		if c["range"] != "" {
			tail = " (normal " + c["range"] + ")"
		}
		w.line(c["test"] + ": " + join(c["result"], c["units"]) + tail)
	})
	w.head("FAMILY")
	w.family(2)
	w.head("SOCIAL")
	w.social(1)
}

// flowSheet has the signs down the side and the visit's day on top.
func flowSheet(w *Writer) {
	w.letterhead(0, "", "VITAL SIGNS FLOW SHEET")
	w.inline("", "     ", w.who(true)...)
	w.Gap(4)
	var rows [][]string
	for _, v := range w.vitals() {
		rows = append(rows, []string{v.label, v.value + v.unit})
	}
	w.rows(paper.Grid{Widths: []float64{130, 120}, Header: []string{"Date", keyed("vitals_date", w.rec.Visit.Date.Format("2006-01-02"), w.rec.Visit.Date.Format(w.date))}, Rows: rows, Pad: 2.4, Lines: true})
	w.head("PROBLEMS")
	w.problemLines(codeBrackets)
	w.head("ALLERGIES")
	w.allergyText(false)
	w.head("LABS")
	w.collected()
	w.labText(labRun)
}

// superbill is an encounter form: diagnoses and procedures with their codes.
func superbill(w *Writer) {
	w.letterhead(.5, "", "ENCOUNTER FORM")
	w.boxes([]float64{.36, .2, .22, .22}, pair{w.l["name"], w.nameLast(false)}, pair{w.l["dob"], w.day("date_of_birth", w.rec.Person.Born)}, pair{w.l["visit"], w.day("encounter_date", w.rec.Visit.Date)}, pair{w.l["number"], key("encounter_id", w.rec.Visit.Number)})
	w.boxes([]float64{.36, .3, .34}, pair{w.l["provider"], w.provider()}, pair{w.l["payer"], key("insurance_payer_name", w.rec.Person.Payer)}, pair{w.l["member"], key("insurance_member_id", w.rec.Person.Member)})
	w.Gap(16)
	w.title(w, "DIAGNOSES (ICD-10-CM)")
	w.problemTable(tableForm{cols: []string{"code", "dx"}, shares: []float64{.2, .8}, lines: true, pad: 2})
	w.title(w, "PROCEDURES (CPT)")
	w.doneTable(tableForm{cols: []string{"pcode", "proc", "pdate"}, shares: []float64{.2, .56, .24}, lines: true, pad: 2})
	w.line("Signature: " + w.provider() + "    NPI: " + key("provider_npi", w.rec.Provider.NPI))
}

// doseGrid has a line for each vaccine and a column for each dose.
func doseGrid(w *Writer) {
	w.letterhead(.5, "immunization record", "CERTIFICATE OF IMMUNIZATION")
	w.inline("", "       ", w.who(false)...)
	w.Gap(6)
	var names []string
	of := map[string][]string{}
	for i, s := range w.rec.Shots {
		if _, ok := of[s.Vaccine]; !ok {
			names = append(names, s.Vaccine)
			of[s.Vaccine] = []string{cell("immunizations", i, "vaccine_name", s.Vaccine)}
		} else {
			w.doc.Imply(fmt.Sprintf("immunizations.%d.vaccine_name", i+1), s.Vaccine)
		}
		of[s.Vaccine] = append(of[s.Vaccine], w.dayCell("immunizations", i, "vaccine_date", s.Date))
	}
	g := paper.Grid{Pad: 2.6, Lines: true, Header: []string{"Vaccine", "Dose 1", "Dose 2", "Dose 3"}, Widths: []float64{.4 * w.Width, .2 * w.Width, .2 * w.Width, .2 * w.Width}}
	for _, n := range names {
		row := of[n]
		for len(row) < 4 {
			row = append(row, "")
		}
		g.Rows = append(g.Rows, row[:4])
	}
	w.rows(g)
	w.line("I certify that this record is correct.    " + w.provider())
}

// intakeLines is a form filled in on drawn lines.
func intakeLines(w *Writer) {
	p := w.rec.Person
	w.letterhead(.5, "", "NEW PATIENT FORM")
	fill := func(pairs ...pair) {
		step := w.Width / float64(len(pairs))
		for i, q := range pairs {
			x := w.X + float64(i)*step
			at := w.Text(x, w.Y, w.base.At(9), q.label+" ")
			w.Text(at+6, w.Y-1, w.base.At(11), q.value)
			w.Rule(at+2, w.Y+2, x+step-10, w.Y+2, .6)
		}
		w.Y += 22
	}
	fill(pair{w.l["last"], key("patient_last_name", p.Last)}, pair{w.l["first"], key("patient_first_name", p.First)})
	fill(pair{w.l["dob"], w.day("date_of_birth", p.Born)}, pair{w.l["phone"], key("phone", p.Phone)})
	fill(pair{w.l["street"], key("address_line", p.Street)})
	fill(pair{w.l["city"], key("city", p.City)}, pair{w.l["state"], key("state", p.State)}, pair{w.l["zip"], key("postal_code", p.Zip)})
	fill(pair{w.l["contact"], key("emergency_contact_name", p.ContactName)}, pair{w.l["cphone"], key("emergency_contact_phone", p.ContactPhone)})
	fill(pair{w.l["payer"], key("insurance_payer_name", p.Payer)}, pair{w.l["member"], key("insurance_member_id", p.Member)})
	w.choice(w.l["sex"], "sex", p.Sex, "Male", "Female")
	w.title(w, "Please list all medicines you take")
	for i, m := range w.rec.Meds {
		if m.Stopped {
			continue
		}
		r := w.medRow(i, m)
		w.Text(w.X+4, w.Y, w.base, r["med"]+"  "+r["dose"]+"  "+r["freq"])
		w.Rule(w.X, w.Y+3, w.X+w.Width*.7, w.Y+3, .5)
		w.Y += 20
	}
	w.title(w, "Please list any allergies and your reaction")
	w.allergyText(true)
	w.title(w, "Past surgeries")
	w.doneLines(false)
}
