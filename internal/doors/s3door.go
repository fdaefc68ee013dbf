package doors

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/paperchart/paperchart/internal/sigv4"
)

// maxXML is the most bytes of a request that is no object's.
const maxXML = 4 << 20

// serveS3 verifies a request and leads it to the buckets.
func (d *Doors) serveS3(w http.ResponseWriter, r *http.Request) {
	if _, err := d.verify.VerifyS3(r); err != nil {
		failS3(w, r, err)
		return
	}
	if r.ContentLength == 0 && strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
		// S3 says so for empty bodies too, and boto3 hangs later where it is not said.
		w.WriteHeader(http.StatusContinue)
	}
	q := r.URL.Query()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	r, done := d.versions(w, r, bucket, key)
	switch {
	case done:
		return
	case q.Has("notification") && key == "" && (r.Method == http.MethodGet || r.Method == http.MethodPut):
		d.bucketNotifications(w, r, bucket)
		return
	case q.Has("publicAccessBlock") && key == "" && (r.Method == http.MethodGet || r.Method == http.MethodPut):
		d.publicAccess(w, r, bucket)
		return
	case r.Method == http.MethodPost:
		data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxXML))
		if err != nil {
			failS3(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(data))
	case r.Method == http.MethodGet && key == "" && q.Get("list-type") == "2": // mended
	default:
		d.s3.ServeHTTP(w, r)
		return
	}
	d.mended(w, r)
}

// tooSmall is the code of a part that is too small, which the library knows no
// status for.
const tooSmall = "EntityTooSmall"

// mended answers with what the library leaves out and clients rely on.
func (d *Doors) mended(w http.ResponseWriter, r *http.Request) {
	a := &answerOf{header: w.Header(), status: http.StatusOK}
	d.s3.ServeHTTP(a, r)
	data := a.body.Bytes()
	if r.Method == http.MethodGet && !bytes.Contains(data, []byte("<KeyCount>")) {
		data = bytes.Replace(data, []byte("</ListBucketResult>"), []byte("<KeyCount>0</KeyCount></ListBucketResult>"), 1)
	}
	if bytes.Contains(data, []byte("<Code>"+tooSmall+"</Code>")) {
		a.status = http.StatusBadRequest
	}
	w.Header().Del("Content-Length")
	w.WriteHeader(a.status)
	w.Write(data)
}

// s3Failure is an error as S3 writes it.
type s3Failure struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
	Message string
}

// failS3 says why a request was not let in.
func failS3(w http.ResponseWriter, r *http.Request, err error) {
	f, status := s3Failure{Code: "AccessDenied", Message: "Access Denied"}, http.StatusForbidden
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		f.Code, f.Message, status = "MaxMessageLengthExceeded", "Your request was too large.", http.StatusBadRequest
	case errors.Is(err, sigv4.ErrExpired) && r.URL.Query().Has("X-Amz-Signature"):
		f.Message = "Request has expired"
	case errors.Is(err, sigv4.ErrExpired):
		f.Code, f.Message = "RequestTimeTooSkewed", "The difference between the request time and the server's time is too large."
	case errors.Is(err, sigv4.ErrDenied):
		f.Code, f.Message = "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method."
	case errors.Is(err, sigv4.ErrPayload):
		f.Code, f.Message, status = "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.", http.StatusBadRequest
	}
	if r.Method == http.MethodHead {
		w.WriteHeader(status)
		return
	}
	writeS3(w, status, f)
}

// writeS3 answers with XML.
func writeS3(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	io.WriteString(w, xml.Header)
	xml.NewEncoder(w).Encode(v)
}
