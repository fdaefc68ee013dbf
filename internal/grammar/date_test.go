package grammar

import (
	"strings"
	"testing"
	"time"
)

var testNow = time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)

func TestParseDate(t *testing.T) {
	r := Dates{Now: testNow}
	for _, tt := range []struct {
		text, want, clock, remark string
	}{
		{"10/28/1953", "1953-10-28", "", ""},
		{"10-28-1953", "1953-10-28", "", ""},
		{"10.28.1953", "1953-10-28", "", ""},
		{"10 / 28 / 1953", "1953-10-28", "", ""},
		{"10 28 1953", "1953-10-28", "", ""},
		{"1/2/2024", "2024-01-02", "", ""},
		{"10-28-53", "1953-10-28", "", RemarkTwoDigitYear},
		{"10/28/'53", "1953-10-28", "", RemarkTwoDigitYear},
		{"3/4/24", "2024-03-04", "", RemarkTwoDigitYear},
		{"Oct 28, 1953", "1953-10-28", "", ""},
		{"Oct. 28, 1953", "1953-10-28", "", ""},
		{"October 28, 1953", "1953-10-28", "", ""},
		{"OCTOBER 28 1953", "1953-10-28", "", ""},
		{"October 28th, 1953", "1953-10-28", "", ""},
		{"Oct-28-1953", "1953-10-28", "", ""},
		{"28 Oct 1953", "1953-10-28", "", ""},
		{"28-Oct-1953", "1953-10-28", "", ""},
		{"28OCT1953", "1953-10-28", "", ""},
		{"28OCT53", "1953-10-28", "", RemarkTwoDigitYear},
		{"28-Oct-53", "1953-10-28", "", RemarkTwoDigitYear},
		{"28th of October 1953", "1953-10-28", "", ""},
		{"October 1953", "1953-10", "", ""},
		{"October, 1953", "1953-10", "", ""},
		{"Oct/1953", "1953-10", "", ""},
		{"Sept 2019", "2019-09", "", ""},
		{"10/1953", "1953-10", "", ""},
		{"1953", "1953", "", ""},
		{"1953-10", "1953-10", "", ""},
		{"19531028", "1953-10-28", "", ""},
		{"10281953", "1953-10-28", "", ""},
		{"1953-10-28", "1953-10-28", "", ""},
		{"1953/10/28", "1953-10-28", "", ""},
		{"2025-11-03T08:15", "2025-11-03", "08:15", ""},
		{"2025-11-03T08:15:30Z", "2025-11-03", "08:15:30", ""},
		{"2025-11-03 08:15", "2025-11-03", "08:15", ""},
		{"11/03/2025 8:15 AM", "2025-11-03", "08:15", ""},
		{"11/03/2025 8:15 PM", "2025-11-03", "20:15", ""},
		{"11/03/2025 at 0815", "2025-11-03", "08:15", ""},
		{"11/03/2025 @ 12:05am", "2025-11-03", "00:05", ""},
		{"11/03/2025 0815 hrs", "2025-11-03", "08:15", ""},
		{"11/03/25 14:05:09", "2025-11-03", "14:05:09", RemarkTwoDigitYear},
		{"11/03/2025, 8:15 a.m.", "2025-11-03", "08:15", ""},
		{"Nov 3, 2025 8:15 AM EST", "2025-11-03", "08:15", ""},
		{"Monday, November 3, 2025", "2025-11-03", "", ""},
		{"Mon 11/03/2025", "2025-11-03", "", ""},
		{"Tue. Nov 4 2025", "2025-11-04", "", ""},
		{"(11/03/2025)", "2025-11-03", "", ""},
		{": 11/03/2025.", "2025-11-03", "", ""},
		// Not dates.
		{"06/31/22", "", "", RemarkImpossible},
		{"13/32/2020", "", "", RemarkImpossible},
		{"02/30/2020", "", "", RemarkImpossible},
		{"02/29/2023", "", "", RemarkImpossible},
		{"00/12/2020", "", "", RemarkImpossible},
		{"10/28/3053", "", "", RemarkImpossible},
		{"128/82", "", "", ""},
		{"555-123-4567", "", "", ""},
		{"123-45-6789", "", "", ""},
		{"hello", "", "", ""},
		{"", "", "", ""},
		{"5", "", "", ""},
		{"10/28/1953 and more", "", "", ""},
		{"MRN 10/28/1953", "", "", ""},
		// A leap day.
		{"02/29/2024", "2024-02-29", "", ""},
		// Repairs.
		{"1O/28/1953", "1953-10-28", "", RemarkRepaired},
		{"l0/28/1953", "1953-10-28", "", RemarkRepaired},
		{"10/28/I953", "1953-10-28", "", RemarkRepaired},
		{"10/2B/1953", "1953-10-28", "", RemarkRepaired},
		{"10/28/19S3", "1953-10-28", "", RemarkRepaired},
		{"|0/28/1953", "1953-10-28", "", RemarkRepaired},
		{"0ct 28, 1953", "1953-10-28", "", RemarkRepaired},
		{"Ju1y 4, 1976", "1976-07-04", "", RemarkRepaired},
		{"Novernber 3, 2025", "2025-11-03", "", RemarkRepaired},
		{"Aprll 3, 2025", "2025-04-03", "", RemarkRepaired},
		{"Feburary 3, 2025", "", "", ""},
		{"10/2811953", "1953-10-28", "", RemarkSeparator},
		{"1012811953", "", "", ""},
		// Day first.
		{"28/10/1953", "1953-10-28", "", RemarkDayFirst},
		{"28.10.1953", "1953-10-28", "", RemarkDayFirst},
	} {
		d, ok := r.Parse(tt.text)
		if ok != (tt.want != "") || d.Value != tt.want || d.Clock != tt.clock || d.Remark != tt.remark {
			t.Errorf("Parse(%q) = %+v, %v; want %q clock %q remark %q", tt.text, d, ok, tt.want, tt.clock, tt.remark)
		}
		if d.Remark == RemarkRepaired && d.Score > 0.8 {
			t.Errorf("Parse(%q): a repaired date has score %v", tt.text, d.Score)
		}
	}
}

func TestTwoDigitYear(t *testing.T) {
	for _, tt := range []struct {
		reader     Dates
		text, want string
	}{
		{Dates{Now: testNow}, "01/05/26", "2026-01-05"},
		{Dates{Now: testNow}, "12/05/26", "2026-12-05"},
		{Dates{Now: testNow}, "12/05/35", "2035-12-05"},
		{Dates{Now: testNow}, "12/05/37", "1937-12-05"},
		{Dates{Now: testNow, Past: true}, "12/05/26", "1926-12-05"},
		{Dates{Now: testNow, Past: true}, "03/15/26", "2026-03-15"},
		{Dates{Now: testNow, Past: true}, "03/16/26", "1926-03-16"},
		{Dates{Now: testNow, Past: true}, "10/28/53", "1953-10-28"},
		{Dates{}, "10/28/53", "2053-10-28"},
		{Dates{}, "10/28/70", "1970-10-28"},
	} {
		if d, _ := tt.reader.Parse(tt.text); d.Value != tt.want {
			t.Errorf("%+v Parse(%q) = %q, want %q", tt.reader, tt.text, d.Value, tt.want)
		}
	}
}

func TestFindDates(t *testing.T) {
	r := Dates{Now: testNow}
	for _, tt := range []struct{ text, want string }{
		{"DOB: 10/28/1953 (72 y)", "1953-10-28"},
		{"Admitted 11/03/2025, discharged 11/07/2025.", "2025-11-03 2025-11-07"},
		{"11/03/2025-11/07/2025", "2025-11-03 2025-11-07"},
		{"11/03/2025 - 11/07/2025", "2025-11-03 2025-11-07"},
		{"Hypothyroidism since 2011", "2011"},
		{"appendectomy (1998)", "1998"},
		{"diagnosed in March 2019 and June 2020", "2019-03 2020-06"},
		{"metformin 2000 mg daily", ""},
		{"WBC 2011", ""},
		{"Call 555-123-4567 or (555) 123-4567", ""},
		{"BP 128/82, pain 3/10", ""},
		{"SSN 123-45-6789", ""},
		{"ZIP 20190-1028", ""},
		{"2025-11-03T08:15:00-05:00 collected", "2025-11-03"},
		{"seen 06/31/22 for cough", "!"},
		{"ratio 1.2.3", ""},
		{"may 20 percent", ""},
		{"Take 1 mar 5", ""},
		{"Mar 5 2024, 3/6/24", "2024-03-05 2024-03-06"},
		{"every 10-12 hours", ""},
		{"Lot 12/25-2024A", ""},
		{"on 5 May 2020 she fell", "2020-05-05"},
		{"patient in 2019/2020", ""},
	} {
		var got []string
		for _, d := range r.Find(tt.text) {
			if d.Value == "" {
				d.Value = "!"
			}
			got = append(got, d.Value)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("Find(%q) = %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestDateFHIR(t *testing.T) {
	ny, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("no zone files here")
	}
	r := Dates{Now: testNow}
	for _, tt := range []struct {
		text string
		loc  *time.Location
		want string
	}{
		{"11/03/2025 8:15 AM", nil, "2025-11-03"},
		{"11/03/2025 8:15 AM", time.UTC, "2025-11-03T08:15:00Z"},
		{"11/03/2025 8:15 AM", ny, "2025-11-03T08:15:00-05:00"},
		{"07/03/2025 8:15 AM", ny, "2025-07-03T08:15:00-04:00"},
		{"11/03/2025 8:15 AM PST", ny, "2025-11-03T08:15:00-08:00"},
		{"11/2025", ny, "2025-11"},
	} {
		d, _ := r.Parse(tt.text)
		if got := d.FHIR(tt.loc); got != tt.want {
			t.Errorf("FHIR(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestDayFirst(t *testing.T) {
	r := Dates{Now: testNow}
	if !DayFirst(r.Find("28/10/2020, 03/04/2021, 15/01/2022")) {
		t.Error("a European chart is not seen as one")
	}
	if DayFirst(r.Find("10/28/2020, 03/04/2021, 15/01/2022")) {
		t.Error("one odd date turns an American chart")
	}
	r.DayFirst = true
	if d, _ := r.Parse("03/04/2021"); d.Value != "2021-04-03" {
		t.Errorf("day first reads %q", d.Value)
	}
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"10/28/1953", "Oct 28, 1953 8:15 AM EST", "l0/2B/'53", "2025-11-03T08:15Z", "since 2011"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Dates{Now: testNow}
		r.Parse(s)
		last := 0
		for _, d := range r.Find(s) {
			if d.Start < last || d.End > len(s) || d.Len() <= 0 {
				t.Fatalf("span %v of %q", d.Span, s)
			}
			last = d.End
			if d.Score < 0 || d.Score > 1 {
				t.Fatalf("score %v", d.Score)
			}
			if d.Value == "" && d.Remark == "" {
				t.Fatal("an empty date without remark")
			}
		}
	})
}
