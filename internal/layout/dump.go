package layout

import (
	"fmt"
	"strings"
)

// Dump renders a document for goldens and for people: sections first, then each
// page's banner, pairs and choices. It prints what was read; keep it out of logs.
func Dump(d *Document) string {
	var b strings.Builder
	for _, s := range d.Sections {
		dumpSection(&b, s)
	}
	for _, p := range d.Pages {
		dumpPage(&b, p)
	}
	return b.String()
}

func dumpSection(b *strings.Builder, s Section) {
	kind := "##"
	if s.Inline {
		kind = "#:"
	}
	fmt.Fprintf(b, "%s %s\n", kind, s.Heading.Text())
	for _, bl := range s.Blocks {
		if bl.Table != nil {
			dumpTable(b, *bl.Table)
			continue
		}
		for i, l := range bl.Lines {
			mark := "   "
			if i == 0 {
				mark = "  ¶"
			}
			if l.Wraps {
				mark = "  ↵"
			}
			fmt.Fprintf(b, "%s %s\n", mark, l.Text())
		}
	}
}

func dumpTable(b *strings.Builder, t Table) {
	kind := "table"
	if t.Ruled {
		kind = "ruled table"
	}
	n := len(t.Header)
	if len(t.Rows) > 0 {
		n = len(t.Rows[0])
	}
	fmt.Fprintf(b, "  %s %d×%d\n", kind, len(t.Rows), n)
	if len(t.Header) > 0 {
		fmt.Fprintf(b, "  ‖%s\n", dumpRow(t.Header))
	}
	for _, r := range t.Rows {
		fmt.Fprintf(b, "  |%s\n", dumpRow(r))
	}
}

func dumpRow(cells []Cell) string {
	var b strings.Builder
	for _, c := range cells {
		fmt.Fprintf(&b, " %s |", c.Text())
	}
	return b.String()
}

var whereNames = [...]string{Beside: "→", Below: "↓", Above: "↑"}

func dumpPage(b *strings.Builder, p *Page) {
	fmt.Fprintf(b, "== page %d\n", p.Number)
	for _, l := range p.Fax {
		fmt.Fprintf(b, "fax %s\n", l.Text())
	}
	for _, l := range p.Banner {
		fmt.Fprintf(b, "~ %s\n", l.Text())
	}
	for _, r := range p.Pairs {
		fmt.Fprintf(b, "%.2f %s %s %s\n", r.Score, r.Label.Text(), whereNames[r.Where], r.Value.Text())
	}
	for _, c := range p.Choices {
		box := "[ ]"
		if c.Mark.Checked {
			box = "[x]"
		}
		fmt.Fprintf(b, "%s %s", box, c.Label.Text())
		if len(c.Question.Words) > 0 {
			fmt.Fprintf(b, " ← %s", c.Question.Text())
		}
		b.WriteByte('\n')
	}
}
