package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// cancelPatience is how long a statement that was cancelled may go on before its
// connection is closed.
const cancelPatience = 5 * time.Second

// call is a statement that is put off.
type call struct {
	sql  string
	args []any
}

// pgConn is a connection to PostgreSQL. What need not be answered at once goes
// together with the next statement that must be: one round trip for all.
type pgConn struct {
	db      postgres
	pg      *pgx.Conn
	ctx     context.Context // of the reading that is under way
	texts   map[string]string
	pending []call
	opened  bool // a transaction was begun, or will be by what is pending
	lastly  bool // COMMIT goes with the next statement
	writes  bool // statements without a row function are put off

	mark   int // where SAVEPOINT is in pending; -1 once it was sent
	buffer pgRows
}

var _ writer = (*pgConn)(nil)

func (c *pgConn) dialect() *dialect { return &pgDialect }

// Close closes the connection.
func (c *pgConn) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), cancelPatience)
	defer cancel()
	return c.pg.Close(ctx)
}

func (c *pgConn) text(sql string) string {
	if t, ok := c.texts[sql]; ok {
		return t
	}
	if len(c.texts) >= 2*maxStatements {
		clear(c.texts)
	}
	t := numbered(sql)
	c.texts[sql] = t
	return t
}

func (c *pgConn) run(sql string, args []any, row func(columns) error) error {
	if row == nil && c.writes {
		c.pending = append(c.pending, call{sql, args})
		return nil
	}
	err := c.ask(sql, args, row)
	if err != nil && !c.opened && c.pg.IsClosed() && c.ctx.Err() == nil {
		// The server went away since the last use, and may be back.
		if c.open(c.ctx) == nil {
			return c.ask(sql, args, row)
		}
	}
	return err
}

// ask sends what is pending and a statement, and reads its rows.
func (c *pgConn) ask(sql string, args []any, row func(columns) error) error {
	if c.lastly && len(c.pending) == 1 {
		c.pending, c.lastly = c.pending[:0], false // alone, a statement needs no transaction
	}
	if len(c.pending) == 0 && !c.lastly {
		rows, err := c.pg.Query(c.ctx, c.text(sql), wellFormed(args)...)
		if err != nil {
			return err
		}
		return readRows(rows, row)
	}
	at := len(c.pending)
	c.pending = append(c.pending, call{sql, args})
	if c.lastly {
		c.pending = append(c.pending, call{"COMMIT", nil})
	}
	return c.send(at, row)
}

// flush sends what is pending.
func (c *pgConn) flush() error {
	if len(c.pending) == 0 {
		return nil
	}
	return c.send(-1, nil)
}

// send carries out what is pending in one round trip. Rows come from the call at
// a place.
func (c *pgConn) send(at int, row func(columns) error) error {
	batch := &pgx.Batch{QueuedQueries: make([]*pgx.QueuedQuery, 0, len(c.pending))}
	for _, one := range c.pending {
		batch.Queue(c.text(one.sql), wellFormed(one.args)...)
	}
	n := len(c.pending)
	clear(c.pending)
	c.pending, c.mark, c.lastly = c.pending[:0], -1, false
	results := c.pg.SendBatch(c.ctx, batch)
	for i := range n {
		if err := answer(results, i == at, row); err != nil {
			return errors.Join(err, ignored(results.Close()))
		}
	}
	return results.Close()
}

// answer reads the result of one call.
func answer(results pgx.BatchResults, asked bool, row func(columns) error) error {
	if !asked {
		_, err := results.Exec()
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	return readRows(rows, row)
}

// last makes COMMIT go with the next statement.
func (c *pgConn) last() { c.lastly = true }

// ignored is for the second report of an error.
func ignored(error) error { return nil }

func readRows(rows pgx.Rows, row func(columns) error) error {
	defer rows.Close()
	for rows.Next() {
		if row == nil {
			continue
		}
		if err := row(pgRow(rows.RawValues())); errors.Is(err, errStop) {
			rows.Close()
			return rows.Err()
		} else if err != nil {
			return err
		}
	}
	rows.Close()
	return rows.Err()
}

// begin takes effect with the first statement, which is what the moment is of.
func (c *pgConn) begin(ctx context.Context) error {
	if c.pg.IsClosed() {
		if err := c.open(ctx); err != nil {
			return err
		}
	}
	c.ctx = ctx
	c.pending = append(c.pending[:0], call{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", nil})
	return nil
}

// end ends a read transaction whatever became of it.
func (c *pgConn) end() {
	c.ctx, c.lastly = context.Background(), false
	if len(c.pending) > 0 { // nothing was read
		c.pending = c.pending[:0]
		return
	}
	c.rollback()
}

// rollback ends the transaction, and the connection where even that fails; the
// next use opens another.
func (c *pgConn) rollback() {
	c.pending, c.opened, c.writes, c.mark = c.pending[:0], false, false, -1
	c.buffer.clear()
	ctx, cancel := context.WithTimeout(context.Background(), cancelPatience)
	defer cancel()
	if c.pg.IsClosed() || c.pg.PgConn().TxStatus() == 'I' {
		return
	}
	if _, err := c.pg.Exec(ctx, "ROLLBACK"); err != nil {
		c.pg.Close(ctx)
	}
}

func (c *pgConn) start() error {
	if c.pg.IsClosed() {
		if err := c.open(context.Background()); err != nil {
			return err
		}
	}
	c.pending = append(c.pending[:0], call{"BEGIN", nil})
	c.opened, c.writes = true, true
	return nil
}

func (c *pgConn) savepoint() error {
	c.mark = len(c.pending)
	c.pending = append(c.pending, call{"SAVEPOINT job", nil})
	return nil
}

func (c *pgConn) release() error {
	c.putOffRows()
	c.pending = append(c.pending, call{"RELEASE job", nil})
	return c.flush()
}

// undo takes back the savepoint where it was sent, and else forgets it.
func (c *pgConn) undo() error {
	c.buffer.clear()
	if c.mark >= 0 {
		c.pending, c.mark = c.pending[:c.mark], -1
		return nil
	}
	c.pending = append(c.pending[:0], call{"ROLLBACK TO job", nil}, call{"RELEASE job", nil})
	return c.flush()
}

func (c *pgConn) commit() error {
	c.pending = append(c.pending, call{"COMMIT", nil})
	err := c.flush()
	if err == nil && c.pg.PgConn().TxStatus() != 'I' {
		err = fmt.Errorf("the transaction is still open")
	}
	if err == nil {
		c.opened, c.writes = false, false
	}
	return err
}

// lost is told by the connection only once BEGIN was sent.
func (c *pgConn) lost() bool {
	if !c.opened || c.pg.IsClosed() {
		return true
	}
	begun := len(c.pending) == 0 || c.pending[0].sql != "BEGIN"
	return begun && c.pg.PgConn().TxStatus() == 'I'
}
