package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// Stack is one deployment in one account and Region.
type Stack struct {
	// Name begins the names of buckets: lower case, and short enough for them.
	Name, Account, Region string
	Formation             *cloudformation.Client
	Objects               *s3.Client
	// Say is told what goes on, a line at a time.
	Say func(format string, args ...any)
	// Poll is the time between looks at the stack; five seconds where 0.
	Poll time.Duration
	// Now is the clock; time.Now where nil.
	Now func() time.Time
}

var stackName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,40}$`)

// CheckName tells what is wrong with a stack's name.
func CheckName(name string) error {
	if !stackName.MatchString(name) || strings.HasSuffix(name, "-") {
		return fmt.Errorf("%q can't be the stack's name: buckets are named after it, so it has lower-case letters, digits and dashes, begins with a letter, and has 2 to 41 characters", name)
	}
	return nil
}

// CodeBucket is the bucket of the functions' code.
func (s *Stack) CodeBucket() string { return s.Name + "-code-" + s.Account }

// Deploy uploads the code and the template and creates or updates the stack. It
// returns when the stack is there, or with why it is not.
func (s *Stack) Deploy(ctx context.Context, template string, code []byte, parameters map[string]string) error {
	if err := s.makeCodeBucket(ctx); err != nil {
		return err
	}
	if err := s.upload(ctx, CodeKey(code), code); err != nil {
		return err
	}
	if err := s.upload(ctx, "template.yaml", []byte(template)); err != nil {
		return err
	}
	given := []types.Parameter{parameter("CodeBucket", s.CodeBucket()), parameter("CodeKey", CodeKey(code))}
	for _, k := range slices.Sorted(maps.Keys(parameters)) {
		given = append(given, parameter(k, parameters[k]))
	}
	since := s.now()
	url := fmt.Sprintf("https://%s.s3.%s.amazonaws.com/template.yaml", s.CodeBucket(), s.Region)
	_, err := s.describe(ctx)
	switch {
	case isMissing(err):
		s.Say("Creating stack %s in %s; the HealthLake data store takes 20 to 30 minutes", s.Name, s.Region)
		_, err = s.Formation.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: aws.String(s.Name), TemplateURL: aws.String(url), Parameters: given,
			Capabilities: []types.Capability{types.CapabilityCapabilityIam}, EnableTerminationProtection: aws.Bool(true)})
	case err == nil:
		s.Say("Updating stack %s in %s", s.Name, s.Region)
		_, err = s.Formation.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: aws.String(s.Name), TemplateURL: aws.String(url), Parameters: given,
			Capabilities: []types.Capability{types.CapabilityCapabilityIam}})
		if err != nil && strings.Contains(err.Error(), "No updates are to be performed") {
			s.Say("Nothing has changed")
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("deploy stack: %w", err)
	}
	return s.follow(ctx, since)
}

func parameter(k, v string) types.Parameter {
	return types.Parameter{ParameterKey: aws.String(k), ParameterValue: aws.String(v)}
}

func (s *Stack) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func (s *Stack) makeCodeBucket(ctx context.Context) error {
	in := &s3.CreateBucketInput{Bucket: aws.String(s.CodeBucket())}
	if s.Region != "us-east-1" {
		in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(s.Region)}
	}
	_, err := s.Objects.CreateBucket(ctx, in)
	var mine *s3types.BucketAlreadyOwnedByYou
	if err != nil && !errors.As(err, &mine) {
		return fmt.Errorf("make code bucket: %w", err)
	}
	if _, err := s.Objects.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: in.Bucket, PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true)}}); err != nil {
		return fmt.Errorf("close code bucket to the public: %w", err)
	}
	return nil
}

func (s *Stack) upload(ctx context.Context, key string, data []byte) error {
	s.Say("Uploading %s (%d KB)", key, len(data)>>10)
	if _, err := s.Objects.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(s.CodeBucket()), Key: aws.String(key), Body: bytes.NewReader(data)}); err != nil {
		return fmt.Errorf("upload code: %w", err)
	}
	return nil
}

func isMissing(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist")
}

func (s *Stack) describe(ctx context.Context) (types.Stack, error) {
	out, err := s.Formation.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(s.Name)})
	if err != nil {
		return types.Stack{}, err
	}
	if len(out.Stacks) == 0 {
		return types.Stack{}, fmt.Errorf("there is no stack %s", s.Name)
	}
	return out.Stacks[0], nil
}

// Outputs are the stack's, and its state.
func (s *Stack) Outputs(ctx context.Context) (state string, outputs map[string]string, err error) {
	st, err := s.describe(ctx)
	if isMissing(err) {
		return "", nil, fmt.Errorf("there is no stack %s in %s; make it with: paperchart aws deploy --stack %s --region %s", s.Name, s.Region, s.Name, s.Region)
	}
	if err != nil {
		return "", nil, fmt.Errorf("look at stack: %w", err)
	}
	outputs = map[string]string{}
	for _, o := range st.Outputs {
		outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return string(st.StackStatus), outputs, nil
}

// follow tells of each resource until the stack is at rest.
func (s *Stack) follow(ctx context.Context, since time.Time) error {
	told := map[string]bool{}
	poll := s.Poll
	if poll == 0 {
		poll = 5 * time.Second
	}
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		s.tell(ctx, since, told)
		st, err := s.describe(ctx)
		if isMissing(err) {
			return nil // deleted
		}
		if err != nil {
			return fmt.Errorf("look at stack: %w", err)
		}
		switch state := string(st.StackStatus); {
		case strings.HasSuffix(state, "_IN_PROGRESS"):
		case state == "CREATE_COMPLETE" || state == "UPDATE_COMPLETE" || state == "DELETE_COMPLETE":
			return nil
		default:
			return fmt.Errorf("the stack is in %s: %s; the lines above name the resource that failed", state, aws.ToString(st.StackStatusReason))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// tell tells of events that were not told of yet. They come latest first.
func (s *Stack) tell(ctx context.Context, since time.Time, told map[string]bool) {
	out, err := s.Formation.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: aws.String(s.Name)})
	if err != nil {
		return // the stack's own state says what matters
	}
	for _, e := range slices.Backward(out.StackEvents) {
		id := aws.ToString(e.EventId)
		if told[id] || aws.ToTime(e.Timestamp).Before(since.Add(-time.Minute)) {
			continue
		}
		told[id] = true
		why := aws.ToString(e.ResourceStatusReason)
		if why != "" {
			why = ": " + why
		}
		s.Say("%-22s %s%s", e.ResourceStatus, aws.ToString(e.LogicalResourceId), why)
	}
}

// Delete removes the stack. The buckets, the key, the logs and the data store stay.
func (s *Stack) Delete(ctx context.Context) error {
	since := s.now()
	if _, err := s.Formation.UpdateTerminationProtection(ctx, &cloudformation.UpdateTerminationProtectionInput{StackName: aws.String(s.Name), EnableTerminationProtection: aws.Bool(false)}); err != nil {
		return fmt.Errorf("delete stack: %w", err)
	}
	if _, err := s.Formation.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String(s.Name)}); err != nil {
		return fmt.Errorf("delete stack: %w", err)
	}
	return s.follow(ctx, since)
}

// DeleteBucket empties a bucket of all versions and removes it. One that is not
// there is no error.
func (s *Stack) DeleteBucket(ctx context.Context, bucket string) error {
	s.Say("Emptying %s", bucket)
	pages := s3.NewListObjectVersionsPaginator(s.Objects, &s3.ListObjectVersionsInput{Bucket: aws.String(bucket)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		var api smithy.APIError
		if errors.As(err, &api) && api.ErrorCode() == "NoSuchBucket" {
			return nil
		}
		if err != nil {
			return fmt.Errorf("empty bucket: %w", err)
		}
		var all []s3types.ObjectIdentifier
		for _, v := range page.Versions {
			all = append(all, s3types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, v := range page.DeleteMarkers {
			all = append(all, s3types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		if len(all) == 0 {
			continue
		}
		out, err := s.Objects.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: aws.String(bucket), Delete: &s3types.Delete{Objects: all, Quiet: aws.Bool(true)}})
		if err == nil && len(out.Errors) > 0 {
			err = fmt.Errorf("%d objects were not deleted (%s)", len(out.Errors), aws.ToString(out.Errors[0].Code))
		}
		if err != nil {
			return fmt.Errorf("empty bucket: %w", err)
		}
	}
	if _, err := s.Objects.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String(bucket)}); err != nil {
		return fmt.Errorf("remove bucket: %w", err)
	}
	return nil
}
