package sigv4

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The examples of AWS's documentation of Signature Version 4 for S3
// (sig-v4-header-based-auth, sigv4-streaming, sigv4-streaming-trailers,
// sigv4-query-string-auth): their key, their day, their signatures.
var documented = &Verifier{
	Keys: map[string]string{"AKIAIOSFODNN7EXAMPLE": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
	Now:  func() time.Time { return time.Date(2013, 5, 24, 0, 0, 30, 0, time.UTC) },
}

const credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"

func documentedGet() *http.Request {
	r := httptest.NewRequest("GET", "http://examplebucket.s3.amazonaws.com/test.txt", nil)
	r.Header.Set("Range", "bytes=0-9")
	r.Header.Set("X-Amz-Date", "20130524T000000Z")
	r.Header.Set("X-Amz-Content-Sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+credential+
		",SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
	return r
}

func TestS3Header(t *testing.T) {
	if _, err := documented.VerifyS3(documentedGet()); err != nil {
		t.Error(err)
	}
	for why, change := range map[string]func(*http.Request){
		"path": func(r *http.Request) { r.URL.Path = "/other.txt" }, "method": func(r *http.Request) { r.Method = "DELETE" },
		"range": func(r *http.Request) { r.Header.Set("Range", "bytes=0-99") }, "query": func(r *http.Request) { r.URL.RawQuery = "acl=" },
		"day": func(r *http.Request) { r.Header.Set("X-Amz-Date", "20130524T010000Z") }, "hash": func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", unsignedPayload) },
		"no hash": func(r *http.Request) { r.Header.Del("X-Amz-Content-Sha256") }, "host": func(r *http.Request) { r.Host = "elsewhere" },
	} {
		r := documentedGet()
		change(r)
		if _, err := documented.VerifyS3(r); err == nil {
			t.Errorf("another %s was taken", why)
		}
	}
}

func TestS3Presigned(t *testing.T) {
	address := "http://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + strings.ReplaceAll(credential, "/", "%2F") +
		"&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
	scope, err := documented.VerifyS3(httptest.NewRequest("GET", address, nil))
	if err != nil || scope.Service != "s3" {
		t.Fatalf("%+v, %v", scope, err)
	}
	for want, changed := range map[error]string{
		ErrDenied: strings.Replace(address, "Expires=86400", "Expires=86401", 1), ErrUnsigned: strings.Replace(address, "Expires=86400", "Expires=8640000", 1),
	} {
		if _, err := documented.VerifyS3(httptest.NewRequest("GET", changed, nil)); !errors.Is(err, want) {
			t.Errorf("%v wanted, %v", want, err)
		}
	}
	late := *documented
	late.Now = func() time.Time { return time.Date(2013, 5, 25, 0, 0, 1, 0, time.UTC) }
	if _, err := late.VerifyS3(httptest.NewRequest("GET", address, nil)); !errors.Is(err, ErrExpired) {
		t.Error(err)
	}
}

// chunked is the documentation's upload in chunks of 64 KiB: 65 KiB of the letter a.
func chunked(payload, seed string, signatures []string, trailers string) *http.Request {
	var b strings.Builder
	data := strings.Repeat("a", 66560)
	for i, size := range []int{65536, 1024, 0} {
		fmt.Fprintf(&b, "%x;chunk-signature=%s\r\n%s", size, signatures[i], data[:size])
		if size > 0 {
			b.WriteString("\r\n")
		}
	}
	b.WriteString(trailers)
	b.WriteString("\r\n")
	r := httptest.NewRequest("PUT", "http://s3.amazonaws.com/examplebucket/chunkObject.txt", strings.NewReader(b.String()))
	for k, v := range map[string]string{"X-Amz-Date": "20130524T000000Z", "X-Amz-Storage-Class": "REDUCED_REDUNDANCY", "Content-Encoding": "aws-chunked",
		"X-Amz-Decoded-Content-Length": "66560", "Content-Length": "66824", "X-Amz-Content-Sha256": payload} {
		r.Header.Set(k, v)
	}
	headers := "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class"
	if trailers != "" {
		r.Header.Del("Content-Length")
		r.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32c")
		headers = "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer"
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+credential+",SignedHeaders="+headers+",Signature="+seed)
	return r
}

func documentedChunks() *http.Request {
	return chunked(signedChunks, "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", []string{
		"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648", "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
		"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"}, "")
}

func documentedTrailer() *http.Request {
	return chunked(signedTrailer, "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e", []string{
		"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2", "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
		"2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"},
		"x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n")
}

func TestS3Chunks(t *testing.T) {
	for name, r := range map[string]*http.Request{"chunks": documentedChunks(), "trailer": documentedTrailer()} {
		if _, err := documented.VerifyS3(r); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := io.ReadAll(r.Body)
		if err != nil || string(got) != strings.Repeat("a", 66560) || r.ContentLength != 66560 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// What is not what was signed is told with the last byte at the latest, so that
// who reads exactly the length that was announced learns of it too.
func TestS3BodiesThatWereChanged(t *testing.T) {
	for name, make := range map[string]func() *http.Request{"chunks": documentedChunks, "trailer": documentedTrailer} {
		whole, _ := io.ReadAll(make().Body)
		for why, change := range map[string]func([]byte) []byte{
			"a byte of the data":  func(b []byte) []byte { b[70000%len(b)-2000] = 'b'; return b },
			"a byte of the first": func(b []byte) []byte { b[1000] = 'b'; return b },
			"the end is missing":  func(b []byte) []byte { return b[:len(b)-100] },
			"a chunk is missing":  func(b []byte) []byte { return b[65536+85+2:] },
			"a signature is another": func(b []byte) []byte {
				return bytes.Replace(b, []byte("chunk-signature="), []byte("chunk-signature=0"), 1)
			},
			"no chunks":           func(b []byte) []byte { return bytes.Repeat([]byte("a"), 66560) },
			"more than announced": func(b []byte) []byte { return append(b[:65536+85+2:65536+85+2], b...) },
		} {
			r := make()
			r.Body = io.NopCloser(bytes.NewReader(change(bytes.Clone(whole))))
			_, err := documented.VerifyS3(r)
			if err == nil {
				_, err = io.Copy(io.Discard, io.LimitReader(r.Body, 66560))
			}
			if err == nil {
				t.Errorf("%s: %s was not noticed", name, why)
			}
		}
	}
}

func TestS3TrailingChecksums(t *testing.T) {
	for name, sum := range map[string]string{"crc32": "y/Q5Jg==", "crc32c": "4waSgw==", "crc64nvme": "rosUhgp5mIg=",
		"sha1": "98O8HYCOBHMq32eZZczDTKeuNEE=", "sha256": "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="} {
		for value, want := range map[string]bool{sum: true, "AAAAAA==": false} {
			r := httptest.NewRequest("PUT", "http://h/b/k", strings.NewReader("9\r\n123456789\r\n0\r\nx-amz-checksum-"+name+":"+value+"\r\n\r\n"))
			r.Header.Set("X-Amz-Decoded-Content-Length", "9")
			r.Header.Set("X-Amz-Trailer", "x-amz-checksum-"+name)
			if err := openBody(r, chain{}, unsignedTrailer); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r.Body); string(got) != "123456789" || (err == nil) != want {
				t.Errorf("%s %s: %q, %v", name, value, got, err)
			}
		}
	}
}

func TestS3EmptyBodies(t *testing.T) {
	r := httptest.NewRequest("PUT", "http://h/b/k", strings.NewReader("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"))
	r.Header.Set("X-Amz-Decoded-Content-Length", "0")
	r.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32")
	if err := openBody(r, chain{}, unsignedTrailer); err != nil {
		t.Error(err)
	}
	r = httptest.NewRequest("GET", "http://h/b", nil)
	if err := openBody(r, chain{}, strings.Repeat("0", 64)); !errors.Is(err, ErrPayload) {
		t.Error(err)
	}
}

func FuzzChunks(f *testing.F) {
	f.Add([]byte("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"), "9")
	f.Add([]byte("0\r\n\r\n"), "0")
	f.Fuzz(func(t *testing.T, data []byte, length string) {
		r := httptest.NewRequest("PUT", "http://h/b/k", bytes.NewReader(data))
		r.Header.Set("X-Amz-Decoded-Content-Length", length)
		if openBody(r, chain{}, unsignedTrailer) != nil {
			return
		}
		if got, _ := io.ReadAll(r.Body); len(got) > len(data) {
			t.Errorf("%d bytes of %d", len(got), len(data))
		}
	})
}
