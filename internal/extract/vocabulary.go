package extract

import "github.com/paperchart/paperchart/internal/terms"

// noTerms is a vocabulary that knows nothing.
type noTerms struct{}

func (noTerms) Match(terms.Domain, string) (terms.Match, bool) { return terms.Match{}, false }
func (noTerms) Search(terms.Domain, string, int) []terms.Match { return nil }
func (noTerms) Code(system, code string) (terms.Coding, bool)  { return terms.Coding{}, false }
func (noTerms) Unit(text string) (string, bool)                { return "", false }

// remembering is a vocabulary that looks a text up once: prose is asked for at
// every word, in several readings, and a record says the same things often. It
// belongs to one goroutine.
type remembering struct {
	terms.Vocabulary
	found map[asked]answer
}

type asked struct {
	domain terms.Domain
	text   string
}

type answer struct {
	match terms.Match
	ok    bool
}

func remember(v terms.Vocabulary) remembering {
	return remembering{v, map[asked]answer{}}
}

// Match implements terms.Vocabulary.
func (r remembering) Match(d terms.Domain, text string) (terms.Match, bool) {
	key := asked{d, text}
	a, known := r.found[key]
	if !known {
		a.match, a.ok = r.Vocabulary.Match(d, text)
		r.found[key] = a
	}
	return a.match, a.ok
}
