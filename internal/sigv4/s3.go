package sigv4

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Ways in which S3's clients say how a body is signed, in X-Amz-Content-Sha256;
// everything else is the hash of the body.
const (
	unsignedPayload = "UNSIGNED-PAYLOAD"
	unsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	signedChunks    = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	signedTrailer   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
)

// longest is how long a presigned address may be good for.
const longest = 7 * 24 * time.Hour

// VerifyS3 checks a request to S3, signed in its headers or in its address: the
// path is encoded once, and the body may be signed in chunks or not at all. The
// body is then as the client meant it, without chunks; where it is not what was
// signed, or not what its checksum says, reading it gives ErrPayload at the end,
// together with the last bytes.
func (v *Verifier) VerifyS3(r *http.Request) (Scope, error) {
	a, at, payload, err := v.claims(r)
	if err != nil {
		return Scope{}, err
	}
	secret, known := v.Keys[a.Key]
	query := r.URL.Query()
	query.Del("X-Amz-Signature")
	want := sign(secret, a, at, canonicalRequest(r.Method, encode(r.URL.Path, true), canonicalQuery(query), r, a.signed, payload))
	got, err := hex.DecodeString(a.signature)
	if !equal(want, got) || err != nil || !known || secret == "" {
		return Scope{}, ErrDenied
	}
	return a.Scope, openBody(r, chain{key: signingKey(secret, a.Scope), scope: a.Scope, at: at, last: a.signature}, payload)
}

// claims reads what a request says of its signature, and refuses one that is
// not signed or not any more.
func (v *Verifier) claims(r *http.Request) (a authorization, at, payload string, err error) {
	if r.URL.Query().Has("X-Amz-Signature") {
		return v.presigned(r)
	}
	if a, err = parse(r.Header.Get("Authorization")); err != nil {
		return a, "", "", err
	}
	payload = r.Header.Get("X-Amz-Content-Sha256")
	if payload == "" || a.Service != "s3" {
		return a, "", "", ErrUnsigned
	}
	return a, r.Header.Get("X-Amz-Date"), payload, v.fresh(r, a)
}

func (v *Verifier) presigned(r *http.Request) (a authorization, at, payload string, err error) {
	q := r.URL.Query()
	a, err = parse(strings.Join([]string{q.Get("X-Amz-Algorithm") + " Credential=" + q.Get("X-Amz-Credential"),
		"SignedHeaders=" + q.Get("X-Amz-SignedHeaders"), "Signature=" + q.Get("X-Amz-Signature")}, ","))
	at = q.Get("X-Amz-Date")
	from, timeErr := time.Parse(stamp, at)
	seconds, numErr := strconv.Atoi(q.Get("X-Amz-Expires"))
	good := time.Duration(seconds) * time.Second
	switch {
	case err != nil:
		return a, at, "", err
	case timeErr != nil, numErr != nil, a.Service != "s3", len(a.Date) != 8, !strings.HasPrefix(at, a.Date), good <= 0, good > longest:
		return a, at, "", ErrUnsigned
	case v.now().After(from.Add(good)), v.now().Before(from.Add(-skew)):
		return a, at, "", ErrExpired
	}
	if payload = q.Get("X-Amz-Content-Sha256"); payload == "" {
		payload = unsignedPayload
	}
	// A body's own hash may stand among the signed headers.
	if slices.Contains(a.signed, "x-amz-content-sha256") {
		payload = r.Header.Get("X-Amz-Content-Sha256")
	}
	return a, at, payload, nil
}

// claimed is the scope in a presigned address.
func claimed(q url.Values) (Scope, bool) {
	f := strings.Split(q.Get("X-Amz-Credential"), "/")
	if !q.Has("X-Amz-Signature") || len(f) != 5 {
		return Scope{}, false
	}
	return Scope{f[0], f[1], f[2], f[3]}, true
}
