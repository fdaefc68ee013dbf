package main

import "github.com/paperchart/paperchart/eval/paper"

// registrationForm is a boxed intake form: small labels in the upper left corner
// of each box, the value typed below, questions answered by checkboxes.
func registrationForm(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Sans, Size: 10}
	label := base.At(6.5)
	s.Text(36, 46, base.B().At(14), "{facility_name|Summit Orthopedic & Spine Center}")
	s.Text(36, 60, base.At(8.5), "{facility_address|8850 Canyon Ridge Blvd, Boulder, CO 80303}   {facility_phone|(303) 555-0109}")
	s.Right(576, 46, base.B().At(12), "PATIENT REGISTRATION")
	s.Right(576, 60, base.At(8.5), "PLEASE PRINT CLEARLY")
	y := 72.0
	type box struct {
		w            float64
		label, value string
	}
	line := func(boxes ...box) {
		x := 36.0
		for _, b := range boxes {
			s.Frame(paper.Box{X0: x, Y0: y, X1: x + b.w, Y1: y + 30}, 0.7)
			s.Text(x+3, y+8, label, b.label)
			s.Text(x+5, y+23, base, b.value)
			x += b.w
		}
		y += 30
	}
	title := func(t string) {
		s.Fill(paper.Box{X0: 36, Y0: y, X1: 576, Y1: y + 15}, 40)
		s.Text(40, y+11, base.B().At(9).In(255), t)
		y += 15
	}
	title("PATIENT INFORMATION")
	line(box{180, "LAST NAME", "{patient_last_name|Abernathy}"}, box{180, "FIRST NAME", "{patient_first_name|Lucille}"}, box{60, "M.I.", "{patient_middle_name|R}"}, box{120, "DATE OF BIRTH", "{date_of_birth=1990-01-08|01/08/1990}"})
	line(box{240, "STREET ADDRESS", "{address_line|615 Pinecone Way}"}, box{140, "CITY", "{city|Louisville}"}, box{60, "STATE", "{state|CO}"}, box{100, "ZIP CODE", "{postal_code|80027}"})
	line(box{180, "HOME PHONE", "{phone|303-555-0164}"}, box{220, "E-MAIL", "{email|l.abernathy@example.org}"}, box{140, "CHART # (OFFICE USE)", "{patient_mrn|SO-118204}"})
	boxed := func(question string, at, step float64, opts ...string) {
		s.Text(40, y+14, base.At(8.5), question)
		x := at
		for i, o := range opts {
			t := paper.Empty
			if o[0] == '*' {
				t, o = paper.Tick(1+i%2), o[1:]
			}
			next := s.Checkbox(x, y+14, 8, t)
			s.Text(next, y+14, base.At(9), o)
			x += step
		}
		y += 20
	}
	y += 4
	boxed("Sex:", 130, 80, "Male", "*{sex=female|Female}", "Other")
	boxed("Marital Status:", 130, 80, "Single", "*{marital_status=married|Married}", "Divorced", "Widowed")
	boxed("Preferred Language:", 130, 80, "*{language|English}", "Spanish", "Other")
	boxed("Do you smoke?", 130, 80, "Current", "*{smoking_status=former|Former}", "Never")
	y += 4
	title("EMERGENCY CONTACT")
	line(box{240, "NAME", "{emergency_contact_name|Peter Abernathy}"}, box{140, "RELATIONSHIP", "Spouse"}, box{160, "PHONE", "{emergency_contact_phone|303-555-0165}"})
	title("INSURANCE")
	line(box{240, "INSURANCE COMPANY", "{insurance_payer_name|Front Range Health Alliance}"}, box{150, "MEMBER ID", "{insurance_member_id|FRA558120937}"}, box{150, "GROUP NUMBER", "{insurance_group_number|70233}"})
	title("MEDICAL HISTORY - check all that apply")
	y += 4
	i := 0
	for _, row := range [][]string{{"*Asthma", "Diabetes", "Heart disease", "*Anxiety"}, {"High blood pressure", "*Migraine", "Stroke", "Kidney disease"}, {"Cancer", "Thyroid disease", "*GERD", "Seizures"}} {
		x := 44.0
		for _, o := range row {
			t, text := paper.Empty, "{!conditions.unchecked|"+o+"}"
			if o[0] == '*' {
				i++
				t, text = paper.Cross, dx(i, o[1:])
			}
			s.Text(s.Checkbox(x, y+12, 8, t), y+12, base.At(9), text)
			x += 133
		}
		y += 17
	}
	y += 6
	title("ALLERGIES")
	line(box{240, "MEDICATION OR SUBSTANCE", "{allergies.1.allergen|Penicillin}"}, box{300, "REACTION", "{allergies.1.reaction|Hives}"})
	line(box{240, "MEDICATION OR SUBSTANCE", "{allergies.2.allergen|Bee stings}"}, box{300, "REACTION", "{allergies.2.reaction|Swelling}"})
	title("CURRENT MEDICATIONS")
	line(box{200, "MEDICATION", med(1, "Sertraline")}, box{120, "DOSE", col("medications", 1, "dose", "50 mg")}, box{220, "HOW OFTEN", col("medications", 1, "frequency", "once daily")})
	line(box{200, "MEDICATION", med(2, "Omeprazole")}, box{120, "DOSE", col("medications", 2, "dose", "20 mg")}, box{220, "HOW OFTEN", col("medications", 2, "frequency", "once daily")})
	line(box{340, "PATIENT SIGNATURE", ""}, box{200, "DATE", "{document_date=2024-02-29|02/29/2024}"})
}

// immunizationRecord is a state registry's official record.
func immunizationRecord(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Narrow, Size: 9.5}
	s.Center(306, 50, base.B().At(14), "{document_type=immunization record|OFFICIAL IMMUNIZATION RECORD}")
	s.Center(306, 64, base, "Copper State Immunization Registry")
	p := s.Pen(54, 90, 504, base)
	p.Line("Name (Last, First, Middle): {patient_last_name|Villanueva}, {patient_first_name|Mateo}, {patient_middle_name|Luis}")
	p.Line("Birth Date: {date_of_birth=2017-03-22|03/22/2017}        Gender: {sex=male|Male}        Patient ID: {patient_mrn|CSIR-6640921}")
	p.Line("Clinic: {facility_name|Saguaro Pediatrics}, {facility_address|310 E Mesa Verde Dr, Tempe, AZ 85281}        Phone: {facility_phone|(480) 555-0175}")
	p.Line("Physician: {provider_name|Grace Adeyemi, MD}        Report Date: {document_date=2024-08-06|08/06/2024}")
	p.Gap(8)
	row := func(i int, name, iso, date, lot, maker, site string) []string {
		return []string{col("immunizations", i, "vaccine_name", name), norm("immunizations", i, "vaccine_date", iso, date),
			col("immunizations", i, "lot_number", lot), maker, site}
	}
	p.Table(paper.Grid{Widths: []float64{140, 90, 94, 110, 70}, Header: []string{"Vaccine", "Date Administered", "Lot Number", "Manufacturer", "Site"}, Pad: 2.2, Lines: true, Band: true,
		Head: base.B().At(9), Rows: [][]string{
			row(1, "Hep B, ped/adol", "2017-03-23", "03/23/2017", "K7T4M", "Merck", "R thigh"),
			row(2, "DTaP", "2017-05-24", "05/24/2017", "C5241AA", "Sanofi", "L thigh"),
			row(3, "IPV", "2017-05-24", "05/24/2017", "P1B332", "Sanofi", "R thigh"),
			row(4, "Hib (PRP-T)", "2017-05-24", "05/24/2017", "UI914AA", "Sanofi", "L thigh"),
			row(5, "PCV13", "2017-05-24", "05/24/2017", "T83550", "Pfizer", "R thigh"),
			row(6, "Rotavirus, pentavalent", "2017-05-24", "05/24/2017", "N022187", "Merck", "oral"),
			row(7, "DTaP", "2017-07-26", "07/26/2017", "C5390AB", "Sanofi", "L thigh"),
			row(8, "Hep B, ped/adol", "2017-09-27", "09/27/2017", "M3J9X", "Merck", "R thigh"),
			row(9, "MMR", "2018-03-28", "03/28/2018", "R004719", "Merck", "L arm"),
			row(10, "Varicella", "2018-03-28", "03/28/2018", "N031645", "Merck", "R arm"),
			row(11, "Hep A, ped/adol", "2018-03-28", "03/28/2018", "52B7K", "GSK", "L arm"),
			row(12, "DTaP-IPV", "2021-04-06", "04/06/2021", "9H5ZE", "GSK", "L arm"),
			row(13, "MMRV", "2021-04-06", "04/06/2021", "T018220", "Merck", "R arm"),
			row(14, "Influenza, injectable, PF", "2023-10-17", "10/17/2023", "UT8021LA", "Sanofi", "L arm"),
		}})
	p.Line("**Recommended next:** {!immunizations.planned|Tdap} due 03/22/2028.  {!immunizations.planned|HPV} due 03/22/2028.")
	p.Line("Allergies: {allergies.1.allergen|No known allergies}")
	p.Gap(20)
	p.Line("Signature of provider: ______________________________")
}
