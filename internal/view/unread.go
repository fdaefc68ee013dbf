package view

import (
	"fmt"
	"slices"
)

// unread is a row for each page with writing that could not be read.
func (m maker) unread() []Row {
	count := map[int]int{}
	for _, g := range m.d.Source.Unread {
		count[g.Page]++
	}
	var rows []Row
	for page, n := range count {
		rows = append(rows, Row{Cells: []string{fmt.Sprintf("writing that could not be read, %d places", n)}, Page: page, Review: true})
	}
	slices.SortFunc(rows, func(a, b Row) int { return a.Page - b.Page })
	return rows
}
