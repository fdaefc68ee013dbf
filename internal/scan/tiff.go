package scan

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
)

// The TIFF reader of x/image reads the first page of a file. A page is found by
// the address in the file's header, so each page is read through a view of the
// file whose header names that page.

// Tags of TIFF 6.0 that say how large a page is.
const (
	tagWidth  = 256
	tagHeight = 257
	tagXRes   = 282
	tagYRes   = 283
	tagUnit   = 296
)

// sheet is one page of a TIFF.
type sheet struct {
	at            uint32 // of its directory
	width, height int
	xres, yres    float64 // per inch, 0 where not said
}

// tiffOrder is the byte order of a TIFF, nil where it is none.
func tiffOrder(data []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(data, []byte("II*\x00")):
		return binary.LittleEndian
	case bytes.HasPrefix(data, []byte("MM\x00*")):
		return binary.BigEndian
	}
	return nil
}

// sheets walks the directories of a TIFF, at most limit+1 of them. What it can't
// follow ends the walk: the pages before are still good. A directory that was
// visited before would be a loop.
func sheets(data []byte, limit int) []sheet {
	order := tiffOrder(data)
	if order == nil || len(data) < 8 {
		return nil
	}
	var out []sheet
	seen := map[uint32]bool{}
	for at := order.Uint32(data[4:]); at != 0 && !seen[at] && len(out) <= limit; {
		seen[at] = true
		s, next, ok := directory(data, order, at)
		if !ok {
			break
		}
		out = append(out, s)
		at = next
	}
	return out
}

func directory(data []byte, order binary.ByteOrder, at uint32) (s sheet, next uint32, ok bool) {
	s.at = at
	if int64(at)+2 > int64(len(data)) {
		return s, 0, false
	}
	n := int(order.Uint16(data[at:]))
	end := int64(at) + 2 + 12*int64(n)
	if n == 0 || end+4 > int64(len(data)) {
		return s, 0, false
	}
	unit := 2.0
	for i := range n {
		e := data[int(at)+2+12*i:][:12]
		switch order.Uint16(e) {
		case tagWidth:
			s.width = int(whole(e, order))
		case tagHeight:
			s.height = int(whole(e, order))
		case tagXRes:
			s.xres = ratio(data, e, order)
		case tagYRes:
			s.yres = ratio(data, e, order)
		case tagUnit:
			unit = float64(whole(e, order))
		}
	}
	if unit == 3 { // centimetres
		s.xres, s.yres = s.xres*2.54, s.yres*2.54
	}
	return s, order.Uint32(data[end:]), s.width > 0 && s.height > 0
}

// whole is the value of an entry of one SHORT or LONG.
func whole(e []byte, order binary.ByteOrder) uint32 {
	if order.Uint16(e[2:]) == 3 {
		return uint32(order.Uint16(e[8:]))
	}
	return order.Uint32(e[8:]) & math.MaxInt32
}

// ratio is the value of an entry of one RATIONAL, 0 where it has none.
func ratio(data, e []byte, order binary.ByteOrder) float64 {
	at := int64(order.Uint32(e[8:]))
	if order.Uint16(e[2:]) != 5 || at+8 > int64(len(data)) {
		return 0
	}
	below := order.Uint32(data[at+4:])
	if below == 0 {
		return 0
	}
	return float64(order.Uint32(data[at:])) / float64(below)
}

// view is a TIFF as if the page at that address were its first.
type view struct {
	data   []byte
	header [8]byte
}

func newView(data []byte, at uint32) *view {
	v := &view{data: data}
	copy(v.header[:], data)
	tiffOrder(data).PutUint32(v.header[4:], at)
	return v
}

// ReadAt implements io.ReaderAt.
func (v *view) ReadAt(p []byte, off int64) (int, error) {
	n, err := bytes.NewReader(v.data).ReadAt(p, off)
	if off >= 0 && off < int64(len(v.header)) {
		copy(p[:n], v.header[off:])
	}
	return n, err
}

func (v *view) reader() io.Reader { return io.NewSectionReader(v, 0, int64(len(v.data))) }
