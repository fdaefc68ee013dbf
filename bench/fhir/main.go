// Command fhir measures the FHIR server as a process of its own: importing
// Synthea's patients as transactions, reading by id, searching by patient and
// code, starting, memory and disk, at several sizes, over SQLite and PostgreSQL.
//
//	go run ./bench/fhir [-sizes 10000,100000] [-stores sqlite,postgres] [-seconds 3] [-workers 4] [-plot FILE.svg]
//
// Each bundle is imported again and again until a size is reached, which gives
// its resources new ids. Needs ../shared/testdata beside the repository, xz, and
// for PostgreSQL Debian's package of that name.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/paperchart/paperchart/internal/store/pgtest"
)

func main() {
	var o options
	sizes := flag.String("sizes", "10000,100000", "resources at which to measure, rising")
	stores := flag.String("stores", "sqlite,postgres", "databases to measure")
	flag.DurationVar(&o.each, "each", 3*time.Second, "how long each kind of request is measured")
	flag.IntVar(&o.workers, "workers", 4, "clients at a time")
	flag.StringVar(&o.dir, "dir", "", "where the databases are made; a temporary folder by default")
	flag.StringVar(&o.plot, "plot", "", "SVG to write, cost against size")
	flag.Parse()
	for _, text := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			log.Fatal(err)
		}
		o.sizes = append(o.sizes, n)
	}
	if err := o.run(context.Background(), strings.Split(*stores, ",")); err != nil {
		log.Fatal(err)
	}
}

type options struct {
	sizes     []int
	each      time.Duration
	workers   int
	dir, plot string
	bundles   [][]byte
	binary    string
	results   []result
}

func (o *options) run(ctx context.Context, stores []string) (err error) {
	if o.bundles, err = synthea(); err != nil {
		return err
	}
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "fhir-bench"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir)
	}
	if o.binary, err = build(ctx, o.dir); err != nil {
		return err
	}
	for _, name := range stores {
		if err := o.measure(ctx, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// note prints a result, and draws it beside those before.
func (o *options) note(r result) error {
	if len(o.results) == 0 {
		fmt.Println(header)
	}
	fmt.Println(r)
	if o.results = append(o.results, r); o.plot == "" {
		return nil
	}
	return os.WriteFile(o.plot, plot(o.results), 0o644)
}

// measure fills one database and measures at each size.
func (o *options) measure(ctx context.Context, name string) (err error) {
	db := &database{name: name, data: o.dir + "/" + name}
	if name == "postgres" {
		// As Debian sets it up, but for memory and the log's size, which everybody sets.
		if db.pg, err = pgtest.Start("shared_buffers=256MB", "max_wal_size=2GB"); err != nil {
			return err
		}
		defer db.pg.Stop()
	}
	have := 0
	ids := &sample{}
	for _, size := range o.sizes {
		r := result{store: name, load: loadAverage(), created: &atomic.Int64{}}
		if err := o.step(ctx, db, &r, ids, have, size); err != nil {
			return err
		}
		have = r.size + int(r.created.Load())
		if err := o.note(r); err != nil {
			return err
		}
	}
	return nil
}

// step imports up to a size, and measures with a server started anew.
func (o *options) step(ctx context.Context, db *database, r *result, ids *sample, have, size int) error {
	s, err := start(ctx, o.binary, db)
	if err != nil {
		return err
	}
	begin := time.Now()
	added, err := s.fill(o.bundles, o.workers, size-have, ids)
	if err != nil {
		return err
	}
	r.size = have + added
	r.imports, r.importCPU = float64(added)/time.Since(begin).Seconds(), s.cpu()/time.Duration(added)
	r.importMemory = s.peak()
	begin = time.Now()
	if err := s.words(); err != nil {
		return err
	}
	r.words = float64(added) / time.Since(begin).Seconds()
	if err := s.stop(); err != nil {
		return err
	}
	if r.disk, err = db.bytes(ctx); err != nil {
		return err
	}
	if s, err = start(ctx, o.binary, db); err != nil {
		return err
	}
	r.boot = s.boot
	s.requests(o, r, ids)
	r.memory = s.peak()
	return s.stop()
}

// result is a line of the table.
type result struct {
	store                string
	size                 int
	imports              float64 // a second
	importCPU            time.Duration
	words                float64 // resources a second that the full-text index takes in
	get, search, latest  timing
	create               timing
	boot                 time.Duration
	importMemory, memory float64 // MB
	disk                 int64
	load                 string
	created              *atomic.Int64 // by the last kind of request, beyond size
}

const header = `
CPU is what the server and its database take of one core for each.

| store | resources | import /s | CPU | full text /s | GET /s | p99 | CPU | patient+code /s | p99 | CPU | patient, latest 20 /s | p99 | CPU | create /s, 64 clients | p99 | CPU | boot | RSS import | RSS requests | bytes each | load before |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|`

func (r result) String() string {
	return fmt.Sprintf("| %s | %d | %.0f | %d µs | %.0f | %s | %s | %s | %s | %.0f ms | %.0f MB | %.0f MB | %d | %s |", r.store, r.size, r.imports, r.importCPU.Microseconds(), r.words,
		r.get, r.search, r.latest, r.create, ms(r.boot), r.importMemory, r.memory, r.disk/int64(r.size), r.load)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// loadAverage is what else the machine did in the last minute.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "?"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
