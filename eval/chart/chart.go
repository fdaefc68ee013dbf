// Package chart invents medical records: people, visits, problems, drugs and
// results that hang together well enough to be printed, drawn from word lists by
// a seed. Nothing in it is of a real person; telephone numbers are 555-01xx and
// NPIs have a right check digit and belong to nobody but by accident.
package chart

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Record is what a document may print of one patient.
type Record struct {
	Person    Person
	Facility  Facility
	Provider  Provider
	Visit     Visit
	Vitals    Vitals
	Problems  []Problem
	Meds      []Med
	Allergies []Allergy
	Panels    []Panel
	Done      []Done
	Shots     []Shot
	Family    []Relative
	// Smoking is current, former or never, Tobacco what is printed of it.
	Smoking, Tobacco   string
	Alcohol, DrugUse   string
	Denied, RuledOut   []string
	Exam, Plan, Return string
}

// Person is the patient. Sex is male or female, Born a date.
type Person struct {
	Last, First, Middle, Suffix        string
	Sex                                string
	Born                               time.Time
	MRN                                string
	Street, City, State, Zip           string
	Phone, Email                       string
	Marital, Language, Race, Ethnicity string
	ContactName, ContactPhone          string
	Payer, Member, Group               string
}

// Facility is the sender.
type Facility struct{ Name, Address, Phone string }

// Provider is the clinician.
type Provider struct{ Name, Degree, NPI, Specialty string }

// Visit is the encounter.
type Visit struct {
	Date, Admitted, Discharged time.Time
	Number, Complaint          string
	Disposition                string
}

// Vitals are as printed; Temp is in Fahrenheit, Height in inches, Weight in pounds.
type Vitals struct {
	Systolic, Diastolic, Pulse, Resp, Temp, Sat, Height, Weight, BMI, Pain string
}

// Problem is a diagnosis of the patient.
type Problem struct {
	Code, Name, Status string
	// Short is what a clinician writes in a sentence.
	Short string
	Onset time.Time
}

// Med is a medication. Often is a frequency in words.
type Med struct {
	Drug
	Dose    string
	Started time.Time
	Stopped bool
}

// Allergy is an allergy; None is the statement that there is none.
type Allergy struct{ Allergen, Reaction, Severity string }

// Panel is a group of results collected at one time.
type Panel struct {
	Name    string
	Results []Result
}

// Result is one laboratory value as printed.
type Result struct{ Test, Value, Unit, Range, Flag string }

// Done is a procedure.
type Done struct {
	Coded
	Date time.Time
}

// Shot is a dose of vaccine.
type Shot struct {
	Vaccine, Lot string
	Date         time.Time
}

// Relative is an illness in the family.
type Relative struct{ Relation, Illness string }

// Maker makes records.
type Maker struct {
	v *Vocab
	r *rand.Rand
}

// NewMaker returns a maker of the records of a seed.
func NewMaker(v *Vocab, seed uint64) *Maker {
	return &Maker{v, rand.New(rand.NewPCG(seed, 0xc4a27))}
}

// Rand is the maker's source of chance, for choices of the layout.
func (m *Maker) Rand() *rand.Rand { return m.r }

func (m *Maker) list(name string) string { return pick(m.r, m.v.Lists[name]) }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// some returns n different items.
func some[T any](r *rand.Rand, from []T, n int) []T {
	out := make([]T, 0, n)
	for _, i := range r.Perm(len(from)) {
		if len(out) < n {
			out = append(out, from[i])
		}
	}
	return out
}

func (m *Maker) between(lo, hi int) int { return lo + m.r.IntN(hi-lo+1) }

func (m *Maker) chance(p float64) bool { return m.r.Float64() < p }

func (m *Maker) digits(n int) string {
	var b strings.Builder
	for i := range n {
		d := m.r.IntN(10)
		if i == 0 && d == 0 {
			d = 7
		}
		b.WriteByte(byte('0' + d))
	}
	return b.String()
}

func (m *Maker) phone() string {
	forms := []string{"(%s) 555-01%s", "%s-555-01%s", "%s.555.01%s"}
	return fmt.Sprintf(pick(m.r, forms), pick(m.r, []string{"203", "312", "415", "512", "617", "704", "808", "919"}), m.digits(2))
}

// Record makes the next record.
func (m *Maker) Record() *Record {
	r := &Record{}
	r.Visit.Date = time.Date(2019, 1, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, m.r.IntN(2100))
	r.Visit.Discharged = r.Visit.Date
	r.Visit.Admitted = r.Visit.Date.AddDate(0, 0, -m.between(1, 9))
	r.Visit.Number = pick(m.r, []string{"V", "", "E-", "10"}) + m.digits(8)
	r.Visit.Complaint = m.list("complaints")
	r.Visit.Disposition = m.list("dispositions")
	r.Person = m.person(r.Visit.Date)
	r.Facility = Facility{m.list("facilities"), m.address(), m.phone()}
	r.Provider = Provider{m.list(pick(m.r, []string{"male", "female"})) + " " + m.list("last"), m.list("degrees"), m.npi(), m.list("specialties")}
	r.Vitals = m.vitals()
	m.clinical(r)
	m.history(r)
	return r
}

func (m *Maker) person(at time.Time) Person {
	p := Person{Sex: pick(m.r, []string{"male", "female"})}
	p.First, p.Last = m.list(p.Sex), m.list("last")
	if m.chance(0.6) {
		p.Middle = string(rune('A' + m.r.IntN(26)))
	}
	if p.Sex == "male" && m.chance(0.1) {
		p.Suffix = pick(m.r, []string{"Jr", "Sr", "III"})
	}
	p.Born = at.AddDate(-m.between(18, 91), 0, -m.r.IntN(365))
	p.MRN = pick(m.r, []string{m.digits(7), m.digits(8), "MR" + m.digits(6), "A" + m.digits(3) + "-" + m.digits(4)})
	p.Street = strconv.Itoa(m.between(11, 9870)) + " " + m.list("streets") + m.list("units")
	place := strings.Split(m.list("cities"), "|")
	p.City, p.State, p.Zip = place[0], place[1], place[2]
	p.Phone = m.phone()
	p.Email = strings.ToLower(p.First[:1]) + "." + letters(p.Last) + "@example.com"
	p.Marital, p.Language = m.list("marital"), m.list("languages")
	p.Race, p.Ethnicity = m.list("races"), m.list("ethnicities")
	p.ContactName, p.ContactPhone = m.list("female")+" "+p.Last, m.phone()
	p.Payer, p.Member, p.Group = m.list("payers"), pick(m.r, []string{"XQ", "W", "HMO"})+m.digits(9), m.digits(5)
	return p
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

func (m *Maker) address() string {
	place := strings.Split(m.list("cities"), "|")
	return fmt.Sprintf("%d %s, %s, %s %s", m.between(100, 9900), m.list("streets"), place[0], place[1], place[2])
}

// npi returns ten digits with the check digit of the card issuer 80840.
func (m *Maker) npi() string {
	s := "1" + m.digits(8)
	sum := 0
	full := "80840" + s
	for i := range full {
		d := int(full[len(full)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return s + strconv.Itoa((10-sum%10)%10)
}

func (m *Maker) vitals() Vitals {
	height, weight := m.between(59, 75), m.between(108, 284)
	return Vitals{
		Systolic: strconv.Itoa(m.between(98, 172)), Diastolic: strconv.Itoa(m.between(56, 98)),
		Pulse: strconv.Itoa(m.between(52, 112)), Resp: strconv.Itoa(m.between(12, 22)),
		Temp: fmt.Sprintf("%.1f", 97.1+float64(m.r.IntN(40))/10), Sat: strconv.Itoa(m.between(90, 100)),
		Height: strconv.Itoa(height), Weight: strconv.Itoa(weight),
		BMI:  fmt.Sprintf("%.1f", float64(weight)*703/float64(height*height)),
		Pain: strconv.Itoa(m.r.IntN(9)),
	}
}
