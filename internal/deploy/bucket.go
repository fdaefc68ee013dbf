package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// makeCodeBucket makes the bucket or finds that it is there. Its name can be guessed
// and somebody else may have taken it: every call names the owner it expects.
func (s *Stack) makeCodeBucket(ctx context.Context) error {
	in := &s3.CreateBucketInput{Bucket: aws.String(s.CodeBucket())}
	if s.Region != "us-east-1" {
		in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(s.Region)}
	}
	_, err := s.Objects.CreateBucket(ctx, in)
	var mine *s3types.BucketAlreadyOwnedByYou
	var there *s3types.BucketAlreadyExists
	if err != nil && !errors.As(err, &mine) && !errors.As(err, &there) {
		return fmt.Errorf("make code bucket: %w", err)
	}
	if _, err := s.Objects.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: in.Bucket, ExpectedBucketOwner: aws.String(s.Account), PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true)}}); err != nil {
		return fmt.Errorf("close code bucket to the public: %w", err)
	}
	return nil
}

// uploadAll puts the code and the templates where CloudFormation finds them.
func (s *Stack) uploadAll(ctx context.Context, r Release) error {
	if err := s.makeCodeBucket(ctx); err != nil {
		return err
	}
	if err := s.upload(ctx, CodeKey(r.Code), r.Code); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(r.Parts)) {
		if err := s.upload(ctx, key, []byte(r.Parts[key])); err != nil {
			return err
		}
	}
	return s.upload(ctx, "template.yaml", []byte(r.Template))
}

func (s *Stack) upload(ctx context.Context, key string, data []byte) error {
	s.Say("Uploading %s (%d KB)", key, len(data)>>10)
	if _, err := s.Objects.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(s.CodeBucket()), ExpectedBucketOwner: aws.String(s.Account), Key: aws.String(key), Body: bytes.NewReader(data)}); err != nil {
		return fmt.Errorf("upload code: %w", err)
	}
	return nil
}

// DeleteBucket empties a bucket of all versions and removes it. One that is not
// there is no error.
func (s *Stack) DeleteBucket(ctx context.Context, bucket string) error {
	s.Say("Emptying %s", bucket)
	for {
		// From the beginning each time: what a listing would go on from is deleted.
		page, err := s.Objects.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: aws.String(bucket)})
		var api smithy.APIError
		if errors.As(err, &api) && api.ErrorCode() == "NoSuchBucket" {
			return nil
		}
		if err != nil {
			return fmt.Errorf("empty bucket: %w", err)
		}
		all := versionsOf(page)
		if len(all) == 0 {
			break
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

// versionsOf are the versions and delete markers of a listing.
func versionsOf(page *s3.ListObjectVersionsOutput) []s3types.ObjectIdentifier {
	var all []s3types.ObjectIdentifier
	for _, v := range page.Versions {
		all = append(all, s3types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
	}
	for _, v := range page.DeleteMarkers {
		all = append(all, s3types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
	}
	return all
}
