// Command bench measures digitize beside plain tesseract on the same page
// images, in one run and turn by turn, so that what is compared has met the same
// machine. It prints pages per second, processor time a page, the ratio of the
// two, and the largest process of each.
//
//	go run ./bench [-rounds 3] [-workers N] [FILE…]
//
// It needs bin/paperchart (make build) and tesseract.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
)

func main() {
	rounds := flag.Int("rounds", 3, "how often each side runs; the best counts")
	workers := flag.Int("workers", runtime.NumCPU(), "pages at once, on both sides")
	binary := flag.String("paperchart", "bin/paperchart", "the program to measure")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *binary, *rounds, *workers, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary string, rounds, workers int, files []string) error {
	for _, need := range []string{binary, "tesseract"} {
		if _, err := exec.LookPath(need); err != nil {
			return fmt.Errorf("%s is missing: run make setup build", need)
		}
	}
	if len(files) == 0 {
		files, _ = filepath.Glob("samples/*.pdf")
	}
	dir, err := os.MkdirTemp("", "paperchart-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	images, err := pageImages(files, dir)
	if err != nil {
		return err
	}
	text := filepath.Join(dir, "text.pdf")
	if err := writeTextPDF(text, textPages); err != nil {
		return err
	}
	digital := digitize{binary, []string{text}, workers}
	scans := digitize{binary, files, workers}
	plain := tesseract{images, workers}

	fmt.Printf("%d scanned pages of %d files, %d at once, best of %d rounds\n\n", len(images), len(files), workers, rounds)
	var ocr, ours, layer cost
	for i := range rounds + 1 {
		a, err := plain.run(ctx)
		if err != nil {
			return fmt.Errorf("run tesseract: %w", err)
		}
		b, err := scans.run(ctx)
		if err != nil {
			return fmt.Errorf("run digitize: %w", err)
		}
		c, err := digital.run(ctx)
		if err != nil {
			return fmt.Errorf("run digitize on text: %w", err)
		}
		if i == 0 {
			continue // caches are filled now
		}
		ocr, ours, layer = ocr.best(a), ours.best(b), layer.best(c)
	}
	report(ocr, ours, layer, len(images))
	return nil
}

func report(ocr, ours, layer cost, pages int) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tpages/s\tCPU s/page\tlargest process MiB\t")
	line := func(name string, c cost, pages int) {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%d\t\n", name, float64(pages)/c.wall.Seconds(), c.cpu.Seconds()/float64(pages), c.rss>>20)
	}
	line("tesseract, page by page", ocr, pages)
	line("paperchart digitize", ours, pages)
	line("… with a text layer", layer, textPages)
	w.Flush()
	perPage := func(c cost, n int) float64 { return c.cpu.Seconds() / float64(n) }
	fmt.Printf("\ndigitize / tesseract: time %.2f, CPU %.2f; text layer / tesseract: CPU %.3f\n",
		ours.wall.Seconds()/ocr.wall.Seconds(), ours.cpu.Seconds()/ocr.cpu.Seconds(), perPage(layer, textPages)/perPage(ocr, pages))
	fmt.Println(strings.TrimSpace(runtime.GOOS + "/" + runtime.GOARCH))
}
