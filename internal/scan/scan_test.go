package scan

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestSamplesOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	var s Scanner
	defer s.Close()
	files, _ := filepath.Glob("../../samples/*.pdf")
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		file, err := s.Open(context.Background(), data)
		if err != nil {
			t.Fatal(err)
		}
		for i := range file.PageCount() {
			p, err := file.Page(context.Background(), i+1)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(filepath.Base(f), p.Number, p.DPI, p.Image.Bounds(), p.Blank, p.ToSource)
		}
		file.Close()
	}
}
