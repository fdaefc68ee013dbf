package blueprint

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
)

//go:embed insurance-card.json prescription.json referral.json
var further embed.FS

// Set is what documents are read with: one blueprint for all, and further ones
// that take its place where a document is of their class.
type Set struct {
	// General reads whatever has no blueprint of its own.
	General *Blueprint
	// Classes are the further ones.
	Classes []*Blueprint
}

// Shipped returns the blueprints that ship with Paperchart.
func Shipped() Set {
	s := Set{General: Default()}
	for _, name := range Names()[1:] {
		data, _ := Source(name)
		b, err := Parse(data)
		if err != nil {
			panic("blueprint: embedded " + name + ".json: " + err.Error())
		}
		s.Classes = append(s.Classes, b)
	}
	return s
}

// Names are the names of the blueprints that ship, the general one first.
func Names() []string {
	names := []string{"medical-record"}
	files, _ := further.ReadDir(".") // embedded: it can't fail
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), path.Ext(f.Name())))
	}
	return names
}

// Source returns the file of a blueprint that ships, by its name.
func Source(name string) ([]byte, error) {
	if name == "medical-record" {
		return JSON(), nil
	}
	data, err := further.ReadFile(name + ".json")
	if err != nil {
		return nil, fmt.Errorf("there is no blueprint %q: there are %s", name, strings.Join(Names(), ", "))
	}
	return data, nil
}

// With returns the set with another blueprint for its class: in place of the one
// of the same class, or besides the others.
func (s Set) With(b *Blueprint) Set {
	s.Classes = slices.Clone(s.Classes)
	if i := slices.IndexFunc(s.Classes, func(c *Blueprint) bool { return SameClass(c.Class, b.Class) }); i >= 0 {
		s.Classes[i] = b
		return s
	}
	s.Classes = append(s.Classes, b)
	return s
}

// Of returns the blueprint for a class of documents, the general one where the
// class has none of its own.
func (s Set) Of(class string) *Blueprint {
	for _, b := range s.Classes {
		if SameClass(b.Class, class) {
			return b
		}
	}
	return s.General
}

// SameClass compares the names of two classes without regard to case.
func SameClass(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
