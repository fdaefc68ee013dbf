package result

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/blueprint"
)

func sample() Document {
	at := []Geometry{{Page: 1, Box: Box{0.25, 0.5, 0.125, 0.0625}, Vertices: []Vertex{{0.25, 0.5}, {0.375, 0.5}, {0.375, 0.5625}, {0.25, 0.5625}}}}
	return Document{
		Blueprint: Blueprint{Name: "medical-record", Confidence: 0.75}, Class: "Lab report", Pages: []int{0, 2},
		Fields: map[string]Field{
			"patient_last_name": {Value: "O'Neil <&>", Confidence: 0.97, Geometry: at},
			"date_of_birth":     {Value: "1953-10-28", Text: "10/28/1953", Confidence: 0.9},
			"heart_rate":        {Value: "72.0", Confidence: 0.5, Remark: "unlikely"},
			"of_my_own":         {Value: "yes", Confidence: 1},
		},
		Tables: map[string][]Row{"lab_results": {{"test_name": {Value: "TSH", Confidence: 0.9}, "result_value": {Value: "2.30", Confidence: 0.8}}}},
		Source: Source{File: "a.pdf", SHA256: "00", MediaType: "application/pdf", Size: 9, PageCount: 3, Engine: "e", Route: "r", Read: "2026-01-02T03:04:05Z", Notes: map[int][]string{2: {"turned"}}, Unread: []Geometry{{Page: 2, Box: Box{0.1, 0.2, 0.3, 0.05}}}},
	}
}

func TestRoundTrip(t *testing.T) {
	d := sample()
	data, err := Encode(d, blueprint.Default())
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, d) {
		t.Errorf("got  %+v\nwant %+v", got, d)
	}
	again, err := Encode(got, blueprint.Default())
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("encoding again gives other bytes (%v)", err)
	}
	for _, want := range []string{`"heart_rate": 72.0,`, `"test_name": "TSH"`, `"allergen": ""`, `"O'Neil <&>"`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s is missing in %s", want, data)
		}
	}
}

// BDA's own files, as its real output has them.
func TestDecodeBDA(t *testing.T) {
	d, err := Decode([]byte(`{"matched_blueprint":{"arn":"a","name":"n","version":"1","confidence":0.77},"document_class":{"type":"X"},
	"split_document":{"page_indices":[0,1]},
	"inference_result":{"name":"Jo","amount":"","income":7500,"flag":true,"contact":{"phone":"555"},"codes":[{"a":"","b":""}],"rows":[{"a":1.50,"b":""},{"a":"","b":""}],"tags":["x","","y"]},
	"explainability_info":[{"name":{"success":true,"confidence":0.92578125,"geometry":[{"boundingBox":{"top":0.4,"left":0.07,"width":0.1,"height":0.01},"page":-1}],"type":"string","value":"Jo"},
	"amount":{"confidence":0.99,"value":""},"contact":{"phone":{"confidence":0.5}},"rows":[{"a":{"confidence":0.25}}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Field{
		"name":          {Value: "Jo", Confidence: 0.92578125, Geometry: []Geometry{{Page: -1, Box: Box{0.07, 0.4, 0.1, 0.01}}}},
		"income":        {Value: "7500"},
		"flag":          {Value: "true"},
		"contact.phone": {Value: "555", Confidence: 0.5},
		"tags":          {Value: "x; y"},
	}
	if !reflect.DeepEqual(d.Fields, want) {
		t.Errorf("fields are %+v", d.Fields)
	}
	if rows := d.Tables["rows"]; !reflect.DeepEqual(rows, []Row{{"a": {Value: "1.50", Confidence: 0.25}}}) || len(d.Tables) != 1 {
		t.Errorf("tables are %+v", d.Tables)
	}
}

func TestReview(t *testing.T) {
	waiting := Thresholds{Default: 0.8, Fields: map[string]float64{"lab_results.test_name": 0.95}}.Review(sample())
	var names []string
	for _, w := range waiting {
		names = append(names, w.Name)
	}
	if got := strings.Join(names, " "); got != "heart_rate lab_results.test_name" {
		t.Errorf("waiting are %s", got)
	}
}

func FuzzDecode(f *testing.F) {
	data, err := Encode(sample(), blueprint.Default())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"inference_result":{"a":[1,{"b":null}]},"explainability_info":[{"a":[[]]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Decode(data)
		if err != nil {
			return
		}
		if _, err := Encode(d, blueprint.Default()); err != nil {
			t.Error(err)
		}
	})
}

// TestWhose holds that a value of which nobody knows whose it is waits, however
// low the thresholds are.
func TestWhose(t *testing.T) {
	for _, remark := range []string{"the page names more than one patient", "the page's patient could not be read"} {
		if (Thresholds{Default: 0.3}).Meets("x", Field{Value: "1", Confidence: 0.7, Remark: remark}) {
			t.Error(remark, "is final")
		}
	}
}
