package terms

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The columns of RXNCONSO.RRF and RXNREL.RRF that are read.
const (
	consoCUI, consoLanguage, consoSource, consoType, consoName, consoSuppress = 0, 1, 11, 12, 14, 16
	consoColumns                                                              = 18
	relTo, relFrom, relName                                                   = 0, 4, 7
	relColumns                                                                = 16
)

func isRRF(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.Count(line, []byte("|")) == consoColumns && bytes.Contains(line, []byte("|ENG|"))
}

// parseRxNorm reads the ingredients, brands and clinical drugs of the
// prescribable release, and where RXNREL.RRF lies beside it the ingredients of a
// brand.
func parseRxNorm(ctx context.Context, src source) ([]entry, string, error) {
	var out []entry
	at := map[string]int{}
	err := rrf(ctx, src.text, consoColumns, func(f []string) error {
		if f[consoSource] != "RXNORM" || f[consoLanguage] != "ENG" || f[consoSuppress] != "N" || !drugType(f[consoType]) {
			return nil
		}
		if f[consoCUI] == "" || f[consoName] == "" {
			return errors.New("no RXCUI or no name")
		}
		at[f[consoCUI]] = len(out)
		out = append(out, entry{domain: Drug, name: f[consoName], weak: true, silent: f[consoType] == "SBD",
			codings: []Coding{{System: RxNorm, Code: f[consoCUI], Display: f[consoName]}}})
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	rel, ok := src.more["rxnrel.rrf"]
	if !ok {
		return out, versionIn(src.name), nil
	}
	if err := brands(ctx, rel, out, at); err != nil {
		return nil, "", fmt.Errorf("RXNREL.RRF: %w", err)
	}
	return out, versionIn(src.name), nil
}

// drugType tells the term types that are imported: ingredients and their salts,
// combinations, brands, clinical and branded drugs.
func drugType(tty string) bool {
	return slices.Contains([]string{"IN", "PIN", "MIN", "BN", "SCD", "SBD"}, tty)
}

// brands notes what a brand is the trade name of.
func brands(ctx context.Context, rel []byte, out []entry, at map[string]int) error {
	made := map[int][]string{}
	err := rrf(ctx, rel, relColumns, func(f []string) error {
		brand, ok1 := at[f[relFrom]]
		of, ok2 := at[f[relTo]]
		if f[relName] == "tradename_of" && ok1 && ok2 && !strings.ContainsAny(out[of].name, "0123456789") {
			made[brand] = append(made[brand], out[of].name)
		}
		return nil
	})
	for brand, of := range made {
		slices.Sort(of)
		out[brand].group = strings.Join(slices.Compact(of), " / ")
	}
	return err
}

// rrf calls do with the fields of each line of a file in Rich Release Format.
func rrf(ctx context.Context, text []byte, width int, do func([]string) error) error {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row := strings.TrimRight(string(line), "\r\n")
		if row == "" {
			continue
		}
		f := strings.Split(row, "|")
		if len(f) != width+1 {
			return fmt.Errorf("line %d, column %d: %d fields, want %d", n, len(row), len(f)-1, width)
		}
		if err := do(f); err != nil {
			return fmt.Errorf("line %d, column 1: %w", n, err)
		}
	}
	return nil
}
