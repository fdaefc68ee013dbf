package hybrid

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	_ "github.com/ncruces/go-sqlite3/driver" // registers "sqlite3"
)

// ErrBudget says that the month's budget does not allow a call.
var ErrBudget = errors.New("the month's budget for the cloud is used up")

// Budget is what may be spent in a calendar month (UTC). A limit of 0 does not
// limit; with both 0 nothing is sent at all.
type Budget struct {
	Pages   int
	Dollars float64
	// PageDollars is what a page costs.
	PageDollars float64
}

// micros are millionths of a dollar, so that sums are exact.
func micros(dollars float64) int64 { return int64(dollars*1e6 + 0.5) }

// Ledger is the durable account of what was given to the cloud. An amount is
// written down, and on disk, before the call that it is for; it comes back only
// where the call is known to have cost nothing, and a call that may have been made
// is paid for again before it is repeated, in the month in which it is. So neither
// many callers at once, nor a process that dies between the two, nor a cloud that
// forgets client tokens can spend more than the budget.
type Ledger struct {
	db     *sql.DB
	budget Budget
	now    func() time.Time
}

const ledgerSchema = `
CREATE TABLE IF NOT EXISTS call (
	id     INTEGER PRIMARY KEY,
	work   TEXT NOT NULL, -- what is read: the hash of the original and its pages
	month  TEXT NOT NULL, -- 2026-11, UTC, when it was reserved
	pages  INTEGER NOT NULL,
	micros INTEGER NOT NULL, -- millionths of a US dollar
	begun  INTEGER NOT NULL, -- Unix seconds
	state  TEXT NOT NULL, -- reserved, sent, running, failed or done
	job    TEXT NOT NULL DEFAULT '',
	result BLOB
);
CREATE INDEX IF NOT EXISTS call_work ON call (work);
CREATE INDEX IF NOT EXISTS call_month ON call (month);`

// tokenLife is for how long BDA is trusted to know a client token again (it does
// not say): so long a call that may have been made is repeated as the same one.
const tokenLife = time.Hour

// The states of a call. Reserved is one that was not made yet, sent one of which
// nobody knows whether it was.
const (
	reserved = "reserved"
	sent     = "sent"
	running  = "running"
	failed   = "failed"
	done     = "done"
)

// OpenLedger opens the account at a path.
func OpenLedger(ctx context.Context, path string, b Budget, now func() time.Time) (*Ledger, error) {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	db, err := sql.Open("sqlite3", "file:"+escaped+"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		return nil, fmt.Errorf("open budget: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, ledgerSchema); err != nil {
		return nil, errors.Join(fmt.Errorf("open budget: %w", err), db.Close())
	}
	return &Ledger{db, b, now}, nil
}

// Close closes the account.
func (l *Ledger) Close() error { return l.db.Close() }

// call is one entry of the account.
type call struct {
	id     int64
	state  string
	job    string
	result []byte
	// nth is how many calls of the same work came before, failures how many of
	// them came to nothing.
	nth, failures int
}

// month is the calendar month, UTC.
func (l *Ledger) month() string { return l.now().UTC().Format("2006-01") }

// find is the latest call of a work that can be taken up again or has ended well;
// a call with no id where there is none.
func (l *Ledger) find(ctx context.Context, work string) (call, error) {
	var c call
	err := l.db.QueryRowContext(ctx, `SELECT id, state, job, result, (SELECT count(*) FROM call AS b WHERE b.work = a.work AND b.id < a.id)
		FROM call AS a WHERE work = ? AND (state IN (?, ?) OR state IN (?, ?) AND month = ? AND begun > ?) ORDER BY id DESC LIMIT 1`,
		work, running, done, reserved, sent, l.month(), l.now().Add(-tokenLife).Unix()).Scan(&c.id, &c.state, &c.job, &c.result, &c.nth)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return c, fmt.Errorf("read budget: %w", err)
	}
	return c, nil
}

// reserve writes a call down, or says ErrBudget.
func (l *Ledger) reserve(ctx context.Context, work string, pages int) (call, error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return call{}, fmt.Errorf("reserve budget: %w", err)
	}
	defer tx.Rollback()
	month, cost := l.month(), l.cost(pages)
	if err := l.check(ctx, tx, month, pages); err != nil {
		return call{}, err
	}
	c := call{state: reserved}
	if err := tx.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE state = ?) FROM call WHERE work = ?`, failed, work).Scan(&c.nth, &c.failures); err != nil {
		return call{}, fmt.Errorf("reserve budget: %w", err)
	}
	if err := tx.QueryRowContext(ctx, `INSERT INTO call (work, month, pages, micros, begun, state) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
		work, month, pages, cost, l.now().Unix(), reserved).Scan(&c.id); err != nil {
		return call{}, fmt.Errorf("reserve budget: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return call{}, fmt.Errorf("reserve budget: %w", err)
	}
	return c, nil
}

// repeat reserves what a call costs once more, for it may have been made before.
func (l *Ledger) repeat(ctx context.Context, c call, pages int) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("reserve budget: %w", err)
	}
	defer tx.Rollback()
	if err := l.check(ctx, tx, l.month(), pages); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `UPDATE call SET state = ?, pages = pages + ?, micros = micros + ? WHERE id = ? AND month = ?`, reserved, pages, l.cost(pages), c.id, l.month())
	if err != nil {
		return fmt.Errorf("reserve budget: %w", err)
	}
	if err := changed(done); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("reserve budget: %w", err)
	}
	return nil
}

// cost is in millionths of a dollar.
func (l *Ledger) cost(pages int) int64 { return int64(pages) * micros(l.budget.PageDollars) }

// check gives ErrBudget where so many pages more are too many for a month.
func (l *Ledger) check(ctx context.Context, q querier, month string, pages int) error {
	spentPages, spent, err := sums(ctx, q, month)
	if err != nil {
		return err
	}
	if !l.allows(spentPages+pages, spent+l.cost(pages)) {
		return ErrBudget
	}
	return nil
}

func (l *Ledger) allows(pages int, cost int64) bool {
	b := l.budget
	if b.Pages <= 0 && b.Dollars <= 0 {
		return false
	}
	return (b.Pages <= 0 || pages <= b.Pages) && (b.Dollars <= 0 || cost <= micros(b.Dollars))
}

type querier interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

func sums(ctx context.Context, q querier, month string) (pages int, cost int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT coalesce(sum(pages), 0), coalesce(sum(micros), 0) FROM call WHERE month = ?`, month).Scan(&pages, &cost)
	if err != nil {
		return 0, 0, fmt.Errorf("read budget: %w", err)
	}
	return pages, cost, nil
}

// Spent is what this month's calls cost so far, those included that may have.
func (l *Ledger) Spent(ctx context.Context) (pages int, dollars float64, err error) {
	pages, cost, err := sums(ctx, l.db, l.month())
	return pages, float64(cost) / 1e6, err
}

// errTaken says that what was reserved is not to be had any more: somebody else
// makes the call, or the month has ended.
var errTaken = errors.New("another call for it is under way")

// send records that a call is being made, which its own month pays, and which
// nobody else may make on the same reservation.
func (l *Ledger) send(ctx context.Context, c call) error {
	done, err := l.db.ExecContext(ctx, `UPDATE call SET state = ? WHERE id = ? AND month = ? AND state = ?`, sent, c.id, l.month(), reserved)
	if err != nil {
		return fmt.Errorf("write budget: %w", err)
	}
	return changed(done)
}

// changed is errTaken where nothing was.
func changed(done sql.Result) error {
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		err = errTaken
	}
	return err
}

// unsend records that a call was not made after all: what was reserved for it is
// there for the next try.
func (l *Ledger) unsend(ctx context.Context, c call) error {
	return l.set(ctx, `UPDATE call SET state = ? WHERE id = ?`, reserved, c.id)
}

// begun records the job that a call began.
func (l *Ledger) begun(ctx context.Context, c call, job string) error {
	return l.set(ctx, `UPDATE call SET state = ?, job = ? WHERE id = ?`, running, job, c.id)
}

// fail records that a call's job came to nothing; it counts all the same.
func (l *Ledger) fail(ctx context.Context, c call) error {
	return l.set(ctx, `UPDATE call SET state = ? WHERE id = ?`, failed, c.id)
}

// finish records what a call gave, so that it need never be made again.
func (l *Ledger) finish(ctx context.Context, c call, result []byte) error {
	return l.set(ctx, `UPDATE call SET state = ?, result = ? WHERE id = ?`, done, result, c.id)
}

// release gives back what a call that was refused did not cost; calls of before
// that may have been made stay paid. The entry stays, so that the next try has a
// token of its own.
func (l *Ledger) release(ctx context.Context, c call, pages int) error {
	return l.set(ctx, `UPDATE call SET state = ?, pages = pages - ?, micros = micros - ? WHERE id = ?`, failed, pages, l.cost(pages), c.id)
}

// forget takes back what was reserved for a call that never was made.
func (l *Ledger) forget(ctx context.Context, c call, pages int) error {
	return errors.Join(l.set(ctx, `DELETE FROM call WHERE id = ? AND pages <= ?`, c.id, pages),
		l.set(ctx, `UPDATE call SET state = ?, pages = pages - ?, micros = micros - ? WHERE id = ?`, sent, pages, l.cost(pages), c.id))
}

// set writes even where the caller's time is over: what is known of a call must
// not be lost.
func (l *Ledger) set(ctx context.Context, query string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if _, err := l.db.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("write budget: %w", err)
	}
	return nil
}
