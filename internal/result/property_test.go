package result

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/paperchart/paperchart/blueprint"
)

// mine is a blueprint of a user's own: a list, a group, a table, all types.
const mine = `{"class":"Mine","type":"object","definitions":{
	"WHERE":{"properties":{"ward":{"type":"string","instruction":"x"},"bed":{"type":"number","instruction":"x"}}},
	"ROW":{"properties":{"a":{"type":"string","instruction":"x"},"b":{"type":"number","instruction":"x"},"c":{"type":"boolean","instruction":"x"}}}},
	"properties":{"tags":{"type":"array","inferenceType":"explicit","instruction":"x","items":{"type":"string"}},
	"scores":{"type":"array","inferenceType":"explicit","instruction":"x","items":{"type":"number"}},
	"where":{"$ref":"#/definitions/WHERE"},"rows":{"type":"array","instruction":"x","items":{"$ref":"#/definitions/ROW"}},
	"n":{"type":"number","instruction":"x"},"yes":{"type":"boolean","instruction":"x"},"s":{"type":"string","instruction":"x"}}}`

func own(t testing.TB) *blueprint.Blueprint {
	b, err := blueprint.Parse([]byte(mine))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var values = []string{"7", "72.0", "-0.5", "007", "1e999999999", "true", "false", "x", "O'Neil <&>", "李", "a\nb", strings.Repeat("9", 400), "null", `"`, "x\u2028y"}

func drawField(t *rapid.T, name string) Field {
	f := Field{Value: rapid.SampledFrom(values).Draw(t, name), Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence")}
	if rapid.Bool().Draw(t, "text") {
		f.Text = "as printed"
	}
	if rapid.Bool().Draw(t, "remark") {
		f.Remark = "a remark"
	}
	for range rapid.IntRange(0, 2).Draw(t, "places") {
		at := func() float64 { return float64(rapid.IntRange(0, 100000).Draw(t, "at")) / 100000 }
		f.Geometry = append(f.Geometry, Geometry{
			Page: rapid.SampledFrom([]int{-1, 1, 12}).Draw(t, "page"),
			Box:  Box{at(), at(), at(), at()}, Vertices: []Vertex{{at(), at()}},
		})
	}
	return f
}

func drawFields(t *rapid.T, names ...string) map[string]Field {
	out := map[string]Field{}
	for _, n := range names {
		if rapid.Bool().Draw(t, n) {
			out[n] = drawField(t, n)
		}
	}
	return out
}

// TestRoundTripProperty: whatever the blueprint knows of it or not, a document
// comes back as it was and its bytes do not change.
func TestRoundTripProperty(t *testing.T) {
	b := own(t)
	rapid.Check(t, func(t *rapid.T) {
		d := Document{
			Blueprint: Blueprint{Name: "mine", Version: "2", Confidence: rapid.Float64Range(0, 1).Draw(t, "match")},
			Class:     "Mine", Pages: rapid.SliceOfN(rapid.IntRange(0, 9), 1, 3).Draw(t, "pages"),
			Fields: drawFields(t, "tags", "scores", "where.ward", "where.bed", "n", "yes", "s", "unknown", "un.known"),
			Tables: map[string][]Row{}, Source: Source{File: "a.pdf", Size: rapid.Int64Range(0, 1<<40).Draw(t, "size")},
		}
		for _, name := range []string{"rows", "others"} {
			for range rapid.IntRange(0, 3).Draw(t, name) {
				if r := Row(drawFields(t, "a", "b", "c")); len(r) > 0 {
					d.Tables[name] = append(d.Tables[name], r)
				}
			}
		}
		if f, ok := d.Fields["tags"]; ok && rapid.Bool().Draw(t, "several") {
			f.Value = "one; two; three"
			d.Fields["tags"] = f
		}
		data, err := Encode(d, b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		// A table that only the document knows has the columns of its rows.
		if !reflect.DeepEqual(got, d) {
			t.Errorf("got  %+v\nwant %+v", got, d)
		}
		if again, err := Encode(got, b); err != nil || !bytes.Equal(again, data) {
			t.Errorf("encoding again gives other bytes (%v)", err)
		}
	})
}

func TestListOnDisk(t *testing.T) {
	d := Document{Fields: map[string]Field{"tags": {Value: "one; two", Confidence: 0.5}, "scores": {Value: "1; 2.50", Confidence: 1}}}
	data, err := Encode(d, own(t))
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(string(data)), "")
	for _, want := range []string{`"tags":["one","two"]`, `"scores":[1,2.50]`, `"where":{"ward":"","bed":""}`, `"rows":[{"a":"","b":"","c":""}]`} {
		if !strings.Contains(flat, want) {
			t.Errorf("%s is missing in %s", want, flat)
		}
	}
}

// TestNumbersThatAreNone: what is no number in memory is 0 on disk, not an error.
func TestNumbersThatAreNone(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), -1, 7} {
		d := Document{Fields: map[string]Field{"s": {Value: "v", Confidence: x, Geometry: []Geometry{{Page: 1, Box: Box{Left: x}}}}}}
		data, err := Encode(d, own(t))
		if err != nil {
			t.Fatal(x, err)
		}
		got, err := Decode(data)
		if c := got.Fields["s"].Confidence; err != nil || !(c >= 0 && c <= 1) {
			t.Errorf("%v: %v %v", x, c, err)
		}
	}
}

// TestHostile: input that attacks is refused in a sentence that quotes nothing,
// or read for what it is.
func TestHostile(t *testing.T) {
	wrap := func(values string) string { return `{"inference_result":{` + values + `}}` }
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "no good JSON"},
		{"no object", "[]", "is not of its type"},
		{"no result", "{}", "no inference_result"},
		{"cut off", `{"inference_result":{"a":"SECRET`, "no good JSON"},
		{"followed", wrap(`"a":"b"`) + "{}", "follows its end"},
		{"twice", wrap(`"a":"SECRET","a":"b"`), "stands twice"},
		{"twice above", `{"inference_result":{},"inference_result":{"a":"b"}}`, "stands twice"},
		{"twice, escaped", wrap(`"a":"b","\u0061":"c"`), "stands twice"},
		{"deep", wrap(`"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)), "levels deep"},
		{"deep and open", strings.Repeat(`{"a":`, 100_000), "levels deep"},
		{"large", strings.Repeat(" ", maxSize+1), "larger than 64 MB"},
	} {
		_, err := Decode([]byte(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestHugeNumbers: a number is its digits, whatever it would cost to know it.
func TestHugeNumbers(t *testing.T) {
	d, err := Decode([]byte(`{"matched_blueprint":{"confidence":1e999999999},"inference_result":{"n":1e999999999,"m":-0.00e-999999999},
		"explainability_info":[{"n":{"confidence":1e999999999,"geometry":[{"page":1e999999999,"boundingBox":{"left":-1e308}}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	n := d.Fields["n"]
	if n.Value != "1e999999999" || d.Fields["m"].Value != "-0.00e-999999999" || n.Geometry[0].Page != -1 || n.Geometry[0].Box.Left != 0 {
		t.Errorf("%+v", d.Fields)
	}
	data, err := Encode(d, own(t))
	if err != nil || !strings.Contains(string(data), `"n": "1e999999999"`) {
		t.Errorf("%v %s", err, data)
	}
}

// TestNames: what comes to one name twice is the same each time it is read.
func TestNames(t *testing.T) {
	in := []byte(`{"inference_result":{"a.b":"first","a":{"b":"second","c":{"d":"lost"}},"x":["p",{"q":"r"}],"y":[],"z":[{}],"empty":{}}}`)
	var want Document
	for i := range 20 {
		d, err := Decode(in)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = d
		}
		if !reflect.DeepEqual(d, want) {
			t.Fatalf("got %v, then %v", want, d)
		}
	}
	if got := fmt.Sprintf("%d %s %s %d", len(want.Fields), want.Fields["a.b"].Value, want.Tables["x"][0]["q"].Value, len(want.Tables)); got != "1 second r 1" {
		t.Errorf("%s: %+v", got, want)
	}
}
