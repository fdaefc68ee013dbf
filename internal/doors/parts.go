package doors

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/rclone/gofakes3"
)

// upload is a multipart upload that has begun. Its parts lie on disk; what is
// known of them lies in memory, so an upload does not outlive the process.
type upload struct {
	bucket, key string
	meta        map[string]string

	mu    sync.Mutex // guards what follows, and lets one completion at a time
	parts map[int]part
	done  bool
}

type part struct {
	blob string
	etag string // without quotation marks
	size int64
}

// minPart is the least size of a part that is not the last.
const minPart = 5 << 20

func (b *bucketsBackend) begunUpload(id gofakes3.UploadID) (*upload, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if u := b.begun[id]; u != nil {
		return u, nil
	}
	return nil, gofakes3.ErrNoSuchUpload
}

func (b *bucketsBackend) forget(id gofakes3.UploadID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.begun, id)
}

func (b *bucketsBackend) CreateMultipartUpload(_ context.Context, bucket, key string, meta map[string]string) (gofakes3.UploadID, error) {
	if len(key) > gofakes3.KeySizeLimit {
		return "", gofakes3.ResourceError(gofakes3.ErrKeyTooLong, key)
	}
	id := gofakes3.UploadID(uuid.NewString())
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begun[id] = &upload{bucket: bucket, key: key, meta: meta, parts: map[int]part{}}
	return id, nil
}

func (b *bucketsBackend) UploadPart(_ context.Context, bucket, key string, id gofakes3.UploadID, number int, size int64, in io.Reader) (string, error) {
	u, err := b.begunUpload(id)
	if err != nil {
		return "", err
	}
	p := part{blob: uploads + "/" + uuid.NewString()}
	sum, n := md5.New(), &counter{}
	err = b.blobs.Put(p.blob, io.TeeReader(in, io.MultiWriter(sum, n)))
	if err == nil && n.n != size {
		err = io.ErrUnexpectedEOF
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if err == nil && u.done {
		err = gofakes3.ErrNoSuchUpload
	}
	if err != nil {
		b.blobs.Delete(p.blob)
		return "", s3Error(err, bucket, key)
	}
	p.etag, p.size = hex.EncodeToString(sum.Sum(nil)), n.n
	if old, ok := u.parts[number]; ok {
		b.blobs.Delete(old.blob)
	}
	u.parts[number] = p
	return `"` + p.etag + `"`, nil
}

// chosen are the parts that a completion names, checked.
func (u *upload) chosen(in *gofakes3.CompleteMultipartUploadRequest) ([]part, error) {
	if len(in.Parts) == 0 {
		return nil, gofakes3.ErrorMessage(gofakes3.ErrMalformedXML, "name at least one part")
	}
	ascending := func(a, b gofakes3.CompletedPart) int { return a.PartNumber - b.PartNumber }
	if !slices.IsSortedFunc(in.Parts, ascending) {
		return nil, gofakes3.ErrInvalidPartOrder
	}
	var all []part
	for i, want := range in.Parts {
		p, ok := u.parts[want.PartNumber]
		if !ok || strings.Trim(want.ETag, `"`) != p.etag {
			return nil, gofakes3.ErrInvalidPart
		}
		if p.size < minPart && i < len(in.Parts)-1 {
			return nil, gofakes3.ErrorMessage(gofakes3.ErrorCode(tooSmall), "Your proposed upload is smaller than the minimum allowed size")
		}
		all = append(all, p)
	}
	return all, nil
}

// CompleteMultipartUpload joins the parts. The object's ETag is the MD5 of its
// bytes, as that of every object here.
func (b *bucketsBackend) CompleteMultipartUpload(ctx context.Context, bucket, key string, id gofakes3.UploadID, in *gofakes3.CompleteMultipartUploadRequest) (gofakes3.VersionID, string, error) {
	u, err := b.begunUpload(id)
	if err != nil {
		return "", "", err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.done {
		return "", "", gofakes3.ErrNoSuchUpload
	}
	parts, err := u.chosen(in)
	if err != nil {
		return "", "", err
	}
	e, err := b.put(createdMultiple, bucket, key, u.meta, &joined{open: b.open, parts: parts}, conditions(ctx))
	if err != nil {
		return "", "", s3Error(err, bucket, key)
	}
	b.discard(id, u)
	return gofakes3.VersionID(e.Version), `"` + e.MD5 + `"`, b.stored(ctx, bucket, key)
}

func (b *bucketsBackend) AbortMultipartUpload(_ context.Context, _, _ string, id gofakes3.UploadID) error {
	u, err := b.begunUpload(id)
	if err != nil {
		return nil // aborted before
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	b.discard(id, u)
	return nil
}

// discard ends an upload. The caller holds its lock.
func (b *bucketsBackend) discard(id gofakes3.UploadID, u *upload) {
	u.done = true
	for _, p := range u.parts {
		b.blobs.Delete(p.blob)
	}
	b.forget(id)
}

func (b *bucketsBackend) open(p part) (io.ReadCloser, error) {
	f, err := b.blobs.Get(p.blob)
	if err != nil {
		return nil, fmt.Errorf("open part: %w", err)
	}
	return f, nil
}

// joined reads parts one after the other, with one of them open at a time.
type joined struct {
	open  func(part) (io.ReadCloser, error)
	parts []part
	now   io.ReadCloser
}

func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.now == nil {
			if len(j.parts) == 0 {
				return 0, io.EOF
			}
			var err error
			if j.now, err = j.open(j.parts[0]); err != nil {
				return 0, err
			}
			j.parts = j.parts[1:]
		}
		n, err := j.now.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		err = j.now.Close()
		if j.now = nil; n > 0 || err != nil {
			return n, err
		}
	}
}
