package paper

import "image"

// group4 encodes a bilevel image by ITU-T T.6 (CCITT Group 4), dark below 128.
func group4(img *image.Gray) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	e := &bitWriter{white: codes(whiteCodes), black: codes(blackCodes), extended: codes(extendedCodes), vertical: codes(verticalCodes)}
	ref, cur := make([]bool, w), make([]bool, w)
	for y := range h {
		for x := range w {
			cur[x] = img.Pix[y*img.Stride+x] < 128
		}
		e.row(ref, cur)
		ref, cur = cur, ref
	}
	e.put(1, 12) // end of facsimile block: two end-of-line codes
	e.put(1, 12)
	return e.flush()
}

// verticalCodes are those of a1-b1 = -3..3, table 1 of ITU-T T.6.
const verticalCodes = `0000010 000010 010 1 011 000011 0000011`

// row encodes one line against the one above it.
func (e *bitWriter) row(ref, cur []bool) {
	w := len(cur)
	a0, dark := -1, false
	for a0 < w {
		a1 := next(cur, a0, dark)
		b1 := changing(ref, a0, dark)
		b2 := next(ref, b1, !dark)
		switch d := a1 - b1; {
		case b2 < a1: // pass mode
			e.put(1, 4)
			a0 = b2
		case d >= -3 && d <= 3:
			e.code(e.vertical[d+3])
			a0, dark = a1, !dark
		default: // horizontal mode
			a2 := next(cur, a1, !dark)
			e.put(1, 3)
			e.run(a1-max(a0, 0), dark)
			e.run(a2-a1, !dark)
			a0 = a2
		}
	}
}

// next returns the first x beyond from, or from itself at the line's start, whose
// colour is not dark; the width where there is none.
func next(line []bool, from int, dark bool) int {
	x := max(from, 0)
	for x < len(line) && line[x] == dark {
		x++
	}
	return min(x, len(line))
}

// changing returns b1: the first changing element of the line above right of a0
// and of the colour opposite to dark.
func changing(ref []bool, a0 int, dark bool) int {
	for x := a0 + 1; x < len(ref); x++ {
		before := x > 0 && ref[x-1]
		if ref[x] != before && ref[x] != dark {
			return x
		}
	}
	return len(ref)
}

// run writes a run length: make-up codes, then a terminating code.
func (e *bitWriter) run(n int, dark bool) {
	for ; n >= 2560; n -= 2560 {
		e.code(e.extended[12])
	}
	if n >= 1792 {
		e.code(e.extended[(n-1792)/64])
		n %= 64
	}
	table := e.white
	if dark {
		table = e.black
	}
	if n >= 64 {
		e.code(table[63+n/64])
		n %= 64
	}
	e.code(table[n])
}

type bitWriter struct {
	white, black, extended, vertical []code

	out  []byte
	acc  uint32
	have int
}

func (e *bitWriter) code(c code) { e.put(c.bits, c.n) }

func (e *bitWriter) put(bits uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		e.acc = e.acc<<1 | bits>>i&1
		if e.have++; e.have == 8 {
			e.out = append(e.out, byte(e.acc))
			e.acc, e.have = 0, 0
		}
	}
}

func (e *bitWriter) flush() []byte {
	for e.have != 0 {
		e.put(0, 1)
	}
	return e.out
}
