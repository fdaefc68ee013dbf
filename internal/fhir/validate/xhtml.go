package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// The elements and attributes that a narrative may have: those of chapters 7 to
// 11 (except 9.4 section 4) and 15 of HTML 4.0, a, img and style, by R4's
// narrative page.
var htmlElements = words("a abbr acronym address b big blockquote br caption cite code col colgroup dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q samp small span strike strong style sub sup table tbody td tfoot th thead tr tt u ul var")
var htmlAttributes = words("abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset cite class clear color colspan compact coords datetime dir frame halign headers height href hreflang hspace id lang longdesc name noshade nowrap rel rev rowspan rules scope shape size span src start style summary tabindex title type usemap valign value vspace width xml:lang xmlns xml:space xml:id")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

func (c *check) narrative(n *model.Node) {
	div := n.Get("div")
	if div == nil || div.Kind != model.String || c.opts.Level != Strict {
		return
	}
	if !hasContent(div.Text) {
		c.report(Error, "invariant", div, "The narrative must have some text or an image.")
	}
}

// hasContent reports whether there is anything besides tags and white space.
func hasContent(s string) bool {
	inTag := false
	for i := range len(s) {
		switch b := s[i]; {
		case b == '<':
			inTag = true
			if strings.HasPrefix(s[i:], "<img") {
				return true
			}
		case b == '>':
			inTag = false
		case !inTag && b > ' ':
			return true
		}
	}
	return false
}

const maxHTMLDepth = 200

// xhtmlProblem checks that the text is one well-formed div of allowed elements.
func xhtmlProblem(s string) string {
	rest := strings.TrimSpace(s)
	if !strings.HasPrefix(rest, "<div") && !strings.Contains(rest[:min(len(rest), 5)], ":") {
		return "it must be a div element"
	}
	var open []string
	for {
		at := strings.IndexByte(rest, '<')
		if at < 0 {
			at = len(rest)
		}
		if problem := entityProblem(rest[:at]); problem != "" {
			return problem
		}
		if at == len(rest) {
			break
		}
		rest = rest[at:]
		if done, ok := skipComment(rest); ok {
			rest = done
			continue
		}
		t, after, problem := readTag(rest)
		if problem != "" {
			return problem
		}
		rest = after
		switch {
		case t.closing && (len(open) == 0 || open[len(open)-1] != t.name):
			return "the tags are not nested properly"
		case t.closing:
			if open = open[:len(open)-1]; len(open) == 0 && strings.TrimSpace(rest) != "" {
				return "something follows the div element"
			}
		case !t.empty:
			open = append(open, t.name)
		}
		if len(open) > maxHTMLDepth {
			return "the tags are nested too deep"
		}
	}
	if len(open) > 0 {
		return "a tag is not closed"
	}
	return ""
}

func skipComment(s string) (string, bool) {
	if !strings.HasPrefix(s, "<!--") {
		return s, false
	}
	_, after, ok := strings.Cut(s[4:], "-->")
	return after, ok
}

type tag struct {
	name           string
	closing, empty bool
}

// readTag reads one tag and checks its name and attributes.
func readTag(s string) (t tag, rest, problem string) {
	i := 1
	if strings.HasPrefix(s, "</") {
		t.closing, i = true, 2
	}
	start := i
	for i < len(s) && isNameByte(s[i]) {
		i++
	}
	t.name = s[start:i]
	local := t.name[strings.LastIndexByte(t.name, ':')+1:]
	if !htmlElements[local] {
		return t, "", "the element <" + clip(t.name) + "> is not allowed in a narrative"
	}
	for {
		for i < len(s) && s[i] <= ' ' {
			i++
		}
		switch {
		case i == len(s):
			return t, "", "a tag has no end"
		case s[i] == '>':
			return t, s[i+1:], ""
		case strings.HasPrefix(s[i:], "/>"):
			t.empty = true
			return t, s[i+2:], ""
		}
		if i, problem = readAttribute(s, i); problem != "" {
			return t, "", problem
		}
	}
}

func readAttribute(s string, i int) (int, string) {
	start := i
	for i < len(s) && isNameByte(s[i]) {
		i++
	}
	name := s[start:i]
	if !htmlAttributes[name] && !strings.HasPrefix(name, "xmlns:") {
		return i, "the attribute " + clip(name) + " is not allowed in a narrative"
	}
	for i < len(s) && s[i] <= ' ' {
		i++
	}
	if i+1 >= len(s) || s[i] != '=' {
		return i, "an attribute has no value"
	}
	for i++; i < len(s) && s[i] <= ' '; i++ {
	}
	if i == len(s) || s[i] != '"' && s[i] != '\'' {
		return i, "the value of an attribute is not in quotes"
	}
	end := strings.IndexByte(s[i+1:], s[i])
	if end < 0 {
		return i, "the value of an attribute has no end"
	}
	value := s[i+1 : i+1+end]
	if (name == "href" || name == "src") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(value)), "javascript:") {
		return i, "a link must not run a script"
	}
	return i + end + 2, ""
}

func isNameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == ':' || b == '-' || b == '_'
}

func clip(s string) string { return s[:min(len(s), 40)] }

// entityProblem finds ampersands that start no entity.
func entityProblem(s string) string {
	for {
		at := strings.IndexByte(s, '&')
		if at < 0 {
			return ""
		}
		s = s[at+1:]
		end := strings.IndexByte(s, ';')
		if end < 1 || end > 32 || strings.ContainsAny(s[:end], " \t\r\n&<") {
			return "an ampersand starts no entity"
		}
	}
}
