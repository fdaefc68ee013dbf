package api

import (
	"strings"
	"testing"
)

func TestOperationsByParameters(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p"}`, 201)
	call(t, "PUT", base+"/Condition/c", `{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"}}`, 201)
	ask := `{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Patient"},{"name":"_since","valueInstant":"2020-01-01T00:00:00Z"}]}`
	_, h := call(t, "POST", base+"/$export", ask, 202, "Prefer", "respond-async", "Content-Type", "application/fhir+json")
	if report := wait(t, h.Get("Content-Location")); len(report["output"].([]any)) != 1 {
		t.Errorf("the export is %v", report)
	}
	out, _ := call(t, "POST", base+"/Patient/p/$everything", `{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Condition"}]}`, 200)
	if len(out["entry"].([]any)) != 1 {
		t.Errorf("everything is %v", out)
	}
	call(t, "POST", base+"/$export", `{"resourceType":"Patient"}`, 400, "Prefer", "respond-async")
	call(t, "POST", base+"/$import", `{"resourceType":"Parameters","parameter":[{"name":"input","part":[{"name":"url","valueUrl":"http://elsewhere"}]}]}`, 400)
	for _, at := range []string{"/$nothing", "/Patient/$nothing", "/Patient/p/$nothing", "/Patient/p/_history/1/$nothing"} {
		call(t, "GET", base+at, "", 404)
	}
}

func TestEverythingBetweenDates(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p","birthDate":"1950-01-01"}`, 201)
	for id, date := range map[string]string{
		"before": `"onsetDateTime":"2014-12-31"`, "in": `"onsetDateTime":"2015-06"`, "over": `"onsetPeriod":{"start":"2014-01-01","end":"2016-01-01"}`,
		"since": `"onsetPeriod":{"start":"2015-02-01"}`, "after": `"onsetDateTime":"2016-01-01T00:00:00Z"`, "none": `"code":{"text":"x"}`,
	} {
		call(t, "PUT", base+"/Condition/"+id, `{"resourceType":"Condition","id":"`+id+`","subject":{"reference":"Patient/p"},`+date+`}`, 201)
	}
	out, _ := call(t, "GET", base+"/Patient/p/$everything?start=2015-01-01&end=2015-12-31", "", 200)
	found := entriesOf(out)
	for _, id := range []string{"in", "over", "none", "p"} {
		if !strings.Contains(found, id) {
			t.Errorf("%s is missing: %s", id, found)
		}
	}
	if strings.Contains(found, "before") || strings.Contains(found, "after") {
		t.Errorf("found %s", found)
	}
	call(t, "GET", base+"/Patient/p/$everything?start=soon", "", 400)
	call(t, "GET", base+"/Patient/p/$everything?nonsense=1", "", 400, "Prefer", "handling=strict")
}

func TestHistoryOfATime(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p"}`, 201)
	made, _ := call(t, "GET", base+"/Patient/p", "", 200)
	day := made["meta"].(object)["lastUpdated"].(string)[:10]
	for at, want := range map[string]float64{day: 1, day[:7]: 1, day[:4]: 1, "2001": 0} {
		if past, _ := call(t, "GET", base+"/Patient/p/_history?_at="+at, "", 200); past["total"] != want {
			t.Errorf("at %s there are %v", at, past["total"])
		}
	}
	none, _ := call(t, "GET", base+"/_history?_count=0", "", 200)
	if none["total"] != 1.0 || none["entry"] != nil || len(none["link"].([]any)) != 1 {
		t.Errorf("a count of 0 gives %v", none)
	}
	call(t, "GET", base+"/_history?nonsense=1", "", 400, "Prefer", "handling=strict")
	if meta, _ := call(t, "GET", base+"/Patient/p/_history/1/$meta", "", 200); said(meta, "return") == nil {
		t.Errorf("meta is %v", meta)
	}
}
