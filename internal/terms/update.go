package terms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A Publication is a release that its publisher lets anyone download.
type Publication struct {
	Name, URL string
	// SHA256 is the checksum in hexadecimal where one is published, or empty.
	SHA256 string
}

// Publications are the releases that Update knows. LOINC, SNOMED CT and CPT are
// not among them: their publishers want a licence agreed to first.
func Publications() []Publication {
	return []Publication{
		{Name: "ICD-10-CM 2026", URL: "https://www.cms.gov/files/zip/2026-code-descriptions-tabular-order.zip"},
		{Name: "ICD-10-CM 2026 tabular list", URL: "https://ftp.cdc.gov/pub/Health_Statistics/NCHS/Publications/ICD10CM/2026/icd10cm-table-and-index-2026.zip"},
		{Name: "CVX", URL: "https://www2.cdc.gov/vaccines/iis/iisstandards/XML.asp?rpt=cvx"},
		{Name: "CVX trade names", URL: "https://www2.cdc.gov/vaccines/iis/iisstandards/XML.asp?rpt=tradename"},
		{Name: "MVX", URL: "https://www2.cdc.gov/vaccines/iis/iisstandards/XML.asp?rpt=mvx"},
		{Name: "RxNorm, prescribable", URL: "https://download.nlm.nih.gov/rxnorm/RxNorm_full_prescribe_current.zip"},
		{Name: "HCPCS Level II 2026", URL: "https://www.cms.gov/files/zip/january-2026-alpha-numeric-hcpcs-file.zip"},
	}
}

// An Updater downloads publications and imports them into Dir.
type Updater struct {
	Dir    string
	Client *http.Client // nil: http.DefaultClient
}

// Update downloads and imports one publication. What can't be downloaded, whose
// checksum is another, or that is malformed leaves Dir as it was.
func (u Updater) Update(ctx context.Context, p Publication) (Release, error) {
	tmp, err := os.MkdirTemp("", "paperchart-terms-*")
	if err != nil {
		return Release{}, fmt.Errorf("update %s: %w", p.Name, err)
	}
	defer os.RemoveAll(tmp)
	file, err := u.download(ctx, p, tmp)
	if err != nil {
		return Release{}, fmt.Errorf("update %s: %w", p.Name, err)
	}
	r, err := Import(ctx, u.Dir, file)
	if err != nil {
		return r, fmt.Errorf("update %s: %w", p.Name, err)
	}
	return r, nil
}

func (u Updater) download(ctx context.Context, p Publication, dir string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, nil)
	if err != nil {
		return "", fmt.Errorf("not reached: %w", err)
	}
	client := u.Client
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("not reached: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("not reached: %s answers %s", req.URL.Host, res.Status)
	}
	file := filepath.Join(dir, fileName(p.URL))
	f, err := os.Create(file)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(res.Body, maxRelease+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("download: %w", err)
	}
	if n > maxRelease {
		return "", fmt.Errorf("file is larger than %d bytes", maxRelease)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); p.SHA256 != "" && !strings.EqualFold(got, p.SHA256) {
		return "", fmt.Errorf("its checksum is %s, not the published %s", got, p.SHA256)
	}
	return file, nil
}

// fileName is the last part of a URL's path, whose words name the release.
func fileName(link string) string {
	u, err := url.Parse(link)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return "release"
	}
	return path.Base(u.Path)
}
