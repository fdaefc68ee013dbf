package rest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// fake is a FHIR server that fails the test for whatever it does not expect: an
// address, a header or a body of another kind, a reference to what it does not
// have, an assertion used twice.
type fake struct {
	t    *testing.T
	url  string
	auth func(r *http.Request) int // the status to refuse with, 0 to go on

	// script is what comes before the true answers.
	script []func(w http.ResponseWriter)
	most   int

	mu     sync.Mutex
	stored map[string]string
	sizes  []int

	key     *ecdsa.PrivateKey
	config  map[string]any
	now     func() time.Time
	life    int
	tokens  int
	used    map[string]bool
	refuse  string
	current string
}

func newFake(t *testing.T) *fake {
	f := &fake{t: t, stored: map[string]string{}, most: 100, used: map[string]bool{}, now: time.Now, life: 300}
	s := httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(s.Close)
	f.url = s.URL
	f.config = map[string]any{"token_endpoint": s.URL + "/token", "grant_types_supported": []string{"client_credentials"},
		"token_endpoint_auth_methods_supported":            []string{"private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": []string{"RS384", "ES384"}}
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch r.Method + " " + r.URL.Path {
	case "GET /r4/.well-known/smart-configuration":
		if r.Header.Get("Accept") != "application/json" || r.Header.Get("Authorization") != "" {
			f.t.Errorf("discovery with %v", r.Header)
		}
		json.NewEncoder(w).Encode(f.config)
	case "POST /token":
		f.token(w, r)
	case "GET /r4/metadata":
		io.WriteString(w, `{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1"}`)
	case "POST /r4":
		f.transaction(w, r)
	default:
		f.t.Errorf("asked for %s %s", r.Method, r.URL)
		w.WriteHeader(404)
	}
}

func (f *fake) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		f.t.Errorf("token asked for with %v, %v", r.Header, err)
	}
	if f.refuse != "" {
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"error":%q,"error_description":"client Wilkins"}`, f.refuse)
		return
	}
	form := r.PostForm
	if form.Get("grant_type") != "client_credentials" || form.Get("scope") != "system/*.cruds" || len(form) != 4 ||
		form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		f.t.Errorf("token asked for with %v", form)
	}
	claims := jwt.MapClaims{}
	tok, err := jwt.ParseWithClaims(form.Get("client_assertion"), claims, func(*jwt.Token) (any, error) { return &f.key.PublicKey, nil },
		jwt.WithValidMethods([]string{"ES384"}), jwt.WithAudience(f.url+"/token"), jwt.WithIssuer("client-1"), jwt.WithSubject("client-1"),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(f.now))
	if err != nil {
		f.t.Errorf("assertion: %v", err)
		return
	}
	id, _ := claims["jti"].(string)
	exp, _ := claims.GetExpirationTime()
	if tok.Header["kid"] != "key-1" || tok.Header["typ"] != "JWT" || id == "" || f.used[id] || exp.Sub(f.now()) > 5*time.Minute {
		f.t.Errorf("assertion is %v %v", tok.Header, claims)
	}
	if _, one := claims["aud"].(string); !one {
		f.t.Errorf("audience is %v", claims["aud"])
	}
	f.used[id] = true
	f.tokens++
	f.current = fmt.Sprint("token-", f.tokens)
	fmt.Fprintf(w, `{"access_token":%q,"token_type":"bearer","expires_in":%d,"scope":"system/*.cruds"}`, f.current, f.life)
}

func (f *fake) transaction(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.Header.Get("Content-Type") != "application/fhir+json" || r.Header.Get("Accept") != "application/fhir+json" {
		f.t.Errorf("headers are %v", r.Header)
	}
	if f.auth != nil {
		if status := f.auth(r); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	if len(f.script) > 0 {
		answer := f.script[0]
		f.script = f.script[1:]
		answer(w)
		return
	}
	var b struct {
		ResourceType, Type string
		Entry              []struct {
			FullURL  string
			Resource map[string]any
			Request  struct{ Method, URL string }
		}
	}
	if err := json.Unmarshal(body, &b); err != nil || b.ResourceType != "Bundle" || b.Type != "transaction" || len(b.Entry) > f.most || len(b.Entry) == 0 {
		f.t.Errorf("transaction of %d entries, %v", len(b.Entry), err)
	}
	f.sizes = append(f.sizes, len(b.Entry))
	for _, e := range b.Entry {
		f.stored[e.Request.URL] = fmt.Sprint(e.Resource)
		if e.Request.Method != "PUT" || e.Request.URL != fmt.Sprint(e.Resource["resourceType"], "/", e.Resource["id"]) {
			f.t.Errorf("entry %+v", e.Request)
		}
	}
	var answers []string
	for _, e := range b.Entry {
		references(e.Resource, func(to string) {
			if _, ok := f.stored[to]; !ok {
				f.t.Errorf("%s refers to %s, which is not there yet", e.Request.URL, to)
			}
		})
		answers = append(answers, `{"response":{"status":"201 Created"}}`)
	}
	fmt.Fprintf(w, `{"resourceType":"Bundle","type":"transaction-response","entry":[%s]}`, strings.Join(answers, ","))
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
