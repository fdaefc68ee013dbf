package app

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/paperchart/paperchart/internal/convert"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/store"
)

// patients is a store in which a Patient that several files are about keeps what
// each of them says. Imports wait for one another, so that none works on a
// Patient that another is changing.
type patients struct {
	store *store.Store
	// remote takes everything too, where it is not nil.
	remote remoteStore
	mu     sync.Mutex
}

var _ pipeline.FHIRStore = (*patients)(nil)

// Import implements pipeline.FHIRStore.
func (p *patients) Import(ctx context.Context, bundle []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	merged, err := convert.MergeBundle(bundle, func(id string) ([]byte, error) { return p.read(ctx, id) })
	if err != nil {
		return fmt.Errorf("import bundle: %w", err)
	}
	if err := p.store.Import(ctx, merged); err != nil || p.remote == nil {
		return err
	}
	// Within the lock, so that no older state of a Patient comes last.
	return forward(ctx, p.remote, merged)
}

// read is nil where there is no such Patient.
func (p *patients) read(ctx context.Context, id string) ([]byte, error) {
	r, err := p.store.Read(ctx, "Patient", id)
	var refused *store.Error
	if errors.As(err, &refused) && (refused.Code == store.NotFound || refused.Code == store.Gone) {
		return nil, nil
	}
	return r.Body, err
}
