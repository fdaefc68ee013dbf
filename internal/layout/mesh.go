package layout

import "image"

// mesh is a set of rules that touch one another.
type mesh struct{ h, v []image.Rectangle }

// meshes groups rules that touch.
func (s *sheet) meshes() []mesh {
	if len(s.horizontals)+len(s.verticals) > maxRules {
		return nil
	}
	tol := 0.4 * s.unit
	parent := make([]int, len(s.horizontals)+len(s.verticals))
	for i := range parent {
		parent[i] = i
	}
	var find func(int) int
	find = func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, h := range s.horizontals {
		for j, v := range s.verticals {
			if overlapX(h, v) > -tol && overlapY(h, v) > -tol {
				parent[find(i)] = find(len(s.horizontals) + j)
			}
		}
	}
	byRoot := map[int]*mesh{}
	var order []int
	at := func(i int) *mesh {
		r := find(i)
		if byRoot[r] == nil {
			byRoot[r] = &mesh{}
			order = append(order, r)
		}
		return byRoot[r]
	}
	for i, h := range s.horizontals {
		m := at(i)
		m.h = append(m.h, h)
	}
	for j, v := range s.verticals {
		m := at(len(s.horizontals) + j)
		m.v = append(m.v, v)
	}
	out := make([]mesh, 0, len(order))
	for _, r := range order {
		out = append(out, *byRoot[r])
	}
	return out
}
