package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"
)

const (
	commonPragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=temp_store(memory)"
	writerPragmas = commonPragmas + "&_pragma=synchronous(full)&_pragma=cache_size(-2000)&_pragma=wal_autocheckpoint(4000)"
	readerPragmas = commonPragmas + "&_pragma=cache_size(-2000)&_pragma=query_only(on)"
)

var setUserVersion = fmt.Sprintf("PRAGMA user_version = %d", schemaVersion)

// sqlite is the database in a file.
type sqlite struct{ path string }

var _ database = sqlite{}

func (d sqlite) writer(_ context.Context, _ *Store) (writer, error) {
	c, err := d.open(writerPragmas)
	if err != nil {
		return nil, err
	}
	if err := c.prepareSchema(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (d sqlite) reader(_ context.Context, _ *Store) (conn, error) {
	c, err := d.open(readerPragmas)
	if err != nil {
		return nil, err // not a nil *liteConn in an interface
	}
	return c, nil
}

func (d sqlite) open(pragmas string) (*liteConn, error) {
	db, err := sqlite3.Open("file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(d.path) + pragmas)
	if err != nil {
		return nil, err
	}
	if err := fts5.Register(db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &liteConn{db, map[string]*sqlite3.Stmt{}}, nil
}

// full reports whether there is no room. The driver calls that an I/O error like
// any other, so with one of these it has to be tried.
func (d sqlite) full(err error) bool {
	if errors.Is(err, sqlite3.FULL) || noRoom(err) {
		return true
	}
	return errors.Is(err, sqlite3.IOERR) && noRoom(d.tryRoom())
}

func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// tryRoom writes a little beside the database.
func (d sqlite) tryRoom() error {
	f, err := os.CreateTemp(filepath.Dir(d.path), "room")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 1<<18))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// liteConn is a connection to SQLite with its prepared statements.
type liteConn struct {
	db    *sqlite3.Conn
	stmts map[string]*sqlite3.Stmt
}

var _ writer = (*liteConn)(nil)

func (c *liteConn) dialect() *dialect {
	return &dialect{contains: "instr(folded, ?) > 0", ends: "substr(folded, -?) = ?", version: "PRAGMA user_version", setVersion: setUserVersion, words: &liteWords, key: func(s string) string { return s }}
}

// Close closes the statements and the connection.
func (c *liteConn) Close() error {
	c.forget()
	return c.db.Close()
}

func (c *liteConn) forget() {
	for _, st := range c.stmts {
		st.Close()
	}
	clear(c.stmts)
}

// maxStatements bounds the prepared statements of a connection; searches come
// in many shapes.
const maxStatements = 300

func (c *liteConn) prepare(sql string) (*sqlite3.Stmt, error) {
	if st := c.stmts[sql]; st != nil {
		return st, nil
	}
	if len(c.stmts) >= maxStatements {
		c.forget()
	}
	st, _, err := c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, fmt.Errorf("prepare statement: %w", err)
	}
	c.stmts[sql] = st
	return st, nil
}

type liteRow struct{ st *sqlite3.Stmt }

func (r liteRow) Int64(i int) int64 { return r.st.ColumnInt64(i) }
func (r liteRow) Text(i int) string { return r.st.ColumnText(i) }
func (r liteRow) Blob(i int) []byte { return r.st.ColumnRawBlob(i) }

func (c *liteConn) run(sql string, args []any, row func(columns) error) error {
	st, err := c.prepare(sql)
	if err != nil {
		return err
	}
	if err := bind(st, args); err != nil {
		return err
	}
	return step(st, row)
}

func step(st *sqlite3.Stmt, row func(columns) error) (err error) {
	for st.Step() {
		if row == nil {
			continue
		}
		if err = row(liteRow{st}); err != nil {
			break
		}
	}
	if reset := st.Reset(); err == nil {
		err = reset
	}
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

func bind(st *sqlite3.Stmt, args []any) (err error) {
	for i, a := range args {
		switch a := a.(type) {
		case int64:
			err = st.BindInt64(i+1, a)
		case int:
			err = st.BindInt(i+1, a)
		case string:
			err = st.BindText(i+1, a)
		case []byte:
			err = st.BindBlob(i+1, a)
		case float64:
			err = st.BindFloat(i+1, a)
		default:
			err = fmt.Errorf("bind a %T", a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *liteConn) begin(ctx context.Context) error {
	c.db.SetInterrupt(ctx)
	err := c.run("BEGIN", nil, nil)
	if err != nil {
		c.db.SetInterrupt(context.Background())
	}
	return err
}

func (c *liteConn) last() {}

// end ends a read transaction whatever became of it.
func (c *liteConn) end() {
	c.db.SetInterrupt(context.Background())
	if !c.lost() && c.run("COMMIT", nil, nil) != nil {
		c.rollback()
	}
}
