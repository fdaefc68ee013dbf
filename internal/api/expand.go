package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/codes"
	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
	"github.com/paperchart/paperchart/internal/terms"
)

// maxExpansion is the most codes that one page of an expansion holds, and
// maxFound the most that a search in a large vocabulary gives.
const (
	maxExpansion = 5000
	maxFound     = 200
)

// expand is ValueSet/$expand: of a value set by its URL, of a stored one by its
// id, or of one that is sent.
func (a *API) expand(r *http.Request) (answer, error) {
	t, g, err := a.asking(r)
	if err != nil {
		return answer{}, err
	}
	set, err := t.setGiven(r, g)
	if err != nil {
		return answer{}, err
	}
	filter := strings.TrimSpace(g.text("filter"))
	all, err := t.members(set, filter)
	if err != nil {
		return answer{}, err
	}
	from, limit, err := window(g)
	if err != nil {
		return answer{}, err
	}
	total := len(all)
	all = all[min(from, total):]
	if limit < 0 && len(all) > maxExpansion {
		return answer{}, &store.Error{Code: store.TooCostly, Message: "the value set has " + strconv.Itoa(total) + " codes: ask for them by filter, or by count and offset"}
	}
	if limit < 0 || limit > maxExpansion {
		limit = maxExpansion
	}
	return a.expansion(set, g, all[:min(limit, len(all))], total, from)
}

// window is the part of the expansion that is asked for; -1 for all of it.
func window(g given) (from, limit int, err error) {
	limit = -1
	for name, p := range map[string]*int{"offset": &from, "count": &limit} {
		if g[name] == nil {
			continue
		}
		n, err := strconv.Atoi(g.text(name))
		if err != nil || n < 0 {
			return 0, 0, invalid(name + " is a whole number from 0")
		}
		*p = n
	}
	return from, limit, nil
}

func (a *API) expansion(set *valueSet, g given, shown []coded, total, from int) (answer, error) {
	contains := make([]object, 0, len(shown))
	for _, c := range shown {
		one := object{"system": c.system, "code": c.code}
		if c.display != "" {
			one["display"] = c.display
		}
		if c.version != "" {
			one["version"] = c.version
		}
		contains = append(contains, one)
	}
	e := object{"timestamp": store.FormatTime(a.Now()), "total": total, "contains": contains}
	if from > 0 || g["offset"] != nil {
		e["offset"] = from
	}
	var used []object
	for _, name := range []string{"filter", "count", "offset"} {
		if v := g.text(name); v != "" {
			kind := "valueInteger"
			if name == "filter" {
				used = append(used, object{"name": name, "valueString": v})
				continue
			}
			n, _ := strconv.Atoi(v)
			used = append(used, object{"name": name, kind: n})
		}
	}
	if used != nil {
		e["parameter"] = used
	}
	if len(contains) == 0 {
		delete(e, "contains")
	}
	out := object{"resourceType": "ValueSet", "status": "active", "expansion": e}
	for name, v := range map[string]string{"url": set.url, "version": set.version, "title": set.title} {
		if v != "" {
			out[name] = v
		}
	}
	return a.made(out)
}

// members are the codes of a set that the filter's words are in.
func (t *terminology) members(set *valueSet, filter string) ([]coded, error) {
	var all []coded
	for _, p := range set.parts {
		part, searched, err := t.membersOf(p, filter)
		if err != nil {
			return nil, err
		}
		for _, c := range part {
			if d := set.displays[[2]string{c.system, c.code}]; d != "" {
				c.display = d
			}
			if searched || matches(c, filter) {
				all = append(all, c)
			}
		}
	}
	return slices.DeleteFunc(all, set.excludes), nil
}

// membersOf are the codes of one part; searched says that the filter has been
// used on them already, synonyms included.
func (t *terminology) membersOf(p codes.Part, filter string) (all []coded, searched bool, err error) {
	s, err := t.system(p.System)
	switch {
	case err != nil:
		return nil, false, err
	case p.Open, p.Whole && s == nil:
		all, err = t.search(p.System, filter)
		return all, true, err
	case p.Whole:
		all = make([]coded, len(s.Concepts))
		for i, c := range s.Concepts {
			all[i] = coded{system: p.System, code: c.Code, display: c.Display}
		}
		return all, false, nil
	}
	for _, code := range p.Codes {
		c, found, err := t.find(p.System, code)
		if err != nil {
			return nil, false, err
		}
		if !found {
			c = coded{system: p.System, code: code}
		}
		c.version = ""
		all = append(all, c)
	}
	return all, false, nil
}

// search finds codes of a system that is too large to list, by words.
func (t *terminology) search(system, filter string) ([]coded, error) {
	if e, err := t.extent(system); err != nil || e == unloaded {
		if err == nil {
			err = &store.Error{Code: store.NotSupported, Message: "the value set has codes of a system that is not loaded here: " + limit(system)}
		}
		return nil, err
	}
	if filter == "" || t.a.Terms == nil {
		return nil, &store.Error{Code: store.TooCostly, Message: "the value set is too large to list: ask for a part of it by filter"}
	}
	var all []coded
	seen := map[string]bool{}
	for d := terms.Diagnosis; d <= terms.DoseForm; d++ {
		for _, m := range t.a.Terms.Search(d, filter, maxFound) {
			for _, c := range m.Concept.Codings {
				if c.System != system || seen[c.Code] {
					continue
				}
				seen[c.Code] = true
				if known, ok := t.a.Terms.Code(c.System, c.Code); ok {
					c = known
				}
				all = append(all, coded{system: system, code: c.Code, display: c.Display})
			}
		}
	}
	return all, nil
}

// matches reports whether every word of the filter begins a word of the display
// or the code.
func matches(c coded, filter string) bool {
	words := strings.FieldsFunc(strings.ToLower(c.display+" "+c.code), apart)
	for want := range strings.FieldsFuncSeq(strings.ToLower(filter), apart) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, want) }) {
			return false
		}
	}
	return true
}

func apart(r rune) bool { return strings.ContainsRune(" \t-_/.,;:()[]{}'\"", r) }

// validateIn is ValueSet/$validate-code.
func (a *API) validateIn(r *http.Request) (answer, error) {
	t, g, err := a.asking(r)
	if err != nil {
		return answer{}, err
	}
	set, err := t.setGiven(r, g)
	if err != nil {
		return answer{}, err
	}
	asked := codesGiven(g, "system")
	if len(asked) == 0 {
		return answer{}, invalid("$validate-code needs a system and a code, a coding, or a codeableConcept")
	}
	var first verdict
	for i, c := range asked {
		v, err := t.judgeIn(set, c)
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

// judgeIn holds a code against a value set; one without a system is looked for in
// all of the set's.
func (t *terminology) judgeIn(set *valueSet, c coded) (verdict, error) {
	unsure := false
	for _, p := range set.parts {
		if p.System == "" || c.system != "" && p.System != c.system {
			unsure = unsure || p.System == ""
			continue
		}
		asked := coded{system: p.System, code: c.code, display: c.display}
		if set.excludes(asked) || !p.Open && !p.Whole && !p.Has(c.code) {
			continue
		}
		known, found, err := t.find(p.System, c.code)
		if err != nil {
			return verdict{}, err
		}
		switch e, err := t.extent(p.System); {
		case err != nil:
			return verdict{}, err
		case found, !p.Open && !p.Whole:
			if d := set.displays[[2]string{p.System, c.code}]; d != "" {
				known.display = d
			}
			if p.Open {
				// The system has it; whether the set does, only its own rules tell.
				unsure = true
				continue
			}
			return shown(c, known), nil
		default:
			unsure = unsure || e != complete
		}
	}
	if unsure {
		return verdict{}, &store.Error{Code: store.NotSupported, Message: "whether the value set has the code can't be told from what is loaded here"}
	}
	return verdict{message: "the value set does not have the code"}, nil
}

// valueSet is a set as operations need it.
type valueSet struct {
	url, version, title string
	parts, without      []codes.Part
	displays            map[[2]string]string
}

func (v *valueSet) excludes(c coded) bool {
	return slices.ContainsFunc(v.without, func(p codes.Part) bool { return p.System == c.system && (p.Whole || p.Has(c.code)) })
}

var errNoSet = &store.Error{Code: store.NotFound, Message: "the value set is not known here"}

// setGiven is the set that an operation is about.
func (t *terminology) setGiven(r *http.Request, g given) (*valueSet, error) {
	if id := r.PathValue("id"); id != "" {
		res, err := t.a.Store.Read(t.ctx, "ValueSet", id)
		if err != nil {
			return nil, err
		}
		doc, err := model.Parse(res.Body, model.Limits{})
		if err != nil {
			return nil, err
		}
		return t.composed(doc.Root, 0)
	}
	if n := g.part("valueSet"); n != nil {
		return t.composed(n, 0)
	}
	url := g.text("url")
	if url == "" {
		return nil, invalid("the operation needs the url of a value set, or the valueSet itself")
	}
	if v := g.text("valueSetVersion"); v != "" && !strings.Contains(url, "|") {
		url += "|" + v
	}
	return t.set(url, 0)
}
