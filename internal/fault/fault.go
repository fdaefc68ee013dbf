// Package fault turns a panic into an error, so that one bad request ends neither
// the goroutine that serves many nor the program. The error says where the fault is
// and never what was panicked with: that may hold a request's content.
package fault

import (
	"fmt"
	"runtime"
	"strings"
)

// Guard calls f and returns what it returns, or an error that names the line which
// panicked.
func Guard[T any](f func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a fault of the program at %s", line())
		}
	}()
	return f()
}

// line is where a panic came from.
func line() string {
	pcs := make([]uintptr, 20)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") || !more {
			return fmt.Sprintf("%s:%d", frame.Function, frame.Line)
		}
	}
}
