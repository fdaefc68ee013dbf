package extract

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/result"
)

// The labels, abbreviations and words of negation that are known are English: of a
// page in another language everything waits for a person, and the page says why.
const remarkForeign = "the page is not in English"

// foreign are the pages in another language, by number, with its name.
func foreign(doc *layout.Document) map[int]string {
	out := map[int]string{}
	for _, p := range doc.Pages {
		var words []string
		for _, l := range pageLines(p) {
			for _, w := range l.Words {
				words = append(words, w.Text)
			}
		}
		if language := grammar.Language(words); language != "" {
			out[p.Number] = language
		}
	}
	return out
}

// and returns the doubts with those about pages in another language.
func (d doubts) and(pages map[int]string) doubts {
	if len(pages) == 0 {
		return d
	}
	out := doubts{}
	maps.Copy(out, d)
	for page := range pages {
		if out[page] == "" {
			out[page] = remarkForeign
		}
	}
	return out
}

// source says what the pages of one part have to be told about: another language,
// and writing that could not be read.
func source(src result.Source, doc *layout.Document, pages []int, abroad map[int]string) result.Source {
	notes := map[int][]string{}
	maps.Copy(notes, src.Notes)
	for page, language := range abroad {
		notes[page] = append(slices.Clone(notes[page]), "written in "+language+": only English is read, so that everything on it waits for review")
	}
	for _, p := range doc.Pages {
		if p.Page == nil || !slices.Contains(pages, p.Number-1) {
			continue
		}
		places := p.Unread()
		for _, r := range places {
			src.Unread = append(src.Unread, geometry([]ink{{Page: p.Number, Word: page.Word{Box: r}}}, leaf{p.Page, origin{page: p.Number}}))
		}
		if len(places) > 0 {
			notes[p.Number] = append(slices.Clone(notes[p.Number]), fmt.Sprintf("writing that could not be read in %d places: handwriting, or print too poor", len(places)))
		}
	}
	if len(notes) > 0 {
		src.Notes = notes
	}
	return src
}
