package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/app"
	"github.com/paperchart/paperchart/internal/terms"
)

func newTerms(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "terms",
		Short: "See, search and extend the clinical vocabularies",
		Long: `Paperchart comes with a vocabulary of its own. The complete releases of ICD-10-CM, RxNorm, LOINC and others go over it: import them once
into the data folder, and reading and coding use them from the next start on.`,
		Example: `  paperchart terms list
  paperchart terms search diagnosis htn
  paperchart terms import icd10cm-order-2026.txt Loinc.csv`,
	}
	cmd.PersistentFlags().String("data", "", "folder in which everything is kept (default ./data)")
	cmd.AddCommand(newTermsList(p), newTermsLookup(p), newTermsSearch(p), newTermsImport(p), newTermsUpdate(p))
	return cmd
}

// vocabulary opens what is in use.
func (p *program) vocabulary(cmd *cobra.Command) (*terms.Set, app.Config, error) {
	cfg, err := p.settings(cmd)
	if err != nil {
		return nil, cfg, err
	}
	set, err := terms.Open(cfg.TermsDir())
	return set, cfg, err
}

func newTermsList(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the vocabularies in use", Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			set, _, err := p.vocabulary(cmd)
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(set.Releases())
			}
			p.printReleases(set.Releases())
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) printReleases(releases []terms.Release) {
	rows := [][]string{{"VOCABULARY", "RELEASE", "CODES", "TERMS", "LICENCE", "SHA-256"}}
	for _, r := range releases {
		rows = append(rows, []string{r.Name, r.Version, strconv.Itoa(r.Codes), strconv.Itoa(r.Terms), r.Licence, r.Checksum[:min(12, len(r.Checksum))]})
		if r.System != "" {
			continue
		}
		for _, uri := range slices.Sorted(maps.Keys(r.Systems)) {
			rows = append(rows, []string{"  " + systemName(uri), "", strconv.Itoa(r.Systems[uri]), "", "", ""})
		}
		for _, name := range slices.Sorted(maps.Keys(r.Domains)) {
			c := r.Domains[name]
			rows = append(rows, []string{"  " + name, "", strconv.Itoa(c.Concepts), strconv.Itoa(c.Terms), "", ""})
		}
	}
	var b strings.Builder
	table(&b, rows, p.width())
	fmt.Fprint(p.out, b.String())
}

// systemName is the short name of a code system, or its URI.
func systemName(uri string) string {
	for _, name := range slices.Sorted(maps.Keys(terms.Systems())) {
		if terms.Systems()[name] == uri {
			return name
		}
	}
	return uri
}

func newTermsLookup(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "lookup SYSTEM CODE", Short: "Say what a code means",
		Long:    "The systems are " + strings.Join(slices.Sorted(maps.Keys(terms.Systems())), ", ") + ", or a system's URI.",
		Example: "  paperchart terms lookup icd10cm E11.42",
		Args:    exactly(2, "a system and a code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, _, err := p.vocabulary(cmd)
			if err != nil {
				return err
			}
			uri, ok := terms.Systems()[strings.ToLower(args[0])]
			if !ok && !strings.Contains(args[0], ":") {
				return usagef("%q is no system; the systems are %s", args[0], strings.Join(slices.Sorted(maps.Keys(terms.Systems())), ", "))
			}
			if !ok {
				uri = args[0]
			}
			c, ok := set.Code(uri, args[1])
			if !ok {
				return fmt.Errorf("%s is not among the codes in use; `paperchart terms list` shows which vocabularies are loaded", args[1])
			}
			if asJSON {
				return p.printJSON(map[string]string{"system": c.System, "code": c.Code, "display": c.Display, "version": c.Version})
			}
			fmt.Fprintf(p.out, "%s  %s\n", c.Code, c.Display)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// exactly wants n arguments and says which.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("%s needs %s, for example:\n%s", cmd.CommandPath(), what, cmd.Example)
		}
		return nil
	}
}

// candidate is a concept as `terms search` shows it.
type candidate struct {
	Score   float64 `json:"score"`
	System  string  `json:"system,omitempty"`
	Code    string  `json:"code,omitempty"`
	Name    string  `json:"name"`
	Term    string  `json:"term"`
	Unit    string  `json:"unit,omitempty"`
	Group   string  `json:"group,omitempty"`
	Trusted bool    `json:"trusted"`
}

func newTermsSearch(p *program) *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use: "search DOMAIN TEXT…", Short: "Find what a text as printed means",
		Long: "Shows what a text is coded as, if anything is certain enough (marked *), and what else it may be.\n\nThe domains are " +
			strings.Join(slices.Sorted(maps.Keys(terms.Domains())), ", ") + ".",
		Example: "  paperchart terms search diagnosis dm2 w neuropathy\n  paperchart terms search lab 'Glucose, Serum'",
		Args:    atLeast(2, "a domain and a text"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, _, err := p.vocabulary(cmd)
			if err != nil {
				return err
			}
			d, ok := terms.Domains()[strings.ToLower(args[0])]
			if !ok {
				return usagef("%q is no domain; the domains are %s", args[0], strings.Join(slices.Sorted(maps.Keys(terms.Domains())), ", "))
			}
			hits := search(set, d, strings.Join(args[1:], " "), limit)
			if asJSON {
				return p.printJSON(hits)
			}
			if len(hits) == 0 {
				return errors.New("nothing found")
			}
			p.printFound(hits)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&limit, "limit", 10, "how many to show")
	return cmd
}

// search lists what a text may mean; the first is trusted where coding would
// take it.
func search(set *terms.Set, d terms.Domain, text string, limit int) []candidate {
	best, trusted := set.Match(d, text)
	out := []candidate{}
	for i, m := range set.Search(d, text, limit) {
		f := candidate{Score: m.Score, Name: m.Concept.Name, Term: m.Term, Unit: m.Concept.Unit, Group: m.Concept.Group,
			Trusted: i == 0 && trusted && m.Term == best.Term}
		if len(m.Concept.Codings) > 0 {
			f.System, f.Code = m.Concept.Codings[0].System, m.Concept.Codings[0].Code
		}
		out = append(out, f)
	}
	return out
}

func (p *program) printFound(hits []candidate) {
	rows := [][]string{{"SCORE", "CODE", "NAME", "TERM"}}
	for _, f := range hits {
		mark := ""
		if f.Trusted {
			mark = " *"
		}
		rows = append(rows, []string{fmt.Sprintf("%.2f%s", f.Score, mark), f.Code, f.Name, f.Term})
	}
	var b strings.Builder
	table(&b, rows, p.width())
	fmt.Fprint(p.out, b.String())
}
