// Package queue keeps queues of messages as SQS does: a message is given out and
// hidden for a while; who has done its work deletes it; who has not, or has died,
// finds it there again; and one that was given out too often goes to a queue of
// dead letters. Messages come at least once, in no promised order.
//
// Queues and messages outlive the process. How often a message was given out
// does not.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/blob"
)

// The ways in which a call is refused.
var (
	ErrAbsent  = errors.New("there is no such queue")
	ErrReceipt = errors.New("the receipt handle is not valid")
)

// Attribute is one attribute of a message.
type Attribute struct {
	DataType    string `json:"DataType"`
	StringValue string `json:"StringValue,omitempty"`
	BinaryValue []byte `json:"BinaryValue,omitempty"`
}

// Message is one message, as it is given out.
type Message struct {
	ID         string               `json:"id"`
	Body       string               `json:"body"`
	Attributes map[string]Attribute `json:"attributes,omitempty"`
	Sent       time.Time            `json:"sent"`
	// Source is the ARN of the queue that a dead letter comes from.
	Source string `json:"source,omitempty"`
	// Receipt names this giving out, Count which it is.
	Receipt string    `json:"-"`
	Count   int       `json:"-"`
	First   time.Time `json:"-"`

	visible time.Time
}

// Settings are those of a queue. Attributes are all that it was made with.
type Settings struct {
	Visibility time.Duration     `json:"visibility"`
	Delay      time.Duration     `json:"delay"`
	Wait       time.Duration     `json:"wait"`
	Dead       string            `json:"dead,omitempty"` // name of the queue of dead letters
	Most       int               `json:"most,omitempty"` // times a message is given out before it is dead
	Attributes map[string]string `json:"attributes,omitempty"`
	Made       time.Time         `json:"made"`
}

// Counts are the numbers of messages: to be given out, hidden, not there yet.
type Counts struct{ Visible, Hidden, Delayed int }

type queue struct {
	Settings
	messages []*Message // the oldest first
}

// Queues are all queues. The methods may be called from several goroutines.
type Queues struct {
	blobs *blob.Dir
	now   func() time.Time
	mu    sync.Mutex
	all   map[string]*queue
	// changed is closed, and made anew, when there may be more to give out.
	changed chan struct{}
}

const root = "queues/"

// Open opens the queues in a folder of blobs.
func Open(blobs *blob.Dir, now func() time.Time) (*Queues, error) {
	q := &Queues{blobs: blobs, now: now, all: map[string]*queue{}, changed: make(chan struct{})}
	keys, err := blobs.List("queues")
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		name, rest, _ := strings.Cut(strings.TrimPrefix(k, root), "/")
		if q.all[name] == nil {
			q.all[name] = &queue{}
		}
		data, err := blobs.Read(k)
		if err != nil {
			return nil, err
		}
		if rest == "queue.json" {
			err = json.Unmarshal(data, &q.all[name].Settings)
		} else {
			m := &Message{}
			err = json.Unmarshal(data, m)
			q.all[name].messages = append(q.all[name].messages, m)
		}
		if err != nil {
			return nil, fmt.Errorf("open queues: %w", err)
		}
	}
	for name, one := range q.all {
		if one.Made.IsZero() { // half deleted
			delete(q.all, name)
		}
		slices.SortFunc(one.messages, func(a, b *Message) int { return a.Sent.Compare(b.Sent) })
	}
	return q, nil
}

func messageKey(name, id string) string { return root + name + "/messages/" + id + ".json" }

func (q *Queues) put(key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return q.blobs.Put(key, strings.NewReader(string(data)))
}

// Set makes a queue or changes its settings.
func (q *Queues) Set(name string, s Settings) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	one := q.all[name]
	if one == nil {
		one = &queue{}
		s.Made = q.now().UTC()
	} else {
		s.Made = one.Made
	}
	if err := q.put(root+name+"/queue.json", s); err != nil {
		return err
	}
	one.Settings = s
	q.all[name] = one
	return nil
}

// Settings returns a queue's settings.
func (q *Queues) Settings(name string) (Settings, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	one := q.all[name]
	if one == nil {
		return Settings{}, ErrAbsent
	}
	return one.Settings, nil
}

// Names are the queues' names, sorted.
func (q *Queues) Names() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Sorted(maps.Keys(q.all))
}

// Clear deletes a queue's messages, and the queue itself where whole is true.
func (q *Queues) Clear(name string, whole bool) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	one := q.all[name]
	if one == nil {
		return ErrAbsent
	}
	if whole {
		if err := q.blobs.Delete(root + name + "/queue.json"); err != nil {
			return err
		}
		delete(q.all, name)
	}
	for _, m := range one.messages {
		if err := q.blobs.Delete(messageKey(name, m.ID)); err != nil {
			return err
		}
	}
	one.messages = nil
	return nil
}

// Count counts a queue's messages.
func (q *Queues) Count(name string) (Counts, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	one := q.all[name]
	if one == nil {
		return Counts{}, ErrAbsent
	}
	var c Counts
	for _, m := range one.messages {
		switch {
		case !m.visible.After(q.now()):
			c.Visible++
		case m.Count == 0:
			c.Delayed++
		default:
			c.Hidden++
		}
	}
	return c, nil
}

// Send puts a message into a queue; delay less than 0 is the queue's own.
func (q *Queues) Send(name, body string, attributes map[string]Attribute, delay time.Duration) (Message, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	one := q.all[name]
	if one == nil {
		return Message{}, ErrAbsent
	}
	if delay < 0 {
		delay = one.Delay
	}
	m := &Message{ID: uuid.NewString(), Body: body, Attributes: attributes, Sent: q.now().UTC(), visible: q.now().Add(delay)}
	if err := q.add(name, m); err != nil {
		return Message{}, err
	}
	return *m, nil
}

func (q *Queues) add(name string, m *Message) error {
	if err := q.put(messageKey(name, m.ID), m); err != nil {
		return err
	}
	q.all[name].messages = append(q.all[name].messages, m)
	q.wake()
	return nil
}

func (q *Queues) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// Receive gives out at most a number of messages and hides them; it waits for the
// first of them where there is none. Hidden less than 0 is the queue's own.
func (q *Queues) Receive(ctx context.Context, name string, most int, hidden, wait time.Duration) ([]Message, error) {
	end := time.Now().Add(wait)
	for {
		got, changed, next, err := q.take(name, most, hidden)
		left := time.Until(end)
		if err != nil || len(got) > 0 || left <= 0 {
			return got, err
		}
		timer := time.NewTimer(min(left, next))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, nil
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// take gives out what can be given out now. Changed tells of more, next is when
// the next hidden message will be seen.
func (q *Queues) take(name string, most int, hidden time.Duration) (got []Message, changed <-chan struct{}, next time.Duration, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	one := q.all[name]
	if one == nil {
		return nil, nil, 0, ErrAbsent
	}
	if hidden < 0 {
		hidden = one.Visibility
	}
	now := q.now()
	next = time.Hour
	for _, m := range slices.Clone(one.messages) {
		if m.visible.After(now) {
			next = min(next, m.visible.Sub(now))
			continue
		}
		if one.Most > 0 && m.Count >= one.Most && q.all[one.Dead] != nil {
			if err := q.bury(name, m); err != nil {
				return nil, nil, 0, err
			}
			continue
		}
		if len(got) == most {
			break
		}
		m.Count++
		if m.First.IsZero() {
			m.First = now
		}
		m.Receipt, m.visible = m.ID+"."+uuid.NewString(), now.Add(hidden)
		got = append(got, *m)
	}
	return got, q.changed, next, nil
}

// bury moves a message to the queue of dead letters.
func (q *Queues) bury(name string, m *Message) error {
	dead := *m
	dead.Count, dead.First, dead.Receipt, dead.Source, dead.visible = 0, time.Time{}, "", name, time.Time{}
	if err := q.add(q.all[name].Dead, &dead); err != nil {
		return err
	}
	return q.drop(name, m.ID)
}

func (q *Queues) drop(name, id string) error {
	if err := q.blobs.Delete(messageKey(name, id)); err != nil {
		return err
	}
	one := q.all[name]
	one.messages = slices.DeleteFunc(one.messages, func(m *Message) bool { return m.ID == id })
	return nil
}

// find is the message of a receipt; nil where it was deleted, or given out again.
func (q *Queues) find(name, receipt string) (*Message, error) {
	one := q.all[name]
	id, _, ok := strings.Cut(receipt, ".")
	switch {
	case one == nil:
		return nil, ErrAbsent
	case !ok:
		return nil, ErrReceipt
	}
	for _, m := range one.messages {
		if m.ID == id && m.Receipt == receipt {
			return m, nil
		}
	}
	return nil, nil
}

// Delete deletes a message. That it was deleted before, or given out again, is
// no error, and the latter deletes nothing.
func (q *Queues) Delete(name, receipt string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	m, err := q.find(name, receipt)
	if err != nil || m == nil {
		return err
	}
	return q.drop(name, m.ID)
}

// Hide hides a message for another while, from now; 0 shows it at once.
func (q *Queues) Hide(name, receipt string, d time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	m, err := q.find(name, receipt)
	if err != nil || m == nil {
		return err
	}
	m.visible = q.now().Add(d)
	q.wake()
	return nil
}
