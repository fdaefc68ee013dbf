package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/terms"
)

func newTermsImport(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "import FILE…", Short: "Import official releases into the data folder",
		Long: `Imports releases as their publishers make them, gzipped, in their zip archive, in a folder where that was unpacked, or plain:

  ICD-10-CM        the order file (icd10cm-order-*.txt), and the tabular list (XML) for its inclusion terms
  LOINC            LoincTable/Loinc.csv
  RxNorm           the prescribable release (RXNCONSO.RRF, RXNREL.RRF)
  CVX, trade names, MVX   the CDC's XML
  HCPCS Level II   CMS's fixed-width file (HCPC…_ANWEB.txt)
  SNOMED CT        an RF2 release, of which the snapshot's English descriptions are read; you need an affiliate licence
  CPT              your own licensed list: CSV or tab-separated, with the columns cpt_code and description, and perhaps
                   short_description, synonyms (with | between) and version

A file takes the place of an earlier release of the same vocabulary. One that is malformed changes nothing;
the message tells line and column.`,
		Example: "  paperchart terms import icd10cm-order-2026.txt RxNorm_full_prescribe_current.zip",
		Args:    atLeast(1, "release files"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.eachRelease(cmd.Context(), args, func(ctx context.Context, file string) (terms.Release, error) {
				return terms.Import(ctx, cfg.TermsDir(), file)
			})
		},
	}
}

// eachRelease does one thing after the other, shows how far it is, and goes on
// after a failure.
func (p *program) eachRelease(ctx context.Context, names []string, do func(context.Context, string) (terms.Release, error)) error {
	bar := p.progress("releases", len(names))
	failed := false
	for _, name := range names {
		r, err := do(ctx, name)
		if ctx.Err() != nil {
			bar.end()
			return ctx.Err()
		}
		if err != nil {
			failed = true
			bar.print(p.err, err.Error()+"\n")
		} else {
			bar.print(p.out, fmt.Sprintf("%s %s: %d codes, %d terms\n", r.Name, r.Version, r.Codes, r.Terms))
		}
		bar.add(1)
	}
	bar.end()
	if failed {
		return errFailed
	}
	return nil
}

func newTermsUpdate(p *program) *cobra.Command {
	var table string
	cmd := &cobra.Command{
		Use: "update", Short: "Download and import the releases that anyone may download",
		Long: `Downloads ICD-10-CM, HCPCS (CMS, CDC), CVX, MVX, trade names (CDC) and RxNorm's prescribable release (NLM) and imports them. LOINC wants an
account: download it by hand and import it. A release that can't be reached is named; the others go on.`,
		Example: "  paperchart terms update\n  paperchart terms update --sources mirror.tsv",
		Args:    atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			list := terms.Publications()
			if table != "" {
				if list, err = readPublications(table); err != nil {
					return err
				}
			}
			byName, names := map[string]terms.Publication{}, []string{}
			for _, pub := range list {
				byName[pub.Name] = pub
				names = append(names, pub.Name)
			}
			u := terms.Updater{Dir: cfg.TermsDir()}
			return p.eachRelease(cmd.Context(), names, func(ctx context.Context, name string) (terms.Release, error) {
				return u.Update(ctx, byName[name])
			})
		},
	}
	cmd.Flags().StringVar(&table, "sources", "", "file of your own sources: name, URL and SHA-256, parted by tabs")
	return cmd
}

// readPublications reads a site's own table of sources.
func readPublications(file string) ([]terms.Publication, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, usagef("%s can't be opened", file)
	}
	defer f.Close()
	var out []terms.Publication
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimRight(sc.Text(), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		col := append(strings.Split(line, "\t"), "")
		if len(col) < 3 || len(col) > 4 || col[0] == "" || !strings.Contains(col[1], "://") {
			return nil, usagef("%s, line %d: want a name, a URL and perhaps a SHA-256, parted by tabs", file, n)
		}
		out = append(out, terms.Publication{Name: col[0], URL: col[1], SHA256: col[2]})
	}
	return out, sc.Err()
}
