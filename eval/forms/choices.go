package forms

import (
	"strings"

	"github.com/paperchart/paperchart/eval/paper"
)

func optional(field, text string) string {
	if text == "" {
		return ""
	}
	return key(field, text)
}

// choice prints a question with its answers as checkboxes, the true one ticked.
func (w *Writer) choice(question, field, answer string, options ...string) {
	w.Text(w.X+4, w.Y, w.Style, question+":")
	tick := paper.Tick(1 + w.r.IntN(3))
	x := w.X + 112
	for _, o := range options {
		t, text := paper.Empty, o
		if strings.EqualFold(o, answer) {
			t, text = tick, keyed(field, strings.ToLower(answer), o)
		}
		x = w.Text(w.Checkbox(x, w.Y, 8, t), w.Y, w.Style, text) + 22
	}
	w.Y += w.Lead + 5
}

// checklist prints common illnesses with the patient's own among them ticked.
func (w *Writer) checklist() {
	common := []string{"Asthma", "Diabetes", "Heart disease", "High blood pressure", "Stroke", "Kidney disease", "Thyroid disease", "Seizures", "Arthritis", "Depression", "Cancer", "Anemia"}
	tick := paper.Tick(1 + w.r.IntN(3))
	row := 0
	for i, name := range common {
		t, text := paper.Empty, key("!conditions.unchecked", name)
		if w.r.IntN(4) == 0 {
			t, text = tick, cell("conditions", row, "condition_name", name)
			row++
		}
		x := w.X + 4 + float64(i%4)*130
		w.Text(w.Checkbox(x, w.Y, 8, t), w.Y, w.Style, text)
		if i%4 == 3 {
			w.Y += w.Lead + 4
		}
	}
	w.Gap(4)
	w.rec.Problems = nil
}
