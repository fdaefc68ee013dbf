package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	plan "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation"
	plantypes "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/pipeline"
)

const cloudToken = "token-of-the-second-server"

// inPlaceOfAWS runs a second server whose doors stand in for AWS, and sets this
// process's environment so that the AWS SDK finds it.
func inPlaceOfAWS(t *testing.T, bin string) (*running, string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIALOCALLOCALLOCAL")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-second-server")
	t.Setenv("AWS_REGION", "us-west-2")
	t.Setenv("AWS_CONFIG_FILE", "/nowhere")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
	cmd := exec.Command(bin, "serve", "--listen", "127.0.0.1:0", "--aws-listen", "127.0.0.1:0", "--data", t.TempDir())
	cmd.Env = append(os.Environ(), "PAPERCHART_TOKEN="+cloudToken,
		"PAPERCHART_AWS_ACCESS_KEY_ID=AKIALOCALLOCALLOCAL", "PAPERCHART_AWS_SECRET_ACCESS_KEY=secret-of-the-second-server")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	rest, _ := strings.CutPrefix(line, "Paperchart serves at ")
	url, _, _ := strings.Cut(rest, ",")
	lines := bufio.NewScanner(log)
	var opened struct{ Msg, Address string }
	for !strings.HasPrefix(opened.Msg, "doors for") {
		if !lines.Scan() {
			t.Fatal("the doors are not open")
		}
		json.Unmarshal(lines.Bytes(), &opened)
	}
	go io.Copy(io.Discard, log) // so that the server never waits for a reader
	doors := "http://" + opened.Address
	t.Setenv("AWS_ENDPOINT_URL", doors)
	return &running{&client{base: url, token: cloudToken, http: http.DefaultClient}, cmd}, doors
}

// prepareBDA makes bucket, blueprint and project as docs/aws.md says.
func prepareBDA(t *testing.T) (project string) {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := objectsOf(cfg).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("clinic-bda")}); err != nil {
		t.Fatal(err)
	}
	return prepareProject(t, cfg)
}

func prepareProject(t *testing.T, cfg aws.Config) (project string) {
	t.Helper()
	c := plan.NewFromConfig(cfg)
	b, err := c.CreateBlueprint(context.Background(), &plan.CreateBlueprintInput{BlueprintName: aws.String("medical-record"), Type: plantypes.TypeDocument,
		Schema: aws.String(string(blueprint.JSON()))})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.CreateDataAutomationProject(context.Background(), &plan.CreateDataAutomationProjectInput{ProjectName: aws.String("clinic"),
		StandardOutputConfiguration: &plantypes.StandardOutputConfiguration{},
		CustomOutputConfiguration:   &plantypes.CustomOutputConfiguration{Blueprints: []plantypes.BlueprintItem{{BlueprintArn: b.Blueprint.BlueprintArn}}},
		OverrideConfiguration: &plantypes.OverrideConfiguration{Document: &plantypes.DocumentOverrideConfiguration{
			Splitter: &plantypes.SplitterConfiguration{State: plantypes.StateEnabled}}}})
	if err != nil {
		t.Fatal(err)
	}
	return *p.ProjectArn
}

// left is how many objects lie in the bucket.
func left(t *testing.T) int {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := objectsOf(cfg).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("clinic-bda")})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Contents)
}

// A hospital's server sends scans to BDA and FHIR to HealthLake, or to any FHIR
// server, a second server being all of these.
func TestHybrid(t *testing.T) {
	if testing.Short() {
		t.Skip("runs three servers")
	}
	bin := build(t)
	cloud, doors := inPlaceOfAWS(t, bin)
	project := prepareBDA(t)
	scan := filepath.Join("..", "..", "samples", "visit-summary.pdf")

	t.Setenv("PAPERCHART_BDA_PROJECT", project)
	t.Setenv("PAPERCHART_BDA_BUCKET", "clinic-bda")
	t.Setenv("PAPERCHART_CLOUD_PAGES", "3")
	t.Run("bda and HealthLake", func(t *testing.T) {
		t.Setenv("PAPERCHART_EXTRACTOR", "bda")
		t.Setenv("PAPERCHART_STORE", "healthlake")
		t.Setenv("PAPERCHART_HEALTHLAKE", doors+"/datastore/70617065726368617274000000000001/r4/")
		here := serve(t, bin, t.TempDir())
		d := here.await(t, here.upload(t, scan).ID, settledState)
		if d.State != pipeline.Done || d.Route != "Bedrock Data Automation" {
			t.Fatalf("document is %+v", d)
		}
		sameEverywhere(t, here, cloud)
		if n := left(t); n != 0 {
			t.Errorf("%d objects are left in the bucket", n)
		}
		// The budget of three pages is used up, or nearly so.
		d = here.await(t, here.upload(t, filepath.Join("..", "..", "samples", "chart-packet.pdf")).ID, settledState)
		if d.State != pipeline.Done || d.Route != "local, budget used up" {
			t.Errorf("document is %+v", d)
		}
		sameEverywhere(t, here, cloud)
	})
	t.Run("hybrid and FHIR", func(t *testing.T) {
		token := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(token, []byte(cloudToken+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PAPERCHART_EXTRACTOR", "hybrid")
		t.Setenv("PAPERCHART_CLOUD_FLOOR", "1")
		t.Setenv("PAPERCHART_STORE", "fhir")
		t.Setenv("PAPERCHART_FHIR_SERVER", cloud.base+fhirPath)
		t.Setenv("PAPERCHART_FHIR_TOKEN_FILE", token)
		here := serve(t, bin, t.TempDir())
		d := here.await(t, here.upload(t, filepath.Join("..", "..", "samples", "lab-report.pdf")).ID, settledState)
		if d.State != pipeline.Done || !strings.HasSuffix(d.Route, "by Bedrock Data Automation") {
			t.Fatalf("document is %+v", d)
		}
		sameEverywhere(t, here, cloud)
		if table := jobTable([]pipeline.Document{d}, false); !strings.Contains(table, "READ BY") || !strings.Contains(table, d.Route) {
			t.Errorf("jobs says %s", table)
		}
	})
}

// sameEverywhere checks that what is stored here is stored there.
func sameEverywhere(t *testing.T, here, there *running) {
	t.Helper()
	for _, kind := range []string{"Patient", "Observation", "Condition", "Provenance", "DocumentReference"} {
		known := map[string]bool{}
		for _, raw := range there.search(t, kind+"?_count=1000") {
			known[id(t, raw)] = true
		}
		found := here.search(t, kind+"?_count=1000")
		if kind == "Patient" && len(found) == 0 {
			t.Error("no patient was stored")
		}
		for _, raw := range found {
			if !known[id(t, raw)] {
				t.Errorf("%s %s is not in the store elsewhere", kind, id(t, raw))
			}
		}
	}
}

func id(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var r struct{ ID string }
	if err := json.Unmarshal(raw, &r); err != nil || r.ID == "" {
		t.Fatal(err)
	}
	return r.ID
}
