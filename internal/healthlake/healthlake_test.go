package healthlake

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func client(t *testing.T, h http.HandlerFunc) *Client {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &Client{Endpoint: s.URL + "/datastore/d1/r4/", Region: "us-west-2", Validation: "strict",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret", SessionToken: "token"}, nil
		})}
}

func TestTransactionOnTheWire(t *testing.T) {
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		auth := r.Header.Get("Authorization")
		if r.Method != "POST" || r.URL.Path != "/datastore/d1/r4/" || string(body) != `{"x":1}` ||
			!strings.Contains(auth, "/us-west-2/healthlake/aws4_request") || r.Header.Get("X-Amz-Security-Token") != "token" ||
			r.Header.Get("x-amzn-healthlake-fhir-validation-level") != "strict" || r.Header.Get("Content-Type") != "application/fhir+json" {
			t.Errorf("%s %s %q %v", r.Method, r.URL, body, r.Header)
		}
		io.WriteString(w, `{"resourceType":"Bundle","type":"transaction-response"}`)
	})
	if err := c.Transaction(t.Context(), []byte(`{"x":1}`)); err != nil {
		t.Error(err)
	}
}

func TestErrorsTellNoText(t *testing.T) {
	for status, final := range map[int]bool{400: true, 413: true, 422: true, 403: false, 404: false, 409: false, 429: false, 500: false, 503: false} {
		c := client(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, `{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"value"},{"severity":"error","code":"processing","diagnostics":"Wilkins"},{"code":"Wilkins 1953"}]}`)
		})
		_, err := c.Do(t.Context(), "GET", "Patient?name=Wilkins", nil)
		var e *Error
		if !errors.As(err, &e) || e.Status != status || e.Final() != final || !reflect.DeepEqual(e.Codes, []string{"processing"}) {
			t.Errorf("%d gives %v", status, err)
		}
	}
	c := client(t, nil)
	c.Endpoint = "http://127.0.0.1:1/r4"
	if _, err := c.Do(t.Context(), "GET", "Patient?name=Wilkins", nil); err == nil || strings.Contains(err.Error(), "Wilkins") {
		t.Errorf("error is %v", err)
	}
}

func TestSignsNothingForOthers(t *testing.T) {
	c := client(t, func(http.ResponseWriter, *http.Request) { t.Error("called") })
	for _, path := range []string{"http://elsewhere.example/r4/Patient", "../../other/r4/Patient", "//elsewhere.example/x"} {
		if _, err := c.Do(t.Context(), "GET", path, nil); err == nil {
			t.Errorf("%s was called", path)
		}
	}
}

func TestManifestAndFailures(t *testing.T) {
	m, err := ParseManifest([]byte(`{"numberOfResourcesScanned":9,"numberOfResourcesImportedSuccessfully":4,"numberOfResourcesWithCustomerError":5,"numberOfResourcesWithServerError":0}`))
	if err != nil || m != (Manifest{9, 4, 5, 0}) {
		t.Errorf("%+v, %v", m, err)
	}
	// As the documentation prints it, with an unquoted key.
	got := ParseFailures([]byte(`{"lineId":9, UpdateResourceResponse:{"jsonBlob":{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing","diagnostics":"Missing required id field in resource json"}]}, "statusCode":400}
nonsense
{"lineId":3,"UpdateResourceResponse":{"statusCode":422}}`))
	if !reflect.DeepEqual(got, []Failure{{9, 400}, {3, 422}}) {
		t.Errorf("%+v", got)
	}
	if k := ManifestKeys("log/", "d", "j"); k[0] != "log/d-FHIR_IMPORT-j/manifest.json" || k[1] != "log/d-FHIR_IMPORT-j/Manifest.json" {
		t.Error(k)
	}
}

func FuzzParseFailures(f *testing.F) {
	f.Add([]byte(`{"lineId":9, UpdateResourceResponse:{"statusCode":400}}`))
	f.Fuzz(func(t *testing.T, log []byte) { ParseFailures(log) })
}
