package store

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// _text and _content look for words by a full-text index: FTS5 in SQLite, a
// tsvector in PostgreSQL. Both hold, for each resource, its words as this program
// splits and folds them, so that both find the same: with the letter c before them
// those of all its strings, and with n those of its narrative.
const (
	contentMark   = "c"
	narrativeMark = "n"
)

// The longest a word is kept, in runes, and the most bytes of words that a
// resource has: what is longer is no text that somebody looks for.
const (
	maxWord  = 60
	maxWords = 200 << 10
)

// words are the tokens of a resource, sorted and each once.
func words(root *model.Node) []string {
	var all []string
	var walk func(n *model.Node, narrative bool)
	walk = func(n *model.Node, narrative bool) {
		switch {
		case n.Kind == model.String && n.Name == "div":
			text := withoutTags(n.Text)
			all = appendWords(all, contentMark, text)
			if narrative {
				all = appendWords(all, narrativeMark, text)
			}
		case n.Kind == model.String:
			if !wordless(n) {
				all = appendWords(all, contentMark, n.Text)
			}
		case n.Kind == model.Object || n.Kind == model.Array:
			for c := n.First; c != nil; c = c.Next {
				walk(c, narrative)
			}
		}
	}
	for c := root.First; c != nil; c = c.Next {
		if c.Name != "resourceType" && c.Name != "id" && c.Name != "meta" {
			walk(c, c.Name == "text")
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	size := 0
	for i, w := range all {
		if size += len(w); size > maxWords {
			return all[:i]
		}
	}
	return all
}

// wordless tells strings that are no words: addresses, references, dates and bytes. They
// would be half of the index, and have searches of their own.
func wordless(n *model.Node) bool {
	if n.Type == nil {
		return false
	}
	switch n.Type.Name {
	case "base64Binary", "uri", "url", "canonical", "oid", "uuid", "date", "dateTime", "instant", "time":
		return true
	}
	return n.Name == "reference" && n.Parent != nil && n.Parent.Type != nil && n.Parent.Type.Name == "Reference"
}

func appendWords(all []string, mark, text string) []string {
	for word := range strings.FieldsFuncSeq(fold(text), separates) {
		all = append(all, mark+shortened(word))
	}
	return all
}

func shortened(word string) string {
	if len(word) <= maxWord || utf8.RuneCountInString(word) <= maxWord {
		return word
	}
	return string([]rune(word)[:maxWord])
}

// Writes only note which resources' words are out of date, in the table unread: the
// index is brought up to date when nothing else is written, a part at a time, or
// when somebody searches by words and much is unread. What is still unread then is
// read by the search itself, so that it sees every write.
const (
	readAtOnce = 200
	mostUnread = 200
	idleBefore = 500 * time.Millisecond
)

// unread notes that the words of a resource have changed.
func (w *writing) unread(rid int64) error {
	w.behind = true
	return w.c.run("INSERT INTO unread (rid) VALUES (?) ON CONFLICT (rid) DO NOTHING", []any{rid}, nil)
}

// readWords indexes the words of some resources that are unread.
func (w *writing) readWords() error {
	type one struct {
		rid    int64
		tokens []string
	}
	var some []one
	err := w.c.run("SELECT u.rid, r.live, r.body, n.text FROM unread u JOIN resource r ON r.rid = u.rid JOIN name n ON n.code = r.type ORDER BY u.rid LIMIT ?", []any{readAtOnce}, func(row columns) (err error) {
		next := one{rid: row.Int64(0)}
		if row.Int64(1) != 0 {
			next.tokens, err = w.s.storedWords(row.Text(3), row.Blob(2))
		}
		some = append(some, next)
		return err
	})
	d := w.c.dialect().words
	for i := 0; i < len(some) && err == nil; i++ {
		if err = w.c.run(d.remove, []any{some[i].rid}, nil); err == nil && len(some[i].tokens) > 0 {
			err = w.c.run(d.add, []any{some[i].rid, d.tokens(some[i].tokens)}, nil)
		}
	}
	if len(some) > 0 && err == nil {
		err = w.c.run("DELETE FROM unread WHERE rid <= ?", []any{some[len(some)-1].rid}, nil)
	}
	w.behind = len(some) == readAtOnce
	return err
}

// catchUp has the index brought up to date where much is unread.
func (s *Store) catchUp(ctx context.Context) error {
	for {
		var n int64
		err := s.reading(ctx, func(c conn) (err error) {
			n, _, err = number(c, "SELECT count(*) FROM (SELECT rid FROM unread LIMIT ?) AS u", mostUnread+1)
			return err
		})
		if err != nil || n <= mostUnread {
			return err
		}
		if err := s.submit(ctx, (*writing).readWords); err != nil {
			return err
		}
	}
}

// asksWords reports whether a search may look for words.
func asksWords(params []Param) bool {
	return slices.ContainsFunc(params, func(p Param) bool {
		return strings.HasSuffix(p.Name, "_text") || strings.HasSuffix(p.Name, "_content") || p.Name == "_filter" && (strings.Contains(p.Value, "_text") || strings.Contains(p.Value, "_content"))
	})
}

// fullText is how a database is told about words.
type fullText struct {
	add, remove string
	find        string // with a query and a type
	tokens      func([]string) any
	query       func(wordQuery) string
}

// words finds what has the words that the value asks for.
func (b *builder) words(typ int64, code, value string) (cond, error) {
	mark := contentMark
	if code == "_text" {
		mark = narrativeMark
	}
	query, err := parseWords(mark, unescape(value))
	if err != nil {
		return cond{}, err
	}
	unread, err := b.unreadWith(typ, query)
	if err != nil {
		return cond{}, err
	}
	d := b.c.dialect().words
	c := cond{sel: d.find + " AND NOT EXISTS (SELECT 1 FROM unread u WHERE u.rid = r.rid)", args: []any{d.query(query), typ}}
	if len(unread) > 0 {
		c.sel += " UNION ALL SELECT rid FROM resource WHERE rid IN (" + marks(len(unread)) + ")"
		c.args = append(c.args, unread...)
	}
	return c, nil
}

// unreadWith are the resources with such words that the index does not know yet.
func (b *builder) unreadWith(typ int64, query wordQuery) ([]any, error) {
	var all []any
	err := b.c.run("SELECT r.rid, r.body, n.text FROM unread u JOIN resource r ON r.rid = u.rid JOIN name n ON n.code = r.type WHERE r.type = ? AND r.live = 1", []any{typ}, func(row columns) error {
		has, err := b.s.storedWords(row.Text(2), row.Blob(1))
		if err == nil && query.meets(has) {
			all = append(all, row.Int64(0))
		}
		return err
	})
	if len(all) > maxSetCodes {
		return nil, refuse(TooCostly, "the words of too many resources are not indexed yet; search again later")
	}
	return all, err
}

// liteWords are SQLite's: a table without content, whose rows know their words
// only.
var liteWords = fullText{
	add:    "INSERT INTO words (rowid, text) VALUES (?, ?)",
	remove: "DELETE FROM words WHERE rowid = ?",
	find:   "SELECT r.rid FROM words CROSS JOIN resource r ON r.rid = words.rowid WHERE words MATCH ? AND r.type = ? AND r.live = 1",
	tokens: func(all []string) any { return strings.Join(all, " ") },
	query:  wordQuery.lite,
}

var pgWords = fullText{
	add:    "INSERT INTO words (rid, tokens) VALUES (?, array_to_tsvector(?::text[]))",
	remove: "DELETE FROM words WHERE rid = ?",
	find:   "SELECT r.rid FROM words w JOIN resource r ON r.rid = w.rid WHERE w.tokens @@ ?::text::tsquery AND r.type = ? AND r.live = 1",
	tokens: func(all []string) any { return all },
	query:  wordQuery.pg,
}

// storedWords are the words of a packed body.
func (s *Store) storedWords(typ string, packed []byte) ([]string, error) {
	stored, err := decompress(packed)
	if err != nil {
		return nil, err
	}
	parsed, err := s.parse(unstamped(typ, "x", stored))
	if err != nil {
		return nil, err
	}
	return words(parsed.root), nil
}
