package sdk

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
)

// S3 reads and writes objects. The buckets' own defaults encrypt them.
type S3 struct{ Client *s3.Client }

var _ cloud.Objects = S3{}

// Get implements cloud.Reader. That an object is not there is seen only by who
// may list the bucket; to others it is denied.
func (s S3) Get(ctx context.Context, o bda.Object) (io.ReadCloser, cloud.Info, error) {
	in := &s3.GetObjectInput{Bucket: aws.String(o.Bucket), Key: aws.String(o.Key)}
	if o.Versioned() {
		in.VersionId = aws.String(o.Version)
	}
	out, err := s.Client.GetObject(ctx, in)
	if err != nil {
		return nil, cloud.Info{}, plain("read object", err)
	}
	return out.Body, cloud.Info{Key: o.Key, ETag: aws.ToString(out.ETag), Size: aws.ToInt64(out.ContentLength), Modified: aws.ToTime(out.LastModified)}, nil
}

// List implements cloud.Reader.
func (s S3) List(ctx context.Context, bucket, prefix string, most int) ([]cloud.Info, error) {
	var all []cloud.Info
	pages := s3.NewListObjectsV2Paginator(s.Client, &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String(prefix)})
	for pages.HasMorePages() && len(all) < most {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, plain("list objects", err)
		}
		for _, o := range page.Contents {
			if len(all) < most {
				all = append(all, cloud.Info{Key: aws.ToString(o.Key), ETag: aws.ToString(o.ETag), Size: aws.ToInt64(o.Size), Modified: aws.ToTime(o.LastModified)})
			}
		}
	}
	return all, nil
}

// Put implements cloud.Writer.
func (s S3) Put(ctx context.Context, o bda.Object, data []byte) error {
	_, err := s.Client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(o.Bucket), Key: aws.String(o.Key), Body: bytes.NewReader(data)})
	return plain("write object", err)
}

// Copy implements cloud.Writer, for objects of up to 5 GB. Tags are not copied: that
// would take rights of its own.
func (s S3) Copy(ctx context.Context, from, to bda.Object) error {
	source := from.Bucket + "/" + strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(from.Key))
	if from.Versioned() {
		source += "?versionId=" + url.QueryEscape(from.Version)
	}
	_, err := s.Client.CopyObject(ctx, &s3.CopyObjectInput{Bucket: aws.String(to.Bucket), Key: aws.String(to.Key), CopySource: aws.String(source), TaggingDirective: types.TaggingDirectiveReplace})
	return plain("copy object", err)
}

// Delete implements cloud.Writer.
func (s S3) Delete(ctx context.Context, o bda.Object) error {
	_, err := s.Client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(o.Bucket), Key: aws.String(o.Key)})
	return plain("delete object", err)
}
