package queue

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/paperchart/paperchart/internal/blob"
)

func open(t *testing.T, dir string) *Queues {
	t.Helper()
	blobs, err := blob.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	q, err := Open(blobs, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func receive(t *testing.T, q *Queues, name string, most int) []Message {
	t.Helper()
	got, err := q.Receive(t.Context(), name, most, -1, 0)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func set(t *testing.T, q *Queues, name string, s Settings) {
	t.Helper()
	if err := q.Set(name, s); err != nil {
		t.Fatal(err)
	}
}

func send(t *testing.T, q *Queues, name, body string) {
	t.Helper()
	if _, err := q.Send(name, body, map[string]Attribute{"reason": {DataType: "String", StringValue: "r"}}, -1); err != nil {
		t.Fatal(err)
	}
}

// A message is hidden while somebody works on it, seen again if he is silent, and
// gone when he is done. An old receipt does nothing.
func TestHiddenSeenDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := open(t, t.TempDir())
		set(t, q, "work", Settings{Visibility: time.Minute})
		send(t, q, "work", "hello")
		first := receive(t, q, "work", 10)
		if len(first) != 1 || first[0].Body != "hello" || first[0].Count != 1 || first[0].Attributes["reason"].StringValue != "r" {
			t.Fatalf("%+v", first)
		}
		if again := receive(t, q, "work", 10); len(again) != 0 {
			t.Errorf("a hidden message was given out: %+v", again)
		}
		if c, _ := q.Count("work"); c != (Counts{Hidden: 1}) {
			t.Errorf("%+v", c)
		}
		time.Sleep(61 * time.Second)
		second := receive(t, q, "work", 10)
		if len(second) != 1 || second[0].Count != 2 {
			t.Fatalf("%+v", second)
		}
		if err := q.Delete("work", first[0].Receipt); err != nil {
			t.Error(err)
		}
		if c, _ := q.Count("work"); c.Hidden != 1 {
			t.Error("an old receipt deleted the message")
		}
		if err := q.Hide("work", second[0].Receipt, 0); err != nil {
			t.Error(err)
		}
		third := receive(t, q, "work", 10)
		if err := q.Delete("work", third[0].Receipt); err != nil {
			t.Error(err)
		}
		if c, _ := q.Count("work"); c != (Counts{}) {
			t.Errorf("%+v", c)
		}
		if err := q.Delete("work", "nonsense"); !errors.Is(err, ErrReceipt) {
			t.Error(err)
		}
	})
}

func TestDeadLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := open(t, t.TempDir())
		set(t, q, "dead", Settings{Visibility: time.Second})
		set(t, q, "work", Settings{Visibility: time.Second, Dead: "dead", Most: 3})
		send(t, q, "work", "poison")
		for i := range 3 {
			if got := receive(t, q, "work", 1); len(got) != 1 || got[0].Count != i+1 {
				t.Fatalf("try %d: %+v", i, got)
			}
			time.Sleep(2 * time.Second)
		}
		if got := receive(t, q, "work", 1); len(got) != 0 {
			t.Errorf("given out a fourth time: %+v", got)
		}
		if got := receive(t, q, "dead", 1); len(got) != 1 || got[0].Body != "poison" || got[0].Source != "work" || got[0].Count != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := open(t, t.TempDir())
		set(t, q, "work", Settings{Visibility: time.Minute, Delay: 3 * time.Second})
		go func() {
			time.Sleep(5 * time.Second)
			q.Send("work", "late", nil, -1)
		}()
		began := time.Now()
		got, err := q.Receive(t.Context(), "work", 1, -1, 20*time.Second)
		if err != nil || len(got) != 1 || time.Since(began) != 8*time.Second {
			t.Errorf("%+v, %v after %v", got, err, time.Since(began))
		}
		if got, _ := q.Receive(t.Context(), "work", 1, -1, 10*time.Second); len(got) != 0 || time.Since(began) != 18*time.Second {
			t.Errorf("%+v after %v", got, time.Since(began))
		}
	})
}

func TestQueuesOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	q := open(t, dir)
	set(t, q, "work", Settings{Visibility: time.Minute, Attributes: map[string]string{"a": "b"}})
	for i := range 5 {
		send(t, q, "work", fmt.Sprint(i))
	}
	done := receive(t, q, "work", 1)
	q.Delete("work", done[0].Receipt)
	q = open(t, dir)
	if s, err := q.Settings("work"); err != nil || s.Visibility != time.Minute || s.Attributes["a"] != "b" {
		t.Errorf("%+v, %v", s, err)
	}
	got := receive(t, q, "work", 10)
	if len(got) != 4 || got[0].Body != "1" || got[3].Body != "4" {
		t.Errorf("%+v", got)
	}
	if err := q.Clear("work", true); err != nil {
		t.Error(err)
	}
	if q = open(t, dir); len(q.Names()) != 0 {
		t.Errorf("left are %v", q.Names())
	}
	if _, err := q.Receive(t.Context(), "work", 1, -1, 0); !errors.Is(err, ErrAbsent) {
		t.Error(err)
	}
}
