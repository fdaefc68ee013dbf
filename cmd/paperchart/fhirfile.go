package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// fhirEndings are those by which files are picked from a folder.
var fhirEndings = []string{".ndjson", ".jsonl", ".json", ".ndjson.gz", ".jsonl.gz", ".json.gz"}

// item is one resource of a file, or a Bundle to be carried out as a whole.
type item struct {
	line     int // on which it begins, from 1
	resource json.RawMessage
	kind, id string
	fullURL  string // of a Bundle's entry
	err      error  // of a line that is no resource

	bundle  []byte
	entries int
}

var (
	typeName = regexp.MustCompile(`^[A-Z][A-Za-z]{1,63}$`)
	idText   = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)
)

// check refuses what could not stand in an address.
func (it item) check() error {
	switch {
	case it.err != nil:
		return it.err
	case !typeName.MatchString(it.kind):
		return errors.New("this is no FHIR resource: it has no resourceType")
	case it.id != "" && !idText.MatchString(it.id):
		return errors.New("the resource's id is not one: 1 to 64 letters, digits, points and dashes")
	}
	return nil
}

// badFile is something wrong with a file from a line on.
type badFile struct {
	error
	line int
}

// maxFile bounds one line of NDJSON, and a whole file that is not NDJSON.
const maxFile = 1 << 30

// readFHIR gives every resource of a file to use, in order. The file is NDJSON, a
// resource, or a Bundle; gzip is recognised by its first bytes.
func readFHIR(path string, bar *bar, use func(item) error) error {
	f, err := os.Open(path)
	if err != nil {
		return badFile{error: errors.New("it can't be opened: check its permissions")}
	}
	defer f.Close()
	read := bufio.NewReaderSize(&counted{r: f, bar: bar}, 1<<16)
	if head, err := read.Peek(2); err == nil && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(read)
		if err != nil {
			return badFile{error: errors.New("it is not the gzip file that it says it is")}
		}
		read = bufio.NewReaderSize(z, 1<<16)
	}
	if mark, err := read.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		read.Discard(3)
	}
	return readItems(read, use)
}

// counted tells the bar how much of a file has been read.
type counted struct {
	r   io.Reader
	bar *bar
	n   int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	before := c.n >> 10
	c.n += n
	c.bar.add(c.n>>10 - before)
	return n, err
}

// readItems tells NDJSON from other JSON by its first line, which is whole. A bad
// line of NDJSON is given with its error, and the next one comes.
func readItems(r *bufio.Reader, use func(item) error) error {
	for line, more := 1, true; more; line++ {
		text, err := r.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return badFile{errors.New("it can't be read to its end"), line}
		}
		more = err == nil
		if line == 1 && !json.Valid(text) {
			rest, err := io.ReadAll(io.LimitReader(r, maxFile))
			if err != nil {
				return badFile{errors.New("it can't be read to its end"), line}
			}
			return readText(append(text, rest...), use)
		}
		if err := readLine(text, line, use); err != nil {
			return err
		}
	}
	return nil
}

// readText reads a file whose first line is not JSON by itself: one JSON text, or
// NDJSON that begins badly.
func readText(text []byte, use func(item) error) error {
	_, second, _ := bytes.Cut(text, []byte("\n"))
	second, _, _ = bytes.Cut(second, []byte("\n"))
	if json.Valid(text) || !json.Valid(second) || bytes.TrimSpace(second)[0] != '{' {
		return readWhole(text, 1, use)
	}
	line := 0
	for text := range bytes.SplitSeq(text, []byte("\n")) {
		line++
		if err := readLine(text, line, use); err != nil {
			return err
		}
	}
	return nil
}

func readLine(text []byte, line int, use func(item) error) error {
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return nil
	}
	err := readWhole(text, line, use)
	var wrong badFile
	if errors.As(err, &wrong) {
		return use(item{line: line, err: wrong.error})
	}
	return err
}

// resourceHead is what of a resource decides how it is sent. Type and Entry are
// a Bundle's; other resources have other things by those names.
type resourceHead struct {
	ResourceType string          `json:"resourceType"`
	ID           string          `json:"id"`
	Type         json.RawMessage `json:"type"`
	Entry        json.RawMessage `json:"entry"`
}

// readWhole takes one JSON text apart.
func readWhole(text []byte, line int, use func(item) error) error {
	var head resourceHead
	if err := json.Unmarshal(text, &head); err != nil {
		return badFile{fmt.Errorf("this is no FHIR resource: %s", jsonTrouble(err)), line + lineOf(text, err)}
	}
	if head.ResourceType != "Bundle" {
		return use(item{line: line, resource: text, kind: head.ResourceType, id: head.ID})
	}
	items, err := readEntries(head.Entry, line)
	if err != nil {
		return badFile{err, line}
	}
	linked := slices.ContainsFunc(items, func(it item) bool { return strings.HasPrefix(it.fullURL, "urn:") })
	switch kind := string(head.Type); {
	case kind == `"transaction"` || kind == `"batch"`:
		return use(item{line: line, bundle: text, entries: len(items)})
	case linked: // the entries refer to each other by these, so they belong together
		return use(item{line: line, bundle: bundleOf("transaction", items), entries: len(items)})
	}
	for _, it := range items {
		if err := use(it); err != nil {
			return err
		}
	}
	return nil
}

func readEntries(list json.RawMessage, line int) ([]item, error) {
	var entries []struct {
		FullURL  string          `json:"fullUrl"`
		Resource json.RawMessage `json:"resource"`
	}
	if len(list) > 0 && json.Unmarshal(list, &entries) != nil {
		return nil, errors.New("the Bundle's entries are no list of entries")
	}
	items := make([]item, len(entries))
	for i, e := range entries {
		var inner resourceHead
		items[i] = item{line: line, resource: e.Resource, fullURL: e.FullURL}
		if json.Unmarshal(e.Resource, &inner) == nil {
			items[i].kind, items[i].id = inner.ResourceType, inner.ID
		}
	}
	return items, nil
}

// jsonTrouble is what the decoder says without what it has read.
func jsonTrouble(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && strings.Contains(syntax.Error(), "unexpected end") {
		return "it ends too early"
	}
	if errors.As(err, &syntax) {
		return "a character is out of place"
	}
	return "it is JSON of another shape"
}

func lineOf(text []byte, err error) int {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return 0
	}
	return bytes.Count(text[:min(len(text), int(syntax.Offset))], []byte("\n"))
}
