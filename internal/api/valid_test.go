package api

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/validate"
)

// TestAnswersAreValid holds what the API says of itself and the Bundles it makes
// against the definitions.
func TestAnswersAreValid(t *testing.T) {
	base := start(t)
	table, err := definition.Load()
	if err != nil {
		t.Fatal(err)
	}
	v := validate.New(table, validate.Options{})
	call(t, "PUT", base+"/Practitioner/d", `{"resourceType":"Practitioner","id":"d"}`, 201)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p","gender":"male","generalPractitioner":[{"reference":"Practitioner/d"}]}`, 201)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p","generalPractitioner":[{"reference":"Practitioner/d"}]}`, 200)
	call(t, "DELETE", base+"/Practitioner/d", "", 204)
	for _, path := range []string{"/metadata", "/Patient?_include=*&unknown=1&name:missing=true", "/Patient?_summary=true", "/Patient?_summary=count", "/_history", "/Patient/p/$everything", "/Patient/none", "/Patient?name:x=1", "/Patient/p/$meta", "/$meta", "/Group/$meta", "/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender", "/CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=male"} {
		check(t, v, "GET", base+path, "")
	}
	check(t, v, "POST", base, `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/p"}},{"request":{"method":"GET","url":"Patient/q"}},{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}]}`)
	check(t, v, "POST", base, `{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:2b1f3c5e-0000-4000-8000-000000000003","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},{"request":{"method":"GET","url":"Patient/p"}}]}`)
}

func check(t *testing.T, v *validate.Validator, method, url, body string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, i := range v.Validate(t.Context(), data) {
		if i.Severity == validate.Error && shown < 4 {
			shown++
			t.Errorf("%s %s: %s", method, url[strings.Index(url, "/R4"):], i)
		}
	}
}
