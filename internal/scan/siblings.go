package scan

import "image"

// pale is the grey below which the thin, blurred or broken side of a box that
// must be there still shows.
const pale = 205

// siblings finds the boxes whose outline is too pale or broken to be known by
// itself: of the size of the boxes that were found, in a column or a row with one.
func siblings(g *image.Gray, known []box, near *shelf) []box {
	var size box
	most := 1
	for _, b := range known {
		if n := likes(known, b); n > most {
			size, most = b, n
		}
	}
	if most < 2 {
		return nil
	}
	w, h := size.at.Dx(), size.at.Dy()
	var found []box
	for _, s := range places(g.Bounds(), known, size) {
		at := image.Rect(s.X, s.Y, s.X+w, s.Y+h)
		if _, ok := outlined(g, at); !ok || taken(at, known) || taken(at, found) {
			continue
		}
		if at = settle(g, at); !inWord(at, near) && onPaper(g, at, pale) && !runsOn(g, at, pale) && thin(g, at) {
			found = append(found, measure(g, at, at))
		}
	}
	return found
}

// places are the corners to try: below and above each known box, and beside it.
func places(page image.Rectangle, known []box, size box) []image.Point {
	var out []image.Point
	columns, rows := map[int]bool{}, map[int]bool{}
	step := max(3, size.at.Dx()/6)
	for _, b := range known {
		if !alikeBoxes(b, size) {
			continue
		}
		if c := b.at.Min.X / step; !columns[c] {
			columns[c] = true
			for at := 0; at+size.at.Dy() <= page.Dy(); at += 2 {
				out = append(out, image.Pt(b.at.Min.X-step, at), image.Pt(b.at.Min.X, at), image.Pt(b.at.Min.X+step, at))
			}
		}
		if c := b.at.Min.Y / step; !rows[c] {
			rows[c] = true
			for at := 0; at+size.at.Dx() <= page.Dx(); at += 2 {
				out = append(out, image.Pt(at, b.at.Min.Y-step), image.Pt(at, b.at.Min.Y), image.Pt(at, b.at.Min.Y+step))
			}
		}
	}
	return out
}

// settle moves a box by a few pixels to where its outline is best.
func settle(g *image.Gray, at image.Rectangle) image.Rectangle {
	best, where := 0.0, at
	for dy := -4; dy <= 4; dy++ {
		for dx := -4; dx <= 4; dx++ {
			r := at.Add(image.Pt(dx, dy))
			if share, _ := outlined(g, r); share > best && r.In(g.Bounds()) {
				best, where = share, r
			}
		}
	}
	return where
}

// outlined is the inked share of a box's outline, and whether each side has
// enough of it.
func outlined(g *image.Gray, at image.Rectangle) (share float64, ok bool) {
	const side, all = 0.6, 0.8
	slack := max(2, at.Dx()/16)
	least := 1.0
	for i := range 4 {
		v := 0.0
		switch i {
		case 0:
			v = levelCover(g, at.Min.Y-slack, at.Min.Y+slack+1, at, pale)
		case 1:
			v = levelCover(g, at.Max.Y-1-slack, at.Max.Y+slack, at, pale)
		case 2:
			v = plumbCover(g, at.Min.X-slack, at.Min.X+slack+1, at, pale)
		case 3:
			v = plumbCover(g, at.Max.X-1-slack, at.Max.X+slack, at, pale)
		}
		if least = min(least, v); least < side {
			return 0, false
		}
		share += v / 4
	}
	return share, share >= all
}

// taken reports that a known box is there already.
func taken(at image.Rectangle, known []box) bool {
	for _, b := range known {
		if at.Overlaps(b.at) {
			return true
		}
	}
	return false
}
