package terms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestUpdate(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/mvx.xml":
			io.WriteString(w, mvxFixture)
		case "/page.html":
			io.WriteString(w, "<html>We have moved</html>")
		default:
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	sum := sha256.Sum256([]byte(mvxFixture))
	good := hex.EncodeToString(sum[:])
	for _, c := range []struct {
		name string
		p    Publication
		want string // in the error, or empty
	}{
		{"no checksum", Publication{Name: "MVX", URL: srv.URL + "/mvx.xml"}, ""},
		{"its checksum", Publication{Name: "MVX", URL: srv.URL + "/mvx.xml", SHA256: strings.ToUpper(good)}, ""},
		{"another checksum", Publication{Name: "MVX", URL: srv.URL + "/mvx.xml", SHA256: strings.Repeat("0", 64)}, "not the published"},
		{"gone", Publication{Name: "MVX", URL: srv.URL + "/old.xml"}, "not reached: 127.0.0.1"},
		{"a page instead", Publication{Name: "MVX", URL: srv.URL + "/page.html"}, "not a release"},
		{"no server", Publication{Name: "MVX", URL: "http://127.0.0.1:1/mvx.xml"}, "not reached"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			r, err := Updater{Dir: dir, Client: srv.Client()}.Update(context.Background(), c.p)
			files, _ := filepath.Glob(filepath.Join(dir, "*"))
			if c.want == "" {
				if err != nil || r.Codes != 1 || len(files) != 1 {
					t.Errorf("Update = %+v, %v, files %v", r, err, files)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || len(files) != 0 {
				t.Errorf("Update = %v, files %v; want %q and none", err, files, c.want)
			}
		})
	}
}
