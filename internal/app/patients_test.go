package app

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/store"
)

const patientBundle = `{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"https://x/Patient/p1","resource":
	{"resourceType":"Patient","id":"p1","name":[{"family":"Brandt","given":["Marta"]}]%s},"request":{"method":"PUT","url":"Patient/p1"}}]}`

// TestPatientsKeepWhatTheyHave: a later file that says less takes nothing away,
// and the same file again is no new version.
func TestPatientsKeepWhatTheyHave(t *testing.T) {
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "fhir.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p := &patients{store: s}
	for i, more := range []string{`,"telecom":[{"system":"phone","value":"555"}]`, `,"gender":"female"`, `,"gender":"female"`} {
		if err := p.Import(t.Context(), []byte(strings.Replace(patientBundle, "%s", more, 1))); err != nil {
			t.Fatal(i, err)
		}
	}
	r, err := s.Read(t.Context(), "Patient", "p1")
	if err != nil || r.Version != 2 || !strings.Contains(string(r.Body), `"555"`) || !strings.Contains(string(r.Body), `"female"`) {
		t.Errorf("%v, version %d: %s", err, r.Version, r.Body)
	}
	if err := p.Import(t.Context(), []byte("no bundle")); err == nil {
		t.Error("no bundle is no error")
	}
}
