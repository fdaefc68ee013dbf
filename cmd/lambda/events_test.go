package main

import (
	"path"
	"strings"
	"testing"
)

// doorsStack is the whole stack on this server's doors, running.
func doorsStack(t *testing.T, more ...string) *stack {
	t.Helper()
	slow(t)
	s := newStack(t)
	rules(t, s.doors, s.datastore(), "processor")
	s.run(build(t), where{s.doors, s.doors}, more...)
	return s
}

func (s *stack) datastore() string {
	return path.Base(strings.TrimSuffix(s.plane.Endpoint, "/r4/"))
}

// quick is the sample that is read fastest.
const quick = "registration-form.pdf"

// A scan becomes FHIR by events alone: bucket, queue, function, BDA, EventBridge,
// queue, function, HealthLake. A file that is none becomes a dead letter, by the
// event of the failure.
func TestEventsAlone(t *testing.T) {
	s := doorsStack(t)
	s.scan(quick, "scans/Müller, A (1) + [2].pdf")
	until(t, "FHIR", func() bool { return s.count("Patient") > 0 })
	s.settled()
	if len(s.keys("jobs/open/")) != 0 || len(s.keys("jobs/done/")) != 1 {
		t.Errorf("open %v, done %v", s.keys("jobs/open/"), s.keys("jobs/done/"))
	}
	put(t, s.s3, "chart-in", "broken.pdf", []byte("%PDF-1.7 and nothing more"))
	if got := s.dead("processor", 1); !strings.HasPrefix(got[0], "bda-client-error: ") {
		t.Errorf("reasons %v", got)
	}
}
