package fhirpath

import (
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// TestHostileExpressions: what would go on for ever, or fill the memory, ends.
func TestHostileExpressions(t *testing.T) {
	table, err := definition.Load()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := model.Parse([]byte(`{"resourceType":"Patient","name":[{"family":"A","given":["x","y"]},{"family":"B"}],"contact":[{"name":{"text":"c"}}]}`), model.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	model.Bind(table, doc.Root)
	ten := "(1|2|3|4|5|6|7|8|9|10)"
	items := "(" + strings.Repeat("1.combine(", 60) + "1" + strings.Repeat(")", 60) + ")"
	engine := New(table)
	for _, expression := range []string{
		"1.repeat($this+1)", "1.repeatAll($this+1)", "'a'.repeat($this & $this)", "'a'.repeat($this + 'b')", "'ab'.repeat($this.replace('', $this))", "'ab'.repeat($this.replaceMatches('.', '$0$0$0'))",
		"'ab'.repeat($this.encode('hex'))", "'<'.repeat($this.escape('html'))", "'<'.repeat($this.escape('json') & 'x')", "Patient.repeatAll($this)", "Patient.repeatAll(descendants())",
		items + ".aggregate($total & $total, 'xy')", items + ".aggregate($total.combine($total), (1|2))", items + ".aggregate($total.select((1|2|3)), 1)", items + ".aggregate($total.join('') & $total.join(''), 'xy')",
		strings.Repeat(ten+".select(", 9) + "1" + strings.Repeat(")", 9), strings.Repeat(ten+".where(", 9) + "true" + strings.Repeat(".exists())", 9),
		"Patient.descendants().where(" + strings.Repeat("%resource.descendants().where(", 8) + "true" + strings.Repeat(").exists()", 8) + ")",
		"'a'.matches('(((((a{30}){30}){30}){30}){30}){30}')", strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000),
	} {
		e, err := engine.Compile(expression)
		if err != nil {
			continue // refused at once
		}
		if out, err := e.Eval(doc.Root, &Env{Work: 100000}); err == nil && len(out) > 100000 {
			t.Errorf("%.60s gives %d items", expression, len(out))
		}
	}
}
