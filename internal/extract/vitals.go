package extract

func (r *reader) vitals() {}
