package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// limits are what one child may use: bytes of address space, seconds of
// processor time.
type limits struct{ memory, cpu uint64 }

// ErrTimeout says that a page took longer than Tesseract.Timeout.
var ErrTimeout = errors.New("read page: time limit reached")

// mostOutput is the longest output that is read; a page of words is a hundredth of it.
const mostOutput = 16 << 20

// run gives the image to tesseract and returns what it prints.
func (t *Tesseract) run(ctx context.Context, g *image.Gray, dpi int, args ...string) (string, error) {
	inner, stop := context.WithTimeout(ctx, t.timeout())
	defer stop()
	path, cage, err := t.prepare()
	if err != nil {
		return "", err
	}
	var out capped
	cmd := exec.CommandContext(inner, path, append([]string{"-", "-", "--dpi", strconv.Itoa(max(70, dpi))}, args...)...)
	cmd.Stdin = bytes.NewReader(pgm(g))
	cmd.Stdout, cmd.Stderr = &out, io.Discard // a pipe: /dev/null is out of the cage's reach
	cmd.WaitDelay = time.Second
	cmd.Env = environment()
	err = cage.run(cmd, limits{memory: t.memory(), cpu: uint64(t.timeout()/time.Second) + 1})
	switch {
	case err == nil:
		return out.String(), nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case inner.Err() != nil:
		return "", ErrTimeout
	}
	return "", fmt.Errorf("run tesseract: %w", err)
}

// prepare finds the program and builds its cage, once.
func (t *Tesseract) prepare() (string, *cage, error) {
	t.once.Do(func() {
		if t.found, t.missing = exec.LookPath(t.path()); t.missing == nil {
			t.cage = newCage(t.found)
		}
	})
	if t.missing != nil {
		return "", nil, fmt.Errorf("find tesseract (install the package tesseract-ocr): %w", t.missing)
	}
	return t.found, t.cage, nil
}

// Contained is nil where the children run under Landlock, else why they don't.
func (t *Tesseract) Contained() error {
	_, cage, err := t.prepare()
	if err != nil {
		return err
	}
	return cage.err
}

// environment is the little that tesseract needs; secrets of the server are none
// of its business. More threads than one waste time when pages run side by side.
func environment() []string {
	env := []string{"OMP_THREAD_LIMIT=1", "LC_ALL=C", "PATH=" + os.Getenv("PATH")}
	if data, ok := os.LookupEnv("TESSDATA_PREFIX"); ok {
		env = append(env, "TESSDATA_PREFIX="+data)
	}
	return env
}

// capped keeps output up to a limit and fails beyond it.
type capped struct{ strings.Builder }

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > mostOutput {
		return 0, errors.New("keep output: too much")
	}
	return c.Builder.Write(p)
}

// pgm is the image in Netpbm's grey format.
func pgm(g *image.Gray) []byte {
	b := g.Bounds()
	out := make([]byte, 0, b.Dx()*b.Dy()+32)
	out = fmt.Appendf(out, "P5\n%d %d\n255\n", b.Dx(), b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		at := g.PixOffset(b.Min.X, y)
		out = append(out, g.Pix[at:at+b.Dx()]...)
	}
	return out
}
