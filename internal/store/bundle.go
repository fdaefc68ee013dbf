package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// Import carries out a transaction Bundle of writes, all or none. Importing the
// same bundle again changes nothing.
func (s *Store) Import(ctx context.Context, bundle []byte) error {
	doc, err := model.Parse(bundle, model.Limits{})
	if err != nil {
		return refuse(Invalid, "the bundle is no good JSON: %s", err)
	}
	if typ := model.Bind(s.table, doc.Root); typ == nil || typ.Name != "Bundle" {
		return refuse(Invalid, "this is no Bundle")
	}
	var ops []Op
	for i, entry := range items(doc.Root.Get("entry")) {
		op, err := EntryOp(entry, i)
		if err != nil {
			return err
		}
		ops = append(ops, op)
	}
	_, err = s.Transact(ctx, ops)
	return err
}

// EntryOp reads the write of one entry of a bound Bundle. The entry's resource is
// taken out of the bundle.
func EntryOp(entry *model.Node, i int) (Op, error) {
	at := func(path string) string { return "Bundle.entry[" + strconv.Itoa(i) + "]." + path }
	request := entry.Get("request")
	if request == nil {
		return Op{}, &Error{Code: Invalid, Message: "an entry of a transaction has a request", Expression: at("request")}
	}
	op := Op{Method: request.Str("method"), IfNoneExist: request.Str("ifNoneExist"), fullURL: entry.Str("fullUrl"), IfAbsent: request.Str("ifNoneMatch") == "*"}
	path, query, _ := strings.Cut(strings.TrimPrefix(request.Str("url"), "/"), "?")
	op.Type, op.ID, _ = strings.Cut(path, "/")
	if op.ID == "" && op.Method != "POST" {
		op.Where = query
	}
	if v := strings.Trim(strings.TrimPrefix(request.Str("ifMatch"), "W/"), `"`); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return op, &Error{Code: Invalid, Message: "ifMatch is not W/\"version\"", Expression: at("request.ifMatch")}
		}
		op.IfMatch = n
	}
	switch op.Method {
	case "POST", "PUT", "PATCH":
		resource := entry.Get("resource")
		if resource == nil {
			return op, &Error{Code: Invalid, Message: "there is no resource to write", Expression: at("resource")}
		}
		if resource.Type == nil || !resource.IsResource() || resource.Type.Abstract {
			return op, &Error{Code: Invalid, Message: "resourceType names no resource of R4", Expression: at("resource")}
		}
		// A resource of its own: nodes know their place from their root.
		resource.Parent, resource.Next, resource.Name = nil, nil, ""
		op.parsed = &content{resource.Type, resource}
		return op, nil
	case "DELETE":
		return op, nil
	}
	return op, &Error{Code: Invalid, Message: "the method is not one of a write", Expression: at("request.method")}
}

// Resource is the root of the op's resource, nil where it has none.
func (op *Op) Resource() *model.Node {
	if op.parsed == nil {
		return nil
	}
	return op.parsed.root
}

// Transact carries out the writes of a transaction Bundle, all or none, with
// references between entries made into references to the resources, and
// references by search into references by id (R4 http.html#trules).
func (s *Store) Transact(ctx context.Context, ops []Op) ([]Outcome, error) {
	t, err := s.Prepare(ctx, ops)
	if err != nil {
		return nil, err
	}
	return t.Commit(ctx)
}

// Transaction is the writes of a Bundle, ready to be carried out.
type Transaction struct {
	s    *Store
	ops  []Op
	late bool
}

// Late says that what is written depends on what will be stored: the resources
// are kept as they were parsed, which takes ten times the memory of their text.
func (t *Transaction) Late() bool { return t.late }

// Commit carries out the writes, all or none. It is called once.
func (t *Transaction) Commit(ctx context.Context) ([]Outcome, error) {
	if len(t.ops) == 0 {
		return nil, nil
	}
	return t.s.submitted(ctx, t.ops, t.late)
}

// Prepare does what can be done of Transact without waiting for other writes. It
// takes over ops.
func (s *Store) Prepare(ctx context.Context, ops []Op) (*Transaction, error) {
	links := map[string]string{}
	late := false
	for i := range ops {
		op := &ops[i]
		if op.Method == "PATCH" {
			op.parsed = nil
		}
		if err := s.check(op); err != nil {
			if refusal, ok := err.(*Error); ok && refusal.Expression == "" {
				refusal.Expression = "Bundle.entry[" + strconv.Itoa(i) + "]"
			}
			return nil, err
		}
		late = late || op.Where != "" || op.IfNoneExist != ""
		if op.fullURL != "" && op.ID != "" {
			links[op.fullURL] = op.Type + "/" + op.ID
		}
	}
	if !late {
		for _, op := range ops {
			if op.parsed == nil {
				continue
			}
			err := relink(op.parsed.root, links, func(*model.Node) error { late = true; return nil })
			if err != nil {
				return nil, err
			}
		}
	}
	t := &Transaction{s, ops, late}
	if late || len(ops) == 0 {
		return t, nil
	}
	return t, s.ready(ctx, ops)
}
