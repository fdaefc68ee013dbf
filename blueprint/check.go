package blueprint

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// BDA's limits on a blueprint, from the Bedrock Data Automation user guide
// (bda-limits, bda-blueprint-info), read in 2026.
const (
	maxLeaves      = 100
	maxListLeaves  = 30
	maxColumns     = 15
	maxDefinitions = 30
	maxSchema      = 100_000
	maxName        = 60
	maxInstruction = 300
)

// Check returns what BDA would refuse in a blueprint, one sentence each; none
// where it would take it. Data that Parse refuses yields that error alone.
func Check(data []byte) []string {
	b, err := Parse(data)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if len(data) > maxSchema {
		say("the schema is %d characters long; BDA takes %d", len(data), maxSchema)
	}
	if b.Class == "" {
		say("\"class\" is missing")
	}
	all, list := b.Leaves()
	if all > maxLeaves {
		say("%d leaf fields; BDA takes %d", all, maxLeaves)
	}
	if list > maxListLeaves {
		say("%d fields in lists; BDA takes %d", list, maxListLeaves)
	}
	if n := len(b.Tables) + len(b.Groups); n > maxDefinitions {
		say("%d custom types; BDA takes %d", n, maxDefinitions)
	}
	for _, t := range b.Tables {
		if len(t.Columns) > maxColumns {
			say("table %q has %d columns; BDA takes %d", t.Name, len(t.Columns), maxColumns)
		}
		out = append(out, checkField(Field{Name: t.Name, Instruction: t.Instruction})...)
		for _, f := range t.Columns {
			out = append(out, checkField(f)...)
		}
	}
	for _, g := range b.Groups {
		for _, f := range g.Fields {
			out = append(out, checkField(f)...)
		}
	}
	for _, f := range b.Fields {
		out = append(out, checkField(f)...)
	}
	return out
}

func checkField(f Field) []string {
	var out []string
	if n := utf8.RuneCountInString(f.Name); n > maxName {
		out = append(out, fmt.Sprintf("field %q: its name is %d characters long; BDA takes %d", f.Name, n, maxName))
	}
	if strings.Contains(f.Name, "/") {
		out = append(out, fmt.Sprintf("field %q: a name may not contain \"/\"", f.Name))
	}
	if f.Instruction == "" {
		out = append(out, fmt.Sprintf("field %q: its instruction is missing", f.Name))
	}
	if n := utf8.RuneCountInString(f.Instruction); n > maxInstruction {
		out = append(out, fmt.Sprintf("field %q: its instruction is %d characters long; keep to %d", f.Name, n, maxInstruction))
	}
	return out
}
