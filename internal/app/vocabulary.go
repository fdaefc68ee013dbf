package app

import "github.com/paperchart/paperchart/internal/terms"

// noTerms knows no term: texts are kept as printed and no code is made up.
type noTerms struct{}

var _ terms.Vocabulary = noTerms{}

func (noTerms) Match(terms.Domain, string) (terms.Match, bool) { return terms.Match{}, false }
func (noTerms) Search(terms.Domain, string, int) []terms.Match { return nil }
func (noTerms) Code(system, code string) (terms.Coding, bool)  { return terms.Coding{}, false }
func (noTerms) Unit(text string) (string, bool)                { return "", false }
