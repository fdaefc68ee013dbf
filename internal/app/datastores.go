package app

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/paperchart/paperchart/internal/api"
	"github.com/paperchart/paperchart/internal/doors"
	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/validate"
	"github.com/paperchart/paperchart/internal/store"
)

// datastoreDir is the folder of a data store that an AWS client made; its id has
// been checked.
func (r *rooms) datastoreDir(id string) string {
	return filepath.Join(r.cfg.Data, "datastores", id)
}

// openDatastore opens a data store for AWS's clients: the server's own, or one
// that lies beside it.
func (r *rooms) openDatastore(id string, own *store.Store) (doors.Datastore, error) {
	s, d := own, doors.Datastore{}
	if id != awsDatastore {
		dir := r.datastoreDir(id)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return d, err
		}
		var err error
		base := "http://" + r.aws.listener.Addr().String() + "/datastore/" + id + "/r4"
		if s, err = store.Open(context.Background(), store.Config{Path: filepath.Join(dir, "fhir.db"), Base: base}); err != nil {
			return d, err
		}
	}
	table, err := definition.Load()
	if err != nil {
		return d, err
	}
	planes := map[string]http.Handler{}
	var opened []io.Closer
	d.Close = func() error { return closeAll(opened) }
	if s != own {
		opened = append(opened, s)
	}
	for name, level := range map[string]validate.Level{"": validate.Strict, "structure-only": validate.Structure, "minimal": validate.Minimal} {
		plane, err := api.New(api.Config{Store: s, Base: "/datastore/" + id + "/r4", Software: "Paperchart", Version: Version, Terms: r.engine.Terms,
			Validator: validate.New(table, validate.Options{Level: level}), Logger: r.log})
		if err != nil {
			return d, err
		}
		planes[name], opened = plane, append(opened, plane)
	}
	planes["strict"] = planes[""]
	d.FHIR = func(level string) http.Handler { return planes[level] }
	d.Each = func(ctx context.Context, f func(string, []byte) error) error {
		return each(ctx, s, table.Resources(), f)
	}
	return d, nil
}

func (r *rooms) removeDatastore(id string) error { return os.RemoveAll(r.datastoreDir(id)) }

// exportPage is how many resources are read at once for an export.
const exportPage = 500

// each gives every resource of a store, type by type.
func each(ctx context.Context, s *store.Store, types []string, f func(kind string, resource []byte) error) error {
	for _, kind := range types {
		for q := (store.Query{Type: kind, Count: exportPage}); ; {
			page, err := s.Search(ctx, q)
			if err != nil {
				return err
			}
			for _, res := range page.Resources {
				if err := f(kind, res.Body); err != nil {
					return err
				}
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
	}
	return nil
}
