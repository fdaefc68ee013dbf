package ucum

// The figures are those of the Unified Code for Units of Measure, version 2.1
// (https://ucum.org/ucum), in the base units g, m, s, K, C, cd, rad.

var prefixes = []struct {
	name     string
	exponent int32
}{
	{"da", 1}, {"Y", 24}, {"Z", 21}, {"E", 18}, {"P", 15}, {"T", 12}, {"G", 9}, {"M", 6}, {"k", 3}, {"h", 2},
	{"d", -1}, {"c", -2}, {"m", -3}, {"u", -6}, {"n", -9}, {"p", -12}, {"f", -15}, {"a", -18}, {"z", -21}, {"y", -24},
}

// metric are the atoms that take a prefix.
var metric = set("m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S", "Wb", "T", "H",
	"lm", "lx", "Bq", "Gy", "Sv", "l", "L", "cal", "eq", "osm", "kat", "U", "bar", "t", "eV", "u", "m[H2O]", "m[Hg]", "[IU]", "[iU]", "st")

var arbitrary = []string{"[IU]", "[iU]", "[arb'U]", "[USP'U]", "[GPL'U]", "[MPL'U]", "[APL'U]", "[beth'U]", "[anti'Xa'U]", "[todd'U]", "[CFU]",
	"[PFU]", "[FFU]", "[Amb'a'1'U]", "[BAU]", "[AU]", "[ELU]", "[EU]", "[PNU]", "[Lf]", "[D'ag'U]", "[hnsf'U]", "[knk'U]", "[dye'U]", "[ka'U]", "[mclg'U]", "[smgy'U]", "[bdsk'U]", "[tb'U]", "[CCID_50]", "[TCID_50]", "[EID_50]"}

type atomDef struct {
	factor string
	dims   dims
}

var (
	none     = dims{}
	length   = dims{"m": 1}
	area     = dims{"m": 2}
	volume   = dims{"m": 3}
	mass     = dims{"g": 1}
	duration = dims{"s": 1}
	pressure = dims{"g": 1, "m": -1, "s": -2}
	energy   = dims{"g": 1, "m": 2, "s": -2}
	power    = dims{"g": 1, "m": 2, "s": -3}
	dose     = dims{"m": 2, "s": -2}
	rate     = dims{"s": -1}
)

var atoms = map[string]atomDef{
	"m": {"1", length}, "s": {"1", duration}, "g": {"1", mass}, "rad": {"1", dims{"rad": 1}}, "K": {"1", dims{"K": 1}},
	"C": {"1", dims{"C": 1}}, "cd": {"1", dims{"cd": 1}},
	"%": {"0.01", none}, "[ppth]": {"0.001", none}, "[ppm]": {"0.000001", none}, "[ppb]": {"0.000000001", none}, "[pptr]": {"0.000000000001", none},
	"mol": {"602213670000000000000000", none}, "eq": {"602213670000000000000000", none}, "osm": {"602213670000000000000000", none},
	"kat": {"602213670000000000000000", rate}, "U": {"10036894500000000", rate},
	"sr": {"1", dims{"rad": 2}}, "deg": {"0.0174532925199432958", dims{"rad": 1}}, "'": {"0.00029088820866572160", dims{"rad": 1}},
	"Hz": {"1", rate}, "N": {"1000", dims{"g": 1, "m": 1, "s": -2}}, "Pa": {"1000", pressure}, "J": {"1000", energy}, "W": {"1000", power},
	"A": {"1", dims{"C": 1, "s": -1}}, "V": {"1000", dims{"g": 1, "m": 2, "s": -2, "C": -1}}, "F": {"0.001", dims{"g": -1, "m": -2, "s": 2, "C": 2}},
	"Ohm": {"1000", dims{"g": 1, "m": 2, "s": -1, "C": -2}}, "S": {"0.001", dims{"g": -1, "m": -2, "s": 1, "C": 2}},
	"Wb": {"1000", dims{"g": 1, "m": 2, "s": -1, "C": -1}}, "T": {"1000", dims{"g": 1, "s": -1, "C": -1}}, "H": {"1000", dims{"g": 1, "m": 2, "C": -2}},
	"lm": {"1", dims{"cd": 1, "rad": 2}}, "lx": {"1", dims{"cd": 1, "rad": 2, "m": -2}},
	"Bq": {"1", rate}, "Gy": {"1", dose}, "Sv": {"1", dose}, "Ci": {"37000000000", rate}, "REM": {"0.01", dose}, "RAD": {"0.01", dose},
	"min": {"60", duration}, "h": {"3600", duration}, "d": {"86400", duration}, "wk": {"604800", duration}, "mo": {"2629800", duration},
	"a": {"31557600", duration}, "mo_j": {"2629800", duration}, "a_j": {"31557600", duration}, "a_t": {"31556925.216", duration}, "a_g": {"31556952", duration},
	"l": {"0.001", volume}, "L": {"0.001", volume}, "ar": {"100", area}, "t": {"1000000", mass}, "bar": {"100000000", pressure}, "atm": {"101325000", pressure},
	"u": {"0.0000000000000000000000016605402", mass}, "eV": {"0.000000000000000160217733", energy}, "st": {"1", volume},
	"m[H2O]": {"9806650", pressure}, "m[Hg]": {"133322000", pressure}, "[in_i'H2O]": {"249088.91", pressure}, "[in_i'Hg]": {"3386378.8", pressure},
	"cal": {"4184", energy}, "[Cal]": {"4184000", energy}, "[Btu]": {"1055056", energy}, "[HP]": {"745699.87158227022", power},
	"[in_i]": {"0.0254", length}, "[ft_i]": {"0.3048", length}, "[yd_i]": {"0.9144", length}, "[mi_i]": {"1609.344", length},
	"[in_us]": {"0.0254000508001016", length}, "[ft_us]": {"0.304800609601219", length}, "[sin_i]": {"0.00064516", area}, "[sft_i]": {"0.09290304", area}, "[cin_i]": {"0.000016387064", volume},
	"[lb_av]": {"453.59237", mass}, "[oz_av]": {"28.349523125", mass}, "[gr]": {"0.06479891", mass}, "[stone_av]": {"6350.29318", mass}, "[ston_av]": {"907184.74", mass},
	"[lb_tr]": {"373.2417216", mass}, "[oz_tr]": {"31.1034768", mass}, "[lb_ap]": {"373.2417216", mass}, "[oz_ap]": {"31.1034768", mass}, "[dr_ap]": {"3.8879346", mass}, "[lbf_av]": {"4448.2216152605", dims{"g": 1, "m": 1, "s": -2}},
	"[foz_us]": {"0.0000295735295625", volume}, "[cup_us]": {"0.0002365882365", volume}, "[tbs_us]": {"0.00001478676478125", volume}, "[tsp_us]": {"0.00000492892159375", volume},
	"[gal_us]": {"0.003785411784", volume}, "[qt_us]": {"0.000946352946", volume}, "[pt_us]": {"0.000473176473", volume}, "[cup_m]": {"0.00024", volume}, "[tbs_m]": {"0.000015", volume}, "[tsp_m]": {"0.000005", volume}, "[foz_m]": {"0.00003", volume},
	"[drp]": {"0.00000005", volume}, "[Ch]": {"0.000333333333333333333", length}, "[psi]": {"6894757.2931684", pressure}, "[diop]": {"1", dims{"m": -1}}, "[HPF]": {"1", none}, "[LPF]": {"100", none}, "[bdi]": {"1", none},
	"[pH]": {"1", dims{"[pH]": 1}}, "[pi]": {"3.1415926535897932384626433832795", none}, "[c]": {"299792458", dims{"m": 1, "s": -1}}, "[MET]": {"0.0000000583333333333333333", dims{"m": 3, "g": -1, "s": -1}},
	"Ao": {"0.0000000001", length}, "G": {"0.1", dims{"g": 1, "s": -1, "C": -1}}, "dyn": {"0.01", dims{"g": 1, "m": 1, "s": -2}}, "erg": {"0.0001", energy}, "P": {"100", dims{"g": 1, "m": -1, "s": -1}},
}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}
