package doors

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	plan "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation"
	runtime "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	lake "github.com/paperchart/paperchart/internal/healthlake"
)

// asked asks each door for something and returns what each has against it, by
// door; "" is nothing.
func asked(ctx context.Context, cfg aws.Config) map[string]string {
	_, s3Err := bucket(cfg).ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("records")})
	_, planErr := plan.NewFromConfig(cfg).ListBlueprints(ctx, &plan.ListBlueprintsInput{})
	_, runErr := runtime.NewFromConfig(cfg).ListTagsForResource(ctx, &runtime.ListTagsForResourceInput{
		ResourceARN: aws.String("arn:aws:bedrock:us-west-2:000000000000:data-automation-invocation/0b7c1e2a-0000-4000-8000-000000000000")})
	_, lakeErr := healthlake.NewFromConfig(cfg).ListFHIRDatastores(ctx, nil)
	_, sqsErr := sqs.NewFromConfig(cfg).ListQueues(ctx, nil)
	got := map[string]string{"s3": code(s3Err), "bda": code(planErr), "bda-runtime": code(runErr), "healthlake": code(lakeErr), "sqs": code(sqsErr)}
	if got["bda-runtime"] == "ResourceNotFoundException" { // let in, and there is no such job
		got["bda-runtime"] = ""
	}
	plane := &lake.Client{Endpoint: *cfg.BaseEndpoint + "/datastore/" + store + "/r4/", Region: cfg.Region, Credentials: cfg.Credentials}
	got["fhir"] = ""
	if _, err := plane.Do(ctx, "GET", "Patient/a", nil); err != nil {
		got["fhir"] = "refused"
		if !strings.Contains(err.Error(), "403") {
			got["fhir"] = err.Error()
		}
	}
	return got
}

// everywhere is the same at each door, but for the names that S3 and FHIR have.
func everywhere(s3, other, fhir string) map[string]string {
	return map[string]string{"s3": s3, "bda": other, "bda-runtime": other, "healthlake": other, "sqs": other, "fhir": fhir}
}

func keyed(cfg aws.Config, id, secret string) aws.Config {
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, nil
	})
	return cfg
}

// One store of access keys serves all doors.
func TestKeysOpenAllDoors(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), func(c *Config) { c.Keys["AKIDTWO"] = "the-secret-of-the-second" })
	for why, c := range map[string]struct {
		id, secret string
		want       map[string]string
	}{
		"the first key":  {"AKID", "sixteen-or-more-x", everywhere("", "", "")},
		"the second key": {"AKIDTWO", "the-secret-of-the-second", everywhere("", "", "")},
		"another secret": {"AKID", "the-secret-of-the-second", everywhere("SignatureDoesNotMatch", "InvalidSignatureException", "refused")},
		"an unknown key": {"AKIDNONE", "sixteen-or-more-x", everywhere("SignatureDoesNotMatch", "InvalidSignatureException", "refused")},
	} {
		if got := asked(t.Context(), keyed(cfg, c.id, c.secret)); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v", why, got)
		}
	}
}

// A client whose clock is wrong is refused at each door, in words by which the SDK
// sees that it is the clock; it then signs with the server's time and is let in.
func TestClocksThatAreWrong(t *testing.T) {
	for _, off := range []time.Duration{-time.Hour, time.Hour, 24 * time.Hour} {
		now := func() time.Time { return time.Now().Add(off) }
		cfg, d := open(t, t.TempDir(), func(c *Config) { c.Now = now })
		if got := asked(t.Context(), cfg); !maps.Equal(got, everywhere("RequestTimeTooSkewed", "InvalidSignatureException", "refused")) {
			t.Errorf("%v: %v", off, got)
		}
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", now().UTC().Format(http.TimeFormat))
			d.ServeHTTP(w, r)
		}))
		t.Cleanup(s.Close)
		cfg.BaseEndpoint, cfg.RetryMaxAttempts = aws.String(s.URL), 0
		cfg.Retryer = func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 3, time.Millisecond })
		}
		got := asked(t.Context(), cfg)
		for _, door := range slices.Sorted(maps.Keys(got)) {
			if door != "fhir" && got[door] != "" {
				t.Errorf("%v: %s does not let in a client that sets its clock: %s", off, door, got[door])
			}
		}
	}
}

// Keys that AWS gives for a while come with a token, which programs send along.
func TestSessionTokens(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "sixteen-or-more-x", SessionToken: "token"}, nil
	})
	if got := asked(t.Context(), cfg); !maps.Equal(got, everywhere("", "", "")) {
		t.Errorf("%v", got)
	}
}
