package validate

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// explained are errors of google/fhir that are none by R4, by a part of its
// message, with the reason.
var explained = map[string]string{}

// TestOracle damages the examples of US Core at random and compares our verdict
// with google/fhir's: whatever it refuses, we must refuse. See
// internal/fhir/oracle for how to run it.
func TestOracle(t *testing.T) {
	oracle := os.Getenv("PAPERCHART_FHIR_ORACLE")
	if oracle == "" {
		t.Skip("PAPERCHART_FHIR_ORACLE names no oracle")
	}
	resources := damaged(t, 30)
	verdicts := ask(t, oracle, resources)
	v := New(fhirtest.Table(t), Options{})
	both, ours, neither := 0, 0, 0
	alone := map[string]int{}
	for i, data := range resources {
		issues := errorsOf(v.Validate(context.Background(), data))
		switch {
		case verdicts[i] == "ok" && len(issues) > 0:
			ours++
			alone[issues[0].Code+" "+issues[0].Constraint+" "+strings.Join(strings.Fields(issues[0].Message)[:min(4, len(strings.Fields(issues[0].Message)))], " ")]++
		case verdicts[i] == "ok":
			neither++
		case len(issues) > 0:
			both++
		case !isExplained(verdicts[i]):
			t.Errorf("not found: %s in %.600s", verdicts[i], data)
		}
	}
	for kind, n := range alone {
		t.Logf("%4d by us alone: %s", n, kind)
	}
	t.Logf("%d resources: %d faults found by both, %d by us alone, %d without fault", len(resources), both, ours, neither)
}

func isExplained(verdict string) bool {
	for part := range explained {
		if strings.Contains(verdict, part) {
			return true
		}
	}
	return false
}

func ask(t *testing.T, oracle string, resources [][]byte) []string {
	cmd := exec.Command(oracle)
	cmd.Stdin = bytes.NewReader(append(bytes.Join(resources, []byte("\n")), '\n'))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []string
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		verdicts = append(verdicts, s.Text())
	}
	if len(verdicts) != len(resources) {
		t.Fatalf("%d verdicts on %d resources", len(verdicts), len(resources))
	}
	return verdicts
}

// damaged returns every example as it is and with so many different faults.
func damaged(t *testing.T, times int) [][]byte {
	examples := fhirtest.USCoreExamples(t)
	var names []string
	for name := range examples {
		names = append(names, name)
	}
	slices.Sort(names)
	rng := rand.New(rand.NewPCG(1, 2))
	var out [][]byte
	for _, name := range names {
		doc, err := model.Parse(examples[name], model.Limits{})
		if err != nil || doc.Root.ResourceType() == "" {
			continue
		}
		compact := model.Append(nil, doc.Root)
		out = append(out, compact)
		for range times {
			var v map[string]any
			dec := json.NewDecoder(bytes.NewReader(compact))
			dec.UseNumber()
			if err := dec.Decode(&v); err != nil {
				t.Fatal(err)
			}
			damage(rng, v)
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, b)
		}
	}
	return out
}

// damage changes one member of one object, somewhere.
func damage(rng *rand.Rand, root map[string]any) {
	var objects []map[string]any
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			objects = append(objects, v)
			for _, k := range keys(v) {
				walk(v[k])
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(root)
	o := objects[rng.IntN(len(objects))]
	names := keys(o)
	if len(names) == 0 {
		return
	}
	k := names[rng.IntN(len(names))]
	old := o[k]
	switch rng.IntN(12) {
	case 0:
		delete(o, k)
	case 1:
		delete(o, k)
		o[k+"x"] = old
	case 2:
		o[k] = []any{old}
	case 3:
		if list, ok := old.([]any); ok && len(list) > 0 {
			o[k] = list[0]
		}
	case 4:
		o[k] = "2020-13-45"
	case 5:
		o[k] = json.Number("12.5")
	case 6:
		o[k] = true
	case 7:
		o[k] = map[string]any{"value": "x"}
	case 8:
		o[k] = "no such code"
	case 9:
		o["extra"] = "x"
	case 10:
		o[k] = ""
	case 11:
		o[k] = nil
	}
}

func keys(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
