package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/convert"
	"github.com/paperchart/paperchart/internal/healthlake"
)

// The routes by which FHIR reaches the store.
const (
	byTransaction = "transaction"
	byImport      = "import"
)

// keep writes the FHIR of a document into the bucket and brings it to the store:
// little at once, much with the next import job.
func (p *Processor) keep(ctx context.Context, document string, made convert.Output) (route string, err error) {
	bundle, err := made.Bundle()
	if err != nil {
		return "", err
	}
	lines, err := made.NDJSON()
	if err != nil {
		return "", err
	}
	folder := "fhir/" + document + "/"
	if err := p.put(ctx, folder+"bundle.json", bundle); err != nil {
		return "", err
	}
	for _, name := range made.Types() {
		if err := p.put(ctx, folder+"ndjson/"+name+".ndjson", lines[name]); err != nil {
			return "", err
		}
	}
	if len(made.Resources) <= p.MaxTransaction && len(bundle) <= p.MaxBody {
		if err := p.FHIR.Transaction(ctx, bundle); err != nil {
			return "", fmt.Errorf("store bundle: %w", err)
		}
		return byTransaction, nil
	}
	for _, name := range made.Types() {
		if err := p.put(ctx, pending+document+"/"+name+".ndjson", lines[name]); err != nil {
			return "", err
		}
	}
	return byImport, nil
}

func (p *Processor) put(ctx context.Context, key string, data []byte) error {
	if err := p.Objects.Put(ctx, p.out(key), data); err != nil {
		return fmt.Errorf("write FHIR: %w", err)
	}
	return nil
}

const (
	pending   = "import/pending/"
	batches   = "import/batch/"
	importLog = "import/log/"
	failures  = "import/failed/"
)

// maxBatch is the most files of one import job: what the sweep can copy in its time.
const maxBatch = 500

// gather begins one import job for all that waits, since HealthLake runs one at a
// time. The batch is named by its contents: dying anywhere and beginning again
// gives the same batch and the same job, and files are forgotten last.
func (p *Processor) gather(ctx context.Context) error {
	waiting, err := p.Objects.List(ctx, p.Output, pending, maxBatch)
	if err != nil {
		return fmt.Errorf("list waiting imports: %w", err)
	}
	if len(waiting) == 0 {
		return nil
	}
	running, err := p.Imports.Running(ctx)
	if err != nil {
		return fmt.Errorf("ask for imports: %w", err)
	}
	if running {
		return nil // the next sweep finds them, and more, in one job
	}
	batch := batchName(waiting)
	for _, f := range waiting {
		to := batches + batch + "/" + strings.ReplaceAll(strings.TrimPrefix(f.Key, pending), "/", "-")
		if err := p.Objects.Copy(ctx, p.out(f.Key), p.out(to)); err != nil {
			return fmt.Errorf("gather import: %w", err)
		}
	}
	if err := p.start(ctx, batch, batch); err != nil {
		return err
	}
	return p.forget(ctx, waiting)
}

// forget deletes the files that were gathered. One that was written anew since then,
// for its document was read again, waits for the next import.
func (p *Processor) forget(ctx context.Context, gathered []Info) error {
	now, err := p.Objects.List(ctx, p.Output, pending, maxBatch)
	if err != nil {
		return fmt.Errorf("list waiting imports: %w", err)
	}
	etags := map[string]string{}
	for _, f := range now {
		etags[f.Key] = f.ETag
	}
	for _, f := range gathered {
		if etags[f.Key] != f.ETag {
			continue
		}
		if err := p.Objects.Delete(ctx, p.out(f.Key)); err != nil {
			return fmt.Errorf("gather import: %w", err)
		}
	}
	return nil
}

func (p *Processor) start(ctx context.Context, batch, token string) error {
	job, err := p.Imports.Start(ctx, p.out(batches+batch+"/"), token)
	if err != nil {
		return fmt.Errorf("begin import: %w", err)
	}
	p.Logger.InfoContext(ctx, "import begun", "batch", batch, "import", job)
	return nil
}

// restart begins a batch again whose import failed, when somebody redrives its
// dead letter. The message names the try.
func (p *Processor) restart(ctx context.Context, batch, message string) error {
	sum := sha256.Sum256([]byte(batch + "|" + message))
	return p.start(ctx, batch, hex.EncodeToString(sum[:16]))
}

func batchName(files []Info) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s|%s\n", f.Key, f.ETag)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// imported takes note of how an import job ended: one that failed, or refused
// some of its lines, becomes a dead letter that says where to look.
func (p *Processor) imported(ctx context.Context, i imported) error {
	if i.failed {
		return p.importFailed(ctx, i, refuse("import-failed", "import job %s failed as a whole; see it in the HealthLake console", i.Job))
	}
	data, err := p.manifest(ctx, i)
	if err != nil {
		return fmt.Errorf("read import manifest: %w", err) // events may be faster
	}
	m, err := healthlake.ParseManifest(data)
	if err != nil {
		return refuse("bad-manifest", "the manifest of import job %s can't be read", i.Job)
	}
	refused := m.CustomerErrors + m.ServerErrors
	if refused == 0 {
		p.Logger.InfoContext(ctx, "import ended", "import", i.Job, "resources", m.Imported)
		return nil
	}
	lines, err := p.failures(ctx, i)
	if err != nil {
		return err
	}
	record, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	if err := p.put(ctx, failures+i.Job+".json", record); err != nil {
		return err
	}
	return p.importFailed(ctx, i, refuse("import-refused", "import job %s refused %d of %d resources; see %s%s.json in the output bucket",
		i.Job, refused, m.Scanned, failures, i.Job))
}

// manifest reads the manifest of an import under the name that is documented, or
// else under that which users of HealthLake report.
func (p *Processor) manifest(ctx context.Context, i imported) ([]byte, error) {
	for _, key := range healthlake.ManifestKeys(importLog, i.Datastore, i.Job) {
		data, _, err := p.read(ctx, p.out(key))
		if !errors.Is(err, ErrAbsent) {
			return data, err
		}
	}
	return nil, ErrAbsent
}

func (p *Processor) importFailed(ctx context.Context, i imported, why error) error {
	at, err := bda.ParseURI(i.Input.URI)
	batch := path.Base(at.Key)
	if err != nil || at.Bucket != p.Output || !strings.HasPrefix(at.Key, batches) || !bda.ValidJob(batch) {
		return why // not one of ours; the event itself is the dead letter
	}
	if err := p.Dead.Send(ctx, encode(ownImport, map[string]any{"batch": batch}), why.Error()); err != nil {
		return fmt.Errorf("send dead letter: %w", err)
	}
	p.Logger.ErrorContext(ctx, "import failed", "import", i.Job, "batch", batch, "why", why)
	return nil
}

// refusedFile are the refused lines of one file of an import.
type refusedFile struct {
	File  string               `json:"file"`
	Lines []healthlake.Failure `json:"lines"`
}

func (p *Processor) failures(ctx context.Context, i imported) ([]refusedFile, error) {
	logs, err := p.Objects.List(ctx, p.Output, healthlake.FailureKey(importLog, i.Datastore, i.Job), maxBatch)
	if err != nil {
		return nil, fmt.Errorf("list import failures: %w", err)
	}
	all := []refusedFile{}
	for _, l := range logs {
		data, _, err := p.read(ctx, p.out(l.Key))
		if err != nil {
			return nil, fmt.Errorf("read import failures: %w", err)
		}
		all = append(all, refusedFile{path.Base(l.Key), healthlake.ParseFailures(data)})
	}
	return all, nil
}
