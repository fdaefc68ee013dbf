package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"testing"

	"golang.org/x/image/tiff"
)

// twoPages is a TIFF of two pages: two files of one, the second's addresses
// moved behind the first.
func twoPages(t testing.TB, a, b image.Image) []byte {
	t.Helper()
	var one, two bytes.Buffer
	for _, p := range []struct {
		w *bytes.Buffer
		m image.Image
	}{{&one, a}, {&two, b}} {
		if err := tiff.Encode(p.w, p.m, nil); err != nil {
			t.Fatal(err)
		}
	}
	le := binary.LittleEndian
	for one.Len()%2 == 1 {
		one.WriteByte(0)
	}
	first, second := one.Bytes(), two.Bytes()
	base := uint32(len(first))
	at := le.Uint32(second[4:])
	n := int(le.Uint16(second[at:]))
	for i := range n {
		e := second[int(at)+2+12*i:][:12]
		size := map[uint16]uint32{1: 1, 2: 1, 3: 2, 4: 4, 5: 8}[le.Uint16(e[2:])] * le.Uint32(e[4:])
		if size > 4 || le.Uint16(e) == 273 {
			le.PutUint32(e[8:], le.Uint32(e[8:])+base)
		}
	}
	dir := le.Uint32(first[4:])
	le.PutUint32(first[int(dir)+2+12*int(le.Uint16(first[dir:])):], base+at)
	return append(first, second...)
}

func TestTIFFOfTwoPages(t *testing.T) {
	a, b := white(40, 60), white(80, 30)
	paint(b, image.Rect(10, 10, 20, 20))
	var s Scanner
	f, err := s.Open(context.Background(), twoPages(t, a, b))
	if err != nil {
		t.Fatal(err)
	}
	if f.PageCount() != 2 {
		t.Fatalf("%d pages, want 2", f.PageCount())
	}
	g, _, err := f.src.raster(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if g.Bounds() != b.Bounds() || g.GrayAt(15, 15).Y != 0 || g.GrayAt(25, 15).Y != 255 {
		t.Errorf("the second page is not the one that was written: %v", g.Bounds())
	}
}

func TestExifTurnsPhotos(t *testing.T) {
	m := white(64, 32)
	paint(m, image.Rect(0, 0, 16, 16)) // top left in the file
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	// Where the dark corner must be seen, by orientation.
	want := map[byte]image.Point{1: {4, 4}, 2: {60, 4}, 3: {60, 28}, 4: {4, 28}, 5: {4, 4}, 6: {28, 4}, 7: {28, 60}, 8: {4, 60}}
	for o, at := range want {
		exif := []byte("\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{o}) + "\x00\x00\x00\x00\x00\x00\x00")
		data := append(append([]byte("\xff\xd8"), exif...), b.Bytes()[2:]...)
		src, err := openImages(kindJPEG, data, 9, 1e6)
		if err != nil {
			t.Fatal(err)
		}
		g, _, err := src.raster(context.Background(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if g.GrayAt(at.X, at.Y).Y > 60 {
			t.Errorf("orientation %d: %v is light in %v", o, at, g.Bounds())
		}
	}
}

func TestBadInput(t *testing.T) {
	huge := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x00\x00\x00\x00")
	huge = binary.BigEndian.AppendUint32(huge, crc32.ChecksumIEEE(huge[12:]))
	for name, c := range map[string]struct {
		data string
		want Code
	}{
		"empty":         {"", Empty},
		"html":          {"<html></html>", Unsupported},
		"cut-off TIFF":  {"II*\x00\xff\x00", Damaged},
		"TIFF of loops": {"II*\x00\x08\x00\x00\x00\x01\x00\x00\x01\x03\x00\x01\x00\x00\x00\x05\x00\x00\x00\x08\x00\x00\x00", Damaged},
		"cut-off JPEG":  {"\xff\xd8\xff\xe0", Damaged},
		"cut-off PNG":   {"\x89PNG\r\n\x1a\n", Damaged},
		"PNG bomb":      {string(huge), PageTooLarge},
		"not a PDF":     {"%PDF-1.7\nnothing", Damaged},
	} {
		t.Run(name, func(t *testing.T) {
			var s Scanner
			defer s.Close()
			f, err := s.Open(context.Background(), []byte(c.data))
			if err == nil {
				_, err = f.Page(context.Background(), 1)
				f.Close()
			}
			var bad *Error
			if !errors.As(err, &bad) || bad.Code != c.want || bad.Remedy == "" {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func FuzzSheets(f *testing.F) {
	f.Add(twoPages(f, white(4, 4), white(5, 5)))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\x00\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n := len(sheets(data, 10)); n > 11 {
			t.Errorf("%d pages", n)
		}
		if o := tiffOrientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}

func FuzzExif(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := exifOrientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}
