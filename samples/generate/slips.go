package main

import "github.com/paperchart/paperchart/eval/paper"

// insuranceCard is what the front desk copied: both sides of a card on one sheet.
func insuranceCard(d *paper.Doc) {
	s := d.Page()
	d.Imply("document_type", "insurance card")
	base := paper.Style{Family: paper.Sans, Size: 9.5}
	small := base.At(7.5)
	front := paper.Box{X0: 120, Y0: 90, X1: 440, Y1: 290}
	s.Frame(front, 1)
	s.Text(132, 114, base.B().At(15), "{insurance_payer_name|Cedar Mutual Health Plan}")
	s.Right(428, 114, base.B().At(12), "PPO")
	s.Text(132, 142, small, "Member Name")
	s.Text(132, 154, base.B(), "{patient_first_name|ADRIANA} {patient_middle_name|P} {patient_last_name|VOLKOV}")
	s.Text(132, 174, small, "Member ID")
	s.Text(132, 186, base.B(), "{insurance_member_id|CMH904417265}")
	s.Text(132, 206, small, "Group Number")
	s.Text(132, 218, base.B(), "{insurance_group_number|0077310}")
	s.Text(132, 238, small, "Effective Date")
	s.Text(132, 250, base.B(), "{coverage_start_date=2025-01-01|01/01/2025}")
	p := s.Pen(300, 150, 130, base)
	p.Line("Plan: {coverage_plan|Choice Plus 1500}")
	p.Line("RxBIN: {rx_bin|610455}")
	p.Line("RxPCN: {rx_pcn|CMHP}")
	p.Line("RxGRP: {rx_group|CEDAR01}")
	p.Gap(8)
	p.Line("PCP: {copay_primary_care|$25}")
	p.Line("Specialist: {copay_specialist|$50}")
	p.Line("Urgent Care: {copay_urgent_care|$75}")
	p.Line("ER: {copay_emergency|$300}")
	back := paper.Box{X0: 120, Y0: 330, X1: 440, Y1: 530}
	s.Frame(back, 1)
	q := s.Pen(132, 356, 296, small)
	q.Para("This card is for identification only and is no proof of eligibility. Call before a planned stay in hospital.")
	q.Gap(10)
	q.Style = base
	q.Line("Member Services: {member_services_phone|800-555-0146}")
	q.Line("Providers: 800-555-0147")
	q.Line("Payer ID: {payer_id|61288}")
	q.Gap(8)
	q.Style = small
	q.Line("Submit claims to: PO Box 4410, Omaha, NE 68104")
}

// prescription is a sheet of a pad, typed.
func prescription(d *paper.Doc) {
	s := d.Page()
	d.Imply("document_type", "prescription")
	base := paper.Style{Family: paper.Serif, Size: 11}
	s.Frame(paper.Box{X0: 90, Y0: 70, X1: 470, Y1: 520}, 1)
	s.Center(280, 98, base.B().At(15), "{facility_name|Harbor Point Family Practice}")
	s.Center(280, 114, base.At(9.5), "{facility_address|2210 Quay Street, Portland, ME 04101}   {facility_phone|(207) 555-0138}")
	s.Center(280, 134, base.At(10.5), "{provider_name|Nadia Okafor, MD}    DEA # {provider_dea|BO4471239}    Lic. # {provider_license|MD-20931}")
	s.Rule(100, 144, 460, 144, 0.8)
	p := s.Pen(106, 170, 350, base)
	p.Lead = 20
	p.Line("Patient: {patient_first_name|Leonard} {patient_last_name|Whitcombe}      DOB: {date_of_birth=1958-07-30|07/30/1958}")
	p.Line("Address: {address_line|77 Ferry Lane}, {city|Portland}, {state|ME} {postal_code|04102}")
	p.Line("Date: {document_date=2025-02-18|02/18/2025}")
	p.Gap(14)
	s.Text(106, p.Y, base.B().At(24), "Rx")
	p.Gap(26)
	p.Line("    " + med(1, "Metoprolol succinate ER") + " " + col("medications", 1, "dose", "50 mg") + " tablet")
	d.Region("medications.1.instructions", func() {
		p.Line("    Sig: Take 1 tablet " + col("medications", 1, "route", "by mouth") + " " + col("medications", 1, "frequency", "once daily"))
	})
	p.Line("    Disp: {dispense_quantity|90 tablets}")
	p.Line("    Refills: {refills|3}")
	p.Gap(20)
	p.Line("Substitution: {substitution|permitted}")
	s.Scribble(300, 470, 110, 7)
	s.Rule(290, 480, 440, 480, 0.7)
	s.Text(320, 492, base.At(8.5), "Signature of prescriber")
}
