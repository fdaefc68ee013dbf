// Package sigv4 verifies requests signed with AWS Signature Version 4.
//
// Verify is for services other than S3: signed in the headers, the path encoded
// twice, the hash of the body always checked. VerifyS3 is S3's dialect: signed
// in the headers or in the address, bodies whole, in signed chunks, with
// trailing checksums, or not signed.
package sigv4

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Verifier knows the access keys.
type Verifier struct {
	// Keys are the secrets by access key id.
	Keys map[string]string
	// Now is time.Now where it is nil.
	Now func() time.Time
	// MaxBody is the most bytes of a body; 64 MiB where 0.
	MaxBody int64
}

// skew is how far a request's clock may be off, as AWS has it.
const skew = 15 * time.Minute

const stamp = "20060102T150405Z"

// The ways in which a request is refused.
var (
	ErrUnsigned = errors.New("the request is not signed")
	ErrExpired  = errors.New("the request's time is too far from now")
	ErrDenied   = errors.New("the request's signature does not match")
)

// Scope is what a signature was made for.
type Scope struct{ Key, Date, Region, Service string }

// ParseScope reads the scope that a request claims, verified or not.
func ParseScope(r *http.Request) (Scope, error) {
	if s, ok := claimed(r.URL.Query()); ok {
		return s, nil
	}
	a, err := parse(r.Header.Get("Authorization"))
	return a.Scope, err
}

type authorization struct {
	Scope
	signed    []string
	signature string
}

func parse(header string) (authorization, error) {
	var a authorization
	rest, ok := strings.CutPrefix(header, "AWS4-HMAC-SHA256 ")
	if !ok {
		return a, ErrUnsigned
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			f := strings.Split(value, "/")
			if len(f) != 5 || f[4] != "aws4_request" {
				return a, ErrUnsigned
			}
			a.Scope = Scope{f[0], f[1], f[2], f[3]}
		case "SignedHeaders":
			a.signed = strings.Split(value, ";")
		case "Signature":
			a.signature = value
		}
	}
	if a.Key == "" || !slices.Contains(a.signed, "host") || a.signature == "" {
		return a, ErrUnsigned
	}
	return a, nil
}

// Verify reads and checks the request; its body can be read again afterwards.
func (v *Verifier) Verify(r *http.Request) (Scope, error) {
	a, err := parse(r.Header.Get("Authorization"))
	if err != nil {
		return Scope{}, err
	}
	if err := v.fresh(r, a); err != nil {
		return Scope{}, err
	}
	sum, err := v.hash(r)
	if err != nil {
		return Scope{}, err
	}
	// A key that is not known costs the same work as one that is.
	secret, known := v.Keys[a.Key]
	want := sign(secret, a, r.Header.Get("X-Amz-Date"), canonical(r, a.signed, sum))
	got, err := hex.DecodeString(a.signature)
	if !equal(want, got) || err != nil || !known || secret == "" {
		return Scope{}, ErrDenied
	}
	return a.Scope, nil
}

func (v *Verifier) now() time.Time {
	if v.Now != nil {
		return v.Now()
	}
	return time.Now()
}

// equal compares in a time that tells nothing of where two signatures differ.
func equal(a, b []byte) bool { return hmac.Equal(a, b) }

func (v *Verifier) fresh(r *http.Request, a authorization) error {
	at, err := time.Parse(stamp, r.Header.Get("X-Amz-Date"))
	if err != nil || !slices.Contains(a.signed, "x-amz-date") || !strings.HasPrefix(r.Header.Get("X-Amz-Date"), a.Date) || len(a.Date) != 8 {
		return ErrUnsigned
	}
	if d := v.now().Sub(at); d > skew || d < -skew {
		return ErrExpired
	}
	return nil
}

// hash reads the body and checks the hash that is claimed for it.
func (v *Verifier) hash(r *http.Request) (string, error) {
	most := v.MaxBody
	if most == 0 {
		most = 64 << 20
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	if err != nil {
		return "", fmt.Errorf("read request: %w", err)
	}
	if int64(len(body)) > most {
		return "", &http.MaxBytesError{Limit: most}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.Sum256(body)
	text := hex.EncodeToString(sum[:])
	if claimed := r.Header.Get("X-Amz-Content-Sha256"); claimed != "" && claimed != text {
		return "", ErrDenied
	}
	return text, nil
}

// canonical is the canonical request.
func canonical(r *http.Request, signed []string, bodySum string) string {
	return canonicalRequest(r.Method, canonicalPath(r), canonicalQuery(r.URL.Query()), r, signed, bodySum)
}

func canonicalRequest(method, path, query string, r *http.Request, signed []string, bodySum string) string {
	var b strings.Builder
	b.WriteString(method + "\n" + path + "\n" + query + "\n")
	for _, name := range signed {
		values := r.Header.Values(name)
		if name == "host" {
			values = []string{r.Host}
		}
		if name == "content-length" && len(values) == 0 {
			values = []string{fmt.Sprint(r.ContentLength)}
		}
		var trimmed []string
		for _, value := range values {
			trimmed = append(trimmed, strings.Join(strings.Fields(value), " "))
		}
		b.WriteString(name + ":" + strings.Join(trimmed, ",") + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + bodySum)
	return b.String()
}

// canonicalPath encodes the path as it was sent once more.
func canonicalPath(r *http.Request) string {
	path := r.URL.EscapedPath()
	if path == "" {
		return "/"
	}
	return encode(path, true)
}

// canonicalQuery has the parameters by name and then by value, both encoded.
func canonicalQuery(q url.Values) string {
	var all [][2]string
	for name, values := range q {
		for _, value := range values {
			all = append(all, [2]string{encode(name, false), encode(value, false)})
		}
	}
	slices.SortFunc(all, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	var b strings.Builder
	for i, p := range all {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p[0] + "=" + p[1])
	}
	return b.String()
}

// encode is the percent-encoding of the signature's specification (RFC 3986).
func encode(s string, slash bool) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '~', c == '/' && slash:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func sign(secret string, a authorization, at, request string) []byte {
	sum := sha256.Sum256([]byte(request))
	scope := strings.Join([]string{a.Date, a.Region, a.Service, "aws4_request"}, "/")
	return mac(signingKey(secret, a.Scope), "AWS4-HMAC-SHA256\n"+at+"\n"+scope+"\n"+hex.EncodeToString(sum[:]))
}

// signingKey is the key of a day, a Region and a service.
func signingKey(secret string, s Scope) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{s.Date, s.Region, s.Service, "aws4_request"} {
		key = mac(key, part)
	}
	return key
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
