package sdk

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/healthlake/types"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
	dataplane "github.com/paperchart/paperchart/internal/healthlake"
)

// Store is one HealthLake data store.
type Store struct {
	Client *healthlake.Client
	Plane  *dataplane.Client
	// Datastore is its id; Role what HealthLake reads and writes the bucket as.
	Datastore, Role string
	// Log is the address for the imports' logs, Key the KMS key for them.
	Log, Key string
	// Validation is the level of imports, strict where it is empty.
	Validation string
}

var (
	_ cloud.Transactor = (*Store)(nil)
	_ cloud.Importer   = (*Store)(nil)
)

// Transaction implements cloud.Transactor.
func (s *Store) Transaction(ctx context.Context, bundle []byte) error {
	err := s.Plane.Transaction(ctx, bundle)
	var e *dataplane.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Final():
		return &cloud.Refusal{Reason: "healthlake-refused", Message: e.Error()}
	case e.Status == 429 || e.Status == 503:
		return fmt.Errorf("%w: %w", cloud.ErrBusy, err)
	}
	return err
}

// Running implements cloud.Importer.
func (s *Store) Running(ctx context.Context) (bool, error) {
	for _, state := range []types.JobStatus{types.JobStatusInProgress, types.JobStatusQueued, types.JobStatusSubmitted} {
		out, err := s.Client.ListFHIRImportJobs(ctx, &healthlake.ListFHIRImportJobsInput{DatastoreId: aws.String(s.Datastore), JobStatus: state, MaxResults: aws.Int32(1)})
		if err != nil {
			return false, plain("call HealthLake", err)
		}
		if len(out.ImportJobPropertiesList) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// Start implements cloud.Importer.
func (s *Store) Start(ctx context.Context, input bda.Object, token string) (string, error) {
	out, err := s.Client.StartFHIRImportJob(ctx, &healthlake.StartFHIRImportJobInput{
		DatastoreId: aws.String(s.Datastore), DataAccessRoleArn: aws.String(s.Role), ClientToken: aws.String(token),
		JobName:             aws.String("paperchart-" + token[:min(len(token), 32)]),
		InputDataConfig:     &types.InputDataConfigMemberS3Uri{Value: input.URI()},
		JobOutputDataConfig: &types.OutputDataConfigMemberS3Configuration{Value: types.S3Configuration{S3Uri: aws.String(s.Log), KmsKeyId: aws.String(s.Key)}},
		ValidationLevel:     types.ValidationLevel(s.Validation),
	})
	if err != nil {
		return "", plain("call HealthLake", err)
	}
	return aws.ToString(out.JobId), nil
}
