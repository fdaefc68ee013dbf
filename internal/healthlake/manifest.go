package healthlake

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
)

// Manifest is what an import job's manifest.json counts.
type Manifest struct {
	Scanned        int `json:"numberOfResourcesScanned"`
	Imported       int `json:"numberOfResourcesImportedSuccessfully"`
	CustomerErrors int `json:"numberOfResourcesWithCustomerError"`
	ServerErrors   int `json:"numberOfResourcesWithServerError"`
}

// ParseManifest reads manifest.json.
func ParseManifest(data []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return m, errors.New("read import manifest: it is no good JSON")
	}
	return m, nil
}

// ManifestKeys is where an import job may put its manifest below the prefix it
// was given, which ends in "/" or is empty: AWS documents the first name, and
// who uses the service reports the second. Its failure logs are below FailureKey.
func ManifestKeys(prefix, datastore, job string) []string {
	folder := prefix + datastore + "-FHIR_IMPORT-" + job + "/"
	return []string{folder + "manifest.json", folder + "Manifest.json"}
}

// FailureKey is the prefix of an import job's failure logs.
func FailureKey(prefix, datastore, job string) string {
	return prefix + datastore + "-FHIR_IMPORT-" + job + "/FAILURE/"
}

// Failure is one refused line of an import.
type Failure struct {
	// Line is the line's number in its file, as the log gives it.
	Line   int `json:"line"`
	Status int `json:"status"`
}

// The logs as documented have a key without quotation marks, so they are read by
// the two numbers alone.
var (
	lineID     = regexp.MustCompile(`"?lineId"?\s*:\s*(\d{1,9})`)
	statusCode = regexp.MustCompile(`"?statusCode"?\s*:\s*(\d{3})`)
)

// ParseFailures reads a failure log. The texts of the outcomes are left out:
// they may quote the record.
func ParseFailures(log []byte) []Failure {
	var all []Failure
	lines := bufio.NewScanner(bytes.NewReader(log))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		line, status := lineID.FindSubmatch(lines.Bytes()), statusCode.FindAllSubmatch(lines.Bytes(), -1)
		if line == nil {
			continue
		}
		f := Failure{Line: atoi(line[1])}
		if len(status) > 0 {
			f.Status = atoi(status[len(status)-1][1])
		}
		all = append(all, f)
	}
	return slices.Clip(all)
}

func atoi(b []byte) int {
	n, _ := strconv.Atoi(string(b))
	return n
}
