// Command fhir measures the FHIR store with the Synthea bundles: import, disk,
// reading by id and searching.
//
//	go run ./bench/fhir [-copies 1] [-seconds 3] [-dir DIR]
//
// With -copies N every bundle is imported N times, with new ids each time.
package main

import (
	"archive/tar"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paperchart/paperchart/internal/store"
)

func main() {
	copies := flag.Int("copies", 1, "how often each bundle is imported")
	seconds := flag.Float64("seconds", 3, "how long each kind of request is measured")
	dir := flag.String("dir", "", "where the database is made; a temporary folder by default")
	profile := flag.String("profile", "", "file for a CPU profile")
	workers := flag.Int("workers", 4, "clients at a time")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			log.Fatal(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	if err := run(context.Background(), *copies, *workers, time.Duration(*seconds*float64(time.Second)), *dir); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, copies, workers int, each time.Duration, dir string) error {
	bundles, err := synthea()
	if err != nil {
		return err
	}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "fhir-bench"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	path := filepath.Join(dir, "fhir.db")
	begin := time.Now()
	s, err := store.Open(ctx, store.Config{Path: path})
	if err != nil {
		return err
	}
	fmt.Printf("boot of an empty store     %8.0f ms\n", ms(time.Since(begin)))
	if err := imports(ctx, s, bundles, copies, workers, path); err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	begin = time.Now()
	if s, err = store.Open(ctx, store.Config{Path: path}); err != nil {
		return err
	}
	defer s.Close()
	fmt.Printf("boot of the full store     %8.0f ms\n", ms(time.Since(begin)))
	if err := reads(ctx, s, workers, each); err != nil {
		return err
	}
	return requests(ctx, s, workers, each)
}

func imports(ctx context.Context, s *store.Store, bundles [][]byte, copies, workers int, path string) error {
	resources := 0
	for _, b := range bundles {
		resources += strings.Count(string(b), `"request"`)
	}
	work := make(chan []byte)
	errs := make(chan error, workers)
	begin := time.Now()
	for range workers {
		go func() {
			var err error
			for b := range work {
				if e := s.Import(ctx, b); e != nil && err == nil {
					err = e
				}
			}
			errs <- err
		}()
	}
	for range copies {
		for _, b := range bundles {
			work <- b
		}
	}
	close(work)
	var err error
	for range workers {
		err = errors.Join(err, <-errs)
	}
	took := time.Since(begin)
	n := resources * copies
	fmt.Printf("import of %d resources %8.0f resources/s\n", n, float64(n)/took.Seconds())
	if info, statErr := os.Stat(path); statErr == nil { // the log beside it is bounded and goes when the store closes
		fmt.Printf("disk                       %8.0f bytes a resource\n", float64(info.Size())/float64(n))
	}
	fmt.Printf("memory                     %8.0f MB resident\n", resident())
	return err
}

func reads(ctx context.Context, s *store.Store, workers int, each time.Duration) error {
	patients, err := ids(ctx, s, "Patient")
	if err != nil {
		return err
	}
	observations, err := ids(ctx, s, "Observation")
	if err != nil {
		return err
	}
	codes := []string{"8302-2", "29463-7", "72166-2", "8480-6", "2339-0", "6299-2", "4548-4", "39156-5"}
	pick := func(from []string) string { return from[rand.IntN(len(from))] }
	search := func(typ, query string) error {
		params, err := store.ParseQuery(query)
		if err == nil {
			_, err = s.Search(ctx, store.Query{Type: typ, Params: params, Count: 50})
		}
		return err
	}
	for _, m := range []struct {
		name string
		do   func() error
	}{
		{"read by id", func() error { _, err := s.Read(ctx, "Observation", pick(observations)); return err }},
		{"patient + code", func() error {
			return search("Observation", "patient="+pick(patients)+"&code=http://loinc.org|"+pick(codes))
		}},
		{"patient, latest first", func() error { return search("Observation", "patient="+pick(patients)+"&_sort=-date&_count=20") }},
		{"patient + date", func() error { return search("Observation", "patient="+pick(patients)+"&date=ge2015") }},
		{"code alone", func() error { return search("Observation", "code=http://loinc.org|"+pick(codes)) }},
		{"chain by name", func() error { return search("Condition", "patient.name=a&clinical-status=active") }},
		{"name", func() error { return search("Patient", "name=a") }},
	} {
		measure(m.name, workers, each, m.do)
	}
	return nil
}

func measure(name string, workers int, each time.Duration, do func() error) {
	var wg sync.WaitGroup
	var failed atomic.Int64
	times := make([][]time.Duration, workers)
	begin := time.Now()
	for w := range workers {
		wg.Go(func() {
			for time.Since(begin) < each {
				at := time.Now()
				if do() != nil {
					failed.Add(1)
				}
				times[w] = append(times[w], time.Since(at))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(times...)
	slices.Sort(all)
	fmt.Printf("%-24s %10.0f /s   p50 %6.2f ms   p99 %6.2f ms   failed %d\n", name,
		float64(len(all))/each.Seconds(), ms(all[len(all)/2]), ms(all[len(all)*99/100]), failed.Load())
}

func ids(ctx context.Context, s *store.Store, typ string) ([]string, error) {
	var all []string
	q := store.Query{Type: typ, Count: 1000}
	for len(all) < 20000 {
		page, err := s.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Resources {
			all = append(all, r.ID)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	return all, nil
}

func synthea() ([][]byte, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "..", "shared", "testdata", "fhir", "synthea-r4-150.tar.xz")
	xz := exec.Command("xz", "-dc", file)
	out, err := xz.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := xz.Start(); err != nil {
		return nil, fmt.Errorf("run xz in the repository's root, with ../shared beside it: %w", err)
	}
	var all [][]byte
	for tr := tar.NewReader(out); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return all, xz.Wait()
		}
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(h.Name, ".json") {
			data, err := io.ReadAll(tr)
			if err != nil {
				return nil, err
			}
			all = append(all, data)
		}
	}
}

// resident is the memory that the process holds, in MB; 0 where that is not told.
func resident() float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kb float64
	if _, rest, ok := strings.Cut(string(data), "VmRSS:"); ok {
		fmt.Sscan(rest, &kb)
	}
	return kb / 1024
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
