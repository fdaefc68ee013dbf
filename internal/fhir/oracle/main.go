// Command oracle tells what google/fhir v0.7.4 thinks of resources: it reads
// NDJSON and answers each line with "ok" or a quoted error. It is a module of its
// own, so that nothing else here depends on google/fhir.
//
// The validator's tests compare themselves with it where PAPERCHART_FHIR_ORACLE
// names the built command:
//
//	go build -C internal/fhir/oracle -o /tmp/oracle .
//	PAPERCHART_FHIR_ORACLE=/tmp/oracle go test -run Oracle -v ./internal/fhir/validate
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/google/fhir/go/fhirversion"
	"github.com/google/fhir/go/jsonformat"
)

const maxLine = 64 << 20

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

func run() error {
	u, err := jsonformat.NewUnmarshaller("UTC", fhirversion.R4)
	if err != nil {
		return fmt.Errorf("make unmarshaller: %w", err)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		if _, err := u.Unmarshal(lines.Bytes()); err != nil {
			fmt.Printf("%q\n", err.Error())
			continue
		}
		fmt.Println("ok")
	}
	return lines.Err()
}
