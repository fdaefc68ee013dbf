package grammar

import "strings"

// The abnormal flags, normalised to codes of HL7's ObservationInterpretation.
const (
	FlagHigh         = "H"
	FlagLow          = "L"
	FlagCriticalHigh = "HH"
	FlagCriticalLow  = "LL"
	FlagAbnormal     = "A"
	FlagCritical     = "AA"
	FlagNormal       = "N"
)

// flagWords are the printed flags in lower case without surrounding brackets.
var flagWords = map[string]string{
	"h": FlagHigh, "hi": FlagHigh, "high": FlagHigh, "h*": FlagHigh, "*h": FlagHigh, "↑": FlagHigh, "▲": FlagHigh,
	"elevated": FlagHigh, "above normal": FlagHigh, "above high normal": FlagHigh, "above range": FlagHigh, "out of range high": FlagHigh, "+h": FlagHigh, "h!": FlagHigh,
	"l": FlagLow, "lo": FlagLow, "low": FlagLow, "l*": FlagLow, "*l": FlagLow, "↓": FlagLow, "▼": FlagLow,
	"decreased": FlagLow, "below normal": FlagLow, "below low normal": FlagLow, "below range": FlagLow, "l!": FlagLow,
	"hh": FlagCriticalHigh, "h h": FlagCriticalHigh, "critical high": FlagCriticalHigh, "high critical": FlagCriticalHigh, "panic high": FlagCriticalHigh, "ch": FlagCriticalHigh, "hp": FlagCriticalHigh, "crit high": FlagCriticalHigh, "alert high": FlagCriticalHigh, "high panic": FlagCriticalHigh, "hh*": FlagCriticalHigh, "↑↑": FlagCriticalHigh,
	"ll": FlagCriticalLow, "l l": FlagCriticalLow, "critical low": FlagCriticalLow, "low critical": FlagCriticalLow, "panic low": FlagCriticalLow, "cl": FlagCriticalLow, "lp": FlagCriticalLow, "crit low": FlagCriticalLow, "alert low": FlagCriticalLow, "low panic": FlagCriticalLow, "ll*": FlagCriticalLow, "↓↓": FlagCriticalLow,
	"a": FlagAbnormal, "*": FlagAbnormal, "abn": FlagAbnormal, "abnormal": FlagAbnormal, "ab": FlagAbnormal, "!": FlagAbnormal, "out of range": FlagAbnormal, "a*": FlagAbnormal, "*a": FlagAbnormal, "pos": FlagAbnormal, "outside range": FlagAbnormal, "abnorm": FlagAbnormal,
	"aa": FlagCritical, "**": FlagCritical, "c": FlagCritical, "crit": FlagCritical, "critical": FlagCritical, "panic": FlagCritical, "alert": FlagCritical, "!!": FlagCritical, "***": FlagCritical, "critical abnormal": FlagCritical,
	"n": FlagNormal, "nl": FlagNormal, "normal": FlagNormal, "wnl": FlagNormal, "within range": FlagNormal, "in range": FlagNormal, "within normal limits": FlagNormal, "ok": FlagNormal,
}

// ParseFlag normalises an abnormal flag that stands alone, such as "H", "*",
// "(Low)" or "Critical High".
func ParseFlag(text string) (string, bool) {
	s := strings.ToLower(squeeze(strings.Trim(squeeze(text), "()[]{}.:;,")))
	f, ok := flagWords[s]
	if !ok {
		f, ok = flagWords[strings.TrimSpace(strings.Trim(s, "|_-"))]
	}
	return f, ok
}

// FlagSide reduces a flag to the side it speaks for: FlagHigh, FlagLow,
// FlagAbnormal for either, FlagNormal, or "".
func FlagSide(flag string) string {
	switch flag {
	case FlagHigh, FlagCriticalHigh:
		return FlagHigh
	case FlagLow, FlagCriticalLow:
		return FlagLow
	case FlagAbnormal, FlagCritical:
		return FlagAbnormal
	}
	return flag
}
