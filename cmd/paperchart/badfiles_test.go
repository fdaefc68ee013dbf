package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// writeBadFiles writes one file of every kind that can't be read, or holds
// nothing to read.
func writeBadFiles(dir string) error {
	var encrypted bytes.Buffer
	conf := model.NewAESConfiguration("user", "owner", 256)
	if err := api.Encrypt(bytes.NewReader(onePage("(x) Tj")), &encrypted, conf); err != nil {
		return err
	}
	whole := onePage("BT /F1 12 Tf 72 700 Td (hello) Tj ET")
	files := map[string][]byte{
		"empty.pdf":     {},
		"page.pdf":      []byte("<html><body>not found</body></html>"),
		"cut.pdf":       whole[:len(whole)/3],
		"locked.pdf":    encrypted.Bytes(),
		"huge.pdf":      bytes.Replace(whole, []byte("612 792"), []byte("999999 999999"), 1),
		"pages.pdf":     manyPages(6000),
		"blank.png":     encodePNG(blank(850, 1100)),
		"cat.jpg":       encodeJPEG(cat(640, 480)),
		"pixelbomb.png": pixelBomb(),
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// pdf joins objects into a file.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func onePage(content string) []byte {
	return pdf("<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
}

func manyPages(n int) []byte {
	kids := bytes.Repeat([]byte("3 0 R "), n)
	return pdf("<< /Type /Catalog /Pages 2 0 R >>",
		fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids, n),
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>")
}

func blank(w, h int) image.Image {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 250
	}
	return m
}

// cat is a furry picture without any writing.
func cat(w, h int) image.Image {
	r := rand.New(rand.NewPCG(1, 2))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			dx, dy := float64(x-w/2)/float64(w), float64(y-h/2)/float64(h)
			v := uint8(200 - 300*(dx*dx+dy*dy) + r.Float64()*40)
			m.Set(x, y, color.RGBA{v, v / 2, v / 3, 255})
		}
	}
	return m
}

func encodePNG(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func encodeJPEG(m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// pixelBomb says that it is 60,000 pixels wide and high and has hardly any data.
func pixelBomb() []byte {
	data := encodePNG(blank(10, 10))
	copy(data[16:24], []byte{0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60})
	binary.BigEndian.PutUint32(data[29:33], crc32.ChecksumIEEE(data[12:29]))
	return data
}
