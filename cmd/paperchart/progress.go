package main

import (
	"io"
	"sync"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bar is a progress bar on a terminal and nothing in a pipe. It may be used by
// several goroutines at once.
type bar struct {
	bars  *mpb.Progress
	bar   *mpb.Bar
	total atomic.Int64
}

// progress begins a bar over total things of the name what; more can be added.
func (p *program) progress(what string, total int) *bar {
	if !terminal(p.err) {
		return &bar{}
	}
	bars := mpb.New(mpb.WithOutput(p.err), mpb.WithWidth(40))
	b := bars.AddBar(int64(total), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit(what+" %d/%d ")),
		mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.OnComplete(decor.AverageETA(decor.ET_STYLE_GO), "")))
	made := &bar{bars: bars, bar: b}
	made.total.Store(int64(total))
	return made
}

func (b *bar) add(n int) {
	if b.bar != nil {
		b.bar.IncrBy(n)
	}
}

// pages returns what is told how far a file is; each file gets its own.
func (b *bar) pages() func(done, total int) {
	var mu sync.Mutex
	var done, total int
	return func(nowDone, nowTotal int) {
		if b.bar == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		b.bar.SetTotal(b.total.Add(int64(nowTotal-total)), false)
		b.bar.IncrBy(max(0, nowDone-done))
		done, total = max(done, nowDone), nowTotal
	}
}

// print writes text to out, above the bar where both are on the terminal.
func (b *bar) print(out io.Writer, text string) {
	if b.bar != nil && terminal(out) {
		out = b.bars
	}
	io.WriteString(out, text)
}

// end takes the bar away.
func (b *bar) end() {
	if b.bar != nil {
		b.bar.SetTotal(-1, true)
		b.bar.Abort(true)
		b.bars.Wait()
	}
}
