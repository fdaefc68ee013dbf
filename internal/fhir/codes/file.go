package codes

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The file is lines of fields with tabs between, compressed with flate:
//
//	S url version title complete     a system, and its concepts:
//	C code display parent…
//	V url version title              a value set, and its parts:
//	P system open|whole|list code…

// Source is what the generator puts together and Write stores.
type Source struct {
	Systems []System
	Sets    []Set
}

// Write stores the source in the form that Load reads.
func Write(w io.Writer, src Source) error {
	z, err := flate.NewWriter(w, flate.BestCompression)
	if err != nil {
		return fmt.Errorf("write codes: %w", err)
	}
	for _, s := range src.Systems {
		line(z, "S", s.URL, s.Version, s.Title, fmt.Sprint(s.Complete))
		for _, c := range s.Concepts {
			line(z, append([]string{"C", c.Code, c.Display}, c.Parents...)...)
		}
	}
	for _, s := range src.Sets {
		line(z, "V", s.URL, s.Version, s.Title)
		for _, p := range s.Parts {
			line(z, append([]string{"P", p.System, p.kind()}, p.Codes...)...)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write codes: %w", err)
	}
	return nil
}

func line(w io.Writer, fields ...string) { io.WriteString(w, strings.Join(fields, "\t")+"\n") }

func (p Part) kind() string {
	switch {
	case p.Open:
		return "open"
	case p.Whole:
		return "whole"
	}
	return "list"
}

var errDamaged = errors.New("the table of codes is damaged")

func parse(compressed []byte) (*Tables, error) {
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(compressed)))
	if err != nil {
		return nil, fmt.Errorf("read codes: %w", err)
	}
	t := &Tables{systems: map[string]*System{}, sets: map[string]*Set{}}
	var system *System
	var set *Set
	lines := bufio.NewScanner(strings.NewReader(string(data)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		switch {
		case f[0] == "S" && len(f) == 5:
			system = &System{URL: f[1], Version: f[2], Title: f[3], Complete: f[4] == "true"}
			t.systems[system.URL] = system
		case f[0] == "C" && len(f) >= 3 && system != nil:
			system.Add(Concept{Code: f[1], Display: f[2], Parents: f[3:]})
		case f[0] == "V" && len(f) == 4:
			set = &Set{URL: f[1], Version: f[2], Title: f[3]}
			t.sets[set.URL] = set
		case f[0] == "P" && len(f) >= 3 && set != nil:
			set.Parts = append(set.Parts, Part{System: f[1], Open: f[2] == "open", Whole: f[2] == "whole", Codes: f[3:]})
		default:
			return nil, errDamaged
		}
	}
	return t, lines.Err()
}
