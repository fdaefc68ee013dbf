package extract

import "strings"

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

// textOf is the text of a chunk's paragraphs; tables are not text.
func (r *reader) textOf(c *chunk) passage {
	var ps []passage
	for _, p := range c.parts {
		for _, l := range p.lines {
			ps = append(ps, l.passage)
		}
	}
	return join(ps...).trim(" ")
}

// habit reads a statement on tobacco, alcohol or drugs.
func (r *reader) habit(l labelled) {
	field := string(l.means.concept)
	p := l.value
	c := from(p, p.text)
	c.sig.Numeric = 0
	if field == "smoking_status" {
		v := smoking(p.text)
		if v == "" {
			return
		}
		c.value, c.sig.Vocabulary = v, 1
	}
	r.offer(l, field, c)
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
