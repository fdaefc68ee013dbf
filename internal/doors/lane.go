package doors

import (
	"context"
	"sync"
)

// lane runs jobs one after the other in the order in which they came, as
// HealthLake does its imports and its exports.
type lane struct {
	mu      sync.Mutex
	waiting []laneJob
	busy    bool
	running string // the data store of the job that runs, empty for none
}

type laneJob struct {
	store string
	run   func(context.Context)
}

// waits is the number of a data store's jobs that are not at their end.
func (l *lane) waits(store string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	if l.running == store {
		n++
	}
	for _, j := range l.waiting {
		if j.store == store {
			n++
		}
	}
	return n
}

// line puts a job at the end of a lane.
func (d *Doors) line(l *lane, store string, run func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, laneJob{store, run})
	if !l.busy {
		l.busy = true
		d.jobs.Go(func() { d.drive(l) })
	}
}

// drive runs the jobs of a lane until none waits.
func (d *Doors) drive(l *lane) {
	for {
		l.mu.Lock()
		l.running = ""
		if len(l.waiting) == 0 || d.ctx.Err() != nil {
			l.busy = false
			l.mu.Unlock()
			return
		}
		next := l.waiting[0]
		l.waiting, l.running = l.waiting[1:], next.store
		l.mu.Unlock()
		next.run(d.ctx)
	}
}
