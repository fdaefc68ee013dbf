// Package rest stores FHIR in any R4 server over its REST API: as transaction
// Bundles no larger than the server takes, authorised by a bearer token or by
// SMART Backend Services (HL7 SMART App Launch 2.2, "Backend Services").
//
// What goes wrong comes back as *Error: the status, the issue codes and the
// element paths of the server's OperationOutcome, and none of its texts, which
// may quote the record. A server that is busy or away is asked again, as late as
// it says.
//
// Every entry that is sent is a PUT by id, so that sending it again changes
// nothing; a Bundle that is sent in parts and fails between them is completed by
// sending it once more.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Defaults of a Client.
const (
	maxEntries = 100
	maxBytes   = 5 << 20
	maxTries   = 4
	// maxWait is the longest that a Client itself waits before it asks again.
	maxWait = time.Minute
	// maxAnswer is the most bytes of an answer that are read.
	maxAnswer = 64 << 20
	timeout   = 2 * time.Minute
)

// Authorizer makes a request acceptable to the server.
type Authorizer interface {
	// Authorize adds to the request, whose body is given, what proves the right
	// to send it.
	Authorize(ctx context.Context, req *http.Request, body []byte) error
}

// forgetter is an Authorizer whose proof may have been withdrawn.
type forgetter interface{ Forget() }

// Client talks to one server. It may be used by several goroutines.
type Client struct {
	// Base is the address of the FHIR API, such as https://fhir.example.org/r4.
	Base string
	// Name says in errors who answered; "the FHIR server" where it is empty.
	Name string
	// Auth is nil where the server wants nothing.
	Auth Authorizer
	// Header is added to each request with a body.
	Header http.Header
	// MaxEntries and MaxBytes are the most that one transaction holds; 100 and
	// 5 MB where they are 0.
	MaxEntries, MaxBytes int
	// Tries is how often a request is sent while the server is busy or away; 4
	// where it is 0.
	Tries int
	// HTTP is a client with a time limit where it is nil.
	HTTP *http.Client
	// Wait waits before another try; a timer where it is nil.
	Wait func(ctx context.Context, d time.Duration) error
	// Now is time.Now where it is nil.
	Now func() time.Time
}

// Error is a refusal by the server.
type Error struct {
	// Name says who refused, Status how; Status is 0 where nobody answered.
	Name   string
	Status int
	// Codes are the issue codes of the OperationOutcome, Paths the elements it
	// complains of.
	Codes, Paths []string
	// After is how long the server wants to be left alone; 0 where it did not say.
	After time.Duration
	cause error
}

// Error implements error.
func (e *Error) Error() string {
	name := e.Name
	if name == "" {
		name = "the FHIR server"
	}
	if e.Status == 0 {
		return fmt.Sprintf("%s did not answer: %v", name, e.cause)
	}
	var about []string
	if len(e.Codes) > 0 {
		about = append(about, strings.Join(e.Codes, ", "))
	}
	if len(e.Paths) > 0 {
		about = append(about, "at "+strings.Join(e.Paths, ", "))
	}
	if about == nil {
		return fmt.Sprintf("%s answered %d", name, e.Status)
	}
	return fmt.Sprintf("%s answered %d (%s)", name, e.Status, strings.Join(about, "; "))
}

// Unwrap returns why nobody answered.
func (e *Error) Unwrap() error { return e.cause }

// Final reports whether asking again with the same content would be refused again.
func (e *Error) Final() bool {
	switch e.Status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// Busy reports whether the same request may succeed a little later.
func (e *Error) Busy() bool {
	switch e.Status {
	case 0, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// CheckAddress refuses addresses over which records or tokens would travel in
// the clear, but for those of this machine.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("the FHIR server's address is not of the form https://host/path")
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return errors.New("the FHIR server's address must begin with https://, or lie on this machine")
}

// Check asks the server what it is: it must speak FHIR R4.
func (c *Client) Check(ctx context.Context) error {
	data, err := c.Do(ctx, http.MethodGet, "metadata", nil)
	if err != nil {
		return err
	}
	var s struct {
		ResourceType string `json:"resourceType"`
		FHIRVersion  string `json:"fhirVersion"`
	}
	if json.Unmarshal(data, &s) != nil || s.ResourceType != "CapabilityStatement" {
		return fmt.Errorf("%s gives no CapabilityStatement; is its address the one of the FHIR API?", c.name())
	}
	if !strings.HasPrefix(s.FHIRVersion, "4.0.") {
		return fmt.Errorf("%s does not speak FHIR R4 (4.0.1)", c.name())
	}
	return nil
}

func (c *Client) name() string {
	if c.Name != "" {
		return c.Name
	}
	return "the FHIR server"
}

// Do sends one request to a path below the base, such as "Patient?name=x", and
// returns the answer's body. While the server is busy it is asked again.
func (c *Client) Do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	target, err := c.resolve(path)
	if err != nil {
		return nil, err
	}
	renewed := false
	for try := 1; ; try++ {
		data, err := c.once(ctx, method, target, body)
		var e *Error
		if err == nil || !errors.As(err, &e) || ctx.Err() != nil {
			return data, err
		}
		if f, ok := c.Auth.(forgetter); ok && e.Status == http.StatusUnauthorized && !renewed {
			// The token was withdrawn before its time, or the server's clock differs.
			f.Forget()
			renewed = true
			continue
		}
		wait := c.pause(try, e.After)
		if !e.Busy() || try >= c.tries() || wait > maxWait {
			return nil, err
		}
		if err := c.wait(ctx, wait); err != nil {
			return nil, err
		}
	}
}

func (c *Client) tries() int {
	if c.Tries > 0 {
		return c.Tries
	}
	return maxTries
}

// pause is what the server asked for, or 1, 2, 4… seconds, a fifth more or less.
func (c *Client) pause(try int, after time.Duration) time.Duration {
	if after > 0 {
		return after
	}
	return time.Duration(float64(time.Second<<(try-1)) * (0.8 + 0.4*rand.Float64()))
}

func (c *Client) wait(ctx context.Context, d time.Duration) error {
	if c.Wait != nil {
		return c.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// resolve makes an address below the base. A page link that the server gave is
// absolute; it must lead to the same server, since the request is authorised.
func (c *Client) resolve(path string) (string, error) {
	base, err := url.Parse(strings.TrimSuffix(c.Base, "/") + "/")
	if err != nil {
		return "", fmt.Errorf("call %s: the address can't be read", c.name())
	}
	ref, err := url.Parse(path)
	if err != nil {
		return "", fmt.Errorf("call %s: the query can't be read", c.name())
	}
	u := base.ResolveReference(ref)
	if u.Scheme != base.Scheme || u.Host != base.Host || !strings.HasPrefix(u.Path, base.Path) {
		return "", fmt.Errorf("call %s: the address lies outside it", c.name())
	}
	if path == "" {
		u.Path = strings.TrimSuffix(u.Path, "/") + c.root()
	}
	return u.String(), nil
}

// root is how the base itself ends where Bundles are posted: as it was given.
func (c *Client) root() string {
	if strings.HasSuffix(c.Base, "/") {
		return "/"
	}
	return ""
}

func (c *Client) once(ctx context.Context, method, target string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("call %s: the address can't be used", c.name())
	}
	req.Header.Set("Accept", "application/fhir+json")
	if body != nil {
		req.Header.Set("Content-Type", "application/fhir+json")
		for k, v := range c.Header {
			req.Header[k] = v
		}
	}
	if c.Auth != nil {
		if err := c.Auth.Authorize(ctx, req, body); err != nil {
			return nil, err
		}
	}
	return c.send(req)
}

func (c *Client) send(req *http.Request) ([]byte, error) {
	res, err := direct(c.HTTP).Do(req)
	if err != nil {
		return nil, &Error{Name: c.Name, cause: bare(err)}
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, &Error{Name: c.Name, cause: bare(err)}
	}
	if res.StatusCode >= 300 {
		e := outcome(data)
		e.Name, e.Status, e.After = c.Name, res.StatusCode, c.after(res.Header.Get("Retry-After"))
		return nil, e
	}
	return data, nil
}

// direct is a client that follows no redirect: the request is meant, and
// authorised, for one server.
func direct(c *http.Client) *http.Client {
	if c == nil {
		c = &http.Client{Timeout: timeout}
	}
	d := *c
	d.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &d
}

// bare takes off what holds the query, which may name a patient.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// after reads Retry-After, as seconds or as a date.
func (c *Client) after(s string) time.Duration {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n < 1<<20 {
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(s)
	if err != nil {
		return 0
	}
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	return max(0, at.Sub(now()))
}

// safePath is an element path without conditions, which may hold values.
var safePath = regexp.MustCompile(`^[A-Z][A-Za-z]*(\.[A-Za-z]+|\[\d+\])*$`)

// outcome takes of an OperationOutcome's errors what can't be PHI: codes that
// are codes, and paths that are paths.
func outcome(data []byte) *Error {
	var out struct {
		Issue []struct {
			Severity   string   `json:"severity"`
			Code       string   `json:"code"`
			Expression []string `json:"expression"`
		} `json:"issue"`
	}
	e := &Error{}
	if json.Unmarshal(data, &out) != nil {
		return e
	}
	for _, i := range out.Issue {
		if i.Severity == "warning" || i.Severity == "information" {
			continue
		}
		if isCode(i.Code) && len(e.Codes) < 10 {
			e.Codes = append(e.Codes, i.Code)
		}
		for _, x := range i.Expression {
			if len(x) < 120 && safePath.MatchString(x) && len(e.Paths) < 10 {
				e.Paths = append(e.Paths, x)
			}
		}
	}
	return e
}

func isCode(s string) bool {
	return s != "" && len(s) < 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}
