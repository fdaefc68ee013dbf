package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
)

// makeCoverage says whose insurance it is (Coverage.relationship) only where the
// print does: a card does, a form that tells self from spouse by a box does not.
func (c *chart) makeCoverage() {
	of := &fact{}
	payer := c.scalar(of, "insurance_payer_name")
	if payer == "" {
		return
	}
	o := organization(payer, "pay", "Payer")
	if id := c.scalar(of, "payer_id"); id != "" {
		o.Identifier = []r4.Identifier{{Type: concept("Payer ID", coding(v2("0203"), "NIIP", "National Insurance Payor Identifier (Payor)")), Value: id}}
	}
	if phone := c.scalar(of, "member_services_phone"); phone != "" {
		o.Telecom = []r4.ContactPoint{{System: "phone", Value: phone, Use: "work"}}
	}
	payor := c.keep(o, c.id("payer", folded(payer)), of)
	if payor == nil {
		return
	}
	payor.Display = payer
	f := &fact{}
	f.and(of)
	v := &r4.Coverage{Status: "active", Beneficiary: c.patient, Payor: []r4.Reference{*payor}}
	if member := c.scalar(f, "insurance_member_id"); member != "" {
		v.SubscriberId = member
		v.Identifier = []r4.Identifier{{
			Type: concept("", coding(v2("0203"), "MB", "Member Number")), System: "urn:uuid:" + derive("member", folded(payer)), Value: member,
		}}
	}
	c.classes(v, f)
	c.copays(v, f)
	c.subscriber(v, f)
	start, end := moment(c.scalar(f, "coverage_start_date")), moment(c.scalar(f, "coverage_end_date"))
	if start != "" && end != "" && start > end {
		f.doubt, end = true, ""
	}
	if start != "" || end != "" {
		v.Period = &r4.Period{Start: start, End: end}
	}
	c.coverage = c.keep(v, c.id("coverage"), f)
}

// coverageClasses are fields that are classes of a Coverage
// (http://terminology.hl7.org/CodeSystem/coverage-class).
var coverageClasses = [][3]string{
	{"insurance_group_number", "group", "Group"}, {"coverage_plan", "plan", "Plan"},
	{"rx_bin", "rxbin", "RX BIN"}, {"rx_pcn", "rxpcn", "RX PCN"}, {"rx_group", "rxgroup", "RX Group"},
}

func (c *chart) classes(v *r4.Coverage, f *fact) {
	for _, k := range coverageClasses {
		if value := c.scalar(f, k[0]); value != "" {
			v.Class = append(v.Class, r4.CoverageClass{Type: concept("", coding(hl7+"coverage-class", k[1], k[2])), Value: value})
		}
	}
}

// copayTypes are fields that are what a patient pays
// (http://terminology.hl7.org/CodeSystem/coverage-copay-type).
var copayTypes = [][3]string{
	{"copay_primary_care", "gpvisit", "GP Office Visit"}, {"copay_specialist", "spvisit", "Specialist Office Visit"},
	{"copay_urgent_care", "urgentcare", "Urgent Care"}, {"copay_emergency", "emergency", "Emergency"}, {"deductible", "deductible", "Deductible"},
}

// copays takes amounts and percentages. What is neither, such as "$250 then 20%",
// cannot be said there and is an answer among the user's fields.
func (c *chart) copays(v *r4.Coverage, f *fact) {
	for _, k := range copayTypes {
		text := strings.ReplaceAll(strings.TrimSpace(c.doc.Fields[k[0]].Value), ",", "")
		cost := r4.CoverageCostToBeneficiary{Type: concept("", coding(hl7+"coverage-copay-type", k[1], k[2]))}
		amount, dollars := strings.CutPrefix(text, "$")
		share, percent := strings.CutSuffix(text, "%")
		switch amount, share = strings.TrimSpace(amount), strings.TrimSpace(share); {
		case dollars && numeric(amount):
			cost.ValueMoney = &r4.Money{Value: r4.Decimal(amount), Currency: "USD"}
		case percent && numeric(share):
			cost.ValueQuantity = &r4.Quantity{Value: r4.Decimal(share), Unit: "%", System: "http://unitsofmeasure.org", Code: "%"}
		default:
			continue
		}
		c.scalar(f, k[0])
		v.CostToBeneficiary = append(v.CostToBeneficiary, cost)
	}
}

var relationships = map[string]string{"self": "Self", "spouse": "Spouse", "child": "Child", "other": "Other"}

func (c *chart) subscriber(v *r4.Coverage, f *fact) {
	if display, ok := relationships[c.doc.Fields["relationship_to_subscriber"].Value]; ok {
		code := c.scalar(f, "relationship_to_subscriber")
		v.Relationship = concept("", coding(hl7+"subscriber-relationship", code, display))
		if code == "self" {
			v.Subscriber = c.patient
		}
	}
	if name := c.scalar(f, "subscriber_name"); name != "" && v.Subscriber == nil {
		v.Subscriber = &r4.Reference{Display: name}
	}
}
