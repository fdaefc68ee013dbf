package terms

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed vocabulary/units.tsv
var unitsTSV string

// units knows UCUM atoms and how laboratories print them.
type units struct {
	atoms   map[string]atom   // UCUM atom, case-sensitive
	printed map[string]string // folded printed form of a whole unit or of a part → UCUM
	powers  *regexp.Regexp
	marks   *strings.Replacer // signs that are printed in several ways
}

// An atom is one UCUM unit. factor is in the base units of its dimension: g, m,
// s, mol, and one of its own for IU, U, equivalents and osmoles.
type atom struct {
	metric bool // takes a prefix
	dim    dimension
	factor float64
}

// A dimension has the exponents of gram, metre, second, mole, and of the
// arbitrary units; two units convert only where they are equal.
type dimension [8]int8

const dimensionLetters = "gmsnIUeo"

// parseUnits reads units.tsv: UCUM, "atom" or "unit", prefixes allowed (y/n),
// dimension as letter and exponent ("g1m-3"), factor, printed forms.
func parseUnits(text string) (*units, error) {
	u := &units{atoms: map[string]atom{}, printed: map[string]string{},
		marks:  strings.NewReplacer("µ", "u", "μ", "u", "²", "2", "³", "3", "⁶", "6", "⁹", "9", "×", "x", "°", "deg", "º", "deg", " per ", "/", "\\", "/"),
		powers: regexp.MustCompile(`^x?(?:10[*^e%"'~4?7(]{0,2}|le|10ex)?(3|6|9|12)\)?/(.+)$`)}
	n := 0
	for line := range strings.Lines(text) {
		n++
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if line[0] == '#' || line[0] == '\n' {
			continue
		}
		if len(f) != 6 {
			return nil, fmt.Errorf("read units.tsv: line %d: %d columns, want 6", n, len(f))
		}
		if f[1] == "atom" {
			a := atom{metric: f[2] == "y", dim: parseDimension(f[3])}
			if _, err := fmt.Sscan(f[4], &a.factor); err != nil {
				return nil, fmt.Errorf("read units.tsv: line %d: factor: %w", n, err)
			}
			u.atoms[f[0]] = a
		}
		for p := range strings.SplitSeq(f[5], "|") {
			if p != "" {
				u.printed[u.squeeze(p)] = f[0]
			}
		}
	}
	return u, nil
}

func parseDimension(s string) dimension {
	var d dimension
	for i := 0; i < len(s); {
		k := strings.IndexByte(dimensionLetters, s[i])
		i++
		sign := int8(1)
		if i < len(s) && s[i] == '-' {
			sign = -1
			i++
		}
		if k >= 0 && i < len(s) && digit(s[i]) {
			d[k] = sign * int8(s[i]-'0')
			i++
		}
	}
	return d
}

// squeeze lowers a printed unit and takes its blanks and ornaments out.
func (u *units) squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == ' ' || r == '\t' || r == ',' || r == '[' || r == ']':
			return -1
		}
		return r
	}, u.marks.Replace(s))
}

// Unit returns the UCUM code of a unit as printed. It knows only units that
// clinical papers use: a text that happens to be some other UCUM unit is not
// one.
func (s *Set) Unit(text string) (string, bool) { return s.units.read(text) }

func (u *units) read(text string) (string, bool) {
	text = strings.Trim(strings.TrimSpace(text), "();:")
	if text == "" || len(text) > 40 {
		return "", false
	}
	if u.clinical(text) {
		if _, clash := u.printed[u.squeeze(text)]; !clash {
			return text, true
		}
	}
	return u.readSqueezed(strings.TrimRight(u.squeeze(text), "."))
}

func (u *units) readSqueezed(q string) (string, bool) {
	if c, ok := u.printed[q]; ok {
		return c, true
	}
	if m := u.powers.FindStringSubmatch(q); m != nil && strings.HasPrefix(strings.TrimPrefix(q, "x"), "1") {
		if den, ok := u.readSqueezed(m[2]); ok {
			out := "10*" + m[1] + "/" + den
			return out, u.Valid(out)
		}
	}
	parts := strings.Split(q, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return "", false
	}
	for i, p := range parts {
		c, ok := u.printed[p]
		if !ok && (i > 0 || p != "") {
			return "", false
		}
		parts[i] = c
	}
	out := strings.Join(parts, "/")
	return out, u.Valid(out)
}

// clinical tells whether a text is UCUM as it stands, beyond doubt: it has the
// marks or the capitals of UCUM and all its atoms are known.
func (u *units) clinical(text string) bool {
	return strings.ContainsAny(text, "[]{}*") && u.Valid(text)
}

// Valid tells whether a code is UCUM made of the units this package knows.
func (u *units) Valid(code string) bool {
	_, _, ok := u.parse(code)
	return ok
}

// ValidUnit tells whether a code is well-formed UCUM made of known atoms.
func (s *Set) ValidUnit(code string) bool { return s.units.Valid(code) }

// Convert changes a value from one UCUM unit to another of the same dimension:
// for plausibility, never for what is stored. Mass never becomes moles.
func (s *Set) Convert(v float64, from, to string) (float64, bool) {
	if k, ok := kelvin(from, v); ok {
		return fromKelvin(to, k)
	}
	ff, df, ok1 := s.units.parse(from)
	ft, dt, ok2 := s.units.parse(to)
	if !ok1 || !ok2 || df != dt || ft == 0 {
		return 0, false
	}
	return v * ff / ft, true
}

// Commensurable tells whether two UCUM units measure the same kind of thing.
func (s *Set) Commensurable(a, b string) bool {
	_, da, ok1 := s.units.parse(a)
	_, db, ok2 := s.units.parse(b)
	return ok1 && ok2 && da == db
}

func kelvin(unit string, v float64) (float64, bool) {
	switch unit {
	case "Cel":
		return v + 273.15, true
	case "[degF]":
		return (v-32)/1.8 + 273.15, true
	}
	return 0, false
}

func fromKelvin(unit string, k float64) (float64, bool) {
	switch unit {
	case "Cel":
		return k - 273.15, true
	case "[degF]":
		return (k-273.15)*1.8 + 32, true
	}
	return 0, false
}

// parse reads a UCUM expression: components joined by . and /, each an atom
// with an optional prefix, exponent and annotation.
func (u *units) parse(code string) (factor float64, dim dimension, ok bool) {
	if code == "" || len(code) > 60 {
		return 0, dim, false
	}
	p := ucumParser{u: u, s: code}
	factor, dim, ok = p.term(0)
	return factor, dim, ok && p.i == len(p.s)
}

type ucumParser struct {
	u *units
	s string
	i int
}

func (p *ucumParser) term(depth int) (f float64, d dimension, ok bool) {
	f = 1
	divide := false
	if depth > 4 {
		return 0, d, false
	}
	if p.eat('/') {
		divide = true
	}
	for {
		cf, cd, ok := p.component(depth)
		if !ok || cf == 0 {
			return 0, d, false
		}
		if divide {
			f /= cf
		} else {
			f *= cf
		}
		for k := range d {
			if divide {
				d[k] -= cd[k]
			} else {
				d[k] += cd[k]
			}
		}
		switch {
		case p.eat('/'):
			divide = true
		case p.eat('.'):
			divide = false
		default:
			return f, d, true
		}
	}
}

func (p *ucumParser) eat(c byte) bool {
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *ucumParser) component(depth int) (float64, dimension, bool) {
	var none dimension
	if p.eat('(') {
		f, d, ok := p.term(depth + 1)
		return f, d, ok && p.eat(')')
	}
	if p.annotation() {
		return 1, none, true
	}
	if f, ok := p.factor(); ok {
		return f, none, true
	}
	j := p.i
	for j < len(p.s) && !strings.ContainsRune("./(){", rune(p.s[j])) {
		j++
	}
	name := p.s[p.i:j]
	p.i = j
	exp := 1
	if n := len(name); n > 1 && name[n-1] >= '2' && name[n-1] <= '4' && name[n-2] != '*' {
		exp = int(name[n-1] - '0')
		name = name[:n-1]
	}
	f, d, ok := p.u.atom(name)
	out, dim := 1.0, none
	for range exp {
		out *= f
		for k := range dim {
			dim[k] += d[k]
		}
	}
	p.annotation()
	return out, dim, ok
}

// annotation eats {…}, which has no meaning for the unit.
func (p *ucumParser) annotation() bool {
	if p.i >= len(p.s) || p.s[p.i] != '{' {
		return false
	}
	n := strings.IndexByte(p.s[p.i:], '}')
	if n < 0 || strings.IndexByte(p.s[p.i+1:p.i+n], '{') >= 0 {
		return false
	}
	p.i += n + 1
	return true
}

// factor eats 10*n, or a bare number such as the 24 of (24.h).
func (p *ucumParser) factor() (float64, bool) {
	start := p.i
	for p.i < len(p.s) && digit(p.s[p.i]) {
		p.i++
	}
	if p.i == start || p.i-start > 6 {
		p.i = start
		return 0, false
	}
	var f float64
	fmt.Sscan(p.s[start:p.i], &f)
	if f == 10 && (p.eat('*') || p.eat('^')) {
		return p.power(), true
	}
	return f, f != 0
}

func (p *ucumParser) power() float64 {
	neg := p.eat('-')
	n := 0
	for p.i < len(p.s) && digit(p.s[p.i]) && n < 30 {
		n = n*10 + int(p.s[p.i]-'0')
		p.i++
	}
	f := 1.0
	for range min(n, 30) {
		if neg {
			f /= 10
		} else {
			f *= 10
		}
	}
	return f
}

// atom finds an atom, or a prefix and a metric atom.
func (u *units) atom(name string) (float64, dimension, bool) {
	if a, ok := u.atoms[name]; ok {
		return a.factor, a.dim, true
	}
	for _, p := range []struct {
		s string
		f float64
	}{{"k", 1e3}, {"h", 1e2}, {"da", 1e1}, {"d", 1e-1}, {"c", 1e-2}, {"m", 1e-3}, {"u", 1e-6}, {"n", 1e-9}, {"p", 1e-12}, {"f", 1e-15}, {"M", 1e6}, {"G", 1e9}} {
		if rest, ok := strings.CutPrefix(name, p.s); ok {
			if a, ok := u.atoms[rest]; ok && a.metric {
				return p.f * a.factor, a.dim, true
			}
		}
	}
	return 0, dimension{}, false
}
