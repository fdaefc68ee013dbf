package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"time"

	"github.com/paperchart/paperchart/internal/ocr"
	"github.com/paperchart/paperchart/internal/scan"
)

// Problem is why a document could not be processed, for a person: what is wrong
// and what to do next. It holds nothing that was read from the document.
type Problem struct {
	// Code is a stable word for programs, such as "encrypted".
	Code    string `json:"code"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
	// Final is true where another try could not help.
	Final bool `json:"-"`
	// Wait is after how long to try again where something elsewhere is away: such
	// a try does not count, however often it comes. 0 for tries that count.
	Wait time.Duration `json:"-"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Message + ". " + p.Remedy }

func tooLarge(limit int64) *Problem {
	return &Problem{"too-large", fmt.Sprintf("The file is larger than %d MB", limit>>20), "Split it and send the parts.", true, 0}
}

// abandoned is the problem of a file that stopped the process again and again.
var abandoned = &Problem{"abandoned", "The program stopped each time it worked on this file", "Look at the file with care; then send it again.", true, 0}

// Describe turns an error of any step into a Problem.
func Describe(err error) Problem {
	var p *Problem
	var bad *scan.Error
	switch {
	case errors.As(err, &p):
		return *p
	case errors.As(err, &bad):
		return Problem{string(bad.Code), bad.Message, bad.Remedy, bad.Final(), 0}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, ocr.ErrTimeout):
		return Problem{"timeout", "Reading took longer than it may", "Split the file, or raise the time limit.", true, 0}
	case errors.Is(err, exec.ErrNotFound):
		return Problem{"no-tesseract", "Tesseract is not installed", "Run make demo once, or install tesseract-ocr.", false, 0}
	case errors.Is(err, fs.ErrNotExist):
		return Problem{"missing", "A file of this document is gone from the data folder", "Send the original again.", true, 0}
	}
	return Problem{"internal", "An internal step failed", "It is tried again by itself; if it stays, see the server's log.", false, 0}
}
