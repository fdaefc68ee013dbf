package paper

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// Damage is what happens between the printer and the file. The zero value of
// a field leaves that harm out.
type Damage struct {
	// Name is for reports.
	Name string
	// DPIX and DPIY are the scanner's resolution; zero is 200.
	DPIX, DPIY int
	// Skew is in degrees, clockwise.
	Skew float64
	// ShiftX and ShiftY move the sheet on the glass, in points.
	ShiftX, ShiftY float64
	// Blur is the standard deviation of the optics in pixels.
	Blur float64
	// Fade, 0..1, is how much of the ink's darkness is lost.
	Fade float64
	// Paper is the grey of the sheet; zero is 250.
	Paper uint8
	// Noise is the standard deviation of the sensor in grey levels.
	Noise float64
	// Specks is the number of dust specks a page.
	Specks int
	// Shadow, 0..1, darkens towards the left edge, as the gutter of a book does.
	Shadow float64
	// Lid, in points, is the width of the dark strip where the sheet ends.
	Lid float64
	// Holes punches the left margin.
	Holes bool
	// Erode, 0..1, thins strokes before thresholding; negative thickens them.
	Erode float64
	// Bilevel makes the scan 1-bit.
	Bilevel bool
	// Turn is a multiple of 90 degrees clockwise that the sheet was fed with.
	Turn int
	// Quality is of the JPEG; zero is 60. Bilevel scans have none.
	Quality int
}

// Scan is a finished page image.
type Scan struct {
	Image *image.Gray
	// DPIX and DPIY are the resolution of Image as shown.
	DPIX, DPIY int
	// Bilevel is true where Image holds 0 and 255 only.
	Bilevel bool
	Quality int
	toPixel affine
}

type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(x, y float64) (float64, float64) {
	return m.a*x + m.b*y + m.c, m.d*x + m.e*y + m.f
}

func (m affine) inverse() affine {
	det := m.a*m.e - m.b*m.d
	i := affine{a: m.e / det, b: -m.b / det, d: -m.d / det, e: m.a / det}
	i.c = -(i.a*m.c + i.b*m.f)
	i.f = -(i.d*m.c + i.e*m.f)
	return i
}

// Place returns left, top, width and height of a box on the sheet in fractions of
// the page as shown.
func (s *Scan) Place(b Box) [4]float64 {
	w, h := float64(s.Image.Rect.Dx()), float64(s.Image.Rect.Dy())
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range [4][2]float64{{b.X0, b.Y0}, {b.X1, b.Y0}, {b.X1, b.Y1}, {b.X0, b.Y1}} {
		x, y := s.toPixel.apply(p[0], p[1])
		x0, x1 = math.Min(x0, x/w), math.Max(x1, x/w)
		y0, y1 = math.Min(y0, y/h), math.Max(y1, y/h)
	}
	return [4]float64{x0, y0, x1 - x0, y1 - y0}
}

// Scan damages a sheet. The same seed gives the same scan.
func (d Damage) Scan(sheet *image.Gray, seed uint64) *Scan {
	r := rand.New(rand.NewPCG(seed, 0x9a9e7))
	d = d.defaults()
	w, h := int(Width/72*float64(d.DPIX)), int(Height/72*float64(d.DPIY))
	m := d.map0(w, h)
	img := d.expose(sheet, m, w, h)
	if d.Blur > 0 {
		img = blur(img, d.Blur)
	}
	d.soil(img, r)
	d.sense(img, r)
	s := &Scan{Image: img, DPIX: d.DPIX, DPIY: d.DPIY, Bilevel: d.Bilevel, Quality: d.Quality, toPixel: m}
	for range ((d.Turn/90)%4 + 4) % 4 {
		s.turn()
	}
	return s
}

func (d Damage) defaults() Damage {
	if d.DPIX == 0 {
		d.DPIX = 200
	}
	if d.DPIY == 0 {
		d.DPIY = d.DPIX
	}
	if d.Paper == 0 {
		d.Paper = 250
	}
	if d.Quality == 0 {
		d.Quality = 60
	}
	return d
}

// map0 maps points on the sheet to pixels: skewed around the middle, shifted.
func (d Damage) map0(w, h int) affine {
	sx, sy := float64(d.DPIX)/72, float64(d.DPIY)/72
	sin, cos := math.Sincos(d.Skew * math.Pi / 180)
	cx, cy := Width/2, Height/2
	tx, ty := cx+d.ShiftX-(cos*cx-sin*cy), cy+d.ShiftY-(sin*cx+cos*cy)
	return affine{sx * cos, -sx * sin, sx * tx, sy * sin, sy * cos, sy * ty}
}

// expose samples the sheet through the map; beyond its edges lies the lid.
func (d Damage) expose(sheet *image.Gray, m affine, w, h int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	inv := m.inverse()
	lid := uint8(90)
	if d.Lid == 0 {
		lid = d.Paper
	}
	ink := (1 - d.Fade) * float64(d.Paper) / 255
	// Two by two samples a pixel keep thin strokes when the scanner is coarser
	// than the sheet was drawn.
	for y := range h {
		for x := range w {
			sum, off := 0, false
			for _, o := range [4][2]float64{{.25, .25}, {.75, .25}, {.25, .75}, {.75, .75}} {
				px, py := inv.apply(float64(x)+o[0], float64(y)+o[1])
				if px < -d.Lid || py < -d.Lid {
					off = true
				}
				if px < 0 || py < 0 || px >= Width || py >= Height {
					off = off || d.Lid > 0
					sum += 255
					continue
				}
				sum += int(sheet.Pix[int(py*dot)*sheet.Stride+int(px*dot)])
			}
			if off {
				out.Pix[y*out.Stride+x] = lid
				continue
			}
			dark := float64(255*4-sum) / 4
			out.Pix[y*out.Stride+x] = uint8(float64(d.Paper) - dark*ink)
		}
	}
	return out
}

// soil adds what lies on the glass: shadow, holes, dust.
func (d Damage) soil(img *image.Gray, r *rand.Rand) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if d.Shadow > 0 {
		for x := range w {
			k := 1 - d.Shadow*math.Exp(-float64(x)/(0.22*float64(w)))
			for y := range h {
				img.Pix[y*img.Stride+x] = uint8(float64(img.Pix[y*img.Stride+x]) * k)
			}
		}
	}
	if d.Holes {
		for _, at := range []float64{0.12, 0.5, 0.88} {
			disc(img, 0.025*float64(w), at*float64(h), 0.011*float64(w), 70)
		}
	}
	for range d.Specks {
		radius := 0.4 + 1.1*r.Float64()*r.Float64()*float64(d.DPIX)/150
		disc(img, r.Float64()*float64(w), r.Float64()*float64(h), radius, uint8(20+r.IntN(110)))
	}
}

func disc(img *image.Gray, cx, cy, radius float64, gray uint8) {
	for y := int(cy - radius); y <= int(cy+radius); y++ {
		for x := int(cx - radius); x <= int(cx+radius); x++ {
			dx, dy := float64(x)-cx, float64(y)-cy
			if (image.Point{x, y}).In(img.Rect) && dx*dx+dy*dy <= radius*radius {
				img.SetGray(x, y, color.Gray{gray})
			}
		}
	}
}

// sense adds the sensor's noise and thresholds where the scan is 1-bit. The sum
// of four bytes is near enough to a bell and far cheaper than one.
func (d Damage) sense(img *image.Gray, r *rand.Rand) {
	const spread = 147.8 // standard deviation of the sum of four uniform bytes
	threshold := float64(d.Paper) * (0.62 - 0.25*d.Erode)
	for i, v := range img.Pix {
		f := float64(v)
		if d.Noise > 0 {
			n := r.Uint32()
			sum := float64(n&255+n>>8&255+n>>16&255+n>>24) - 510
			f += sum * d.Noise / spread
		}
		if d.Bilevel {
			if f < threshold {
				f = 0
			} else {
				f = 255
			}
		}
		img.Pix[i] = uint8(math.Max(0, math.Min(255, f)))
	}
}

// turn rotates the scan by 90 degrees clockwise.
func (s *Scan) turn() {
	w, h := s.Image.Rect.Dx(), s.Image.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			out.Pix[x*out.Stride+h-1-y] = s.Image.Pix[y*s.Image.Stride+x]
		}
	}
	m := s.toPixel
	s.toPixel = affine{-m.d, -m.e, float64(h) - m.f, m.a, m.b, m.c}
	s.Image, s.DPIX, s.DPIY = out, s.DPIY, s.DPIX
}

// blur is a separable Gaussian.
func blur(img *image.Gray, sigma float64) *image.Gray {
	radius := int(math.Ceil(2.5 * sigma))
	kernel := make([]float64, 2*radius+1)
	var total float64
	for i := range kernel {
		x := float64(i - radius)
		kernel[i] = math.Exp(-x * x / (2 * sigma * sigma))
		total += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= total
	}
	return pass(pass(img, kernel, 1, img.Stride), kernel, img.Stride, 1)
}

// pass convolves along one axis: along is the distance of neighbours in Pix.
func pass(img *image.Gray, kernel []float64, along, across int) *image.Gray {
	out := image.NewGray(img.Rect)
	n, rows := img.Rect.Dx(), img.Rect.Dy()
	if along != 1 {
		n, rows = rows, n
	}
	radius := len(kernel) / 2
	for row := range rows {
		for i := range n {
			var sum float64
			for k, c := range kernel {
				j := min(n-1, max(0, i+k-radius))
				sum += c * float64(img.Pix[row*across+j*along])
			}
			out.Pix[row*across+i*along] = uint8(sum + 0.5)
		}
	}
	return out
}
