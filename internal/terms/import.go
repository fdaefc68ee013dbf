package terms

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxRelease bounds what a release file may unpack to.
const maxRelease = 1 << 30

// Import compiles the official release in a file (the ICD-10-CM order file or
// the CDC's CVX XML, either of them gzipped or not) into dir, where Open finds
// it. The same file twice gives the same bytes; a file that is malformed leaves
// what was there before.
func Import(ctx context.Context, dir, file string) (Release, error) {
	raw, err := readRelease(file)
	if err != nil {
		return Release{}, fmt.Errorf("import %s: %w", filepath.Base(file), err)
	}
	entries, rel, err := parseRelease(ctx, raw)
	if err != nil {
		return Release{}, fmt.Errorf("import %s: %w", filepath.Base(file), err)
	}
	w, err := parseWording(wordsTSV)
	if err != nil {
		return Release{}, fmt.Errorf("import %s: %w", filepath.Base(file), err)
	}
	b := newBuilder(w)
	for _, e := range entries {
		b.add(e)
	}
	sum := sha256.Sum256(raw)
	rel.Checksum = hex.EncodeToString(sum[:])
	compiled, err := b.bytes(rel)
	if err != nil {
		return Release{}, fmt.Errorf("import %s: %w", filepath.Base(file), err)
	}
	rel.Codes, rel.Terms = len(b.codes), len(b.terms)/2
	return rel, replaceFile(dir, rel.Name+".pct", compiled)
}

// Open is Default with the releases imported into dir over it.
func Open(dir string) (*Set, error) {
	s, err := Default()
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.pct"))
	if err != nil {
		return nil, fmt.Errorf("open vocabularies: %w", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("open vocabularies: %w", err)
		}
		x, err := openIndex(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		s.layers = append(s.layers, x)
	}
	return s, nil
}

func readRelease(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = bufio.NewReader(f)
	if head, _ := r.(*bufio.Reader).Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
	}
	b, err := io.ReadAll(io.LimitReader(r, maxRelease+1))
	if err == nil && len(b) > maxRelease {
		err = fmt.Errorf("file is larger than %d bytes", maxRelease)
	}
	return b, err
}

// parseRelease tells the releases apart by their content.
func parseRelease(ctx context.Context, raw []byte) ([]entry, Release, error) {
	head := raw[:min(len(raw), 400)]
	switch {
	case bytes.Contains(head, []byte("<CVXCodes")):
		e, err := parseCVX(raw)
		return e, Release{System: CVX, Name: "cvx", Licence: "CDC, public domain"}, err
	case len(head) > 16 && digit(head[0]) && head[5] == ' ':
		e, err := parseOrder(ctx, raw)
		return e, Release{System: ICD10CM, Name: "icd10cm", Licence: "NCHS and CMS, public domain in the United States"}, err
	}
	return nil, Release{}, errors.New("not a release that can be imported: give the ICD-10-CM order file or the CVX XML")
}

// parseOrder reads the fixed columns of the ICD-10-CM order file: 1–5 order, 7–13
// code, 15 billable, 17–76 short title, 78 on the long title.
func parseOrder(ctx context.Context, raw []byte) ([]entry, error) {
	var out []entry
	n := 0
	for line := range strings.Lines(string(raw)) {
		n++
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		if len(line) < 78 || line[5] != ' ' || line[13] != ' ' || line[15] != ' ' {
			return nil, fmt.Errorf("line %d, column %d: not an ICD-10-CM order line", n, min(len(line), 77)+1)
		}
		code, title := strings.TrimSpace(line[6:13]), strings.TrimSpace(line[77:])
		switch {
		case len(code) < 3 || !alnum(code[0]|0x20):
			return nil, fmt.Errorf("line %d, column 7: no code", n)
		case line[14] != '0' && line[14] != '1':
			return nil, fmt.Errorf("line %d, column 15: want 0 or 1", n)
		case title == "":
			return nil, fmt.Errorf("line %d, column 78: no title", n)
		}
		if line[14] == '1' {
			out = append(out, entry{domain: Diagnosis, name: title, weak: true,
				codings: []Coding{{System: ICD10CM, Code: dotted(code), Display: title}}})
		}
	}
	return out, nil
}

// parseCVX reads the CDC's vaccine codes.
func parseCVX(raw []byte) ([]entry, error) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	// The file calls itself ISO-8859-1 and holds ASCII.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var file struct {
		CVXInfo []struct{ ShortDescription, FullVaccinename, CVXCode, Status string }
	}
	if err := d.Decode(&file); err != nil {
		line, col := d.InputPos()
		return nil, fmt.Errorf("line %d, column %d: %w", line, col, err)
	}
	var out []entry
	for i, v := range file.CVXInfo {
		code, name := strings.TrimSpace(v.CVXCode), strings.TrimSpace(v.ShortDescription)
		if code == "" || name == "" {
			return nil, fmt.Errorf("vaccine %d has no code or no name", i+1)
		}
		out = append(out, entry{domain: Vaccine, name: name, terms: []string{strings.TrimSpace(v.FullVaccinename)}, group: v.Status, weak: true,
			codings: []Coding{{System: CVX, Code: code, Display: name}}})
	}
	return out, nil
}

// replaceFile writes a file whole or not at all.
func replaceFile(dir, name string, b []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save vocabulary: %w", err)
	}
	f, err := os.CreateTemp(dir, ".import-*")
	if err != nil {
		return fmt.Errorf("save vocabulary: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return fmt.Errorf("save vocabulary: %w", err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("save vocabulary: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
