package extract

import (
	"testing"
	"time"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/result"
)

// ownBlueprint has fields and a table that no code knows.
const ownBlueprint = `{"class":"Clinic form","type":"object",
"definitions":{
  "APPT":{"type":"object","properties":{
    "visit_day":{"type":"string","instruction":"Day of the appointment, a date. Labels: Appt Date, When."},
    "with_whom":{"type":"string","instruction":"Clinician. Labels: With, Seen With."},
    "minutes":{"type":"number","instruction":"Length. Labels: Minutes, Min."}}},
  "RX":{"type":"object","properties":{
    "drug":{"type":"string","instruction":"Labels: Drug."},
    "strength":{"type":"string","instruction":"Labels: Strength."},
    "sig":{"type":"string","instruction":"Labels: Sig."},
    "refills_left":{"type":"number","instruction":"Labels: Refills Left."}}}},
"properties":{
  "interpreter_language":{"type":"string","instruction":"Labels: Interpreter Language."},
  "referral_authorization":{"type":"string","instruction":"Labels: Auth Code, Authorization Code."},
  "copay_amount":{"type":"number","instruction":"Labels: Copay."},
  "has_pacemaker":{"type":"boolean","instruction":"Labels: Pacemaker."},
  "next_review_date":{"type":"string","instruction":"Labels: Next Review."},
  "handedness":{"type":"string","instruction":"One of: left, right or both. Labels: Handedness."},
  "dob":{"type":"string","instruction":"Birth date."},
  "appointments":{"type":"array","instruction":"x","items":{"$ref":"#/definitions/APPT"}},
  "prescriptions":{"type":"array","instruction":"x","items":{"$ref":"#/definitions/RX"}}}}`

// TestOwnBlueprint holds a user's own fields to come out with no code.
func TestOwnBlueprint(t *testing.T) {
	b, err := blueprint.Parse([]byte(ownBlueprint))
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{Blueprint: b, Terms: words{}, Now: func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) }}
	docs, err := e.Extract(t.Context(), typed(`
Patient: Doe, Jane          DOB: 02/03/1970
Interpreter Language: Tagalog      Auth Code: ZX-4471
Copay: $25.00                      Next Review: 3/15/2026
Handedness: Left                   Pacemaker: No

APPOINTMENTS
Appt Date        With               Minutes
01/05/2025       Dr. Smith          30
02/09/2025       Dr. Jones          45

PRESCRIPTIONS
Drug             Strength      Sig                         Refills Left
Lisinopril       10 mg         1 tab PO daily              3
Metformin        500 mg        1 tab PO BID                2
`), result.Source{})
	if err != nil || len(docs) != 1 {
		t.Fatal(len(docs), err)
	}
	d := docs[0]
	for field, want := range map[string]string{"interpreter_language": "Tagalog", "referral_authorization": "ZX-4471", "copay_amount": "25.00",
		"has_pacemaker": "false", "next_review_date": "2026-03-15", "handedness": "left", "dob": "1970-02-03"} {
		if got := d.Fields[field].Value; got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
	rows := d.Tables["appointments"]
	if len(rows) != 2 || rows[1]["visit_day"].Value != "2025-02-09" || rows[1]["with_whom"].Value != "Dr. Jones" || rows[1]["minutes"].Value != "45" {
		t.Errorf("appointments = %v", rows)
	}
	rx := d.Tables["prescriptions"]
	if len(rx) != 2 || rx[0]["drug"].Value != "Lisinopril" || rx[0]["strength"].Value != "10 mg" || rx[0]["sig"].Value != "1 tab PO daily" || rx[1]["refills_left"].Value != "2" {
		t.Errorf("prescriptions = %v", rx)
	}
}

// TestClassPicksBlueprint reads a card, a prescription and a referral with the
// blueprints of their own, by title or by what stands on them.
func TestClassPicksBlueprint(t *testing.T) {
	shipped := blueprint.Shipped()
	e := &Engine{Blueprint: shipped.General, Classes: shipped.Classes, Terms: words{}, Now: func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) }}
	for _, c := range []struct {
		name, text, blueprint string
		fields                map[string]string
	}{
		{"card", `
BlueSky Health Plan                                PPO
Member Name: MARIA L SANTOS
Member ID: XYZ123456789        Group: 00845
Plan Name: Silver Choice 2000       Effective Date: 01/01/2025
RxBIN: 610014     RxPCN: MEDDPRIME     RxGRP: BSKYRX
Copays: PCP $25      Specialist: $50
ER: $250       Urgent Care: $75
Member Services: (800) 555-0142
Payer ID: 87726
`, "Insurance Card", map[string]string{"patient_last_name": "Santos", "insurance_member_id": "XYZ123456789", "insurance_group_number": "00845",
			"coverage_plan": "Silver Choice 2000", "coverage_start_date": "2025-01-01", "rx_bin": "610014", "rx_pcn": "MEDDPRIME", "rx_group": "BSKYRX",
			"copay_specialist": "$50", "copay_emergency": "$250", "copay_urgent_care": "$75", "copay_primary_care": "$25", "payer_id": "87726",
			"member_services_phone": "(800) 555-0142"}},
		{"prescription", `
Riverside Family Medicine
12 Mill Street, Dover, DE 19901      Phone: (302) 555-0177

Dr. Alan Reyes, MD          DEA #: AR1234563        Lic #: C1-0009876

Patient: Jane Doe       DOB: 02/03/1970       Date: 05/12/2025

Rx
Lisinopril 10 mg tablet
Sig: Take 1 tablet by mouth daily
Disp: 30 tablets
Refills: 3
Substitution: permitted
`, "Prescription", map[string]string{"patient_last_name": "Doe", "dispense_quantity": "30 tablets", "refills": "3", "substitution": "permitted",
			"provider_dea": "AR1234563", "document_date": "2025-05-12"}},
		{"referral", `
REFERRAL REQUEST
Patient: Jane Doe       DOB: 02/03/1970
Referred To: Dr. Ann Lee       Specialty Requested: Cardiology
Priority: Urgent       Visits Requested: 3      Auth #: A-77120
Reason for Referral: chest pain on exertion

DIAGNOSES
1. Hypertension I10
`, "Referral", map[string]string{"referred_to_name": "Dr. Ann Lee", "referred_to_specialty": "Cardiology", "referral_priority": "urgent",
			"visits_requested": "3", "authorization_number": "A-77120"}},
		{"card without colons", `
UNITED CARE HMO
MEMBER
JOHN Q SAMPLE
Member ID   W2233 44556     Group No.   778899
RxBIN 003858
RxPCN A4
RxGrp UCHMO
PCP $20   Specialist $40   ER $150
Customer Service 1-800-555-0199
`, "Insurance Card", map[string]string{"patient_last_name": "Sample", "patient_first_name": "John", "insurance_group_number": "778899", "rx_bin": "003858",
			"rx_pcn": "A4", "rx_group": "UCHMO", "copay_specialist": "$40", "copay_emergency": "$150"}},
		{"chart with a card's words", `
VISIT SUMMARY
Patient: Jane Doe       DOB: 02/03/1970    Member ID: X1234567   Group: 77
PPO   Copay: $20
PROBLEM LIST
1. Hypertension I10
`, "Medical Record", map[string]string{"insurance_member_id": "X1234567"}},
	} {
		docs, err := e.Extract(t.Context(), typed(c.text), result.Source{})
		if err != nil || len(docs) != 1 {
			t.Fatal(c.name, len(docs), err)
		}
		if docs[0].Blueprint.Name != c.blueprint {
			t.Errorf("%s: read as %q with class %q", c.name, docs[0].Blueprint.Name, docs[0].Class)
		}
		for field, want := range c.fields {
			if got := docs[0].Fields[field].Value; got != want {
				t.Errorf("%s: %s = %q, want %q", c.name, field, got, want)
			}
		}
		if c.name == "prescription" {
			meds := docs[0].Tables["medications"]
			if len(meds) != 1 || meds[0]["medication_name"].Value != "Lisinopril" || meds[0]["frequency"].Value != "daily" {
				t.Errorf("medications = %v", meds)
			}
		}
	}
}

// TestOwnClass reads a document by the title that a user's blueprint has as its class.
func TestOwnClass(t *testing.T) {
	data, err := blueprint.New("Sleep Diary", []string{"hours_slept number: Hours Slept, Hours", "sleep_aid: Sleep Aid"}, false)
	if err != nil {
		t.Fatal(err)
	}
	b, err := blueprint.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	set := blueprint.Shipped().With(b)
	e := &Engine{Blueprint: set.General, Classes: set.Classes, Terms: words{}, Now: func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) }}
	for title, want := range map[string]string{"SLEEP DIARY": "6.5", "VISIT SUMMARY": ""} {
		docs, err := e.Extract(t.Context(), typed("\n"+title+"\n\nPatient: Doe, Jane          DOB: 02/03/1970\nHours Slept: 6.5        Sleep Aid: none\n"), result.Source{})
		if err != nil || len(docs) != 1 {
			t.Fatal(len(docs), err)
		}
		if got := docs[0].Fields["hours_slept"].Value; got != want || (docs[0].Blueprint.Name == "Sleep Diary") != (want != "") {
			t.Errorf("%s: read with %q, hours_slept = %q", title, docs[0].Blueprint.Name, got)
		}
	}
}
