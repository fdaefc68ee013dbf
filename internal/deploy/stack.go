package deploy

import (
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

// Bucket is the name of one of its buckets: in, out, audit or code.
func (s *Stack) Bucket(which string) string { return s.Name + "-" + which + "-" + s.Account }

// CodeBucket is the bucket of the functions' code.
func (s *Stack) CodeBucket() string { return s.Bucket("code") }

// ErrNoStack says that the stack is not there.
var ErrNoStack = errors.New("there is no such stack")

// Release is what is deployed: the template, those of its nested stacks by their
// keys, and the functions' code.
type Release struct {
	Template string
	Parts    map[string]string
	Code     []byte
}

// Deploy uploads the code and the templates and creates or updates the stack. It
// returns when the stack is there, or with why it is not.
func (s *Stack) Deploy(ctx context.Context, r Release, parameters map[string]string) error {
	names, err := ParameterNames(r.Template)
	if err != nil {
		return err
	}
	if err := CheckParameters(names, parameters); err != nil {
		return err
	}
	if err := s.uploadAll(ctx, r); err != nil {
		return err
	}
	given := []types.Parameter{parameter("CodeBucket", s.CodeBucket()), parameter("CodeKey", CodeKey(r.Code))}
	for _, k := range slices.Sorted(maps.Keys(parameters)) {
		given = append(given, parameter(k, parameters[k]))
	}
	now, err := s.atRest(ctx)
	if err != nil {
		return err
	}
	switch state := now.StackStatus; state {
	case types.StackStatusRollbackComplete, types.StackStatusRollbackFailed, types.StackStatusDeleteFailed, types.StackStatusReviewInProgress:
		return fmt.Errorf("the stack is in %s: nothing can update it; remove it first with: paperchart aws destroy --stack %s", state, s.Name)
	case types.StackStatusUpdateRollbackFailed:
		return fmt.Errorf("the stack is in %s: mend what it names, and continue the rollback with: aws cloudformation continue-update-rollback --stack-name %s", state, s.Name)
	}
	seen, err := s.seen(ctx)
	if err != nil {
		return err
	}
	id := aws.ToString(now.StackId)
	if id == "" {
		id, err = s.create(ctx, given)
	} else {
		err = s.update(ctx, append(given, kept(now.Parameters, names, parameters)...))
	}
	if errors.Is(err, errNoChange) {
		s.Say("Nothing has changed")
		return nil
	}
	if err != nil {
		return fmt.Errorf("deploy stack: %w", err)
	}
	return s.follow(ctx, id, seen)
}

// atRest is the stack once nothing is done to it, and empty where there is none: an
// earlier deploy or destroy may have been left alone while it went on.
func (s *Stack) atRest(ctx context.Context) (types.Stack, error) {
	for {
		now, err := s.describe(ctx)
		if isMissing(err) {
			return types.Stack{}, nil
		}
		if err != nil {
			return now, fmt.Errorf("look at stack: %w", err)
		}
		if !strings.HasSuffix(string(now.StackStatus), "_IN_PROGRESS") || now.StackStatus == types.StackStatusReviewInProgress {
			return now, nil
		}
		s.Say("The stack is in %s; waiting for its end", now.StackStatus)
		if err := s.follow(ctx, aws.ToString(now.StackId), map[string]bool{}); err != nil {
			return now, err
		}
	}
}

func (s *Stack) templateURL() *string {
	return aws.String(fmt.Sprintf("https://%s.s3.%s.amazonaws.com/template.yaml", s.CodeBucket(), s.Region))
}

// create begins a stack. What it made goes again where it fails, retained or not:
// nothing is in it yet, and names would be taken.
func (s *Stack) create(ctx context.Context, given []types.Parameter) (id string, err error) {
	s.Say("Creating stack %s in %s; the HealthLake data store takes 20 to 30 minutes", s.Name, s.Region)
	out, err := s.Formation.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: aws.String(s.Name), TemplateURL: s.templateURL(), Parameters: given,
		Capabilities: []types.Capability{types.CapabilityCapabilityIam}, EnableTerminationProtection: aws.Bool(true), RetainExceptOnCreate: aws.Bool(true)})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.StackId), nil
}

var errNoChange = errors.New("nothing has changed")

func (s *Stack) update(ctx context.Context, given []types.Parameter) error {
	s.Say("Updating stack %s in %s", s.Name, s.Region)
	_, err := s.Formation.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: aws.String(s.Name), TemplateURL: s.templateURL(), Parameters: given,
		Capabilities: []types.Capability{types.CapabilityCapabilityIam}, RetainExceptOnCreate: aws.Bool(true)})
	if err != nil && strings.Contains(err.Error(), "No updates are to be performed") {
		return errNoChange
	}
	return err
}

// kept are the stack's parameters that were not given anew. CloudFormation would
// take the template's defaults for them.
func kept(now []types.Parameter, names []string, given map[string]string) []types.Parameter {
	var all []types.Parameter
	for _, p := range now {
		k := aws.ToString(p.ParameterKey)
		if _, anew := given[k]; !anew && k != "CodeBucket" && k != "CodeKey" && slices.Contains(names, k) {
			all = append(all, types.Parameter{ParameterKey: p.ParameterKey, UsePreviousValue: aws.Bool(true)})
		}
	}
	return all
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

func isMissing(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist")
}

func (s *Stack) describe(ctx context.Context) (types.Stack, error) {
	return s.look(ctx, s.Name)
}

// look describes a stack by its name or, deleted ones too, by its id.
func (s *Stack) look(ctx context.Context, name string) (types.Stack, error) {
	out, err := s.Formation.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(name)})
	if err != nil {
		return types.Stack{}, err
	}
	if len(out.Stacks) == 0 {
		return types.Stack{}, fmt.Errorf("there is no stack %s", name)
	}
	return out.Stacks[0], nil
}

// Outputs are the stack's, and its state.
func (s *Stack) Outputs(ctx context.Context) (state string, outputs map[string]string, err error) {
	st, err := s.describe(ctx)
	if isMissing(err) {
		return "", nil, fmt.Errorf("%w: %s in %s; make it with: paperchart aws deploy --stack %s --region %s", ErrNoStack, s.Name, s.Region, s.Name, s.Region)
	}
	if err != nil {
		return "", nil, fmt.Errorf("look at stack: %w", err)
	}
	outputs = map[string]string{}
	for _, o := range st.Outputs {
		outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	state = string(st.StackStatus)
	if why := aws.ToString(st.StackStatusReason); why != "" && (strings.Contains(state, "FAILED") || strings.Contains(state, "ROLLBACK")) {
		state += ": " + why
	}
	return state, outputs, nil
}

// Delete removes the stack. The buckets, the key, the logs and the data store stay.
// That there is none is no error.
func (s *Stack) Delete(ctx context.Context) error {
	now, err := s.describe(ctx)
	if isMissing(err) {
		s.Say("There is no stack %s in %s any more", s.Name, s.Region)
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete stack: %w", err)
	}
	seen, err := s.seen(ctx)
	if err != nil {
		return err
	}
	if _, err := s.Formation.UpdateTerminationProtection(ctx, &cloudformation.UpdateTerminationProtectionInput{StackName: aws.String(s.Name), EnableTerminationProtection: aws.Bool(false)}); err != nil {
		return fmt.Errorf("delete stack: %w", err)
	}
	if _, err := s.Formation.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String(s.Name)}); err != nil {
		return fmt.Errorf("delete stack: %w", err)
	}
	return s.follow(ctx, aws.ToString(now.StackId), seen)
}
