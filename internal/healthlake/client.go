// Package healthlake speaks to the data plane of AWS HealthLake, for which the
// SDKs have nothing, and reads what its import jobs leave in S3. The data plane is
// a FHIR server as package rest knows them, whose requests are signed.
package healthlake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/paperchart/paperchart/internal/rest"
)

// MaxTransaction is the most entries of a synchronous transaction, MaxBody the
// most bytes of a request (quotas page, read 2026-11).
const (
	MaxTransaction = 100
	MaxBody        = 5 << 20
)

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
	// HTTP is a client with a time limit where it is nil.
	HTTP *http.Client
	// Now is time.Now where it is nil.
	Now func() time.Time
	// Tries is how often a request is sent while the store is busy; once where it
	// is 0, for who asks in a queue is asked again by it.
	Tries int
}

// Error is a refusal by the data store.
type Error = rest.Error

// Transaction stores a transaction Bundle, whole or not at all.
func (c *Client) Transaction(ctx context.Context, bundle []byte) error {
	return c.rest().Transaction(ctx, bundle)
}

// Import stores a transaction Bundle, in parts where it is larger than HealthLake
// takes at once.
func (c *Client) Import(ctx context.Context, bundle []byte) error {
	return c.rest().Import(ctx, bundle)
}

// Do sends one signed request to a path below the endpoint, such as
// "Patient?name=x", and returns the answer's body.
func (c *Client) Do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	return c.rest().Do(ctx, method, path, body)
}

func (c *Client) rest() *rest.Client {
	r := &rest.Client{Base: strings.TrimSuffix(c.Endpoint, "/") + "/", Name: "HealthLake", Auth: signer{c}, HTTP: c.HTTP,
		Now: c.Now, Tries: max(1, c.Tries), MaxEntries: MaxTransaction, MaxBytes: MaxBody}
	if c.Validation != "" {
		r.Header = http.Header{}
		r.Header.Set("x-amzn-healthlake-fhir-validation-level", c.Validation)
	}
	return r
}

// signer signs requests with SigV4.
type signer struct{ c *Client }

var _ rest.Authorizer = signer{}

// Authorize implements rest.Authorizer.
func (s signer) Authorize(ctx context.Context, req *http.Request, body []byte) error {
	who, err := s.c.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("find credentials: %w", err)
	}
	now := time.Now
	if s.c.Now != nil {
		now = s.c.Now
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, who, req, hex.EncodeToString(sum[:]), "healthlake", s.c.Region, now()); err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	return nil
}
