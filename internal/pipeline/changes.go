package pipeline

import (
	"context"
	"sync"
)

// changes tells whoever waits that some document has changed.
type changes struct {
	mu   sync.Mutex
	next chan struct{}
}

// wait returns a channel that is closed at the next change.
func (c *changes) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		c.next = make(chan struct{})
	}
	return c.next
}

func (c *changes) tell() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next != nil {
		close(c.next)
		c.next = nil
	}
}

// Wait returns the document when it is done or has failed, or as it is when ctx
// ends, with the context's error.
func (q *Queue) Wait(ctx context.Context, id string) (Document, error) {
	for {
		change := q.changes.wait()
		d, err := q.Document(context.WithoutCancel(ctx), id)
		if err != nil || d.State == Done || d.State == Failed {
			return d, err
		}
		select {
		case <-change:
		case <-ctx.Done():
			return d, ctx.Err()
		}
	}
}
