package grammar

import (
	"strconv"
	"strings"
)

// Side says where a result lies to its range.
type Side uint8

// The sides. Unknown is the answer wherever print leaves a doubt.
const (
	Unknown Side = iota
	Below
	Within
	Above
	Off // a qualitative result or a titre that is not the normal one
)

// Judge places a result in a range.
func (r Range) Judge(v Result) Side {
	switch v.Kind {
	case Numeric:
		return r.judgeNumber(v)
	case Titre:
		return r.judgeTitre(v)
	case Interval:
		return r.judgeInterval(v)
	default:
		return r.judgeWord(v)
	}
}

func (r Range) judgeNumber(v Result) Side {
	x, ok := float(v.Value)
	if !ok || r.Low == "" && r.High == "" || r.Remark == RemarkInverted {
		return Unknown
	}
	below, above := r.belowLow(x, v.Comparator), r.aboveHigh(x, v.Comparator)
	switch v.Comparator {
	case Less, LessEqual:
		return r.judgeUpTo(x, below)
	case Greater, GreaterEqual:
		return r.judgeFrom(x, above)
	}
	switch {
	case below:
		return Below
	case above:
		return Above
	}
	return Within
}

// judgeUpTo judges "<x": everything under x.
func (r Range) judgeUpTo(x float64, below bool) Side {
	high, hasHigh := float(r.High)
	low, hasLow := float(r.Low)
	switch {
	case below || hasLow && x <= low:
		return Below
	case hasHigh && x <= high && (!hasLow || low <= 0):
		return Within
	}
	return Unknown
}

// judgeFrom judges ">x": everything over x.
func (r Range) judgeFrom(x float64, above bool) Side {
	high, hasHigh := float(r.High)
	low, hasLow := float(r.Low)
	switch {
	case above || hasHigh && x >= high:
		return Above
	case !hasHigh && hasLow && x >= low:
		return Within
	}
	return Unknown
}

func (r Range) belowLow(x float64, cmp string) bool {
	low, ok := float(r.Low)
	if !ok {
		return false
	}
	return x < low || x == low && r.LowOpen && cmp == ""
}

func (r Range) aboveHigh(x float64, cmp string) bool {
	high, ok := float(r.High)
	if !ok {
		return false
	}
	return x > high || x == high && r.HighOpen && cmp == ""
}

func (r Range) judgeTitre(v Result) Side {
	_, normal, ok := strings.Cut(r.Normal, "1:")
	limit, err1 := strconv.Atoi(normal)
	x, err2 := strconv.Atoi(strings.TrimPrefix(v.Value, "1:"))
	if !ok || err1 != nil || err2 != nil {
		return Unknown
	}
	open := strings.HasPrefix(r.Normal, "<1")
	switch {
	case v.Comparator == Less && x <= limit:
		return Within
	case x > limit || x == limit && open:
		return Off
	}
	return Within
}

func (r Range) judgeInterval(v Result) Side {
	lo := r.judgeNumber(Result{Kind: Numeric, Value: v.Value})
	hi := r.judgeNumber(Result{Kind: Numeric, Value: v.High})
	if lo == hi {
		return lo
	}
	return Unknown
}

func (r Range) judgeWord(v Result) Side {
	if r.Normal == "" {
		return Unknown
	}
	if v.Value == r.Normal || found(v.Value) == -1 && found(r.Normal) == -1 {
		return Within
	}
	if found(v.Value) == 1 && found(r.Normal) == -1 || found(v.Value) == -1 && found(r.Normal) == 1 {
		return Off
	}
	return Unknown
}

// found is −1 for words that say nothing was found, 1 for those that say
// something was, 0 for others.
func found(word string) int {
	switch word {
	case "not detected", "none seen", "no growth":
		return -1
	case "positive", "reactive", "detected", "abnormal", "present", "weakly reactive", "weakly positive",
		"presumptive positive", "trace", "small", "moderate", "large", "many", "few":
		return 1
	}
	if notFound[word] {
		return -1
	}
	if strings.HasSuffix(word, "+") {
		return 1
	}
	return 0
}

// Agreement is the outcome of a check.
type Agreement uint8

// The outcomes.
const (
	Undecided Agreement = iota
	Agree
	Disagree
)

// CheckFlag tells whether a normalised flag ("" where none is printed, which
// says normal where the report flags at all) is what the range makes of the
// result. A disagreement is an alarm for misread digits.
func CheckFlag(flag string, v Result, r Range) Agreement {
	side := r.Judge(v)
	if side == Unknown {
		return Undecided
	}
	want := map[Side]string{Below: FlagLow, Above: FlagHigh, Within: FlagNormal, Off: FlagAbnormal}[side]
	have := FlagSide(flag)
	switch {
	case have == "" || have == FlagNormal:
		have = FlagNormal
	case have == FlagAbnormal && side != Within, side == Off && have == FlagHigh:
		return Agree
	}
	if have == want {
		return Agree
	}
	return Disagree
}

// LostPoint reports that a result without a decimal point lies far outside its
// range while the same digits with a point would lie within, beside a flag that
// doesn't speak for so large a value: "23" beside 0.4–4.0 without H. It is a
// reason to look, never one to change the value.
func LostPoint(v Result, r Range, flag string) bool {
	if v.Kind != Numeric || v.Comparator != "" || strings.Contains(v.Value, ".") || len(v.Value) < 2 {
		return false
	}
	if !strings.Contains(r.Low+r.High, ".") || r.Judge(v) != Above || FlagSide(flag) == FlagHigh {
		return false
	}
	for cut := len(v.Value) - 1; cut > 0 && cut >= len(v.Value)-3; cut-- {
		w := v
		w.Value = v.Value[:cut] + "." + v.Value[cut:]
		if side := r.Judge(w); side == Within || side == Below && FlagSide(flag) == FlagLow {
			return true
		}
	}
	return false
}
