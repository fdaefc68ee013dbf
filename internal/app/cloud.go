package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/paperchart/paperchart/internal/cloud/sdk"
	"github.com/paperchart/paperchart/internal/deploy"
	"github.com/paperchart/paperchart/internal/healthlake"
	"github.com/paperchart/paperchart/internal/hybrid"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/rest"
)

// The words of the settings extractor and store.
const (
	byLocal      = "local"
	byBDA        = "bda"
	byBoth       = "hybrid"
	inHealthLake = "healthlake"
	inFHIR       = "fhir"
)

// cloudRetry is after how long a document waits for a cloud or a server that was
// away.
const cloudRetry = time.Minute

// checkCloud checks the settings of what lies elsewhere.
func (c Config) checkCloud() error {
	switch {
	case c.Extractor != byLocal && c.Extractor != byBDA && c.Extractor != byBoth:
		return fmt.Errorf("extractor is %q; it is local, bda (Bedrock Data Automation reads) or hybrid (it reads the pages below cloud-floor)", c.Extractor)
	case c.Extractor != byLocal && (c.BDAProject == "" || c.BDABucket == ""):
		return errors.New("extractor needs bda-project, the ARN of a data-automation project, and bda-bucket")
	case c.Extractor != byLocal && c.CloudPages == 0 && c.CloudDollars == 0:
		return errors.New("extractor needs a monthly budget: cloud-pages, cloud-dollars, or both")
	case c.CloudPages < 0 || c.CloudDollars < 0:
		return errors.New("cloud-pages and cloud-dollars are what may be spent in a month, and not less than 0")
	case c.CloudFloor < 0 || c.CloudFloor > 1:
		return fmt.Errorf("cloud-floor is %v; it goes from 0 to 1", c.CloudFloor)
	}
	return c.checkRemote()
}

func (c Config) checkRemote() error {
	address, setting := "", ""
	switch string(c.Store) {
	case inHealthLake:
		address, setting = c.HealthLake, "healthlake, the endpoint of the data store"
	case inFHIR:
		address, setting = c.FHIRServer, "fhir-server, the address of its FHIR API"
	default:
		return nil
	}
	if address == "" {
		return fmt.Errorf("store is %s, which needs %s", string(c.Store), setting)
	}
	if err := rest.CheckAddress(address); err != nil {
		return err
	}
	if c.SMARTClientID != "" && c.SMARTKey == "" {
		return errors.New("smart-client-id needs smart-key, the file of the private key")
	}
	return nil
}

// remote reports whether FHIR is also stored elsewhere.
func (c Config) remote() bool { return c.Store == inHealthLake || c.Store == inFHIR }

// remoteStore is a FHIR server elsewhere.
type remoteStore interface {
	Import(ctx context.Context, bundle []byte) error
	Do(ctx context.Context, method, path string, body []byte) ([]byte, error)
}

var (
	_ remoteStore = (*rest.Client)(nil)
	_ remoteStore = (*healthlake.Client)(nil)
)

// openRemote makes the client of the store elsewhere; nil where there is none.
func (c Config) openRemote(ctx context.Context) (remoteStore, error) {
	switch string(c.Store) {
	case inHealthLake:
		aws, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return nil, fmt.Errorf("load AWS settings: %w", err)
		}
		region := regionOf(c.HealthLake, aws.Region)
		if region == "" {
			return nil, errors.New("no AWS Region is set; set AWS_REGION")
		}
		return &healthlake.Client{Endpoint: c.HealthLake, Region: region, Credentials: aws.Credentials, Tries: 3}, nil
	case inFHIR:
		auth, err := c.authorizer()
		if err != nil {
			return nil, err
		}
		return &rest.Client{Base: c.FHIRServer, Auth: auth}, nil
	}
	return nil, nil
}

// healthLakeHost is how AWS's own endpoints are called.
var healthLakeHost = regexp.MustCompile(`^healthlake\.([a-z0-9-]+)\.amazonaws\.com$`)

func regionOf(endpoint, other string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return other
	}
	if m := healthLakeHost.FindStringSubmatch(u.Hostname()); m != nil {
		return m[1]
	}
	return other
}

func (c Config) authorizer() (rest.Authorizer, error) {
	switch {
	case c.SMARTClientID != "":
		key, err := rest.ReadKey(c.SMARTKey)
		if err != nil {
			return nil, err
		}
		return &rest.Backend{Base: c.FHIRServer, ClientID: c.SMARTClientID, KeyID: c.SMARTKeyID, Scope: c.SMARTScope, Key: key}, nil
	case c.FHIRToken != "" || c.FHIRTokenFile != "":
		return rest.Bearer{Token: string(c.FHIRToken), File: c.FHIRTokenFile}, nil
	}
	return nil, nil
}

// forward stores a Bundle elsewhere. What is away is waited for, however long;
// what is refused is told.
func forward(ctx context.Context, to remoteStore, bundle []byte) error {
	err := to.Import(ctx, bundle)
	var e *rest.Error
	switch {
	case err == nil || ctx.Err() != nil:
		return err
	case errors.As(err, &e) && e.Final():
		return &pipeline.Problem{Code: "store-refused", Message: sentence(e.Error()),
			Remedy: "Its own validation may be stricter; see its log, then try again with: paperchart jobs retry.", Final: true}
	case errors.As(err, &e) && !e.Busy():
		return &pipeline.Problem{Code: "store-denied", Message: sentence(e.Error()),
			Remedy: "Check credentials, rights and the server's address; it is tried again by itself.", Wait: cloudRetry}
	}
	wait := cloudRetry
	if e != nil && e.After > wait {
		wait = min(e.After, time.Hour)
	}
	return &pipeline.Problem{Code: "store-away", Message: "The FHIR server elsewhere does not take the record now",
		Remedy: "It is tried again by itself; if it stays, check the network and the server.", Wait: wait}
}

// sentence begins with a capital letter.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// extractor is the first half of the pipeline as the settings want it.
func (r *rooms) extractor(ctx context.Context) (pipeline.Extractor, error) {
	if r.cfg.Extractor == byLocal {
		return r.engine.Reader, nil
	}
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load AWS settings: %w", err)
	}
	jobs, objects, err := sdk.NewReader(aws, r.cfg.BDAProject, r.cfg.BDABucket, os.Getenv)
	if err != nil {
		return nil, err
	}
	b := r.engine.Converter.blueprints.General
	ledger, err := hybrid.OpenLedger(ctx, filepath.Join(r.cfg.Data, "cloud.db"), hybrid.Budget{
		Pages: r.cfg.CloudPages, Dollars: r.cfg.CloudDollars, PageDollars: deploy.PageDollars(b)}, time.Now)
	if err != nil {
		return nil, err
	}
	r.close = append(r.close, ledger)
	pages, dollars, err := ledger.Spent(ctx)
	if err != nil {
		return nil, err
	}
	r.log.Info("reading with Bedrock Data Automation", "extractor", r.cfg.Extractor, "pages_this_month", pages, "dollars_this_month", dollars)
	return &hybrid.Extractor{
		Local: r.engine.Reader, All: r.cfg.Extractor == byBDA, Floor: r.cfg.CloudFloor, Retry: cloudRetry, Logger: r.log, Now: time.Now,
		Count: hybrid.Describe(func(ctx context.Context, data []byte) (hybrid.File, error) { return r.engine.scanner.Open(ctx, data) }),
		BDA: &hybrid.BDA{Jobs: jobs, Objects: objects, Bucket: r.cfg.BDABucket, Project: r.cfg.BDAProject, Blueprint: b, Ledger: ledger,
			Poll: 2 * time.Second, Patience: time.Hour, Logger: r.log},
	}, nil
}

// readers is how many files are read at once: the next file's first pages are
// read while the last page of this one is; and a cloud reads many.
func (c Config) readers() int {
	if c.Extractor == byBDA {
		return 10
	}
	return 2
}
