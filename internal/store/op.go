package store

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/paperchart/paperchart/internal/fault"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// Op is one write.
type Op struct {
	// Method is POST, PUT, PATCH or DELETE.
	Method   string
	Type, ID string
	// Body is the resource of a POST or PUT.
	Body []byte
	// Change makes a PATCH: it gets the current resource and returns the new one.
	// It runs while no other write does, so it has to be quick.
	Change func(current []byte) ([]byte, error)
	// IfMatch is the version that must be current; 0 where any may be.
	IfMatch int64
	// IfAbsent allows a PUT only where there is no such resource (If-None-Match: *).
	IfAbsent bool
	// IfNoneExist, on POST, is a search that must find nothing; where it finds
	// one resource, that is the outcome.
	IfNoneExist string
	// Where, on PUT, PATCH and DELETE without an ID, is the search that finds the
	// resource.
	Where string
	// Several lets a DELETE by Where delete more than one.
	Several bool
	// Base is the server's address as the client calls it.
	Base string
	// Linked refuses a write that refers to a resource of this store which is not
	// there, unless the same call writes it.
	Linked bool

	fullURL string
	parsed  *content
	ready   *prepared
	given   bool      // the id came with the op
	hit     *Resource // what a condition found
	hits    []Resource
}

// Outcome is what became of an Op.
type Outcome struct {
	Resource
	// Created is true where there was none before, Unchanged where the content
	// was there already.
	Created, Unchanged bool
}

// prepared is a resource as it will be stored.
type prepared struct {
	stored, packed []byte
	rows           []row
	links          []link // only where they are asked for
}

// Do carries out writes, all or none. A POST without an ID gets a new one. With
// several, deletions come first, then creations, then the others (R4
// http.html#trules); the outcomes are in the order of ops.
func (s *Store) Do(ctx context.Context, ops []Op) ([]Outcome, error) {
	if len(ops) == 0 {
		return nil, nil
	}
	all := make([]Op, len(ops))
	copy(all, ops)
	for i := range all {
		if err := s.check(&all[i]); err != nil {
			return nil, err
		}
	}
	if err := s.ready(ctx, all); err != nil {
		return nil, err
	}
	return s.submitted(ctx, all, false)
}

// ready prepares ops whose result does not depend on what is stored, and forgets
// their parsed form, whose memory is not needed while they wait.
func (s *Store) ready(ctx context.Context, ops []Op) error {
	if err := s.prepareAll(ctx, ops); err != nil {
		return err
	}
	for i := range ops {
		if ops[i].ready != nil && ops[i].Where == "" {
			ops[i].parsed = nil
		}
	}
	return nil
}

// submitted carries out checked ops. With late, what they become depends on what
// is stored, and they are prepared within the write.
func (s *Store) submitted(ctx context.Context, ops []Op, late bool) ([]Outcome, error) {
	var outcomes []Outcome
	err := s.submit(ctx, func(w *writing) (err error) {
		outcomes, err = w.all(ops, late)
		return err
	})
	if err != nil {
		return nil, s.writeError(err)
	}
	return outcomes, nil
}

func (s *Store) writeError(err error) error {
	switch {
	case s.db.full(err):
		return refuse(Full, "nothing was written: the disk is full; make room and try again")
	case codeOf(err) != 0:
		return err
	}
	return fmt.Errorf("write resources: %w", err)
}

// guarded is fault.Guard for what returns nothing else: one bad request must not end
// the goroutine that writes for all.
func guarded(f func() error) error {
	_, err := fault.Guard(func() (struct{}, error) { return struct{}{}, f() })
	return err
}

func (s *Store) check(op *Op) error {
	if s.table.Resource(op.Type) == nil {
		return refuse(NotFound, "there is no resource type %.64q", op.Type)
	}
	if op.ID != "" && !idPattern.MatchString(op.ID) {
		return refuse(Invalid, "an id has 1 to 64 letters, digits, - and .")
	}
	op.given = op.ID != ""
	switch op.Method {
	case "DELETE", "PATCH":
		if op.ID == "" && op.Where == "" {
			return refuse(PreconditionFailed, "there is neither an id nor a condition")
		}
		return nil
	case "POST", "PUT":
		return s.checkBody(op)
	}
	return refuse(Invalid, "%.16q is no way to write", op.Method)
}

func (s *Store) checkBody(op *Op) error {
	if op.parsed == nil {
		c, err := s.parse(op.Body)
		if err != nil {
			return err
		}
		op.parsed = c
	}
	if op.parsed.typ.Name != op.Type {
		return refuse(Invalid, "the resource is a %s and not a %s", op.parsed.typ.Name, op.Type)
	}
	id := op.parsed.root.Str("id")
	switch {
	case op.Method == "PUT" && op.ID != "" && id != op.ID:
		return refuse(Invalid, "the resource's id is not the one in the URL")
	case op.Method == "PUT" && op.ID == "" && op.Where == "":
		return refuse(Invalid, "an update has an id or a condition")
	case op.Method == "PUT" && op.ID == "" && id != "" && !idPattern.MatchString(id):
		return refuse(Invalid, "an id has 1 to 64 letters, digits, - and .")
	case op.Method == "POST" && op.ID == "":
		op.ID = s.cfg.NewID()
	}
	return nil
}

func (s *Store) prepare(op *Op) (*prepared, error) {
	c := op.parsed
	p := &prepared{stored: c.stored(), rows: s.index.rows(c)}
	if op.Linked {
		p.links = s.index.links(c)
	}
	var err error
	p.packed, err = compress(p.stored)
	return p, err
}

// prepareAll does what can be done outside the write, on all cores.
func (s *Store) prepareAll(ctx context.Context, ops []Op) error {
	workers := min(runtime.GOMAXPROCS(0), (len(ops)+15)/16)
	var next atomic.Int64
	errs := make([]error, workers)
	var wg sync.WaitGroup
	work := func(w int) {
		for errs[w] == nil && ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(ops) {
				return
			}
			if op := &ops[i]; op.parsed != nil {
				errs[w] = guarded(func() (err error) {
					op.ready, err = s.prepare(op)
					return err
				})
			}
		}
	}
	for w := 1; w < workers; w++ {
		wg.Go(func() { work(w) })
	}
	work(0)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// parseAs reads the result of a change.
func (s *Store) parseAs(typ, id string, body []byte) (*content, error) {
	c, err := s.parse(body)
	if err != nil {
		return nil, err
	}
	if c.typ.Name != typ || c.root.Str("id") != id {
		return nil, refuse(Unprocessable, "a patch changes neither resourceType nor id")
	}
	return c, nil
}

// relink turns references to other entries of a bundle into references to what
// they become; links are by fullUrl. It calls conditional with every reference
// that is a search.
func relink(n *model.Node, links map[string]string, conditional func(*model.Node) error) error {
	for c := n.First; c != nil; c = c.Next {
		switch {
		case c.Kind != model.String:
			if err := relink(c, links, conditional); err != nil {
				return err
			}
		case c.Name == "reference" && isConditional(c.Text):
			if err := conditional(c); err != nil {
				return err
			}
		default:
			url, fragment, _ := cutFragment(c.Text)
			if to, ok := links[url]; ok && (c.Name == "reference" || len(url) > 4 && url[:4] == "urn:") {
				c.Text = to + fragment
			}
		}
	}
	return nil
}
