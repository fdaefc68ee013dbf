package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path"
	"path/filepath"
	"time"

	"github.com/paperchart/paperchart/internal/doors"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/store"
)

// The names by which AWS's clients know this server's one data store and one
// account, and the bucket whose objects are read as files of a watched folder are.
const (
	awsDatastore = "70617065726368617274000000000001"
	awsAccount   = "000000000000"
	awsInbox     = "records-in"
)

// minSecret is the shortest secret access key: AWS's own have 40 characters.
const minSecret = 16

// awsDoors are the doors and where they listen.
type awsDoors struct {
	listener net.Listener
	log      *slog.Logger
	handler  *doors.Doors
}

// listenForAWS takes the doors' port, where they are to be open.
func (r *rooms) listenForAWS() error {
	if r.cfg.AWSListen == "" {
		return nil
	}
	if r.cfg.AWSAccessKeyID == "" || len(r.cfg.AWSSecretAccessKey) < minSecret {
		return fmt.Errorf("aws-listen needs aws-access-key-id and an aws-secret-access-key of at least %d characters; set PAPERCHART_AWS_ACCESS_KEY_ID and PAPERCHART_AWS_SECRET_ACCESS_KEY", minSecret)
	}
	l, err := net.Listen("tcp", r.cfg.AWSListen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", r.cfg.AWSListen, err)
	}
	r.aws = &awsDoors{listener: l, log: r.log}
	r.close = append(r.close, closeAnyway{l})
	return nil
}

// closeAnyway closes what a server may have closed before.
type closeAnyway struct{ io.Closer }

func (c closeAnyway) Close() error { c.Closer.Close(); return nil }

func (r *rooms) openDoors(s *store.Store) error {
	if r.aws == nil {
		return nil
	}
	objects, err := doors.OpenObjects(filepath.Join(r.cfg.Data, "aws"), time.Now)
	if err != nil {
		return err
	}
	if err := objects.Make(awsInbox); err != nil {
		return err
	}
	r.aws.handler, err = doors.New(doors.Config{
		Objects: objects, Keys: map[string]string{r.cfg.AWSAccessKeyID: string(r.cfg.AWSSecretAccessKey)},
		Read: r.readForAWS, Fault: func(err error) bool { return pipeline.Describe(err).Final },
		Open: func(id string) (doors.Datastore, error) { return r.openDatastore(id, s) }, Remove: r.removeDatastore,
		Datastore: awsDatastore, Account: awsAccount, Address: "http://" + r.aws.listener.Addr().String(),
		Stored: func(ctx context.Context, bucket, key string) error { return r.takeFromS3(ctx, objects, bucket, key) },
		Now:    time.Now, Logger: r.log,
	})
	if err != nil {
		return err
	}
	r.close = append(r.close, r.aws.handler)
	return nil
}

// takeFromS3 queues what was put into the inbox. What can't be accepted stays in
// the bucket, as a file stays in its folder.
func (r *rooms) takeFromS3(ctx context.Context, objects *doors.Objects, bucket, key string) error {
	if bucket != awsInbox {
		return nil
	}
	in, err := objects.Open(bucket, key)
	if err != nil {
		return err
	}
	defer in.Close()
	_, _, err = r.queue.Accept(ctx, path.Base(key), in)
	var p *pipeline.Problem
	if errors.As(err, &p) {
		r.log.Warn("object in the inbox not accepted", "code", p.Code)
		return nil
	}
	return err
}

// serve answers AWS's clients until ctx ends.
func (d *awsDoors) serve(ctx context.Context) error {
	web := &http.Server{Handler: d.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(d.log.Handler(), slog.LevelDebug)}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(d.listener) }()
	d.log.Info("doors for AWS's clients are open", "address", d.listener.Addr().String())
	select {
	case err := <-ended:
		return fmt.Errorf("serve AWS doors: %w", err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := web.Shutdown(end); err != nil {
		web.Close()
	}
	<-ended
	return nil
}
