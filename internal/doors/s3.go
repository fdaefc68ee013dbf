package doors

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/rclone/gofakes3"

	"github.com/paperchart/paperchart/internal/sigv4"
)

// bucketsBackend is Objects as gofakes3 wants them.
type bucketsBackend struct {
	*Objects
	// stored is told of every object that a client stored.
	stored func(ctx context.Context, bucket, key string) error
	mu     sync.Mutex // guards uploads
	begun  map[gofakes3.UploadID]*upload
}

var (
	_ gofakes3.Backend          = (*bucketsBackend)(nil)
	_ gofakes3.MultipartBackend = (*bucketsBackend)(nil)
)

// s3Error gives errors the names S3 has for them.
func s3Error(err error, bucket, key string) error {
	var known gofakes3.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, sigv4.ErrPayload):
		return gofakes3.ErrorMessage(gofakes3.ErrBadDigest, "The body is not what its signature or its checksum says.")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return gofakes3.ErrIncompleteBody
	case errors.Is(err, errNotEmpty):
		return gofakes3.ResourceError(gofakes3.ErrBucketNotEmpty, bucket)
	case errors.Is(err, errNoBucket):
		return gofakes3.BucketNotFound(bucket)
	case errors.Is(err, errNoObject):
		return gofakes3.KeyNotFound(key)
	case errors.Is(err, errNoVersion):
		return gofakes3.ResourceError(gofakes3.ErrNoSuchVersion, key)
	case errors.Is(err, errMarker):
		return gofakes3.ErrMethodNotAllowed
	}
	return err
}

func (b *bucketsBackend) ListBuckets(context.Context) ([]gofakes3.BucketInfo, error) {
	keys, err := b.blobs.List("buckets")
	if err != nil {
		return nil, err
	}
	var all []gofakes3.BucketInfo
	for _, k := range keys {
		if name, ok := strings.CutSuffix(strings.TrimPrefix(k, root), "/made"); ok && !strings.Contains(name, "/") {
			made, _ := b.blobs.Read(k)
			at, _ := time.Parse(time.RFC3339, string(made))
			all = append(all, gofakes3.BucketInfo{Name: name, CreationDate: gofakes3.NewContentTime(at)})
		}
	}
	return all, nil
}

func (b *bucketsBackend) ListBucket(_ context.Context, bucket string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	if prefix == nil {
		prefix = &gofakes3.Prefix{}
	}
	all, err := b.list(bucket, prefix.Prefix)
	if err != nil {
		return nil, s3Error(err, bucket, "")
	}
	out := gofakes3.NewObjectList()
	n, last := int64(0), ""
	for _, e := range all {
		in := folder(e.Key, prefix)
		if page.Marker != "" && e.Key <= page.Marker || in != "" && (in == last || in == page.Marker) {
			continue
		}
		if page.MaxKeys > 0 && n >= page.MaxKeys {
			out.IsTruncated = true
			break
		}
		n++
		if out.NextMarker = e.Key; in != "" {
			last, out.NextMarker = in, in+"\U0010FFFF"
			out.AddPrefix(in)
			continue
		}
		out.Add(&gofakes3.Content{Key: e.Key, LastModified: gofakes3.NewContentTime(e.Modified), ETag: `"` + e.MD5 + `"`, Size: e.Size})
	}
	if !out.IsTruncated {
		out.NextMarker = ""
	}
	return out, nil
}

// folder is what stands for a key below a prefix in a listing: the key up to the
// next delimiter; "" where the key is listed itself. A delimiter that is given and
// empty, as by rclone, is none. (The library's own finds nothing then, and takes a
// delimiter at the front of a key away.)
func folder(key string, p *gofakes3.Prefix) string {
	if p.Delimiter == "" {
		return ""
	}
	rest := strings.TrimPrefix(key, p.Prefix)
	before, _, found := strings.Cut(rest, p.Delimiter)
	if !found {
		return ""
	}
	return p.Prefix + before + p.Delimiter
}

func (b *bucketsBackend) CreateBucket(_ context.Context, bucket string) error {
	if b.Exists(bucket) {
		return gofakes3.ResourceError(gofakes3.ErrBucketAlreadyExists, bucket)
	}
	if err := b.Make(bucket); err != nil {
		return gofakes3.ResourceError(gofakes3.ErrInvalidBucketName, bucket)
	}
	return nil
}

func (b *bucketsBackend) BucketExists(_ context.Context, bucket string) (bool, error) {
	return b.Exists(bucket), nil
}

func (b *bucketsBackend) DeleteBucket(_ context.Context, bucket string) error {
	return s3Error(b.unmake(bucket), bucket, "")
}

func (b *bucketsBackend) GetObject(ctx context.Context, bucket, key string, part *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	e, f, err := b.get(ctx, bucket, key)
	if err != nil {
		return nil, s3Error(err, bucket, key)
	}
	span, err := part.Range(e.Size)
	if err != nil {
		f.Close()
		return nil, err
	}
	o := object(e, f)
	if span != nil {
		if _, err := f.Seek(span.Start, io.SeekStart); err != nil {
			f.Close()
			return nil, err
		}
		o.Range, o.Contents = span, limited{io.LimitReader(f, span.Length), f}
	}
	return o, nil
}

type limited struct {
	io.Reader
	io.Closer
}

func object(e entry, contents io.ReadCloser) *gofakes3.Object {
	sum, _ := hex.DecodeString(e.MD5)
	meta := map[string]string{"Last-Modified": e.Modified.Format("Mon, 02 Jan 2006 15:04:05 GMT")}
	for k, v := range e.Meta {
		if k != "Last-Modified" {
			meta[k] = v
		}
	}
	return &gofakes3.Object{Name: e.Key, Metadata: meta, Size: e.Size, Contents: contents, Hash: sum, VersionID: gofakes3.VersionID(e.Version)}
}

func (b *bucketsBackend) HeadObject(ctx context.Context, bucket, key string) (*gofakes3.Object, error) {
	e, f, err := b.get(ctx, bucket, key)
	if err != nil {
		return nil, s3Error(err, bucket, key)
	}
	f.Close()
	return object(e, io.NopCloser(strings.NewReader(""))), nil
}

func (b *bucketsBackend) DeleteObject(_ context.Context, bucket, key string) (gofakes3.ObjectDeleteResult, error) {
	if !b.Exists(bucket) {
		return gofakes3.ObjectDeleteResult{}, gofakes3.BucketNotFound(bucket)
	}
	e, err := b.remove(bucket, key)
	return gofakes3.ObjectDeleteResult{IsDeleteMarker: e.Gone, VersionID: gofakes3.VersionID(e.Version)}, err
}

func (b *bucketsBackend) PutObject(ctx context.Context, bucket, key string, meta map[string]string, in io.Reader, size int64) (gofakes3.PutObjectResult, error) {
	e, err := b.put(createdPut, bucket, key, meta, in, conditions(ctx))
	if err != nil {
		return gofakes3.PutObjectResult{}, s3Error(err, bucket, key)
	}
	return gofakes3.PutObjectResult{VersionID: gofakes3.VersionID(e.Version)}, b.stored(ctx, bucket, key)
}

// conditions are those of the request on what it replaces.
func conditions(ctx context.Context) func(entry) error {
	if !gofakes3.HasWriteConditions(ctx) {
		return nil
	}
	return func(old entry) error { return gofakes3.CheckWriteConditions(ctx, old.MD5 != "", old.MD5) }
}

func (b *bucketsBackend) DeleteMulti(_ context.Context, bucket string, keys ...string) (gofakes3.MultiDeleteResult, error) {
	var out gofakes3.MultiDeleteResult
	if !b.Exists(bucket) {
		return out, gofakes3.BucketNotFound(bucket)
	}
	for _, k := range keys {
		if _, err := b.remove(bucket, k); err != nil {
			out.Error = append(out.Error, gofakes3.ErrorResult{Key: k, Code: gofakes3.ErrInternal, Message: "the object was not deleted"})
			continue
		}
		out.Deleted = append(out.Deleted, gofakes3.ObjectID{Key: k})
	}
	return out, nil
}

func (b *bucketsBackend) CopyObject(ctx context.Context, fromBucket, fromKey, toBucket, toKey string, meta map[string]string) (gofakes3.CopyObjectResult, error) {
	_, f, err := b.get(ctx, fromBucket, fromKey)
	if err != nil {
		return gofakes3.CopyObjectResult{}, s3Error(err, fromBucket, fromKey)
	}
	defer f.Close()
	e, err := b.put(createdCopy, toBucket, toKey, meta, f, conditions(ctx))
	if err != nil {
		return gofakes3.CopyObjectResult{}, s3Error(err, toBucket, toKey)
	}
	return gofakes3.CopyObjectResult{ETag: `"` + e.MD5 + `"`, LastModified: gofakes3.NewContentTime(e.Modified)}, b.stored(ctx, toBucket, toKey)
}
