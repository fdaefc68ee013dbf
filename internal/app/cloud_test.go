package app

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/rest"
)

func TestSettingsOfTheCloud(t *testing.T) {
	bda := "PAPERCHART_BDA_PROJECT=arn:aws:bedrock:us-west-2:111122223333:data-automation-project/abc PAPERCHART_BDA_BUCKET=clinic-bda "
	for settings, want := range map[string]string{
		"PAPERCHART_EXTRACTOR=textract":                                                                          "extractor is",
		"PAPERCHART_EXTRACTOR=bda":                                                                               "needs bda-project",
		bda + "PAPERCHART_EXTRACTOR=bda":                                                                         "needs a monthly budget",
		bda + "PAPERCHART_EXTRACTOR=bda PAPERCHART_CLOUD_PAGES=-1":                                               "not less than 0",
		bda + "PAPERCHART_EXTRACTOR=hybrid PAPERCHART_CLOUD_DOLLARS=2.5":                                         "",
		bda + "PAPERCHART_EXTRACTOR=hybrid PAPERCHART_CLOUD_PAGES=5 PAPERCHART_CLOUD_FLOOR=2":                    "cloud-floor is",
		"PAPERCHART_STORE=healthlake":                                                                            "needs healthlake",
		"PAPERCHART_STORE=fhir PAPERCHART_FHIR_SERVER=http://fhir.example/r4":                                    "https://",
		"PAPERCHART_STORE=fhir PAPERCHART_FHIR_SERVER=https://fhir.example/r4":                                   "",
		"PAPERCHART_STORE=fhir PAPERCHART_FHIR_SERVER=https://fhir.example/r4 PAPERCHART_SMART_CLIENT_ID=clinic": "needs smart-key",
		"PAPERCHART_STORE=postgres://u@h/d":                                                                      "",
		"PAPERCHART_STORE=mongo":                                                                                 "no address of PostgreSQL",
	} {
		_, err := Load("", strings.Fields(settings), nil)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", settings, err)
		}
	}
}

func TestRegionOfAnEndpoint(t *testing.T) {
	for endpoint, want := range map[string]string{"https://healthlake.eu-west-2.amazonaws.com/datastore/x/r4/": "eu-west-2", "http://127.0.0.1:1/": "other", ":": "other"} {
		if got := regionOf(endpoint, "other"); got != want {
			t.Errorf("%s: %s", endpoint, got)
		}
	}
}

// elsewhere is a store that refuses.
type elsewhere struct{ err error }

func (e elsewhere) Import(context.Context, []byte) error { return e.err }
func (e elsewhere) Do(context.Context, string, string, []byte) ([]byte, error) {
	return nil, e.err
}

func TestForwardTellsWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		err   error
		code  string
		final bool
		wait  time.Duration
	}{
		{&rest.Error{Status: 422, Codes: []string{"invariant"}}, "store-refused", true, 0},
		{&rest.Error{Status: 403}, "store-denied", false, time.Minute},
		{&rest.Error{Status: 503, After: 10 * time.Minute}, "store-away", false, 10 * time.Minute},
		{&rest.Error{Status: 429, After: time.Second}, "store-away", false, time.Minute},
		{errors.New("other"), "store-away", false, time.Minute},
	} {
		var p *pipeline.Problem
		if err := forward(t.Context(), elsewhere{c.err}, nil); !errors.As(err, &p) || p.Code != c.code || p.Final != c.final || p.Wait != c.wait {
			t.Errorf("%v: %+v", c.err, err)
		}
	}
	if err := forward(t.Context(), elsewhere{}, nil); err != nil {
		t.Error(err)
	}
}
