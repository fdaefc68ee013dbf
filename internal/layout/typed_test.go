package layout

import (
	"image"
	"strings"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

// typed lays a page out from a picture in text: every character is a cell of
// 20×44 pixels of typewriter print. A line that begins with "!" is printed half
// as large again, one with "'" at two thirds. "─" and "│", with "┼" where they
// cross, draw rules; "▢" and "▣" draw an empty and a ticked box.
func typed(number int, text string) *page.Page {
	const w, h = 20, 44
	p := &page.Page{Number: number, DPI: 200}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	grid := make([][]rune, len(lines))
	for i, l := range lines {
		size := 1.0
		switch {
		case strings.HasPrefix(l, "!"):
			size, l = 1.5, l[1:]
		case strings.HasPrefix(l, "'"):
			size, l = 0.66, l[1:]
		}
		grid[i] = []rune(l)
		p.Words = append(p.Words, typedWords(grid[i], i*h, size)...)
		for x, r := range grid[i] {
			if r == '▢' || r == '▣' {
				p.Marks = append(p.Marks, page.Mark{Box: image.Rect(x*w, i*h+6, x*w+24, i*h+30), Checked: r == '▣', Conf: 0.9})
			}
		}
	}
	p.Rules = typedRules(grid, w, h)
	return p
}

func typedWords(line []rune, y int, size float64) []page.Word {
	var out []page.Word
	for x := 0; x < len(line); {
		if strings.ContainsRune(" ─│┼▢▣", line[x]) {
			x++
			continue
		}
		from := x
		for x < len(line) && !strings.ContainsRune(" ─│┼▢▣", line[x]) {
			x++
		}
		out = append(out, typedWord(string(line[from:x]), from*20, y+32, size))
	}
	return out
}

// typedWord has the box of its ink: capitals are 26 pixels high, small letters
// 19, tails 8 below the baseline.
func typedWord(text string, x, base int, size float64) page.Word {
	top, bot := 19.0, 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("gjpqy,;Q", r):
			bot = 8
		}
		if strings.ContainsRune("bdfhklti", r) || r < 'a' || r > 'z' {
			top = 26
		}
	}
	if strings.Trim(text, ".,_") == "" {
		top = 4
	}
	if strings.Trim(text, "-–") == "" {
		top, bot = 12, -9
	}
	wide := float64(utf8.RuneCountInString(text)*20-4) * size
	return page.Word{Text: text, Conf: 0.95,
		Box: image.Rect(x, base-int(top*size), x+int(wide), base+int(bot*size))}
}

func typedRules(grid [][]rune, w, h int) []page.Rule {
	at := func(i, x int) rune {
		if i < 0 || i >= len(grid) || x >= len(grid[i]) {
			return ' '
		}
		return grid[i][x]
	}
	var out []page.Rule
	cols := 0
	for i := range grid {
		cols = max(cols, len(grid[i]))
		for x := 0; x < len(grid[i]); {
			from := x
			for x < len(grid[i]) && strings.ContainsRune("─┼", grid[i][x]) {
				x++
			}
			if x-from >= 3 {
				out = append(out, page.Rule{Box: image.Rect(from*w+w/2, i*h+20, (x-1)*w+w/2, i*h+23)})
			}
			x++
		}
	}
	for x := 0; x < cols; x++ {
		for i := 0; i < len(grid); i++ {
			from := i
			for strings.ContainsRune("│┼", at(i, x)) && at(i, x) != ' ' {
				i++
			}
			if i-from >= 2 {
				out = append(out, page.Rule{Box: image.Rect(x*w+8, from*h+20, x*w+11, (i-1)*h+23), Vertical: true})
			}
		}
	}
	return out
}
