package paper

import (
	"fmt"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-fonts/dejavu/dejavuserif"
	"github.com/go-fonts/dejavu/dejavuserifbold"
	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationmonoregular"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// Family is a typeface.
type Family uint8

// The typefaces: metric equals of Arial, Times and Courier, and three others.
const (
	Sans Family = iota
	Serif
	Mono
	Verdana
	Narrow
	Slab
	families
)

// Style is how text is set.
type Style struct {
	Family Family
	// Size is in points.
	Size float64
	Bold bool
	// Gray is the ink's level, 0 black.
	Gray uint8
}

func (st Style) with(sp Span) Style {
	st.Bold = st.Bold != sp.Bold
	return st
}

// B returns the style in bold.
func (st Style) B() Style { st.Bold = true; return st }

// At returns the style at another size.
func (st Style) At(size float64) Style { st.Size = size; return st }

// In returns the style in another grey.
func (st Style) In(gray uint8) Style { st.Gray = gray; return st }

// Fonts holds parsed typefaces and the faces made of them. It is for one
// goroutine at a time.
type Fonts struct {
	regular, bold [families]*sfnt.Font
	faces         map[Style]font.Face
}

// NewFonts parses the typefaces that are built in.
func NewFonts() (*Fonts, error) {
	f := &Fonts{faces: map[Style]font.Face{}}
	regular := [families][]byte{liberationsansregular.TTF, liberationserifregular.TTF,
		liberationmonoregular.TTF, dejavusans.TTF, dejavusanscondensed.TTF, dejavuserif.TTF}
	bold := [families][]byte{liberationsansbold.TTF, liberationserifbold.TTF,
		liberationmonobold.TTF, dejavusansbold.TTF, dejavusanscondensedbold.TTF, dejavuserifbold.TTF}
	for i := range regular {
		var err error
		if f.regular[i], err = opentype.Parse(regular[i]); err != nil {
			return nil, fmt.Errorf("parse font %d: %w", i, err)
		}
		if f.bold[i], err = opentype.Parse(bold[i]); err != nil {
			return nil, fmt.Errorf("parse bold font %d: %w", i, err)
		}
	}
	return f, nil
}

// face returns the face of a style; its grey plays no part.
func (f *Fonts) face(st Style) font.Face {
	st.Gray = 0
	if face, ok := f.faces[st]; ok {
		return face
	}
	src := f.regular[st.Family]
	if st.Bold {
		src = f.bold[st.Family]
	}
	face, err := opentype.NewFace(src, &opentype.FaceOptions{Size: st.Size, DPI: drawDPI})
	if err != nil {
		panic("paper: built-in font: " + err.Error())
	}
	f.faces[st] = face
	return face
}
