package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// prompt reads queries from a person, or line by line from a pipe, until the
// end. A query that fails is said so and the next one is asked for.
func (p *program) prompt(ctx context.Context, c *client, opts queryOptions) error {
	stdin, ok := p.in.(*os.File)
	if !ok || !terminal(p.in) || !terminal(p.out) {
		return p.queryLines(ctx, c, opts)
	}
	if _, err := c.fhir(ctx, fhirPath+"/metadata?_summary=true"); err != nil {
		return err // nobody is there to ask
	}
	words, err := newCompleter()
	if err != nil {
		return err
	}
	old, err := term.MakeRaw(int(stdin.Fd()))
	if err != nil {
		return fmt.Errorf("read terminal: %w", err)
	}
	defer term.Restore(int(stdin.Fd()), old)
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{stdin, p.out}, "fhir> ")
	t.AutoCompleteCallback = func(line string, pos int, key rune) (string, int, bool) {
		if key != '\t' {
			return "", 0, false
		}
		return words.complete(t, line, pos)
	}
	screen := *p
	screen.out = t // translates line ends in raw mode
	fmt.Fprintln(t, "Type a query such as Patient?name=wilkins. Tab completes, Ctrl-D ends.")
	for {
		line, err := t.ReadLine()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read terminal: %w", err)
		}
		if line = strings.TrimSpace(line); line == "exit" || line == "quit" {
			return nil
		}
		if line != "" {
			screen.answer(ctx, c, opts, line, t)
		}
	}
}

func (p *program) answer(ctx context.Context, c *client, opts queryOptions, line string, to io.Writer) bool {
	err := p.runQuery(ctx, c, opts, line)
	if err != nil {
		fmt.Fprintln(to, err)
	}
	return err == nil
}

func (p *program) queryLines(ctx context.Context, c *client, opts queryOptions) error {
	failed := false
	lines := bufio.NewScanner(p.in)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !p.answer(ctx, c, opts, line, p.err) {
			failed = true
		}
	}
	if failed {
		return errFailed
	}
	return lines.Err()
}
