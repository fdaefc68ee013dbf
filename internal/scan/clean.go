package scan

import "image"

// clean takes away what the scanner added: dark borders, punch holes, specks.
func clean(g *image.Gray, ink *inkMap, dpi int) (found []string) {
	dropped := make([]bool, len(ink.blobs))
	near := newShelf(ink.letters(dpi), dpi/6)
	border := make([]bool, len(ink.blobs))
	for i := range ink.blobs {
		b := &ink.blobs[i]
		switch {
		case isBorder(b, ink.bounds):
			border[i] = true
		case isHole(b, ink.bounds, dpi):
			dropped[i] = true
			found = append(found, "punch holes")
		case isSpeck(b, near, dpi) && onWhite(g, b.box):
			dropped[i] = true
		}
	}
	margin := min(ink.bounds.Dx(), ink.bounds.Dy()) / 16
	inside := ink.bounds.Inset(margin)
	ink.erase(g, func(label int32, r run) bool {
		if border[label] {
			return !image.Pt(int(r.x0), int(r.y)).In(inside) || !image.Pt(int(r.x1), int(r.y)).In(inside)
		}
		return dropped[label]
	})
	return found
}

// isBorder tells the dark band that a scanner's lid or a copier's edge leaves:
// it touches the edge of the picture and is larger than any letter.
func isBorder(b *blob, page image.Rectangle) bool {
	edge := b.box.Min.X <= 1 || b.box.Min.Y <= 1 || b.box.Max.X >= page.Max.X-1 || b.box.Max.Y >= page.Max.Y-1
	return edge && max(b.box.Dx(), b.box.Dy()) > min(page.Dx(), page.Dy())/20 && b.area > page.Dx()*page.Dy()/20000
}

// isHole tells the shadow of a punch hole: a disc of 5 to 8 mm by an edge.
func isHole(b *blob, page image.Rectangle, dpi int) bool {
	w, h := b.box.Dx(), b.box.Dy()
	round := 10*w >= 8*h && 10*h >= 8*w && min(w, h) >= dpi*17/100 && max(w, h) <= dpi*35/100
	return round && 10*b.area >= 7*w*h && !middle(b.box).In(page.Inset(page.Dx()/9))
}

// onWhite reports that what surrounds a small thing is paper and not the paler
// part of a letter.
func onWhite(g *image.Gray, r image.Rectangle) bool {
	ring := r.Inset(-3).Intersect(g.Bounds())
	sum, n := 0, 0
	for y := ring.Min.Y; y < ring.Max.Y; y++ {
		for x := ring.Min.X; x < ring.Max.X; x++ {
			if !image.Pt(x, y).In(r.Inset(-1)) {
				sum += int(g.Pix[y*g.Stride+x])
				n++
			}
		}
	}
	return n > 0 && sum >= 225*n
}

// isSpeck tells dirt from a full stop: as small as one, with no letter near.
// Decimal points must survive at any price.
func isSpeck(b *blob, letters *shelf, dpi int) bool {
	if max(b.box.Dx(), b.box.Dy()) > max(2, dpi/50) {
		return false
	}
	alone := true
	reach := b.box.Inset(-dpi / 12)
	letters.near(middle(b.box), func(i int) {
		if letters.boxes[i].Overlaps(reach) {
			alone = false
		}
	})
	return alone
}
