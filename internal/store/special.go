package store

import (
	"strings"
)

// special are the parameters that have no rows of their own.
func (b *builder) special(typ, code, modifier, value string) (cond, error) {
	if modifier != "" && code != "_id" && strings.HasPrefix(code, "_") && code != "_tag" && code != "_security" && code != "_profile" && code != "_source" {
		return cond{}, refuse(NotSupported, "the parameter %.32s does not take a modifier here", code)
	}
	number, err := b.s.known(b.c, typ)
	if err != nil {
		return cond{}, err
	}
	switch code {
	case "_id":
		return b.id(number, modifier, value)
	case "_lastUpdated":
		return b.lastUpdated(number, value)
	case "_text", "_content":
		return b.words(number, code, value)
	case "_filter":
		return b.filter(typ, number, value)
	case "near":
		if typ == "Location" && modifier == "" {
			return b.near(value)
		}
	case "_list":
		list, err := b.targets([]string{"List"}, unescape(value))
		param, err2 := b.s.known(b.c, "List.item")
		if err != nil || err2 != nil || len(list) == 0 {
			return cond{sel: noRows}, err
		}
		return cond{sel: "SELECT target AS rid FROM reference_index JOIN resource r ON r.rid = target WHERE reference_index.rid = ? AND param = ? AND r.type = ? AND r.live = 1",
			args: []any{list[0], param, number}}, nil
	}
	return cond{}, errUnknown
}

func (b *builder) id(typ int64, modifier, value string) (cond, error) {
	if modifier != "" && modifier != "not" {
		return cond{}, refuse(NotSupported, "the parameter _id does not take the modifier :%.32s here", modifier)
	}
	values := splitEscaped(value, ',')
	if len(values) > maxValues {
		return cond{}, refuse(TooCostly, "a parameter takes %d values at most", maxValues)
	}
	args := []any{typ}
	for _, v := range values {
		args = append(args, unescape(v))
	}
	return cond{sel: "SELECT rid FROM resource WHERE type = ? AND live = 1 AND id IN (" + marks(len(values)) + ")", args: args, not: modifier == "not"}, nil
}

func (b *builder) lastUpdated(typ int64, value string) (cond, error) {
	var any_ []string
	args := []any{typ}
	for _, v := range splitEscaped(value, ',') {
		where, a, err := b.s.dateClause(unescape(v))
		if err != nil {
			return cond{}, err
		}
		// A version's time is an instant of a millisecond.
		where = strings.ReplaceAll(strings.ReplaceAll(where, "low", "updated"), "high", "updated + 1")
		any_ = append(any_, where)
		args = append(args, a...)
	}
	return cond{sel: "SELECT rid FROM resource WHERE type = ? AND live = 1 AND (" + strings.Join(any_, " OR ") + ")", args: args, wide: true}, nil
}

// words looks for all words of the value in the narrative or the whole text. It
// reads every resource that the other conditions leave.
func (b *builder) words(typ int64, code, value string) (cond, error) {
	function := "narrative_has"
	if code == "_content" {
		function = "content_has"
	}
	if !b.c.dialect().words {
		return b.wordsHere(typ, code, fold(unescape(value)))
	}
	c := cond{sel: "SELECT rid FROM resource WHERE type = ? AND live = 1 AND " + function + "(body, ?)", args: []any{typ, fold(unescape(value))}, wide: true}
	c.seek = "EXISTS (SELECT 1 FROM resource WHERE type = ? AND live = 1 AND " + function + "(body, ?) AND rid = x.rid)"
	return c, nil
}

// wordsHere does the same with a database that cannot call this program.
func (b *builder) wordsHere(typ int64, code, folded string) (cond, error) {
	text := b.s.narrative
	if code == "_content" {
		text = b.s.wholeText
	}
	rids := []int64{}
	err := b.c.run("SELECT rid, body FROM resource WHERE type = ? AND live = 1", []any{typ}, func(row columns) error {
		found, err := wordsIn(row.Blob(1), text, folded)
		if found {
			rids = append(rids, row.Int64(0))
		}
		return err
	})
	return cond{sel: "SELECT rid FROM resource WHERE rid = ANY(?)", args: []any{rids}}, err
}

// wordsIn looks for words in the text that a function takes out of a packed body.
func wordsIn(packed []byte, text func([]byte) string, folded string) (bool, error) {
	stored, err := decompress(packed)
	if err != nil {
		return false, err
	}
	return hasWords(text(stored), folded), nil
}

// hasWords reports whether words of the text begin with each word of the query.
func hasWords(text, query string) bool {
	words := strings.FieldsFunc(fold(text), separates)
	for _, want := range strings.FieldsFunc(query, separates) {
		found := false
		for _, w := range words {
			if found = strings.HasPrefix(w, want); found {
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}
