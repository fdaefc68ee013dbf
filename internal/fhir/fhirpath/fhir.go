package fhirpath

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

func fhirFunctions() map[string]function {
	return map[string]function{
		"now":       plain(func(r *run, _ Collection) Collection { return r.clock(DateTime, "2006-01-02T15:04:05.000Z07:00") }),
		"today":     plain(func(r *run, _ Collection) Collection { return r.clock(Date, "2006-01-02") }),
		"timeOfDay": plain(func(r *run, _ Collection) Collection { return r.clock(Time, "15:04:05.000") }),
		"extension": {1, 1, extension},
		"hasExtension": {1, 1, func(args []evaluator) evaluator { // R4's item-subject parameter has it
			found := extension(args)
			return func(r *run, in Collection) Collection { return r.bool(len(found(r, in)) > 0) }
		}},
		"hasValue":   plain(hasValue),
		"getValue":   plain(getValue),
		"resolve":    plain(resolve),
		"memberOf":   {1, 1, memberOf},
		"conformsTo": {1, 1, conformsTo},
		"htmlChecks": plain(func(r *run, _ Collection) Collection { return r.bool(true) }),
		// Known to FHIR, of no use without a terminology or a profile.
		"subsumes":          {1, 1, nothing},
		"subsumedBy":        {1, 1, nothing},
		"elementDefinition": {0, 0, nothing},
		"slice":             {2, 2, nothing},
		"checkModifiers":    {0, 16, func([]evaluator) evaluator { return func(_ *run, in Collection) Collection { return in } }},
	}
}

func nothing([]evaluator) evaluator { return func(*run, Collection) Collection { return nil } }

func (r *run) clock(kind Kind, layout string) Collection {
	return r.one(Value{kind: kind, str: r.now().Format(layout)})
}

func extension(args []evaluator) evaluator {
	children := step("extension")
	return func(r *run, in Collection) Collection {
		url, ok := r.single(args[0](r, r.this), "extension()")
		if !ok {
			return nil
		}
		found := children(r, in)
		return filterType(r, found, func(v Value) bool { return v.node != nil && v.node.Str("url") == url.str })
	}
}

func hasValue(r *run, in Collection) Collection {
	if len(in) != 1 {
		return r.bool(false)
	}
	return r.bool(in[0].system().kind != None && (in[0].node == nil || in[0].node.Kind != model.Object))
}

func getValue(r *run, in Collection) Collection {
	if len(in) != 1 || in[0].system().kind == None {
		return nil
	}
	v := in[0].system()
	v.node = nil
	return r.one(v)
}

func memberOf(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		set, ok := r.single(args[0](r, r.this), "memberOf()")
		if !ok || len(in) != 1 || r.env.MemberOf == nil {
			return nil
		}
		any := false
		for _, c := range codings(in[0]) {
			member, known := r.env.MemberOf(set.str, c[0], c[1])
			if member {
				return r.bool(true)
			}
			any = any || known
		}
		if !any {
			return nil
		}
		return r.bool(false)
	}
}

// codings returns the system and code of a code, Coding or CodeableConcept.
func codings(v Value) [][2]string {
	if v.node == nil || v.node.Kind == model.String {
		return [][2]string{{"", v.String()}}
	}
	list := v.node.Get("coding")
	if list == nil {
		return [][2]string{{v.node.Str("system"), v.node.Str("code")}}
	}
	var out [][2]string
	for c := list.First; c != nil; c = c.Next {
		out = append(out, [2]string{c.Str("system"), c.Str("code")})
	}
	return out
}

func conformsTo(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		url, ok := r.single(args[0](r, r.this), "conformsTo()")
		if !ok || len(in) != 1 || in[0].node == nil {
			return nil
		}
		if name, ok := strings.CutPrefix(url.str, "http://hl7.org/fhir/StructureDefinition/"); ok {
			if typ := r.engine.table.Type(name); typ != nil {
				return r.bool(in[0].node.Type != nil && in[0].node.Type.Is(name))
			}
		}
		if r.env.ConformsTo != nil {
			if ok, known := r.env.ConformsTo(in[0].node, url.str); known {
				return r.bool(ok)
			}
			return nil
		}
		return r.fail("conformsTo() names an unknown profile")
	}
}

func resolve(r *run, in Collection) Collection {
	var out Collection
	for _, v := range in {
		ref := v.String()
		if v.node != nil && v.node.Kind == model.Object {
			ref = v.node.Str("reference")
		}
		if ref == "" {
			continue
		}
		var n *model.Node
		if r.env.Resolve != nil && ref[0] != '#' {
			n = r.env.Resolve(ref)
		}
		if n == nil {
			n = r.resolveLocal(v.node, ref)
		}
		if n != nil {
			out = append(out, Value{node: n})
		}
	}
	return r.keep(out)
}

// resolveLocal finds contained resources and entries of the Bundle around.
func (r *run) resolveLocal(from *model.Node, ref string) *model.Node {
	if from == nil {
		return nil
	}
	if id, ok := strings.CutPrefix(ref, "#"); ok {
		return Contained(container(from), id)
	}
	for n := from; n != nil; n = n.Parent {
		if n.ResourceType() == "Bundle" && n.IsResource() {
			if e := InBundle(n, ref); e != nil {
				return e
			}
		}
	}
	return nil
}

// container returns the resource that can have contained resources: the
// innermost around the node that is not itself contained.
func container(n *model.Node) *model.Node {
	res := n.Resource()
	for res != nil && res.Parent != nil && res.Parent.Name == "contained" {
		res = res.Parent.Parent.Resource()
	}
	return res
}

// Contained finds a contained resource by its id, the container itself by "";
// nil where there is none.
func Contained(resource *model.Node, id string) *model.Node {
	if id == "" || resource == nil {
		return resource
	}
	list := resource.Get("contained")
	if list == nil {
		return nil
	}
	for c := list.First; c != nil; c = c.Next {
		if c.Str("id") == id {
			return c
		}
	}
	return nil
}

// InBundle finds the resource of the entry that a reference names by its
// fullUrl, or by type and id where the fullUrl ends in them.
func InBundle(bundle *model.Node, ref string) *model.Node {
	entries := bundle.Get("entry")
	if entries == nil {
		return nil
	}
	ref, _, _ = strings.Cut(ref, "/_history/")
	relative := !strings.Contains(ref, ":")
	for e := entries.First; e != nil; e = e.Next {
		url, res := e.Str("fullUrl"), e.Get("resource")
		if res == nil || len(url) < len(ref) {
			continue
		}
		if url == ref || relative && strings.HasSuffix(url, "/"+ref) {
			return res
		}
	}
	return nil
}
