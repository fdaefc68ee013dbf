package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// build compiles the function as it is shipped, for this machine.
func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "bootstrap")
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", bin, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// function is a compiled function under a host that speaks Lambda's Runtime API.
type function struct {
	t       *testing.T
	events  chan string
	answers chan string
}

// start runs a handler of the binary until the test ends.
func start(t *testing.T, bin, handler string, env []string) *function {
	t.Helper()
	f := &function{t, make(chan string), make(chan string, 1)}
	n := 0
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case e := <-f.events:
			n++
			h := w.Header()
			h.Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprint("request-", n))
			h.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(5*time.Minute).UnixMilli()))
			h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-west-2:000000000000:function:"+handler)
			io.WriteString(w, e)
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{kind}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		f.answers <- r.PathValue("kind") + " " + string(body)
	})
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(w http.ResponseWriter, r *http.Request) { t.Error("the function does not start") })
	s := httptest.NewServer(mux)
	cmd := exec.Command(bin)
	cmd.Env = append(env, "_HANDLER="+handler, "AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(s.URL, "http://"))
	log := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		s.CloseClientConnections()
		s.Close()
		if t.Failed() {
			t.Logf("log of %s:\n%s", handler, log)
		}
	})
	return f
}

// handle gives messages to the function, all of which must be taken.
func (f *function) handle(bodies ...string) {
	f.t.Helper()
	var e events.SQSEvent
	for i, b := range bodies {
		e.Records = append(e.Records, events.SQSMessage{MessageId: fmt.Sprint("m", i), Body: b, EventSource: "aws:sqs"})
	}
	answer, err := f.invoke(f.t.Context(), e)
	if err != nil || answer != `response {"batchItemFailures":[]}` {
		f.t.Fatalf("the function answers %s, %v", answer, err)
	}
}

// invoke gives an event to the function and returns its answer.
func (f *function) invoke(ctx context.Context, e events.SQSEvent) (string, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	late := time.After(5 * time.Minute)
	select {
	case f.events <- string(data):
	case <-ctx.Done():
		return "", ctx.Err()
	case <-late:
		return "", errors.New("the function does not ask for work")
	}
	select {
	case a := <-f.answers:
		return a, nil
	case <-ctx.Done():
		return "", ctx.Err()
	case <-late:
		return "", errors.New("the function does not answer")
	}
}
