package store

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// tokenRows takes tokens out of a value by its data type (R4 search.html#token).
func (x *indexer) tokenRows(all []row, name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		if s := v.String(); s != "" {
			return append(all, row{kind: tokens, param: name, text: s, system: x.impliedSystem(n)})
		}
		return all
	}
	switch v.Type() {
	case "CodeableConcept":
		for _, c := range items(n.Get("coding")) {
			all = codingRow(all, name, c)
		}
		return tokenText(all, name, n.Str("text"))
	case "Coding":
		return codingRow(all, name, n)
	case "Identifier":
		return identifierRows(all, name, n)
	case "ContactPoint":
		if value := n.Str("value"); value != "" {
			all = append(all, row{kind: tokens, param: name, text: strings.ToLower(value), system: n.Str("system")})
		}
	}
	return all
}

func codingRow(all []row, name string, n *model.Node) []row {
	system, code := n.Str("system"), n.Str("code")
	if system != "" || code != "" {
		all = append(all, row{kind: tokens, param: name, text: code, system: system})
	}
	return tokenText(all, name, n.Str("display"))
}

func tokenText(all []row, name, text string) []row {
	if text == "" || strings.Contains(name, "$") {
		return all
	}
	return append(all, row{kind: texts, param: name + textSuffix, text: plainly(text)})
}

func identifierRows(all []row, name string, n *model.Node) []row {
	value := n.Str("value")
	if value != "" || n.Str("system") != "" {
		all = append(all, row{kind: tokens, param: name, text: value, system: n.Str("system")})
	}
	for _, c := range items(n.Get("type").Get("coding")) {
		if value != "" {
			all = append(all, row{kind: tokens, param: name + ofTypeSuffix, text: c.Str("code") + "|" + value, system: c.Str("system")})
		}
	}
	return tokenText(all, name, n.Get("type").Str("text"))
}

// ofStrings reports whether a token parameter is of elements of type string, which
// are compared without regard to case (R4 search.html#token).
func (x *indexer) ofStrings(typ string, def *definition.SearchParam) bool {
	path, ok := strings.CutPrefix(def.Expression, typ+".")
	if !ok || def.Type != "token" || strings.ContainsAny(path, "| (") {
		return false
	}
	at := x.table.Resource(typ).Root
	last := ""
	for name := range strings.SplitSeq(path, ".") {
		child, ok := at.Child(name)
		if !ok || child.Type == nil || child.Type.Def == nil {
			return false
		}
		if last, at = child.Type.Def.Name, child.Type.Def.Root; len(child.Element.Children) > 0 {
			at = child.Element
		}
	}
	return last == "string"
}

// impliedSystem is the code system of an element of type code, where its binding
// has only one.
func (x *indexer) impliedSystem(n *model.Node) string {
	if n == nil || n.Elem == nil || n.Elem.Binding == nil || n.Type == nil || n.Type.Name != "code" {
		return ""
	}
	set := x.table.ValueSet(n.Elem.Binding.ValueSet)
	if set == nil || len(set.Systems) != 1 {
		return ""
	}
	return set.Systems[0].URL
}

func (b *builder) token(typ string, def *definition.SearchParam, modifier, value string) (cond, error) {
	name := typ + "." + def.Code
	switch modifier {
	case "", "not":
		if strings.Contains(def.Expression, "telecom") || b.s.index.ofStrings(typ, def) {
			value = strings.ToLower(value)
		}
		return b.tokenIs(name, value)
	case otherModifier:
		c, err := b.tokenIs(name, value)
		return b.rows(tokens, name, "rid NOT IN ("+c.sel+")", c.args...), err
	case "text":
		return b.stringIs(name+textSuffix, "", value)
	case "in", "not-in":
		return b.tokenIn(name, value)
	case "below":
		if kind := unescape(value); isMediaType(kind) {
			return b.rows(tokens, name, "(code = ? OR code >= ? AND code < ? OR code >= ? AND code < ?)", kind, kind+";", kind+"<", kind+"/", kind+"0"), nil
		}
		return b.tokenUnder(name, modifier, value)
	case "above":
		return b.tokenUnder(name, modifier, value)
	case "of-type":
		parts := splitEscaped(value, '|')
		if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
			return cond{}, refuse(Invalid, "%s:of-type is system|code|value", def.Code)
		}
		system, err := b.system(unescape(parts[0]))
		return b.rows(tokens, name+ofTypeSuffix, "code = ? AND system = ?", unescape(parts[1])+"|"+unescape(parts[2]), system).or(err)
	}
	return cond{}, b.noModifier(def, modifier)
}

// isMediaType tells text/xml, and the names of what stands before the slash, from
// codes that have a hierarchy (R4 search.html#mimetype).
func isMediaType(s string) bool {
	kind, _, _ := strings.Cut(s, "/")
	switch kind {
	case "application", "audio", "font", "image", "message", "model", "multipart", "text", "video":
		return !strings.ContainsAny(s, "|")
	}
	return false
}

// tokenIs is code, system|code, |code or system|.
func (b *builder) tokenIs(name, value string) (cond, error) {
	parts := splitEscaped(value, '|')
	code := unescape(parts[len(parts)-1])
	if len(parts) == 1 {
		return b.rows(tokens, name, "code = ?", code).sorted(), nil
	}
	system, err := b.system(unescape(strings.Join(parts[:len(parts)-1], "|")))
	if code == "" {
		return b.rows(tokens, name, "system = ?", system).or(err)
	}
	return b.rows(tokens, name, "code = ? AND system = ?", code, system).sorted().or(err)
}

// system is the number of a code system, 0 of none.
func (b *builder) system(url string) (int64, error) {
	if url == "" {
		return 0, nil
	}
	return b.s.known(b.c, url)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }
