package store

import (
	"context"
	"errors"
	"strings"
)

// conn is a connection to the database. It belongs to one goroutine at a time.
type conn interface {
	// run carries out a statement, whose arguments stand where it has ?, and calls
	// row for every row of its result. row starts no other statement.
	run(sql string, args []any, row func(columns) error) error
	// begin makes everything that is read until end of one moment, and ends what
	// runs when ctx does.
	begin(ctx context.Context) error
	end()
	// last says that the next statement is the last before end.
	last()
	// dialect is what the database wants to be told in its own words.
	dialect() *dialect
	Close() error
}

// columns are the values of a row, from 0; NULL is a zero value.
type columns interface {
	Int64(i int) int64
	Text(i int) string
	Blob(i int) []byte // to be read before the next row
}

// writer is the connection that writes. Statements without a row function may be
// put off until something needs their effect; their errors come then.
type writer interface {
	conn
	// start begins a transaction and waits until no other process is in one.
	start() error
	savepoint() error
	// release ends the savepoint with everything in it done.
	release() error
	// undo takes back what was done since the savepoint.
	undo() error
	commit() error
	rollback()
	// lost says that no transaction is under way any more, as after a full disk.
	lost() bool
	// find looks resources up, all in one go. It calls row for those that are
	// there, with currentColumns and, where whole is false, an empty body.
	find(keys []target, whole bool, row func(i int, c columns) error) error
	// indexRow writes or deletes an index row.
	indexRow(r stored, deletes bool) error
}

// stored is an index row with its names and references in numbers.
type stored struct {
	row
	param, rid, system, target int64
}

// database opens connections.
type database interface {
	// writer makes the schema where there is none.
	writer(ctx context.Context, s *Store) (writer, error)
	reader(ctx context.Context, s *Store) (conn, error)
	// full reports whether an error is that there is no room.
	full(err error) bool
}

// databaseOf chooses by what cfg.Path looks like.
func databaseOf(path string) database {
	if strings.HasPrefix(path, "postgres://") || strings.HasPrefix(path, "postgresql://") {
		return postgres{path}
	}
	return sqlite{path}
}

// dialect is where the databases differ in what they are told.
type dialect struct {
	// contains finds its argument anywhere in a folded string.
	contains string
	// ends finds its second argument at the end of a folded string; the first is
	// its length in characters.
	ends string
	// lock, behind a SELECT, makes other processes wait that want the same row.
	lock string
	// version asks for the schema's version, setVersion makes it schemaVersion.
	version, setVersion string
	// remote says that every statement is a round trip, and arrays are values.
	remote bool
	// fence keeps an EXISTS a look-up for each row.
	fence string
	words *fullText
	// key is a text as an index can hold it.
	key func(string) string
}

// errStop ends run early and is no error.
var errStop = errors.New("enough rows")

// number returns the first column of the first row, ok being false where there
// is none.
func number(c conn, sql string, args ...any) (n int64, ok bool, err error) {
	err = c.run(sql, args, func(row columns) error {
		n, ok = row.Int64(0), true
		return errStop
	})
	return n, ok, err
}
