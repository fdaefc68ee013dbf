package scan

import "image"

// blob is one connected piece of ink.
type blob struct {
	box  image.Rectangle
	area int
}

// run is a stretch of ink in one row, x1 exclusive.
type run struct {
	x0, x1, y int32
	label     int32
}

// inkMap holds a page's ink as runs, gathered into blobs (8-connected).
type inkMap struct {
	bounds image.Rectangle
	runs   []run
	blobs  []blob
	// stale says that the page has been turned since.
	stale bool
}

// dark is the grey below which a flattened page's pixel counts as ink.
const dark = 150

// findInk gathers the ink of a flattened page.
func findInk(g *image.Gray) *inkMap {
	m := &inkMap{bounds: g.Bounds(), runs: make([]run, 0, 1<<16)}
	parent := make([]int32, 0, 1<<14)
	before, here := 0, 0
	for y := range m.bounds.Dy() {
		here = len(m.runs)
		m.rowRuns(g.Pix[y*g.Stride:y*g.Stride+m.bounds.Dx()], int32(y))
		parent = m.join(before, here, parent)
		before = here
	}
	m.gather(parent)
	return m
}

func (m *inkMap) rowRuns(row []uint8, y int32) {
	for x := 0; x < len(row); {
		if row[x] >= dark {
			x++
			continue
		}
		begin := x
		for x < len(row) && row[x] < dark {
			x++
		}
		m.runs = append(m.runs, run{int32(begin), int32(x), y, -1})
	}
}

// join labels the runs from here on by the runs they touch in the row above,
// which begin at before.
func (m *inkMap) join(before, here int, parent []int32) []int32 {
	above := before
	for i := here; i < len(m.runs); i++ {
		r := &m.runs[i]
		for above < here && m.runs[above].x1 < r.x0 {
			above++
		}
		for j := above; j < here && m.runs[j].x0 <= r.x1; j++ {
			other := root(parent, m.runs[j].label)
			if r.label < 0 {
				r.label = other
			} else if mine := root(parent, r.label); mine != other {
				parent[max(mine, other)] = min(mine, other)
			}
		}
		if r.label < 0 {
			r.label = int32(len(parent))
			parent = append(parent, r.label)
		}
	}
	return parent
}

func root(parent []int32, i int32) int32 {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}

// gather gives the labels final numbers and measures the blobs.
func (m *inkMap) gather(parent []int32) {
	number := make([]int32, len(parent))
	for i := range number {
		number[i] = -1
	}
	for i := range m.runs {
		r := &m.runs[i]
		at := root(parent, r.label)
		if number[at] < 0 {
			number[at] = int32(len(m.blobs))
			m.blobs = append(m.blobs, blob{box: image.Rect(int(r.x0), int(r.y), int(r.x1), int(r.y)+1)})
		}
		r.label = number[at]
		b := &m.blobs[r.label]
		b.box = b.box.Union(image.Rect(int(r.x0), int(r.y), int(r.x1), int(r.y)+1))
		b.area += int(r.x1 - r.x0)
	}
}

// letters are the blobs that could be characters at that resolution, 4 to 40
// points in either direction.
func (m *inkMap) letters(dpi int) []image.Rectangle {
	var out []image.Rectangle
	for i := range m.blobs {
		if isLetter(&m.blobs[i], dpi) {
			out = append(out, m.blobs[i].box)
		}
	}
	return out
}

func isLetter(b *blob, dpi int) bool {
	w, h := b.box.Dx(), b.box.Dy()
	return max(w, h) >= max(5, dpi/25) && max(w, h) <= dpi/3 && min(w, h) >= max(2, dpi/150)
}

// erase paints white, with a margin for soft edges, the runs of the blobs that
// drop accepts.
func (m *inkMap) erase(g *image.Gray, drop func(label int32, r run) bool) {
	for _, r := range m.runs {
		if !drop(r.label, r) {
			continue
		}
		for y := max(0, int(r.y)-1); y <= min(m.bounds.Dy()-1, int(r.y)+1); y++ {
			row := g.Pix[y*g.Stride:]
			for x := max(0, int(r.x0)-1); x <= min(m.bounds.Dx()-1, int(r.x1)); x++ {
				row[x] = 255
			}
		}
	}
}
