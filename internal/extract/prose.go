package extract

func (r *reader) socialItem(p passage, ctx around)     {}
func (r *reader) assessmentItem(p passage, ctx around) { r.conditionItem(p, ctx) }
func (r *reader) proseItem(p passage, ctx around)      {}
