package page

import (
	"image"
	"slices"
)

// Unread are the places of a page with writing that could not be read, with those
// that touch joined; none where they are no more than a signature or a stamp would be.
func (p *Page) Unread() []image.Rectangle {
	var all []image.Rectangle
	read := 0
	for _, w := range p.Words {
		if w.Text == "" {
			all = append(all, w.Box)
			continue
		}
		read += w.Box.Dx() * w.Box.Dy()
	}
	places := joined(all, max(1, p.DPI/10))
	area, lines := 0, 0
	for _, r := range places {
		area += r.Dx() * r.Dy()
		lines += max(1, r.Dy()/max(1, p.DPI/4))
	}
	// A page's signature and stamp are a few square inches at most.
	if lines < leastPlaces || 12*area < read {
		return nil
	}
	return places
}

// leastPlaces is how many lines of unread ink are more than a signature.
const leastPlaces = 4

// joined unites rectangles that are at most a distance apart.
func joined(all []image.Rectangle, near int) []image.Rectangle {
	var out []image.Rectangle
	for _, r := range all {
		for i := 0; i < len(out); {
			if r.Inset(-near).Overlaps(out[i]) {
				r = r.Union(out[i])
				out = slices.Delete(out, i, i+1)
				i = 0
				continue
			}
			i++
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b image.Rectangle) int { return (a.Min.Y - b.Min.Y) })
	return out
}
