package api

import (
	"context"
	"sync"
)

// gate bounds how many bytes of bundles are worked on at a time: understood, one
// takes ten times the memory of its text, and no more of them than cores get on
// anyhow. Bundles go in as they came; one that is larger goes alone.
type gate struct {
	mu    sync.Mutex
	room  int
	queue []*ticket
}

// ticket is a bundle's room, or that it waits for it.
type ticket struct {
	gate  *gate
	bytes int
	in    chan struct{}
}

// gateBytes is the room of a gate.
const gateBytes = 1 << 20

func newGate() *gate { return &gate{room: gateBytes} }

// enter waits for room.
func (g *gate) enter(ctx context.Context, bytes int) (*ticket, error) {
	w := &ticket{g, min(bytes, gateBytes), make(chan struct{})}
	g.mu.Lock()
	g.queue = append(g.queue, w)
	g.admit()
	g.mu.Unlock()
	select {
	case <-w.in:
		return w, nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, other := range g.queue {
		if other == w {
			g.queue = append(g.queue[:i], g.queue[i+1:]...)
			g.admit()
			return nil, ctx.Err()
		}
	}
	return w, nil // it was let in meanwhile
}

// shrink gives back most of the room: what is ready to be written takes a quarter.
func (t *ticket) shrink() { t.keep(t.bytes / 4) }

// leave gives back what is left; once it has, it does nothing.
func (t *ticket) leave() { t.keep(0) }

func (t *ticket) keep(bytes int) {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	t.gate.room += t.bytes - bytes
	t.bytes = bytes
	t.gate.admit()
}

// admit lets in as many as have room, in their order.
func (g *gate) admit() {
	for len(g.queue) > 0 && g.queue[0].bytes <= g.room {
		g.room -= g.queue[0].bytes
		close(g.queue[0].in)
		g.queue = g.queue[1:]
	}
}
