package sdk

import (
	"errors"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	runtime "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime"

	"github.com/paperchart/paperchart/internal/bda"
)

// project is a data-automation project's ARN: partition, Region and account.
var project = regexp.MustCompile(`^arn:(aws[a-z-]*):bedrock:([a-z0-9-]+):(\d{12}):data-automation-project/[a-zA-Z0-9-]{1,64}$`)

// NewReader makes what a server of one's own needs to have papers read by BDA:
// jobs that tell nobody when they end, and the objects of a bucket. All else
// follows from the project's ARN.
func NewReader(cfg aws.Config, projectARN, bucket string, getenv Getenv) (*BDA, S3, error) {
	m := project.FindStringSubmatch(projectARN)
	if m == nil {
		return nil, S3{}, errors.New("bda-project is no ARN of a data-automation project, such as arn:aws:bedrock:us-west-2:111122223333:data-automation-project/abc")
	}
	partition, region, account := m[1], m[2], m[3]
	geography, err := bda.ProfilePrefix(region)
	if err != nil {
		return nil, S3{}, err
	}
	cfg.Region = region
	arn := "arn:" + partition + ":bedrock:" + region + ":" + account + ":"
	return &BDA{Client: runtime.NewFromConfig(cfg), Project: projectARN, Output: "s3://" + bucket + "/bda", Quiet: true, Once: true,
		Profile:   arn + "data-automation-profile/" + geography + ".data-automation-v1",
		JobPrefix: arn + "data-automation-invocation/"}, objects(cfg, getenv), nil
}
