package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// sample is ids of resources that were imported, evenly from all of them.
type sample struct {
	mu    sync.Mutex
	types map[string]*reservoir
}

type reservoir struct {
	ids  []string
	seen int
}

const reservoirSize = 20000

func (s *sample) add(typ, id string) {
	if s.types == nil {
		s.types = map[string]*reservoir{}
	}
	r := s.types[typ]
	if r == nil {
		r = &reservoir{}
		s.types[typ] = r
	}
	r.seen++
	if len(r.ids) < reservoirSize {
		r.ids = append(r.ids, id)
	} else if at := rand.IntN(r.seen); at < reservoirSize {
		r.ids[at] = id
	}
}

func (s *sample) pick(typ string) string {
	ids := s.types[typ].ids
	return ids[rand.IntN(len(ids))]
}

var location = regexp.MustCompile(`"location":"(Patient|Observation)/([^/"]+)`)

func (s *sample) learn(response []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range location.FindAllSubmatch(response, -1) {
		s.add(string(m[1]), string(m[2]))
	}
}

// fill imports bundles until so many resources were added, and returns how many.
func (s *server) fill(bundles [][]byte, workers, resources int, ids *sample) (int, error) {
	client := clientFor(workers)
	var next, added atomic.Int64
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for errs[w] == nil && added.Load() < int64(resources) {
				bundle := bundles[int(next.Add(1)-1)%len(bundles)]
				var answer []byte
				answer, errs[w] = send(client, "POST", s.base, bundle)
				added.Add(int64(bytes.Count(answer, []byte(`"201 Created"`))))
				ids.learn(answer)
			}
		})
	}
	wg.Wait()
	return int(added.Load()), errors.Join(errs...)
}

// words waits until the full-text index knows everything: the server goes on with
// it when nobody writes, which would be measured with what comes next.
func (s *server) words() (err error) {
	for range 100 { // a request ends before a million resources are indexed, and the next goes on
		if _, err = send(clientFor(1), "GET", s.base+"/Patient?_content=anything&_count=1", nil); err == nil {
			return nil
		}
	}
	return err
}

// timing is how many requests a second, and the slowest hundredth.
type timing struct {
	rate   float64
	p99    time.Duration
	cpu    time.Duration // of the server and its database, each request
	failed int64
}

func (t timing) String() string {
	if t.failed > 0 {
		return fmt.Sprintf("%.0f (%d failed) | %.1f ms | %d µs", t.rate, t.failed, ms(t.p99), t.cpu.Microseconds())
	}
	return fmt.Sprintf("%.0f | %.1f ms | %d µs", t.rate, ms(t.p99), t.cpu.Microseconds())
}

var codes = []string{"8302-2", "29463-7", "72166-2", "8480-6", "2339-0", "6299-2", "4548-4", "39156-5"}

func (s *server) requests(o *options, r *result, ids *sample) {
	client := clientFor(64)
	get := func(path string) error {
		_, err := send(client, "GET", s.base+path, nil)
		return err
	}
	r.get = s.measure(o.workers, o.each, func() error { return get("/Observation/" + ids.pick("Observation")) })
	r.search = s.measure(o.workers, o.each, func() error {
		return get("/Observation?patient=" + ids.pick("Patient") + "&code=http://loinc.org%7C" + codes[rand.IntN(len(codes))])
	})
	r.latest = s.measure(o.workers, o.each, func() error {
		return get("/Observation?patient=" + ids.pick("Patient") + "&_sort=-date&_count=20")
	})
	body := []byte(`{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2339-0"}]},"subject":{"reference":"Patient/` +
		ids.pick("Patient") + `"},"effectiveDateTime":"2024-01-01","valueQuantity":{"value":96,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}}`)
	r.create = s.measure(64, o.each, func() error {
		_, err := send(client, "POST", s.base+"/Observation", body)
		if err == nil {
			r.created.Add(1)
		}
		return err
	})
}

func (s *server) measure(workers int, each time.Duration, do func() error) timing {
	var wg sync.WaitGroup
	var failed atomic.Int64
	times := make([][]time.Duration, workers)
	begin, before := time.Now(), s.cpu()
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
	took := time.Since(begin)
	all := slices.Concat(times...)
	slices.Sort(all)
	return timing{float64(len(all)) / took.Seconds(), all[len(all)*99/100], (s.cpu() - before) / time.Duration(len(all)), failed.Load()}
}

func clientFor(workers int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, DisableCompression: true}}
}

func send(client *http.Client, method, url string, body []byte) ([]byte, error) {
	req, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/fhir+json")
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("status %d: %.200s", res.StatusCode, answer)
	}
	return answer, err
}
