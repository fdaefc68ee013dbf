package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
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
	words, err := c.vocabulary(ctx)
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

// vocabulary is what can be asked for: search parameters by resource type.
type vocabulary map[string][]string

// commonParams are those that every type takes besides its own.
var commonParams = []string{"_id", "_lastUpdated", "_count", "_sort", "_include", "_revinclude", "_summary", "_elements", "_total", "_has"}

// vocabulary learns from the server's CapabilityStatement what can be asked for.
func (c *client) vocabulary(ctx context.Context) (vocabulary, error) {
	var statement struct {
		Rest []struct {
			Resource []struct {
				Type        string
				SearchParam []struct{ Name string }
			}
		}
	}
	if err := c.getJSON(ctx, fhirPath+"/metadata", &statement); err != nil {
		return nil, err
	}
	v := vocabulary{}
	for _, rest := range statement.Rest {
		for _, r := range rest.Resource {
			v[r.Type] = commonParams[:len(commonParams):len(commonParams)]
			for _, s := range r.SearchParam {
				v[r.Type] = append(v[r.Type], s.Name)
			}
		}
	}
	return v, nil
}

// complete completes the word before the cursor; where several are possible it
// adds what they share and lists them.
func (v vocabulary) complete(list io.Writer, line string, pos int) (string, int, bool) {
	head, tail := line[:pos], line[pos:]
	begin := strings.LastIndexAny(head, "?&") + 1
	found := v.candidates(head[:begin], head[begin:])
	if len(found) == 0 {
		return line, pos, true
	}
	word := common(found)
	if len(found) > 1 && word == head[begin:] {
		fmt.Fprintln(list, strings.Join(found, "  "))
	}
	head = head[:begin] + word
	return head + tail, len(head), true
}

func (v vocabulary) candidates(before, word string) []string {
	var all []string
	if kind, _, ok := strings.Cut(before, "?"); ok {
		for _, name := range v[kind] {
			all = append(all, name+"=")
		}
	} else {
		for kind := range v {
			all = append(all, kind+"?")
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(s string) bool { return !strings.HasPrefix(s, word) })
}

func common(words []string) string {
	prefix := words[0]
	for _, w := range words[1:] {
		for !strings.HasPrefix(w, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return prefix
}
