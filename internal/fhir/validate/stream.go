package validate

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// Result is what Stream found in one resource.
type Result struct {
	Line   int // on which the resource starts, from 1
	Bytes  int
	Issues []Issue // lines counted from the start of the stream
}

// maxLine bounds one line of NDJSON, and a whole file of other JSON.
const maxLine = 256 << 20

// Stream validates a file: one resource or Bundle of any layout, or NDJSON with a
// resource on each line. It calls found for each resource, in order, until found
// returns an error; Stream returns that error, or why the reading failed.
func (v *Validator) Stream(ctx context.Context, r io.Reader, found func(Result) error) error {
	b := bufio.NewReaderSize(r, 1<<16)
	first, line, err := nextLine(b, 0)
	if err != nil {
		return err
	}
	if !complete(first) {
		rest, err := io.ReadAll(io.LimitReader(b, maxLine))
		if err != nil {
			return fmt.Errorf("read JSON: %w", err)
		}
		return v.one(ctx, append(first, rest...), line, found)
	}
	for len(first) > 0 {
		if err := v.one(ctx, first, line, found); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if first, line, err = nextLine(b, line); err != nil {
			return err
		}
	}
	return nil
}

func (v *Validator) one(ctx context.Context, data []byte, line int, found func(Result) error) error {
	issues := v.Validate(ctx, data)
	for i := range issues {
		issues[i].Line += line - 1
	}
	return found(Result{Line: line, Bytes: len(data), Issues: issues})
}

// nextLine returns the next line that is not blank, and its number; at the end
// none.
func nextLine(b *bufio.Reader, line int) ([]byte, int, error) {
	for {
		text, err := b.ReadBytes('\n')
		if len(text) > 0 {
			line++
		}
		if len(text) > maxLine {
			return nil, line, fmt.Errorf("read line %d: it is longer than %d bytes", line, maxLine)
		}
		if len(bytes.TrimSpace(text)) > 0 {
			return text, line, nil
		}
		if errors.Is(err, io.EOF) {
			return nil, line, nil
		}
		if err != nil {
			return nil, line, fmt.Errorf("read line %d: %w", line, err)
		}
	}
}

// complete reports whether a line holds a whole object: its brackets, outside
// strings, are balanced.
func complete(line []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			depth--
		}
	}
	return depth <= 0 && !quoted
}
