package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// bundle is what splitting needs of one.
type bundle struct {
	ResourceType string            `json:"resourceType"`
	Type         string            `json:"type"`
	Entry        []json.RawMessage `json:"entry"`
}

// Import stores a transaction Bundle: whole where the server takes it whole,
// otherwise in parts, none of which refers to what comes after it.
func (c *Client) Import(ctx context.Context, data []byte) error {
	parts, err := split(data, orDefault(c.MaxEntries, maxEntries), orDefault(c.MaxBytes, maxBytes))
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := c.Transaction(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func orDefault(n, other int) int {
	if n > 0 {
		return n
	}
	return other
}

// Transaction sends one transaction Bundle as it is. Only an answer that says of
// every entry that it was stored is a success.
func (c *Client) Transaction(ctx context.Context, data []byte) error {
	if len(data) > orDefault(c.MaxBytes, maxBytes) {
		return &Error{Name: c.Name, Status: http.StatusRequestEntityTooLarge}
	}
	answer, err := c.Do(ctx, http.MethodPost, "", data)
	if err != nil {
		return err
	}
	var sent bundle
	if err := json.Unmarshal(data, &sent); err != nil {
		return errors.New("store bundle: it is no JSON")
	}
	return c.checkAnswer(answer, len(sent.Entry))
}

func (c *Client) checkAnswer(answer []byte, entries int) error {
	var got struct {
		ResourceType string `json:"resourceType"`
		Type         string `json:"type"`
		Entry        []struct {
			Response struct {
				Status  string          `json:"status"`
				Outcome json.RawMessage `json:"outcome"`
			} `json:"response"`
		} `json:"entry"`
	}
	if json.Unmarshal(answer, &got) != nil || got.ResourceType != "Bundle" || got.Type != "transaction-response" {
		return fmt.Errorf("store bundle: %s answered with something else than a transaction's response", c.name())
	}
	if len(got.Entry) != entries {
		return fmt.Errorf("store bundle: %s answered for %d of %d entries", c.name(), len(got.Entry), entries)
	}
	for _, e := range got.Entry {
		word, _, _ := strings.Cut(e.Response.Status, " ")
		if n, err := strconv.Atoi(word); err != nil || n < 200 || n > 299 {
			refused := outcome(e.Response.Outcome)
			if refused.Name, refused.Status = c.Name, n; n < 100 {
				refused.Status = http.StatusBadGateway
			}
			return refused
		}
	}
	return nil
}

// node is an entry of a Bundle that is to be sent in parts.
type node struct {
	raw  json.RawMessage
	refs []int // the entries it refers to
}

// split makes of a transaction Bundle as few as the limits want.
func split(data []byte, entries, size int) ([][]byte, error) {
	var b bundle
	if json.Unmarshal(data, &b) != nil || b.ResourceType != "Bundle" || b.Type != "transaction" {
		return nil, errors.New("store bundle: it is no transaction Bundle")
	}
	if len(b.Entry) <= entries && len(data) <= size {
		return [][]byte{data}, nil
	}
	nodes, err := graph(b.Entry)
	if err != nil {
		return nil, err
	}
	return pack(nodes, order(nodes), entries, size)
}

// graph reads what entries are called and refer to. Only PUTs can be parted: an
// entry without an id of its own is found by its neighbours alone.
func graph(raw []json.RawMessage) ([]node, error) {
	nodes, names := make([]node, len(raw)), map[string]int{}
	resources := make([]any, len(raw))
	for i, r := range raw {
		var e struct {
			FullURL  string `json:"fullUrl"`
			Resource any    `json:"resource"`
			Request  struct {
				Method string `json:"method"`
				URL    string `json:"url"`
			} `json:"request"`
		}
		if json.Unmarshal(r, &e) != nil || e.Request.Method != http.MethodPut || strings.Contains(e.Request.URL, "?") {
			return nil, errors.New("store bundle: it is larger than the server takes, and can't be parted, for not every entry is a PUT by id")
		}
		nodes[i].raw, resources[i] = r, e.Resource
		names[e.Request.URL] = i
		if e.FullURL != "" {
			names[e.FullURL] = i
		}
	}
	for i := range nodes {
		references(resources[i], func(to string) {
			if j, ok := names[to]; ok && j != i && !slices.Contains(nodes[i].refs, j) {
				nodes[i].refs = append(nodes[i].refs, j)
			}
		})
		slices.Sort(nodes[i].refs)
	}
	return nodes, nil
}

// references calls f for each reference in a resource.
func references(v any, f func(string)) {
	switch v := v.(type) {
	case map[string]any:
		if s, ok := v["reference"].(string); ok {
			f(s)
		}
		for _, inner := range v {
			references(inner, f)
		}
	case []any:
		for _, inner := range v {
			references(inner, f)
		}
	}
}

// order groups entries that refer to one another in a circle, and puts each group
// behind those it refers to (Tarjan's strongly connected components, which come
// in just that order).
func order(nodes []node) [][]int {
	t := tarjan{nodes: nodes, index: make([]int, len(nodes)), low: make([]int, len(nodes)), on: make([]bool, len(nodes))}
	for i := range nodes {
		if t.index[i] == 0 {
			t.visit(i)
		}
	}
	return t.groups
}

type tarjan struct {
	nodes      []node
	index, low []int // index counts from 1; 0 is not visited
	on         []bool
	stack      []int
	count      int
	groups     [][]int
}

func (t *tarjan) visit(v int) {
	t.count++
	t.index[v], t.low[v], t.on[v] = t.count, t.count, true
	t.stack = append(t.stack, v)
	for _, w := range t.nodes[v].refs {
		if t.index[w] == 0 {
			t.visit(w)
			t.low[v] = min(t.low[v], t.low[w])
		} else if t.on[w] {
			t.low[v] = min(t.low[v], t.index[w])
		}
	}
	if t.low[v] != t.index[v] {
		return
	}
	at := slices.Index(t.stack, v)
	group := slices.Sorted(slices.Values(t.stack[at:]))
	for _, w := range group {
		t.on[w] = false
	}
	t.stack = t.stack[:at]
	t.groups = append(t.groups, group)
}

const (
	head = `{"resourceType":"Bundle","type":"transaction","entry":[`
	tail = `]}`
)

// pack fills Bundles with groups in order.
func pack(nodes []node, groups [][]int, entries, size int) ([][]byte, error) {
	var parts [][]byte
	var now []json.RawMessage
	length := len(head) + len(tail)
	flush := func() {
		if now == nil {
			return
		}
		part := []byte(head)
		for i, e := range now {
			if i > 0 {
				part = append(part, ',')
			}
			part = append(part, e...)
		}
		parts = append(parts, append(part, tail...))
		now, length = nil, len(head)+len(tail)
	}
	for _, g := range groups {
		need := 0
		for _, i := range g {
			need += len(nodes[i].raw) + 1
		}
		if len(g) > entries || need+len(head)+len(tail) > size {
			return nil, &Error{Status: http.StatusRequestEntityTooLarge}
		}
		if len(now)+len(g) > entries || length+need > size {
			flush()
		}
		for _, i := range g {
			now = append(now, nodes[i].raw)
		}
		length += need
	}
	flush()
	return parts, nil
}
