package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Coding is a code of a system, which may be empty.
type Coding struct{ System, Code string }

// Labels are the profiles, tags and security labels that resources have, each once
// and sorted.
type Labels struct {
	Profiles       []string
	Tags, Security []Coding
}

// maxLabels bounds each list of a Labels.
const maxLabels = 1000

// Labels tells which labels the resources of some types have.
func (s *Store) Labels(ctx context.Context, types []string) (Labels, error) {
	var out Labels
	err := s.reading(ctx, func(c conn) error {
		for _, typ := range types {
			if err := s.labels(c, typ, &out); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return out, fmt.Errorf("read labels: %w", err)
	}
	for _, list := range []*[]Coding{&out.Tags, &out.Security} {
		slices.SortFunc(*list, func(a, b Coding) int { return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Code, b.Code)) })
		*list = slices.Compact(*list)
	}
	slices.Sort(out.Profiles)
	out.Profiles = slices.Compact(out.Profiles)
	return out, nil
}

func (s *Store) labels(c conn, typ string, out *Labels) error {
	for name, list := range map[string]*[]Coding{"._tag": &out.Tags, "._security": &out.Security} {
		param, err := s.known(c, typ+name)
		if err != nil {
			return err
		}
		err = c.run("SELECT DISTINCT coalesce(n.text, ''), t.code FROM token_index t LEFT JOIN name n ON n.code = t.system WHERE t.param = ? LIMIT ?", []any{param, maxLabels}, func(row columns) error {
			*list = append(*list, Coding{row.Text(0), row.Text(1)})
			return nil
		})
		if err != nil {
			return err
		}
	}
	param, err := s.known(c, typ+"._profile")
	if err != nil {
		return err
	}
	return c.run("SELECT DISTINCT uri FROM uri_index WHERE param = ? LIMIT ?", []any{param, maxLabels}, func(row columns) error {
		out.Profiles = append(out.Profiles, row.Text(0))
		return nil
	})
}
