package intake

import (
	"os"

	"golang.org/x/sys/unix"
)

// openFile opens a file and follows no link that was put in its place.
func openFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
}

// beingWritten reports whether some process has the file open for writing: a
// read lease is then refused (fcntl(2), F_SETLEASE). False where the system
// can't tell: another user's file, a network drive.
func beingWritten(f *os.File) bool {
	_, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	if err == nil {
		_, err = unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
	}
	return err == unix.EAGAIN
}
