package terms

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
)

// wording is what is known of words apart from the terms they stand in: which
// say the same, which say nothing, which may go when nothing else fits. It is
// read from vocabulary/words.tsv and never changes.
type wording struct {
	abbrevs  map[uint64][]string // hash of the domain and one token
	same     map[uint64]string   // hash of the domain and one token; applied last
	rewrites map[uint64][]string // hash of the domain and the tokens
	longest  int
	first    map[string]bool // tokens that begin a rewrite
	stop     map[uint64]bool
	drop     map[uint64]bool
	refuse   map[uint64]bool
	site     map[string]bool // parts of the body, for diagnoses
	tell     map[string]bool // words a diagnosis may hang on
	organ    map[string]bool
	region   map[string]string // the larger part of the body
	classes  map[Domain][][]string
	words    []word // every token mentioned, for spelling correction
}

type word struct {
	domain Domain
	text   string
}

// wordDomains are the letters of the domains in words.tsv.
const wordDomains = "DRLVPAXCSOF"

// parseWording reads words.tsv: kind, domains, words, and for a rewrite what
// they become.
func parseWording(text string) (*wording, error) {
	w := &wording{abbrevs: map[uint64][]string{}, same: map[uint64]string{}, site: map[string]bool{}, tell: map[string]bool{}, organ: map[string]bool{}, region: map[string]string{}, rewrites: map[uint64][]string{}, first: map[string]bool{}, stop: map[uint64]bool{},
		drop: map[uint64]bool{}, refuse: map[uint64]bool{}, classes: map[Domain][][]string{}}
	sc := bufio.NewScanner(strings.NewReader(text))
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 3 {
			return nil, fmt.Errorf("read words.tsv: line %d: %d columns, want 3 or 4", n, len(f))
		}
		for _, d := range domainsOf(f[1]) {
			if err := w.add(f, d); err != nil {
				return nil, fmt.Errorf("read words.tsv: line %d: %w", n, err)
			}
		}
	}
	return w, sc.Err()
}

func domainsOf(letters string) []Domain {
	var out []Domain
	for i := range wordDomains {
		if letters == "*" || strings.IndexByte(letters, wordDomains[i]) >= 0 {
			out = append(out, Domain(i))
		}
	}
	return out
}

func (w *wording) add(f []string, d Domain) error {
	switch f[0] {
	case "rewrite":
		if len(f) < 4 {
			return fmt.Errorf("a rewrite needs four columns")
		}
		to := stems(f[3])
		w.mention(d, to)
		for from := range strings.SplitSeq(f[2], "|") {
			w.rewrite(d, stems(from), to)
		}
		return nil
	case "abbrev":
		if len(f) < 4 {
			return fmt.Errorf("an abbreviation needs four columns")
		}
		to := stems(f[3])
		w.mention(d, to)
		for t := range strings.SplitSeq(f[2], "|") {
			w.mention(d, []string{t})
			w.abbrevs[wordKey(d, stem(t))] = to
		}
		return nil
	case "class":
		var c []string
		for t := range strings.SplitSeq(f[2], "|") {
			c = append(c, stem(t))
		}
		w.classes[d] = append(w.classes[d], c)
		w.mention(d, c)
		return nil
	}
	for t := range strings.SplitSeq(f[2], "|") {
		s := stem(t)
		w.mention(d, []string{s})
		switch f[0] {
		case "stop":
			w.stop[key(d, []string{s})] = true
		case "drop":
			w.drop[key(d, []string{s})] = true
		case "same":
			if len(f) < 4 {
				return fmt.Errorf("words of one meaning need four columns")
			}
			w.same[wordKey(d, s)] = stem(f[3])
		case "site":
			w.site[s] = true
		case "tell":
			w.tell[s] = true
		case "organ":
			w.organ[s] = true
		case "region":
			if len(f) < 4 {
				return fmt.Errorf("a region needs four columns")
			}
			w.region[s] = stem(f[3])
		case "refuse":
			w.refuse[wordKey(d, s)] = true
		default:
			return fmt.Errorf("unknown kind")
		}
	}
	return nil
}

func (w *wording) rewrite(d Domain, from, to []string) {
	if len(from) == 0 {
		return
	}
	w.rewrites[seqKey(d, from)] = to
	w.first[from[0]] = true
	w.longest = max(w.longest, len(from))
	w.mention(d, from)
}

func (w *wording) mention(d Domain, toks []string) {
	for _, t := range toks {
		w.words = append(w.words, word{d, t})
	}
}

// seqKey hashes tokens in their order.
func seqKey(d Domain, toks []string) uint64 {
	h := hashByte(fnvBasis, byte(d)|0x80)
	for _, t := range toks {
		h = hashString(hashByte(h, 0x1f), t)
	}
	return h
}

// canon spells abbreviations out, rewrites stemmed tokens and removes the words
// that say nothing.
func (w *wording) canon(d Domain, in []string) []string {
	out := w.pass(d, w.spell(d, in))
	if len(out) > 0 && len(in) > 0 && &out[0] != &in[0] {
		out = w.pass(d, out) // what one rewrite says may be part of another's words
	}
	if len(out) > 0 && &out[0] == &in[0] {
		out = slices.Clone(in)
	}
	return w.say(d, out)
}

// pass rewrites once, from the left. Where there is nothing to rewrite it returns
// the tokens themselves.
func (w *wording) pass(d Domain, in []string) []string {
	var out []string
	for i := 0; i < len(in); {
		to, n := w.at(d, in[i:])
		if n == 0 && strings.HasPrefix(in[i], lackingMark) {
			if to = w.lacking(d, in[i]); len(to) != 1 || to[0] != in[i] {
				n = 1
			}
		}
		if n > 0 && out == nil {
			out = append(make([]string, 0, len(in)+4), in[:i]...)
		}
		switch {
		case n > 0:
			out = append(out, to...)
			i += n
			continue
		case out != nil:
			out = append(out, in[i])
		}
		i++
	}
	if out == nil {
		return in
	}
	return out
}

// say removes the words that say nothing and gives those of one meaning one form.
func (w *wording) say(d Domain, toks []string) []string {
	n := 0
	for _, t := range toks {
		k := wordKey(d, t)
		if to, ok := w.same[k]; ok {
			t = to
		}
		bare, lacking := strings.CutPrefix(t, lackingMark)
		if w.stop[k] || lacking && w.stop[wordKey(d, bare)] {
			continue
		}
		toks[n] = t
		n++
	}
	return toks[:n]
}

// spell replaces each abbreviation by the words it stands for.
func (w *wording) spell(d Domain, in []string) []string {
	var out []string
	for i, t := range in {
		to, ok := w.abbrevs[wordKey(d, t)]
		if ok && out == nil {
			out = append(make([]string, 0, len(in)+4), in[:i]...)
		}
		switch {
		case ok:
			out = append(out, to...)
		case out != nil:
			out = append(out, t)
		}
	}
	if out == nil {
		return in
	}
	return out
}

// lacking rewrites a word that "without" governs as it would be without it.
func (w *wording) lacking(d Domain, t string) []string {
	bare, ok := strings.CutPrefix(t, lackingMark)
	if !ok || bare == "" {
		return []string{t}
	}
	to, n := w.at(d, w.spell(d, []string{bare}))
	if n == 0 {
		if to = w.spell(d, []string{bare}); to[0] == bare {
			return []string{t}
		}
	}
	out := make([]string, len(to))
	for i, v := range to {
		out[i] = lackingMark + v
	}
	return out
}

// at returns the longest rewrite that begins here and how many tokens it takes.
func (w *wording) at(d Domain, in []string) ([]string, int) {
	if !w.first[in[0]] {
		return nil, 0
	}
	for n := min(w.longest, len(in)); n > 0; n-- {
		if to, ok := w.rewrites[seqKey(d, in[:n])]; ok {
			return to, n
		}
	}
	return nil, 0
}

// wordKey is key for one token, without allocating.
func wordKey(d Domain, t string) uint64 {
	return hashString(hashByte(hashByte(fnvBasis, byte(d)), 0x1f), t)
}

func (w *wording) refused(d Domain, toks []string) bool {
	return slices.ContainsFunc(toks, func(t string) bool { return w.refuse[wordKey(d, t)] })
}
