// Package intake watches folders into which people and machines put files, and
// hands over each file once it is whole.
//
// A file is whole when it has kept its size and time for a while and, where the
// system can tell (Linux, own files), nobody has it open for writing. What was
// there before the watch began is handed over too. Files stay where they are;
// handing one over again does no harm, since the same bytes are one document.
// Hidden files, the usual names of unfinished downloads and anything that is
// not a regular file (links above all) are left alone.
package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Folder is a watched folder with all folders in it.
type Folder struct {
	Dir string
	// Accept keeps one file. On an error the file is offered again later.
	Accept func(ctx context.Context, name string, r io.Reader) error
	// Quiet is how long a file must have kept still; 1 s where it is 0. An
	// empty file must have done so ten times as long, because most are about
	// to be written.
	Quiet  time.Duration
	Logger *slog.Logger
}

// rescan is how often the whole folder is gone through, for what the system
// does not tell: changes made by another machine on a network drive.
const rescan = time.Minute

// Watch hands over files until ctx ends, which is no error. It fails where the
// folder can't be read.
func (f *Folder) Watch(ctx context.Context) error {
	w, err := f.open()
	if err != nil {
		return fmt.Errorf("watch folder: %w", err)
	}
	defer w.notify.Close()
	tick := time.NewTicker(w.quiet / 4)
	defer tick.Stop()
	all := time.NewTicker(rescan)
	defer all.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.notify.Events:
			if !ok {
				return errors.New("watch folder: the system stopped telling of changes")
			}
			w.seen(e.Name)
		case err := <-w.notify.Errors:
			// Most likely changes came faster than they were read: look at all.
			w.logger.Warn("folder watch", "error", err)
			w.walk(f.Dir)
		case <-all.C:
			w.walk(f.Dir)
		case now := <-tick.C:
			w.examine(ctx, now)
		}
	}
}

func (f *Folder) open() (*watch, error) {
	info, err := os.Stat(f.Dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", f.Dir)
	}
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &watch{
		notify: n, accept: f.Accept, quiet: f.Quiet, logger: f.Logger,
		pending: map[string]*file{}, done: map[string]stamp{},
	}
	if w.quiet == 0 {
		w.quiet = time.Second
	}
	if w.logger == nil {
		w.logger = slog.New(slog.DiscardHandler)
	}
	// The watch begins before the walk: what comes in between is seen twice,
	// not missed.
	if err := n.Add(f.Dir); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	w.walk(f.Dir)
	return w, nil
}

// stamp tells one content of a file from another, as far as a look at it can.
type stamp struct {
	size int64
	time time.Time
}

// file is a file that has not kept still for long enough.
type file struct {
	stamp
	since time.Time
}

type watch struct {
	notify  *fsnotify.Watcher
	accept  func(context.Context, string, io.Reader) error
	quiet   time.Duration
	logger  *slog.Logger
	pending map[string]*file
	done    map[string]stamp
}

// walk notes every file below dir and watches every folder.
func (w *watch) walk(dir string) {
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		if p != dir && ignored(e.Name()) {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			return w.notify.Add(p)
		}
		w.note(p)
		return nil
	})
	if err != nil {
		w.logger.Warn("folder not read", "error", bare(err))
	}
}

// seen notes what an event was about.
func (w *watch) seen(path string) {
	if ignored(filepath.Base(path)) {
		return
	}
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		w.walk(path)
		return
	}
	w.note(path)
}

func (w *watch) note(path string) {
	if w.pending[path] == nil {
		w.pending[path] = &file{}
	}
}

// examine hands over the files that have kept still.
func (w *watch) examine(ctx context.Context, now time.Time) {
	for path, f := range w.pending {
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() {
			delete(w.pending, path)
			delete(w.done, path)
			continue
		}
		s := stamp{info.Size(), info.ModTime()}
		if old, ok := w.done[path]; ok && old == s {
			delete(w.pending, path)
			continue
		}
		if s != f.stamp || f.since.IsZero() {
			f.stamp, f.since = s, now
			continue
		}
		if now.Sub(f.since) < w.wait(s) {
			continue
		}
		w.take(ctx, path, f, now)
	}
}

func (w *watch) wait(s stamp) time.Duration {
	if s.size == 0 {
		return 10 * w.quiet
	}
	return w.quiet
}

// take hands one file over, unless somebody still writes it.
func (w *watch) take(ctx context.Context, path string, f *file, now time.Time) {
	in, err := openFile(path)
	if err != nil {
		w.logger.Warn("file not opened", "error", bare(err))
		f.since = now
		return
	}
	defer in.Close()
	if beingWritten(in) {
		f.since = now
		return
	}
	if err := w.accept(ctx, filepath.Base(path), in); err != nil {
		if ctx.Err() == nil {
			w.logger.Error("file not accepted; it is tried again", "error", err)
		}
		f.since = now.Add(10 * w.quiet)
		return
	}
	w.done[path] = f.stamp
	delete(w.pending, path)
}

// bare takes the path out of an error: a file's name may be a patient's.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// ignored reports names that are not documents, or not yet.
func ignored(name string) bool {
	lower := strings.ToLower(name)
	for _, suffix := range []string{".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download", ".swp", "~"} {
		if strings.HasSuffix(lower, suffix) {
			return true
		}
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || lower == "thumbs.db" || lower == "desktop.ini"
}
