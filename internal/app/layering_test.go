package app

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// downstream lists the rooms in the order in which a record goes through them.
// A room may import those before it and those beside it on its own line of
// sources; nothing but app, cmd and tests may import the other way.
var downstream = []string{
	"page", "terms", "grammar", "fhir", "blueprint", "fault", // leaves: data and knowledge
	"scan", "ocr", "layout", "result", "extract", "convert", "view",
	"bda", "rest", "healthlake", "cloud",
	"blob", "store", "api", "pipeline", "hybrid", "intake", "server", "sigv4", "doors", "deploy", "app",
}

// allowed are the rooms that each room may import, where that is less than
// everything before it.
var allowed = map[string][]string{
	"page": {}, "terms": {}, "grammar": {}, "blueprint": {}, "fault": {}, "blob": {}, "intake": {},
	"fhir":    {},
	"scan":    {"page"},
	"ocr":     {"page"},
	"layout":  {"page"},
	"result":  {"blueprint"},
	"convert": {"blueprint", "fhir", "grammar", "result", "terms"},
	"view":    {"blueprint", "grammar", "result", "terms"},
	"extract": {"blueprint", "grammar", "layout", "page", "result", "terms"},
	"store":   {"fault", "fhir", "terms"},
	"api":     {"fault", "fhir", "store", "terms"},
	"server":  {"pipeline"},
	"bda":     {"blueprint", "result"}, "rest": {}, "healthlake": {"rest"}, "sigv4": {},
	"doors":  {"bda", "blob", "blueprint", "sigv4"},
	"hybrid": {"bda", "blueprint", "cloud", "page", "pipeline", "result"},
	"cloud":  {"bda", "blueprint", "convert", "healthlake", "result", "terms"},
}

func TestDataFlowsOneWay(t *testing.T) {
	const module = "github.com/paperchart/paperchart/"
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		from := room(filepath.ToSlash(filepath.Dir(rel)))
		if from == "" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range file.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			to := room(strings.TrimPrefix(name, module))
			if strings.HasPrefix(name, module) && to != "" && to != from && !mayImport(from, to) {
				t.Errorf("%s imports %s", rel, to)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// room is the room a folder belongs to, empty for commands and tools.
func room(dir string) string {
	if dir == "blueprint" {
		return dir
	}
	rest, ok := strings.CutPrefix(dir, "internal/")
	if !ok {
		return ""
	}
	name, tool, _ := strings.Cut(rest, "/")
	if strings.Contains(tool, "generate") {
		return ""
	}
	return name
}

func mayImport(from, to string) bool {
	if list, ok := allowed[from]; ok {
		return slices.Contains(list, to)
	}
	i, j := slices.Index(downstream, from), slices.Index(downstream, to)
	return i >= 0 && j >= 0 && j < i
}

func TestEveryRoomIsKnown(t *testing.T) {
	rooms, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range rooms {
		if e.IsDir() && !slices.Contains(downstream, e.Name()) {
			t.Errorf("internal/%s has no place in the order of rooms", e.Name())
		}
	}
}
