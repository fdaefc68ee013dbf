package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/store"
)

// jsonPatch reads a JSON Patch (RFC 6902). Numbers keep their digits.
func jsonPatch(data []byte) (change, error) {
	var steps []patchStep
	if err := json.Unmarshal(data, &steps); err != nil || steps == nil {
		return nil, invalid("the JSON Patch is not an array of operations")
	}
	for _, s := range steps {
		if s.Path == nil || (s.Op == "add" || s.Op == "replace" || s.Op == "test") && s.Value == nil || (s.Op == "move" || s.Op == "copy") && s.From == nil {
			return nil, invalid("an operation of the JSON Patch lacks path, value or from")
		}
	}
	return func(current []byte) ([]byte, error) {
		root, err := decode(current)
		if err != nil {
			return nil, err
		}
		copied := 0
		for _, s := range steps {
			if root, err = s.apply(root, &copied); err != nil {
				return nil, err
			}
		}
		return json.Marshal(root)
	}, nil
}

type patchStep struct {
	Op    string          `json:"op"`
	Path  *string         `json:"path"`
	From  *string         `json:"from"`
	Value json.RawMessage `json:"value"`
}

func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// maxCopied bounds what the copies of a patch copy, in bytes: each may double what
// is there.
const maxCopied = 64 << 20

var errLarge = &store.Error{Code: store.TooCostly, Message: "the patch makes the resource too large"}

// apply carries out an operation; copied counts what was copied.
func (s patchStep) apply(root any, copied *int) (any, error) {
	path, err := pointer(*s.Path)
	if err != nil {
		return nil, err
	}
	var value any
	if s.Value != nil {
		if value, err = decode(s.Value); err != nil {
			return nil, invalid("a value of the JSON Patch cannot be read")
		}
	}
	switch s.Op {
	case "add":
		return add(root, path, value)
	case "remove":
		return removeAt(root, path)
	case "replace":
		if _, err := at(root, path); err != nil || len(path) == 0 {
			return value, err
		}
		if root, err = removeAt(root, path); err != nil {
			return nil, err
		}
		return add(root, path, value)
	case "test":
		found, err := at(root, path)
		if err == nil && !reflect.DeepEqual(found, value) {
			err = unprocessable("a test of the JSON Patch fails")
		}
		return root, err
	case "move", "copy":
		return s.bring(root, path, copied)
	}
	return nil, invalid("an operation of the JSON Patch is none of add, remove, replace, move, copy, test")
}

func (s patchStep) bring(root any, path []string, copied *int) (any, error) {
	from, err := pointer(*s.From)
	if err != nil {
		return nil, err
	}
	value, err := at(root, from)
	if err != nil {
		return nil, err
	}
	if s.Op == "move" {
		if strings.HasPrefix(*s.Path, *s.From+"/") {
			return nil, unprocessable("the JSON Patch moves a value into itself")
		}
		if root, err = removeAt(root, from); err != nil {
			return nil, err
		}
		return add(root, path, value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	if *copied += len(text); *copied > maxCopied {
		return nil, errLarge
	}
	if value, err = decode(text); err != nil {
		return nil, err
	}
	return add(root, path, value)
}

// pointer splits a JSON Pointer (RFC 6901).
func pointer(s string) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	if s[0] != '/' {
		return nil, invalid("a path of the JSON Patch does not begin with /")
	}
	steps := strings.Split(s[1:], "/")
	for i := range steps {
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(steps[i], "~1", "/"), "~0", "~")
	}
	return steps, nil
}

var errNoPath = unprocessable("the patch names a place that the resource does not have")

func at(v any, path []string) (any, error) {
	for _, step := range path {
		switch x := v.(type) {
		case map[string]any:
			next, ok := x[step]
			if !ok {
				return nil, errNoPath
			}
			v = next
		case []any:
			i, err := index(step, len(x)-1)
			if err != nil {
				return nil, err
			}
			v = x[i]
		default:
			return nil, errNoPath
		}
	}
	return v, nil
}

func index(step string, last int) (int, error) {
	i, err := strconv.Atoi(step)
	if err != nil || i < 0 || i > last || step != strconv.Itoa(i) {
		return 0, errNoPath
	}
	return i, nil
}

// within rebuilds the way to the container of the last step, which f changes.
func within(v any, path []string, f func(container any, step string) (any, error)) (any, error) {
	if len(path) == 1 {
		return f(v, path[0])
	}
	child, err := at(v, path[:1])
	if err != nil {
		return nil, err
	}
	if child, err = within(child, path[1:], f); err != nil {
		return nil, err
	}
	switch x := v.(type) {
	case map[string]any:
		x[path[0]] = child
	case []any:
		i, _ := strconv.Atoi(path[0]) // at has read it
		x[i] = child
	}
	return v, nil
}

func add(root any, path []string, value any) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	return within(root, path, func(c any, step string) (any, error) {
		switch x := c.(type) {
		case map[string]any:
			x[step] = value
			return x, nil
		case []any:
			i := len(x)
			if step != "-" {
				var err error
				if i, err = index(step, len(x)); err != nil {
					return nil, err
				}
			}
			grown := append(x, nil)
			copy(grown[i+1:], grown[i:])
			grown[i] = value
			return grown, nil
		}
		return nil, errNoPath
	})
}

// removeAt removes a value. FHIR has no empty arrays, but the patch may go on to
// fill one: what stays empty the validation will refuse.
func removeAt(root any, path []string) (any, error) {
	if len(path) == 0 {
		return nil, unprocessable("a patch does not remove the whole resource")
	}
	return within(root, path, func(c any, step string) (any, error) {
		switch x := c.(type) {
		case map[string]any:
			if _, ok := x[step]; !ok {
				return nil, errNoPath
			}
			delete(x, step)
			return x, nil
		case []any:
			i, err := index(step, len(x)-1)
			if err != nil {
				return nil, err
			}
			return append(x[:i:i], x[i+1:]...), nil
		}
		return nil, errNoPath
	})
}
