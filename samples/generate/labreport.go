package main

import "github.com/paperchart/paperchart/eval/paper"

// labReport is a reference laboratory's report: boxed demographics, panels in
// one ruled table of fixed-width print.
func labReport(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Mono, Size: 8.5}
	sans := paper.Style{Family: paper.Sans, Size: 8.5}
	s.Text(40, 50, sans.B().At(16), "{facility_name|Northgate Reference Laboratories}")
	s.Text(40, 63, sans, "{facility_address|5500 Commerce Parkway, Columbus, OH 43228}   Tel {facility_phone|(614) 555-0188}   CLIA 36D0555019")
	s.Right(572, 50, sans.B().At(11), "{document_type=laboratory report|LABORATORY REPORT}")
	s.Right(572, 63, sans, "FINAL")
	boxes(s, sans)
	p := s.Pen(40, 172, 532, base)
	panel := func(title string, first int, rows ...[]string) {
		var cells [][]string
		cells = append(cells, []string{"**" + title + "**"})
		for _, r := range rows {
			cells = append(cells, pick(r, 0, 1, 2, 3, 4))
		}
		p.Table(paper.Grid{Widths: []float64{196, 76, 56, 92, 112}, Header: headerOnce(p), Rows: cells, Pad: 1.6, Lines: true})
		p.Y -= p.Lead + 0.0
		p.Y += p.Style.Size
		for i := range rows {
			d.Imply("lab_results."+itoa(first+i)+".panel_name", title)
		}
	}
	panel("COMPREHENSIVE METABOLIC PANEL", 1,
		lab(1, "GLUCOSE", "142", "H", "mg/dL", "65-99"),
		lab(2, "UREA NITROGEN (BUN)", "19", "", "mg/dL", "7-25"),
		lab(3, "CREATININE", "1.02", "", "mg/dL", "0.70-1.33"),
		lab(4, "EGFR", "81", "", "mL/min/1.73m2", ">60"),
		lab(5, "SODIUM", "139", "", "mmol/L", "135-146"),
		lab(6, "POTASSIUM", "4.4", "", "mmol/L", "3.5-5.3"),
		lab(7, "CHLORIDE", "103", "", "mmol/L", "98-110"),
		lab(8, "CARBON DIOXIDE", "26", "", "mmol/L", "20-32"),
		lab(9, "CALCIUM", "9.4", "", "mg/dL", "8.6-10.3"),
		lab(10, "PROTEIN, TOTAL", "7.1", "", "g/dL", "6.1-8.1"),
		lab(11, "ALBUMIN", "4.3", "", "g/dL", "3.6-5.1"),
		lab(12, "BILIRUBIN, TOTAL", "0.6", "", "mg/dL", "0.2-1.2"),
		lab(13, "ALKALINE PHOSPHATASE", "71", "", "U/L", "35-144"),
		lab(14, "AST", "24", "", "U/L", "10-35"),
		lab(15, "ALT", "48", "H", "U/L", "9-46"))
	panel("LIPID PANEL", 16,
		lab(16, "CHOLESTEROL, TOTAL", "231", "H", "mg/dL", "<200"),
		lab(17, "HDL CHOLESTEROL", "38", "L", "mg/dL", ">40"),
		lab(18, "TRIGLYCERIDES", "188", "H", "mg/dL", "<150"),
		lab(19, "LDL-CHOLESTEROL", "155", "H", "mg/dL", "<100"))
	panel("HEMOGLOBIN A1C", 20, lab(20, "HEMOGLOBIN A1C", "7.2", "H", "%", "<5.7"))
	panel("CBC WITH DIFFERENTIAL", 21,
		lab(21, "WHITE BLOOD CELL COUNT", "6.8", "", "Thousand/uL", "3.8-10.8"),
		lab(22, "RED BLOOD CELL COUNT", "4.71", "", "Million/uL", "4.20-5.80"),
		lab(23, "HEMOGLOBIN", "14.6", "", "g/dL", "13.2-17.1"),
		lab(24, "HEMATOCRIT", "43.2", "", "%", "38.5-50.0"),
		lab(25, "MCV", "91.7", "", "fL", "80.0-100.0"),
		lab(26, "PLATELET COUNT", "212", "", "Thousand/uL", "140-400"))
	panel("URINALYSIS", 27,
		lab(27, "PROTEIN", "TRACE", "A", "", "NEGATIVE"),
		lab(28, "NITRITE", "NEGATIVE", "", "", "NEGATIVE"))
	s.Text(40, 764, sans.At(7.5), "H = High   L = Low   A = Abnormal      Laboratory Director: Samuel Osei, MD, PhD")
	s.Right(572, 764, sans.At(7.5), "Page 1 of 1")
}

// headerOnce gives the header row to the first table only.
func headerOnce(p *paper.Pen) []string {
	if p.Y > 173 {
		return nil
	}
	return []string{"TEST NAME", "RESULT", "FLAG", "UNITS", "REFERENCE RANGE"}
}

func boxes(s *paper.Sheet, st paper.Style) {
	for _, b := range []paper.Box{{X0: 40, Y0: 74, X1: 217, Y1: 152}, {X0: 217, Y0: 74, X1: 394, Y1: 152}, {X0: 394, Y0: 74, X1: 572, Y1: 152}} {
		s.Frame(b, 0.7)
	}
	p := s.Pen(45, 86, 170, st)
	p.Line("**PATIENT INFORMATION**")
	p.Line("{patient_last_name=Delacroix|DELACROIX},{patient_first_name=Marcus|MARCUS} {patient_middle_name|J}")
	p.Line("DOB: {date_of_birth=1968-02-03|02/03/1968}  AGE: 56")
	p.Line("GENDER: {sex=male|M}")
	p.Line("ID: {patient_mrn|NG-5520193}")
	p.Line("PHONE: {phone|614.555.0133}")
	q := s.Pen(222, 86, 170, st)
	q.Line("**SPECIMEN INFORMATION**")
	q.Line("SPECIMEN: ZT844719K")
	q.Line("REQUISITION: {encounter_id|0098127}")
	q.Line("COLLECTED: {lab_results.*.collection_date=2024-05-14|05/14/2024} 08:12 ET")
	q.Line("RECEIVED: 05/14/2024 21:40 ET")
	q.Line("REPORTED: {document_date=2024-05-15|05/15/2024} 06:55 ET")
	r := s.Pen(399, 86, 170, st)
	r.Line("**CLIENT INFORMATION**")
	r.Line("{provider_name|WHITFIELD, ANNE}")
	r.Line("Olentangy Internal Medicine")
	r.Line("77 Mill Race Road")
	r.Line("Columbus, OH 43214")
	r.Line("NPI: {provider_npi|1092837461}")
}
