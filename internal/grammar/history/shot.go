package history

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// Shot is one line of an immunization record.
type Shot struct {
	// Vaccine is as printed, without the other parts.
	Vaccine string
	// Dates are the days of the doses in printed order, those that parse.
	Dates []grammar.Date
	// Lot, Site, Route and Maker are as printed; Expires a FHIR date.
	Lot, Site, Route, Maker, Expires string
	// Number is the dose in the series, "2" of "dose 2 of 3" or "#2".
	Number string
	// NotGiven is true for refused, declined, deferred, contraindicated or due.
	NotGiven bool
	Score    float64
}

var (
	lotForm    = regexp.MustCompile(`(?i)\b(?:lot\s*(?:#|no\.?|number|num)?\s*[:.#]*|batch\s*[:#]?)\s*([A-Z0-9][A-Z0-9\-]{2,14})\b`)
	siteForm   = regexp.MustCompile(`(?i)(?:\bsite\s*[:\-]?\s*)?\b((?:left|right|l|r|lt|rt)\.?\s*(?:deltoid|arm|thigh|vastus lateralis|glut(?:eus|eal)?(?: maximus)?|upper arm|leg|anterolateral thigh|forearm|buttock)|(?:deltoid|vastus lateralis)\s*,?\s*(?:left|right|l|r)|deltoid|LD|RD|LVL|RVL|LA|RA|LT|RT)\b`)
	routeForm  = regexp.MustCompile(`\b((?i:intramuscular(?:ly)?|subcutaneous(?:ly)?|intradermal(?:ly)?|intranasal(?:ly)?|subcut|oral(?:ly)?|by mouth|nasal spray)|IM|SC|SQ|ID|PO|IN)\b`)
	expireForm = regexp.MustCompile(`(?i)\b(?:exp(?:ires?|iration|\.)?(?:\s*date)?)\s*[:.]?\s*([0-9/\-A-Za-z]{4,12})`)
	numberForm = regexp.MustCompile(`(?i)(?:\bdose\s*(?:#|no\.?|number)?\s*[:]?\s*(\d)\b(?:\s*(?:of|/)\s*\d)?|#\s?(\d)\b(?:\s*of\s*\d)?|\b(\d)(?:st|nd|rd|th)\s+dose\b|\b(first|second|third|fourth|fifth)\s+dose\b|\((\d)\s*(?:of|/)\s*\d\)|\b(\d)\s+of\s+\d\b)`)
	makerForm  = regexp.MustCompile(`(?i)(?:\b(?:mfr|mfg|manufacturer|manuf|maker|mvx)\s*[:.]?\s*([A-Za-z][A-Za-z .&]{1,30}?)(?:[,;|)]|\s{2,}|$|\s(?:lot|exp)\b)|\b(sanofi(?: pasteur)?|pfizer(?:[- ]biontech)?|moderna|merck(?: & co)?|glaxosmithkline|gsk|seqirus|novavax|janssen|johnson & johnson|astrazeneca|wyeth|medimmune|massbiologics|dynavax|bavarian nordic|valneva|emergent|novartis|csl)\b\.?)`)
	notGiven   = regexp.MustCompile(`(?i)\b(?:refused|declined|declines|deferred|contraindicated|not given|not administered|due|overdue|recommended|postponed|patient refusal|needs)\b`)
	shotNoise  = regexp.MustCompile(`(?i)\b(?:date(?:s)?(?: given)?|given(?: on)?|administered(?: on)?|received|completed|vaccine given|site|route|lot|exp(?:ires)?|on|by|vis|historical|immunization|last)\b\s*:?|[|]`)
)

var ordinals = map[string]string{"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5"}

// Shot reads one line: "Influenza, quadrivalent 10/12/2024 Lot U4567 L deltoid
// IM Sanofi". False where no name is left.
func (r Reader) Shot(text string) (Shot, bool) {
	s := Shot{Score: 1}
	rest := clean(text)
	if rest == "" || len(rest) > 250 {
		return s, false
	}
	s.NotGiven = notGiven.MatchString(rest)
	rest = take(rest, lotForm, &s.Lot)
	rest = r.takeExpiry(rest, &s)
	rest, s.Dates = r.cutDates(rest)
	rest = take(rest, numberForm, &s.Number)
	if n, ok := ordinals[strings.ToLower(s.Number)]; ok {
		s.Number = n
	}
	rest = take(rest, makerForm, &s.Maker)
	rest = take(rest, siteForm, &s.Site)
	rest = take(rest, routeForm, &s.Route)
	rest = notGiven.ReplaceAllString(shotNoise.ReplaceAllString(rest, " "), " ")
	s.Vaccine = tidyName(rest)
	if !hasLetter(s.Vaccine) || len(strings.Fields(s.Vaccine)) > 12 {
		return Shot{}, false
	}
	if len(s.Dates) == 0 {
		s.Score = 0.6
	}
	return s, true
}

// take moves the first group that matched into out and cuts the match from s.
func take(s string, re *regexp.Regexp, out *string) string {
	m := re.FindStringSubmatchIndex(s)
	if m == nil {
		return s
	}
	for i := 1; 2*i < len(m); i++ {
		if m[2*i] >= 0 {
			*out = strings.TrimSpace(s[m[2*i]:m[2*i+1]])
			break
		}
	}
	return strings.TrimSpace(s[:m[0]] + "  " + s[m[1]:])
}

func (r Reader) takeExpiry(s string, out *Shot) string {
	m := expireForm.FindStringSubmatchIndex(s)
	if m == nil {
		return s
	}
	dates := grammar.Dates{Now: r.Dates.Now} // an expiry lies ahead
	d, ok := dates.Parse(s[m[2]:m[3]])
	if !ok {
		return s
	}
	out.Expires = d.Value
	return s[:m[0]] + " " + s[m[1]:]
}

var (
	emptyBrackets = regexp.MustCompile(`\(\s*[,;:\-]*\s*\)|\[\s*\]`)
	danglers      = regexp.MustCompile(`\s+[,;:\-–]+(?:\s|$)|[,;:]+\s*[,;:\-–]+`)
)

// tidyName trims what cutting parts out left behind.
func tidyName(s string) string {
	s = emptyBrackets.ReplaceAllString(s, " ")
	s = danglers.ReplaceAllString(s, " ")
	s = strings.Join(strings.Fields(s), " ")
	return strings.Trim(s, " ,;:-–.|")
}

// Procedure is one line of a procedure or surgical history.
type Procedure struct {
	Name string
	// Date is the first date printed.
	Date grammar.Date
	// Performer is a name with a title or degree, as printed; Code a printed
	// CPT, HCPCS or ICD code.
	Performer, Code string
	// NotDone is true for planned, scheduled, declined or cancelled.
	NotDone bool
	Score   float64
}

var (
	performer  = regexp.MustCompile(`(?:\(|\b(?i:by|surgeon|performed by|provider|physician|with)\s*:?\s*)?\b((?:Dr\.?\s+[A-Z][A-Za-z'\-]+(?:\s+[A-Z][A-Za-z'\-]+)?)|(?:[A-Z][A-Za-z'\-]+\.?\s+(?:[A-Z]\.?\s+)?[A-Z][A-Za-z'\-]+,?\s+(?:MD|M\.D\.|DO|D\.O\.|DPM|NP|PA-C|PA|DDS)))\)?`)
	byName     = regexp.MustCompile(`\b(?i:by|surgeon:|performed by:?)\s+([A-Z][A-Za-z'\-]+(?:,?\s+[A-Z][A-Za-z'\-.]+){0,2})`)
	procCode   = regexp.MustCompile(`(?:\(|\b(?i:cpt|hcpcs|code)\s*[:#]?\s*)(\d{5}|[A-CEGHJ-V]\d{4}|\d{4}[FTU])\b\)?`)
	notDone    = regexp.MustCompile(`(?i)\b(?:scheduled|planned|plan|declined|refused|cancell?ed|deferred|recommended|due|to be|upcoming|pending|ordered|consider)\b`)
	procNoise  = regexp.MustCompile(`(?i)^(?:s/p|status post|history of|h/o|hx of|procedure|surgery|operation|past surgical history|psh|surgical history)\s*:?\s+|\b(?:date|performed|performed on|done|on|in|at age|surgeon|completed)\s*:?\s*$`)
	procDangle = regexp.MustCompile(`(?i)\s+(?:on|in|performed|done|by|date|performed on|completed|circa|approximately|about|~|since)\s*[,:]?(?:\s|$)`)
)

// Procedure reads one line: "Appendectomy 1998", "Colonoscopy (03/2021) by Dr.
// Smith", "s/p R total knee arthroplasty, 5/2019, CPT 27447".
func (r Reader) Procedure(text string) (Procedure, bool) {
	p := Procedure{Score: 1}
	rest := clean(text)
	if rest == "" || len(rest) > 250 {
		return p, false
	}
	p.NotDone = notDone.MatchString(rest)
	rest = take(rest, procCode, &p.Code)
	rest, dates := r.cutProcedureDates(rest)
	if len(dates) > 0 {
		p.Date = dates[0]
	}
	rest = take(rest, performer, &p.Performer)
	if p.Performer == "" {
		rest = take(rest, byName, &p.Performer)
	}
	p.Name = tidyName(procDangle.ReplaceAllString(procNoise.ReplaceAllString(tidyName(rest), " "), " "))
	p.Name = tidyName(procNoise.ReplaceAllString(p.Name, " "))
	if !hasLetter(p.Name) || len(strings.Fields(p.Name)) > 15 {
		return Procedure{}, false
	}
	if len(dates) == 0 {
		p.Score = 0.8
	}
	return p, true
}

var endYear = regexp.MustCompile(`[\s,(]((?:19|20)\d{2})\)?\s*$`)

// cutProcedureDates also takes a bare year at the end: "Appendectomy 1998".
func (r Reader) cutProcedureDates(s string) (string, []grammar.Date) {
	rest, dates := r.cutDates(s)
	if m := endYear.FindStringSubmatchIndex(rest); len(dates) == 0 && m != nil {
		if d, ok := r.Dates.Parse(rest[m[2]:m[3]]); ok {
			return rest[:m[0]], []grammar.Date{d}
		}
	}
	return rest, dates
}
