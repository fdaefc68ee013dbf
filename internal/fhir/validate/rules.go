package validate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// rules checks what the specification says in words of single types, beyond its
// constraints.
func (c *check) rules(n *model.Node) {
	switch n.Type.Name {
	case "CapabilityStatement":
		c.capability(n)
	case "SearchParameter":
		c.searchParameter(n)
	case "StructureDefinition":
		c.structureDefinition(n)
	case "Observation":
		c.vitalSigns(n)
	case "QuestionnaireResponse":
		c.questionnaireResponse(n)
	case "Identifier":
		c.identifier(n)
	case "Coding":
		c.coding(n)
	case "Attachment":
		c.attachment(n)
	}
}

// each calls f for the values at a path of names below a node.
func each(n *model.Node, f func(*model.Node), path ...string) {
	if len(path) == 0 {
		f(n)
		return
	}
	for _, v := range items(n.Get(path[0])) {
		each(v, f, path[1:]...)
	}
}

// capability: a search parameter must have the type of its definition.
func (c *check) capability(n *model.Node) {
	each(n, func(r *model.Node) {
		each(r, func(p *model.Node) {
			for _, known := range c.table.SearchParams(r.Str("type")) {
				if known.URL == p.Str("definition") && known.Type != p.Str("type") {
					c.report(Error, "value", p, "The search parameter is of type %s by its definition, not %.20q.", known.Type, p.Str("type"))
				}
			}
		}, "searchParam")
	}, "rest", "resource")
}

// searchParameter: the expression must compile, and can only select something in
// the types of base; a derived parameter keeps to the type and bases of the one it
// is derived from.
func (c *check) searchParameter(n *model.Node) {
	if from := c.table.SearchByURL(n.Str("derivedFrom")); from != nil {
		c.derivedParameter(n, from)
	}
	x := n.Get("expression")
	if x == nil || x.Kind != model.String || x.Text == "" {
		return
	}
	if _, err := c.engine.Compile(x.Text); err != nil {
		c.report(Error, "invalid", x, "The expression is no FHIRPath: %v.", err)
		return
	}
	for _, b := range items(n.Get("base")) {
		typ := c.table.Type(b.Text)
		if typ == nil || typ.Abstract {
			continue
		}
		if first := definition.StartOf(x.Text); first != "" && c.table.Type(first) != nil && definition.Narrow(x.Text+" | "+x.Text, typ) == "" {
			c.report(Error, "invalid", x, "The expression selects nothing in %s, which base names.", b.Text)
		}
	}
}

func (c *check) derivedParameter(n *model.Node, from *definition.SourceSearch) {
	if n.Str("type") != from.Type {
		c.report(Error, "value", n, "The parameter it is derived from is of type %s.", from.Type)
	}
	for _, b := range items(n.Get("base")) {
		if !slices.Contains(from.Base, b.Text) && !slices.Contains(from.Base, "Resource") && !slices.Contains(from.Base, "DomainResource") {
			c.report(Error, "value", b, "The parameter it is derived from does not serve %.64q.", b.Text)
		}
	}
}

// structureDefinition: the paths of the differential of a constraint on a base
// type must exist there.
func (c *check) structureDefinition(n *model.Node) {
	typ := c.table.Type(n.Str("type"))
	if typ == nil || n.Str("derivation") != "constraint" || n.Str("baseDefinition") != coreURL+typ.Name {
		return
	}
	each(n, func(e *model.Node) {
		path, ok := strings.CutPrefix(e.Str("path"), typ.Name+".")
		if !ok {
			return
		}
		at := typ.Root
		for name := range strings.SplitSeq(path, ".") {
			if len(at.Types) > 1 && len(at.Children) == 0 {
				return // below a choice
			}
			next := c.namedElement(at, name)
			if next == nil {
				c.report(Error, "value", e, "There is no element of the path in %s.", typ.Name)
				return
			}
			at = next
		}
	}, "differential", "element")
}

// namedElement finds a child by the name that a path gives it: "value[x]", or
// the name with a type, such as "valueQuantity".
func (c *check) namedElement(e *definition.Element, name string) *definition.Element {
	if child := c.childElement(e, strings.TrimSuffix(name, "[x]")); child != nil && child.Choice == strings.HasSuffix(name, "[x]") {
		return child
	}
	if x, ok := e.Child(name); ok {
		return x.Element
	}
	if len(e.Children) == 0 && len(e.Types) == 1 && e.Types[0].Def != nil {
		if x, ok := e.Types[0].Def.Root.Child(name); ok {
			return x.Element
		}
	}
	return nil
}

// identifier: the system is absolute, and with RFC 3986 as system the value is a
// URI.
func (c *check) identifier(n *model.Node) {
	system := n.Get("system")
	if system == nil || system.Kind != model.String {
		return
	}
	if !absolute(system.Text) {
		c.report(Error, "value", system, "The system of an identifier must be an absolute URI.")
	}
	if v := n.Str("value"); system.Text == "urn:ietf:rfc:3986" && v != "" && !absolute(v) {
		c.report(Error, "value", n, "With the system urn:ietf:rfc:3986 the value must be a full URI.")
	}
}

func absolute(uri string) bool { return strings.Contains(uri, ":") }

// coding: the system is absolute and a code system; the terminology outside the
// table is asked about the code.
func (c *check) coding(n *model.Node) {
	system, code := n.Get("system"), n.Str("code")
	if system == nil || system.Kind != model.String {
		return
	}
	switch {
	case !absolute(system.Text) && !strings.HasPrefix(system.Text, "#"):
		c.report(Error, "value", system, "The system of a coding must be an absolute URI.")
	case strings.HasPrefix(system.Text, "http://hl7.org/fhir/ValueSet/"):
		c.report(Error, "value", system, "The system of a coding must be a code system, not a value set.")
	case code != "" && c.table.HasCode(system.Text, code) == definition.No:
		c.unknownCode(n, system.Text, code)
	case code != "" && c.opts.Code != nil:
		if valid, known := c.opts.Code(system.Text, code); known && !valid {
			c.report(Error, "code-invalid", n, "The code %.64q does not exist in %.200s.", code, system.Text)
		}
	}
}

// unknownCode: the codes of FHIR's own systems are those of R4. HL7's other
// systems go on growing, so a code that R4's copy lacks may be a newer one.
func (c *check) unknownCode(n *model.Node, system, code string) {
	severity := Warning
	if strings.HasPrefix(system, "http://hl7.org/fhir/") {
		severity = Error
	}
	c.report(severity, "code-invalid", n, "The code %.64q is not in %.200s as of R4.", code, system)
}

// attachment: the size, where given beside the data, is that of the data.
func (c *check) attachment(n *model.Node) {
	size, data := n.Get("size"), n.Str("data")
	if size == nil || data == "" || base64Problem(data) != "" {
		return
	}
	count := 0
	for i := range len(data) {
		if data[i] > ' ' && data[i] != '=' {
			count++
		}
	}
	if want := strconv.Itoa(count * 3 / 4); size.Text != want {
		c.report(Error, "value", size, "The size is not that of the data, which has %s bytes.", want)
	}
}
