package store

import (
	"context"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// resolve finds what the conditions of ops mean, before anything is written. Two
// creations on the same condition become one.
func (w *writing) resolve(ops []Op) error {
	made := map[string]string{}
	for i := range ops {
		op := &ops[i]
		switch {
		case op.Method == "POST" && op.IfNoneExist != "":
			if err := w.ifNoneExist(op, made); err != nil {
				return err
			}
		case op.Where != "" && op.ID == "":
			if err := w.where(op); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writing) ifNoneExist(op *Op, made map[string]string) error {
	found, err := w.s.match(w.c, op.Type, op.IfNoneExist, op.Base, 2)
	if err != nil {
		return err
	}
	if len(found) > 1 {
		return refuse(PreconditionFailed, "the condition matches several resources")
	}
	if len(found) == 1 {
		op.hit, op.ID = &found[0], found[0].ID
		return nil
	}
	key := op.Type + "?" + op.IfNoneExist
	if made[key] != "" {
		return refuse(PreconditionFailed, "two entries create a resource on the same condition")
	}
	made[key] = op.ID
	return nil
}

func (w *writing) where(op *Op) error {
	most := 2
	if op.Several {
		most = maxValues + 1
	}
	found, err := w.s.match(w.c, op.Type, op.Where, op.Base, most)
	if err != nil {
		return err
	}
	if len(found) > 1 && !op.Several {
		return refuse(PreconditionFailed, "the condition matches several resources")
	}
	if len(found) > maxValues {
		return refuse(TooCostly, "the condition matches more than %d resources", maxValues)
	}
	if len(found) > 0 {
		op.hit, op.ID = &found[0], found[0].ID
	}
	switch op.Method {
	case "DELETE":
		op.hits = found
	case "PATCH":
		if len(found) == 0 {
			return refuse(NotFound, "the condition matches no resource")
		}
	case "PUT":
		return w.wherePut(op)
	}
	return nil
}

// wherePut is the table of R4 http.html#cond-update.
func (w *writing) wherePut(op *Op) error {
	id := op.parsed.root.Str("id")
	switch {
	case op.hit == nil && id != "":
		op.ID = id
	case op.hit == nil:
		op.ID = w.s.cfg.NewID()
	case id != "" && id != op.ID:
		return refuse(Invalid, "the condition matches another resource than the id in the body")
	}
	return nil
}

// settle puts in the references that depend on what is stored, and prepares.
func (w *writing) settle(ops []Op) error {
	links := map[string]string{}
	for _, op := range ops {
		if op.fullURL != "" && op.ID != "" {
			links[op.fullURL] = op.Type + "/" + op.ID
		}
	}
	for i := range ops {
		op := &ops[i]
		if op.parsed == nil || op.hit != nil && op.Method == "POST" {
			continue
		}
		err := relink(op.parsed.root, links, func(n *model.Node) error { return w.conditionalReference(n, op.Base) })
		if err != nil {
			return err
		}
	}
	return w.s.prepareAll(context.Background(), ops)
}

func isConditional(ref string) bool {
	typ, _, ok := strings.Cut(ref, "?")
	return ok && typ != "" && !strings.ContainsAny(typ, "/:#")
}

// conditionalReference makes a reference by search into one by id.
func (w *writing) conditionalReference(n *model.Node, base string) error {
	typ, query, _ := strings.Cut(n.Text, "?")
	if w.s.table.Resource(typ) == nil {
		return refuse(Invalid, "a conditional reference names no resource type")
	}
	found, err := w.s.match(w.c, typ, query, base, 2)
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return refuse(PreconditionFailed, "a conditional reference to %s matches %s", typ, map[bool]string{true: "nothing", false: "several"}[len(found) == 0])
	}
	n.Text = typ + "/" + found[0].ID
	return nil
}

func cutFragment(s string) (url, fragment string, found bool) {
	if i := strings.IndexByte(s, '#'); i > 0 {
		return s[:i], s[i:], true
	}
	return s, "", false
}

// unique refuses two writes of one resource.
func unique(ops []Op) error {
	if len(ops) < 2 {
		return nil
	}
	seen := make(map[string]bool, len(ops))
	for _, op := range ops {
		if op.ID == "" || op.hit != nil && op.Method == "POST" {
			continue
		}
		key := op.Type + "/" + op.ID
		if seen[key] {
			return refuse(Invalid, "the bundle writes %s twice", key)
		}
		seen[key] = true
	}
	return nil
}
