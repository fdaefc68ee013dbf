package grammar

import (
	"regexp"
	"strings"
)

// Phone is a North American telephone number.
type Phone struct {
	Span
	// Digits are the ten digits; Extension the printed extension or "".
	Digits, Extension string
	Score             float64
	Remark            string
}

// String is the number as (555) 123-4567 x89.
func (p Phone) String() string {
	if len(p.Digits) != 10 {
		return p.Digits
	}
	s := "(" + p.Digits[:3] + ") " + p.Digits[3:6] + "-" + p.Digits[6:]
	if p.Extension != "" {
		s += " x" + p.Extension
	}
	return s
}

const phoneDigit = `[0-9OolI|SB]`

var phoneForm = regexp.MustCompile(`(?:\+?1[-. ]?)?(?:[(\[{]\s?(` + phoneDigit + `{3})\s?[)\]}][-. /]*|(` + phoneDigit + `{3})(?:\s?[-./]\s?|\s)|(\d{3}))(` + phoneDigit + `{3})(?:\s?[-.–]\s?|\s)?(` + phoneDigit + `{4})(?:\s*(?:,\s*)?(?i:ext\.?|x|extension|#)\s?:?(\d{1,6}))?`)

// ParsePhone reads a text that is one phone or fax number.
func ParsePhone(text string) (Phone, bool) {
	for _, p := range FindPhones(text) {
		if onlyPunct(text[:p.Start]) && onlyPunct(text[p.End:]) {
			return p, true
		}
	}
	return Phone{}, false
}

// FindPhones returns the phone numbers of a text. Area code and exchange can't
// begin with 0 or 1; 555-01xx and the like pass.
func FindPhones(text string) []Phone {
	var out []Phone
	for at := 0; at < len(text); {
		m := phoneForm.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += at
			}
		}
		p, ok := phoneAt(text, m)
		if !ok {
			at = m[0] + 1
			continue
		}
		out = append(out, p)
		at = p.End
	}
	return out
}

func phoneAt(text string, m []int) (Phone, bool) {
	if m[0] > 0 && (isAlnum(text[m[0]-1]) || text[m[0]-1] == '-') || m[1] < len(text) && isAlnum(text[m[1]]) {
		return Phone{}, false
	}
	raw := ""
	for _, g := range []int{1, 2, 3, 4, 5} {
		if m[2*g] >= 0 {
			raw += text[m[2*g]:m[2*g+1]]
		}
	}
	d, repaired, ok := digits(raw)
	if !ok || len(d) != 10 || repaired > 3 || d[0] < '2' || d[3] < '2' {
		return Phone{}, false
	}
	q := clean()
	for range repaired {
		q.lower(0.75, RemarkRepaired)
	}
	if !strings.ContainsAny(text[m[0]:m[1]], "-.()/ ") {
		q.lower(0.6, "") // ten bare digits are as often a record number
	}
	p := Phone{Span: Span{m[0], m[1]}, Digits: d, Score: q.score, Remark: q.remark}
	if m[12] >= 0 {
		p.Extension = text[m[12]:m[13]]
	}
	return p, true
}

var emailForm = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}\s?@\s?[A-Za-z0-9][A-Za-z0-9\-]*(?:\s?\.\s?[A-Za-z0-9\-]+)*\s?[.,]\s?[A-Za-z]{2,10}\b`)

// FindEmails returns the e-mail addresses of a text. Spaces that OCR put
// around @ and points are taken out and remarked on.
func FindEmails(text string) []Found {
	var out []Found
	for _, m := range emailForm.FindAllStringIndex(text, -1) {
		raw := text[m[0]:m[1]]
		v := strings.ReplaceAll(strings.Join(strings.Fields(raw), ""), ",", ".")
		f := Found{Span: Span{m[0], m[1]}, Value: v, Score: 1}
		if v != raw {
			f.Repaired, f.Score, f.Remark = true, 0.7, RemarkRepaired
		}
		out = append(out, f)
	}
	return out
}
