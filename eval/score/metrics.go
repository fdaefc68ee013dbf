package score

import (
	"cmp"
	"slices"
)

// Tally counts items.
type Tally struct {
	Right, Wrong, Missed, Invented, Context, Other int
	// Sure counts what was read with a confidence of at least 0.80, SureWrong
	// what of it is not right.
	Sure, SureWrong int
	Boxed, Hit      int
	sumIoU          float64
}

// Sure is the confidence from which a value is accepted unseen by default.
const Sure = 0.80

// Add counts one item.
func (t *Tally) Add(i Item) {
	switch i.Kind {
	case Right:
		t.Right++
	case Wrong:
		t.Wrong++
	case Missed:
		t.Missed++
	case Invented:
		t.Invented++
	case Context:
		t.Context++
	case Other:
		t.Other++
	}
	if i.Read() && i.Conf >= Sure {
		t.Sure++
		if i.Kind != Right {
			t.SureWrong++
		}
	}
	if i.Boxed {
		t.Boxed++
		t.sumIoU += i.IoU
		if i.Hit {
			t.Hit++
		}
	}
}

// Count tallies the items that keep says yes to; nil keeps all.
func Count(items []Item, keep func(Item) bool) Tally {
	var t Tally
	for _, i := range items {
		if keep == nil || keep(i) {
			t.Add(i)
		}
	}
	return t
}

// Read is how many values were put out, Printed how many are on the paper.
func (t Tally) Read() int    { return t.Right + t.Wrong + t.Invented + t.Context + t.Other }
func (t Tally) Printed() int { return t.Right + t.Wrong + t.Missed }

// Precision, Recall and F1 are 0 where there is nothing to count.
func (t Tally) Precision() float64 { return ratio(t.Right, t.Read()) }
func (t Tally) Recall() float64    { return ratio(t.Right, t.Printed()) }
func (t Tally) F1() float64        { return ratio(2*t.Right, t.Read()+t.Printed()) }

// SureError is the share of wrong values among those accepted unseen.
func (t Tally) SureError() float64 { return ratio(t.SureWrong, t.Sure) }
func (t Tally) HitRate() float64   { return ratio(t.Hit, t.Boxed) }
func (t Tally) MeanIoU() float64 {
	if t.Boxed == 0 {
		return 0
	}
	return t.sumIoU / float64(t.Boxed)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// Bin is one bin of a reliability table: what was said and what was so.
type Bin struct {
	Low, High  float64
	N          int
	Said, True float64
}

// Reliability sorts what was read into bins by its confidence, and returns the
// expected calibration error: the mean distance of said and true, by weight.
func Reliability(items []Item) (bins []Bin, ece float64) {
	edges := []float64{0, .2, .4, .6, .7, .8, .85, .9, .95, .98, 1.0001}
	bins = make([]Bin, len(edges)-1)
	for b := range bins {
		bins[b].Low, bins[b].High = edges[b], min(edges[b+1], 1)
	}
	n := 0
	for _, i := range items {
		if !i.Read() {
			continue
		}
		b := 0
		for b < len(bins)-1 && i.Conf >= edges[b+1] {
			b++
		}
		n++
		bins[b].N++
		bins[b].Said += i.Conf
		if i.Kind == Right {
			bins[b].True++
		}
	}
	for b := range bins {
		if bins[b].N == 0 {
			continue
		}
		bins[b].Said /= float64(bins[b].N)
		bins[b].True /= float64(bins[b].N)
		ece += abs(bins[b].Said-bins[b].True) * float64(bins[b].N) / float64(n)
	}
	return bins, ece
}

func abs(x float64) float64 { return max(x, -x) }

// Coverage returns the largest share of what was read that can be accepted unseen
// at the wanted precision, and the confidence from which it is accepted. Values of
// equal confidence are accepted together.
func Coverage(items []Item, precision float64) (share, from float64) {
	var read []Item
	for _, i := range items {
		if i.Read() {
			read = append(read, i)
		}
	}
	slices.SortStableFunc(read, func(a, b Item) int { return cmp.Compare(b.Conf, a.Conf) })
	right, from := 0, 1.0
	for n, i := range read {
		if i.Kind == Right {
			right++
		}
		last := n+1 == len(read) || read[n+1].Conf < i.Conf
		if last && float64(right) >= precision*float64(n+1) {
			share, from = float64(n+1)/float64(len(read)), i.Conf
		}
	}
	return share, from
}
