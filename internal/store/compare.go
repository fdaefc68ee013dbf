package store

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// escaper makes one value of a text, for parameters whose values are lists.
var escaper = strings.NewReplacer(`\`, `\\`, `,`, `\,`)

// systemNames are the code systems that filters may call by a short name.
var systemNames = map[string]string{"loinc": "http://loinc.org", "snomed": "http://snomed.info/sct", "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm", "ucum": ucumSystem}

// compare is one comparison of a filter: the operators of R4
// search_filter.html#ops, by what the last parameter of the path is.
func (b *builder) compare(typ, path, op, value string) (cond, error) {
	def := b.lastOf(typ, path)
	kind := ""
	if def != nil {
		kind = def.Type
	}
	if system, code, ok := strings.Cut(value, "|"); ok && systemNames[system] != "" && (kind == "token" || kind == "quantity") {
		value = systemNames[system] + "|" + code
	}
	words := strings.HasSuffix(path, "_text") || strings.HasSuffix(path, "_content")
	value = escaper.Replace(value)
	ask := func(modifier, value string) (cond, error) { return b.clause(typ, Param{path + modifier, value}) }
	switch {
	case op == "pr" && (value == "true" || value == "false"):
		return ask(":missing", map[string]string{"true": "false", "false": "true"}[value])
	case words && (op == "eq" || op == "co" || op == "sw"):
		return ask("", value)
	case kind == "string" && stringOps[op] != "":
		return ask(":"+stringOps[op], value)
	case op == "eq" && kind != "string", op == "re" && kind == "reference":
		return ask("", value)
	case op == "ne" && (kind == "date" || kind == "number" || kind == "quantity"):
		return ask("", "ne"+value)
	case op == "ne" && kind == "token":
		return ask(":"+otherModifier, value)
	case op == "ne":
		return b.unequal(ask, value, kind)
	case kind == "date" && op == "co", kind == "date" && op == "po":
		return ask("", spanPrefix[op]+value)
	case (kind == "date" || kind == "number" || kind == "quantity") && ordered[op]:
		return ask("", op+value)
	case kind == "uri" && (op == "sw" || op == "sb"):
		return ask(":below", value)
	case kind == "token" && tokenOps[op] != "":
		return ask(":"+tokenOps[op], value)
	}
	return cond{}, refuse(NotSupported, "_filter does not know %.16s with %.64s here", op, path)
}

// ownMark begins the modifiers and prefixes that filters alone need. No query has
// it: ParseQuery refuses it.
const ownMark = "\x00"

const otherModifier = ownMark + "ne"

var (
	stringOps = map[string]string{"eq": ownMark + "= ?", "ne": otherModifier, "co": "contains", "sw": ownMark, "ew": ownMark + "ew", "gt": ownMark + "> ?", "lt": ownMark + "< ?", "ge": ownMark + ">= ?", "le": ownMark + "<= ?"}
	// ss: the value subsumes a concept of the resource; sb: is subsumed by one.
	tokenOps   = map[string]string{"ss": "below", "sb": "above", "in": "in", "ni": "not-in"}
	spanPrefix = map[string]string{"co": ownMark + "co", "po": ownMark + "po"}
	ordered    = map[string]bool{"gt": true, "lt": true, "ge": true, "le": true, "sa": true, "eb": true, "ap": true}
)

// unequal is ne of references and uris: there is a value, and it is another.
func (b *builder) unequal(ask func(modifier, value string) (cond, error), value, kind string) (cond, error) {
	if kind != "reference" && kind != "uri" {
		return cond{}, refuse(NotSupported, "_filter does not know ne here")
	}
	there, err := ask(":missing", "false")
	if err != nil {
		return cond{}, err
	}
	same, err := ask("", value)
	if err != nil {
		return cond{}, err
	}
	return cond{sel: "SELECT x.rid FROM (" + there.sel + ") x WHERE NOT " + same.where(), args: append(there.args[:len(there.args):len(there.args)], same.args...)}, nil
}

// lastOf is the parameter at the end of a path, nil where it is none or several.
func (b *builder) lastOf(typ, path string) *definition.SearchParam {
	if rest, ok := strings.CutPrefix(path, "_has:"); ok {
		parts := strings.SplitN(rest, ":", 3)
		if len(parts) < 3 {
			return nil
		}
		return b.lastOf(parts[0], parts[2])
	}
	link, rest, chained := strings.Cut(path, ".")
	code, target, _ := strings.Cut(link, ":")
	def := b.s.table.SearchParam(typ, code)
	if !chained || def == nil {
		return def
	}
	targets := targetsOf(def)
	if target != "" {
		targets = []string{target}
	}
	if len(targets) == 0 {
		targets = b.s.table.Resources()
	}
	for _, t := range targets {
		if last := b.lastOf(t, rest); last != nil {
			return last
		}
	}
	return nil
}
