package validate

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// primitive checks the format of a primitive value.
func (c *check) primitive(n *model.Node) {
	if want := jsonKind(n.Type.Name); n.Kind != want {
		c.report(Error, "structure", n, "%s is of type %s, so its value must be a JSON %s.", step(n), n.Type.Name, kindName(want))
		return
	}
	if n.Kind == model.String && n.Text == "" {
		c.report(Error, "value", n, "A string must not be empty.")
		return
	}
	if n.Name == "id" && n.Type.Name == "string" {
		c.elementID(n)
	}
	if problem := formatProblem(n); problem != "" {
		c.report(Error, "value", n, "This is no valid %s: %s.", n.Type.Name, problem)
	}
	if n.Elem.MaxLength > 0 && utf8.RuneCountInString(n.Text) > n.Elem.MaxLength {
		c.report(Error, "too-long", n, "At most %d characters are allowed here.", n.Elem.MaxLength)
	}
}

func jsonKind(typ string) model.Kind {
	switch typ {
	case "boolean":
		return model.Bool
	case "integer", "positiveInt", "unsignedInt", "decimal":
		return model.Number
	}
	return model.String
}

func kindName(k model.Kind) string {
	switch k {
	case model.Bool:
		return "true or false"
	case model.Number:
		return "number"
	}
	return "string"
}

// maxString is the greatest length of a string in FHIR, in bytes.
const maxString = 1 << 20

// formatProblem says what is wrong with the format of a primitive, "" where
// nothing is.
func formatProblem(n *model.Node) string {
	s := n.Text
	switch n.Type.Name {
	case "boolean":
		return ""
	case "integer":
		return integerProblem(s, "-2147483648")
	case "positiveInt":
		return integerProblem(s, "1")
	case "unsignedInt":
		return integerProblem(s, "0")
	case "decimal":
		return decimalProblem(s)
	case "string":
		if n.Name == "id" && n.Key() == "id" {
			return elementIDProblem(n)
		}
		return textProblem(s)
	case "markdown":
		if problem := markdownProblem(s); problem != "" {
			return problem
		}
		return textProblem(s)
	case "code":
		if n.Key() == "language" && n.Parent != nil && n.Parent.IsResource() {
			return languageProblem(s)
		}
		return codeProblem(s)
	case "id":
		return idProblem(s)
	case "uri", "url", "canonical":
		return uriProblem(s)
	case "oid":
		return oidProblem(s)
	case "uuid":
		return uuidProblem(s)
	case "base64Binary":
		return base64Problem(s)
	case "date", "dateTime", "instant", "time":
		return timeProblem(n.Type.Name, s)
	case "xhtml":
		return xhtmlProblem(s)
	}
	return ""
}

func integerProblem(s, least string) string {
	if strings.ContainsAny(s, ".eE") {
		return "it must be a whole number without point or exponent"
	}
	digits := strings.TrimPrefix(s, "-")
	negative := len(digits) < len(s)
	switch {
	case negative && digits == "0":
		return "zero has no sign"
	case !negative && digits == "0" && least == "1":
		return "it must be " + least + " or more"
	case negative && least != "-2147483648":
		return "it must be " + least + " or more"
	case len(digits) > 10 || len(digits) == 10 && digits > "2147483647" && !(negative && digits == "2147483648"):
		return "it must fit into 32 bits"
	}
	return ""
}

// maxDecimal is the number of characters of a decimal that FHIR's readers must
// cope with, with a margin.
const maxDecimal = 100

func decimalProblem(s string) string {
	if len(s) > maxDecimal {
		return "it has too many digits"
	}
	return ""
}

func textProblem(s string) string {
	if len(s) > maxString {
		return "it is longer than 1 MB"
	}
	blank := true
	for i := range len(s) {
		b := s[i]
		if b > ' ' {
			blank = false
		}
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			return "it holds a control character"
		}
	}
	if blank {
		return "it holds nothing but white space"
	}
	return ""
}

// markdownProblem finds HTML tags, which R4's markdown does not allow, at the
// very start of a text: further on a "<" may be a comparison or code.
func markdownProblem(s string) string {
	if len(s) > 1 && s[0] == '<' && (s[1] >= 'a' && s[1] <= 'z' || s[1] >= 'A' && s[1] <= 'Z') && strings.Contains(s, ">") && !strings.Contains(s[:strings.IndexByte(s, '>')], ":") {
		return "it starts with an HTML tag; write \\< for a plain <"
	}
	return ""
}

// codeProblem: no white space at the ends, single spaces within.
func codeProblem(s string) string {
	space := true
	for i := range len(s) {
		b := s[i]
		white := b == ' ' || b == '\t' || b == '\n' || b == '\r'
		if white && space {
			return "it has white space at its start or twice in a row"
		}
		space = white
	}
	if space {
		return "it has white space at its end"
	}
	return ""
}

// languageProblem checks the form of a BCP 47 tag.
func languageProblem(s string) string {
	for i, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 || i == 0 && len(part) < 2 && s[0] != 'x' && s[0] != 'i' || strings.Trim(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return "a language is a tag such as en or en-US"
		}
	}
	return ""
}

const maxID = 64

func idProblem(s string) string {
	if len(s) > maxID {
		return "it has more than 64 characters"
	}
	for i := range len(s) {
		b := s[i]
		if !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '.') {
			return "only letters, digits, '-' and '.' are allowed"
		}
	}
	return ""
}

// elementID: within a resource, no two elements have the same id. The ids of
// ElementDefinition stand in snapshot and differential.
func (c *check) elementID(n *model.Node) {
	if n.Parent != nil && n.Parent.Type != nil && n.Parent.Type.Name == "ElementDefinition" || c.silent > 0 {
		return
	}
	in := n.Resource()
	if c.ids[n.Text] == in {
		c.report(Error, "invariant", n, "Another element of the resource has the same id.")
	}
	if c.ids == nil {
		c.ids = map[string]*model.Node{}
	}
	c.ids[n.Text] = in
}

// elementIDProblem: ids of elements are strings without white space. Those of
// ElementDefinition are paths and may be long.
func elementIDProblem(n *model.Node) string {
	if strings.ContainsAny(n.Text, " \t\r\n") {
		return "the id of an element has no white space"
	}
	if len(n.Text) > maxID && n.Parent != nil && n.Parent.Type != nil && n.Parent.Type.Name != "ElementDefinition" {
		return "the id of an element has at most 64 characters"
	}
	return textProblem(n.Text)
}

func uriProblem(s string) string {
	if strings.ContainsAny(s, " \t\r\n") {
		return "it holds white space"
	}
	if uuid, ok := strings.CutPrefix(s, "urn:uuid:"); ok {
		return uuidForm(strings.SplitN(uuid, "#", 2)[0])
	}
	if oid, ok := strings.CutPrefix(s, "urn:oid:"); ok {
		return oidForm(oid)
	}
	return ""
}

func oidProblem(s string) string {
	oid, ok := strings.CutPrefix(s, "urn:oid:")
	if !ok {
		return "it must start with urn:oid:"
	}
	return oidForm(oid)
}

func oidForm(s string) string {
	if i := strings.IndexAny(s, "|#"); i >= 0 {
		s = s[:i]
	}
	arcs := strings.Split(s, ".")
	if len(arcs) < 2 || arcs[0] != "0" && arcs[0] != "1" && arcs[0] != "2" {
		return "an OID starts with 0, 1 or 2 and has at least two numbers"
	}
	for _, a := range arcs {
		if a == "" || strings.Trim(a, "0123456789") != "" || len(a) > 1 && a[0] == '0' {
			return "an OID is made of numbers without leading zeros, separated by points"
		}
	}
	return ""
}

func uuidProblem(s string) string {
	uuid, ok := strings.CutPrefix(s, "urn:uuid:")
	if !ok {
		return "it must start with urn:uuid:"
	}
	return uuidForm(uuid)
}

func uuidForm(s string) string {
	const form = "a UUID has the form 8-4-4-4-12 in hexadecimal digits"
	if len(s) != 36 {
		return form
	}
	for i := range len(s) {
		b := s[i]
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F'
		if dash != (b == '-') || !dash && !hex {
			return form
		}
	}
	return ""
}

func base64Problem(s string) string {
	digits, padding := 0, 0
	for i := range len(s) {
		b := s[i]
		switch {
		case b == ' ' || b == '\n' || b == '\r' || b == '\t':
		case b == '=':
			padding++
		case padding > 0 || !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '+' || b == '/'):
			return "it is not base64"
		default:
			digits++
		}
	}
	if padding > 2 || (digits+padding)%4 != 0 {
		return "its length is not that of base64"
	}
	return ""
}

func timeProblem(typ, s string) string {
	switch typ {
	case "date":
		return dateProblem(s)
	case "time":
		return clockProblem(s)
	}
	date, clock, timed := strings.Cut(s, "T")
	if problem := dateProblem(date); problem != "" {
		return problem
	}
	if !timed {
		if typ == "instant" {
			return "it must have date, time and time zone"
		}
		return ""
	}
	if len(date) != 10 {
		return "a time needs the full date before it"
	}
	return zonedProblem(clock)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func dateProblem(s string) string {
	const form = "a date has the form YYYY, YYYY-MM or YYYY-MM-DD"
	layout := "2006-01-02"
	switch len(s) {
	case 4, 7, 10:
		layout = layout[:len(s)]
	default:
		return form
	}
	for i := range len(s) {
		if (i == 4 || i == 7) != (s[i] == '-') || i != 4 && i != 7 && (s[i] < '0' || s[i] > '9') {
			return form
		}
	}
	if _, err := time.Parse(layout, s); err != nil || s[:4] == "0000" {
		return "there is no such day in the calendar"
	}
	return ""
}

func zonedProblem(s string) string {
	const form = "a date with a time needs a time zone: Z or +hh:mm"
	if rest, ok := strings.CutSuffix(s, "Z"); ok {
		return clockProblem(rest)
	}
	if len(s) < 6 {
		return form
	}
	zone := s[len(s)-6:]
	if zone[0] != '+' && zone[0] != '-' || zone[3] != ':' || !digits(zone[1:3]) || !digits(zone[4:]) || zone[1:3] > "14" || zone[4:] > "59" {
		return form
	}
	return clockProblem(s[:len(s)-6])
}

func clockProblem(s string) string {
	const form = "a time has the form hh:mm:ss, with a fraction of the second if needed"
	if len(s) < 8 || s[2] != ':' || s[5] != ':' || !digits(s[:2]) || !digits(s[3:5]) || !digits(s[6:8]) {
		return form
	}
	if s[:2] > "23" || s[3:5] > "59" || s[6:8] > "60" {
		return "there is no such time of day"
	}
	if len(s) > 8 && (s[8] != '.' || !digits(s[9:])) {
		return form
	}
	return ""
}
