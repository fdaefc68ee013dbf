package extract

import (
	"image"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// typed lays pages out from a picture in text: a character is a cell of 20×44
// pixels; "▢" and "▣" are boxes. Pages are parted by a form feed.
func typed(text string) *layout.Document {
	var pages []*page.Page
	for i, t := range strings.Split(text, "\f") {
		pages = append(pages, typedPage(i+1, strings.Trim(t, "\n")))
	}
	return layout.Arrange(pages)
}

func typedPage(number int, text string) *page.Page {
	p := &page.Page{Number: number, DPI: 200, Image: image.NewGray(image.Rect(0, 0, 1700, 2200)), ToSource: page.Scale(1700, 2200)}
	for y, l := range strings.Split(text, "\n") {
		row := []rune(l)
		for x := 0; x < len(row); {
			if row[x] == ' ' {
				x++
				continue
			}
			if row[x] == '▢' || row[x] == '▣' {
				p.Marks = append(p.Marks, page.Mark{Box: image.Rect(x*20, y*44+6, x*20+24, y*44+30), Checked: row[x] == '▣', Conf: 0.95})
				x++
				continue
			}
			from := x
			for x < len(row) && row[x] != ' ' && row[x] != '▢' && row[x] != '▣' {
				x++
			}
			p.Words = append(p.Words, typedWord(string(row[from:x]), from*20, y*44+32))
		}
	}
	return p
}

func typedWord(text string, x, base int) page.Word {
	top, bot := 19, 0
	for _, r := range text {
		if strings.ContainsRune("gjpqy,;Q", r) {
			bot = 8
		}
		if strings.ContainsRune("bdfhklti", r) || r < 'a' || r > 'z' {
			top = 26
		}
	}
	return page.Word{Text: text, Conf: 0.97, Box: image.Rect(x, base-top, x+utf8.RuneCountInString(text)*20-4, base+bot)}
}

// extracted runs the engine over typed pages, with the vocabulary of the tests.
func extracted(t *testing.T, text string) []result.Document {
	t.Helper()
	e := &Engine{Blueprint: blueprint.Default(), Terms: words{}, Now: func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) }}
	docs, err := e.Extract(t.Context(), typed(text), result.Source{File: "x.pdf"})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// words is a vocabulary of the few terms that the tests need.
type words struct{}

var known = map[terms.Domain]string{
	terms.Diagnosis: "hypertension=I10, essential hypertension=I10, hypothyroidism=E03.9, vitamin d deficiency=E55.9, type 2 diabetes mellitus=E11.9, type 2 diabetes=E11.9, dm2=E11.9, copd=J44.9, asthma=J45.909, gerd=K21.9, breast cancer=C50.919, coronary artery disease=I25.10, stroke=I63.9, pneumonia=J18.9, hyperlipidemia=E78.5, migraine=G43.909, anxiety=F41.9, chest pain=R07.9, rheumatoid arthritis=M06.9, gout=M10.9, colon cancer=C18.9, lung cancer=C34.90, osteoporosis=M81.0, diabetes=E11.9, heart disease=I51.9",
	terms.Drug:      "levothyroxine, lisinopril, metformin, atorvastatin, albuterol, albuterol hfa, glipizide, warfarin, aspirin, prednisone, naproxen, torsemide, carvedilol, ibuprofen, amoxicillin, sertraline, penicillin, codeine, cholecalciferol, insulin glargine, sulfa",
	terms.Lab:       "tsh, free t4, vitamin d, glucose, creatinine, hemoglobin, hemoglobin a1c, potassium, sodium, wbc, bnp, platelets, k, na, bun, ldl, hdl, hgb, a1c, ferritin, uric acid",
	terms.Allergen:  "penicillin, pcn, sulfa, sulfa drugs, latex, peanut, peanuts, shellfish, codeine, aspirin, bee stings",
	terms.Reaction:  "hives, rash, anaphylaxis, nausea, swelling, nausea and vomiting",
	terms.Vaccine:   "influenza, tdap, mmr, dtap, ipv, hep b, covid-19, varicella",
	terms.Procedure: "appendectomy, colonoscopy, cholecystectomy, right inguinal hernia repair, cesarean section",
	terms.Specialty: "family medicine, internal medicine, cardiology",
	terms.Route:     "oral, po, by mouth",
}

func (words) Match(d terms.Domain, text string) (terms.Match, bool) {
	k := key(text)
	for entry := range strings.SplitSeq(known[d], ", ") {
		term, code, _ := strings.Cut(entry, "=")
		if key(term) != k {
			continue
		}
		c := &terms.Concept{Domain: d, Name: term}
		if code != "" {
			c.Codings = []terms.Coding{{System: terms.ICD10CM, Code: code}}
			c.Name = code
		}
		return terms.Match{Concept: c, Term: term, Score: 1}, true
	}
	return terms.Match{}, false
}
func (w words) Search(d terms.Domain, text string, limit int) []terms.Match { return nil }
func (words) Code(system, code string) (terms.Coding, bool) {
	if system == terms.ICD10CM && strings.Contains(known[terms.Diagnosis], "="+code) {
		return terms.Coding{System: system, Code: code}, true
	}
	return terms.Coding{}, false
}
func (words) Unit(text string) (string, bool) {
	return text, strings.Contains(" mIU/L ng/dL ng/mL mg/dL g/dL % mmol/L K/uL fL ", " "+text+" ")
}

// show prints what was read, for the eye and for goldens: one line a value.
func show(docs []result.Document) string {
	var b strings.Builder
	for i, d := range docs {
		if i > 0 {
			b.WriteString("----\n")
		}
		showDoc(&b, d)
	}
	return b.String()
}
