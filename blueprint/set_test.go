package blueprint

import (
	"strings"
	"testing"
)

func TestShippedAreWithinBDALimits(t *testing.T) {
	for _, name := range Names() {
		data, err := Source(name)
		if err != nil {
			t.Fatal(err)
		}
		if bad := Check(data); len(bad) > 0 {
			t.Errorf("%s: %s", name, strings.Join(bad, "; "))
		}
	}
	if n := len(Shipped().Classes); n != len(Names())-1 || n < 3 {
		t.Errorf("%d blueprints of classes, of the names %v", n, Names())
	}
	if _, err := Source("nothing"); err == nil || !strings.Contains(err.Error(), "insurance-card") {
		t.Errorf("error is %v", err)
	}
}

// TestClassesLoseNothing holds a blueprint for clinical documents to all that the
// general one reads.
func TestClassesLoseNothing(t *testing.T) {
	general := Default()
	for _, b := range Shipped().Classes {
		if len(b.Tables) == 0 {
			continue // a card
		}
		has := map[string]bool{}
		for _, f := range b.Fields {
			has[f.Name] = true
		}
		for _, f := range general.Fields {
			if !has[f.Name] {
				t.Errorf("%s has no %s", b.Class, f.Name)
			}
		}
		for _, want := range general.Tables {
			if got := b.Table(want.Name); got == nil || len(got.Columns) != len(want.Columns) {
				t.Errorf("%s has not all of %s", b.Class, want.Name)
			}
		}
	}
}

func TestSet(t *testing.T) {
	s := Shipped()
	if b := s.Of("insurance card"); b.Class != "Insurance Card" {
		t.Errorf("an insurance card is read with %q", b.Class)
	}
	if b := s.Of("visit summary"); b != s.General {
		t.Errorf("a visit summary is read with %q", b.Class)
	}
	own := &Blueprint{Class: "REFERRAL"}
	if more := s.With(own); more.Of("Referral") != own || s.Of("referral") == own || len(more.Classes) != len(s.Classes) {
		t.Error("a user's blueprint does not take its class's place, or does so for others")
	}
}

func TestNew(t *testing.T) {
	for _, bare := range []bool{false, true} {
		data, err := New("Consent & Waiver", []string{"interpreter: Interpreter, Interpreter's Name", "hours_slept number: Hours", "pacemaker boolean"}, bare)
		if err != nil {
			t.Fatal(err)
		}
		if bad := Check(data); len(bad) > 0 {
			t.Errorf("bare %v: %s", bare, strings.Join(bad, "; "))
		}
		b, err := Parse(data)
		if err != nil || b.Class != "Consent & Waiver" || (len(b.Tables) == 0) != bare {
			t.Fatalf("class %q, %d tables, %v", b.Class, len(b.Tables), err)
		}
		f := b.Fields[len(b.Fields)-3:]
		if f[0].Name != "interpreter" || f[1].Type != Number || f[2].Type != Boolean || f[0].Labels()[2] != "Interpreter's Name" {
			t.Errorf("fields are %+v", f)
		}
	}
	for class, field := range map[string]string{"": "a: A", "A": "Big Name: x", "B": "a date: x", "C": ": x", "D": "sex: Sex"} {
		if data, err := New(class, []string{field}, false); err == nil {
			t.Errorf("New(%q, %q) = %d bytes", class, field, len(data))
		}
	}
}
