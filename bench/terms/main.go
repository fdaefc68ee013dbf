// Command terms measures the vocabulary with the official ICD-10-CM order file
// imported: look-ups, start and resident memory, beside what they may cost.
//
//	go run ./bench/terms [ORDER-FILE]
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/terms"
)

// The phrases: terms as the vocabulary has them, and as charts damage them.
var (
	exact = []string{"Type 2 diabetes mellitus", "HTN", "Hyperlipidemia", "COPD", "Chronic kidney disease, stage 3b", "Sprain of unspecified ligament of left ankle",
		"Atrial fibrillation", "GERD", "Morbid obesity", "Primary osteoarthritis, right knee"}
	damaged = []string{"hyperlipedemla", "Hypertens1on", "diabetes rnellitus type 2", "chronic kidny disease", "osteoarthrtis R knee", "pneumonla", "depresslon",
		"astma", "seizure disoder", "atrial flbrillation", "fibrornyalgia", "sprain of anterior cruciate ligment of right knee, initial encounter",
		"erectile dysfn", "HTN - fair control, cont meds", "gout flare R great toe", "no such disease at all"}
)

func main() {
	file := filepath.Join("..", "shared", "testdata", "terminology", "icd10cm", "icd10cm-order-Jan-2021.txt.gz")
	if len(os.Args) > 1 {
		file = os.Args[1]
	}
	if err := run(file); err != nil {
		fmt.Fprintln(os.Stderr, "bench/terms:", err)
		os.Exit(1)
	}
}

func run(file string) error {
	dir, err := os.MkdirTemp("", "terms")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	release, err := terms.Import(context.Background(), dir, file)
	if err != nil {
		return fmt.Errorf("import %s (name the official order file as the argument): %w", file, err)
	}
	debug.FreeOSMemory()
	set, start, err := open(dir)
	if err != nil {
		return err
	}
	fmt.Printf("ICD-10-CM %s, %d codes, over the curated vocabulary\n", release.Version, release.Codes)
	fmt.Printf("start     %9v   (at most 30ms)\n", start.Round(10*time.Microsecond))
	fmt.Printf("exact     %9v   (at most 2µs)\n", each(set, exact, 20000).Round(10*time.Nanosecond))
	for _, p := range damaged {
		fmt.Printf("fuzzy     %9v   %s\n", each(set, []string{p}, 200).Round(time.Microsecond), p)
	}
	fmt.Printf("fuzzy     %9v   (mean, at most 200µs)\n", each(set, damaged, 100).Round(time.Microsecond))
	debug.FreeOSMemory()
	fmt.Printf("resident  %9s   (at most 60 MB)\n", resident())
	return nil
}

// open returns the set and the shortest of five starts.
func open(dir string) (set *terms.Set, best time.Duration, err error) {
	for i := range 5 {
		from := time.Now()
		if set, err = terms.Open(dir); err != nil {
			return nil, 0, err
		}
		if d := time.Since(from); i == 0 || d < best {
			best = d
		}
	}
	return set, best, nil
}

// each is what one look-up costs: the best of nine rounds over some phrases.
func each(set *terms.Set, phrases []string, n int) time.Duration {
	var rounds []time.Duration
	for range 9 {
		from := time.Now()
		for range n / 9 {
			for _, p := range phrases {
				set.Match(terms.Diagnosis, p)
			}
		}
		rounds = append(rounds, time.Since(from)/time.Duration(n/9*len(phrases)))
	}
	return slices.Min(rounds)
}

// resident is the memory of this process that lies in RAM, where the system
// tells it.
func resident() string {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}
