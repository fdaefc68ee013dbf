package layout

import (
	"encoding/binary"
	"image"
	"math/rand"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/page"
)

// FuzzArrange makes a page of any boxes, the wildest coordinates among them, and
// asks that nothing panics and no word is lost.
func FuzzArrange(f *testing.F) {
	f.Add([]byte("Name: John\x00\x01\x02\x03 DOB:1/2/53 [X] Yes _ No"), int64(1))
	f.Add([]byte{0xff, 0x7f, 0, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, int64(2))
	f.Fuzz(func(t *testing.T, data []byte, seed int64) {
		p := fuzzPage(data, rand.New(rand.NewSource(seed)))
		d := Arrange([]*page.Page{p})
		checkWords(t, p, d)
		Dump(d)
	})
}

// fuzzPage reads four coordinates for each word from data; the texts come from
// data too, or from words that layout looks for.
func fuzzPage(data []byte, r *rand.Rand) *page.Page {
	p := &page.Page{Number: 1}
	known := strings.Fields("Name: TEST Result 2.3 [X] ☐ ___ .... - 1. DOB:1/2/53 Page of 1 (x Yes : é")
	for len(data) >= 8 && len(p.Words) < 2000 {
		v := func(i int) int { return int(int16(binary.LittleEndian.Uint16(data[2*i:]))) }
		box := image.Rectangle{Min: image.Pt(v(0), v(1)), Max: image.Pt(v(0)+v(2)%300, v(1)+v(3)%80)}
		switch data[0] % 8 {
		case 0:
			p.Rules = append(p.Rules, page.Rule{Box: box, Vertical: data[1]%2 == 0})
		case 1:
			p.Marks = append(p.Marks, page.Mark{Box: box, Checked: data[1]%2 == 0})
		case 2:
			p.Words = append(p.Words, page.Word{Text: string(data[:4]), Box: box})
		default:
			p.Words = append(p.Words, page.Word{Text: known[r.Intn(len(known))], Box: box})
		}
		data = data[4:]
	}
	return p
}
