package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/terms"
)

// locate finds on the paper what a parser returned as a string: the same text
// from an offset on, else the words of it in order. It returns the offset
// behind what it found.
func (p passage) locate(s string, from int) (passage, int) {
	s = strings.TrimSpace(s)
	if q, ok := p.find(s, from); ok {
		return q, from + foldIndex(p.text[from:], s) + len(s)
	}
	if q, ok := p.find(s, 0); ok {
		return q, from
	}
	want := labelWords(s)
	start, end, k := -1, -1, 0
	for _, w := range wordsOf(p) {
		if w.from < from || k == len(want) {
			continue
		}
		for _, part := range labelWords(p.text[w.from:w.to]) {
			if k < len(want) && part == want[k] {
				if start < 0 {
					start = w.from
				}
				end = w.to
				k++
			}
		}
	}
	if k == 0 || k < len(want) {
		return passage{}, from
	}
	q := p.sub(start, end).trim(" ,;:.()[]")
	return q, end
}

// mention is a term of the vocabulary found in running text.
type mention struct {
	passage
	terms.Match
	from, to int
}

// mentions finds the terms of a domain in a text, the longest at each place.
// Only exact terms count: running text is full of words that are nearly one.
func (r *reader) mentions(d terms.Domain, p passage, most int) []mention {
	ws := wordsOf(p)
	var out []mention
	for i := 0; i < len(ws); {
		m, n := r.mentionAt(d, p, ws[i:], most)
		if n == 0 {
			i++
			continue
		}
		out = append(out, m)
		i += n
	}
	return out
}

func (r *reader) mentionAt(d terms.Domain, p passage, ws []piece, most int) (mention, int) {
	for n := min(most, len(ws)); n > 0; n-- {
		if n > 1 && (clauseEnds(p.text[ws[0].from:ws[n-2].to]) || !oneTerm(p, ws[:n], d == terms.Drug)) {
			continue
		}
		if n > 1 && d == terms.Diagnosis && (relativeWord.MatchString(p.text[ws[0].from:ws[n-1].to]) || strings.HasPrefix(p.text[ws[n-1].from:], "(") || openBracket(p.text[ws[0].from:ws[n-1].to])) {
			continue
		}
		if n > 1 && d == terms.Diagnosis && historyLead[strings.ToLower(p.text[ws[0].from:ws[0].to])] {
			continue
		}
		q := p.sub(ws[0].from, ws[n-1].to).trim(" ,;:.()[]\"")
		if len(q.text) < 3 || digits(q.text) == len(q.text) || howLong.MatchString(q.text) || commonWord[strings.ToLower(q.text)] {
			continue
		}
		if m, ok := r.terms.Match(d, q.text); ok && m.Score >= 0.95 {
			i, j, short, ok := r.named(d, p, ws[:n], m)
			if m = short; !ok {
				i, j = r.tightened(d, p, ws[:n], m)
			}
			q = p.sub(ws[i].from, ws[j].to).trim(" ,;:.()[]\"")
			return mention{q, m, ws[i].from, ws[j].to}, j + 1
		}
	}
	return mention{}, 0
}

// named are the first and the last word of the shortest part of a term that is its
// name to the letter, where match forgave the words around it: "takes furosemide",
// "asthma is controlled". Words that may belong to a name are kept.
func (r *reader) named(d terms.Domain, p passage, ws []piece, m terms.Match) (first, last int, short terms.Match, ok bool) {
	if m.Score >= 0.995 || m.Concept == nil || d != terms.Drug && d != terms.Diagnosis && d != terms.Vaccine {
		return 0, 0, m, false
	}
	for size := 1; size < len(ws); size++ {
		for i := 0; i+size <= len(ws); i++ {
			j := i + size - 1
			q := p.sub(ws[i].from, ws[j].to).trim(" ,;:.()[]\"").text
			t, ok := r.terms.Match(d, q)
			if !ok || t.Score < 0.995 || t.Concept == nil || commonWord[strings.ToLower(q)] {
				continue
			}
			same := t.Concept.Name == m.Concept.Name
			if noneOfName(d, p, ws[:i], same) && noneOfName(d, p, ws[j+1:], same) {
				return i, j, t, true
			}
		}
	}
	return 0, 0, m, false
}

// noneOfName tells whether words beside a term are none of its name: plain ones
// where they leave it the same thing, else only figures and words that join.
func noneOfName(d terms.Domain, p passage, ws []piece, same bool) bool {
	kind := false
	for _, w := range ws {
		t := strings.Trim(p.text[w.from:w.to], " ,;:.()[]\"")
		low := strings.ToLower(t)
		switch {
		case kind && digits(t) > 0, d != terms.Drug && ofDisease[low], d == terms.Drug && ofDrug[low]:
			return false
		case d == terms.Drug && drugLead.MatchString(t+" "):
		case same && t == low, besideTerms[low], joins[low], digits(t) > 0, low == "ef":
		default:
			return false
		}
		kind = numberedKind[low]
	}
	return true
}

// ofDisease and ofDrug are words that names end or begin with.
var (
	ofDisease = fieldSet("acute", "chronic", "subacute", "mild", "moderate", "severe", "benign", "malignant", "metastatic", "essential", "primary", "secondary", "recurrent", "persistent", "permanent", "paroxysmal", "unspecified", "bilateral", "right", "left", "upper", "lower", "type", "stage", "grade", "class", "systolic", "diastolic", "congestive", "refractory", "generalized", "generalised", "focal", "idiopathic", "seasonal", "allergic", "atopic", "diabetic", "hypertensive", "rheumatoid", "juvenile", "congenital", "hereditary", "familial", "major", "minor", "simple", "complex", "uncontrolled", "intractable", "old", "healed", "internal", "external", "severely", "invasive", "early", "late", "end-stage", "postoperative", "post-traumatic", "traumatic", "nonischemic", "ischemic", "ischaemic", "infected", "ruptured", "obstructive", "mixed", "combined", "partial", "complete", "disease", "disorder", "syndrome", "infection", "failure", "pain", "cancer", "tumor", "tumour", "ulcer", "fracture", "attack", "episode", "degeneration")
	ofDrug    = fieldSet("hydrochloride", "hcl", "succinate", "tartrate", "sodium", "potassium", "calcium", "magnesium", "acetate", "citrate", "maleate", "mesylate", "besylate", "sulfate", "sulphate", "phosphate", "bromide", "fumarate", "extended", "release", "extended-release", "delayed", "sustained", "er", "xr", "sr", "cr", "la", "xl", "dr", "ec", "odt", "hfa", "inhaler", "cream", "ointment", "gel", "patch", "nasal", "spray", "ophthalmic", "drops", "solution", "suspension", "regular", "lispro", "glargine", "aspart", "detemir", "nph", "mononitrate", "dinitrate", "propionate", "furoate", "valerate", "dipropionate", "chewable", "low-dose", "micronized", "conjugated", "pen", "vial", "forte", "plus", "with", "and", "oxide", "carbonate", "gluconate", "chloride", "iodide", "estolate")
)

// tightened are the first and the last word of a term without those at its ends
// that match forgives and that are none of its own: "history of gout", "gout in
// 2011".
func (r *reader) tightened(d terms.Domain, p passage, ws []piece, m terms.Match) (first, last int) {
	best := m.Score
	// better tells whether the words without one that is none of a term's are the
	// same thing, named as well.
	better := func(i, j int, beside bool) bool {
		t, ok := r.terms.Match(d, p.sub(ws[i].from, ws[j].to).trim(" ,;:.()[]\"").text)
		if !ok || (t.Concept == nil) != (m.Concept == nil) || t.Concept != nil && t.Concept.Name != m.Concept.Name || t.Score <= best-0.03 || !beside {
			return false
		}
		best = max(best, t.Score)
		return true
	}
	bare := func(i int) string { return strings.ToLower(strings.Trim(p.text[ws[i].from:ws[i].to], " ,;:.()[]\"")) }
	beside := func(i int) bool {
		if i > 0 && numberedKind[bare(i-1)] {
			return false // "type 2"
		}
		return besideTerms[bare(i)] || joins[bare(i)] || strings.Trim(bare(i), "0123456789/.-") == ""
	}
	last = len(ws) - 1
	for k := 1; k < last && d == terms.Diagnosis; k++ {
		if partsTerm[bare(k)] {
			if t, ok := r.terms.Match(d, p.sub(ws[0].from, ws[k-1].to).trim(" ,;:.()[]\"").text); ok && t.Score >= 0.95 && t.Concept != nil && m.Concept != nil && t.Concept.Name == m.Concept.Name {
				last = k - 1 // "atrial fibrillation on apixaban"
			}
		}
	}
	for first < last {
		if better(first+1, last, beside(first)) {
			first++
		} else if first+1 < last && beside(first) && better(first+2, last, beside(first+1)) {
			first += 2
		} else {
			break
		}
	}
	for last > first {
		if better(first, last-1, beside(last)) {
			last--
		} else if last > first+1 && beside(last) && better(first, last-2, beside(last-1)) {
			last -= 2
		} else {
			break
		}
	}
	return first, last
}

func openBracket(s string) bool { return strings.Count(s, "(") != strings.Count(s, ")") }

// partsTerm are words behind which a longer text is the same disease, and more.
var partsTerm = fieldSet("and", "or", "on", "w/", "with", "but", "which", "who", "secondary", "due", "in", "for", "status", "s/p", "after", "since", "without")

var numberedKind = fieldSet("type", "stage", "grade", "class", "phase")

// howLong is a time and no term, whatever its letters stand for elsewhere.
var howLong = regexp.MustCompile(`(?i)^(?:[x×]\s*)?\d+\s*(?:hrs?|h|yrs?|wks?|days?|mos?|min)$`)

// historyLead are words before a disease that say when, and begin no name of one.
var historyLead = fieldSet("s/s", "signs", "symptoms", "mm", "cm", "follow", "followup", "follow-up", "returns", "for", "presents", "seen", "here", "evaluation", "management", "treatment", "with", "has", "had", "h/o", "hx", "pmh", "pmhx", "s/p", "w/")

// besideTerms are words that stand beside terms in sentences.
var besideTerms = fieldSet("history", "longstanding", "known", "dose", "previous", "prior", "recent", "current", "her", "his", "measured", "showed", "level", "levels", "positive", "old", "past", "has", "had", "with", "of", "a", "an", "repeat", "recently", "currently", "also", "both", "since", "after", "before", "during", "which", "that", "this", "these", "follow-up", "followup", "visit", "h/o", "hx", "pmh", "pmhx", "w/", "given", "received", "gave", "got", "administered", "follow", "up", "returns", "for", "who", "presented", "treated", "diagnosed", "managed", "confirmed", "noted", "found", "without", "both", "age", "aged", "at", "the", "in", "stable", "well", "controlled", "c/o", "p/w", "status", "secondary", "due", "now", "on")

// oneTerm tells whether words can be one term: none of a drug's is a figure of
// its own, none but the last ends in a comma, and neither end is a word that joins.
func oneTerm(p passage, ws []piece, drug bool) bool {
	for i, w := range ws {
		t := p.text[w.from:w.to]
		if bare := strings.Trim(t, ".,;:()"); drug && digits(bare) > 0 && (strings.Trim(bare, "0123456789.,/%-") == "" || len(ws) > 1 && (whens[strings.ToLower(bare)] || doseUnits[strings.ToLower(bare)])) {
			return false
		}
		if i < len(ws)-1 && strings.HasSuffix(t, ",") {
			return false
		}
	}
	if drug && len(ws) > 1 && joins[strings.ToLower(p.text[ws[1].from:ws[1].to])] && whens[strings.ToLower(p.text[ws[0].from:ws[0].to])] {
		return false // "bedtime and apixaban"
	}
	first, last := ws[0], ws[len(ws)-1]
	return !joins[strings.ToLower(p.text[first.from:first.to])] && !joins[strings.ToLower(strings.Trim(p.text[last.from:last.to], ".,;:"))]
}

var joins = fieldSet("and", "or", "with", "of", "the", "a", "an", "in", "on", "to", "for", "by", "daily", "twice", "once", "mg", "mcg", "ml", "was", "is", "had", "has", "her", "his", "she", "he", "at", "as", "bid", "tid", "qd", "po", "prn", "who", "which", "from", "but", "no", "not")

// whens are words that end one medication's directions before the next begins.
var whens = fieldSet("bedtime", "day", "daily", "night", "nightly", "morning", "evening", "needed", "hours", "week", "weekly", "meals", "breakfast", "dinner", "mouth")

// clauseEnds tells whether a sentence or clause ends within a text, which a
// term does not run over.
func clauseEnds(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasSuffix(s, ".") && !abbreviation[strings.ToLower(strings.TrimSuffix(lastWord(s), "."))] || strings.HasSuffix(s, ";") || strings.HasSuffix(s, ":")
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

// commonWord are everyday words that are also abbreviations of terms.
var commonWord = fieldSet("nerves", "hrs", "yrs", "down", "add", "adds", "align", "aligns", "blind", "cap", "caps", "casting", "commit", "commits", "doe", "fit", "fits", "flush", "gas", "mitigate", "ocean", "odd", "odds", "pad", "pads", "pile", "prohibit", "refresh", "rid", "same", "stress", "unknown", "unsure", "weak", "worry", "wasting", "virus", "vaccination", "vaccine", "injury", "illness", "illnesses", "disease", "tens", "panic", "rig", "none", "unspecified", "contrast", "blood", "screening", "immunizations", "all", "and", "the", "was", "has", "had", "for", "not", "she", "her", "his", "him", "but", "who", "are", "can", "may", "will", "with", "due", "per", "any", "now", "out", "did", "air", "age", "day", "one", "two", "ten", "low", "high", "use", "see", "ice", "pain", "fall", "cold", "home", "work", "care", "plan", "well", "normal", "stable", "history", "today", "also", "this", "that", "then", "from", "good", "back", "left", "right", "new", "old", "mass", "met", "set", "let", "ill", "hit", "cut", "ran", "run", "sat", "led", "aid", "aids", "him", "men", "man", "water", "oxygen", "sugar", "salt", "alcohol", "tobacco", "nicotine", "caffeine", "food", "diet")
