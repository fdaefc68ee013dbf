// Command testcount prints what a `go test -json` log says: the output of what
// failed, a line a package, what was skipped and why, and the counts.
//
//	testcount LOG STATUS
//
// It exits with 1 where a test or a package failed, STATUS is not 0, or no test ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
	ImportPath                    string
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: testcount LOG STATUS")
		os.Exit(2)
	}
	f, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer f.Close()

	output := map[string][]string{}
	var passed, failed, skipped int
	in := bufio.NewScanner(f)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text())
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output":
			output[key] = append(output[key], e.Output)
		case "build-output":
			fmt.Print(e.Output)
		case "pass", "fail", "skip":
			if e.Test == "" {
				summary(e, output[key])
				break
			}
			switch e.Action {
			case "pass":
				passed++
			case "fail":
				failed++
				fmt.Print(strings.Join(output[key], ""))
			case "skip":
				skipped++
				fmt.Printf("skipped %s %s: %s\n", e.Package, e.Test, reason(output[key]))
			}
			delete(output, key)
		}
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if failed > 0 || os.Args[2] != "0" || passed == 0 {
		os.Exit(1)
	}
}

// summary prints one line for a package, and all it said where it failed.
func summary(e event, output []string) {
	switch e.Action {
	case "fail":
		fmt.Print(strings.Join(output, ""))
		fmt.Printf("FAIL  %s\n", e.Package)
	case "pass":
		fmt.Printf("ok    %-60s %6.1f s\n", e.Package, e.Elapsed)
	}
}

// reason returns what a skipped test said, its own lines about itself left out.
func reason(output []string) string {
	var said []string
	for _, o := range output {
		o = strings.TrimSpace(o)
		if o != "" && !strings.HasPrefix(o, "===") && !strings.HasPrefix(o, "---") {
			said = append(said, o)
		}
	}
	return strings.Join(said, " ")
}
