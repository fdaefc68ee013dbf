package store

import (
	"errors"
	"slices"
	"strings"
)

// found is a search that is understood and not yet run.
type found struct {
	b      *builder
	parts  []part // one for each type
	sort   []sortKey
	single string // the type, where there is one

	filtered bool // the selection ends in a WHERE clause
}

// part is what a search is for one type.
type part struct {
	typ    string
	number int64
	conds  []cond
}

// find understands the parameters.
func (s *Store) find(c conn, q Query, page *Page) (*found, error) {
	types, err := s.typesOf(q)
	if err != nil {
		return nil, err
	}
	f := &found{b: &builder{s: s, c: c, base: q.Base}, single: q.Type}
	known := make([]bool, len(q.Params)) // by any of the types
	for i, param := range q.Params {
		if param.Name != "_sort" || param.Value == "" {
			continue
		}
		if err := f.sortKeys(types, param.Value); err != nil && !errors.Is(err, errUnknown) {
			return nil, err
		} else if err == nil {
			known[i] = true
		}
	}
	inUse := map[int64]bool{}
	if len(types) > 1 {
		if inUse, err = s.inUse(c); err != nil {
			return nil, err
		}
	}
	for _, typ := range types {
		p, err := f.part(typ, q, known)
		if err != nil {
			return nil, err
		}
		if len(types) == 1 || inUse[p.number] {
			f.parts = append(f.parts, p)
		}
	}
	for i, param := range q.Params {
		switch {
		case known[i]:
			page.Used = append(page.Used, param)
		case q.Strict && param.Value != "":
			return nil, refuse(Invalid, "%s has no search parameter %.64q that this server knows", cmpOr(q.Type, "the system"), param.Name)
		default:
			page.Ignored = append(page.Ignored, param)
		}
	}
	return f, nil
}

// inUse are the types that have resources.
func (s *Store) inUse(c conn) (map[int64]bool, error) {
	all := map[int64]bool{}
	err := c.run("SELECT type FROM counter WHERE live > 0", nil, func(row columns) error {
		all[row.Int64(0)] = true
		return nil
	})
	return all, err
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func (s *Store) typesOf(q Query) ([]string, error) {
	types := q.Types
	if q.Type != "" {
		types = []string{q.Type}
	}
	for _, p := range q.Params {
		if p.Name == "_type" && q.Type == "" {
			types = strings.Split(p.Value, ",")
		}
	}
	if len(types) == 0 {
		types = s.table.Resources()
	}
	for _, t := range types {
		if s.table.Resource(t) == nil && q.Type == "" {
			return nil, refuse(Invalid, "there is no resource type %.64q", t)
		}
		if s.table.Resource(t) == nil {
			return nil, refuse(NotFound, "there is no resource type %.64q", t)
		}
	}
	return types, nil
}

// part understands the parameters for one type. A parameter that a type does not
// have leaves nothing of that type, unless no type has it.
func (f *found) part(typ string, q Query, known []bool) (part, error) {
	number, err := f.b.s.known(f.b.c, typ)
	p := part{typ: typ, number: number}
	if err != nil {
		return p, err
	}
	if q.Compartment != "" {
		c, err := f.b.compartment(q.Compartment, typ)
		if err != nil {
			return p, err
		}
		p.conds = append(p.conds, c)
	}
	for i, param := range q.Params {
		if again := slices.Index(q.Params[:i], param); again >= 0 {
			known[i] = known[again]
			continue
		}
		if param.Value == "" {
			continue // R4: a parameter without a value is no condition
		}
		switch param.Name {
		case "_count", "_total", "_summary", "_format", "_pretty", "_elements", "_type", "_maxresults":
			known[i] = true // the caller's own
			continue
		case "_sort":
			continue // see find
		case "_contained":
			known[i] = param.Value == "false"
			continue
		case "_query":
			return p, refuse(NotSupported, "there are no named queries here")
		case "_include", "_revinclude", "_include:iterate", "_revinclude:iterate", "_include:recurse", "_revinclude:recurse":
			if err := f.b.checkInclude(param); err != nil {
				return p, err
			}
			known[i] = true
			continue
		}
		c, err := f.b.clause(typ, param)
		if errors.Is(err, errUnknown) {
			if f.single == "" {
				p.conds = append(p.conds, cond{sel: noRows})
			}
			continue
		}
		if err != nil {
			return p, err
		}
		known[i] = true
		p.conds = append(p.conds, c)
	}
	return p, nil
}
