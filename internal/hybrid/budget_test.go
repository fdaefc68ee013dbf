package hybrid

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func openLedger(t testing.TB, path string, b Budget, now *time.Time) *Ledger {
	t.Helper()
	l, err := OpenLedger(context.Background(), path, b, func() time.Time { return *now })
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Whatever happens, in whatever order, by many at once and through restarts: what
// was given to the cloud in a month never costs more than the budget.
func TestBudgetCannotBeOverrun(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		path := filepath.Join(dir, fmt.Sprint(n, ".db"))
		b := Budget{Pages: rapid.IntRange(0, 30).Draw(t, "pages"), Dollars: float64(rapid.IntRange(0, 200).Draw(t, "cents")) / 100, PageDollars: 0.0685}
		now := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
		open := func() *Ledger {
			l, err := OpenLedger(context.Background(), path, b, func() time.Time { return now })
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		l := open()
		defer func() { l.Close() }()
		type bill struct{ pages, micros int64 }
		charged := map[string]bill{} // by what the cloud itself counts
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0: // dies and begins again
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
				l = open()
			case 1:
				now = now.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)
			default:
				var wg sync.WaitGroup
				var mu sync.Mutex
				for i := range rapid.IntRange(1, 8).Draw(t, "callers") {
					pages, fate := 1+(i*7)%9, (n+i)%4
					wg.Go(func() {
						c, err := l.reserve(context.Background(), fmt.Sprint("w", i), pages)
						if errors.Is(err, ErrBudget) {
							return
						}
						if err != nil {
							panic(err)
						}
						if fate == 0 { // refused: the cloud charges nothing
							err = l.release(context.Background(), c, pages)
						} else {
							mu.Lock()
							at := charged[now.Format("2006-01")]
							charged[now.Format("2006-01")] = bill{at.pages + int64(pages), at.micros + int64(pages)*68500}
							mu.Unlock()
						}
						switch fate {
						case 1: // dies before it could write the job down
						case 2:
							err = l.begun(context.Background(), c, "job")
						case 3:
							err = l.fail(context.Background(), c)
						}
						if err != nil {
							panic(err)
						}
					})
				}
				wg.Wait()
			}
			for month, at := range charged {
				if b.Pages > 0 && at.pages > int64(b.Pages) || b.Dollars > 0 && at.micros > micros(b.Dollars) || b.Pages == 0 && b.Dollars == 0 {
					t.Fatalf("%s: %+v of %+v", month, at, b)
				}
			}
		}
	})
}

func TestBudgetByMonth(t *testing.T) {
	now := time.Date(2026, 11, 30, 23, 59, 0, 0, time.UTC)
	l := openLedger(t, filepath.Join(t.TempDir(), "b.db"), Budget{Pages: 10, PageDollars: 0.07}, &now)
	defer l.Close()
	if _, err := l.reserve(t.Context(), "a", 10); err != nil {
		t.Fatal(err)
	}
	if _, err := l.reserve(t.Context(), "b", 1); !errors.Is(err, ErrBudget) {
		t.Errorf("an eleventh page: %v", err)
	}
	if pages, dollars, err := l.Spent(t.Context()); pages != 10 || dollars != 0.7 || err != nil {
		t.Error(pages, dollars, err)
	}
	now = now.Add(2 * time.Minute)
	if _, err := l.reserve(t.Context(), "b", 1); err != nil {
		t.Errorf("in December: %v", err)
	}
}
