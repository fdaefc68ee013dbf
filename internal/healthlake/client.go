// Package healthlake speaks to the data plane of AWS HealthLake, for which the
// SDKs have nothing, and reads what its import jobs leave in S3.
//
// What goes wrong comes back as *Error, with the status and the issue codes of
// the OperationOutcome but none of its texts: they may quote the record.
package healthlake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// MaxTransaction is the most entries of a synchronous transaction, MaxBody the
// most bytes of a request (quotas page, read 2026-11).
const (
	MaxTransaction = 100
	MaxBody        = 5 << 20
)

// maxAnswer is the most bytes of an answer that are read.
const maxAnswer = 64 << 20

// Client calls one data store. It may be used by several goroutines.
type Client struct {
	// Endpoint is the data store's, such as
	// https://healthlake.us-west-2.amazonaws.com/datastore/ID/r4/.
	Endpoint    string
	Region      string
	Credentials aws.CredentialsProvider
	// Validation is strict, structure-only or minimal; the store's default where
	// it is empty.
	Validation string
	// HTTP is http.DefaultClient where it is nil.
	HTTP *http.Client
	// Now is time.Now where it is nil.
	Now func() time.Time
}

// Error is a refusal by the data store.
type Error struct {
	Status int
	// Codes are the issue codes of the OperationOutcome.
	Codes []string
}

// Error implements error.
func (e *Error) Error() string {
	if len(e.Codes) == 0 {
		return fmt.Sprintf("HealthLake answered %d", e.Status)
	}
	return fmt.Sprintf("HealthLake answered %d (%s)", e.Status, strings.Join(e.Codes, ", "))
}

// Final reports whether asking again with the same content would be refused again.
func (e *Error) Final() bool {
	switch e.Status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// Transaction stores a transaction Bundle, whole or not at all.
func (c *Client) Transaction(ctx context.Context, bundle []byte) error {
	if len(bundle) > MaxBody {
		return &Error{Status: http.StatusRequestEntityTooLarge}
	}
	_, err := c.Do(ctx, http.MethodPost, "", bundle)
	return err
}

// Do sends one signed request to a path below the endpoint, such as
// "Patient?name=x", and returns the answer's body.
func (c *Client) Do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	target, err := c.resolve(path)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("call HealthLake: the address can't be used")
	}
	req.Header.Set("Accept", "application/fhir+json")
	if body != nil {
		req.Header.Set("Content-Type", "application/fhir+json")
	}
	if c.Validation != "" && body != nil {
		req.Header.Set("x-amzn-healthlake-fhir-validation-level", c.Validation)
	}
	if err := c.sign(req, body); err != nil {
		return nil, err
	}
	return c.send(req)
}

// resolve makes an address below the endpoint. A page link that the store gave
// is absolute; it must lead to the same store, since the request is signed.
func (c *Client) resolve(path string) (string, error) {
	base, err := url.Parse(strings.TrimSuffix(c.Endpoint, "/") + "/")
	if err != nil {
		return "", errors.New("call HealthLake: the endpoint can't be read")
	}
	ref, err := url.Parse(path)
	if err != nil {
		return "", errors.New("call HealthLake: the query can't be read")
	}
	u := base.ResolveReference(ref)
	if u.Scheme != base.Scheme || u.Host != base.Host || !strings.HasPrefix(u.Path, base.Path) {
		return "", errors.New("call HealthLake: the address lies outside the data store")
	}
	return u.String(), nil
}

func (c *Client) sign(req *http.Request, body []byte) error {
	who, err := c.Credentials.Retrieve(req.Context())
	if err != nil {
		return fmt.Errorf("find credentials: %w", err)
	}
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(req.Context(), who, req, hex.EncodeToString(sum[:]), "healthlake", c.Region, now()); err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	return nil
}

func (c *Client) send(req *http.Request) ([]byte, error) {
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		// A url.Error holds the query, which may name a patient.
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return nil, fmt.Errorf("call HealthLake: %w", err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read HealthLake's answer: %w", err)
	}
	if res.StatusCode >= 300 {
		return nil, &Error{Status: res.StatusCode, Codes: codes(data)}
	}
	return data, nil
}

// codes are the codes of an OperationOutcome's errors, as far as they are codes.
func codes(data []byte) []string {
	var out struct {
		Issue []struct {
			Severity string `json:"severity"`
			Code     string `json:"code"`
		} `json:"issue"`
	}
	if json.Unmarshal(data, &out) != nil {
		return nil
	}
	var all []string
	for _, i := range out.Issue {
		if i.Severity != "warning" && i.Severity != "information" && isCode(i.Code) && len(all) < 10 {
			all = append(all, i.Code)
		}
	}
	return all
}

func isCode(s string) bool {
	return s != "" && len(s) < 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}
