package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// cost is what a piece of work took.
type cost struct {
	wall, cpu time.Duration
	rss       int64 // of the largest process, in bytes
}

// best keeps the quicker of two runs, each measure by itself.
func (c cost) best(d cost) cost {
	if c.wall == 0 {
		return d
	}
	return cost{min(c.wall, d.wall), min(c.cpu, d.cpu), max(c.rss, d.rss)}
}

// measure runs a command and reads from the system what it took, its children
// included.
func measure(cmd *exec.Cmd) (cost, error) {
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	c := cost{wall: time.Since(begin)}
	if err != nil {
		return c, fmt.Errorf("%w: %s", err, out)
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.rss = int64(usage.Maxrss) << 10 // Linux counts KiB
	}
	return c, nil
}

// tesseract reads page images with nothing around it.
type tesseract struct {
	images  []string
	workers int
}

func (t tesseract) run(ctx context.Context) (total cost, err error) {
	begin := time.Now()
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, t.workers)
	for _, image := range t.images {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			cmd := exec.CommandContext(ctx, "tesseract", image, "-", "--dpi", "300", "tsv")
			cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
			c, e := measure(cmd)
			mu.Lock()
			defer mu.Unlock()
			total.cpu += c.cpu
			total.rss = max(total.rss, c.rss)
			err = errors.Join(err, e)
		})
	}
	wg.Wait()
	total.wall = time.Since(begin)
	return total, err
}

// digitize is our whole pipeline, up to the bundle.
type digitize struct {
	binary  string
	files   []string
	workers int
}

func (d digitize) run(ctx context.Context) (cost, error) {
	out, err := os.MkdirTemp("", "paperchart-bench-out-")
	if err != nil {
		return cost{}, err
	}
	defer os.RemoveAll(out)
	args := append([]string{"digitize", "-o", out, "--json", "--workers", strconv.Itoa(d.workers)}, d.files...)
	return measure(exec.CommandContext(ctx, d.binary, args...))
}
