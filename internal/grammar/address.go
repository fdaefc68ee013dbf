package grammar

import (
	"regexp"
	"strings"
)

// Address is a postal address of the United States. Parts that are not printed
// are "".
type Address struct {
	// Lines are street, suite or box lines in printed order.
	Lines []string
	City  string
	// State is two letters where known, else as printed; PostalCode is
	// 12345 or 12345-6789.
	State, PostalCode string
	Score             float64
	Remark            string
}

// String is the address on one line.
func (a Address) String() string {
	s := strings.Join(a.Lines, ", ")
	tail := strings.TrimSpace(a.State + " " + a.PostalCode)
	for _, p := range []string{a.City, tail} {
		if p != "" {
			if s != "" {
				s += ", "
			}
			s += p
		}
	}
	return s
}

const zipDigit = `[0-9OolISB]`

var (
	cityLine   = regexp.MustCompile(`^(.*?)[,.]?\s+([A-Za-z][A-Za-z. ]*?)(?:[,.]?\s+|\s?[-–]\s?)(` + zipDigit + `{5})(?:\s?[-–]\s?(\d{4}))?(?:,?\s*(?:USA?|U\.S\.A\.|United States))?\s*$`)
	cityNoZip  = regexp.MustCompile(`^(.*?),\s*([A-Za-z. ]+?)\s*$`)
	streetForm = regexp.MustCompile(`(?i)^(?:\d{1,6}[A-Z]?(?:\s?[-/]\s?\d{1,4})?(?:\s+1/2)?\s+\S+|one\s+\S+|p\.?\s?o\.?\s*box\s+\S+|rr\s*\d+|hc\s*\d+|#\s?\d+|(?:apt|suite|ste|unit|floor|fl|room|rm|bldg|building|department|dept)\b)`)
	streetEnd  = regexp.MustCompile(`(?i)\b(?:st(?:reet)?|ave(?:nue)?|r(?:oa)?d|blvd|boulevard|dr(?:ive)?|ln|lane|ct|court|pl(?:ace)?|ter(?:race)?|way|cir(?:cle)?|pkwy|parkway|hwy|highway|sq(?:uare)?|trl|trail|loop|run|pike|plaza|plz|broadway|alley|row|crossing|xing|point|pt|route|rte|expy|walk)\b\.?`)
	unitTail   = regexp.MustCompile(`(?i)^,?\s*(?:[NSEW]{1,2}\b\.?\s*)?(?:,?\s*(?:apt|apartment|suite|ste|unit|floor|fl|room|rm|bldg|building|#|box)\b?\.?\s*#?\s*[A-Za-z0-9\-]+)?`)
)

// ParseAddress reads an address on one line or on several. It answers false
// where neither a street nor a city with state or ZIP is there.
func ParseAddress(text string) (Address, bool) {
	var a Address
	q := clean()
	lines := addressLines(text)
	if len(lines) == 0 || len(text) > 200 {
		return a, false
	}
	last := lines[len(lines)-1]
	rest, ok := a.cityPart(last, &q)
	if ok {
		lines = lines[:len(lines)-1]
		a.splitCity(rest)
	}
	a.Lines = append(lines, a.Lines...)
	street := false
	for _, l := range a.Lines {
		street = street || streetForm.MatchString(l)
	}
	switch {
	case !street && !ok:
		return Address{}, false
	case !street || !ok:
		q.lower(0.7, "")
	}
	if a.City == "" && ok {
		q.lower(0.8, "")
	}
	if !ok && !streetEnd.MatchString(strings.Join(a.Lines, " ")) {
		q.lower(0.6, RemarkUnlikely)
	}
	a.Score, a.Remark = q.score, q.remark
	return a, true
}

func addressLines(text string) []string {
	var out []string
	for _, l := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '|' || r == ';' || r == '•' }) {
		if l = strings.Trim(squeeze(l), " ,"); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// cityPart takes state and ZIP from the end of a line and returns what stands
// before them.
func (a *Address) cityPart(line string, q *quality) (rest string, ok bool) {
	if m := cityLine.FindStringSubmatch(" " + line); m != nil {
		head, state, ok := splitState(m[1] + " " + m[2])
		zip, repaired, zok := digits(m[3])
		if ok && zok {
			for range repaired {
				q.lower(0.75, RemarkRepaired)
			}
			a.State, a.PostalCode = state, zip
			if m[4] != "" {
				a.PostalCode += "-" + m[4]
			}
			return head, true
		}
	}
	if m := cityNoZip.FindStringSubmatch(line); m != nil {
		if st, ok := stateOf(m[2]); ok {
			a.State = st
			q.lower(0.9, "")
			return m[1], true
		}
	}
	return "", false
}

// splitState takes a state of one to three words from the end.
func splitState(s string) (head, state string, ok bool) {
	words := strings.Fields(s)
	for n := min(3, len(words)); n > 0; n-- {
		if st, ok := stateOf(strings.Join(words[len(words)-n:], " ")); ok {
			return strings.Trim(strings.Join(words[:len(words)-n], " "), " ,."), st, true
		}
	}
	return "", "", false
}

// splitCity parts "123 Main St Apt 4, Springfield" or, without a comma, after
// the word that ends a street.
func (a *Address) splitCity(rest string) {
	rest = strings.Trim(rest, " ,")
	if !streetForm.MatchString(rest) {
		if i := strings.LastIndex(rest, ","); i >= 0 {
			a.Lines, a.City = []string{strings.TrimSpace(rest[:i])}, strings.TrimSpace(rest[i+1:])
			return
		}
		a.City = rest
		return
	}
	if i := strings.LastIndex(rest, ","); i >= 0 && !streetForm.MatchString(strings.TrimSpace(rest[i+1:])) {
		a.Lines, a.City = splitLines(rest[:i]), strings.TrimSpace(rest[i+1:])
		return
	}
	ends := streetEnd.FindAllStringIndex(rest, -1)
	if len(ends) == 0 {
		a.Lines = splitLines(rest)
		return
	}
	at := ends[0][1]
	// "12 St Louis Ave": the first ending may be part of the name.
	if ends[0][0] <= strings.IndexByte(rest, ' ')+1 && len(ends) > 1 {
		at = ends[1][1]
	}
	at += len(unitTail.FindString(rest[at:]))
	a.Lines, a.City = splitLines(rest[:at]), strings.Trim(rest[at:], " ,.")
}

func splitLines(s string) []string {
	var out []string
	for _, l := range strings.Split(s, ",") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// stateOf returns the two letters of a state or territory by name or letters.
func stateOf(s string) (string, bool) {
	low := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), ".", ""))
	if code, ok := states[low]; ok {
		return code, true
	}
	if up := strings.ToUpper(low); len(up) == 2 && strings.Contains(stateCodes, " "+up+" ") {
		return up, true
	}
	return "", false
}

// State returns the two-letter code of a US state or territory as printed.
func State(text string) (string, bool) { return stateOf(strings.Trim(squeeze(text), ",")) }

const stateCodes = " AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU AS MP AE AP AA "

var states = map[string]string{
	"alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO", "connecticut": "CT", "delaware": "DE",
	"florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY",
	"louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO",
	"montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY",
	"north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI",
	"south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA",
	"west virginia": "WV", "wisconsin": "WI", "wyoming": "WY", "district of columbia": "DC", "puerto rico": "PR", "guam": "GU", "calif": "CA", "mass": "MA", "penn": "PA", "fla": "FL",
}
