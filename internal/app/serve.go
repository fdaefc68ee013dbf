package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/paperchart/paperchart/internal/api"
	"github.com/paperchart/paperchart/internal/blob"
	"github.com/paperchart/paperchart/internal/convert"
	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/validate"
	"github.com/paperchart/paperchart/internal/intake"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/server"
	"github.com/paperchart/paperchart/internal/store"
)

// Serve runs the whole of Paperchart until ctx ends, which is no error: the
// watched folders, the queue, and both APIs. It calls ready with the server's
// address when requests are answered.
func Serve(ctx context.Context, cfg Config, log *slog.Logger, ready func(url string)) error {
	if err := cfg.checkListen(); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		// Memory is dearer here than the little more time that collecting takes
		// (docs/performance.md).
		debug.SetGCPercent(15)
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	if err := cfg.checkWatch(); err != nil {
		return err
	}
	held, err := lock(cfg.Data)
	if err != nil {
		return err
	}
	defer held.Close()
	// Listening first makes a taken port an error before any work begins.
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", cfg.Listen, err)
	}
	defer listener.Close()
	r := &rooms{cfg: cfg, log: log}
	defer r.Close()
	if err := r.listenForAWS(); err != nil {
		return err
	}
	if err := r.open(ctx); err != nil {
		return err
	}
	return r.serve(ctx, listener, ready)
}

// rooms is everything that serving needs, opened.
type rooms struct {
	cfg    Config
	log    *slog.Logger
	engine *Engine
	queue  *pipeline.Queue
	fhir   http.Handler
	aws    *awsDoors // nil where they are closed
	close  []io.Closer
}

func (r *rooms) open(ctx context.Context) (err error) {
	if r.engine, err = NewEngine(ctx, r.cfg); err != nil {
		return err
	}
	r.close = append(r.close, r.engine)
	s, err := store.Open(ctx, store.Config{Path: r.cfg.storePath(), Base: "http://" + r.cfg.Listen + "/fhir/R4"})
	if err != nil {
		return err
	}
	r.close = append(r.close, s)
	if err := r.openFHIR(s); err != nil {
		return err
	}
	remote, err := r.cfg.openRemote(ctx)
	if err != nil {
		return err
	}
	if err := r.openQueue(ctx, &patients{store: s, remote: remote}); err != nil {
		return err
	}
	return r.openDoors(s)
}

func (r *rooms) openFHIR(s *store.Store) error {
	table, err := definition.Load()
	if err != nil {
		return err
	}
	own, err := convert.StructureDefinitions()
	if err != nil {
		return err
	}
	fhir, err := api.New(api.Config{
		Store: s, Software: "Paperchart", Version: Version, Terms: r.engine.Terms, Definitions: own, Files: filepath.Join(r.cfg.Data, "bulk"), Logger: r.log,
		Validator: validate.New(table, validate.Options{Level: levels()[r.cfg.Validation]}), DeleteSeveral: r.cfg.ConditionalDelete == "multiple", AnyReference: r.cfg.References == "any",
	})
	if err != nil {
		return err
	}
	r.fhir = fhir
	r.close = append(r.close, fhir)
	return nil
}

// Close closes what was opened, the last first.
func (r *rooms) Close() error { return closeAll(r.close) }

// closeAll closes the last first.
func closeAll(list []io.Closer) error {
	var errs []error
	for i := len(list) - 1; i >= 0; i-- {
		errs = append(errs, list[i].Close())
	}
	return errors.Join(errs...)
}

func (r *rooms) openQueue(ctx context.Context, fhir pipeline.FHIRStore) error {
	blobs, err := blob.Open(filepath.Join(r.cfg.Data, "blobs"))
	if err != nil {
		return err
	}
	extractor, err := r.extractor(ctx)
	if err != nil {
		return err
	}
	r.queue, err = pipeline.Open(ctx, pipeline.Config{
		Path: filepath.Join(r.cfg.Data, "jobs.db"), Blobs: blobs,
		Extract: extractor, Convert: r.engine.Converter, Store: fhir,
		Workers: r.cfg.readers(), Logger: r.log,
	})
	if err != nil {
		return err
	}
	r.close = append(r.close, r.queue)
	return nil
}

// serve runs until ctx ends or one of its parts fails.
func (r *rooms) serve(ctx context.Context, listener net.Listener, ready func(string)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if err := r.queue.Start(ctx); err != nil {
		return err
	}
	defer r.queue.Stop(context.WithoutCancel(ctx))

	web := &http.Server{
		Handler: server.New(server.Config{
			Queue: r.queue, FHIR: r.fhir, View: func(results [][]byte) (any, error) { return r.engine.Views(results) },
			Token: string(r.cfg.Token), Hosts: r.cfg.Hosts, Logger: r.log,
		}),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(r.log.Handler(), slog.LevelDebug),
	}
	parts := []func(context.Context) error{func(context.Context) error {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	}}
	for _, dir := range r.cfg.Watch {
		parts = append(parts, r.folder(dir).Watch)
	}
	if r.aws != nil {
		parts = append(parts, r.aws.serve)
	}
	ended := make(chan error, len(parts))
	for _, run := range parts {
		go func() {
			err := run(ctx)
			if err != nil {
				stop(err)
			}
			ended <- err
		}()
	}
	ready("http://" + listener.Addr().String())
	<-ctx.Done()
	r.shutdown(web)
	var errs []error
	for range parts {
		errs = append(errs, <-ended)
	}
	return errors.Join(errs...)
}

// shutdown lets requests in flight end, for a while.
func (r *rooms) shutdown(web *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := web.Shutdown(ctx); err != nil {
		web.Close()
	}
}

func (r *rooms) folder(dir string) *intake.Folder {
	return &intake.Folder{Dir: dir, Logger: r.log, Accept: func(ctx context.Context, name string, in io.Reader) error {
		_, _, err := r.queue.Accept(ctx, name, in)
		var p *pipeline.Problem
		if errors.As(err, &p) {
			// Offering it again would not help; the file stays where it is.
			r.log.Warn("file in a watched folder not accepted", "code", p.Code)
			return nil
		}
		return err
	}}
}
