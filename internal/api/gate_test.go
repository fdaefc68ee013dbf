package api

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

func TestGate(t *testing.T) {
	g := newGate()
	var inside atomic.Int64
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			if i%5 == 0 {
				cancel() // may get in, or not
			}
			defer cancel()
			bytes := (i%7 + 1) << 20
			ticket, err := g.enter(ctx, bytes)
			if err != nil {
				return
			}
			if n := inside.Add(int64(min(bytes, gateBytes))); n > gateBytes {
				t.Errorf("%d bytes are inside", n)
			}
			inside.Add(-int64(min(bytes, gateBytes)))
			ticket.shrink()
			ticket.leave()
			ticket.leave()
		})
	}
	wg.Wait()
	if g.room != gateBytes || len(g.queue) > 0 {
		t.Errorf("room is %d, %d wait", g.room, len(g.queue))
	}
}
