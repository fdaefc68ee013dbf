package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// lookup is CodeSystem/$lookup: what is known of a code.
func (a *API) lookup(r *http.Request) (answer, error) {
	t, g, err := a.asking(r)
	if err != nil {
		return answer{}, err
	}
	want := codeGiven(g, "system")
	if want.system == "" || want.code == "" {
		return answer{}, invalid("$lookup needs a system and a code, or a coding")
	}
	c, found, err := t.find(want.system, want.code)
	if err != nil {
		return answer{}, err
	}
	if !found || want.version != "" && c.version != "" && want.version != c.version {
		return answer{}, t.unknown(want)
	}
	var out parameters
	out.add("name", "String", t.title(c.system))
	out.add("version", "String", c.version)
	display := c.display
	if display == "" {
		display = c.code
	}
	out.add("display", "String", display)
	if s, err := t.system(c.system); err == nil && s != nil {
		for _, p := range s.Parents(c.code) {
			out = append(out, property("parent", p))
		}
		for _, p := range s.Children(c.code) {
			out = append(out, property("child", p))
		}
	}
	return out.answer()
}

func property(name, code string) object {
	return object{"name": "property", "part": []object{{"name": "code", "valueCode": name}, {"name": "value", "valueCode": code}}}
}

// asking is what every terminology operation begins with.
func (a *API) asking(r *http.Request) (*terminology, given, error) {
	g, err := a.operationParams(r)
	if err != nil {
		return nil, nil, err
	}
	t, err := a.terminology(r.Context())
	return t, g, err
}

// codeGiven is the code that an operation asks about: a Coding, or parameters of
// their own, the system's name being that of the operation.
func codeGiven(g given, system string) coded {
	if c := g.part("coding"); c != nil {
		return codingOf(c)
	}
	version := g.text("version")
	if v := g.text("systemVersion"); v != "" || system == "system" && g["valueSetVersion"] != nil {
		version = v
	}
	return coded{system: g.text(system), code: g.text("code"), display: g.text("display"), version: version}
}

func codingOf(n *model.Node) coded {
	return coded{system: n.Str("system"), code: n.Str("code"), display: n.Str("display"), version: n.Str("version")}
}

// unknown says why a code is not found, as far as that can be said.
func (t *terminology) unknown(c coded) error {
	e, err := t.extent(c.system)
	if err != nil {
		return err
	}
	text := map[extent]string{
		unloaded: "the code system is not loaded here",
		partial:  "the code is not known here; only a part of its code system is loaded",
		complete: "the code system has no such code",
	}[e]
	return &store.Error{Code: store.NotFound, Message: text}
}

// subsumes is CodeSystem/$subsumes.
func (a *API) subsumes(r *http.Request) (answer, error) {
	t, g, err := a.asking(r)
	if err != nil {
		return answer{}, err
	}
	one, two := coded{system: g.text("system"), code: g.text("codeA")}, coded{system: g.text("system"), code: g.text("codeB")}
	if n := g.part("codingA"); n != nil {
		one = codingOf(n)
	}
	if n := g.part("codingB"); n != nil {
		two = codingOf(n)
	}
	if one.system == "" || one.code == "" || two.code == "" || one.system != two.system {
		return answer{}, invalid("$subsumes needs a system and two codes of it")
	}
	for _, c := range []coded{one, two} {
		if _, found, err := t.find(c.system, c.code); err != nil {
			return answer{}, err
		} else if !found {
			return answer{}, t.unknown(c)
		}
	}
	s, err := t.system(one.system)
	if err != nil {
		return answer{}, err
	}
	said := "not-subsumed"
	switch {
	case one.code == two.code:
		said = "equivalent"
	case s == nil:
		return answer{}, &store.Error{Code: store.NotSupported, Message: "the hierarchy of the code system is not loaded here"}
	case slices.Contains(s.Below(one.code), two.code):
		said = "subsumes"
	case slices.Contains(s.Below(two.code), one.code):
		said = "subsumed-by"
	}
	var out parameters
	out.add("outcome", "Code", said)
	return out.answer()
}

// validateCode is CodeSystem/$validate-code.
func (a *API) validateCode(r *http.Request) (answer, error) {
	t, g, err := a.asking(r)
	if err != nil {
		return answer{}, err
	}
	asked := codesGiven(g, "url")
	if len(asked) == 0 {
		return answer{}, invalid("$validate-code needs a url and a code, a coding, or a codeableConcept")
	}
	var first verdict
	for i, c := range asked {
		if c.system == "" {
			return answer{}, invalid("$validate-code needs the url of the code system")
		}
		v, err := t.judge(c)
		if err != nil {
			return answer{}, err
		}
		if v.good {
			return v.answer()
		}
		if i == 0 {
			first = v
		}
	}
	return first.answer()
}

// codesGiven are all codes asked about: one, or those of a CodeableConcept.
func codesGiven(g given, system string) []coded {
	if n := g.part("codeableConcept"); n != nil {
		var all []coded
		if list := n.Get("coding"); list != nil && list.Kind == model.Array {
			for c := list.First; c != nil; c = c.Next {
				all = append(all, codingOf(c))
			}
		}
		return all
	}
	if c := codeGiven(g, system); c.code != "" {
		if c.system == "" {
			c.system = g.text(system)
		}
		return []coded{c}
	}
	return nil
}

// verdict is the answer of $validate-code.
type verdict struct {
	good    bool
	message string
	display string
}

func (v verdict) answer() (answer, error) {
	var out parameters
	out.add("result", "Boolean", v.good)
	out.add("message", "String", v.message)
	out.add("display", "String", v.display)
	return out.answer()
}

// judge holds a code and its display against its system.
func (t *terminology) judge(c coded) (verdict, error) {
	known, found, err := t.find(c.system, c.code)
	if err != nil {
		return verdict{}, err
	}
	if !found {
		if e, err := t.extent(c.system); err != nil || e == unloaded {
			return verdict{}, t.unknown(c)
		}
		return verdict{message: t.unknown(c).Error()}, nil
	}
	return shown(c, known), nil
}

// shown holds a display against the right one: another display is another
// meaning, so the answer is no.
func shown(asked, known coded) verdict {
	if asked.display != "" && known.display != "" && !strings.EqualFold(strings.Join(strings.Fields(asked.display), " "), known.display) {
		return verdict{message: "the code is right, and its display is another", display: known.display}
	}
	return verdict{good: true, display: known.display}
}
