package main

import (
	"path"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
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

// Two scans get one name before anything is read: each is read, since the bucket
// has versions and the trigger reads that of its event.
func TestScansOfOneName(t *testing.T) {
	slow(t)
	s := newStack(t)
	for _, b := range []string{"chart-in", "chart-out"} {
		if _, err := s.s3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: aws.String(b),
			VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}); err != nil {
			t.Fatal(err)
		}
	}
	s.scan(quick, "scan.pdf")
	s.scan(sample, "scan.pdf")
	rules(t, s.doors, s.datastore(), "processor")
	s.run(build(t), where{s.doors, s.doors})
	until(t, "both", func() bool { return len(s.keys("jobs/done/")) == 2 })
	s.settled()
	data, err := s.plane.Do(t.Context(), "GET", "DocumentReference?_count=100", nil)
	for _, kind := range []string{"registration form", "visit summary"} {
		if err != nil || !strings.Contains(string(data), `"text":"`+kind+`"`) {
			t.Errorf("the %s is not there: %v", kind, err)
		}
	}
}
