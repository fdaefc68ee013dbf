package scan

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// A scanned page is a PDF page that one image fills. Its pixels are taken as the
// scanner left them: drawing them anew at another resolution costs time and
// sharpness.

// embedded returns the pixels of the image that fills page i, shown upright as
// the page is, and their number to the inch; false where the page must be drawn.
func (f *pdfFile) embedded(i int, width, height float64) (*image.Gray, int, bool) {
	img, ok := f.soleImage(i)
	if !ok {
		return nil, 0, false
	}
	turns, err := f.instance.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: f.page(i)})
	if err != nil {
		return nil, 0, false
	}
	quarter := int(turns.PageRotation) & 3
	if quarter%2 == 1 {
		width, height = height, width
	}
	m, err := f.instance.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: img})
	if err != nil || !fills(float64(m.Matrix.A), float64(m.Matrix.D), float64(m.Matrix.B), float64(m.Matrix.C), float64(m.Matrix.E), float64(m.Matrix.F), width, height) {
		return nil, 0, false
	}
	meta, err := f.instance.FPDFImageObj_GetImageMetadata(&requests.FPDFImageObj_GetImageMetadata{ImageObject: img, Page: f.page(i)})
	if err != nil || meta.ImageMetadata.Width == 0 || meta.ImageMetadata.Height == 0 ||
		meta.ImageMetadata.Width > uint(f.pixels)/meta.ImageMetadata.Height || meta.ImageMetadata.Colorspace == enums.FPDF_COLORSPACE_UNKNOWN {
		return nil, 0, false
	}
	s := sheet{xres: float64(meta.ImageMetadata.Width) / (width / 72), yres: float64(meta.ImageMetadata.Height) / (height / 72)}
	if low, high := math.Min(s.xres, s.yres), math.Max(s.xres, s.yres); low < 90 || high > 450 {
		return nil, 0, false // a drawing at our own resolution reads better
	}
	g, ok := f.pixelsOf(img)
	if !ok {
		return nil, 0, false
	}
	g, res := square(g, s)
	g, _ = turn(g, 90*quarter)
	return g, res, true
}

// soleImage is the one image of a page on which nothing else can be seen.
func (f *pdfFile) soleImage(i int) (img references.FPDF_PAGEOBJECT, ok bool) {
	count, err := f.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: f.page(i)})
	if err != nil || count.Count > 5000 {
		return "", false
	}
	for n := range count.Count {
		object, err := f.instance.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: f.page(i), Index: n})
		if err != nil {
			return "", false
		}
		kind, err := f.instance.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
		if err != nil {
			return "", false
		}
		switch kind.Type {
		case enums.FPDF_PAGEOBJ_IMAGE:
			if ok {
				return "", false
			}
			img, ok = object.PageObject, true
		case enums.FPDF_PAGEOBJ_TEXT:
			// Scanners hide the text they read beneath the image.
			mode, err := f.instance.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: object.PageObject})
			if err != nil || mode.TextRenderMode != enums.FPDF_TEXTRENDERMODE_INVISIBLE {
				return "", false
			}
		default:
			return "", false
		}
	}
	return img, ok
}

// fills reports that an image's matrix puts it upright over the whole page.
func fills(a, d, b, c, e, f, width, height float64) bool {
	near := func(x, y, of float64) bool { return math.Abs(x-y) <= 0.02*of }
	return near(a, width, width) && near(d, height, height) && near(b, 0, width) && near(c, 0, height) &&
		near(e, 0, width) && near(f, 0, height)
}

// pixelsOf decodes an image: a JPEG by itself, anything else by PDFium.
func (f *pdfFile) pixelsOf(img references.FPDF_PAGEOBJECT) (*image.Gray, bool) {
	if g, ok := f.jpeg(img); ok {
		return g, true
	}
	bitmap, err := f.instance.FPDFImageObj_GetBitmap(&requests.FPDFImageObj_GetBitmap{ImageObject: img})
	if err != nil {
		return nil, false
	}
	defer f.instance.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: bitmap.Bitmap})
	width, err1 := f.instance.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: bitmap.Bitmap})
	height, err2 := f.instance.FPDFBitmap_GetHeight(&requests.FPDFBitmap_GetHeight{Bitmap: bitmap.Bitmap})
	stride, err3 := f.instance.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: bitmap.Bitmap})
	format, err4 := f.instance.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: bitmap.Bitmap})
	data, err5 := f.instance.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bitmap.Bitmap})
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || err5 != nil {
		return nil, false
	}
	return fromBitmap(data.Buffer, width.Width, height.Height, stride.Stride, format.Format)
}

// jpeg decodes a JPEG in grey or colour; one for print in four inks is left to
// PDFium, which knows which way round they are.
func (f *pdfFile) jpeg(img references.FPDF_PAGEOBJECT) (*image.Gray, bool) {
	count, err := f.instance.FPDFImageObj_GetImageFilterCount(&requests.FPDFImageObj_GetImageFilterCount{ImageObject: img})
	if err != nil || count.Count != 1 {
		return nil, false
	}
	filter, err := f.instance.FPDFImageObj_GetImageFilter(&requests.FPDFImageObj_GetImageFilter{ImageObject: img})
	if err != nil || filter.ImageFilter != "DCTDecode" {
		return nil, false
	}
	raw, err := f.instance.FPDFImageObj_GetImageDataRaw(&requests.FPDFImageObj_GetImageDataRaw{ImageObject: img})
	if err != nil {
		return nil, false
	}
	m, err := jpeg.Decode(bytes.NewReader(raw.Data))
	if err != nil {
		return nil, false
	}
	switch m.(type) {
	case *image.Gray, *image.YCbCr:
		return gray(m), true
	}
	return nil, false
}

// fromBitmap copies PDFium's pixels, which are in its own memory.
func fromBitmap(data []byte, width, height, stride int, format enums.FPDF_BITMAP_FORMAT) (*image.Gray, bool) {
	step := map[enums.FPDF_BITMAP_FORMAT]int{enums.FPDF_BITMAP_FORMAT_GRAY: 1, enums.FPDF_BITMAP_FORMAT_BGR: 3,
		enums.FPDF_BITMAP_FORMAT_BGRX: 4, enums.FPDF_BITMAP_FORMAT_BGRA: 4}[format]
	if step == 0 || width <= 0 || height <= 0 || stride < width*step || len(data) < stride*(height-1)+width*step {
		return nil, false
	}
	g := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		row, out := data[y*stride:], g.Pix[y*g.Stride:y*g.Stride+width]
		for x := range out {
			p := row[x*step:]
			if step == 1 {
				out[x] = p[0]
				continue
			}
			// Rec. 601, as image/color weighs it.
			out[x] = uint8((19595*uint32(p[2]) + 38470*uint32(p[1]) + 7471*uint32(p[0]) + 1<<15) >> 16)
		}
	}
	return g, true
}
