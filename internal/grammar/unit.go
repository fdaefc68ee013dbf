package grammar

import (
	"regexp"
	"strings"
)

// unitAtoms are the pieces of printed units, in lower case. Whole units are
// atoms joined by / · * and powers.
var unitAtoms = set(`g gm gms gram grams mg mgs mcg ug μg µg ng pg fg kg kgs lb lbs oz
	l dl cl ml ul μl µl fl pl hl cc liter liters
	mol mmol umol μmol µmol nmol pmol fmol mosm osm mosmol eq meq ueq neq
	u iu miu uiu μiu µiu kiu ku mu unit units kunits munits iunits ku/l aiu arbu
	gpl mpl apl ahg feu ddu bau au rlu index ratio score s/co coi isr inr lia
	% pct percent ppm ppb titer dils dilution
	s sec secs second seconds min mins minute minutes h hr hrs hour hours d day days wk week weeks mo month months yr year years
	mm cm m in inch inches ft feet mmhg cmh2o kpa torr hg
	hpf lpf field fields cells cell copies cp log log10 rbc wbc nrbc cfu org events particles
	k thou thous thousand m mil mill million millions bil billion
	c f degc degf °c °f bpm beats breaths br kcal cal kat ukat nkat mkat w v ma mv
	m2 kg/m2 creat creatinine cr hgb hb fib gfr dose doses tab tabs cap caps puff puffs drop drops gtt gtts
	ve pos neg pack packs ppd drinks g/dl nmolbce bce ch50 u/g`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var (
	unitSplit  = regexp.MustCompile(`[/·*.()\[\]{}\s\-^]+`)
	unitPower  = regexp.MustCompile(`(?:[x×]\s?|\b)10\s?(?:[e^*]?\s?\(?[0-9³⁶⁹¹²]{1,2}\)?)`)
	unitCounts = set("24 12 6 8 72 48 100 1000 1 2")
)

// KnownUnit reports whether text has the shape of a printed unit of
// measurement, such as mg/dL, x10^3/uL or mL/min/1.73 m2. What code it has is
// for terms to say. The letters of flags, H, L and A, standing alone are not units.
func KnownUnit(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 32 || hasFlag(text) {
		return false
	}
	return knownParts(text) || knownParts(repairUnit(text))
}

func hasFlag(text string) bool {
	for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == '*' }) {
		switch f {
		case "H", "L", "HH", "LL", "A":
			return true
		}
	}
	return false
}

func knownParts(text string) bool {
	low := strings.ToLower(text)
	if unitAtoms[low] {
		return true
	}
	low = strings.ReplaceAll(low, "1.73", "/")
	power := unitPower.MatchString(low)
	low = unitPower.ReplaceAllString(low, " ")
	atoms := 0
	for _, p := range unitSplit.Split(low, -1) {
		switch {
		case p == "" || unitCounts[p] && atoms > 0:
		case unitAtoms[strings.TrimRight(p, "²³23")], p == "per", scaled(p):
			atoms++
		default:
			return false
		}
	}
	return atoms > 0 || power
}

// scaled is a unit with its count glued to it, such as 100ml or 24h.
func scaled(p string) bool {
	rest := strings.TrimLeft(p, "0123456789")
	return rest != p && unitAtoms[rest]
}

// repairUnit undoes the confusions that OCR makes in units: mg/dI, ug/m1, rng.
func repairUnit(text string) string {
	return unitRepair.Replace(text)
}

var unitRepair = strings.NewReplacer("dI", "dL", "d1", "dL", "m1", "mL", "mI/", "ml/", "u1", "uL", "uI", "uL",
	"rng", "mg", "rnm", "mm", "rnL", "mL", "rnl", "ml", "rnmol", "mmol", "rnEq", "mEq", "/I", "/L", "/1", "/L", "lU", "IU", "1U", "IU", "|U", "IU")

// RepairUnit returns text with OCR's confusions undone where that makes it a
// unit and it was none before.
func RepairUnit(text string) (unit string, repaired bool) {
	text = squeeze(text)
	if knownParts(text) {
		return text, false
	}
	if fixed := repairUnit(text); fixed != text && knownParts(fixed) {
		return fixed, true
	}
	return text, false
}
