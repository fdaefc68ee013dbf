package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkhealthlake "github.com/aws/aws-sdk-go-v2/service/healthlake"

	"github.com/paperchart/paperchart/internal/healthlake"
)

// settings are those of an SDK that asks the doors.
func settings(doors string) aws.Config {
	return aws.Config{Region: region, BaseEndpoint: aws.String(doors), Credentials: aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret}, nil
		})}
}

// slow skips what reads scans end to end, but for make test-aws.
func slow(t *testing.T) {
	t.Helper()
	if os.Getenv("PAPERCHART_TEST_AWS") == "" {
		t.Skip("this reads a scan end to end and takes a while; make test-aws runs it")
	}
}

// needs skips a test, and says loudly what is not tested, where a program is not
// installed.
func needs(t *testing.T, program, why string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("NOT TESTED: %s is not installed: %s", program, why)
	}
}

// needsBoto3 is the same for Python's library.
func needsBoto3(t *testing.T, why string) {
	t.Helper()
	if exec.Command("python3", "-c", "import boto3").Run() != nil {
		t.Skipf("NOT TESTED: boto3 is not installed (pip install boto3): %s", why)
	}
}

// boto3 asks the doors of SQS and EventBridge; and S3's, to which it sends a scan
// so large that it goes up in parts.
func TestS3AndQueuesWithBoto3(t *testing.T) {
	slow(t)
	needsBoto3(t, "internal/doors asks with the AWS SDK for Go")
	doors := serve(t)
	python(t, "testdata/queues.py", doors)
	python(t, "testdata/s3.py", doors, ownStore(t, doors), filepath.Join("..", "..", "samples", "registration-form.pdf"))
}

// ownStore is the address of the server's own data store.
func ownStore(t *testing.T, doors string) string {
	t.Helper()
	list, err := sdkhealthlake.NewFromConfig(settings(doors)).ListFHIRDatastores(t.Context(), nil)
	if err != nil || len(list.DatastorePropertiesList) == 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	return *list.DatastorePropertiesList[0].DatastoreEndpoint
}

// The AWS command line, as people type it.
func TestAWSCommandLine(t *testing.T) {
	slow(t)
	needs(t, "aws", "the doors were not asked with the AWS command line")
	doors, dir := serve(t), t.TempDir()
	cli := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("aws", append(args, "--endpoint-url", doors, "--output", "text")...)
		cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+keyID, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_DEFAULT_REGION="+region,
			"AWS_CONFIG_FILE="+filepath.Join(dir, "none"), "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("aws %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	big, blueprint := filepath.Join(dir, "big.bin"), filepath.Join("..", "..", "blueprint", "medical-record.json")
	data := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16)
	if err := os.WriteFile(big, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cli("s3", "mb", "s3://desk")
	cli("s3", "cp", big, "s3://desk/in/big.bin")
	cli("s3", "cp", "s3://desk/in/big.bin", filepath.Join(dir, "back.bin"))
	if back, err := os.ReadFile(filepath.Join(dir, "back.bin")); err != nil || !bytes.Equal(back, data) {
		t.Errorf("%d bytes came back, %v", len(back), err)
	}
	cli("s3", "sync", filepath.Join("..", "..", "docs"), "s3://desk/docs")
	if out := cli("s3", "ls", "--recursive", "s3://desk/"); !strings.Contains(out, "docs/aws.md") || !strings.Contains(out, "in/big.bin") {
		t.Errorf("listed are %s", out)
	}
	cli("s3", "rm", "--recursive", "s3://desk/")
	cli("s3", "rb", "s3://desk")

	arn := strings.TrimSpace(cli("bedrock-data-automation", "create-blueprint", "--blueprint-name", "cli", "--type", "DOCUMENT", "--schema", "file://"+blueprint, "--query", "blueprint.blueprintArn"))
	project := strings.TrimSpace(cli("bedrock-data-automation", "create-data-automation-project", "--project-name", "cli", "--standard-output-configuration", "{}",
		"--custom-output-configuration", `{"blueprints":[{"blueprintArn":"`+arn+`"}]}`, "--query", "projectArn"))
	if out := cli("bedrock-data-automation", "list-data-automation-projects", "--query", "projects[].projectArn"); !strings.Contains(out, project) {
		t.Errorf("projects are %s", out)
	}
	store := strings.TrimSpace(cli("healthlake", "create-fhir-datastore", "--datastore-type-version", "R4", "--datastore-name", "cli", "--query", "DatastoreId"))
	if out := cli("healthlake", "describe-fhir-datastore", "--datastore-id", store, "--query", "DatastoreProperties.DatastoreStatus"); strings.TrimSpace(out) != "ACTIVE" {
		t.Errorf("the data store is %s", out)
	}
	cli("healthlake", "delete-fhir-datastore", "--datastore-id", store)
	cli("bedrock-data-automation", "delete-data-automation-project", "--project-arn", project)
	cli("bedrock-data-automation", "delete-blueprint", "--blueprint-arn", arn)
}

// planeOf is the FHIR of the server's own data store.
func planeOf(t *testing.T, doors string) *healthlake.Client {
	t.Helper()
	return &healthlake.Client{Endpoint: ownStore(t, doors), Region: region, Credentials: settings(doors).Credentials}
}
