package extract

import (
	"regexp"
	"strings"
)

// section is the kind of a part of a document, told by its heading.
type section uint8

const (
	// secNone is text before any heading, secOther text under a heading that
	// is not known: it inherits nothing.
	secNone section = iota
	secOther
	secPatient
	secCoverage
	secProvider
	secFacility
	secContact
	// secThird is about somebody whose data are not ours: guarantor, pharmacy.
	secThird
	secEncounter
	secReason
	secAllergies
	secMeds
	secMedsStopped
	secMedsGiven
	secMedsPlanned
	secProblems
	secHistory
	secSurgery
	secProcsPlanned
	secLabs
	secLabsPending
	secVitals
	secVaccines
	secVaccinesDue
	secFamily
	secSocial
	secHPI
	secCourse
	secROS
	secExam
	secAssessment
	secPlan
	secFollowUp
	secDisposition
	secImaging
)

// headings are the titles of sections, most usual first. Keys fold them, so
// that case, punctuation and spacing do not matter.
var headings = []struct {
	kind   section
	titles string
}{
	{secPatient, "patient information, patient demographics, demographics, patient, patient details, patient data, patient identification, demographic information, patient info, patient registration, registration, member information, resident information, personal information, patient profile, about you, your information"},
	{secCoverage, "insurance, insurance information, coverage, coverage information, insurance coverage, payer, payer information, primary insurance, health insurance, billing information, insurance details, financial information, health plan, plan information, benefits"},
	{secProvider, "provider, provider information, providers, care team, physician, physician information, client information, account information, attending, attending physician, ordering provider, ordering physician, treating provider, primary care provider, pcp, referring provider, referring physician, prescriber, prescriber information, care team members, from, referred by, consultant, client physician"},
	{secFacility, "facility, facility information, location, clinic, clinic information, practice information, performing laboratory, performing lab, hospital information, service location, performing site"},
	{secContact, "emergency contact, emergency contacts, emergency contact information, next of kin, in case of emergency, contacts, notify in emergency, person to notify"},
	{secThird, "guarantor, guarantor information, responsible party, pharmacy, preferred pharmacy, pharmacy information, employer, employer information, subscriber information, subscriber, policy holder, referred to, refer to, to, referral to, send to, mother information, father information, parent information, parent or guardian, guardian, spouse information, witness"},
	{secEncounter, "encounter, encounter information, visit information, visit, visit details, encounter details, admission information, admission, stay, order information, specimen information, report information, discharge information, visit summary, appointment information, collection information, specimen details, order details"},
	{secReason, "chief complaint, why you came, reason you came, main concern, main complaint, concerns today, admitting complaint, cc, reason for visit, reason for referral, presenting complaint, presenting problem, complaint, reason for consultation, reason for admission, reason for encounter, c/c, clinical question, indication, reason for exam, reason for appointment, visit reason, reason for transfer, reason for today's visit, why you came in, why you were seen"},
	{secAllergies, "allergic to, allergies, allergy, allergies and intolerances, allergies/intolerances, drug allergies, allergy list, allergies and adverse reactions, adverse reactions, allergies & sensitivities, allergies/sensitivities, medication allergies, known allergies, allergies and reactions, allergen, all, food allergies, environmental allergies, allergies / adverse drug reactions, adverse drug reactions, drug intolerances, intolerances, allergy information, allergies reviewed, alerts and allergies, allergic to, sensitivities"},
	{secMeds, "med reconciliation completed, med reconciliation, medications, medicine, medicine list, prescription history, prescription list, prescription record, fill history, dispensing history, drug list, medication list, current treatment, current therapy, regular medication, regular medications, repeat medication, repeat medications, present medication, present medications, drug history, current drugs, medication on discharge, medicines on discharge, treatment on discharge, current treatments, treatments, usual medication, usual medications, current medicines, tto, ttos, discharge drugs, current medications, meds, current meds, active medications, home medications, home meds, medications at home, medication, outpatient medications, outpatient prescriptions, current outpatient medications, medications prior to admission, admission medications, prior to admission medications, medications on admission, prescription medications, current medication list, discharge medications, medications at discharge, discharge meds, medications on discharge, take home medications, new medications, changed medications, medication reconciliation, continue taking, continue taking these medications, start taking, start taking these medications, change how you take, prescriptions, rx, current drug therapy, med list, active meds, medications reviewed, over the counter medications, otc medications, supplements, vitamins and supplements, your medications, medication profile, medicines, your medicines, new prescriptions, medications ordered, medications prescribed, medication orders, current outpatient prescriptions, current medication, continued medications, medications to continue, medications continued, resume medications, resume taking, patient medications, scheduled medications, prn medications, current prescriptions, maintenance medications, long term medications"},
	{secMedsStopped, "discontinued medications, medicines stopped, stopped medicines, inactive prescriptions, discontinued orders, discontinued prescriptions, medications you should stop taking, do not take, stop taking these medicines, stopped medications, medications discontinued, stop taking, stop taking these medications, past medications, previous medications, medications stopped, inactive medications, prior medications, discontinued meds, discontinued, medications to stop, former medications, stopped taking, medication history discontinued, d/c medications, d/c meds, medications no longer taken, historical medications, completed medications, expired medications"},
	{secMedsGiven, "administered medications, medications administered, medications given, medication administration record, mar, given in clinic, medications administered during visit, inpatient medications, hospital medications, medications given in ed, ed medications, medications received, medications administered today"},
	{secMedsPlanned, "planned medications, medications to consider, proposed medications"},
	{secProblems, "problems, problem list, active problems, problem list/past medical history, diagnoses, diagnosis, assessment/diagnosis, diagnosis list, discharge diagnoses, discharge diagnosis, admission diagnosis, admitting diagnosis, principal diagnosis, primary diagnosis, secondary diagnoses, final diagnosis, final diagnoses, active problem list, current problems, medical problems, health problems, conditions, active conditions, health concerns, visit diagnoses, visit diagnosis, encounter diagnoses, encounter diagnosis, chronic conditions, chronic problems, active diagnoses, clinical diagnosis, working diagnosis, other diagnoses, diagnosis codes, icd-10 codes, problems addressed, current diagnoses, active medical problems, active medical conditions, diagnoses addressed, diagnosis description, dx, discharge dx, admitting dx, problem list / diagnoses, current conditions, health conditions, health issues, your health issues, your conditions, your health conditions, current health issues, medical conditions, patient active problem list, preoperative diagnosis, postoperative diagnosis, pre-operative diagnosis, post-operative diagnosis, billing diagnoses, referral diagnosis, referring diagnosis, comorbidities, problems treated, conditions treated, conditions being treated, diagnoses treated, reason for visit diagnoses, past and current problems, medical diagnoses, diagnosis and codes, diagnosis/icd-10, icd-10 diagnosis, diagnosis codes (icd-10), diagnoses (icd-10)"},
	{secHistory, "past medical history, pmh, pmhx, medical history, past history, history, past medical hx, resolved problems, past problems, inactive problems, resolved diagnoses, past illnesses, previous illnesses, personal history, personal medical history, past medical problems, significant past, significant past history, historical problems, minor past, past problem list, significant history, relevant history, relevant past history, past medical/surgical history, past medical and surgical history, resolved conditions"},
	{secSurgery, "past surgical history, operations/procedures, past operations, psh, pshx, surgical history, procedures, procedure history, procedure/surgical history, surgical/procedural history, surgeries, operations, past surgeries, procedures performed, past procedures, surgical procedures, procedure, operations and procedures, surgeries and procedures, hospitalizations and surgeries, surgical hx, procedures this admission, procedures this visit, surgery, previous surgery, previous operations, prior procedures, prior surgeries, procedures and surgeries, operation performed, surgeries/procedures, procedures/surgeries, procedures and operations, treatments and procedures, in-office procedures"},
	{secProcsPlanned, "planned procedures, scheduled procedures, upcoming procedures, procedures ordered, future procedures, orders, pending orders, future orders, tests ordered, planned, planned procedure, proposed procedure, requested procedure, procedures scheduled, referrals, upcoming appointments, future appointments, appointments, imaging ordered, labs ordered, lab orders, requested services, services requested, procedures requested"},
	{secLabs, "bloods, blood results, recent bloods, laboratory, labs, laboratory results, lab results, laboratory data, results, test results, lab data, pertinent labs, pertinent results, relevant labs, recent labs, laboratory values, lab values, laboratory findings, labs/studies, diagnostic data, diagnostics, diagnostic results, laboratory report, data, studies, laboratory tests, tests, blood tests, blood work, significant labs, admission labs, discharge labs, labs reviewed, recent results, your results, your test results, pertinent lab results, laboratory studies, lab report, diagnostic studies, investigations, pertinent laboratory data, recent laboratory results, laboratory test results, labs on admission, labs at discharge, recent lab results, point of care testing, poct"},
	{secLabsPending, "pending results, pending labs, results pending, pending tests, tests pending, pending at discharge, labs pending, tests pending at discharge, results pending at discharge"},
	{secVitals, "observations, obs, vital signs, vitals, vs, vital sign, vitals signs, measurements, vital signs/measurements, todays vitals, last vitals, last filed vital signs, last recorded vital signs, most recent vitals, most recent vital signs, vitals/measurements, vitals & measurements, vitals and measurements, last values, discharge vitals, admission vitals, your vitals, vitals at visit, vital signs at discharge, biometrics, vital statistics, vital signs on admission, intake vitals, nursing vitals"},
	{secVaccines, "immunizations, immunization history, immunization record, vaccinations, vaccination record, immunization, vaccines, vaccination history, immunizations administered, vaccines administered, immunization status, vaccination, immunizations given, vaccines given, immunization administration record, certificate of immunization, your immunizations, shot record, shots, shots given, vaccines and shots, shot history, vaccine administration record, vaccine history, immunization summary, vaccines received"},
	{secVaccinesDue, "immunizations due, vaccines due, health maintenance, due for, immunization forecast, vaccines recommended, recommended immunizations, preventive care, overdue, vaccine forecast, immunizations needed, next due, health maintenance due, care gaps, recommended vaccines, forecast, upcoming vaccines"},
	{secFamily, "family, family health, family illnesses, illnesses in the family, fam, family psychiatric history, family history, family hx, fh, fhx, fam hx, family medical history, family health history, pertinent family history, family and genetic history, famhx"},
	{secSocial, "social history, soc, lifestyle and habits, social hx, sh, shx, soc hx, social, habits, lifestyle, substance use, tobacco/alcohol/drugs, social and occupational history, socioeconomic history, personal and social history, social determinants of health, tobacco history, health habits, lifestyle factors, personal habits, psychosocial history, sochx"},
	{secHPI, "history of present illness, treatment history, oncologic history, oncology history, cancer history, identifying information, reason for referral and history, presenting history, psychiatric history, past psychiatric history, changes today, medication changes, changes to medication, changes to medications, medication changes today, changes made today, hpi, present illness, subjective, s, history of the present illness, interval history, history of presenting illness, history of presenting complaint, interim history, narrative, clinical history, clinical summary, history of present complaint, current history, patient story, clinical information, relevant clinical information, background, summary of care, brief history"},
	{secCourse, "hospital course, brief hospital course, course in hospital, ed course, clinic course, clinical course, emergency department course, hospital summary, summary of hospitalization, course of treatment, inpatient course"},
	{secROS, "review of systems, ros, systems review, review of symptoms, system review"},
	{secExam, "physical exam, physical examination, exam, pe, examination, objective, o, px, physical, physical findings, clinical examination, discharge exam, discharge physical exam, findings on examination, on examination, mental status exam, exam findings, focused exam, physical exam at discharge, general examination"},
	{secAssessment, "assessment, impression, assessment and plan, assessment & plan, a/p, a&p, a, ap, impression and plan, impression/plan, assessment/plan, clinical impression, medical decision making, summary, conclusion, impression and recommendations, diagnostic impression, clinical assessment, medical assessment, assessment and recommendations, mdm, overall impression"},
	{secPlan, "plan, plan of care, treatment plan, p, recommendations, care plan, plan of treatment, treatment, discharge plan, plan/recommendations, management plan, plan and recommendations, recommendation, treatment and plan, interventions, action plan"},
	{secFollowUp, "follow up, come back, come back to see us, follow-up information, follow-up, followup, follow up instructions, discharge instructions, instructions, patient instructions, return visit, disposition and follow-up, next appointment, follow up plan, follow-up care, when to return, what to do next, follow-up appointments, home care instructions, aftercare instructions, after visit instructions, return precautions, discharge follow-up, your instructions, next steps, follow up with, return to clinic, rtc"},
	{secDisposition, "disposition, discharge disposition, disposition at discharge, discharged to"},
	{secOther, "lines, access, drips, tubes, specimens, anesthesia, anaesthesia, estimated blood loss, ebl, complications, description, description of procedure, technique of procedure, findings at surgery, condition, relation, date, description, status, name, code, reaction, severity, dose, route, frequency, value, result, education, patient education, activity, diet, discharge diet, condition at discharge, condition on discharge, discharge condition, code status, advance directives, signature, notes, comments"},
	{secImaging, "imaging, radiology, imaging results, radiology results, imaging studies, cxr, chest x-ray, chest xray, kub, echo, tte, tee, ct head, ct chest, ct abdomen, ct abdomen/pelvis, ct a/p, ct scan, x-rays, xrays, xr, stress test, pfts, pft, pulmonary function tests, eeg, emg, telemetry, x-ray, ct, mri, ultrasound, ekg, ecg, radiology report, findings, radiologic studies, imaging and studies, comparison, technique, diagnostic imaging, echocardiogram, electrocardiogram, pathology, imaging reports"},
}

// rows names the kind of rows that a section lists.
var rowsOf = map[section]kind{
	secAllergies: kindAllergy,
	secMeds:      kindMedication, secMedsStopped: kindMedication,
	secMedsGiven: kindMedication, secMedsPlanned: kindMedication,
	secProblems: kindCondition, secHistory: kindCondition, secAssessment: kindCondition,
	secSurgery: kindProcedure, secLabs: kindLab,
	secVaccines: kindVaccine, secFamily: kindFamily,
}

// list tells whether a section is a list of facts, in which a bare term is one.
func (s section) list() bool {
	switch s {
	case secAllergies, secMeds, secMedsStopped, secMedsGiven, secMedsPlanned, secProblems,
		secHistory, secSurgery, secLabs, secVaccines, secFamily:
		return true
	}
	return false
}

// titles is the index of headings.
func titleIndex() *index[section] {
	x := newIndex[section]()
	for _, h := range headings {
		for t := range strings.SplitSeq(h.titles, ",") {
			x.put(t, h.kind)
		}
	}
	return x
}

func sameSection(a, b section) bool { return a == b }

// heading classifies a title. A title that is longer than what is known is
// tried without what stands in brackets, after a dash, or behind "continued".
func (r *lexicon) heading(title string) (section, float64, bool) {
	for _, t := range titleForms(title) {
		k := key(t)
		if k == "" || len(k) > 48 {
			continue
		}
		if s, c, ok := r.titles.near(t, sameSection); ok {
			return s, c, true
		}
	}
	return secNone, 0, false
}

// dateTail is the day behind a heading: "Labs 2/22".
var dateTail = regexp.MustCompile(`\s*\(?\d{1,2}/\d{1,2}(?:/\d{2,4})?\)?$`)

// titleForms are the readings of a heading, the whole one first.
func titleForms(title string) []string {
	t := strings.TrimSpace(strings.Trim(strings.TrimSpace(title), ":*-—–=_#•.|[]"))
	forms := []string{t}
	if i := strings.IndexAny(t, "([:"); i > 2 {
		forms = append(forms, t[:i])
	}
	for _, dash := range []string{" - ", " – ", " — ", " | ", " as of ", " on "} {
		if i := strings.Index(t, dash); i > 2 {
			forms = append(forms, t[:i])
		}
	}
	low := strings.ToLower(t)
	for _, end := range []string{" continued", " (continued)", " (cont'd)", " cont", " cont.", " cont'd", " list", " section", " summary", " reviewed", " information", " today", " this visit", " at this visit", " for this visit", " per pt", " per patient", " per chart", " per family", " per report", " at home", " prior to admission", " at transfer", " on arrival", " on admission", " at discharge", " on discharge", " at visit"} {
		if strings.HasSuffix(low, end) {
			forms = append(forms, t[:len(t)-len(end)])
		}
	}
	if loc := dateTail.FindStringIndex(t); loc != nil && loc[0] > 2 {
		forms = append(forms, t[:loc[0]])
	}
	// "1. Medications", "IV. Labs", "A. Problems"
	if i := strings.IndexAny(t, ".)"); i > 0 && i <= 4 && i+1 < len(t) {
		forms = append(forms, t[i+1:])
	}
	return append(forms, barest(t)...)
}

// idle are words that a title or label may have around its name and that change
// nothing of what it asks for.
var idle = fieldSet("please", "list", "print", "all", "any", "you", "your", "my", "the", "are", "is", "take", "taking", "currently", "current", "home",
	"patient", "patients", "reported", "documented", "recorded", "full", "complete", "legal", "below", "here", "filed")

// barest is a title without its idle words, where it has some and a name is left.
func barest(t string) []string {
	ws := strings.Fields(t)
	if len(ws) > 0 && denial.MatchString(ws[0]) {
		return nil
	}
	var kept []string
	for _, w := range ws {
		if !idle[strings.ToLower(strings.Trim(w, ".,:'’()"))] {
			kept = append(kept, w)
		}
	}
	for len(kept) > 0 && smallWord[strings.ToLower(kept[0])] {
		kept = kept[1:]
	}
	for len(kept) > 0 && smallWord[strings.ToLower(kept[len(kept)-1])] {
		kept = kept[:len(kept)-1]
	}
	if len(kept) == 0 || len(kept) == len(ws) || len(ws) > 8 || letterCount(kept) < 4 {
		return nil
	}
	return []string{strings.Join(kept, " ")}
}

func letterCount(ws []string) int {
	n := 0
	for _, w := range ws {
		n += len(key(w)) - digits(w)
	}
	return n
}
