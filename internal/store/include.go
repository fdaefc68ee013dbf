package store

import (
	"slices"
	"strings"
)

// maxIncluded bounds what _include and _revinclude add to a page, and
// maxIterations how far :iterate goes.
const (
	maxIncluded   = 5000
	maxIterations = 10
)

// inclusion is one _include or _revinclude: Type:parameter[:target], or *.
type inclusion struct {
	reverse, iterate   bool
	typ, param, target string // typ may be "*", param too
}

func parseInclude(p Param) inclusion {
	name, modifier, _ := strings.Cut(p.Name, ":")
	in := inclusion{reverse: name == "_revinclude", iterate: modifier == "iterate" || modifier == "recurse"}
	parts := strings.SplitN(p.Value, ":", 3)
	in.typ, in.param = parts[0], "*"
	if len(parts) > 1 {
		in.param = parts[1]
	}
	if len(parts) > 2 {
		in.target = parts[2]
	}
	return in
}

func (b *builder) checkInclude(p Param) error {
	in := parseInclude(p)
	switch {
	case in.typ == "*":
		return nil
	case b.s.table.Resource(in.typ) == nil:
		return refuse(Invalid, "%s names no resource type; it is written Type:parameter", p.Name)
	case in.target != "" && b.s.table.Resource(in.target) == nil:
		return refuse(Invalid, "%s names no resource type as its target", p.Name)
	case in.param == "*":
		return nil
	}
	if def := b.s.table.SearchParam(in.typ, in.param); def == nil || def.Type != "reference" {
		return refuse(Invalid, "%s names no reference parameter of %s", p.Name, in.typ)
	}
	return nil
}

// wantedOf are the inclusions that a search asked for.
func wantedOf(page *Page) []inclusion {
	var wanted []inclusion
	for _, p := range page.Used {
		if strings.HasPrefix(p.Name, "_include") || strings.HasPrefix(p.Name, "_revinclude") {
			wanted = append(wanted, parseInclude(p))
		}
	}
	return wanted
}

// include adds to the page what its matches refer to, and what refers to them.
// With :iterate, what was added is looked at again.
func (s *Store) include(c conn, q Query, page *Page, matches []int64) error {
	wanted := wantedOf(page)
	if len(wanted) == 0 || len(matches) == 0 {
		return nil
	}
	seen := map[int64]bool{}
	for _, rid := range matches {
		seen[rid] = true
	}
	var added []int64
	frontier := matches
	for round := 0; len(frontier) > 0 && round < maxIterations; round++ {
		var next []int64
		for _, in := range wanted {
			if round > 0 && !in.iterate {
				continue
			}
			rids, err := s.linked(c, in, frontier)
			if err != nil {
				return err
			}
			more, err := s.canonicals(c, in, frontier)
			if err != nil {
				return err
			}
			rids = append(rids, more...)
			for _, rid := range rids {
				if !seen[rid] {
					seen[rid] = true
					next = append(next, rid)
				}
			}
		}
		if added = append(added, next...); len(added) > maxIncluded {
			return refuse(TooCostly, "the search includes more than %d resources; ask for smaller pages with _count", maxIncluded)
		}
		frontier = next
	}
	slices.Sort(added)
	var err error
	page.Included, err = s.load(c, added)
	return err
}

// linked are the resources that one inclusion adds for the given ones.
func (s *Store) linked(c conn, in inclusion, from []int64) ([]int64, error) {
	params, err := s.includeParams(c, in)
	if err != nil || len(params) == 0 {
		return nil, err
	}
	here, there := "f.rid", "f.target"
	if in.reverse {
		here, there = there, here
	}
	sel := "SELECT DISTINCT " + there + " FROM reference_index f CROSS JOIN resource t WHERE t.rid = " + there + " AND t.live = 1 AND " + here + " = ?"
	sel += " AND f.param IN (" + marks(len(params)) + ")"
	if in.target != "" {
		number, err := s.known(c, in.target)
		if err != nil {
			return nil, err
		}
		end := "t.rid"
		if in.reverse {
			end = "f.target"
		}
		sel += " AND " + end + " IN (SELECT rid FROM resource WHERE rid = " + end + " AND type = ?)"
		params = append(params, number)
	}
	var rids []int64
	add := func(row columns) error {
		rids = append(rids, row.Int64(0))
		return nil
	}
	if c.dialect().remote {
		sel = strings.Replace(sel, here+" = ?", here+" = ANY(?)", 1)
		err := c.run(sel, append([]any{from}, params...), add)
		return rids, err
	}
	for _, rid := range from {
		if err := c.run(sel, append([]any{rid}, params...), add); err != nil {
			return nil, err
		}
	}
	return rids, nil
}

// includeParams are the numbers of the reference parameters an inclusion means.
func (s *Store) includeParams(c conn, in inclusion) ([]any, error) {
	types := []string{in.typ}
	if in.typ == "*" {
		types = s.table.Resources()
	}
	var all []any
	for _, typ := range types {
		for _, def := range s.table.SearchParams(typ) {
			if def.Type != "reference" || in.param != "*" && def.Code != in.param {
				continue
			}
			n, err := s.known(c, typ+"."+def.Code)
			if err != nil {
				return nil, err
			}
			if n >= 0 {
				all = append(all, n)
			}
		}
	}
	return all, nil
}
