package convert

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
)

// identityFloor is the least confidence at which a field may say who somebody
// is, however low the thresholds are set.
const identityFloor = 0.8

// patientID is the same in every file only where record number, whole birth
// date, family name and first name are all sure and plain print. A false
// difference makes two records of one person, which a clerk can join; a false
// likeness would put one person's data on another. So:
//
//   - Twins and siblings share family name, birth date and often a record
//     number but for one digit, which OCR may misread: the first name parts them.
//   - Two houses may give one number to two people: name and birth date part them.
//   - The house is no part of it, since a laboratory prints the clinic's number.
//   - A number that OCR is known to damage, an initial for a name or any remark
//     by the reader is not sure.
func (c *chart) patientID() string {
	names := []string{"patient_mrn", "date_of_birth", "patient_last_name", "patient_first_name"}
	key := []string{"patient"}
	for _, name := range names {
		f := c.doc.Fields[name]
		if !c.Thresholds.Meets(name, f) || f.Confidence < identityFloor || f.Remark != "" {
			return c.id("patient")
		}
		key = append(key, folded(unaccented(f.Value)))
	}
	mrn, born, family, first := c.doc.Fields[names[0]].Value, moment(c.doc.Fields[names[1]].Value), key[3], key[4]
	if utf8.RuneCountInString(key[1]) < 3 || grammar.DamagedID(mrn) || len(born) != 10 || utf8.RuneCountInString(family) < 2 || utf8.RuneCountInString(first) < 2 {
		return c.id("patient")
	}
	return derive(key...)
}

// unaccented is a text without its marks, which print and OCR drop as they like.
func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// mergePatient fills what a patient lacks from another reading of the same one.
// Where the two disagree the first stands and waits for a person.
func mergePatient(p, from *r4.Patient) {
	if p.Gender != "" && from.Gender != "" && p.Gender != from.Gender {
		from.EnsureMeta().Tag = []r4.Coding{needsReview}
	}
	for _, x := range from.Identifier {
		if !slices.ContainsFunc(p.Identifier, func(y r4.Identifier) bool { return y.System == x.System && y.Value == x.Value }) {
			p.Identifier = append(p.Identifier, x)
		}
	}
	for _, x := range from.Telecom {
		if !slices.ContainsFunc(p.Telecom, func(y r4.ContactPoint) bool { return y.System == x.System && y.Value == x.Value }) {
			p.Telecom = append(p.Telecom, x)
		}
	}
	for _, x := range from.Extension {
		i := slices.IndexFunc(p.Extension, func(y r4.Extension) bool { return y.URL == x.URL })
		switch {
		case i < 0:
			p.Extension = append(p.Extension, x)
		case x.URL == confidenceURL && x.ValueDecimal < p.Extension[i].ValueDecimal: // both are 0.00 to 1.00
			p.Extension[i] = x
		}
	}
	p.Gender, p.BirthDate = first(p.Gender, from.Gender), first(p.BirthDate, from.BirthDate)
	if p.Name == nil || from.Name != nil && len(p.Name[0].Given) < len(from.Name[0].Given) {
		p.Name = from.Name
	}
	if p.DeceasedBoolean == nil && p.DeceasedDateTime == "" {
		p.DeceasedBoolean, p.DeceasedDateTime = from.DeceasedBoolean, from.DeceasedDateTime
	}
	if p.Address == nil {
		p.Address = from.Address
	}
	if p.MaritalStatus == nil {
		p.MaritalStatus = from.MaritalStatus
	}
	if p.Communication == nil {
		p.Communication = from.Communication
	}
	if p.Contact == nil {
		p.Contact = from.Contact
	}
	if from.Meta != nil {
		meta := p.EnsureMeta()
		meta.Profile = union(meta.Profile, from.Meta.Profile)
		if meta.Tag == nil {
			meta.Tag = from.Meta.Tag
		}
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func union(a, b []string) []string {
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}
