package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/app"
	"github.com/paperchart/paperchart/internal/pipeline"
)

// client calls a running server.
type client struct {
	base  string
	token string
	http  *http.Client
}

func serverFlag(cmd *cobra.Command) {
	cmd.Flags().String("server", "", "address of the server (default http://127.0.0.1:8080)")
}

func newClient(cfg app.Config) *client {
	return &client{base: cfg.BaseURL(), token: string(cfg.Token), http: &http.Client{}}
}

// do sends a request; path begins with a slash and may have a query. An answer
// that is an error becomes one. The caller closes the body.
func (c *client) do(ctx context.Context, method, path string, body io.Reader, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, usagef("%s is not an address the server can be asked for", path)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.http.Do(req)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return nil, fmt.Errorf("no server answers at %s; start one with: paperchart serve", c.base)
	}
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // the URL may hold a patient's name
		}
		return nil, fmt.Errorf("ask server: %w", err)
	}
	if res.StatusCode < 300 {
		return res, nil
	}
	defer res.Body.Close()
	return nil, serverError(res)
}

// serverError makes an error of an answer, whichever of the two APIs gave it.
func serverError(res *http.Response) error {
	data, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	var p pipeline.Problem
	if json.Unmarshal(data, &p) == nil && p.Message != "" {
		return &p
	}
	said := outcomeText(data)
	if said == "" {
		return &answeredError{res.StatusCode, fmt.Errorf("the server answered %s", res.Status)}
	}
	return &answeredError{res.StatusCode, fmt.Errorf("the server answered %s: %s", res.Status, said)}
}

// answeredError is an answer of the server that is an error.
type answeredError struct {
	status int
	error
}

// outcomeText is what an OperationOutcome says, empty where data is none.
func outcomeText(data []byte) string {
	var outcome struct {
		Issue []struct {
			Diagnostics string
			Details     struct{ Text string }
			Expression  []string
		}
	}
	if json.Unmarshal(data, &outcome) != nil {
		return ""
	}
	var said []string
	for _, i := range outcome.Issue {
		text := strings.TrimSpace(i.Details.Text + " " + i.Diagnostics)
		if len(i.Expression) > 0 {
			text = i.Expression[0] + ": " + text
		}
		said = append(said, text)
	}
	return strings.Join(said, "; ")
}

func (c *client) get(ctx context.Context, path string) ([]byte, error) {
	res, err := c.do(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("ask server: %w", err)
	}
	return data, nil
}

// getJSON asks for something and reads it into v.
func (c *client) getJSON(ctx context.Context, path string, v any) error {
	data, err := c.get(ctx, path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("the server at %s does not speak Paperchart's language: %w", c.base, err)
	}
	return nil
}

func (c *client) documents(ctx context.Context) ([]pipeline.Document, error) {
	var answer struct{ Documents []pipeline.Document }
	err := c.getJSON(ctx, "/api/v1/documents", &answer)
	return answer.Documents, err
}

func (p *program) printJSON(v any) error { return p.encode(v, "  ") }

// printJSONLine prints v on one line.
func (p *program) printJSONLine(v any) error { return p.encode(v, "") }

func (p *program) encode(v any, indent string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", indent)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := p.out.Write(b.Bytes())
	return err
}
