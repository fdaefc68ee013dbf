package paper

import (
	"bytes"
	"image"
	"io"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/ccitt"
)

func TestGroup4(t *testing.T) {
	for _, c := range []struct {
		name string
		w, h int
		dark float64
	}{{"white", 1728, 20, 0}, {"black", 3000, 4, 1}, {"sparse", 1728, 200, 0.01}, {"dense", 331, 200, 0.5}, {"dots", 7, 9, 0.3}} {
		t.Run(c.name, func(t *testing.T) {
			img := image.NewGray(image.Rect(0, 0, c.w, c.h))
			r := rand.New(rand.NewPCG(1, 2))
			v := uint8(255)
			for i := range img.Pix {
				if i%c.w == 0 || r.Float64() < 0.1 {
					v = 255
					if r.Float64() < c.dark {
						v = 0
					}
				}
				img.Pix[i] = v
			}
			got, err := io.ReadAll(ccitt.NewReader(bytes.NewReader(group4(img)), ccitt.MSB, ccitt.Group4, c.w, c.h, nil))
			if err != nil {
				t.Fatal(err)
			}
			stride := (c.w + 7) / 8
			for y := range c.h {
				for x := range c.w {
					dark := got[y*stride+x/8]>>(7-x%8)&1 == 0
					if dark != (img.Pix[y*img.Stride+x] == 0) {
						t.Fatalf("pixel %d,%d: dark is %v", x, y, dark)
					}
				}
			}
		})
	}
}
