package ocr

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// cage is what a child may do: read the system's programs, libraries and
// language data, nothing else. It writes only to the pipes it was given.
type cage struct {
	ruleset int
	err     error
}

// read is what the child may do with the files it needs.
const read = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR

// handled are the accesses of Landlock's first version, which every kernel that
// has it knows: all else that touches files.
const handled = read | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR |
	unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_DIR |
	unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO |
	unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK | unix.LANDLOCK_ACCESS_FS_MAKE_SYM

// newCage builds the Landlock ruleset; where the kernel has none, err says so.
func newCage(program string) *cage {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return &cage{-1, fmt.Errorf("ask for landlock: %w", errno)}
	}
	attr := unix.LandlockRulesetAttr{Handled_access_fs: handled}
	size := unsafe.Sizeof(attr.Handled_access_fs)
	if version >= 4 {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
		size += unsafe.Sizeof(attr.Handled_access_net)
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
	if errno != 0 {
		return &cage{-1, fmt.Errorf("make landlock ruleset: %w", errno)}
	}
	unix.CloseOnExec(int(fd))
	c := &cage{ruleset: int(fd)}
	for _, dir := range readable(program) {
		c.allow(dir)
	}
	return c
}

// readable are the places a program needs to start and read its data.
func readable(program string) []string {
	dirs := []string{"/usr", "/lib", "/lib64", "/bin", "/opt", "/etc", "/proc", "/sys", "/dev/null", "/nix/store"}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		dirs = append(dirs, filepath.Dir(real))
	}
	if data := os.Getenv("TESSDATA_PREFIX"); data != "" {
		dirs = append(dirs, data)
	}
	return dirs
}

func (c *cage) allow(path string) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return // not on this system
	}
	defer unix.Close(fd)
	access := uint64(read)
	if st := (unix.Stat_t{}); unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT != unix.S_IFDIR {
		access = unix.LANDLOCK_ACCESS_FS_READ_FILE
	}
	beneath := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(c.ruleset), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&beneath)), 0, 0, 0)
	if errno != 0 && c.err == nil {
		c.err = fmt.Errorf("add landlock rule: %w", errno)
	}
}

// run starts the child inside the cage and waits for it. Landlock binds a thread
// and what it starts, so the child is started from a thread of its own that is
// thrown away after: the goroutine ends locked to it.
func (c *cage) run(cmd *exec.Cmd, lim limits) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if c.err == nil {
			if err := c.enter(); err != nil {
				done <- err
				return
			}
		}
		err := cmd.Start()
		if err == nil {
			lim.apply(cmd.Process.Pid)
		}
		done <- err
	}()
	if err := <-done; err != nil {
		return err
	}
	return cmd.Wait()
}

func (c *cage) enter() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid new privileges: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(c.ruleset), 0, 0); errno != 0 {
		return fmt.Errorf("enter landlock: %w", errno)
	}
	return nil
}

// apply sets the limits of a child that has just begun; it waits for its input,
// so it has done nothing yet. A child that is already gone needs none.
func (l limits) apply(pid int) {
	for what, most := range map[int]uint64{unix.RLIMIT_AS: l.memory, unix.RLIMIT_CPU: l.cpu, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0} {
		_ = unix.Prlimit(pid, what, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
}
