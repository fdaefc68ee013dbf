package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// State is how far a document has come.
type State string

// The states, in the order a document goes through them. Failed is final until
// somebody asks for another try.
const (
	Queued     State = "queued"
	Reading    State = "reading"
	Converting State = "converting"
	Done       State = "done"
	Failed     State = "failed"
)

// Document is one accepted file and what became of it. The same bytes are one
// document, however often and under whatever names they arrive.
type Document struct {
	// ID is the first 16 hexadecimal digits of the bytes' SHA-256.
	ID        string `json:"id"`
	Name      string `json:"name"`
	SHA256    string `json:"sha256"`
	Size      int64  `json:"size"`
	State     State  `json:"state"`
	Pages     int    `json:"pages"`
	PagesDone int    `json:"pagesDone"`
	// Patients is the number of people found in the document.
	Patients int `json:"patients"`
	// Review is the number of fields that wait for a person.
	Review int `json:"review"`
	// Attempts counts the tries of the step that runs or failed.
	Attempts int `json:"attempts"`
	// Route says who read the document, where there was a choice.
	Route string `json:"route,omitempty"`
	// Problem says why a document failed, or what goes wrong between retries.
	Problem  *Problem  `json:"problem,omitempty"`
	Received time.Time `json:"received"`
	Updated  time.Time `json:"updated"`
}

// ErrNotFound is returned for a document that was never accepted.
var ErrNotFound = errors.New("no such document")

const schema = `
CREATE TABLE IF NOT EXISTS document (
	id         TEXT PRIMARY KEY,
	sha256     TEXT NOT NULL UNIQUE,
	name       TEXT NOT NULL,
	size       INTEGER NOT NULL,
	state      TEXT NOT NULL,
	pages      INTEGER NOT NULL DEFAULT 0,
	pages_done INTEGER NOT NULL DEFAULT 0,
	patients   INTEGER NOT NULL DEFAULT 0,
	review     INTEGER NOT NULL DEFAULT 0,
	attempts   INTEGER NOT NULL DEFAULT 0,
	code       TEXT NOT NULL DEFAULT '',
	message    TEXT NOT NULL DEFAULT '',
	remedy     TEXT NOT NULL DEFAULT '',
	received   INTEGER NOT NULL, -- Unix milliseconds
	updated    INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS document_received ON document (received);`

const columns = `id, sha256, name, size, state, pages, pages_done, patients, review,
	attempts, code, message, remedy, received, updated, route`

type scanner interface{ Scan(...any) error }

func scanDocument(row scanner) (Document, error) {
	var d Document
	var p Problem
	var received, updated int64
	err := row.Scan(&d.ID, &d.SHA256, &d.Name, &d.Size, &d.State, &d.Pages, &d.PagesDone, &d.Patients,
		&d.Review, &d.Attempts, &p.Code, &p.Message, &p.Remedy, &received, &updated, &d.Route)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNotFound
	}
	if err != nil {
		return d, fmt.Errorf("read document: %w", err)
	}
	if p.Code != "" {
		d.Problem = &p
	}
	d.Received, d.Updated = time.UnixMilli(received).UTC(), time.UnixMilli(updated).UTC()
	return d, nil
}

// querier is a *sql.DB or a *sql.Tx.
type querier interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

func getDocument(ctx context.Context, q querier, id string) (Document, error) {
	return scanDocument(q.QueryRowContext(ctx, "SELECT "+columns+" FROM document WHERE id = ?", id))
}

// insertDocument reports false where the document is there already.
func insertDocument(ctx context.Context, q querier, d Document) (bool, error) {
	res, err := q.ExecContext(ctx, `INSERT INTO document (id, sha256, name, size, state, received, updated)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		d.ID, d.SHA256, d.Name, d.Size, d.State, d.Received.UnixMilli(), d.Received.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("insert document: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// addRoute gives a database of an earlier version its last column.
func addRoute(ctx context.Context, q querier) error {
	var n int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM pragma_table_info('document') WHERE name = 'route'`).Scan(&n); err != nil || n > 0 {
		return err
	}
	_, err := q.ExecContext(ctx, `ALTER TABLE document ADD COLUMN route TEXT NOT NULL DEFAULT ''`)
	return err
}

// change updates what a step learned of a document.
type change struct {
	state    State
	pages    int
	patients int
	review   int
	attempts int
	problem  Problem
	route    string
}

func updateDocument(ctx context.Context, q querier, id string, now time.Time, c change) error {
	_, err := q.ExecContext(ctx, `UPDATE document SET state = ?, patients = ?, review = ?, attempts = ?,
		pages = max(pages, ?), pages_done = CASE WHEN ? THEN max(pages, ?) ELSE pages_done END,
		route = CASE WHEN ? = '' THEN route ELSE ? END, code = ?, message = ?, remedy = ?, updated = ? WHERE id = ?`,
		c.state, c.patients, c.review, c.attempts,
		c.pages, c.state == Converting || c.state == Done, c.pages, c.route, c.route,
		c.problem.Code, c.problem.Message, c.problem.Remedy, now.UnixMilli(), id)
	if err != nil {
		return fmt.Errorf("update document: %w", err)
	}
	return nil
}

func updateProgress(ctx context.Context, q querier, id string, now time.Time, done, total int) error {
	_, err := q.ExecContext(ctx, `UPDATE document SET pages = ?, pages_done = ?, updated = ? WHERE id = ? AND state = ?`,
		total, done, now.UnixMilli(), id, Reading)
	return err
}
