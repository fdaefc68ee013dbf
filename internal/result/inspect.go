package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxDepth is how deep a result may nest; the format does eight levels.
const maxDepth = 32

// inspect refuses what is no single JSON value, nests too deep, or names
// something twice in one object.
func inspect(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	s := scanner{}
	for {
		t, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return kindOnly(err)
		}
		if err := s.token(t); err != nil {
			return fmt.Errorf("%w, at byte %d", err, dec.InputOffset())
		}
	}
}

// scanner follows the tokens of a JSON value.
type scanner struct {
	// open are the names of each object that is open, nil for an array.
	open []map[string]bool
	// atName is true where an object's next token is a name or its end.
	atName, done bool
}

func (s *scanner) token(t json.Token) error {
	if s.done {
		return errors.New("something follows its end")
	}
	switch name, isString := t.(string); {
	case s.atName && isString:
		names := s.open[len(s.open)-1]
		if names[name] {
			return errors.New("a name stands twice in one object")
		}
		names[name], s.atName = true, false
		return nil
	case t == json.Delim('{'):
		s.open = append(s.open, map[string]bool{})
	case t == json.Delim('['):
		s.open = append(s.open, nil)
	case t == json.Delim('}'), t == json.Delim(']'):
		s.open = s.open[:len(s.open)-1]
	}
	if len(s.open) > maxDepth {
		return fmt.Errorf("it is nested more than %d levels deep", maxDepth)
	}
	s.done = len(s.open) == 0
	s.atName = !s.done && s.open[len(s.open)-1] != nil
	return nil
}

// kindOnly keeps a JSON error's kind and place and drops its quotation.
func kindOnly(err error) error {
	var syntax *json.SyntaxError
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("it is no good JSON at byte %d", syntax.Offset)
	case errors.As(err, &typed):
		return fmt.Errorf("%s is not of its type", typed.Field)
	}
	return errors.New("it is no good JSON")
}
