package rest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// make writes a transaction Bundle: entry i refers to the entries in refs[i].
func bundleOf(refs [][]int) []byte {
	var entries []string
	for i, to := range refs {
		var links []string
		for _, j := range to {
			links = append(links, fmt.Sprintf(`{"reference":"Basic/r%d"}`, j))
		}
		entries = append(entries, fmt.Sprintf(`{"fullUrl":"https://x/Basic/r%d","resource":{"resourceType":"Basic","id":"r%d","author":[%s]},"request":{"method":"PUT","url":"Basic/r%d"}}`,
			i, i, strings.Join(links, ","), i))
	}
	return fmt.Appendf(nil, `{"resourceType":"Bundle","type":"transaction","entry":[%s]}`, strings.Join(entries, ","))
}

func client(f *fake, waited *[]time.Duration) *Client {
	return &Client{Base: f.url + "/r4", Wait: func(_ context.Context, d time.Duration) error {
		if waited != nil {
			*waited = append(*waited, d)
		}
		return nil
	}}
}

func TestImportInParts(t *testing.T) {
	f := newFake(t)
	f.most = 3
	c := client(f, nil)
	c.MaxEntries = 3
	// 4 and 5 refer to one another; all refer to 6, which comes last.
	if err := c.Import(t.Context(), bundleOf([][]int{{6}, {0, 6}, {6}, {6}, {5}, {4}, {}})); err != nil {
		t.Fatal(err)
	}
	if len(f.stored) != 7 || slices.Max(f.sizes) > 3 {
		t.Errorf("stored %d in %v", len(f.stored), f.sizes)
	}
}

func TestImportWholeWhereItFits(t *testing.T) {
	f := newFake(t)
	if err := client(f, nil).Import(t.Context(), bundleOf([][]int{{1}, {}})); err != nil || !slices.Equal(f.sizes, []int{2}) {
		t.Error(f.sizes, err)
	}
}

func TestWhatCannotBeParted(t *testing.T) {
	for name, data := range map[string]string{
		"a POST":      `{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Basic"}},{"request":{"method":"PUT","url":"Basic/1"}}]}`,
		"a condition": `{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"PUT","url":"Basic?x=1"}},{"request":{"method":"PUT","url":"Basic/1"}}]}`,
		"a circle":    string(bundleOf([][]int{{1}, {0}})),
		"a batch":     `{"resourceType":"Bundle","type":"batch","entry":[]}`,
		"nonsense":    `{`,
	} {
		if _, err := split([]byte(data), 1, 1000); err == nil {
			t.Errorf("%s was parted", name)
		}
	}
	if _, err := split(bundleOf([][]int{{}, {}}), 1, 50); err == nil {
		t.Error("an entry larger than the limit was sent")
	}
}

// Whatever refers to whatever: every entry is sent once, no part is too large,
// and no part refers to a later one.
func TestSplitProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		refs := make([][]int, n)
		for i := range refs {
			refs[i] = rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 2).Draw(t, "refs")
		}
		most, size := rapid.IntRange(1, 12).Draw(t, "most"), rapid.IntRange(300, 4000).Draw(t, "size")
		parts, err := split(bundleOf(refs), most, size)
		var large *Error
		if errors.As(err, &large) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for p, data := range parts {
			var b struct {
				Entry []struct{ Request struct{ URL string } }
			}
			if err := json.Unmarshal(data, &b); err != nil || len(b.Entry) > most || len(data) > size {
				t.Fatalf("part of %d entries and %d bytes: %v", len(b.Entry), len(data), err)
			}
			for _, e := range b.Entry {
				if _, twice := at[e.Request.URL]; twice {
					t.Fatalf("%s is sent twice", e.Request.URL)
				}
				at[e.Request.URL] = p
			}
		}
		if len(at) != n {
			t.Fatalf("sent %d of %d", len(at), n)
		}
		for i, to := range refs {
			for _, j := range to {
				if at[fmt.Sprint("Basic/r", j)] > at[fmt.Sprint("Basic/r", i)] {
					t.Fatalf("%d refers to the later %d", i, j)
				}
			}
		}
	})
}

func answer(status int, header, value, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		if header != "" {
			w.Header().Set(header, value)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func TestWaitsAsLongAsItIsTold(t *testing.T) {
	f := newFake(t)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f.script = []func(http.ResponseWriter){answer(429, "Retry-After", "7", ""),
		answer(503, "Retry-After", "Mon, 23 Nov 2026 12:00:09 GMT", ""), answer(502, "", "", "")}
	var waited []time.Duration
	c := client(f, &waited)
	c.Now = func() time.Time { return now }
	if err := c.Import(t.Context(), bundleOf([][]int{{}})); err != nil {
		t.Fatal(err)
	}
	if len(waited) != 3 || waited[0] != 7*time.Second || waited[1] != 9*time.Second || waited[2] < 3*time.Second || waited[2] > 5*time.Second {
		t.Errorf("waited %v", waited)
	}
}

func TestGivesUp(t *testing.T) {
	for name, c := range map[string]struct {
		answers []func(http.ResponseWriter)
		waits   int
		busy    bool
	}{
		"after four tries":        {slices.Repeat([]func(http.ResponseWriter){answer(503, "", "", "")}, 4), 3, true},
		"told to come in an hour": {[]func(http.ResponseWriter){answer(429, "Retry-After", "3600", "")}, 0, true},
		"refused":                 {[]func(http.ResponseWriter){answer(422, "", "", "")}, 0, false},
		"forbidden":               {[]func(http.ResponseWriter){answer(403, "", "", "")}, 0, false},
		"sent elsewhere":          {[]func(http.ResponseWriter){answer(307, "Location", "https://elsewhere.example/", "")}, 0, false},
	} {
		f := newFake(t)
		f.script = c.answers
		var waited []time.Duration
		err := client(f, &waited).Import(t.Context(), bundleOf([][]int{{}}))
		var e *Error
		if !errors.As(err, &e) || e.Busy() != c.busy || len(waited) != c.waits || len(f.script) != 0 || len(f.stored) != 0 {
			t.Errorf("%s: %v, waited %v", name, err, waited)
		}
	}
}

func TestErrorsHoldNoPHI(t *testing.T) {
	f := newFake(t)
	f.script = []func(http.ResponseWriter){answer(422, "", "", `{"resourceType":"OperationOutcome","issue":[
		{"severity":"warning","code":"value"},
		{"severity":"error","code":"invariant","diagnostics":"Wilkins born 1953","details":{"text":"Wilkins"},
		 "expression":["Bundle.entry[3].resource.birthDate","Patient.name.where(family='Wilkins')"]},
		{"severity":"fatal","code":"Wilkins 1953"}]}`)}
	err := client(f, nil).Import(t.Context(), bundleOf([][]int{{}}))
	if err == nil || err.Error() != "the FHIR server answered 422 (invariant; at Bundle.entry[3].resource.birthDate)" {
		t.Errorf("error is %v", err)
	}
	away := &Client{Base: "http://127.0.0.1:1/r4", Tries: 1}
	if _, err := away.Do(t.Context(), "GET", "Patient?name=Wilkins", nil); err == nil || strings.Contains(err.Error(), "Wilkins") {
		t.Errorf("error is %v", err)
	}
}

func TestOnlyACompleteAnswerIsSuccess(t *testing.T) {
	for _, body := range []string{`{}`, `x`, `{"resourceType":"Bundle","type":"batch-response"}`,
		`{"resourceType":"Bundle","type":"transaction-response","entry":[]}`,
		`{"resourceType":"Bundle","type":"transaction-response","entry":[{"response":{"status":"412 Precondition Failed"}}]}`,
		`{"resourceType":"Bundle","type":"transaction-response","entry":[{}]}`} {
		f := newFake(t)
		f.script = []func(http.ResponseWriter){answer(200, "", "", body)}
		c := client(f, nil)
		c.Tries = 1
		if err := c.Import(t.Context(), bundleOf([][]int{{}})); err == nil {
			t.Errorf("%s is taken for success", body)
		}
	}
}

func TestBearerFromFile(t *testing.T) {
	f := newFake(t)
	file := filepath.Join(t.TempDir(), "token")
	want := ""
	f.auth = func(r *http.Request) int {
		if r.Header.Get("Authorization") != "Bearer "+want {
			t.Errorf("authorized by %q", r.Header.Get("Authorization"))
		}
		return 0
	}
	c := client(f, nil)
	c.Auth = Bearer{File: file}
	if err := c.Import(t.Context(), bundleOf([][]int{{}})); err == nil {
		t.Error("went without a token")
	}
	for _, want = range []string{"one", "two"} { // somebody renews it
		if err := os.WriteFile(file, []byte(want+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := c.Import(t.Context(), bundleOf([][]int{{}})); err != nil {
			t.Error(err)
		}
	}
}

func backend(t *testing.T, f *fake) *Backend {
	f.key = newKey(t)
	k, err := keyOf(f.key)
	if err != nil {
		t.Fatal(err)
	}
	f.auth = func(r *http.Request) int {
		if r.Header.Get("Authorization") != "Bearer "+f.current {
			return 401
		}
		return 0
	}
	return &Backend{Base: f.url + "/r4", ClientID: "client-1", KeyID: "key-1", Scope: "system/*.cruds", Key: k, Now: f.now}
}

func TestSMARTTokensAreRenewed(t *testing.T) {
	f := newFake(t)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f.now = func() time.Time { return now }
	c := client(f, nil)
	c.Auth = backend(t, f)
	for _, step := range []struct {
		later  time.Duration
		tokens int
	}{{0, 1}, {4 * time.Minute, 1}, {29 * time.Second, 1}, {time.Second, 2}, {time.Minute, 2}, {time.Hour, 3}} {
		now = now.Add(step.later)
		if err := c.Import(t.Context(), bundleOf([][]int{{}})); err != nil || f.tokens != step.tokens {
			t.Fatalf("after %v: %d tokens, %v", step.later, f.tokens, err)
		}
	}
	// Withdrawn before its time: one more, and no endless asking.
	f.current = "other"
	if err := c.Import(t.Context(), bundleOf([][]int{{}})); err != nil || f.tokens != 4 {
		t.Fatal(f.tokens, err)
	}
	f.auth = func(*http.Request) int { return 401 }
	if err := c.Import(t.Context(), bundleOf([][]int{{}})); err == nil || f.tokens != 5 {
		t.Fatal(f.tokens, err)
	}
}

func TestSMARTRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fake)
		want   string
	}{
		"wrong client": {func(f *fake) { f.refuse = "invalid_client" }, "the authorization server answered 401 (invalid_client)"},
		"a sentence":   {func(f *fake) { f.refuse = "No Wilkins" }, "the authorization server answered 401"},
		"in the clear": {func(f *fake) { f.config["token_endpoint"] = "http://elsewhere.example/token" }, "no token endpoint under https"},
		"other algorithm": {func(f *fake) {
			f.config["token_endpoint_auth_signing_alg_values_supported"] = []string{"RS384"}
		}, "does not take ES384"},
		"secrets only": {func(f *fake) {
			f.config["token_endpoint_auth_methods_supported"] = []string{"client_secret_basic"}
		}, "private_key_jwt"},
		"people only": {func(f *fake) { f.config["grant_types_supported"] = []string{"authorization_code"} }, "Backend Services"},
	} {
		f := newFake(t)
		cl := client(f, nil)
		cl.Auth = backend(t, f)
		c.change(f)
		err := cl.Import(t.Context(), bundleOf([][]int{{}}))
		if err == nil || !strings.HasSuffix(err.Error(), c.want) && !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Wilkins") {
			t.Errorf("%s: %v", name, err)
		}
		var e *Error
		if errors.As(err, &e) && e.Final() {
			t.Errorf("%s: the record is not at fault", name)
		}
	}
}

func TestReadKey(t *testing.T) {
	write := func(der []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "key.pem")
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	big, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for alg, file := range map[string]string{"RS384": write(x509.MarshalPKCS8PrivateKey(big)), "ES384": write(x509.MarshalPKCS8PrivateKey(newKey(t)))} {
		if k, err := ReadKey(file); err != nil || k.method.Alg() != alg {
			t.Errorf("%s: %v", alg, err)
		}
	}
	for _, file := range []string{write(x509.MarshalPKCS8PrivateKey(p256)), write([]byte("x"), nil), "/nowhere"} {
		if _, err := ReadKey(file); err == nil {
			t.Errorf("%s is taken", file)
		}
	}
}

func TestCheck(t *testing.T) {
	f := newFake(t)
	if err := client(f, nil).Check(t.Context()); err != nil {
		t.Error(err)
	}
	for address, good := range map[string]bool{"https://x.example/r4": true, "http://127.0.0.1:1/r4": true, "http://localhost/r4": true,
		"http://x.example/r4": false, "x.example": false, "https://u:p@x.example/": false, "https://x.example/?q": false, "": false} {
		if err := CheckAddress(address); (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
	}
}
