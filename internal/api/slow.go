package api

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// slowest is the rate, in bytes a second, that a client has to keep up on average
// once its patience is used up: nobody can hold a connection for days.
const slowest = 4 << 10

// patiently is a body whose reading ends when the client is too slow.
type patiently struct {
	io.ReadCloser
	control  *http.ResponseController
	now      func() time.Time
	begun    time.Time
	patience time.Duration
	read     int64
}

var errSlow = errors.New("the client is too slow")

func (p *patiently) Read(b []byte) (int, error) {
	if p.begun.IsZero() {
		p.begun = p.now()
	}
	p.control.SetReadDeadline(p.begun.Add(p.patience + time.Duration(p.read)*time.Second/slowest)) // an entry of a batch has none
	n, err := p.ReadCloser.Read(b)
	p.read += int64(n)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n, errSlow
	}
	return n, err
}

// largeAnswer is the size from which an answer may have to wait for its client.
const largeAnswer = 64 << 10

// writeSlowly sends a body to a client that may be slow, but not without end.
func (a *API) writeSlowly(w http.ResponseWriter, body []byte) {
	if len(body) < largeAnswer {
		w.Write(body)
		return
	}
	control := http.NewResponseController(w)
	control.SetWriteDeadline(time.Now().Add(a.Patience + time.Duration(len(body))*time.Second/slowest))
	w.Write(body)
	control.Flush()
	control.SetWriteDeadline(time.Time{}) // the connection's next answer is not this API's perhaps
}
