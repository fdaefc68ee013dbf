package store

import (
	"sync"
)

// names is the dictionary of types, parameters and code systems, those that are
// committed. They never change.
type names struct {
	mu sync.RWMutex
	m  map[string]int64
}

func (n *names) get(text string) (int64, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	code, ok := n.m[text]
	return code, ok
}

func (n *names) add(fresh map[string]int64) {
	if len(fresh) == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for text, code := range fresh {
		n.m[text] = code
	}
}

// maxNames bounds what is kept in memory of a dictionary that clients can grow
// by inventing code systems.
const maxNames = 50000

func (s *Store) loadNames(c conn) error {
	s.names.m = map[string]int64{}
	err := c.run("SELECT text, code FROM name LIMIT ?", []any{maxNames}, func(row columns) error {
		s.names.m[row.Text(0)] = row.Int64(1)
		return nil
	})
	if err != nil {
		return err
	}
	latest, _, err := number(c, "SELECT clock FROM state WHERE one = 1")
	s.clock.Store(latest)
	return err
}

// known returns the number of a name, or -1 where nothing has that name. It asks
// the connection of the search, which sees the names of its own transaction.
func (s *Store) known(c conn, text string) (int64, error) {
	if n, ok := s.names.get(text); ok {
		return n, nil
	}
	n, ok, err := number(c, "SELECT code FROM name WHERE text = ?", c.dialect().key(text))
	if !ok {
		n = -1
	}
	return n, err
}
