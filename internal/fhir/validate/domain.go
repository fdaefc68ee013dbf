package validate

import "github.com/paperchart/paperchart/internal/fhir/model"

// domain checks dom-2 to dom-5: what contained resources may have, and that
// something refers to them.
func (c *check) domain(n *model.Node) {
	list := n.Get("contained")
	if list == nil || list.Kind != model.Array {
		return
	}
	var used map[string]bool
	ids := map[string]bool{}
	for _, r := range items(list) {
		if r.Kind != model.Object {
			continue
		}
		c.containedResource(r)
		id := r.Str("id")
		if ids[id] && id != "" {
			c.report(Error, "invariant", r, "Two contained resources have the same id.")
		}
		ids[id] = true
		if used == nil {
			used = map[string]bool{}
			localReferences(n, used)
		}
		if !used["#"+id] && !refersToContainer(r) {
			c.report(Error, "invariant", r, "dom-3: A contained resource must be referred to from elsewhere in the resource, or refer to it.")
		}
	}
}

func (c *check) containedResource(r *model.Node) {
	if inner := r.Get("contained"); inner != nil {
		c.report(Error, "invariant", inner, "dom-2: A contained resource must not contain resources.")
	}
	meta := r.Get("meta")
	for _, name := range []string{"versionId", "lastUpdated", "security"} {
		if m := meta.Get(name); m != nil {
			c.report(Error, "invariant", m, "dom-4, dom-5: A contained resource has no meta.%s.", name)
		}
	}
}

// localReferences collects the values that point into the resource: references,
// canonicals and URIs that start with "#".
func localReferences(n *model.Node, found map[string]bool) {
	for c := n.First; c != nil; c = c.Next {
		if c.Kind == model.String && len(c.Text) > 1 && c.Text[0] == '#' {
			found[c.Text] = true
		}
		if c.First != nil {
			localReferences(c, found)
		}
	}
}

func refersToContainer(r *model.Node) bool {
	for c := r.First; c != nil; c = c.Next {
		if c.Name == "reference" && c.Text == "#" || refersToContainer(c) {
			return true
		}
	}
	return false
}
