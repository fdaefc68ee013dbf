package sdk

import (
	"context"
	"fmt"
	"path"

	"github.com/aws/aws-sdk-go-v2/aws"
	runtime "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime/types"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
)

// BDA begins jobs and asks for them.
type BDA struct {
	Client *runtime.Client
	// Project and Profile are the ARNs a job begins with, Output the address
	// below which it writes.
	Project, Profile, Output string
	// JobPrefix is the ARN of a job without its id.
	JobPrefix string
	// Quiet is true where no event is wanted at a job's end.
	Quiet bool
	// Once is true where the SDK must not call a second time by itself: of a first
	// call whose answer got lost somebody keeps an account.
	Once bool
}

var (
	_ cloud.Invoker  = (*BDA)(nil)
	_ cloud.Statuses = (*BDA)(nil)
)

// Invoke implements cloud.Invoker. BDA reads and writes with this caller's rights.
func (b *BDA) Invoke(ctx context.Context, in cloud.Invocation) (string, error) {
	out, err := b.Client.InvokeDataAutomationAsync(ctx, &runtime.InvokeDataAutomationAsyncInput{
		ClientToken:              aws.String(in.Token),
		InputConfiguration:       &types.InputConfiguration{S3Uri: aws.String(in.Input.URI())},
		OutputConfiguration:      &types.OutputConfiguration{S3Uri: aws.String(b.Output)},
		DataAutomationProfileArn: aws.String(b.Profile),
		DataAutomationConfiguration: &types.DataAutomationConfiguration{
			DataAutomationProjectArn: aws.String(b.Project), Stage: types.DataAutomationStageLive,
		},
		NotificationConfiguration: &types.NotificationConfiguration{
			EventBridgeConfiguration: &types.EventBridgeConfiguration{EventBridgeEnabled: aws.Bool(!b.Quiet)},
		},
	}, func(o *runtime.Options) {
		if b.Once {
			o.RetryMaxAttempts = 1
		}
	})
	if isCode(err, "ValidationException") {
		return "", &cloud.Refusal{Reason: "bda-refused", Message: "BDA does not take the document"}
	}
	if err != nil && unbegun(err) {
		return "", fmt.Errorf("%w: %w", cloud.ErrUnbegun, plain("call BDA", err))
	}
	if err != nil {
		return "", plain("call BDA", err)
	}
	return path.Base(aws.ToString(out.InvocationArn)), nil
}

// Status implements cloud.Statuses.
func (b *BDA) Status(ctx context.Context, job string) (bda.Status, error) {
	out, err := b.Client.GetDataAutomationStatus(ctx, &runtime.GetDataAutomationStatusInput{InvocationArn: aws.String(b.JobPrefix + job)})
	if err != nil {
		return bda.Status{}, plain("call BDA", err)
	}
	s := bda.Status{State: string(out.Status), Kind: aws.ToString(out.ErrorType)}
	if s.State != bda.Success || out.OutputConfiguration == nil {
		return s, nil
	}
	// On success this is the metadata file and not the folder.
	s.Metadata, err = bda.ParseURI(aws.ToString(out.OutputConfiguration.S3Uri))
	if err == nil && path.Base(s.Metadata.Key) != "job_metadata.json" {
		s.Metadata.Key = path.Join(s.Metadata.Key, "job_metadata.json")
	}
	return s, err
}
