package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
)

// Documents in running text: letters, notes and reports whose facts stand in
// sentences, with identity in a "Re:" line and the clinician in the signature.

// regarding prints whom a letter is about.
func (w *Writer) regarding() {
	name, dob, mrn := w.nameFirst(), w.day("date_of_birth", w.rec.Person.Born), key("patient_mrn", w.rec.Person.MRN)
	switch w.r.IntN(6) {
	case 0:
		w.line("RE: " + name + ", DOB " + dob + ", MRN " + mrn)
	case 1:
		w.line("Re: " + name + " (DOB: " + dob + ")")
		w.line("MRN: " + mrn)
	case 2:
		w.line("**Re: " + name + ", d.o.b. " + dob + "**")
		w.line("Hospital number: " + mrn)
	case 3:
		w.line("RE:  " + w.nameLast(true) + "   DOB: " + dob + "   MR#: " + mrn)
	case 4:
		w.line("Re: " + name)
		w.line("Date of birth: " + dob)
		w.line("Record number: " + mrn)
	default:
		w.line("Re: " + name + " - born " + dob + " - MRN " + mrn)
	}
	w.Gap(6)
}

// colleague is another clinician, who is not the author.
func (w *Writer) colleague() string {
	for {
		if n := w.m.Record().Provider.Name; n != w.rec.Provider.Name {
			return n
		}
	}
}

// signature closes a letter.
func (w *Writer) signature(british bool) {
	p := w.rec.Provider
	w.Gap(8)
	w.line([]string{"Sincerely,", "Yours sincerely,", "With kind regards,", "Best wishes,", "Respectfully yours,", "Kind regards"}[w.r.IntN(6)])
	w.Gap(16)
	if british {
		w.line(key("provider_name", "Dr "+p.Name))
		w.line("Consultant Physician")
		return
	}
	w.line(w.provider())
	if w.r.IntN(2) == 0 {
		w.line("Attending Physician")
	}
}

func (w *Writer) paras(all ...string) {
	for _, p := range all {
		if p != "" {
			w.para(p)
			w.Gap(4)
		}
	}
}

// referrerLetter answers the one who referred.
func referrerLetter(w *Writer) {
	w.letterhead(0, "", "")
	w.line(w.day("document_date", w.rec.Visit.Date.AddDate(0, 0, 2)))
	to := w.colleague()
	w.line("Dr. " + to)
	w.Gap(6)
	w.regarding()
	w.line("Dear Dr. " + to[strings.LastIndexByte(to, ' ')+1:] + ",")
	w.Gap(4)
	thanks := []string{"Thank you for referring ", "Thank you for asking me to see ", "I was pleased to see ", "Many thanks for sending me "}[w.r.IntN(4)]
	w.paras(thanks+w.opened()+". "+w.seen()+" "+w.ill(true), w.lacking()+" "+w.drugs(), w.allergic()+" "+w.kin()+" "+w.habits(),
		w.signs()+" "+w.bloods(3), w.operations()+" "+w.feared()+" "+w.notTaken())
	w.signature(false)
}

// clinicLetter is a British letter: diagnoses and medication above the text.
func clinicLetter(w *Writer) {
	w.letterhead(1, "", "")
	w.line("Clinic date: " + w.day("encounter_date", w.rec.Visit.Date))
	w.Gap(4)
	w.line("Dr " + w.colleague())
	w.line("The Surgery, 4 Mill Lane")
	w.Gap(6)
	w.line("Dear Doctor")
	w.Gap(4)
	w.regarding()
	now, over := w.has()
	run := w.r.IntN(2) == 0
	w.line("**Diagnoses:**")
	if run {
		s := ""
		for i, d := range now {
			s += fmt.Sprintf("%d. %s  ", i+1, d)
		}
		w.para(s)
	} else {
		for i, d := range now {
			w.item(fmt.Sprintf("%d.", i+1), d, 16)
		}
	}
	var meds []string
	for i, m := range w.rec.Meds {
		if !m.Stopped {
			meds = append(meds, w.medRow(i, m)["med"]+" "+w.prescribed(i, m))
		}
	}
	if len(meds) > 0 {
		w.para("**" + []string{"Current medication", "Medication", "Current treatment"}[w.r.IntN(3)] + ":** " + strings.Join(meds, []string{"; ", ", "}[w.r.IntN(2)]))
	}
	if w.r.IntN(2) == 0 && len(w.rec.Allergies) > 0 {
		w.line("**Allergies:** " + cell("allergies", 0, "allergen", w.rec.Allergies[0].Allergen))
	}
	w.Gap(4)
	he, _ := w.he()
	noun := map[string]string{"He": "gentleman", "She": "lady"}[he]
	s := "I reviewed this " + keyed("sex", w.rec.Person.Sex, noun) + " today. "
	for _, o := range over {
		s += upper(w.say(hasOver, "$x", o)) + " "
	}
	for i, m := range w.rec.Meds {
		if m.Stopped {
			w.stop(i)
			s += upper(w.say(stops, "$x", w.medRow(i, m)["med"])) + " "
		}
	}
	w.paras(s+w.lacking(), w.signs()+" "+w.bloods(4), w.habits()+" "+w.kin(), w.operations(), w.feared()+" "+w.notTaken())
	w.signature(true)
}

// headed prints a run-in heading before text.
func (w *Writer) headed(title, text string) {
	if text != "" {
		w.para("**" + title + ":** " + text)
	}
}

// dictation is a history and physical as it was dictated.
func dictation(w *Writer) {
	w.letterhead(.5, "", "HISTORY AND PHYSICAL")
	w.line("PATIENT: " + w.nameLast(true) + "     MRN: " + key("patient_mrn", w.rec.Person.MRN))
	w.line("DATE OF BIRTH: " + w.day("date_of_birth", w.rec.Person.Born) + "     DATE OF ADMISSION: " + w.day("admission_date", w.rec.Visit.Admitted))
	w.Gap(6)
	w.headed("CHIEF COMPLAINT", key("chief_complaint", w.rec.Visit.Complaint))
	open := w.opened()
	w.para("**HISTORY OF PRESENT ILLNESS:** The patient is " + strings.TrimPrefix(strings.Replace(open, "this ", "a ", 1), "a a") + ". " + w.lacking())
	w.headed("PAST MEDICAL HISTORY", w.ill(true))
	w.headed("PAST SURGICAL HISTORY", w.operations())
	w.headed("MEDICATIONS", w.drugs())
	w.headed("ALLERGIES", w.allergic())
	w.headed("FAMILY HISTORY", w.kin())
	w.headed("SOCIAL HISTORY", w.habits())
	w.headed("REVIEW OF SYSTEMS", "Negative for "+key("!conditions.negated", w.rec.Denied[1])+".")
	w.headed("PHYSICAL EXAMINATION", w.signs()+" Lungs clear.")
	w.headed("LABORATORY DATA", w.bloods(4))
	w.Gap(12)
	w.line(w.provider())
	w.line("Dictated but not read")
}

// soapNote has the four letters.
func soapNote(w *Writer) {
	w.line(key("facility_name", w.rec.Facility.Name))
	w.line(w.nameLast(false) + "   DOB " + w.day("date_of_birth", w.rec.Person.Born) + "   #" + key("patient_mrn", w.rec.Person.MRN))
	w.line("Date of visit: " + w.day("encounter_date", w.rec.Visit.Date))
	w.Gap(6)
	w.para("S: " + upper(w.opened()) + " here for follow-up. " + w.lacking() + " " + w.drugs() + " " + w.habits())
	w.para("O: " + w.signs() + " " + w.bloods(3))
	w.para("A: Stable. " + w.ill(true))
	w.para("P: " + w.feared() + " " + w.notTaken() + " Return in three months.")
	w.Gap(10)
	w.line(w.provider())
}

// stayLetter tells of a hospital stay.
func stayLetter(w *Writer) {
	w.letterhead(.5, "", "DISCHARGE LETTER")
	w.regarding()
	w.line("Dear Colleague,")
	w.Gap(4)
	w.paras("We report on "+w.opened()+". "+w.stay(), w.ill(true)+" "+w.lacking(), w.signs()+" "+w.bloods(4),
		w.operations(), "On discharge: "+w.drugs(), w.allergic()+" "+w.feared())
	w.signature(w.r.IntN(2) == 0)
}

// traumaNote is of an emergency department, in sentences.
func traumaNote(w *Writer) {
	w.letterhead(0, "", "EMERGENCY DEPARTMENT")
	w.line("Patient: " + w.nameFirst() + "   DOB: " + w.day("date_of_birth", w.rec.Person.Born) + "   MRN: " + key("patient_mrn", w.rec.Person.MRN))
	w.Gap(6)
	w.paras(upper(w.opened())+" presented with "+key("?conditions", w.rec.Visit.Complaint)+". "+w.lacking(), w.signs(), w.ill(true)+" "+w.allergic(),
		w.drugs(), w.bloods(3), w.habits()+" "+w.feared())
	w.line("Electronically signed by " + w.provider())
}

// operation is an operative note.
func operation(w *Writer) {
	w.letterhead(.5, "", "OPERATIVE REPORT")
	w.line("PATIENT: " + w.nameFirst())
	w.line("MRN: " + key("patient_mrn", w.rec.Person.MRN) + "     DOB: " + w.day("date_of_birth", w.rec.Person.Born))
	w.line("SURGEON: " + w.provider())
	w.line("ASSISTANT: " + w.colleague() + ", PA-C")
	w.Gap(6)
	w.rec.Done = w.rec.Done[:1]
	w.rec.Problems = w.rec.Problems[:1]
	w.rec.Problems[0].Status = "Active"
	now, _ := w.has()
	w.headed("PREOPERATIVE DIAGNOSIS", now[0])
	w.headed("PROCEDURE PERFORMED", cell("procedures", 0, "procedure_name", w.rec.Done[0].Name))
	w.headed("INDICATIONS", upper(w.opened2())+". The risks of "+key("!conditions.hypothetical", w.rec.Denied[0])+" were discussed.")
	w.headed("ALLERGIES", w.allergic())
	w.headed("DESCRIPTION", "The patient was brought to the operating room and placed supine. There was no evidence of "+key("!conditions.negated", w.rec.RuledOut[0])+". Sponge counts were correct.")
}

// opened2 names the patient by age and sex alone.
func (w *Writer) opened2() string {
	noun := map[string]string{"male": "man", "female": "woman"}[w.rec.Person.Sex]
	return fmt.Sprintf("this is a %d-year-old %s", w.rec.Visit.Date.Year()-w.rec.Person.Born.Year(), keyed("sex", w.rec.Person.Sex, noun))
}

// phoneNote is of a call.
func phoneNote(w *Writer) {
	w.line(key("facility_name", w.rec.Facility.Name))
	w.line("TELEPHONE ENCOUNTER   " + w.day("encounter_date", w.rec.Visit.Date))
	w.line("Patient: " + w.nameFirst() + ", DOB " + w.day("date_of_birth", w.rec.Person.Born) + ", MRN " + key("patient_mrn", w.rec.Person.MRN))
	w.Gap(6)
	w.doc.Imply("sex", w.rec.Person.Sex)
	_, his := w.he()
	w.paras("Patient called. "+w.lacking()+" "+w.drugs(), w.allergic()+" "+w.bloods(2), w.feared()+" "+his+" wife has "+key("!conditions.other", w.rec.RuledOut[1])+". "+w.notTaken())
	w.line("Call taken by M. Ortiz, RN")
}

// nurseNote is of a nurse's visit, with vaccines.
func nurseNote(w *Writer) {
	w.letterhead(0, "", "NURSE VISIT")
	w.line(w.nameLast(false) + "     " + w.l["dob"] + ": " + w.day("date_of_birth", w.rec.Person.Born) + "     " + w.l["mrn"] + ": " + key("patient_mrn", w.rec.Person.MRN))
	w.line("Visit date: " + w.day("encounter_date", w.rec.Visit.Date))
	w.Gap(6)
	w.paras(upper(w.opened2())+" seen for a nurse visit. "+w.signs(), w.shots(3)+" "+w.lacking(), w.allergic()+" "+w.habits(), w.drugs())
	w.line("Supervising: " + w.provider())
}

// imagingReport has figures and diseases, none of which is a result or is there.
func imagingReport(w *Writer) {
	w.letterhead(.5, "", "RADIOLOGY REPORT")
	w.line("Patient: " + w.nameLast(false) + "   MRN: " + key("patient_mrn", w.rec.Person.MRN) + "   DOB: " + w.day("date_of_birth", w.rec.Person.Born))
	w.line("Ordering provider: " + w.provider())
	w.Gap(6)
	no := func(i int) string { return key("!conditions.negated", w.rec.RuledOut[i]) }
	w.headed("EXAM", "CT of the abdomen with 100 mL of "+key("!medications.given", "iohexol")+" contrast")
	w.headed("FINDINGS", "The liver measures 15.2 cm. A 4 mm nodule is unchanged from "+w.rec.Visit.Admitted.Format(w.date)+". The aorta is 2.1 cm in calibre. There is no "+no(0)+". Calcium is seen in the coronary arteries. No evidence of "+no(1)+".")
	w.headed("IMPRESSION", "No acute abnormality. "+upper(w.say(lines(`
no $x.
negative for $x.
$x is excluded.`), "$x", key("!conditions.negated", w.rec.Denied[0]))))
	w.rec.Allergies = []chart.Allergy{}
	w.headed("ALLERGIES", w.allergic())
}
