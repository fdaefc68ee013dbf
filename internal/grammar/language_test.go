package grammar

import (
	"strings"
	"testing"
)

func TestLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"El paciente es un varón de 54 años que acude a la consulta por dolor en el pecho desde hace dos días. No tiene alergias a los medicamentos. Toma losartán de 50 mg una vez al día para la hipertensión y metformina con las comidas.":                                     "Spanish",
		"La patiente est une femme de 61 ans suivie pour une hypertension artérielle et un diabète de type 2. Elle prend du bisoprolol le matin et de la metformine avec les repas. Pas d'allergie connue dans le dossier.":                                                        "French",
		"Der Patient wurde am 3. März mit Fieber und Husten aufgenommen. In der Röntgenaufnahme zeigte sich eine Pneumonie. Er ist nicht allergisch und nimmt seit dem Jahr 2019 ein Präparat gegen den Bluthochdruck. Die Entlassung erfolgte nach fünf Tagen mit Besserung.":     "German",
		"O paciente foi internado com dor no peito e falta de ar. Não tem alergias. Toma losartana para a pressão e metformina com as refeições. O exame do coração foi normal e ele teve alta no dia seguinte com uma receita de aspirina.":                                       "Portuguese",
		"Mrs. De La Cruz of La Jolla was seen in clinic on the 3rd with her son. She has a history of hypertension and is on losartan. No allergies are known. The plan is to continue and to return in a year, and she was asked to call us if the pain in her chest comes back.": "",
		"Glucose 98 mg/dL 70-99 Sodium 140 mmol/L 135-145 Potassium 4.1 mmol/L 3.5-5.1 Chloride 103 mmol/L 98-107":                                                                                                                                                                 "",
		"Nombre: Ana Ruiz Fecha: 03/04/2024": "",
	} {
		if got := Language(strings.Fields(text)); got != want {
			t.Errorf("%.40q is %q, want %q", text, got, want)
		}
	}
}
