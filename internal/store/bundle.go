package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// Import carries out a transaction Bundle of writes, all or none. Importing the
// same bundle again changes nothing.
func (s *Store) Import(ctx context.Context, bundle []byte) error {
	ops, err := s.Transaction(bundle)
	if err != nil {
		return err
	}
	_, err = s.Do(ctx, ops)
	return err
}

// Transaction reads the writes out of a transaction Bundle, in its order, with
// references by urn:uuid made into references to the resources (R4
// http.html#trules). Do them at once.
func (s *Store) Transaction(bundle []byte) ([]Op, error) {
	doc, err := model.Parse(bundle, model.Limits{})
	if err != nil {
		return nil, refuse(Invalid, "the bundle is no good JSON: %s", err)
	}
	if typ := model.Bind(s.table, doc.Root); typ == nil || typ.Name != "Bundle" {
		return nil, refuse(Invalid, "this is no Bundle")
	}
	var ops []Op
	links := map[string]string{}
	for i, entry := range items(doc.Root.Get("entry")) {
		op, err := s.entry(entry, i)
		if err != nil {
			return nil, err
		}
		if full := entry.Str("fullUrl"); full != "" && op.ID != "" {
			links[full] = op.Type + "/" + op.ID
		}
		ops = append(ops, op)
	}
	for _, op := range ops {
		if op.parsed != nil {
			relink(op.parsed.root, links)
		}
	}
	return ops, unique(ops)
}

func (s *Store) entry(entry *model.Node, i int) (Op, error) {
	request := entry.Get("request")
	at := func(path string) string { return "Bundle.entry[" + strconv.Itoa(i) + "]." + path }
	if request == nil {
		return Op{}, &Error{Invalid, "an entry of a transaction has a request", at("request")}
	}
	op := Op{Method: request.Str("method"), IfNoneExist: request.Str("ifNoneExist")}
	path, _, _ := strings.Cut(request.Str("url"), "?")
	op.Type, op.ID, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if v := strings.Trim(strings.TrimPrefix(request.Str("ifMatch"), "W/"), `"`); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return op, &Error{Invalid, "ifMatch is not W/\"version\"", at("request.ifMatch")}
		}
		op.IfMatch = n
	}
	if !slices.Contains([]string{"POST", "PUT", "DELETE"}, op.Method) {
		return op, &Error{Invalid, "the method is not POST, PUT or DELETE", at("request.method")}
	}
	if op.Method == "POST" {
		op.ID = s.cfg.NewID()
	}
	if op.ID == "" {
		return op, &Error{Invalid, "the url names no resource", at("request.url")}
	}
	if op.Method == "DELETE" {
		return op, s.check(&op)
	}
	resource := entry.Get("resource")
	if resource == nil {
		return op, &Error{Invalid, "there is no resource to write", at("resource")}
	}
	// A resource of its own: nodes know their place from their root.
	op.Body = model.Append(nil, resource)
	return op, s.check(&op)
}

// relink turns references to other entries into references to what they become.
func relink(n *model.Node, links map[string]string) {
	for c := n.First; c != nil; c = c.Next {
		if c.Kind == model.String {
			if to, ok := links[c.Text]; ok && (c.Name == "reference" || strings.HasPrefix(c.Text, "urn:")) {
				c.Text = to
			}
		} else {
			relink(c, links)
		}
	}
}

// unique refuses two writes of one resource.
func unique(ops []Op) error {
	seen := map[string]bool{}
	for _, op := range ops {
		key := op.Type + "/" + op.ID
		if seen[key] {
			return refuse(Invalid, "the bundle writes %s twice", key)
		}
		seen[key] = true
	}
	return nil
}
