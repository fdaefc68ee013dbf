package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// narratives reads the fields that hold a section's text whole. Where several
// sections say the same, as HPI and hospital course, the first in the file has
// the field.
func (r *reader) narratives() {
	for i := range r.chunks {
		c := &r.chunks[i]
		field := narrative[c.sec]
		if field == "" || c.title.empty() || c.rest {
			continue
		}
		p := r.textOf(c)
		if c.sec == secExam {
			p = r.withoutFigures(p)
		}
		if ss := sentences(p); c.sec == secDisposition && len(ss) > 0 {
			p = ss[0]
		}
		if c.sec == secReason {
			p = withoutLead(p)
		}
		if len(p.text) < 2 || len(p.text) > 6000 {
			continue
		}
		m := &meaning{weight: 1}
		if c.sec == secCourse {
			m.weight = 0.8
		}
		l := labelled{label: c.title, means: m, closeness: c.sure, bond: 0.85, order: r.order(c.title)}
		v := from(p, p.text)
		v.sig.Numeric = 0
		v.sig.Grammar = plainText(p.text)
		// A long text is as right as its words are on the whole.
		v.sig.OCR = max(v.sig.OCR, v.sig.Print-0.1)
		r.offer(l, field, v)
	}
}

// seenFor is how a print-out for patients begins the reason of a visit.
var seenFor = regexp.MustCompile(`(?i)^(?:you|the patient|patient|pt)\s+(?:were|was|is|are)\s+(?:seen|here|evaluated|treated)\s+(?:today\s+)?(?:for|because of|due to)\s+`)

// leadNumber begins the first of several reasons.
var leadNumber = regexp.MustCompile(`^\(?1[.)]\s+`)

// withoutLead is a reason for a visit without the words that only say that it is
// one.
func withoutLead(p passage) passage {
	if n := len(leadNumber.FindString(p.text)); n > 0 {
		p = p.sub(n, len(p.text))
	}
	if lead := seenFor.FindString(p.text); lead != "" {
		return p.sub(len(lead), len(p.text)).trim(" .")
	}
	return p
}

// textOf is the text of a chunk's paragraphs; tables are not text.
func (r *reader) textOf(c *chunk) passage {
	var ps []passage
	for _, p := range c.parts {
		for _, l := range p.lines {
			if r.endsText(l.passage) {
				return join(ps...).trim(" ")
			}
			if !pageNumber.MatchString(l.text) && !r.unticked(l.passage) {
				ps = append(ps, l.passage)
			}
		}
	}
	return join(ps...).trim(" ")
}

var signature = regexp.MustCompile(`(?i)^\W*(?:electronically |digitally )?(?:signed|e-?signed|signature|authenticated|dictated|transcribed|approved|attested|reviewed and signed)\b|^\W*(?:d|t|cc|dd|dt):\s`)

// endsText tells whether a line closes a narrative: a signature, or another
// label.
func (r *reader) endsText(p passage) bool {
	if signature.MatchString(p.text) {
		return true
	}
	if n, _, ok := personIn(p.before("NPI")); ok && len(n.Credentials) > 0 && n.Score > 0.7 {
		return true
	}
	i := strings.IndexByte(p.text, ':')
	return i > 1 && i < 40 && r.isLabel(p.text[:i])
}

// before is the passage up to a word.
func (p passage) before(word string) passage {
	if i := strings.Index(p.text, " "+word); i > 0 {
		return p.sub(0, i)
	}
	return p
}

// withoutFigures leaves out the sentences that are vital signs or results, which
// have fields of their own.
func (r *reader) withoutFigures(p passage) passage {
	var keep []passage
	for _, s := range p.split(func(s string, i int) bool { return s[i] == ' ' && i > 0 && s[i-1] == '.' && endsSentence(s, i-1) }) {
		covered := 0
		for _, v := range grammar.FindVitals(s.text) {
			covered += v.Len()
		}
		if 2*covered > len(s.text) || len(r.scanLabs(s, around{})) > 0 && digits(s.text) > 1 {
			continue
		}
		keep = append(keep, s)
	}
	return join(keep...)
}

// smoking reads a smoking status.
func smoking(text string) string {
	low := " " + strings.Join(labelWords(text), " ") + " "
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(low, " "+w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("never", "non smoker", "nonsmoker", "denies", "no tobacco", "does not smoke", "lifelong non", "none", "no smoking") || low == " no ":
		return "never"
	case has("former", "quit", "ex smoker", "exsmoker", "stopped", "past", "previous", "prior"):
		return "former"
	case has("current", "every day", "some day", "daily", "ppd", "pack", "smokes", "smoker", "yes", "cigarettes", "active"):
		return "current"
	case has("unknown", "not assessed", "not asked"):
		return "unknown"
	}
	return ""
}
