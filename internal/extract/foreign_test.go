package extract

import (
	"strings"
	"testing"
)

// TestForeign holds what stands on a page in another language back for a person.
func TestForeign(t *testing.T) {
	d := extracted(t, `
Patient: Ruiz, Ana          DOB: 02/03/1970

ALLERGIES
Penicillin - rash

MEDICATIONS
Metformin 500 mg PO BID

La paciente es una mujer de 54 años que acude a la consulta por dolor en el
pecho desde hace dos días. No tiene fiebre. Toma la metformina con las comidas y
el losartán por la mañana. Se le indica reposo y volver en una semana a la consulta.
`)[0]
	if notes := d.Source.Notes[1]; len(notes) != 1 || !strings.Contains(notes[0], "Spanish") {
		t.Errorf("notes are %v", d.Source.Notes)
	}
	for name, f := range d.Fields {
		if f.Confidence > 0.7 || f.Remark == "" {
			t.Errorf("%s is sure by %.2f, remark %q", name, f.Confidence, f.Remark)
		}
	}
	for name, rows := range d.Tables {
		for _, row := range rows {
			for column, f := range row {
				if f.Confidence > 0.7 {
					t.Errorf("%s.%s is sure by %.2f", name, column, f.Confidence)
				}
			}
		}
	}
	if len(d.Tables["medications"]) == 0 {
		t.Error("nothing is there to be looked at")
	}
}
