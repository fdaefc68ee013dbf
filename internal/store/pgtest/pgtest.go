// Package pgtest runs a PostgreSQL server of their own for tests and benchmarks:
// in a temporary folder, on a socket in that folder, as the user postgres where
// the program runs as root. It is stopped and removed at the end.
package pgtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// ErrMissing is that no PostgreSQL is installed.
var ErrMissing = errors.New("PostgreSQL is not installed: run scripts/setup, or install Debian's package postgresql")

// Server is a running server.
type Server struct {
	dir  string
	cmd  *exec.Cmd
	done chan error
	next atomic.Int64
}

// Start makes a database cluster and starts a server on it. Settings such as
// "fsync=off" go to the server.
func Start(settings ...string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, done: make(chan error, 1)}
	if err := s.start(bin, settings); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) start(bin string, settings []string) error {
	attr, err := unprivileged(s.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = s.dir, attr
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("make database cluster: %w: %s", err, out)
	}
	args := []string{"-D", data, "-k", s.dir, "-c", "listen_addresses="}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), args...)
	s.cmd.Dir, s.cmd.SysProcAttr = s.dir, attr
	log, err := s.cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return err
	}
	return s.ready(log)
}

// ready waits until the server says that it is, and goes on reading what it says.
func (s *Server) ready(log io.Reader) error {
	up := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "ready to accept connections") {
				up <- true
			}
		}
		s.done <- s.cmd.Wait()
	}()
	select {
	case <-up:
		return nil
	case err := <-s.done:
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
}

// URL is the address of an empty schema of that name.
func (s *Server) URL(schema string) string {
	return "postgres://postgres@/postgres?host=" + s.dir + "&search_path=" + schema
}

// Pid is the server's process; its others are children of that.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Fresh is the address of a schema that no other call got.
func (s *Server) Fresh() string { return s.URL("s" + strconv.FormatInt(s.next.Add(1), 10)) }

// Stop ends the server, whoever is connected, and removes its folder.
func (s *Server) Stop() error {
	err := s.cmd.Process.Signal(syscall.SIGINT)
	if err == nil {
		err = <-s.done
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// binaries finds the folder of initdb and postgres, which Debian leaves out of
// the path.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrMissing
	}
	slices.SortFunc(found, func(a, b string) int { return len(a) - len(b) })
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged is how to run as somebody else where this is root, which the
// server refuses; dir becomes theirs.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := attributes()
	if os.Getuid() != 0 {
		return attr, nil
	}
	uid, gid, err := whoRuns()
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, uid, gid)
}

func whoRuns() (uid, gid int, err error) {
	who, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, fmt.Errorf("find the user that runs PostgreSQL: %w", err)
	}
	uid, err1 := strconv.Atoi(who.Uid)
	gid, err2 := strconv.Atoi(who.Gid)
	return uid, gid, errors.Join(err1, err2)
}

// Own gives a folder to the user that runs the server, as for a tablespace.
func Own(dir string) error {
	if os.Getuid() != 0 {
		return nil
	}
	uid, gid, err := whoRuns()
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}

// Cluster is a server for the tests of a package, started when the first asks.
type Cluster struct {
	once   sync.Once
	server *Server
	err    error
}

// Run runs the tests and stops the server.
func (c *Cluster) Run(m *testing.M) int {
	status := m.Run()
	if err := c.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
	}
	return status
}

// URL is the address of an empty database for one test. Without PostgreSQL the
// test fails where CI or PAPERCHART_TEST_POSTGRES is set, as make test does, and
// is skipped elsewhere.
func (c *Cluster) URL(t testing.TB) string {
	t.Helper()
	c.once.Do(func() {
		c.server, c.err = Start("fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")
	})
	if errors.Is(c.err, ErrMissing) && os.Getenv("CI") == "" && os.Getenv("PAPERCHART_TEST_POSTGRES") == "" {
		t.Skip(c.err)
	}
	if c.err != nil {
		t.Fatal(c.err)
	}
	return c.server.Fresh()
}

// Stop ends the server, where one was started.
func (c *Cluster) Stop() error {
	if c.server == nil {
		return nil
	}
	return c.server.Stop()
}
