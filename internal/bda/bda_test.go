package bda

import (
	"regexp"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/result"
)

func TestTakes(t *testing.T) {
	for key, want := range map[string]bool{
		"a b/ü+c.pdf": true, "plain.pdf": true, "": true, `back\slash.pdf`: true,
		"a%b.pdf": false, "a[1].pdf": false, "a{1}.pdf": false, "a^.pdf": false, "a`.pdf": false,
		`a".pdf`: false, "a<b>.pdf": false, "a~.pdf": false, "a#1.pdf": false, "a|b.pdf": false, "a\n.pdf": false,
		strings.Repeat("k", 1100): false, "\xff.pdf": false,
	} {
		if got := (Object{Bucket: "records-in", Key: key}).Takes(); got != want {
			t.Errorf("Takes(%q) = %v", key, got)
		}
	}
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"in/a [1]#2.pdf":                  "a__1__2.pdf",
		strings.Repeat("ü", 300) + ".TIF": strings.Repeat("_", 116) + ".TIF",
		"":                                ".",
	} {
		if got := CleanName(in); got != want {
			t.Errorf("CleanName(%q) = %q, want %q", in, got, want)
		}
		if !(Object{Bucket: "bucket", Key: CleanName(in)}).Takes() {
			t.Errorf("BDA would not take %q", CleanName(in))
		}
	}
}

func TestTokens(t *testing.T) {
	token := regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9]){1,256}$`) // the service's own pattern
	seen := map[string]bool{}
	for _, o := range []Object{{"b", "k", ""}, {"b", "k", "1"}, {"b", "k2", ""}} {
		for try := range 2 {
			s := o.Token(try)
			if !token.MatchString(s) || seen[s] || s != o.Token(try) {
				t.Errorf("token %q of %+v, try %d", s, o, try)
			}
			seen[s] = true
		}
	}
}

const metadata = `{"job_id":"e9e4caa2-1","job_status":"PROCESSED","semantic_modality":"DOCUMENT","output_metadata":[{"asset_id":0,
 "asset_input_path":{"s3_bucket":"in","s3_key":"loan.pdf"},"segment_metadata":[
 {"standard_output_path":"s3://out/bda/e9e4caa2-1/0/standard_output/0/result.json","custom_output_path":"s3://out/bda/e9e4caa2-1/0/custom_output/0/result.json","custom_output_status":"MATCH"},
 {"standard_output_path":"s3://out/bda/e9e4caa2-1/0/standard_output/1/result.json","custom_output_status":"NO_MATCH"},
 {"custom_output_path":"s3://out/bda/e9e4caa2-1/0/custom_output/2/result.json","custom_output_status":"FALLBACK"}]}]}`

var place = Object{Bucket: "out", Key: "bda/e9e4caa2-1/job_metadata.json"}

func TestParseJob(t *testing.T) {
	j, err := ParseJob([]byte(metadata), place)
	if err != nil || j.ID != "e9e4caa2-1" || j.Input.Key != "loan.pdf" || len(j.Segments) != 3 || j.Unmatched() != 1 {
		t.Fatalf("%+v, %v", j, err)
	}
	for from, to := range map[string]string{
		"s3://out/bda/e9e4caa2-1/0/custom": "s3://other/bda/e9e4caa2-1/0/custom",
		"s3://out/bda/e9e4caa2-1/0/c":      "s3://out/bda/other/0/c",
		"e9e4caa2-1/0/custom_output/0":     "e9e4caa2-1/../x/custom_output/0",
	} {
		if _, err := ParseJob([]byte(strings.ReplaceAll(metadata, from, to)), place); err == nil {
			t.Errorf("a result at %s was taken", to)
		}
	}
}

func TestJobOfKey(t *testing.T) {
	for key, want := range map[string]bool{
		"bda/ab-1/job_metadata.json": true, "bda/ab-1/0/.s3_access_check": false,
		"bda/ab-1/0/custom_output/0/result.json": false, "job_metadata.json": false, "bda/a b/job_metadata.json": false,
	} {
		if _, ok := JobOfKey(key); ok != want {
			t.Errorf("JobOfKey(%q) is %v", key, ok)
		}
	}
}

func TestProfile(t *testing.T) {
	for region, want := range map[string]string{
		"us-west-2": "us", "ca-central-1": "na", "eu-west-1": "eu", "ap-south-1": "apac", "us-gov-west-1": "us-gov",
	} {
		if got, err := ProfilePrefix(region); err != nil || got != want {
			t.Errorf("ProfilePrefix(%s) = %s, %v", region, got, err)
		}
	}
	if _, err := ProfilePrefix("sa-east-1"); err == nil {
		t.Error("a Region without BDA was taken")
	}
}

func TestCleanDropsZerosWithoutPlace(t *testing.T) {
	d := result.Document{Fields: map[string]result.Field{
		"heart_rate":  {Value: "0", Confidence: 0.84},
		"pain_score":  {Value: "0", Confidence: 0.9, Geometry: []result.Geometry{{Page: 1}}},
		"patient_mrn": {Value: "0", Confidence: 0.9},
	}, Tables: map[string][]result.Row{}}
	Clean(&d, blueprint.Default())
	if _, ok := d.Fields["heart_rate"]; ok || len(d.Fields) != 2 {
		t.Errorf("left are %v", d.Fields)
	}
}

func FuzzParseJob(f *testing.F) {
	f.Add([]byte(metadata))
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := ParseJob(data, place)
		for _, s := range j.Segments {
			if err == nil && s.Result.Key != "" && !strings.HasPrefix(s.Result.Key, "bda/e9e4caa2-1/") {
				t.Errorf("a result outside: %q", s.Result.Key)
			}
		}
	})
}
