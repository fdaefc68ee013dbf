package terms

import "math/bits"

// Costs of one edit, in hundredths of a plain one. What a scanner confuses and
// what a typist slips on is cheaper than a different letter.
const (
	costPlain     = 100
	costDigit     = 25 // 0 for o, 1 for l
	costShape     = 40 // c for e, i for l, u for v
	costVowel     = 65
	costSwap      = 60
	costDouble    = 40 // a letter doubled, or one of two lost
	costGap       = 80
	costSplit     = 35 // rn for m, cl for d, vv for w
	costFirst     = 30 // added where the first letter differs
	maxWordLetter = 32
)

// budget is the cost up to which a token may be another word.
func budget(n int) int {
	switch {
	case n <= 3:
		return 30
	case n == 4:
		return 45
	case n == 5:
		return 65
	case n <= 7:
		return 105
	case n <= 9:
		return 125
	}
	return 160
}

// costTable has what substitute says, by slots: a look-up where a search asks for
// it thousands of times.
type costTable [letterSlots][letterSlots]int16

func newCostTable() *costTable {
	const chars = "?0123456789abcdefghijklmnopqrstuvwxyz"
	t := new(costTable)
	for i := range len(chars) {
		for j := range len(chars) {
			t[i][j] = int16(substitute(chars[i], chars[j]))
		}
	}
	return t
}

// distance is a Damerau-Levenshtein distance with weighted costs.
func (t *costTable) distance(a, b string, limit int) int {
	la, lb := len(a), len(b)
	if la > maxWordLetter || lb > maxWordLetter {
		return limit + 1
	}
	var row [3][maxWordLetter + 1]int
	prev2, prev, cur := &row[0], &row[1], &row[2]
	for j := 1; j <= lb; j++ {
		prev[j] = prev[j-1] + gap(b, j-1)
	}
	var slots [maxWordLetter]uint8
	var gaps [maxWordLetter]int
	for j := range lb {
		slots[j], gaps[j] = uint8(slot(b[j])), gap(b, j)
	}
	for i := 1; i <= la; i++ {
		gapA, costs := gap(a, i-1), &t[slot(a[i-1])]
		cur[0] = prev[0] + gapA
		low := cur[0]
		for j := 1; j <= lb; j++ {
			c := min(prev[j-1]+int(costs[slots[j-1]]), prev[j]+gapA, cur[j-1]+gaps[j-1])
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				c = min(c, prev2[j-2]+costSwap)
			}
			if i > 1 && fused(a[i-2], a[i-1], b[j-1]) {
				c = min(c, prev2[j-1]+costSplit)
			}
			if j > 1 && fused(b[j-2], b[j-1], a[i-1]) {
				c = min(c, prev[j-2]+costSplit)
			}
			cur[j] = c
			low = min(low, c)
		}
		if low > limit+costPlain {
			return limit + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	d := prev[lb]
	// A capital I read as l is no change of the word's beginning.
	if la > 0 && lb > 0 && a[0] != b[0] && !(a[0] == 'l' && b[0] == 'i') {
		d += costFirst
	}
	return d
}

func gap(s string, i int) int {
	if i > 0 && s[i] == s[i-1] {
		return costDouble
	}
	return costGap
}

func substitute(a, b byte) int {
	if a == b {
		return 0
	}
	if digit(a) && digit(b) {
		return 4 * costPlain // another number is another thing
	}
	ca, cb := shape(a), shape(b)
	switch {
	case digit(a) != digit(b):
		if ca != 0 && ca == cb {
			return costDigit
		}
		return 2 * costPlain
	case ca != 0 && ca == cb || alike(a, b) || alike(b, a):
		return costShape
	case vowel(a) && vowel(b):
		return costVowel
	}
	return costPlain
}

// shape is the class of characters that print alike.
func shape(c byte) byte {
	switch c {
	case '0', 'o', 'q':
		return 'o'
	case '1', 'i', 'l', 'j':
		return 'l'
	case '5', 's':
		return 's'
	case '8', 'b':
		return 'b'
	case '2', 'z':
		return 'z'
	case '9', 'g':
		return 'g'
	case '6':
		return 'b'
	}
	return 0
}

func alike(a, b byte) bool {
	switch a {
	case 'c':
		return b == 'e' || b == 'o'
	case 'u':
		return b == 'v' || b == 'n'
	case 'h':
		return b == 'b' || b == 'n'
	case 't':
		return b == 'f' || b == 'l' || b == 'r'
	case 'g':
		return b == 'q' || b == 'y'
	case 'v':
		return b == 'y'
	case 'n':
		return b == 'r'
	case 'a':
		return b == 'e' && false
	}
	return false
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

// fused tells whether two letters x y print as the one letter z.
func fused(x, y, z byte) bool {
	switch z {
	case 'm':
		return x == 'r' && y == 'n' || x == 'i' && y == 'n' || x == 'n' && y == 'i'
	case 'd':
		return x == 'c' && y == 'l'
	case 'w':
		return x == 'v' && y == 'v'
	case 'n':
		return x == 'r' && y == 'i' || x == 'i' && y == 'i'
	case 'u':
		return x == 'i' && y == 'i' || x == 'l' && y == 'i'
	case 'h':
		return x == 'l' && y == 'i'
	case 'k':
		return x == 'l' && y == 'c'
	case 'b':
		return x == 'l' && y == '3'
	}
	return false
}

// signature has a bit for each character a word contains: words that are a few
// edits apart differ in few bits.
func signature(s string) uint64 {
	var m uint64
	for i := 0; i < len(s); i++ {
		if digit(s[i]) {
			m |= 1 << (26 + s[i] - '0')
		} else if s[i] >= 'a' && s[i] <= 'z' {
			m |= 1 << (s[i] - 'a')
		}
	}
	return m
}

func differ(a, b uint64) int { return bits.OnesCount64(a ^ b) }
