// Command generate derives the Go sources and the embedded table of
// internal/fhir from the official packages: hl7.fhir.r4.examples 4.0.1 (CC0) and
// US Core 6.1.0 (CC0). The packages themselves stay out of the repository: the
// first is fetched with npm into the user's cache folder, the second is read
// from -uscore.
//
// Run it with `go generate ./internal/fhir`; its output is committed.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const r4Package = "hl7.fhir.r4.examples"
const r4Version = "4.0.1"

func main() {
	out := flag.String("out", ".", "folder of internal/fhir")
	usCore := flag.String("uscore", "../../../shared/testdata/fhir/us_core_610.tgz", "US Core 6.1.0 package")
	flag.Parse()
	if err := run(*out, *usCore); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(out, usCore string) error {
	tgz, err := fetchR4()
	if err != nil {
		return err
	}
	r4, err := readPackage(tgz)
	if err != nil {
		return err
	}
	if err := writeStructs(r4, filepath.Join(out, "r4")); err != nil {
		return err
	}
	us, err := readPackage(usCore)
	if err != nil {
		return err
	}
	if err := writeTable(r4, us, out); err != nil {
		return err
	}
	return writeCodes([]*pack{r4, us}, filepath.Join(out, "codes"))
}

// fetchR4 returns the path of the R4 package, fetching it once into the user's
// cache folder or that of PAPERCHART_FHIR_CACHE.
func fetchR4() (string, error) {
	dir := os.Getenv("PAPERCHART_FHIR_CACHE")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find cache folder: %w", err)
		}
		dir = filepath.Join(cache, "paperchart", "fhir")
	}
	tgz := filepath.Join(dir, r4Package+"-"+r4Version+".tgz")
	if _, err := os.Stat(tgz); err == nil {
		return tgz, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make cache folder: %w", err)
	}
	cmd := exec.Command("npm", "pack", r4Package+"@"+r4Version)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("fetch %s with npm: %w", r4Package, err)
	}
	return tgz, nil
}
