package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

const (
	commonPragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=temp_store(memory)"
	writerPragmas = commonPragmas + "&_pragma=synchronous(full)&_pragma=cache_size(-24000)&_pragma=wal_autocheckpoint(4000)"
	readerPragmas = commonPragmas + "&_pragma=cache_size(-6000)&_pragma=query_only(on)"
)

// conn is a connection to the database with its prepared statements. It belongs
// to one goroutine at a time.
type conn struct {
	*sqlite3.Conn
	stmts map[string]*sqlite3.Stmt
}

func connect(path, pragmas string) (*conn, error) {
	c, err := sqlite3.Open("file:" + escapePath(path) + pragmas)
	if err != nil {
		return nil, err
	}
	return &conn{c, map[string]*sqlite3.Stmt{}}, nil
}

// Close closes the statements and the connection.
func (c *conn) Close() error {
	c.forget()
	return c.Conn.Close()
}

func (c *conn) forget() {
	for _, st := range c.stmts {
		st.Close()
	}
	clear(c.stmts)
}

// maxStatements bounds the prepared statements of a connection; searches come
// in many shapes.
const maxStatements = 300

func (c *conn) prepare(sql string) (*sqlite3.Stmt, error) {
	if st := c.stmts[sql]; st != nil && !st.Busy() {
		return st, nil
	}
	if len(c.stmts) >= maxStatements {
		for text, st := range c.stmts {
			if !st.Busy() {
				st.Close()
				delete(c.stmts, text)
			}
		}
	}
	st, _, err := c.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, fmt.Errorf("prepare statement: %w", err)
	}
	if old := c.stmts[sql]; old == nil {
		c.stmts[sql] = st
	}
	return st, nil
}

// errStop ends run early and is no error.
var errStop = errors.New("enough rows")

// run carries out a statement and calls row for every row of its result.
func (c *conn) run(sql string, args []any, row func(*sqlite3.Stmt) error) error {
	st, err := c.prepare(sql)
	if err != nil {
		return err
	}
	if c.stmts[sql] != st {
		defer st.Close() // the same statement is under way further out
	}
	if err := bind(st, args); err != nil {
		return err
	}
	for st.Step() {
		if row == nil {
			continue
		}
		if err = row(st); err != nil {
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

// number returns the first column of the first row, ok being false where there
// is none.
func (c *conn) number(sql string, args ...any) (n int64, ok bool, err error) {
	err = c.run(sql, args, func(st *sqlite3.Stmt) error {
		n, ok = st.ColumnInt64(0), true
		return errStop
	})
	return n, ok, err
}

// end ends a read transaction whatever became of it.
func (c *conn) end() {
	c.SetInterrupt(context.Background())
	if !c.GetAutocommit() {
		if c.run("COMMIT", nil, nil) != nil {
			c.Exec("ROLLBACK")
		}
	}
}
