package rest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// The lives of things: an assertion's may be five minutes at most; a token is
// renewed this long before its end, and lives this long where the server did not
// say.
const (
	assertionLife = 4 * time.Minute
	tokenMargin   = 30 * time.Second
	tokenLife     = 5 * time.Minute
)

// Backend authorises by SMART Backend Services: it signs who it is with a private
// key and gets a token that lasts for minutes, again and again. It may be used by
// several goroutines.
type Backend struct {
	// Base is the FHIR API's address, below which the server says where tokens are.
	Base string
	// ClientID is what the server registered, KeyID the "kid" of the public key there.
	ClientID, KeyID string
	// Scope is what is asked for, such as system/*.cruds.
	Scope string
	// Key signs: RSA of 2048 bits or more (RS384), or ECDSA on P-384 (ES384).
	Key Key
	// HTTP is a client with a time limit where it is nil; Now is time.Now where nil.
	HTTP *http.Client
	Now  func() time.Time

	mu       sync.Mutex
	endpoint string
	token    string
	until    time.Time
}

var (
	_ Authorizer = (*Backend)(nil)
	_ forgetter  = (*Backend)(nil)
)

// Key is a private key and how it signs.
type Key struct {
	method jwt.SigningMethod
	key    any
}

// ReadKey reads a private key from a PEM file.
func ReadKey(file string) (Key, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Key{}, errors.New("read the private key for the FHIR server: the file can't be opened")
	}
	if k, err := jwt.ParseRSAPrivateKeyFromPEM(data); err == nil {
		return keyOf(k)
	}
	if k, err := jwt.ParseECPrivateKeyFromPEM(data); err == nil {
		return keyOf(k)
	}
	return Key{}, errors.New("read the private key for the FHIR server: it is no RSA or EC key in PEM; make one with: openssl ecparam -name secp384r1 -genkey -noout -out smart.pem")
}

func keyOf(k any) (Key, error) {
	switch k := k.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() >= 2048 {
			return Key{jwt.SigningMethodRS384, k}, nil
		}
	case *ecdsa.PrivateKey:
		if k.Curve == elliptic.P384() {
			return Key{jwt.SigningMethodES384, k}, nil
		}
	}
	return Key{}, errors.New("the private key for the FHIR server must be RSA of 2048 bits or more, or EC on the curve P-384")
}

// Authorize implements Authorizer.
func (b *Backend) Authorize(ctx context.Context, req *http.Request, _ []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token == "" || !b.now().Before(b.until) {
		if err := b.renew(ctx); err != nil {
			return fmt.Errorf("get a token for the FHIR server: %w", err)
		}
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	return nil
}

// Forget drops the token, which the server took no more.
func (b *Backend) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.token, b.endpoint = "", ""
}

func (b *Backend) now() time.Time {
	if b.Now != nil {
		return b.Now()
	}
	return time.Now()
}

// renew finds the endpoint, where it is not known, and gets a token.
func (b *Backend) renew(ctx context.Context) error {
	if b.endpoint == "" {
		e, err := b.discover(ctx)
		if err != nil {
			return err
		}
		b.endpoint = e
	}
	assertion, err := b.assertion()
	if err != nil {
		return err
	}
	form := url.Values{
		"grant_type": {"client_credentials"}, "scope": {b.Scope},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {assertion},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return errors.New("the token endpoint's address can't be used")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.take(req)
}

// take sends the request for a token and keeps what comes.
func (b *Backend) take(req *http.Request) error {
	var got struct {
		Token   string  `json:"access_token"`
		Type    string  `json:"token_type"`
		Expires float64 `json:"expires_in"`
	}
	asked := b.now()
	if err := b.fetch(req, &got); err != nil {
		return err
	}
	if got.Token == "" || !strings.EqualFold(got.Type, "bearer") {
		return errors.New("the token endpoint gave no bearer token")
	}
	life := tokenLife
	if got.Expires > 0 && got.Expires < 1e6 {
		life = time.Duration(got.Expires * float64(time.Second))
	}
	// A token shorter than twice the margin is used for half its life.
	b.token, b.until = got.Token, asked.Add(max(life-tokenMargin, life/2))
	return nil
}

// assertion is the signed statement who asks, good once and for minutes.
func (b *Backend) assertion() (string, error) {
	if b.Key.method == nil {
		return "", errors.New("there is no private key")
	}
	now := b.now()
	// The audience is one string, as the specification's example has it: some
	// servers take no list.
	t := jwt.NewWithClaims(b.Key.method, jwt.MapClaims{
		"iss": b.ClientID, "sub": b.ClientID, "aud": b.endpoint, "jti": uuid.NewString(),
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if b.KeyID != "" {
		t.Header["kid"] = b.KeyID
	}
	s, err := t.SignedString(b.Key.key)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return s, nil
}

// discover asks the server where its token endpoint is and whether it takes
// what this client has.
func (b *Backend) discover(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(b.Base, "/")+"/.well-known/smart-configuration", nil)
	if err != nil {
		return "", errors.New("the FHIR server's address can't be used")
	}
	var c struct {
		TokenEndpoint string   `json:"token_endpoint"`
		Grants        []string `json:"grant_types_supported"`
		Methods       []string `json:"token_endpoint_auth_methods_supported"`
		Algorithms    []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	}
	if err := b.fetch(req, &c); err != nil {
		return "", fmt.Errorf("read .well-known/smart-configuration: %w", err)
	}
	switch {
	case CheckAddress(c.TokenEndpoint) != nil:
		return "", errors.New("the server names no token endpoint under https")
	case lacks(c.Grants, "client_credentials"):
		return "", errors.New("the server does not offer SMART Backend Services (client_credentials)")
	case lacks(c.Methods, "private_key_jwt"):
		return "", errors.New("the server does not take clients with a key (private_key_jwt)")
	case b.Key.method != nil && lacks(c.Algorithms, b.Key.method.Alg()):
		return "", fmt.Errorf("the server does not take %s; use a key of another kind", b.Key.method.Alg())
	}
	return c.TokenEndpoint, nil
}

// lacks reports that a list was given and does not have a word.
func lacks(list []string, word string) bool { return list != nil && !slices.Contains(list, word) }

// fetch sends a request and reads its JSON. Of an error it tells OAuth's code only.
func (b *Backend) fetch(req *http.Request, into any) error {
	req.Header.Set("Accept", "application/json")
	res, err := direct(b.HTTP).Do(req)
	if err != nil {
		return &Error{Name: "the authorization server", cause: bare(err)}
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return &Error{Name: "the authorization server", cause: bare(err)}
	}
	if res.StatusCode != http.StatusOK {
		return refusedBy(res.StatusCode, data)
	}
	if json.Unmarshal(data, into) != nil {
		return errors.New("the authorization server answered with no JSON")
	}
	return nil
}

// refusedBy is the error of an authorization server (RFC 6749, 5.2). A 400 is its
// answer to a wrong client and says nothing of the record, so it is not final.
func refusedBy(status int, data []byte) error {
	e := &Error{Name: "the authorization server", Status: status}
	var got struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(data, &got) == nil && isCode(strings.ReplaceAll(got.Error, "_", "-")) {
		e.Codes = []string{got.Error}
	}
	if status == http.StatusBadRequest {
		e.Status = http.StatusUnauthorized
	}
	return e
}
