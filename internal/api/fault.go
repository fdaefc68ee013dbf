package api

import (
	"fmt"
	"runtime"
	"strings"
)

// guarded turns a fault of the program into an error, which is logged and answered
// like any other. What was panicked with may hold a request's content.
func guarded[T any](f func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a fault of the program at %s", faultyLine())
		}
	}()
	return f()
}

// faultyLine is where a panic came from.
func faultyLine() string {
	pcs := make([]uintptr, 20)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") || !more {
			return fmt.Sprintf("%s:%d", frame.Function, frame.Line)
		}
	}
}
