package extract

import (
	"strings"

	"github.com/paperchart/paperchart/blueprint"
)

// kind is a kind of row that this package can read from tables, lists and
// prose. kindOwn rows are a user's own: read from tables with titled columns.
type kind uint8

const (
	kindNone kind = iota
	kindCondition
	kindMedication
	kindAllergy
	kindLab
	kindProcedure
	kindVaccine
	kindFamily
	kindOwn
)

// kindRow describes a kind: the role that a row cannot be without, the names a
// table of the kind goes by, and what the columns of each role are titled. The
// roles are the columns of the default blueprint and, in lower-case letters
// with a leading "+", ones that are read because they tell about others.
type kindRow struct {
	kind   kind
	must   string
	names  string
	titles []roleTitles
}

type roleTitles struct{ role, titles string }

var kindTable = []kindRow{
	{kindCondition, "condition_name", "conditions, condition, problems, problem, diagnoses, diagnosis, problem list", []roleTitles{
		{"condition_name", "diagnosis, problem, condition, description, diagnosis description, problem description, diagnoses, problems, conditions, dx description, diagnosis name, problem name, condition name, concern, problem description, medical problem, issue, illness, disease, health problem, problem/diagnosis, diagnosis/problem, diagnosis/condition, problem / condition, dx, health concern, impression, name"},
		{"icd10_code", "icd-10, icd, code, dx code, icd code, icd10, icd-10 code, icd-10-cm, icd 10, diagnosis code, icd10 code, icd-10-cm code, icd code(s), codes, icd 10 code, icd-10 cm, icd-9, icd9"},
		{"clinical_status", "status, clinical status, problem status, active, state, condition status, active/resolved"},
		{"onset_date", "onset, date, since, diagnosed, noted, onset date, date of onset, date diagnosed, diagnosis date, date noted, noted date, first noted, start date, effective dates, effective date, from, year, dx date, date of diagnosis, onset/diagnosis date, date identified, identified, entered, date entered, start, year diagnosed, approx date, date onset, age at onset, date added, diagnosed on"},
		{"+end_date", "resolved, resolved date, date resolved, end date, resolution date, abated"},
		{"+note", "comments, notes, plan, comment, treatment, provider, treated with, priority, rank, type, severity, #, no, poa, last reviewed, management, chronicity, source, recorded by, snomed, snomed code, snomed ct, poa indicator, present on admission, class, overview"},
	}},
	{kindMedication, "medication_name", "medications, medication, prescriptions, prescription, drugs, drug, medication list, meds", []roleTitles{
		{"medication_name", "medication, drug, name, med, medication name, drug name, medications, medicine, name of medicine, brand name, generic name, medication/dose, medication and dose, prescription, medication / strength, drug/strength, medication & strength, medication (generic), name of medication, medication order, drug name/strength, name and strength, rx, name/strength, meds, product, medication/strength, medication description, medication and strength, medicine name, drug description, current medication, what i take, order, orders, physician order, physician orders, medication orders"},
		{"+strength", "strength, str, drug strength, concentration, tablet strength"},
		{"dose", "dose, dosage, amount, dose/strength, dose/unit, dose amount, dose & unit, dose and unit, how much, strength/dose, dosage/strength"},
		{"route", "route, rt, rte, rte., how, route of administration, admin route, how taken, method, via"},
		{"frequency", "frequency, freq, how often, schedule, when, interval, times, when to take, times per day, how many times a day, times a day, timing, freq., frequency/time"},
		{"instructions", "sig, directions, instructions, directions for use, sig/directions, how to take, patient instructions, dosing instructions, dose/frequency, dose & frequency, dose and frequency, how to take it, how i take it, administration instructions, dosage instructions, sig (directions), usage, dose/route/frequency, dose route frequency, dose, route, frequency, label instructions, dosing, prescription sig, dose/directions, regimen"},
		{"medication_status", "status, med status, active, state, action, reconciliation, continue/stop, disposition, continue, order status, medication status, active/inactive"},
		{"start_date", "start, start date, started, prescribed, date, date started, date prescribed, begin date, ordered, order date, rx date, date ordered, prescribed on, date written, written, effective date, begin, date filled, fill date, last filled, since, started on, prescribed date, start dt, date of rx, therapy dates, dates of therapy, dates taken, start/stop, start - stop, start/end, start date - end date, from - to, effective dates"},
		{"+end_date", "end, end date, stop, stop date, discontinued, date stopped, stopped, date discontinued, d/c date, stopped on, end dt, discontinue date, discontinued date, dc date"},
		{"+indication", "indication, reason, purpose, for, diagnosis, why, reason for taking, used for, what it's for, condition, taken for, reason for use, reason for use, for what, what for, reason stopped, reason discontinued, reason for stopping"},
		{"+note", "prescriber, provider, prescribed by, qty, quantity, refills, comments, notes, disp, dispense, last taken, last dose, pharmacy, #, comment, note, ndc, rx #, days supply, refill, form, dosage form, dose form, next dose, ordering provider, no, source, supply, qty/refills, class, reviewed, last refill, given by, administered by, time, time given, hour, hours, hr, admin time, admin times, initials, form/route, prescribing provider"},
	}},
	{kindAllergy, "allergen", "allergies, allergy, intolerances, allergy list", []roleTitles{
		{"allergen", "allergen, allergy, substance, agent, allergies, drug, medication, allergic to, allergy/intolerance, allergen name, drug/allergen, allergen/substance, name, allergy name, causative agent, substance/agent, item, medication/allergen, drug allergy, allergic substance, offending agent, description, allergies/intolerances, product"},
		{"reaction", "reaction, manifestation, reactions, reaction(s), rxn, rxns, symptoms, adverse reaction, type of reaction, reaction type, what happens, what happened, manifestations, reaction/symptoms, response, effect, reaction description, signs and symptoms"},
		{"severity", "severity, sev, how bad, how bad was it, how severe, reaction severity, criticality, level, degree, seriousness"},
		{"+status", "status, active, verification, verified"},
		{"+note", "onset, date, type, category, comments, notes, noted, date noted, onset date, source, class, date recorded, recorded, allergy type, reported by, comment, date identified, entered, allergen type, intolerance type, #, date entered, last reviewed, year"},
	}},
	{kindLab, "test_name", "lab results, labs, laboratory, results, tests, lab result, lab_results", []roleTitles{
		{"test_name", "test, component, analyte, test name, tests, lab test, assay, parameter, observation, name, investigation, test description, description, laboratory test, test/component, test(s), exam, measurement, component name, tests ordered, item, laboratory, study, determination, constituent, test performed, your test, examination, what was tested, test / analyte, analysis, component/test, lab name, test item, procedure"},
		{"result_value", "result, value, your value, your result, results, patient value, current result, result value, observed value, observed, reading, level, measured value, patient result, result(s), in range, findings, current, final result, value/result, result/value, test result, current value, latest, today, most recent, your results, actual, latest result, current result and flag, outcome, determined value, res"},
		{"+result2", "out of range, abnormal result, out of range result, outside range"},
		{"unit", "units, unit, uom, conv. units, conv units, unit of measure, measure, units of measure, measurement unit, si units, conventional units"},
		{"reference_range", "reference range, ref range, normal range, reference interval, interval, limits, range, reference, normal, ref. range, ref interval, reference values, normal values, expected range, standard range, reference limits, normal limits, ref rng, expected values, biological reference interval, reference ranges, ref, ref value, normal value, standard, healthy range, ref int, reference value, target range, typical range, desired range, expected, bio ref interval, reference range & units, reference range/units, ref. interval, reference range (units), ref range/units, normal range/units, normal reference range, reference range and units, refrange, desirable range, optimal range, norm, norms, ref limits, established range, goal, target"},
		{"+low", "low, lower limit, low limit, lower, min, minimum, ref low, range low, normal low, from"},
		{"+high", "high, upper limit, high limit, upper, max, maximum, ref high, range high, normal high, to"},
		{"abnormal_flag", "flag, abnormal, abn, flags, abnormal flag, h/l, abn flag, status flag, interpretation, indicator, alert, hi/lo, high/low, flg, abnormality, h/l flag, remark, interp, note flag, fl, a, abnl, out of range flag"},
		{"collection_date", "collected, collection date, date collected, date, date/time, specimen date, drawn, date drawn, test date, result date, date of test, date/time collected, collection, coll date, collected on, date performed, resulted, lab date, collection date/time, collected date, sample date"},
		{"panel_name", "panel, profile, order, group, panel name, ordered test, battery, order name, category, test group, section, panel/order"},
		{"+prior", "previous, prior, previous result, prior result, last result, prev, prev result, previous value, previous results, historical, last, change, delta, trend, previous date, date previous, previous result and date, prior value, previous result date"},
		{"+note", "lab, site, performing lab, status, comments, notes, method, specimen, loinc, code, perf lab, comment, lab id, time, loinc code, performed at, performing site, test code, cpt, lab code, methodology, reported, verified, result status, accession, provider, ordering provider, specimen type, order code, source, tech"},
	}},
	{kindProcedure, "procedure_name", "procedures, procedure, surgeries, operations, surgery", []roleTitles{
		{"procedure_name", "procedure, surgery, operation, procedure name, procedures, description, procedure description, procedure/surgery, surgery/procedure, surgical procedure, operation/procedure, service, type of surgery, name, procedure performed, service description, surgeries, treatment, intervention, event, procedure / operation, operative procedure, what was done"},
		{"procedure_code", "cpt, code, hcpcs, cpt code, procedure code, cpt/hcpcs, cpt-4, hcpcs code, icd-10-pcs, cpt/hcpcs code, cpt codes, proc code, service code"},
		{"procedure_date", "date, performed, date performed, procedure date, date of procedure, surgery date, date of surgery, year, service date, date of service, when, dos, performed on, date of operation, date/year, approx date, date done, year performed, operation date, when performed, month/year"},
		{"+status", "status, state, procedure status"},
		{"+note", "surgeon, provider, performed by, facility, location, site, hospital, comments, notes, indication, laterality, comment, outcome, physician, result, side, findings, reason, complications, anesthesia, body site, diagnosis, qty, units, #, modifier, charge, where, performing provider, operator"},
	}},
	{kindVaccine, "vaccine_name", "immunizations, immunization, vaccinations, vaccines, vaccine", []roleTitles{
		{"vaccine_name", "vaccine, immunization, vaccine name, immunizations, vaccination, vaccine/product, name, vaccine type, immunization name, vaccine administered, vaccines, vaccine group, type of vaccine, product, vaccine (trade name), vaccine/trade name, immunisation, antigen, description, vaccine description, vaccine given, vaccine product"},
		{"vaccine_date", "date, date given, administered, date administered, given, administration date, dates given, vaccine date, given on, dose date, admin date, date of vaccination, administered on, received, immunization date, vaccination date, date received, date(s) given, dates, date of administration, date of dose, service date, when given, administered date, given date"},
		{"lot_number", "lot, lot #, lot number, lot no, lot no., batch, batch number, lot/batch, batch no, lot#, vaccine lot, lot num, mfr lot"},
		{"+dose", "dose, dose #, dose no, series, dose number, #, dose in series, series/dose, no, dose series, dose 1, dose 2, dose 3, dose 4, dose 5, 1st dose, 2nd dose, 3rd dose, 4th dose, 5th dose, 1st, 2nd, 3rd, 4th, 5th, 1, 2, 3, 4, 5, booster, #1, #2, #3, #4, #5, first dose, second dose, third dose, fourth dose, fifth dose, 6, #6, 6th dose"},
		{"+status", "status, completion, completion status"},
		{"+note", "manufacturer, mfr, mfg, site, route, provider, administered by, given by, exp, expiration, expiration date, exp date, comments, notes, vis, vis date, vis given, vis date given, facility, cvx, cvx code, amount, source, clinic, reaction, provider/clinic, location, trade name, due date, age, next due, age given, funding, vaccinator, amount given, volume, exp., initials, dose amount, brand, manufacturer (mvx), mvx, site/route, signature, age at dose, recorder, valid, administering provider, body site, injection site"},
	}},
	{kindFamily, "relation", "family members, family history, family, relatives, family_members", []roleTitles{
		{"relation", "relation, relative, relationship, family member, member, family, relationship to patient, who, family relation, kinship, relation to patient, relative/relationship, person"},
		{"relative_condition", "condition, diagnosis, illness, problem, conditions, disease, medical condition, problem/condition, history, health problem, medical history, diagnoses, health conditions, illnesses, medical problems, condition/disease, disorder, family history of, health history, problems, medical conditions, health problems, cause of death / illness, conditions / diagnoses"},
		{"+note", "age, age at onset, onset, status, alive, deceased, age at death, cause of death, comments, notes, onset age, living, living/deceased, comment, alive/deceased, age of onset, vital status, current age, name, icd-10, code, side, age/status, alive?, living?, health status"},
	}},
}

func kindInfo(k kind) *kindRow {
	for i := range kindTable {
		if kindTable[i].kind == k {
			return &kindTable[i]
		}
	}
	return nil
}

// tableSpec is a blueprint's table with what its columns mean.
type tableSpec struct {
	*blueprint.Table
	kind kind
	// column leads from a role to the blueprint's column; a column without a
	// role of its kind has the role "=" + name.
	column map[string]string
	// titles finds the role of a column by its title on paper.
	titles *index[string]
	types  map[string]string
	// absent is true for a kind that the blueprint has no table of.
	absent bool
}

func newTableSpec(t *blueprint.Table) *tableSpec {
	s := &tableSpec{Table: t, column: map[string]string{}, titles: newIndex[string](), types: map[string]string{}}
	s.kind = kindOfTable(t)
	info := kindInfo(s.kind)
	for _, c := range t.Columns {
		role := roleOf(info, c)
		if _, taken := s.column[role]; taken {
			role = "=" + c.Name
		}
		s.column[role] = c.Name
		s.types[c.Name] = c.Type
		if role[0] == '=' {
			for _, l := range c.Labels() {
				s.titles.put(l, role)
			}
		}
	}
	if info != nil {
		for _, rt := range info.titles {
			for t := range strings.SplitSeq(rt.titles, ",") {
				s.titles.put(t, rt.role)
			}
		}
	}
	for _, c := range t.Columns {
		if role := roleOf(info, c); role[0] != '=' {
			for _, l := range c.Labels() {
				s.titles.put(l, role)
			}
		}
	}
	return s
}

// roleOf returns the role of a blueprint's column in a kind of table.
func roleOf(info *kindRow, c blueprint.Field) string {
	if info == nil {
		return "=" + c.Name
	}
	k := key(strings.ReplaceAll(c.Name, "_", " "))
	for _, rt := range info.titles {
		if rt.role == c.Name {
			return c.Name
		}
	}
	for _, rt := range info.titles {
		if rt.role[0] == '+' {
			continue
		}
		for t := range strings.SplitSeq(rt.titles, ",") {
			if key(t) == k {
				return rt.role
			}
		}
	}
	return "=" + c.Name
}

// kindOfTable tells what a blueprint's table holds: by the role its columns
// name, or by its own name together with one.
func kindOfTable(t *blueprint.Table) kind {
	best, most := kindOwn, 0
	for i := range kindTable {
		info := &kindTable[i]
		n := 0
		must := false
		for _, c := range t.Columns {
			role := roleOf(info, c)
			if role[0] != '=' {
				n++
			}
			must = must || role == info.must
			if c.Name == info.must {
				n += 3
			}
		}
		if !must {
			continue
		}
		for name := range strings.SplitSeq(info.names, ",") {
			if k := key(name); k == key(strings.ReplaceAll(t.Name, "_", " ")) || k == key(strings.ReplaceAll(t.Definition, "_", " ")) {
				n += 3
			}
		}
		// Without the kind's own words two roles could be chance.
		if n > most && n >= 3 {
			best, most = info.kind, n
		}
	}
	return best
}

// standIns adds a table for each known kind that the blueprint has none of:
// such tables are still recognised on paper, so that they are not taken for
// something else, and yield nothing.
func standIns(have []*tableSpec) []*tableSpec {
	out := have
	for i := range kindTable {
		info := &kindTable[i]
		if !hasKind(have, info.kind) {
			t := &blueprint.Table{Columns: []blueprint.Field{{Name: info.must, Type: blueprint.String}}}
			s := newTableSpec(t)
			s.kind, s.absent = info.kind, true
			out = append(out, s)
		}
	}
	return out
}

func hasKind(specs []*tableSpec, k kind) bool {
	for _, s := range specs {
		if s.kind == k {
			return true
		}
	}
	return false
}

// spec returns the table of a kind.
func (r *lexicon) spec(k kind) *tableSpec {
	for _, t := range r.tables {
		if t.kind == k {
			return t
		}
	}
	return nil
}
