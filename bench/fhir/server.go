package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paperchart/paperchart/internal/store/pgtest"
)

// database is what a server under measurement keeps its resources in.
type database struct {
	name, data string
	pg         *pgtest.Server // nil for SQLite
}

// bytes is what the resources take, with their indexes.
func (d *database) bytes(ctx context.Context) (int64, error) {
	if d.pg == nil {
		info, err := os.Stat(filepath.Join(d.data, "fhir.db"))
		if errors.Is(err, fs.ErrNotExist) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	c, err := pgx.Connect(ctx, d.pg.URL("bench"))
	if err != nil {
		return 0, err
	}
	defer c.Close(ctx)
	var n int64
	err = c.QueryRow(ctx, "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c WHERE relnamespace = 'bench'::regnamespace AND relkind = 'r'").Scan(&n)
	return n, err
}

// server is the program under measurement.
type server struct {
	cmd  *exec.Cmd
	db   *database
	base string
	boot time.Duration
}

func build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "paperchart")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/paperchart")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build does
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build in the repository's root: %w: %s", err, out)
	}
	return path, nil
}

// start runs the server until it says that it serves.
func start(ctx context.Context, binary string, db *database) (*server, error) {
	args := []string{"serve", "--listen", "127.0.0.1:0", "--data", db.data}
	if db.pg != nil {
		args = append(args, "--store", db.pg.URL("bench"))
	}
	s := &server{db: db, cmd: exec.CommandContext(ctx, binary, args...)}
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("start server: %w", err)
	}
	s.boot = time.Since(begin)
	_, url, _ := strings.Cut(strings.TrimSpace(line), "FHIR at ")
	s.base = url
	return s, nil
}

func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// cpu is the processor time that the server and its database took so far.
func (s *server) cpu() time.Duration {
	total := cpuOf(s.cmd.Process.Pid)
	if s.db.pg == nil {
		return total
	}
	all, err := os.ReadDir("/proc")
	if err != nil {
		return total
	}
	for _, e := range all {
		pid, err := strconv.Atoi(e.Name())
		if err == nil && (pid == s.db.pg.Pid() || parentOf(pid) == s.db.pg.Pid()) {
			total += cpuOf(pid)
		}
	}
	return total
}

func cpuOf(pid int) time.Duration {
	fields := stat(pid)
	if len(fields) < 13 {
		return 0
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if errors.Join(err1, err2) != nil {
		return 0
	}
	return time.Duration(user+system) * 10 * time.Millisecond // Linux counts in hundredths
}

func parentOf(pid int) int {
	if fields := stat(pid); len(fields) > 1 {
		if parent, err := strconv.Atoi(fields[1]); err == nil {
			return parent
		}
	}
	return 0
}

// stat is what Linux tells of a process, from its state on.
func stat(pid int) []string {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	return strings.Fields(rest)
}

// peak is the most memory that the server held so far, in MB.
func (s *server) peak() float64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	var kb float64
	if _, rest, ok := strings.Cut(string(data), "VmHWM:"); ok {
		fmt.Sscan(rest, &kb)
	}
	return kb / 1024
}
