package extract

// assertion is what the words around a mention make of it.
type assertion struct {
	negated, family, historical, hypothetical, planned, uncertain bool
}

// excluded tells that a mention is no fact of this patient.
func (a assertion) excluded() bool { return a.negated || a.family || a.hypothetical || a.planned }

func (r *reader) says(whole, at passage) assertion { return assertion{} }
