package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// reference checks a Reference: its form, that a contained target exists, and
// that the target is of an allowed type.
func (c *check) reference(n *model.Node) {
	ref := n.Str("reference")
	if c.opts.Level != Strict {
		return
	}
	c.referenceType(n)
	if ref == "" || n.Ref == nil {
		return
	}
	target := c.target(n, ref)
	if strings.HasPrefix(ref, "#") && target == nil {
		c.report(Error, "value", n, "The reference %.80q names no contained resource.", ref)
		return
	}
	name := referencedType(ref)
	if name != "" && c.table.Resource(name) == nil && !strings.Contains(ref, ":") {
		c.report(Error, "value", n, "The reference names %.64q, which is no resource type.", name)
	}
	if target != nil {
		name = target.ResourceType()
	}
	if name == "" {
		return
	}
	if stated := n.Str("type"); stated != "" && stated != name && c.table.Resource(stated) != nil {
		c.report(Error, "value", n, "The reference says it is to a %.64s but leads to a %s.", stated, name)
	}
	c.targetAllowed(n, name, n.Ref.Targets)
}

// referenceType checks Reference.type, which is a resource type or a URL.
func (c *check) referenceType(n *model.Node) {
	t := n.Get("type")
	if t == nil || t.Kind != model.String || strings.Contains(t.Text, ":") || c.table.Type(t.Text) != nil {
		return
	}
	c.report(Error, "value", t, "There is no resource type %.64q.", t.Text)
}

func (c *check) targetAllowed(n *model.Node, name string, targets []string) {
	if len(targets) == 0 {
		return
	}
	typ := c.table.Resource(name)
	if typ == nil {
		return
	}
	for _, t := range targets {
		if strings.Contains(t, "/") {
			p := c.table.Profile(t)
			if p == nil {
				return
			}
			t = p.Type
		}
		if typ.Is(t) {
			return
		}
	}
	c.report(Error, "structure", n, "A reference to a %s is not allowed here; allowed are: %s.", name, targetNames(targets))
}

func targetNames(targets []string) string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = t[strings.LastIndexByte(t, '/')+1:]
	}
	return strings.Join(names, ", ")
}

// referencedType takes the type out of "Patient/1", "http://x/Patient/1" and
// those with a version; "" where the reference has another form.
func referencedType(ref string) string {
	ref, _, _ = strings.Cut(ref, "/_history/")
	ref, _, _ = strings.Cut(ref, "?")
	at := strings.LastIndexByte(ref, '/')
	if at <= 0 || idProblem(ref[at+1:]) != "" || ref[at+1:] == "" {
		return ""
	}
	name := ref[strings.LastIndexByte(ref[:at], '/')+1 : at]
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		return ""
	}
	return name
}

// target finds what a reference leads to inside the text.
func (c *check) target(from *model.Node, ref string) *model.Node {
	if id, ok := strings.CutPrefix(ref, "#"); ok {
		return c.contained(containerOf(from), id)
	}
	return c.inBundles(from, ref)
}

// contained finds a contained resource by its id, the container itself by "".
func (c *check) contained(container *model.Node, id string) *model.Node {
	if id == "" || container == nil {
		return container
	}
	m, ok := c.entries[container]
	if !ok {
		m = map[string]*model.Node{}
		for _, r := range items(container.Get("contained")) {
			m["#"+r.Str("id")] = r
		}
		c.keepIndex(container, m)
	}
	return m["#"+id]
}

func (c *check) keepIndex(n *model.Node, m map[string]*model.Node) {
	if c.entries == nil {
		c.entries = map[*model.Node]map[string]*model.Node{}
	}
	c.entries[n] = m
}

func containerOf(n *model.Node) *model.Node {
	res := n.Resource()
	for res != nil && step(res) == "contained" {
		up := res.Parent
		for up != nil && !up.IsResource() {
			up = up.Parent
		}
		res = up
	}
	return res
}

func (c *check) inBundles(from *model.Node, ref string) *model.Node {
	for n := from; n != nil; n = n.Parent {
		if n.IsResource() && n.Type.Name == "Bundle" {
			if t := c.index(n)[withoutVersion(ref)]; t != nil {
				return t
			}
		}
	}
	return nil
}

func withoutVersion(ref string) string {
	ref, _, _ = strings.Cut(ref, "/_history/")
	return ref
}

// index lists the entries of a Bundle by fullUrl and by type and id.
func (c *check) index(bundle *model.Node) map[string]*model.Node {
	if m, ok := c.entries[bundle]; ok {
		return m
	}
	m := map[string]*model.Node{}
	for _, e := range items(bundle.Get("entry")) {
		res := e.Get("resource")
		if res == nil {
			continue
		}
		url := e.Str("fullUrl")
		if url != "" {
			m[url] = res
		}
		if id := res.Str("id"); id != "" && (url == "" || strings.HasSuffix(url, "/"+id)) {
			m[res.ResourceType()+"/"+id] = res
		}
	}
	c.keepIndex(bundle, m)
	return m
}

// resolve serves FHIRPath's resolve().
func (c *check) resolve(ref string) *model.Node {
	if c.root.Type == nil || c.root.Type.Name != "Bundle" {
		return nil
	}
	return c.index(c.root)[withoutVersion(ref)]
}
