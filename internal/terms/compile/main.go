// Command compile turns internal/terms/vocabulary into internal/terms/vocabulary.bin.
// Run it through `go generate ./internal/terms` after any change to a TSV file.
package main

import (
	"fmt"
	"os"

	"github.com/paperchart/paperchart/internal/terms"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "compile:", err)
		os.Exit(1)
	}
}

func run() error {
	compiled, clashes, err := terms.Compile(os.DirFS("vocabulary"))
	if err != nil {
		return err
	}
	for _, c := range clashes {
		fmt.Fprintln(os.Stderr, "clash:", c)
	}
	return os.WriteFile("vocabulary.bin", compiled, 0o644)
}
