package doors

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/bda"
)

var errNoInput = errors.New("there is nothing to import")

// importAll stores every line below the input's prefix and writes the manifest
// and logs as HealthLake does.
func (d *Doors) importAll(ctx context.Context, j *lakeJob) error {
	store, err := d.opened(j.Datastore)
	if err != nil {
		return err
	}
	rest, _ := strings.CutPrefix(j.Input, "s3://")
	bucket, prefix, _ := strings.Cut(rest, "/")
	files, err := d.Objects.list(bucket, prefix)
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(e entry) bool { return !strings.HasSuffix(e.Key, ".ndjson") })
	if len(files) == 0 {
		j.Message = "There are no .ndjson files at the input location"
		return errNoInput
	}
	j.Counts = counts{}
	to := d.importing().place(*j)
	in := importer{plane: store.FHIR(j.Level), base: d.Address + "/datastore/" + j.Datastore + "/r4", n: &j.Counts}
	for _, f := range files {
		if err := d.importFile(ctx, in, bucket, f, to); err != nil {
			return err
		}
	}
	return d.writeManifest(ctx, *j, to)
}

// importFile stores the lines of a file and writes its logs; one that would be
// empty is not there.
func (d *Doors) importFile(ctx context.Context, in importer, bucket string, f entry, to bda.Object) error {
	body, err := d.Objects.Open(bucket, f.Key)
	if err != nil {
		return err
	}
	defer body.Close()
	before := in.n.Refused
	in.n.Files++
	in.n.Bytes += f.Size
	var log importLog
	if err := in.file(ctx, body, &log); err != nil {
		return err
	}
	if in.n.Refused > before {
		in.n.FilesRefused++
	}
	for kind, data := range map[string][]byte{"SUCCESS/": log.good, "FAILURE/": log.bad} {
		if len(data) == 0 {
			continue
		}
		if err := d.Objects.Write(ctx, to.Bucket, to.Key+kind+path.Base(f.Key), data); err != nil {
			return err
		}
	}
	return nil
}

// writeManifest writes the job's manifest under the name that AWS documents, and
// under that which users of HealthLake have found.
func (d *Doors) writeManifest(ctx context.Context, j lakeJob, to bda.Object) error {
	manifest := map[string]any{"inputDataConfig": map[string]string{"s3Uri": j.Input},
		"outputDataConfig":     map[string]string{"s3Uri": to.URI(), "encryptionKeyID": j.Key},
		"successOutput":        map[string]string{"successOutputS3Uri": to.URI() + "SUCCESS/"},
		"failureOutput":        map[string]string{"failureOutputS3Uri": to.URI() + "FAILURE/"},
		"numberOfScannedFiles": j.Counts.Files, "numberOfFilesImported": j.Counts.Files,
		"sizeOfScannedFilesInMB": megabytes(j.Counts.Bytes), "sizeOfDataImportedSuccessfullyInMB": megabytes(j.Counts.Stored),
		"numberOfResourcesScanned": j.Counts.Scanned, "numberOfResourcesImportedSuccessfully": j.Counts.Imported,
		"numberOfResourcesWithCustomerError": j.Counts.Refused, "numberOfResourcesWithServerError": 0}
	if err := d.writeJSON(ctx, to.Bucket, to.Key+"Manifest.json", manifest); err != nil {
		return err
	}
	return d.writeJSON(ctx, to.Bucket, to.Key+"manifest.json", manifest)
}

// importer stores lines by way of the data plane, so that an import refuses what
// a write would refuse.
type importer struct {
	plane http.Handler
	base  string
	n     *counts
}

// importLog are the logs of one file.
type importLog struct{ good, bad []byte }

// line is one resource of a file.
type line struct {
	number   int
	text     []byte
	kind, id string
}

var (
	resourceType = regexp.MustCompile(`^[A-Za-z]{1,256}$`)
	resourceID   = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)
)

const (
	// chunk is how many lines are stored at once.
	chunk = 200
	// maxLine is the longest line, in bytes.
	maxLine = 32 << 20
)

// file stores the lines of a file, many at once; where one of them is refused,
// each is tried by itself.
func (in importer) file(ctx context.Context, body io.Reader, log *importLog) error {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, maxLine)
	var fit []line
	for number := 1; lines.Scan(); number++ {
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		in.n.Scanned++
		l := line{number: number, text: bytes.Clone(text)}
		if why := l.read(); why != "" {
			in.refuse(log, l, http.StatusBadRequest, outcomeOf(why))
			continue
		}
		if fit = append(fit, l); len(fit) == chunk {
			in.store(ctx, fit, log)
			fit = fit[:0]
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		in.n.Scanned++
		in.refuse(log, line{}, http.StatusBadRequest, outcomeOf("A line is longer than the server takes; the rest of the file was not read"))
	} else if lines.Err() != nil {
		return lines.Err()
	}
	in.store(ctx, fit, log)
	return ctx.Err()
}

func (in importer) store(ctx context.Context, lines []line, log *importLog) {
	if len(lines) == 0 {
		return
	}
	if status, _ := in.send(ctx, "POST", "", bundle(lines)); status == http.StatusOK {
		for _, l := range lines {
			in.took(log, l, http.StatusOK)
		}
		return
	}
	for _, l := range lines {
		status, said := in.send(ctx, "PUT", "/"+l.kind+"/"+l.id, l.text)
		if status == http.StatusOK || status == http.StatusCreated {
			in.took(log, l, status)
			continue
		}
		in.refuse(log, l, status, said)
	}
}

// send asks the data plane.
func (in importer) send(ctx context.Context, method, at string, body []byte) (int, []byte) {
	r, err := http.NewRequestWithContext(ctx, method, in.base+at, bytes.NewReader(body))
	if err != nil {
		return http.StatusInternalServerError, nil
	}
	r.Header.Set("Content-Type", "application/fhir+json")
	w := &answerOf{header: http.Header{}, status: http.StatusOK}
	in.plane.ServeHTTP(w, r)
	return w.status, w.body.Bytes()
}

// answerOf keeps what a handler answers.
type answerOf struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answerOf) Header() http.Header         { return a.header }
func (a *answerOf) WriteHeader(status int)      { a.status = status }
func (a *answerOf) Write(p []byte) (int, error) { return a.body.Write(p) }

func (in importer) took(log *importLog, l line, status int) {
	in.n.Imported++
	in.n.Stored += int64(len(l.text))
	log.good = fmt.Appendf(log.good, `{"lineId":%d,"UpdateResourceResponse":{"jsonBlob":{"resourceType":%q,"id":%q},"statusCode":%d}}`+"\n", l.number, l.kind, l.id, status)
}

func (in importer) refuse(log *importLog, l line, status int, said []byte) {
	in.n.Refused++
	var flat bytes.Buffer
	if json.Compact(&flat, said) != nil {
		flat.Reset()
		flat.Write(outcomeOf("The resource was refused"))
	}
	log.bad = fmt.Appendf(log.bad, `{"lineId":%d,"UpdateResourceResponse":{"jsonBlob":%s,"statusCode":%d}}`+"\n", l.number, flat.Bytes(), status)
}

func outcomeOf(why string) []byte {
	return fmt.Appendf(nil, `{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing","diagnostics":%q}]}`, why)
}

// read finds the line's type and id, and tells what keeps it from being stored.
func (l *line) read() string {
	var r struct {
		Type string `json:"resourceType"`
		ID   string `json:"id"`
	}
	switch err := json.Unmarshal(l.text, &r); {
	case err != nil:
		return "The line is no good JSON"
	case !resourceType.MatchString(r.Type):
		return "Missing required resourceType field in resource json"
	case !resourceID.MatchString(r.ID):
		return "Missing required id field in resource json"
	}
	l.kind, l.id = r.Type, r.ID
	return ""
}

// bundle is a transaction that puts each line under its id.
func bundle(lines []line) []byte {
	b := []byte(`{"resourceType":"Bundle","type":"transaction","entry":[`)
	for i, l := range lines {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"resource":%s,"request":{"method":"PUT","url":"%s/%s"}}`, l.text, l.kind, l.id)
	}
	return append(b, `]}`...)
}
