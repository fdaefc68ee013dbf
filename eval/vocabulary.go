package main

import "github.com/paperchart/paperchart/internal/terms"

// vocabulary is what reading knows of clinical terms.
func vocabulary() (terms.Vocabulary, error) { return noTerms{}, nil }

// noTerms knows nothing; it stands in until internal/terms has its lists.
type noTerms struct{}

func (noTerms) Match(terms.Domain, string) (terms.Match, bool) { return terms.Match{}, false }
func (noTerms) Search(terms.Domain, string, int) []terms.Match { return nil }
func (noTerms) Code(system, code string) (terms.Coding, bool)  { return terms.Coding{}, false }
func (noTerms) Unit(text string) (string, bool)                { return "", false }
