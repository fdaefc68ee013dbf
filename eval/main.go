// Command eval measures how well records are read. It invents records, prints them
// in many layouts, damages them as scanners do, reads them with the real chain
// (scan, OCR, layout, extract) and compares the result with what was printed.
//
//	go run ./eval                      # all layouts and damages, writes eval/summary.txt
//	go run ./eval -split train -misses # every mistake on the layouts to tune on
//	go run ./eval -samples samples     # scores the sample scans
//	go run ./eval -oracle              # perfect OCR: only layout and extract are measured
//
// Layouts are split: reading is tuned on "train" only, and "test" layouts (their
// names begin with t-) share no arrangement, label set or record with them. See
// eval/README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"

	"github.com/paperchart/paperchart/eval/score"
)

type options struct {
	n                      int
	seed                   uint64
	layouts, damage, split string
	samples, dump, cache   string
	json, summary          string
	misses, oracle, fit    bool
	words                  bool
	html                   string
	jobs                   int
}

func flags() options {
	var o options
	flag.IntVar(&o.n, "n", 1, "records for each layout and damage")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the records")
	flag.StringVar(&o.layouts, "layouts", "", "only layouts whose names contain one of these, separated by commas")
	flag.StringVar(&o.damage, "damage", "", "only these damages, separated by commas: "+strings.Join(damageNames(), ", "))
	flag.StringVar(&o.split, "split", "all", "train, test or all")
	flag.StringVar(&o.samples, "samples", "", "score the scans with .truth.json in this `folder` instead")
	flag.StringVar(&o.dump, "dump", "", "also write the scans and their truth to this `folder`")
	flag.StringVar(&o.cache, "cache", "", "keep pages after OCR in this `folder`; remove it after a change to scan or ocr")
	flag.StringVar(&o.json, "json", "", "write every scored value to this `file`")
	flag.StringVar(&o.summary, "o", "", "write the summary to this `file` (eval/summary.txt when everything is measured)")
	flag.BoolVar(&o.misses, "misses", false, "print every value that is not right")
	flag.BoolVar(&o.oracle, "oracle", false, "use the words as drawn instead of OCR")
	flag.BoolVar(&o.words, "words", false, "print every word that OCR misread")
	flag.StringVar(&o.html, "html", "", "write every mistake with its snippet to this `file`")
	flag.BoolVar(&o.fit, "fit", false, "fit the confidence model to the train layouts and print its weights")
	flag.IntVar(&o.jobs, "j", runtime.NumCPU(), "documents read at once")
	flag.Parse()
	if o.summary == "" && o.whole() {
		o.summary = "eval/summary.txt"
	}
	return o
}

// whole reports whether the run is the one whose summary is kept.
func (o options) whole() bool {
	return o.n == 1 && o.seed == 1 && o.layouts == "" && o.damage == "" && o.split == "all" && o.samples == "" && !o.oracle
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, flags()); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	jobs, err := corpus(o)
	if err != nil {
		return err
	}
	if len(jobs) == 0 {
		return errors.New("no documents: the layouts, damage and split given leave nothing")
	}
	chain, err := newChain(ctx, o)
	if err != nil {
		return err
	}
	defer chain.close()
	outcomes, err := readAll(ctx, chain, jobs, o)
	if err != nil {
		return err
	}
	var items []score.Item
	for _, out := range outcomes {
		items = append(items, out.items...)
	}
	report := summarise(outcomes, items)
	fmt.Print(report)
	if o.misses {
		fmt.Print(misses(items))
	}
	if o.words {
		fmt.Print(misread(outcomes))
	}
	if o.fit {
		var all []sighting
		for _, out := range outcomes {
			all = append(all, out.seen...)
		}
		fmt.Print(fit(all))
	}
	if o.html != "" {
		if err := writeMisses(o.html, outcomes); err != nil {
			return err
		}
	}
	return write(o, report, items)
}

func write(o options, report string, items []score.Item) error {
	if o.summary != "" {
		if err := os.WriteFile(o.summary, []byte(report), 0o644); err != nil {
			return fmt.Errorf("write summary: %w", err)
		}
	}
	if o.json == "" {
		return nil
	}
	data, err := json.MarshalIndent(items, "", " ")
	if err != nil {
		return fmt.Errorf("write items: %w", err)
	}
	if err := os.WriteFile(o.json, data, 0o644); err != nil {
		return fmt.Errorf("write items: %w", err)
	}
	return nil
}
