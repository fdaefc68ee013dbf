package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

var at = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// signed is a request as the AWS SDK signs it.
func signed(t *testing.T, method, target, body, secret string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	sum := sha256.Sum256([]byte(body))
	r.Header.Set("Content-Type", "application/fhir+json")
	err := v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: secret, SessionToken: "token"}, r, hex.EncodeToString(sum[:]), "healthlake", "us-west-2", at)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var verifier = &Verifier{Keys: map[string]string{"AKID": "secret", "EMPTY": ""}, Now: func() time.Time { return at }}

func TestVerifyTakesWhatTheSDKSigns(t *testing.T) {
	for _, target := range []string{
		"/", "/datastore/0123/r4/Patient?name=O%27Neil&birthdate=ge1950-01-01&_sort=-_lastUpdated,name",
		"/datastore/0123/r4/Patient/a%20b", "/datastore/0123/r4/Observation?code=http%3A%2F%2Floinc.org%7C8480-6&a=2&a=1&empty=",
	} {
		r := signed(t, "POST", "http://127.0.0.1:8080"+target, `{"x":1}`, "secret")
		scope, err := verifier.Verify(r)
		if err != nil || scope.Service != "healthlake" || scope.Region != "us-west-2" {
			t.Errorf("%s: %+v, %v", target, scope, err)
		}
		if body, _ := io.ReadAll(r.Body); string(body) != `{"x":1}` {
			t.Errorf("the body is %q afterwards", body)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*http.Request)
		want   error
	}{
		"unsigned":    {func(r *http.Request) { r.Header.Del("Authorization") }, ErrUnsigned},
		"basic":       {func(r *http.Request) { r.Header.Set("Authorization", "Basic x") }, ErrUnsigned},
		"other body":  {func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("{}")) }, ErrDenied},
		"other path":  {func(r *http.Request) { r.URL.Path = "/other" }, ErrDenied},
		"other query": {func(r *http.Request) { r.URL.RawQuery = "name=b" }, ErrDenied},
		"other verb":  {func(r *http.Request) { r.Method = "DELETE" }, ErrDenied},
		"other host":  {func(r *http.Request) { r.Host = "elsewhere" }, ErrDenied},
		"other token": {func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "x") }, ErrDenied},
		"stale":       {func(r *http.Request) { r.Header.Set("X-Amz-Date", "20261123T110000Z") }, ErrExpired},
		"no date":     {func(r *http.Request) { r.Header.Del("X-Amz-Date") }, ErrUnsigned},
		"other key": {func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "AKID", "AKIX", 1))
		}, ErrDenied},
		"no hex": {func(r *http.Request) { r.Header.Set("Authorization", r.Header.Get("Authorization")+"zz") }, ErrDenied},
	} {
		r := signed(t, "POST", "http://127.0.0.1/datastore/1/r4/Patient?name=a", `{"x":1}`, "secret")
		c.change(r)
		if _, err := verifier.Verify(r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := verifier.Verify(signed(t, "GET", "http://127.0.0.1/", "", "wrong")); !errors.Is(err, ErrDenied) {
		t.Error("another secret was taken")
	}
	small := &Verifier{Keys: verifier.Keys, Now: verifier.Now, MaxBody: 3}
	var big *http.MaxBytesError
	if _, err := small.Verify(signed(t, "POST", "http://127.0.0.1/", "1234", "secret")); !errors.As(err, &big) {
		t.Error(err)
	}
}

// An empty secret in the settings lets nobody in.
func TestEmptySecret(t *testing.T) {
	r := signed(t, "GET", "http://127.0.0.1/", "", "")
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "AKID", "EMPTY", 1))
	if _, err := verifier.Verify(r); !errors.Is(err, ErrDenied) {
		t.Error(err)
	}
}

func FuzzAuthorization(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=AKID/20261123/us-west-2/healthlake/aws4_request, SignedHeaders=host;x-amz-date, Signature=00")
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest("GET", "http://127.0.0.1/", nil)
		r.Header.Set("Authorization", header)
		r.Header.Set("X-Amz-Date", "20261123T120000Z")
		if _, err := verifier.Verify(r); err == nil {
			t.Error("let in")
		}
	})
}
