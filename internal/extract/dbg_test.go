package extract

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/layout"
)

func TestDbg(t *testing.T) {
	f := os.Getenv("DBG")
	if f == "" {
		t.Skip()
	}
	b, _ := os.ReadFile(f)
	d := typed(string(b))
	fmt.Println(layout.Dump(d))
	e := &Engine{Terms: words{}, Now: func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) }}
	r := e.reader(newLexicon(blueprint.Default()), d)
	r.read()
	for _, l := range r.labelled {
		fmt.Printf("L %q=%q concept %q sec %d who %d bond %.2f close %.2f\n", l.label.text, l.value.text, l.means.concept, l.sec, l.who, l.bond, l.closeness)
	}
	for _, c := range r.chunks {
		fmt.Printf("C sec %d %q inline %v parts %d\n", c.sec, c.title.text, c.inline, len(c.parts))
	}
	for _, c := range r.candidates {
		fmt.Printf("K %s=%q w %.2f %+v\n", c.field, c.value, c.weight, c.sig)
	}
}
