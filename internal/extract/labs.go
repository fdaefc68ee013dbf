package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// panelWords are words that make a title a panel's or a laboratory division's.
var panelWords = fieldSet("panel", "profile", "cbc", "cmp", "bmp", "hematology", "haematology", "chemistry",
	"differential", "urinalysis", "lipid", "lipids", "thyroid", "metabolic", "electrolytes", "coagulation",
	"serology", "microbiology", "immunology", "endocrinology", "hepatic", "renal", "liver", "iron", "count",
	"studies", "battery", "screen", "toxicology", "diabetes", "vitamins", "hormones", "lft", "lfts", "tfts",
	"proteins", "vitamins", "minerals", "markers", "levels", "enzymes", "hormone", "autoimmune", "infectious", "microscopic", "macroscopic", "function", "anemia", "cardiac", "ua", "special", "bloodgas", "abg", "indices")

// panelTitle tells whether a text without values names a panel.
func panelTitle(text string) bool {
	if digits(text) > 2 || len(text) > 60 || strings.HasSuffix(text, ".") || strings.ContainsAny(text, ".,") && digits(text) > 0 {
		return false
	}
	for _, w := range labelWords(text) {
		if panelWords[w] {
			return true
		}
	}
	return false
}

// panelOver finds the panel's name that stands above a row: a line or heading
// that names one, nearer than any other title.
func (r *reader) panelOver(at passage) passage {
	pg, box := at.bounds()
	best, top := passage{}, -1
	see := func(p passage, panel bool) {
		lp, b := p.bounds()
		if lp != pg || b.Min.Y >= box.Min.Y || b.Min.Y <= top || b.Min.X > box.Max.X || b.Max.X < box.Min.X-20*box.Dy() {
			return
		}
		top = b.Min.Y
		best = passage{}
		if panel {
			best = p
		}
	}
	for i := range r.chunks {
		c := &r.chunks[i]
		_, _, known := r.lex.heading(c.title.text)
		named := !c.title.empty() && (panelTitle(c.title.text) && !r.plainLabTitle(c.title.text) || !known && c.sec == secOther && titlesTable(c))
		if !c.title.empty() {
			see(c.title, named)
		}
		for _, p := range c.parts {
			for _, l := range p.lines {
				if len(l.ink) <= 6 && !strings.Contains(strings.TrimRight(l.text, ": "), ":") && panelTitle(l.text) {
					see(l.passage, true)
				}
			}
		}
	}
	return best
}

// titlesTable tells whether an unknown heading stands right over a table, and
// could name what is in it.
func titlesTable(c *chunk) bool {
	return len(c.parts) > 0 && c.parts[0].table != nil && digits(c.title.text) == 0 && len(c.title.ink) > 1 && len(c.title.ink) <= 5 && !orgWord(c.title.text)
}

// plainLabTitle tells a section's title ("Laboratory studies") from a panel's.
func (r *reader) plainLabTitle(s string) bool {
	k, c, ok := r.lex.heading(s)
	return ok && k == secLabs && c == 1
}

// noResult are texts in a result's place that say there is none yet.
var noResult = fieldSet("pending", "tnp", "testnotperformed", "notperformed", "seenote", "seecomment", "seebelow",
	"seereport", "inprogress", "cancelled", "canceled", "qns", "notdone", "na", "ordered", "tofollow", "notreported", "comment", "sent")

// lab is one result on its way to a fact.
type lab struct {
	name, result, unit, rng, flag passage
	// low and high are a range's limits from columns of their own.
	low, high   passage
	date, panel cell
	ctx         around
	// listed is true where name and result were told apart by columns.
	listed bool
	// flags is true where the report has a place for flags, so that none
	// printed means normal.
	flags bool
}

// labRow reads a table row: one result, or one for each column of dates.
func (r *reader) labRow(rw row) {
	l := lab{name: rw.cells["test_name"], result: rw.cells["result_value"], unit: rw.cells["unit"],
		rng: rw.cells["reference_range"], flag: rw.cells["abnormal_flag"], ctx: rw.ctx, listed: true,
		low: rw.cells["+low"], high: rw.cells["+high"]}
	if out := rw.cells["+result2"]; !out.empty() {
		if l.result.empty() {
			l.result = out
		} else if _, ok := grammar.ParseResult(l.result.text); !ok {
			l.result = join(l.result, out)
		}
	}
	l.flags = !l.flag.empty()
	l = rangeWithUnit(unitWithFlag(l))
	if l.rng.empty() && !l.unit.empty() {
		if g, ok := grammar.ParseRange(l.unit.text); ok && (g.Normal != "" || !unitLike(l.unit.text)) {
			l.rng, l.unit = l.unit, passage{}
		}
	}
	if p := rw.cells["panel_name"]; !p.empty() {
		l.panel = rw.grade(from(p, p.text))
	} else if p := first(rw.ctx.panel, r.panelOver(l.name)); !p.empty() && !rw.ctx.alone {
		p = p.trim(" :-–")
		l.panel = rw.grade(from(p, p.text))
		l.panel.sig.Label = 0.8
	}
	if p := rw.cells["collection_date"]; !p.empty() {
		if c, ok := r.dateCell(p, true); ok {
			l.date = rw.grade(c)
		}
	}
	for _, d := range rw.dated {
		one := l
		one.result = d.value
		if c, ok := r.dateCell(d.title, true); ok {
			one.date = rw.grade(c)
		}
		r.addLab(one, rw)
	}
	if len(rw.dated) > 0 && l.result.empty() {
		return
	}
	if l.result.empty() {
		// Name and value may share a cell.
		for _, f := range r.scanLabs(l.name, l.ctx) {
			f.unit, f.date, f.panel = first(f.unit, l.unit), l.date, l.panel
			f.rng, f.flag = first(f.rng, l.rng), first(f.flag, l.flag)
			r.addLab(f, rw)
		}
		return
	}
	r.addLab(l, rw)
}

func first(ps ...passage) passage {
	for _, p := range ps {
		if !p.empty() {
			return p
		}
	}
	return passage{}
}

// analyteForm is what the name of a test looks like: it begins with a letter, or
// with a figure that a word follows ("25-OH vitamin D", "24 hr urine protein").
var analyteForm = regexp.MustCompile(`^[(]?(?:\pL|\d{1,2}[- ]\S*\pL{2})`)

// postal is a state with its postal code, which reads like calcium 93721.
var postal = regexp.MustCompile(`^[A-Z]{2}\s+\d{5}(?:-\d{4})?$`)

// addLab makes the fact of a result.
func (r *reader) addLab(l lab, rw row) {
	name := l.name.trim(" :.*-–•_|,;")
	text := l.result.trim(" |_")
	if name.empty() || text.empty() || noResult[key(text.text)] || digits(name.text) == len(name.text) {
		return
	}
	name, l = r.unitInName(name, l)
	name, l = r.rangeInName(name, l)
	m, known := r.terms.Match(terms.Lab, name.text)
	if !known && !analyteForm.MatchString(name.text) || postal.MatchString(name.text+" "+text.text) {
		return
	}
	if !l.ctx.table && vitalName.MatchString(name.text) {
		return
	}
	res, ok := grammar.ParseResult(text.text)
	if !ok {
		res, text, ok = looseResult(text)
	}
	if !ok && !(known && m.Score > 0.9 && l.listed && len(text.ink) <= 6) {
		return
	}
	f := fact{kind: kindLab, cells: map[string]cell{}, order: l.ctx.order}
	nc := rw.grade(from(name, name.text))
	if known {
		nc = supported(nc, m)
	}
	f.cells["test_name"] = nc
	vc := r.resultCell(text, res, ok)
	vc = rw.grade(vc)
	uc, hasUnit := r.unitCell(l, res, m, known)
	rng, rc, hasRange := r.rangeCell(l, res)
	fc, flag, hasFlag := flagCell(l, res, text)
	vc = judge(vc, res, rng, flag, hasRange && (hasFlag || l.flags))
	switch {
	case known && hasUnit:
		vc.sig.Vocabulary = 1
	case known:
		vc.sig.Vocabulary = max(vc.sig.Vocabulary, 0.6)
	}
	if known {
		nc, vc = r.sane(name, nc, vc, res, uc.value, m.Concept)
		f.cells["test_name"] = nc
	}
	if leadingZero.MatchString(vc.value) {
		vc = vc.doubt(grammar.RemarkUnlikely) // a code, such as that of the laboratory which did it
		vc.sig.Grammar, vc.sig.Plausible, vc.sig.Numeric = 0.1, 0.1, 0
	}
	f.cells["result_value"] = vc
	if hasUnit {
		f.cells["unit"] = rw.grade(uc)
	}
	if hasRange {
		f.cells["reference_range"] = rw.grade(rc)
	}
	if hasFlag {
		f.cells["abnormal_flag"] = rw.grade(fc)
	}
	if l.date.value == "" {
		l.date = r.titleDate(l.ctx.title)
	}
	if l.date.value == "" {
		l.date = r.collected(l.ctx.order, name)
	}
	if l.date.value != "" {
		f.cells["collection_date"] = l.date
	}
	if l.panel.value != "" {
		f.cells["panel_name"] = l.panel
	}
	r.extras(kindLab, rw, f.cells)
	f.identity = labIdentity(name.text, m, known, l.date.value, vc.value)
	r.facts = append(r.facts, f)
}

// vitalName is what is measured on a patient and not in a specimen.
var vitalName = regexp.MustCompile(`(?i)^(?:pulse|heart rate|respirations?|respiratory rate|blood pressure|bp|temp(?:erature)?|weight|height|bmi|(?:oxygen|o2) saturation|spo2)$`)

// leadingZero is a whole number as only codes are written.
var leadingZero = regexp.MustCompile(`^0\d+$`)

// nameUnit finds what stands in brackets or behind a comma at the end of a name.
var nameUnit = regexp.MustCompile(`^(.*\S)\s*(?:\(([^()]+)\)|\[([^\[\]]+)\]|,\s*([^\s,]+))\s*$`)

// unitInName takes the unit out of the name of a test, where the report has no
// other place for it: "Glucose (mg/dL)", "Sodium, mmol/L".
func (r *reader) unitInName(name passage, l lab) (passage, lab) {
	if !l.unit.empty() {
		return name, l
	}
	if res, ok := grammar.ParseResult(l.result.text); ok && res.Unit != "" {
		return name, l
	}
	m := nameUnit.FindStringSubmatchIndex(name.text)
	for k := 4; m != nil && k < 10; k += 2 {
		if m[k] < 0 {
			continue
		}
		if u := name.sub(m[k], m[k+1]).trim(" ()[],"); unitLike(u.text) && grammar.KnownUnit(u.text) {
			l.unit = u
			return name.sub(m[2], m[3]), l
		}
	}
	return name, l
}

// rangeInName takes the range of what is normal out of the name of a test: "pH
// (5.0-8.0)", "Ketones (Negative)".
func (r *reader) rangeInName(name passage, l lab) (passage, lab) {
	i := strings.LastIndexByte(name.text, '(')
	if !l.rng.empty() || i < 2 || !strings.HasSuffix(name.text, ")") {
		return name, l
	}
	in := name.sub(i+1, len(name.text)-1)
	g, ok := grammar.ParseRange(in.text)
	if !ok || g.Normal == "" && digits(in.text) == 0 || g.Normal != "" && !normalWord.MatchString(in.text) {
		return name, l
	}
	l.rng = in
	return name.sub(0, i).trim(" "), l
}

// normalWord is a finding that is normal, which a range may be.
var normalWord = regexp.MustCompile(`(?i)^(?:neg(?:ative)?|not detected|none(?: detected| seen)?|non-?reactive|normal|absent|clear|undetected)\.?$`)

// titleDate is the date in the heading of the results.
func (r *reader) titleDate(title passage) cell {
	ds := r.dates(true).Find(title.text)
	if len(ds) != 1 || len(ds[0].Value) != 10 {
		return cell{}
	}
	c, _ := r.dateCell(title.sub(ds[0].Start, ds[0].End), true)
	c.sig.Label = 0.8
	return c
}

func labIdentity(name string, m terms.Match, known bool, date, value string) string {
	id := key(name)
	if known && m.Score > 0.9 {
		id = m.Concept.Name
	}
	return id + "|" + date + "|" + key(value)
}

// looseResult reads a result that something else follows ("28 ng/mL 30-100").
func looseResult(p passage) (grammar.Result, passage, bool) {
	for n := len(p.ink) - 1; n > 0; n-- {
		end := p.at[n-1] + len(p.ink[n-1].Text)
		q := p.sub(0, end)
		if res, ok := grammar.ParseResult(q.text); ok {
			res.Score *= 0.8
			return res, q, true
		}
	}
	return grammar.Result{}, p, false
}

// resultCell holds the value as printed, with its comparator and without the
// unit and flag that may be printed in the same place.
func (r *reader) resultCell(p passage, res grammar.Result, parsed bool) cell {
	if !parsed {
		c := from(p, p.text)
		c.sig.Grammar = 0.4
		return c
	}
	printed := res.Printed
	q, ok := p.find(printed, 0)
	if !ok {
		q = p
	}
	v := q.text
	if res.Kind == grammar.Numeric && res.Remark == grammar.RemarkRepaired {
		v = res.Comparator + res.Value
	}
	c := from(q, strings.TrimSpace(v))
	c.sig.Grammar, c.remark = res.Score, res.Remark
	if res.Remark == grammar.RemarkRepaired {
		c.sig.Repaired, c.sig.Plausible = 1, 0.2
	}
	if res.Kind != grammar.Qualitative {
		c.sig.Numeric = 1
	} else {
		c.sig.Vocabulary = 1
	}
	return c
}

// supported adds what the vocabulary says of a term, and mends a misread one.
func supported(c cell, m terms.Match) cell {
	c.sig.Vocabulary = m.Score
	if a, b := key(c.value), key(m.Term); a != b && shape(a) == shape(b) && len(b) > 2 {
		c.value, c.sig.Repaired = m.Term, 1
		return c
	}
	if joined := strings.Join(strings.Fields(c.value), ""); joined != c.value && strings.EqualFold(joined, m.Term) {
		c.value, c.sig.Repaired = joined[:1]+strings.ToLower(joined[1:]), 1 // "Hemog Lobin"
		if joined == strings.ToUpper(joined) {
			c.value = joined
		}
		return c
	}
	if v, ok := mended(c.value, m.Term); ok && m.Score < 0.999 {
		c.value, c.sig.Repaired = v, 1
		return c
	}
	if m.Score >= 0.999 || c.sig.OCR > 0.9 || m.Term == "" {
		return c
	}
	a, b := key(c.value), key(m.Term)
	if a == b || distance(a, b, 2) > 2 || len(b) < 5 || digits(a) != digits(b) {
		return c
	}
	// A poorly read word that is a letter or two off a known term is that term.
	c.value, c.sig.Repaired = m.Term, 1
	return c
}

// collected finds the collection date that holds at a place: the nearest
// labelled one before it on the same page or section, else the only one.
func (r *reader) collected(order int, at passage) cell {
	pg, _ := at.bounds()
	var best *labelled
	dates := map[string]bool{}
	for i := range r.labelled {
		l := &r.labelled[i]
		if l.means.concept != "~collected" {
			continue
		}
		if d, _, ok := r.dateIn(l.value, true); ok {
			dates[d.Value] = true
		} else {
			continue
		}
		lp, _ := l.label.bounds()
		switch {
		case best == nil:
			best = l
		case lp <= pg && l.order <= order:
			best = l
		}
	}
	if best == nil {
		return cell{}
	}
	c, _ := r.dateCell(best.value, true)
	c.sig.Label, c.sig.Layout = best.closeness, best.bond
	if len(dates) > 1 {
		c.sig.Context = 0.7
	}
	return c
}
