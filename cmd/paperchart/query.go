package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
)

// fhirPath is where the FHIR API is on our server.
const fhirPath = "/fhir/R4"

type queryOptions struct{ json, ndjson, all, curl bool }

func newQuery(p *program) *cobra.Command {
	var opts queryOptions
	cmd := &cobra.Command{
		Use:   "query [QUERY]",
		Short: "Ask the FHIR API; without a query, ask interactively",
		Long: `Asks the FHIR API of the server. A query is what stands after /fhir/R4/ in a URL:
a search such as 'Condition?patient=ID', or one resource such as 'Patient/ID'. A
parameter that the server does not know is an error, and not left out.`,
		Example: `  paperchart query 'Patient?name=wilkins'
  paperchart query 'Observation?category=laboratory&patient=ID' --all --json
  paperchart query                                   a prompt, with Tab completion`,
		Args:              atMost(1),
		ValidArgsFunction: completeQuery,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			c := newClient(cfg)
			if len(args) == 0 {
				return p.prompt(cmd.Context(), c, opts)
			}
			return p.runQuery(cmd.Context(), c, opts, args[0])
		},
	}
	serverFlag(cmd)
	cmd.Flags().BoolVar(&opts.json, "json", false, "print the answer's JSON")
	cmd.Flags().BoolVar(&opts.ndjson, "ndjson", false, "print one resource a line")
	cmd.Flags().BoolVarP(&opts.all, "all", "a", false, "follow the pages to the end")
	cmd.Flags().BoolVar(&opts.curl, "curl", false, "print the curl command instead of asking")
	cmd.MarkFlagsMutuallyExclusive("json", "ndjson", "curl")
	return cmd
}

// completeQuery completes types and parameters for the shell, from what this
// program knows of FHIR, so that it is quick and needs no server.
func completeQuery(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	c, err := newCompleter()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	begin, found := c.candidates(word)
	for i := range found {
		found[i] = word[:begin] + found[i]
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// searchSet is what of a Bundle is needed to show it.
type searchSet struct {
	ResourceType string `json:"resourceType"`
	Total        *int   `json:"total"`
	Link         []struct {
		Relation string `json:"relation"`
		URL      string `json:"url"`
	} `json:"link"`
	Entry []struct {
		Resource json.RawMessage `json:"resource"`
	} `json:"entry"`

	whole json.RawMessage
}

func (p *program) runQuery(ctx context.Context, c *client, opts queryOptions, query string) error {
	path, err := queryPath(query)
	if err != nil {
		return err
	}
	if opts.curl {
		return p.printCurl(c, path)
	}
	data, err := c.fhir(ctx, path)
	if err != nil {
		return err
	}
	if opts.json && !opts.all {
		return p.printIndented(data)
	}
	if opts.ndjson {
		return c.pages(ctx, data, opts.all, func(page searchSet) error { return p.printLines(page.resources()) })
	}
	resources, more, total, err := c.collect(ctx, data, opts.all)
	if err != nil {
		return err
	}
	if opts.json {
		return p.printJSON(resources)
	}
	fmt.Fprint(p.out, resourceTable(resources, p.width()))
	if more {
		fmt.Fprintf(p.out, "… %s; --all shows them all\n", moreText(len(resources), total))
	}
	return nil
}

func moreText(shown int, total *int) string {
	if total != nil {
		return fmt.Sprintf("%d of %d", shown, *total)
	}
	return fmt.Sprintf("the first %d", shown)
}

// queryPath makes the URL's path of a query as people type it.
func queryPath(query string) (string, error) {
	query = strings.TrimSpace(query)
	query = strings.TrimPrefix(strings.TrimPrefix(query, "GET "), fhirPath)
	query = strings.TrimPrefix(query, "/")
	path, params, found := strings.Cut(query, "?")
	if path == "" && !found || strings.ContainsAny(path, " \t") {
		return "", usagef("%q is no query; write one such as Patient?name=wilkins", query)
	}
	if !found {
		return fhirPath + "/" + path, nil
	}
	return fhirPath + "/" + path + "?" + escapeQuery(params), nil
}

// escapeQuery escapes what a shell user leaves as it is, and nothing twice.
func escapeQuery(params string) string {
	var b strings.Builder
	for i := 0; i < len(params); i++ {
		switch c := params[i]; {
		case c == ' ':
			b.WriteString("%20")
		case c == '+':
			b.WriteString("%2B")
		case c <= ' ' || c >= 0x7f || strings.IndexByte(`"<>\^{}#`+"`", c) >= 0:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// strictly has the server refuse parameters that it does not know: with one left
// out, a search answers another question than the one that was asked.
const strictly = "handling=strict"

func (c *client) fhir(ctx context.Context, path string) ([]byte, error) {
	res, err := c.do(ctx, http.MethodGet, path, nil, http.Header{"Accept": {"application/fhir+json"}, "Prefer": {strictly}})
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		return nil, fmt.Errorf("ask server: %w", err)
	}
	return b.Bytes(), nil
}

// collect takes the resources out of an answer, and of the pages that follow it
// where all are wanted. more says that there are pages that were not asked for.
func (c *client) collect(ctx context.Context, data []byte, all bool) (resources []json.RawMessage, more bool, total *int, err error) {
	resources = []json.RawMessage{}
	err = c.pages(ctx, data, all, func(page searchSet) error {
		resources = append(resources, page.resources()...)
		more, total = nextPage(page) != "", page.Total
		return nil
	})
	return resources, more, total, err
}

// pages gives an answer to use, and those that follow it where all are wanted. A
// single resource is a page of one.
func (c *client) pages(ctx context.Context, data []byte, all bool, use func(searchSet) error) error {
	for {
		var set searchSet
		if err := json.Unmarshal(data, &set); err != nil {
			return fmt.Errorf("read answer: %w", err)
		}
		set.whole = data
		if err := use(set); err != nil {
			return err
		}
		next := nextPage(set)
		if set.ResourceType != "Bundle" || next == "" || !all {
			return nil
		}
		var err error
		if data, err = c.fhir(ctx, next); err != nil {
			return err
		}
	}
}

// resources are those in a Bundle, or the one that is no Bundle.
func (s searchSet) resources() []json.RawMessage {
	if s.ResourceType != "Bundle" {
		return []json.RawMessage{s.whole}
	}
	var all []json.RawMessage
	for _, e := range s.Entry {
		if e.Resource != nil {
			all = append(all, e.Resource)
		}
	}
	return all
}

// nextPage is the path of the next page; its host is left out, so that the token
// goes nowhere but to the server that was named.
func nextPage(set searchSet) string {
	for _, l := range set.Link {
		if l.Relation != "next" {
			continue
		}
		if u, err := url.Parse(l.URL); err == nil {
			return u.RequestURI()
		}
	}
	return ""
}

func (p *program) printIndented(data []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	b.WriteByte('\n')
	_, err := p.out.Write(b.Bytes())
	return err
}

func (p *program) printLines(resources []json.RawMessage) error {
	var b bytes.Buffer
	for _, r := range resources {
		if err := json.Compact(&b, r); err != nil {
			return fmt.Errorf("read answer: %w", err)
		}
		b.WriteByte('\n')
	}
	_, err := p.out.Write(b.Bytes())
	return err
}

func (p *program) printCurl(c *client, path string) error {
	header := ""
	if strings.Contains(path, "?") {
		header = " -H 'Prefer: " + strictly + "'"
	}
	if c.token != "" {
		header += ` -H "Authorization: Bearer $PAPERCHART_TOKEN"`
	}
	_, err := fmt.Fprintf(p.out, "curl -s%s '%s'\n", header, strings.ReplaceAll(c.base+path, "'", "%27"))
	return err
}
