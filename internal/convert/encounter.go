package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
)

func (c *chart) makeEncounter() {
	f := &fact{}
	kind, number := c.scalar(f, "encounter_type"), c.scalar(f, "encounter_id")
	begin, end := f.date(c.scalar(f, "admission_date")), f.date(c.scalar(f, "discharge_date"))
	visit, reason := f.date(c.scalar(f, "encounter_date")), c.scalar(f, "chief_complaint")
	where := c.scalar(f, "discharge_disposition")
	if kind+number+begin+end+visit == "" {
		return
	}
	stay := begin != "" || end != ""
	e := &r4.Encounter{Status: "finished", Subject: c.patient, ServiceProvider: c.facility}
	e.Class = r4.Ptr(encounterClass(kind, stay))
	if stay && end == "" {
		e.Status = "unknown" // whether the patient has left is not said
	}
	if !stay {
		begin, c.day = visit, day(visit)
	}
	e.Period = period(begin, end, f)
	if number != "" {
		e.Identifier = []r4.Identifier{{System: "urn:uuid:" + derive("visit", c.mrnSystem()), Value: number}}
	}
	if kind != "" {
		e.Type = []r4.CodeableConcept{*concept(kind)}
		claim(e, "encounter")
	}
	if reason != "" {
		e.ReasonCode = []r4.CodeableConcept{*concept(reason)}
	}
	if c.provider != nil {
		e.Participant = []r4.EncounterParticipant{{Individual: c.provider}}
	}
	if where != "" {
		e.Hospitalization = &r4.EncounterHospitalization{DischargeDisposition: disposition(where)}
	}
	c.encounter = c.keep(e, c.id("encounter"), f)
}

// period is nil, and the fact doubtful, where it would end before it begins.
func period(begin, end string, f *fact) *r4.Period {
	n := min(len(begin), len(end), 10)
	if n > 0 && begin[:n] > end[:n] {
		f.doubt = true
		return nil
	}
	if begin == "" && end == "" {
		return nil
	}
	return &r4.Period{Start: begin, End: end}
}

// encounterClass is required by FHIR; where the paper does not say, it is the
// null flavour for that.
func encounterClass(kind string, stay bool) r4.Coding {
	k := strings.ToLower(kind)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(k, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("emergency", "ed visit", "er visit"), k == "ed", k == "er":
		return coding(v3("ActCode"), "EMER", "emergency")
	case has("telehealth", "telemedicine", "virtual", "phone", "video"):
		return coding(v3("ActCode"), "VR", "virtual")
	case has("inpatient"):
		return coding(v3("ActCode"), "IMP", "inpatient encounter")
	case has("observation"):
		return coding(v3("ActCode"), "OBSENC", "observation encounter")
	case has("outpatient", "office", "clinic", "ambulatory", "follow", "visit", "consult", "laboratory", "lab only", "physical", "wellness", "urgent care", "new patient") && !has("home"):
		return coding(v3("ActCode"), "AMB", "ambulatory")
	case has("home"):
		return coding(v3("ActCode"), "HH", "home health")
	case has("admission", "hospital"), stay:
		return coding(v3("ActCode"), "IMP", "inpatient encounter")
	}
	return coding(v3("NullFlavor"), "UNK", "unknown")
}

func disposition(text string) *r4.CodeableConcept {
	names := map[string]string{"home": "Home", "exp": "Expired", "hosp": "Hospice", "snf": "Skilled nursing facility",
		"rehab": "Rehabilitation", "long": "Long-term care", "aadvice": "Left against advice", "psy": "Psychiatric hospital"}
	if code := dispositionCode(text); code != "" {
		return concept(text, coding(hl7+"discharge-disposition", code, names[code]))
	}
	return concept(text)
}

// dispositionCode knows only prints that can mean one thing.
func dispositionCode(text string) string {
	switch folded(text) {
	case "home", "homeselfcare", "homeorselfcare", "dischargedhome", "dischargedtohome", "homewithfamily", "homewithself":
		return "home"
	case "expired", "deceased", "died", "death":
		return "exp"
	case "hospice", "hospicehome", "homehospice":
		return "hosp"
	case "snf", "skillednursingfacility":
		return "snf"
	case "rehab", "rehabilitation", "inpatientrehab", "acuterehab", "rehabfacility":
		return "rehab"
	case "longtermcare", "ltc", "ltac", "longtermacutecare":
		return "long"
	case "ama", "leftama", "againstmedicaladvice", "leftagainstmedicaladvice":
		return "aadvice"
	}
	return ""
}
