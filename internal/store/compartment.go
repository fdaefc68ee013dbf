package store

import (
	"context"
	"strconv"
	"strings"
)

// compartment selects the resources of a type that belong to a patient,
// encounter and so on (R4 compartmentdefinition.html).
func (b *builder) compartment(of, typ string) (cond, error) {
	kind, id, _ := strings.Cut(of, "/")
	def := b.s.table.Compartment(kind)
	if def == nil {
		return cond{}, refuse(NotFound, "there is no compartment of %.64s", kind)
	}
	nothing := cond{sel: noRows}
	codes, ok := def.Params[typ]
	if !ok {
		return nothing, nil
	}
	if id == "" {
		return b.compartments(kind, typ, codes)
	}
	rids, err := b.targets([]string{kind}, id)
	if err != nil || len(rids) == 0 {
		return nothing, err
	}
	var conds []cond
	for _, code := range codes {
		if code == "{def}" {
			if typ == kind {
				conds = append(conds, cond{sel: "SELECT rid FROM resource WHERE rid = ? AND live = 1", args: []any{rids[0]}})
			}
			continue
		}
		conds = append(conds, b.rows(references, typ+"."+code, "target = ?", rids[0]).sorted())
	}
	if typ == kind {
		conds = append(conds, cond{sel: "SELECT rid FROM resource WHERE rid = ? AND live = 1", args: []any{rids[0]}})
	}
	if len(conds) == 0 {
		return nothing, nil
	}
	return either(conds), nil
}

// compartments selects the resources of a type that belong to any patient and so on.
func (b *builder) compartments(kind, typ string, codes []string) (cond, error) {
	number, err := b.s.known(b.c, kind)
	if err != nil {
		return cond{}, err
	}
	if typ == kind {
		return cond{sel: "SELECT rid FROM resource WHERE type = ? AND live = 1", args: []any{number}}, nil
	}
	var conds []cond
	for _, code := range codes {
		c := b.rows(references, typ+"."+code, "target IN (SELECT rid FROM resource WHERE type = ?)", number)
		c.seek, c.wide = "", true
		conds = append(conds, c)
	}
	if len(conds) == 0 {
		return cond{sel: noRows}, nil
	}
	return either(conds), nil
}

// Everything finds what belongs to a patient or encounter, such as Patient/1, or to
// all of them, as Patient; the resource itself
// first, a page at a time, and with each page what it refers to outside:
// practitioners, organizations, medications and so on. Query's Types, Params
// (_since as _lastUpdated), Count and After count.
func (s *Store) Everything(ctx context.Context, of string, q Query) (Page, error) {
	kind, id, _ := strings.Cut(of, "/")
	if id != "" {
		if _, err := s.Read(ctx, kind, id); err != nil {
			return Page{}, err
		}
	}
	def := s.table.Compartment(kind)
	if def == nil {
		return Page{}, refuse(NotFound, "there is no compartment of %.64s", kind)
	}
	if len(q.Types) == 0 {
		for typ := range def.Params {
			q.Types = append(q.Types, typ)
		}
		q.Types = append(q.Types, kind)
	}
	q.Types = distinct(q.Types)
	q.Compartment = of
	page := Page{Total: -1}
	err := s.reading(ctx, func(c conn) error {
		if err := s.search(c, q, &page); err != nil {
			return err
		}
		return s.support(c, def.Params, &page)
	})
	return page, err
}

// support adds what the page's resources refer to and no compartment has.
func (s *Store) support(c conn, inside map[string][]string, page *Page) error {
	seen := map[int64]bool{}
	var rids []int64
	for _, r := range page.Resources {
		typ, err := s.known(c, r.Type)
		if err != nil {
			return err
		}
		err = c.run(`SELECT DISTINCT f.target, n.text FROM resource r JOIN reference_index f ON f.rid = r.rid JOIN resource t ON t.rid = f.target JOIN name n ON n.code = t.type
			WHERE r.type = ? AND r.id = ? AND t.live = 1`, []any{typ, r.ID}, func(row columns) error {
			rid, target := row.Int64(0), row.Text(1)
			if codes, ok := inside[target]; (!ok || len(codes) == 0) && !seen[rid] && target != "Patient" {
				seen[rid] = true
				rids = append(rids, rid)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if len(rids) > maxIncluded {
		return refuse(TooCostly, "a page refers to more than %s resources; ask for smaller pages with _count", strconv.Itoa(maxIncluded))
	}
	var err error
	page.Included, err = s.load(c, rids)
	return err
}

func distinct(all []string) []string {
	seen := map[string]bool{}
	kept := all[:0:0]
	for _, s := range all {
		if !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}
