package extract

import (
	"image"

	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/terms"
)

// besideUnread is the probability that a value is all that is printed where ink
// next to it could not be read.
const besideUnread = 0.5

// remarkUnread says why such a value is in doubt.
const remarkUnread = "ink beside the value could not be read"

// whole is false where ink that could not be read stands next to a value.
func whole(words []ink, pages map[int]leaf) bool {
	for _, run := range runs(words) {
		if p := pages[run[0].Page]; p.Page != nil && len(unreadBeside(run, p.Page)) > 0 {
			return false
		}
	}
	return true
}

// unreadBeside is the unread ink nearer to a run of words than a wide space.
func unreadBeside(run []ink, p *page.Page) []page.Word {
	box := run[0].Box
	for _, w := range run[1:] {
		box = box.Union(w.Box)
	}
	near := image.Rect(box.Min.X-box.Dy(), box.Min.Y, box.Max.X+box.Dy(), box.Max.Y)
	var out []page.Word
	for _, w := range p.Words {
		if w.Text == "" && w.Box.Overlaps(near) && 2*w.Box.Intersect(near).Dy() > min(w.Box.Dy(), near.Dy()) {
			out = append(out, w)
		}
	}
	return out
}

// completed is the term that a test's name becomes with the unread ink behind it,
// where what that ink may say makes another known test of it: "Hemoglobin" with
// "Aic". Whoever asks must have a second reason to believe it.
func (r *reader) completed(name passage) (terms.Match, bool) {
	if len(name.ink) == 0 || r.doc == nil {
		return terms.Match{}, false
	}
	rs := runs(name.ink)
	last := rs[len(rs)-1]
	for _, p := range r.doc.Pages {
		if p.Page == nil || p.Page.Number != last[0].Page {
			continue
		}
		for _, w := range unreadBeside(last, p.Page) {
			if w.Box.Min.X < last[len(last)-1].Box.Min.X || len(w.Alternatives) == 0 {
				continue
			}
			if m, ok := r.terms.Match(terms.Lab, name.text+" "+w.Alternatives[0]); ok && m.Score >= 0.9 {
				return m, true
			}
		}
	}
	return terms.Match{}, false
}
