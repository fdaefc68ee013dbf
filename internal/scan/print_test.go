package scan

import (
	"image"
	"image/color"
	"testing"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/draw"
)

func TestLeadersAreFound(t *testing.T) {
	g := white(1700, 600)
	write(t, g, liberationsansregular.TTF, 33, image.Pt(60, 120), "Patient ....................... Dolores Whitmore",
		"Date of Birth ..... August 17", "Wait ... and i, ii, iii; 1.5 2.5 3.5 q.d. b.i.d. U.S.A.")
	got := findLeaders(g, findInk(g), 200)
	if len(got) != 2 {
		t.Fatalf("found %v, want the rows of dots of two lines", got)
	}
	for _, r := range got {
		if r.Dx() < 40 || r.Dy() > 8 {
			t.Errorf("a row of dots is %v", r)
		}
	}
}

// What fading leaves of small grey print is no leader.
func TestFadedPrintIsNoLeader(t *testing.T) {
	g := white(600, 200)
	write(t, g, liberationsansregular.TTF, 18, image.Pt(60, 100), "Birth Date and Sex")
	for i, v := range g.Pix {
		g.Pix[i] = 255 - (255-v)/3
	}
	for x := 60; x < 200; x += 12 {
		paint(g, image.Rect(x, 97, x+3, 100))
	}
	if got := findLeaders(g, findInk(g), 200); len(got) > 0 {
		t.Errorf("faded print is a leader: %v", got)
	}
}

// Print of dots, as a dot matrix makes it, is no leader.
func TestDottedLettersAreNoLeaders(t *testing.T) {
	g := white(600, 200)
	for row := range 7 {
		for col := range 30 {
			if row == 6 || col%6 == 0 { // "LLLLL"
				x, y := 60+col*9, 60+row*9
				paint(g, image.Rect(x, y, x+4, y+4))
			}
		}
	}
	if got := findLeaders(g, findInk(g), 200); len(got) > 0 {
		t.Errorf("letters of dots are leaders: %v", got)
	}
}

func TestDarkBandsAreTurned(t *testing.T) {
	g := white(1500, 400)
	band := image.Rect(100, 100, 1400, 150)
	paint(g, band)
	plain := white(1500, 60)
	write(t, plain, liberationsansbold.TTF, 33, image.Pt(20, 38), "CURRENT MEDICATIONS")
	for y := range 50 {
		for x := range 600 {
			if v := plain.GrayAt(x, y).Y; v < 128 {
				g.SetGray(100+x, 100+y, color.Gray{Y: 255 - v})
			}
		}
	}
	write(t, g, liberationsansbold.TTF, 60, image.Pt(100, 300), "Summit Orthopedic & Spine")
	below := cloneGray(g)
	got := unreverse(g, 200)
	if len(got) != 1 || !band.In(got[0].Inset(-3)) {
		t.Fatalf("turned %v, want the band %v alone", got, band)
	}
	if g.GrayAt(1300, 125).Y < 200 {
		t.Error("the ground is still dark")
	}
	letter := image.Rect(100, 100, 600, 150)
	dark, light := 0, 0
	for y := letter.Min.Y; y < letter.Max.Y; y++ {
		for x := letter.Min.X; x < letter.Max.X; x++ {
			if g.GrayAt(x, y).Y < 128 {
				dark++
			} else {
				light++
			}
		}
	}
	if dark < 500 || dark > light {
		t.Errorf("the heading has %d dark and %d light pixels", dark, light)
	}
	for y := 200; y < 400; y++ {
		for x := range 1500 {
			if g.GrayAt(x, y) != below.GrayAt(x, y) {
				t.Fatalf("heavy letters changed at %d, %d", x, y)
			}
		}
	}
}

func TestLoneRungsAreRules(t *testing.T) {
	g := white(900, 700)
	for y := 100; y <= 300; y += 40 {
		paint(g, image.Rect(100, y, 800, y+3))
	}
	paint(g, image.Rect(400, 100, 403, 180)) // two rows, then one without, then a rung
	paint(g, image.Rect(400, 223, 403, 260))
	want := image.Rect(400, 223, 403, 260)
	for _, r := range findRules(g, 200) {
		if r.Vertical && r.Box.Overlaps(want) && r.Box.Dy() <= 40 {
			return
		}
	}
	t.Errorf("the piece of a column's line at %v was not found among %v", want, findRules(g, 200))
}

func TestLeadersAreWipedAndKept(t *testing.T) {
	g := white(1700, 1100)
	write(t, g, liberationsansregular.TTF, 42, image.Pt(100, 200), "Patient ................ Dolores", "Visit .................... 12/04/2023")
	s := &Scanner{}
	p, err := s.prepare(t.Context(), 1, g, 200)
	if err != nil || len(p.Leaders) != 2 {
		t.Fatalf("leaders %v, %v", p.Leaders, err)
	}
	sub := image.NewGray(p.Leaders[0])
	draw.Draw(sub, sub.Bounds(), p.Image, p.Leaders[0].Min, draw.Src)
	for _, v := range sub.Pix {
		if v < 200 {
			t.Fatal("dots are still in the image")
		}
	}
}

// A thin line that straightening or a fax broke is one line; two side by side are
// two.
func TestBrokenLinesAreWhole(t *testing.T) {
	g := white(1700, 400)
	for x := 100; x < 1500; x += 60 {
		paint(g, image.Rect(x, 100, x+48, 102))
	}
	paint(g, image.Rect(100, 200, 700, 202))
	paint(g, image.Rect(760, 200, 1500, 202))
	n := map[int]int{}
	for _, r := range findRules(g, 200) {
		n[r.Box.Min.Y]++
	}
	if n[100] != 1 || n[200] != 2 {
		t.Errorf("a broken line is %d, two lines are %d", n[100], n[200])
	}
}

// A column's line that fades before it meets the row's is lengthened to it.
func TestShortColumnLinesReachTheRow(t *testing.T) {
	g := white(1700, 400)
	paint(g, image.Rect(100, 100, 1500, 103))
	paint(g, image.Rect(100, 180, 1500, 183))
	paint(g, image.Rect(800, 103, 803, 165))
	paint(g, image.Rect(801, 170, 803, 180))
	for _, r := range findRules(g, 200) {
		if r.Vertical && r.Box.Max.Y >= 178 {
			return
		}
	}
	t.Errorf("no line reaches the row below: %v", findRules(g, 200))
}
