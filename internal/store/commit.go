package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// job is a caller's write on its way through the goroutine that writes.
type job struct {
	ctx  context.Context
	run  func(*writing) error
	err  error
	done chan struct{}
}

// Bounds of what shares a commit.
const (
	maxGroup     = 256
	maxGroupTime = 100 * time.Millisecond
)

// submit has run carried out and waits until it is committed, or refused. Once
// begun it is not given up: the caller must learn what became of it.
func (s *Store) submit(ctx context.Context, run func(*writing) error) error {
	j := &job{ctx: ctx, run: run, done: make(chan struct{})}
	select {
	case s.queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return errClosed
	}
	select {
	case <-j.done:
		return j.err
	case <-s.gone:
		select {
		case <-j.done:
			return j.err
		default:
			return errClosed
		}
	}
}

// writeLoop owns the connection that writes.
func (s *Store) writeLoop(c writer) {
	defer s.ended.Done()
	defer close(s.gone)
	w := newWriting(s, c)
	pause := idleBefore
	for {
		var idle <-chan time.Time
		if w.behind {
			idle = time.After(pause)
		}
		select {
		case j := <-s.queue:
			w.group(j)
			pause = idleBefore
		case <-idle:
			w.behind = false // and where that fails, the next write tries again
			begin := time.Now()
			w.group(&job{ctx: context.Background(), run: (*writing).readWords, done: make(chan struct{})})
			pause = time.Since(begin) // who reads meanwhile gets half the time
		case <-s.closing:
			for {
				select {
				case j := <-s.queue:
					w.group(j)
					continue
				default:
				}
				break
			}
			s.closed = c.Close()
			return
		}
	}
}

// group carries out a job and those that wait behind it in one transaction, and
// answers them when that is committed.
func (w *writing) group(first *job) {
	if err := w.begin(); err != nil {
		first.err = fmt.Errorf("begin transaction: %w", err)
		close(first.done)
		return
	}
	jobs := []*job{}
	begin := time.Now()
	for j := first; j != nil; j = w.next(len(jobs), begin) {
		jobs = append(jobs, j)
		if w.one(j); w.c.lost() {
			break // the database gave up the whole transaction, as it does when the disk is full
		}
	}
	err := w.commit()
	for _, j := range jobs {
		if err != nil && j.err == nil {
			j.err = err
		}
		close(j.done)
	}
}

// next is a job that is waiting, nil where there is none or the group is full.
func (w *writing) next(n int, begin time.Time) *job {
	if n >= maxGroup || time.Since(begin) > maxGroupTime {
		return nil
	}
	select {
	case j := <-w.s.queue:
		return j
	default:
		return nil
	}
}

// one carries out a job in a savepoint of its own.
func (w *writing) one(j *job) {
	if j.err = j.ctx.Err(); j.err != nil {
		return
	}
	if j.err = w.c.savepoint(); j.err != nil {
		return
	}
	w.now = w.s.now()
	w.overlay = newOverlay()
	clear(w.found)
	if j.err = guarded(func() error { return j.run(w) }); j.err == nil {
		j.err = w.c.release()
	}
	if j.err == nil {
		w.shared.merge(w.overlay)
		return
	}
	if !w.c.lost() && w.c.undo() != nil {
		w.c.rollback() // commit will see that there is nothing to commit
	}
}

func (w *writing) commit() error {
	defer func() { w.shared = newOverlay() }()
	if w.c.lost() {
		return errors.New("the transaction was given up by the database")
	}
	err := w.saveCounts()
	if err == nil {
		err = w.saveState()
	}
	if err == nil {
		err = w.c.commit()
	}
	if err != nil {
		w.c.rollback()
		return fmt.Errorf("commit: %w", err)
	}
	w.s.names.add(w.shared.names)
	if len(w.rids)+len(w.shared.rids) > maxRids {
		clear(w.rids)
	}
	for k, rid := range w.shared.rids {
		w.rids[k] = rid
	}
	return nil
}

func (w *writing) saveCounts() error {
	for typ, n := range w.shared.counts {
		if n == 0 {
			continue
		}
		err := w.c.run("INSERT INTO counter (type, live) VALUES (?, ?) ON CONFLICT (type) DO UPDATE SET live = counter.live + excluded.live", []any{typ, n}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// begin begins a transaction, alone among all processes, and reads what the
// last one left.
func (w *writing) begin() error {
	if err := w.c.start(); err != nil {
		return err
	}
	err := w.c.run("SELECT clock, rid, code FROM state WHERE one = 1"+w.c.dialect().lock, nil, func(row columns) error {
		w.state = state{row.Int64(0), row.Int64(1), row.Int64(2)}
		return nil
	})
	if err != nil {
		w.c.rollback()
		return err
	}
	w.saved = w.state
	w.s.clock.Store(max(w.s.clock.Load(), w.state.clock))
	return nil
}

func (w *writing) saveState() error {
	if w.state == w.saved {
		return nil
	}
	return w.c.run("UPDATE state SET clock = ?, rid = ?, code = ? WHERE one = 1", []any{w.state.clock, w.state.rid, w.state.code}, nil)
}
