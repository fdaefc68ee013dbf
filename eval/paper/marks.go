package paper

import (
	"math"
	"math/rand/v2"
)

// Scribble draws a line of handwriting that nobody can read, such as a signature,
// from (x, y) over a width in points. It has no words.
func (s *Sheet) Scribble(x, y, width float64, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0x5c21b))
	px, py, phase := x, y, 0.0
	for at := 0.0; at < width; at += 1.2 {
		phase += 0.5 + 0.5*r.Float64()
		lift := 3 + 5*math.Abs(math.Sin(at/17))
		nx, ny := x+at+2.5*math.Sin(phase), y-lift*math.Sin(phase)+1.5*r.Float64()
		s.Stroke(px, py, nx, ny, 0.9)
		px, py = nx, ny
	}
}

// Stamp draws a framed rubber stamp in grey; its words are print, but say nothing
// of the patient.
func (s *Sheet) Stamp(x, y float64, lines ...string) {
	st := Style{Family: Sans, Size: 11, Bold: true, Gray: 95}
	wide := 0.0
	for _, l := range lines {
		wide = max(wide, s.Measure(st, l))
	}
	rules := s.Rules
	s.Frame(Box{x, y, x + wide + 16, y + 15*float64(len(lines)) + 8}, 1.6)
	s.Rules = rules
	for i, l := range lines {
		s.Center(x+wide/2+8, y+15*float64(i+1), st, l)
	}
}
