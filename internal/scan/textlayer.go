package scan

import (
	"image"
	"math"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"

	"github.com/paperchart/paperchart/internal/page"
)

// A page that was printed to PDF carries its own words, exact and in place. They
// are taken instead of OCR where everything speaks for them: the text is what a
// reader of the page sees (not hidden beneath an image, not white, not lines
// that draw letters), upright, and its characters make sense. In any doubt the
// page is looked at as a picture.

// layerConf is the confidence of a word of a trusted layer. It is not 1: fonts
// can lie about single characters in ways that nothing here would notice.
const layerConf = 0.995

const (
	minLayerChars = 40 // fewer are a stamp or a page number on something else
	maxObjects    = 20000
)

// layer returns the page's own words and drawn lines, or nil where they are not
// to be trusted.
func (f *pdfFile) layer(number int) *page.Page {
	size, err := f.instance.GetPageSize(&requests.GetPageSize{Page: f.page(number - 1)})
	if err != nil || size.Width <= 0 || size.Height <= 0 || size.Width > 5000 || size.Height > 5000 {
		return nil
	}
	turns, err := f.instance.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: f.page(number - 1)})
	if err != nil || turns.PageRotation != 0 {
		return nil
	}
	form, err := f.instance.FPDF_GetFormType(&requests.FPDF_GetFormType{Document: f.doc})
	if err != nil || form.FormType != enums.FPDF_FORMTYPE_NONE {
		return nil // what was typed into a form is not in the text
	}
	l := layerPage{width: size.Width, height: size.Height}
	rules, ok := f.looks(number-1, l)
	if !ok {
		return nil
	}
	text, err := f.instance.GetPageTextStructured(&requests.GetPageTextStructured{Page: f.page(number - 1), Mode: requests.GetPageTextStructuredModeChars})
	if err != nil {
		return nil
	}
	words, ok := l.words(text.Chars)
	if !ok {
		return nil
	}
	return &page.Page{
		Number: number, DPI: dpi, Words: words, Rules: rules, TextLayer: true,
		ToSource: page.Scale(int(l.width*dpi/72+0.5), int(l.height*dpi/72+0.5)),
	}
}

// layerPage turns points from the lower left corner into pixels from the upper
// left at 300 to the inch.
type layerPage struct{ width, height float64 }

func (l layerPage) rect(left, bottom, right, top float64) image.Rectangle {
	const k = dpi / 72.0
	return image.Rect(int(math.Floor(left*k)), int(math.Floor((l.height-top)*k)),
		int(math.Ceil(right*k)), int(math.Ceil((l.height-bottom)*k)))
}

// looks goes through what is drawn on the page: text must be visible, images
// small, and nothing a checkbox. The drawn lines are returned.
func (f *pdfFile) looks(i int, l layerPage) (rules []page.Rule, ok bool) {
	count, err := f.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: f.page(i)})
	if err != nil || count.Count > maxObjects {
		return nil, false
	}
	for n := range count.Count {
		object, err := f.instance.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: f.page(i), Index: n})
		if err != nil {
			return nil, false
		}
		kind, err := f.instance.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
		if err != nil {
			return nil, false
		}
		switch kind.Type {
		case enums.FPDF_PAGEOBJ_TEXT:
			ok = f.visible(object.PageObject)
		case enums.FPDF_PAGEOBJ_IMAGE, enums.FPDF_PAGEOBJ_SHADING:
			r, found := f.bounds(object.PageObject, l)
			ok = found && 5*r.Dx()*r.Dy() < l.rect(0, 0, l.width, l.height).Dx()*l.rect(0, 0, l.width, l.height).Dy()
		case enums.FPDF_PAGEOBJ_PATH:
			r, found := f.bounds(object.PageObject, l)
			ok = found && !boxlike(r)
			if rule, is := asRule(r); ok && is {
				rules = append(rules, rule)
			}
		default:
			ok = false // a form holds objects of its own
		}
		if !ok {
			return nil, false
		}
	}
	return rules, true
}

func (f *pdfFile) bounds(object references.FPDF_PAGEOBJECT, l layerPage) (image.Rectangle, bool) {
	b, err := f.instance.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object})
	if err != nil {
		return image.Rectangle{}, false
	}
	return l.rect(float64(b.Left), float64(b.Bottom), float64(b.Right), float64(b.Top)), true
}

// visible reports that text is drawn, and not in white or nearly so.
func (f *pdfFile) visible(object references.FPDF_PAGEOBJECT) bool {
	mode, err := f.instance.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: object})
	if err != nil || mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE || mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_CLIP {
		return false
	}
	c, err := f.instance.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: object})
	if err != nil {
		return false
	}
	return c.FillColor.A > 64 && 2*c.FillColor.R+5*c.FillColor.G+c.FillColor.B < 8*200
}

// boxlike tells the outline of a checkbox, 2 to 6 mm square, which must be seen
// to know whether it is ticked.
func boxlike(r image.Rectangle) bool {
	w, h := r.Dx(), r.Dy()
	return min(w, h) >= dpi*8/100 && max(w, h) <= dpi*24/100 && 10*abs(w-h) <= 2*max(w, h)
}

func asRule(r image.Rectangle) (page.Rule, bool) {
	const thick, long = dpi / 20, dpi / 4 // a line's bounds count its joints
	switch w, h := r.Dx(), r.Dy(); {
	case h <= thick && w >= long:
		return page.Rule{Box: r}, true
	case w <= thick && h >= long:
		return page.Rule{Box: r, Vertical: true}, true
	}
	return page.Rule{}, false
}

// words gathers characters into words, at white space and at gaps, and judges
// whether they make sense.
func (l layerPage) words(chars []*responses.GetPageTextStructuredChar) ([]page.Word, bool) {
	var words []page.Word
	var text strings.Builder
	var box image.Rectangle
	good, bad, gaps := 0, 0, 0
	end := func() {
		if s := strings.TrimSpace(text.String()); s != "" && !box.Empty() {
			words = append(words, page.Word{Text: s, Box: box, Conf: layerConf})
		}
		text.Reset()
		box = image.Rectangle{}
	}
	for _, c := range chars {
		r, _ := firstRune(c.Text)
		if unicode.IsSpace(r) || r == 0 && c.Text == "" {
			end()
			continue
		}
		if !sensible(r) {
			bad++
			end()
			continue
		}
		if a := math.Mod(math.Abs(c.Angle), 2*math.Pi); a > 0.05 && a < 2*math.Pi-0.05 {
			return nil, false
		}
		good++
		p := c.PointPosition
		b := l.rect(p.Left, math.Min(p.Bottom, p.Top), p.Right, math.Max(p.Bottom, p.Top))
		if !box.Empty() && apart(box, b) {
			if b.Min.X-box.Max.X < b.Dy() && b.Min.X > box.Max.X {
				gaps++ // closer than words, farther than letters: a lost ligature leaves this
			}
			end()
		}
		text.WriteString(c.Text)
		box = box.Union(b)
	}
	end()
	whole := l.rect(0, 0, l.width, l.height).Inset(-dpi / 10)
	for _, w := range words {
		if !w.Box.In(whole) {
			return nil, false
		}
	}
	return words, good >= minLayerChars && 200*bad <= good && 50*gaps <= len(words) && pronounceable(words)
}

func firstRune(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return 0, false
}

// sensible excludes what a font without a proper encoding gives.
func sensible(r rune) bool {
	return r != unicode.ReplacementChar && !unicode.Is(unicode.Co, r) && !unicode.IsControl(r) && r < 0x3000
}

// apart reports that b begins another word than the one in box.
func apart(box, b image.Rectangle) bool {
	level := overlap(box.Min.Y, box.Max.Y, b.Min.Y, b.Max.Y) || b.Dy() < box.Dy()/2 || box.Dy() < b.Dy()/2
	gap := b.Min.X - box.Max.X
	return !level || gap > max(b.Dy(), box.Dy())/3 || gap < -max(b.Dx(), box.Dx())
}

// pronounceable reports that longer words have vowels, which they lose where an
// encoding is scrambled.
func pronounceable(words []page.Word) bool {
	long, vowels := 0, 0
	for _, w := range words {
		letters := 0
		for _, r := range w.Text {
			if unicode.IsLetter(r) {
				letters++
			}
		}
		if letters < 4 || letters < len(w.Text)*2/3 {
			continue
		}
		long++
		if strings.ContainsAny(strings.ToLower(w.Text), "aeiouyáéíóúäöü") {
			vowels++
		}
	}
	return long >= 3 && 10*vowels >= 9*long
}
