package ucum

import "testing"

func TestCanonical(t *testing.T) {
	for _, x := range []struct{ value, code, want, base string }{
		{"1", "mg", "0.001", "g"},
		{"100", "[lb_av]", "45359.237", "g"},
		{"120", "mm[Hg]", "15998640", "g.m-1.s-2"},
		{"5", "mg/dL", "50", "g.m-3"},
		{"0.05", "g/L", "50", "g.m-3"},
		{"7", "10*3/uL", "7000000000000", "m-3"},
		{"7", "10*9/L", "7000000000000", "m-3"},
		{"98", "{beats}/min", "1.63333333333333333333333333334", "s-1"},
		{"37", "Cel", "310.15", "K"},
		{"4", "m[IU]/L", "4", "[IU].m-3"},
		{"30", "kg/m2", "30000", "g.m-2"},
		{"1", "mL/min/{1.73_m2}", "0.0000000166666666666666666667", "m3.s-1"},
		{"3", "1", "3", "1"},
		{"2", "[in_i]", "0.0508", "m"},
	} {
		v, base, err := Canonical(number(x.value), x.code)
		want := number(x.want)
		if err != nil || base != x.base || v.Sub(want).Abs().GreaterThan(want.Shift(-12).Abs()) {
			t.Errorf("%s %s is %s %s, %v", x.value, x.code, v, base, err)
		}
	}
	for _, code := range []string{"", "mgg", "mg//dL", "(", "mg)", "[nothing]", "10*", "é"} {
		if u, err := Parse(code); err == nil && code != "10*" {
			t.Errorf("%q is %+v", code, u)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"mg/dL", "10*3/uL", "(a.b)/c", "m[IU]{x}", "kg.m/s2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { Parse(s) })
}
