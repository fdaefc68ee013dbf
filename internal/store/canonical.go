package store

import (
	"slices"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// A canonical leads to a resource by that one's url. Its rows are in the table of
// uris, so what follows references has to look there too.

// byURL is the parameter by which a type is found by canonicals; empty where it
// has none.
func (s *Store) byURL(typ string) string {
	if def := s.table.SearchParam(typ, "url"); def != nil && def.Type == "uri" && s.table.SearchParam(typ, "version") != nil {
		return typ + ".url"
	}
	return ""
}

// canonicalTo is a condition on what has canonicals of resources of a type.
func (b *builder) canonicalTo(name, typ string, inner cond) (cond, bool, error) {
	url := b.s.byURL(typ)
	if url == "" {
		return cond{}, false, nil
	}
	param, err := b.s.known(b.c, url)
	if err != nil || param < 0 {
		return cond{}, false, err
	}
	c := b.rows(uris, name, "uri IN (SELECT u.uri FROM uri_index u WHERE u.param = ? AND u.rid IN ("+inner.sel+"))", append([]any{param}, inner.args...)...)
	c.seek = ""
	return c, true, nil
}

// canonicalFrom are the resources of a type to which canonicals of others lead.
func (b *builder) canonicalFrom(name, typ string, number int64, inner cond) (cond, bool, error) {
	url := b.s.byURL(typ)
	if url == "" {
		return cond{}, false, nil
	}
	to, err := b.s.known(b.c, url)
	from, err2 := b.s.known(b.c, name)
	if err = first(err, err2); err != nil || to < 0 || from < 0 {
		return cond{}, false, err
	}
	return cond{
		sel: "SELECT t.rid FROM (" + inner.sel + ") i JOIN uri_index f ON f.rid = i.rid JOIN uri_index u ON u.uri = f.uri JOIN resource t ON t.rid = u.rid" +
			" WHERE f.param = ? AND u.param = ? AND t.type = ? AND t.live = 1",
		args: append(slices.Clone(inner.args), from, to, number),
	}, true, nil
}

// canonicals are the resources that one inclusion adds by canonicals.
func (s *Store) canonicals(c conn, in inclusion, from []int64) ([]int64, error) {
	defs := s.canonicalParams(in)
	if len(defs) == 0 {
		return nil, nil
	}
	resources, err := s.load(c, from)
	if err != nil {
		return nil, err
	}
	var all []int64
	for _, r := range resources {
		if !in.reverse && in.typ != "*" && r.Type != in.typ || in.reverse && s.byURL(r.Type) == "" {
			continue
		}
		parsed, err := s.parse(r.Body)
		if err != nil {
			return nil, err
		}
		for _, row := range s.index.rows(parsed) {
			if row.kind != uris {
				continue
			}
			for name, targets := range defs {
				switch {
				case in.reverse && row.param == s.byURL(r.Type) && slices.Contains(targets, r.Type):
					err = s.withURI(c, &all, name, row.text)
				case !in.reverse && row.param == name:
					for _, t := range targets {
						if err == nil {
							err = s.withURI(c, &all, s.byURL(t), row.text)
						}
					}
				}
				if err != nil {
					return nil, err
				}
			}
		}
	}
	return all, nil
}

func (s *Store) withURI(c conn, all *[]int64, name, uri string) error {
	param, err := s.known(c, name)
	if err != nil || param < 0 {
		return err
	}
	return c.run("SELECT rid FROM uri_index WHERE param = ? AND uri = ?", []any{param, c.dialect().key(uri)}, func(row columns) error {
		*all = append(*all, row.Int64(0))
		return nil
	})
}

// canonicalParams are the parameters of an inclusion that may be canonicals, with
// the types that they lead to by URL.
func (s *Store) canonicalParams(in inclusion) map[string][]string {
	types := []string{in.typ}
	if in.typ == "*" {
		types = s.table.Resources()
	}
	all := map[string][]string{}
	for _, typ := range types {
		for _, def := range s.table.SearchParams(typ) {
			if def.Type != "reference" || in.param != "*" && def.Code != in.param {
				continue
			}
			if targets := s.withURLs(def, in.target); len(targets) > 0 {
				all[typ+"."+def.Code] = targets
			}
		}
	}
	return all
}

func (s *Store) withURLs(def definition.SearchParam, only string) []string {
	var all []string
	for _, t := range def.Targets {
		if (only == "" || only == t) && s.byURL(t) != "" {
			all = append(all, t)
		}
	}
	return all
}
