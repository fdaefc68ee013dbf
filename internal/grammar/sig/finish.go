package sig

import (
	"regexp"
	"sort"
	"strings"
)

// thenWord parts the steps of a taper.
var thenWord = regexp.MustCompile(`[,;.]?\s*\b(?:and then|then|followed by)\b\s*`)

// finish names the drug, gathers the texts and scores the line.
func (p *parser) finish() Line {
	l := &p.line
	p.nameDrug()
	l.Timing.settle()
	sort.SliceStable(l.Parts, func(i, j int) bool { return l.Parts[i].Start < l.Parts[j].Start })
	l.Frequency = p.gather(FrequencyPart, ReasonPart)
	l.Directions = p.directions()
	p.rate()
	l.Score, l.Remark = p.score, p.remark
	return *l
}

// nameDrug joins the words of the name. A bare number at its end is a
// strength whose unit is missing ("aspirin 81").
func (p *parser) nameDrug() {
	for len(p.drug) > 0 && emptyName(p.drug[0].Of(p.text)) {
		p.drug = p.drug[1:]
	}
	if n := len(p.drug); n > 1 && p.line.Strength == "" {
		last := p.drug[n-1]
		if word := last.Of(p.text); bareNumber.MatchString(word) && !mixture[word] {
			p.line.Strength = last.Of(p.text)
			p.line.Parts = append(p.line.Parts, Part{StrengthPart, last})
			p.drug = p.drug[:n-1]
			p.lower(0.7, RemarkNoUnit)
		}
	}
	name := ""
	for i, s := range p.drug {
		if i > 0 {
			name += p.joint(p.drug[i-1].End, s.Start)
		}
		name += s.Of(p.text)
		p.line.Parts = append(p.line.Parts, Part{DrugPart, s})
	}
	if strings.Contains(name, "(") && !strings.Contains(name, ")") {
		if last := p.drug[len(p.drug)-1].End; last < len(p.text) && p.text[last] == ')' {
			name += ")"
		} else {
			name = strings.ReplaceAll(name, "(", "")
		}
	}
	p.line.Drug = strings.Trim(name, " -–—,.;:*\"")
}

// joint keeps the brackets of "acetaminophen (TYLENOL)" and is a space
// otherwise.
func (p *parser) joint(from, to int) string {
	switch s := strings.TrimSpace(p.text[from:to]); s {
	case "(":
		return " ("
	case ")":
		return ") "
	}
	return " "
}

var (
	bareNumber = regexp.MustCompile(`^\d+(?:\.\d+)?(?:[/-]\d+(?:\.\d+)?)?$`)
	// mixture are the insulins whose proportions are part of the name.
	mixture = words(`70/30 75/25 50/50 30/70 25/75`)
)

func emptyName(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 || letter(byte(r|0x20)) })
}

// gather is the text of the parts of the given kinds; neighbours keep the words
// printed between them, so that "2 times daily with meals" stays one phrase.
func (p *parser) gather(kinds ...Kind) string {
	var out []string
	last := -1
	for _, part := range p.line.Parts {
		if part.Kind != kinds[0] && part.Kind != kinds[1] {
			continue
		}
		if last >= 0 {
			if between := strings.TrimSpace(p.text[last:max(last, part.Start)]); shortJoin[strings.ToLower(between)] && between != "" {
				out = append(out, between)
			}
		}
		out = append(out, squeeze(part.Of(p.text)))
		last = part.End
	}
	return strings.Join(out, " ")
}

var shortJoin = words(`and or & with / + on , at`)

// directions are the words from the first to the last piece of the sig.
func (p *parser) directions() string {
	start, end := -1, -1
	for _, part := range p.line.Parts {
		switch part.Kind {
		case DosePart, RoutePart, FrequencyPart, ReasonPart, DurationPart:
			if start < 0 {
				start = part.Start
			}
			end = max(end, part.End)
		}
	}
	if start < 0 {
		return ""
	}
	if m := verbBefore.FindStringIndex(p.low[:start]); m != nil {
		start = m[0]
	}
	return squeeze(p.text[start:end])
}

var verbBefore = regexp.MustCompile(`(?:^|\s)(?:take|give|apply|inhale|inject|use|instill|place|insert|chew|dissolve|spray|swallow|drink|administer)\s+$`)

// rate scores the line by how much of a medication it holds.
func (p *parser) rate() {
	l := &p.line
	found := 0
	for _, ok := range []bool{l.Strength != "", l.Dose.Text != "", l.Route != "", l.Frequency != "", l.Form != ""} {
		if ok {
			found++
		}
	}
	if p.wantDrug && l.Drug == "" {
		p.lower(0.3, RemarkNoDrug)
	}
	switch {
	case p.bare && (found > 0 || l.AsNeeded || l.Duration != ""):
	case found == 0 && l.Status == "" && l.Quantity == "":
		p.score = 0
	case found == 0:
		p.lower(0.3, "")
	case found == 1:
		p.lower(0.7, "")
	case found == 2:
		p.lower(0.9, "")
	}
	for range min(p.unplaced, 5) {
		p.lower(0.85, RemarkUnplaced)
	}
	if len(strings.Fields(l.Drug)) > 6 {
		p.lower(0.5, RemarkUnplaced)
	}
}
