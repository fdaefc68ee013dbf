// Package sdk makes the two functions of package cloud with AWS behind them, from
// the environment that deploy/aws/template.yaml gives them.
//
// Endpoints are the SDK's own business: AWS_ENDPOINT_URL_S3 and its like lead to
// other servers, Paperchart's own among them.
package sdk

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	runtime "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/cloud"
	"github.com/paperchart/paperchart/internal/convert"
	dataplane "github.com/paperchart/paperchart/internal/healthlake"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// The environment of the functions; the template must give exactly these.
var (
	TriggerEnvironment   = []string{"INPUT_BUCKET", "OUTPUT_BUCKET", "DEAD_LETTER_URL", "BDA_PROJECT_ARN", "BDA_PROFILE_ARN"}
	ProcessorEnvironment = []string{"INPUT_BUCKET", "OUTPUT_BUCKET", "DEAD_LETTER_URL", "BDA_JOB_ARN_PREFIX",
		"TRIGGER_QUEUE_URL", "PROCESSOR_QUEUE_URL", "DATASTORE_ID", "DATASTORE_ENDPOINT", "IMPORT_ROLE_ARN",
		"KMS_KEY_ARN", "THRESHOLD", "POLICY", "VALIDATION_LEVEL", "GRACE_SECONDS"}
	// OptionalEnvironment is the processor's too, and may be missing.
	OptionalEnvironment = []string{"REVIEW_QUEUE_URL"}
)

// Getenv reads the environment, as os.Getenv does.
type Getenv func(string) string

// need reads variables, all of which must be set.
func need(getenv Getenv, names []string) (map[string]string, error) {
	env := map[string]string{}
	var missing []string
	for _, n := range names {
		if env[n] = getenv(n); env[n] == "" {
			missing = append(missing, n)
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("read environment: %s must be set, as deploy/aws/template.yaml does", strings.Join(missing, ", "))
	}
	return env, nil
}

func objects(cfg aws.Config, getenv Getenv) S3 {
	other := getenv("AWS_ENDPOINT_URL_S3") != "" || getenv("AWS_ENDPOINT_URL") != ""
	return S3{s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = other
		// What BDA wrote has no checksum that the SDK knows; that is no news.
		o.DisableLogOutputChecksumValidationSkipped = true
	})}
}

// NewTrigger makes the first function.
func NewTrigger(cfg aws.Config, getenv Getenv, log *slog.Logger) (*cloud.Trigger, error) {
	env, err := need(getenv, TriggerEnvironment)
	if err != nil {
		return nil, err
	}
	return &cloud.Trigger{
		BDA: &BDA{Client: runtime.NewFromConfig(cfg), Project: env["BDA_PROJECT_ARN"], Profile: env["BDA_PROFILE_ARN"],
			Output: "s3://" + env["OUTPUT_BUCKET"] + "/bda"},
		Objects: objects(cfg, getenv), Dead: Queue{sqs.NewFromConfig(cfg), env["DEAD_LETTER_URL"]},
		Input: env["INPUT_BUCKET"], Output: env["OUTPUT_BUCKET"], Now: time.Now, Logger: log,
	}, nil
}

// NewProcessor makes the second function.
func NewProcessor(cfg aws.Config, getenv Getenv, log *slog.Logger) (*cloud.Processor, error) {
	env, err := need(getenv, ProcessorEnvironment)
	if err != nil {
		return nil, err
	}
	makeFHIR, err := converter(env)
	if err != nil {
		return nil, err
	}
	grace, err := strconv.Atoi(env["GRACE_SECONDS"])
	if err != nil || grace < 0 {
		return nil, fmt.Errorf("read environment: GRACE_SECONDS is %q; it is a number of seconds", env["GRACE_SECONDS"])
	}
	queues := sqs.NewFromConfig(cfg)
	store := &Store{
		Client: healthlake.NewFromConfig(cfg), Datastore: env["DATASTORE_ID"], Role: env["IMPORT_ROLE_ARN"],
		Log: "s3://" + env["OUTPUT_BUCKET"] + "/import/log/", Key: env["KMS_KEY_ARN"], Validation: env["VALIDATION_LEVEL"],
		Plane: &dataplane.Client{Endpoint: env["DATASTORE_ENDPOINT"], Region: cfg.Region, Credentials: cfg.Credentials, Validation: env["VALIDATION_LEVEL"]},
	}
	var review cloud.Sender
	if url := getenv("REVIEW_QUEUE_URL"); url != "" {
		review = Queue{queues, url}
	}
	return &cloud.Processor{
		Review:  review,
		BDA:     &BDA{Client: runtime.NewFromConfig(cfg), JobPrefix: env["BDA_JOB_ARN_PREFIX"]},
		Objects: objects(cfg, getenv), FHIR: store, Imports: store, Convert: makeFHIR, Blueprint: blueprint.Default(),
		Again: Queue{queues, env["TRIGGER_QUEUE_URL"]}, Self: Queue{queues, env["PROCESSOR_QUEUE_URL"]}, Dead: Queue{queues, env["DEAD_LETTER_URL"]},
		Input: env["INPUT_BUCKET"], Output: env["OUTPUT_BUCKET"], Grace: time.Duration(grace) * time.Second,
		MaxTransaction: dataplane.MaxTransaction, MaxBody: dataplane.MaxBody, Now: time.Now, Logger: log,
	}, nil
}

func converter(env map[string]string) (cloud.Convert, error) {
	threshold, err := strconv.ParseFloat(env["THRESHOLD"], 64)
	if err != nil || !(threshold >= 0 && threshold <= 1) {
		return nil, fmt.Errorf("read environment: THRESHOLD is %q; it goes from 0 to 1", env["THRESHOLD"])
	}
	if p := env["POLICY"]; p != "mark" && p != "hold" {
		return nil, fmt.Errorf("read environment: POLICY is %q; it is mark or hold", p)
	}
	vocabulary, err := terms.Default()
	if err != nil {
		return nil, err
	}
	base := convert.Converter{Terms: vocabulary,
		Thresholds: result.Thresholds{Default: threshold}, Hold: env["POLICY"] == "hold"}
	return func(docs []result.Document, original string) (convert.Output, error) {
		c := base
		c.Original = func(result.Source) string { return original }
		return c.Convert(docs)
	}, nil
}
