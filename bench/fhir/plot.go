package main

import (
	"bytes"
	"fmt"
	"math"
)

// The picture: processor time of one operation, which depends less on what else
// the machine does than rates, and what a search takes at most, in microseconds,
// against resources stored, both in decades.
const (
	left, top, width, height = 70, 30, 560, 320
	fromSize, toSize         = 4.0, 6.0 // 10⁴ to 10⁶ resources
	fromCost, toCost         = 1.0, 6.0 // 10 µs to 1 s
)

var lines = []struct {
	name, color string
	cost        func(result) float64
}{
	{"import, each resource: processor", "#b45309", func(r result) float64 { return float64(r.importCPU.Microseconds()) }},
	{"GET by id: processor", "#047857", func(r result) float64 { return float64(r.get.cpu.Microseconds()) }},
	{"search by patient and code: processor", "#1d4ed8", func(r result) float64 { return float64(r.search.cpu.Microseconds()) }},
	{"the same, slowest hundredth", "#7c3aed", func(r result) float64 { return float64(r.search.p99.Microseconds()) }},
}

func x(size int) float64 {
	return left + width*(math.Log10(float64(size))-fromSize)/(toSize-fromSize)
}

func y(cost float64) float64 {
	return top + height - height*(math.Log10(cost)-fromCost)/(toCost-fromCost)
}

// plot draws solid lines for SQLite and dashed ones for PostgreSQL.
func plot(all []result) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", left+width+250, top+height+50)
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>` + "\n")
	axes(&b)
	for i, l := range lines {
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", left+width+15, top+20+18*i, l.color, l.name)
		for _, store := range []string{"sqlite", "postgres"} {
			draw(&b, all, store, l.color, l.cost)
		}
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d">solid: SQLite</text><text x="%d" y="%d">dashed: PostgreSQL</text>`+"\n", left+width+15, top+110, left+width+15, top+128)
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func axes(b *bytes.Buffer) {
	for e := fromSize; e <= toSize; e++ {
		at := x(int(math.Pow(10, e)))
		fmt.Fprintf(b, `<path d="M%.0f %d V%d" stroke="#ddd"/><text x="%.0f" y="%d" text-anchor="middle">10<tspan dy="-4" font-size="9">%.0f</tspan></text>`+"\n",
			at, top, top+height, at, top+height+20, e)
	}
	for e := fromCost; e <= toCost; e++ {
		at := y(math.Pow(10, e))
		label := map[float64]string{1: "10 µs", 2: "100 µs", 3: "1 ms", 4: "10 ms", 5: "100 ms", 6: "1 s"}[e]
		fmt.Fprintf(b, `<path d="M%d %.0f H%d" stroke="#ddd"/><text x="%d" y="%.0f" text-anchor="end">%s</text>`+"\n", left, at, left+width, left-8, at+4, label)
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">resources stored</text>`+"\n", left+width/2, top+height+42)
}

func draw(b *bytes.Buffer, all []result, store, color string, cost func(result) float64) {
	path, dash := "", ""
	if store == "postgres" {
		dash = ` stroke-dasharray="6 4"`
	}
	for _, r := range all {
		if r.store != store {
			continue
		}
		path += fmt.Sprintf("%c%.1f %.1f ", "ML"[min(len(path), 1)], x(r.size), y(cost(r)))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", x(r.size), y(cost(r)), color)
	}
	if path != "" {
		fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="2"%s/>`+"\n", path, color, dash)
	}
}
