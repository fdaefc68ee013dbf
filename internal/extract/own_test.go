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
