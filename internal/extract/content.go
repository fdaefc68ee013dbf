package extract

import (
	"regexp"
	"slices"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/terms"
)

// profile is the share of a column's filled cells that look like something.
type profile struct {
	filled                                                  int
	lab, drug, dx, vaccine, allergen, procedure             float64
	code, result, unit, rng, flag, date, sig, rel, cpt, lot float64
	words, strength, status, severity                       float64
}

// byContent tells what the columns of a table without titles hold.
func (r *reader) byContent(rows [][]layout.Cell, sec section) *columns {
	n := 0
	for _, row := range rows {
		n = max(n, len(row))
	}
	if n == 0 || len(rows) == 0 || sec == secSocial || r.details(rows) {
		return nil
	}
	ps := r.profiles(rows, n)
	k := rowsOf[sec]
	if g := guessKind(ps); k == kindNone || sec == secAssessment || g != kindNone {
		k = g
	}
	s := r.lex.spec(k)
	if s == nil {
		return nil
	}
	roles := assignRoles(k, ps)
	if roles == nil {
		return nil
	}
	return &columns{spec: s, roles: roles, titles: make([]passage, n)}
}

// details tells a table of labels and what stands beside them from one of rows: two
// cells or more ask for what identifies somebody.
func (r *reader) details(rows [][]layout.Cell) bool {
	n := 0
	for _, row := range rows {
		for _, c := range row {
			if m, cl, ok := r.lex.label(ofCell(c).text, true); ok && cl > 0.9 && (identifying(m.concept) || m.concept == "~sex" || m.concept == "~age_sex") {
				n++
			}
		}
	}
	return n >= 2
}

// fillColumns gives the columns whose titles say nothing the roles that their
// content has and that no title has taken.
func (r *reader) fillColumns(c *columns, rows [][]layout.Cell) {
	if c.spec.kind == kindNone || c.spec.kind == kindOwn || !slices.Contains(c.roles, "") {
		return
	}
	told := assignRoles(c.spec.kind, r.profiles(rows, len(c.roles)))
	for i, role := range c.roles {
		if role == "" && i < len(told) && told[i] != "" && !has(c.roles, told[i]) && filling[told[i]] {
			c.roles[i] = told[i]
		}
	}
}

// filling are the roles that content alone tells surely.
var filling = fieldSet("unit", "reference_range", "icd10_code", "dose", "instructions", "abnormal_flag", "procedure_code")

func (r *reader) profiles(rows [][]layout.Cell, n int) []profile {
	ps := make([]profile, n)
	for i, row := range rows {
		if i == 24 {
			break
		}
		for j, c := range row {
			if t := c.Text(); t != "" && j < n {
				r.look(&ps[j], ofCell(c))
			}
		}
	}
	return ps
}

// look adds a cell to its column's profile.
func (r *reader) look(p *profile, c passage) {
	p.filled++
	t := c.text
	known := func(d terms.Domain) float64 {
		m, ok := r.terms.Match(d, t)
		return boolTo(ok && m.Score > 0.85)
	}
	p.lab += known(terms.Lab)
	p.dx += known(terms.Diagnosis)
	p.vaccine += known(terms.Vaccine)
	p.allergen += known(terms.Allergen)
	p.procedure += known(terms.Procedure)
	l := sig.Parse(t)
	if m, ok := r.terms.Match(terms.Drug, first(r.sigParts(c).name, c).text); ok && m.Score > 0.85 {
		p.drug++
	}
	p.severity += boolTo(severities[key(t)] != "")
	p.sig += boolTo(l.Timing.Known() || l.RouteName != "" && l.Drug == "")
	_, icd := r.icd(t)
	p.code += boolTo(icd > 0.6)
	p.cpt += boolTo(cptShape.MatchString(t))
	g, isRange := grammar.ParseRange(t)
	isRange = isRange && (g.Low != "" && g.High != "" || g.Normal == "" && digits(t) > 0)
	res, ok := grammar.ParseResult(t)
	p.result += boolTo(ok && !(isRange && res.Kind == grammar.Interval))
	p.rng += boolTo(isRange)
	_, unit := r.terms.Unit(t)
	p.unit += boolTo(unit || grammar.KnownUnit(t))
	_, flag := grammar.ParseFlag(t)
	p.flag += boolTo(flag)
	d, date := r.dates(true).Parse(t)
	p.date += boolTo(date && d.Score > 0.5)
	p.strength += boolTo(strengthShape.MatchString(t))
	p.status += boolTo(stateWords[key(t)])
	p.rel += boolTo(relatives.MatchString(t))
	p.words += boolTo(len(key(t)) > 3 && digits(t)*2 < len(t))
}

// strengthShape is an amount of a drug: a number with its unit.
var strengthShape = regexp.MustCompile(`(?i)^[\d.,/-]+\s*(?:mg|mcg|µg|ug|g|ml|units?|iu|meq|mmol|%|puffs?|tabs?|tablets?|caps?|capsules?|drops?)(?:[/ ]|$)`)

// stateWords are what a column of a medication's states holds.
var stateWords = fieldSet("active", "inactive", "discontinued", "stopped", "completed", "onhold", "hold", "held", "expired", "continue", "continued", "current", "dc")

func (p profile) share(v float64) float64 {
	if p.filled == 0 {
		return 0
	}
	return v / float64(p.filled)
}

// guessKind tells the kind of a table that no section names; only what is
// unmistakable counts.
func guessKind(ps []profile) kind {
	var lab, drug, dx, vaccine, result, rng, code, sg, date, unit float64
	for _, p := range ps {
		lab, drug, dx = max(lab, p.share(p.lab)), max(drug, p.share(p.drug)), max(dx, p.share(p.dx))
		vaccine, result, rng = max(vaccine, p.share(p.vaccine)), max(result, p.share(p.result)), max(rng, p.share(p.rng))
		code, sg, date, unit = max(code, p.share(p.code)), max(sg, p.share(p.sig)), max(date, p.share(p.date)), max(unit, p.share(p.unit))
	}
	switch {
	case result >= 0.6 && (rng >= 0.5 && (lab >= 0.3 || unit >= 0.5) || lab >= 0.6):
		return kindLab
	case drug >= 0.5 && sg >= 0.5:
		return kindMedication
	case vaccine >= 0.6 && date >= 0.5 && drug < 0.5:
		return kindVaccine
	case dx >= 0.5 && code >= 0.5:
		return kindCondition
	}
	return kindNone
}

// assignRoles gives each column of a kind's table its role, by what it looks
// like; nil where the column that no row can be without is not there.
func assignRoles(k kind, ps []profile) []string {
	roles := make([]string, len(ps))
	taken := map[string]bool{}
	give := func(role string, of func(p profile) float64, least float64) {
		best, at := least, -1
		for i, p := range ps {
			if v := p.share(of(p)); roles[i] == "" && p.filled > 0 && v >= best && (v > best || at < 0) {
				best, at = v, i
			}
		}
		if at >= 0 && !taken[role] {
			roles[at], taken[role] = role, true
		}
	}
	info := kindInfo(k)
	if info == nil {
		return nil
	}
	words := func(p profile) float64 { return p.words }
	switch k {
	case kindLab:
		give("test_name", func(p profile) float64 { return p.lab }, 0.3)
		give("reference_range", func(p profile) float64 { return p.rng }, 0.5)
		give("unit", func(p profile) float64 { return p.unit }, 0.5)
		give("abnormal_flag", func(p profile) float64 { return p.flag }, 0.5)
		give("collection_date", func(p profile) float64 { return p.date }, 0.6)
		give("result_value", func(p profile) float64 { return p.result }, 0.4)
		if !taken["result_value"] {
			return nil
		}
	case kindMedication:
		give("medication_name", func(p profile) float64 { return p.drug }, 0.3)
		give("start_date", func(p profile) float64 { return p.date }, 0.6)
		if !taken["medication_name"] {
			give("medication_name", words, 0.6)
		}
		give("instructions", func(p profile) float64 { return p.sig }, 0.4)
		give("dose", func(p profile) float64 { return p.strength }, 0.5)
		give("medication_status", func(p profile) float64 { return p.status }, 0.6)
		give("frequency", func(p profile) float64 { return p.sig }, 0.3)
	case kindCondition:
		give("icd10_code", func(p profile) float64 { return p.code }, 0.5)
		give("onset_date", func(p profile) float64 { return p.date }, 0.5)
		give("condition_name", func(p profile) float64 { return p.dx }, 0.3)
	case kindVaccine:
		give("vaccine_name", func(p profile) float64 { return p.vaccine }, 0.3)
		give("vaccine_date", func(p profile) float64 { return p.date }, 0.5)
	case kindProcedure:
		give("procedure_date", func(p profile) float64 { return p.date }, 0.5)
		give("procedure_code", func(p profile) float64 { return p.cpt }, 0.5)
		give("procedure_name", func(p profile) float64 { return p.procedure }, 0.3)
	case kindAllergy:
		give("allergen", func(p profile) float64 { return p.allergen }, 0.3)
		if !taken["allergen"] {
			give("allergen", words, 0.6)
		}
		give("severity", func(p profile) float64 { return p.severity }, 0.7)
		give("reaction", words, 0.6)
	case kindFamily:
		give("relation", func(p profile) float64 { return p.rel }, 0.5)
		give("relative_condition", words, 0.5)
	}
	if !taken[info.must] {
		give(info.must, words, 0.6)
	}
	if !taken[info.must] {
		return nil
	}
	return roles
}

// isTerm tells whether a text names something of a kind.
func (r *reader) isTerm(k kind, text string) bool {
	d, ok := map[kind]terms.Domain{kindCondition: terms.Diagnosis, kindMedication: terms.Drug, kindAllergy: terms.Allergen,
		kindLab: terms.Lab, kindProcedure: terms.Procedure, kindVaccine: terms.Vaccine, kindFamily: terms.Diagnosis}[k]
	if !ok {
		return false
	}
	m, found := r.terms.Match(d, text)
	return found && m.Score > 0.95
}
