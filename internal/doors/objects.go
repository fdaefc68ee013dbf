package doors

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/blob"
)

// Objects are buckets of objects in a folder. An object's bytes are written
// first and its entry, which names them, after: a reader sees the old object or
// the new one, whole.
type Objects struct {
	blobs *blob.Dir
	now   func() time.Time
	// mu orders the writers of entries; bytes are written outside of it.
	mu sync.RWMutex
}

// entry is what is known of an object.
type entry struct {
	Key      string            `json:"key"`
	Bytes    string            `json:"bytes"` // name of its bytes
	Size     int64             `json:"size"`
	MD5      string            `json:"md5"`
	Modified time.Time         `json:"modified"`
	Meta     map[string]string `json:"meta,omitempty"`
}

var (
	errNoBucket = errors.New("there is no such bucket")
	errNoObject = errors.New("there is no such object")
)

// OpenObjects opens the buckets in a folder.
func OpenObjects(dir string, now func() time.Time) (*Objects, error) {
	blobs, err := blob.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Objects{blobs: blobs, now: now}, nil
}

// root is the folder of the buckets.
const root = "buckets/"

// bucketName is S3's rule for names (and BDA's pattern).
var bucketName = regexp.MustCompile(`^[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9]$`)

func (o *Objects) entryKey(bucket, key string) string {
	sum := sha256.Sum256([]byte(key))
	return root + bucket + "/entries/" + hex.EncodeToString(sum[:])
}

func bytesKey(bucket, name string) string { return root + bucket + "/bytes/" + name }

// Make makes a bucket; one that is there is no error.
func (o *Objects) Make(bucket string) error {
	if !bucketName.MatchString(bucket) || strings.Contains(bucket, "..") {
		return fmt.Errorf("make bucket: the name is no bucket's")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.exists(bucket) {
		return nil
	}
	made, err := o.now().UTC().MarshalText()
	if err != nil {
		return err
	}
	return o.blobs.Put(root+bucket+"/made", bytes.NewReader(made))
}

func (o *Objects) exists(bucket string) bool {
	if !bucketName.MatchString(bucket) || strings.Contains(bucket, "..") {
		return false
	}
	_, err := o.blobs.Read(root + bucket + "/made")
	return err == nil
}

// Exists reports whether a bucket is there.
func (o *Objects) Exists(bucket string) bool {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.exists(bucket)
}

// put stores an object in place of what was there.
func (o *Objects) put(bucket, key string, meta map[string]string, r io.Reader) (entry, error) {
	if !o.Exists(bucket) {
		return entry{}, errNoBucket
	}
	e := entry{Key: key, Bytes: uuid.NewString(), Meta: meta}
	sum, size := md5.New(), &counter{}
	if err := o.blobs.Put(bytesKey(bucket, e.Bytes), io.TeeReader(r, io.MultiWriter(sum, size))); err != nil {
		return e, err
	}
	e.Size, e.MD5, e.Modified = size.n, hex.EncodeToString(sum.Sum(nil)), o.now().UTC()
	data, err := json.Marshal(e)
	if err != nil {
		return e, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	old, was := o.read(bucket, key)
	if err := o.blobs.Put(o.entryKey(bucket, key), bytes.NewReader(data)); err != nil {
		return e, err
	}
	if was == nil {
		o.blobs.Delete(bytesKey(bucket, old.Bytes)) // open readers keep theirs
	}
	return e, nil
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

func (o *Objects) read(bucket, key string) (entry, error) {
	var e entry
	data, err := o.blobs.Read(o.entryKey(bucket, key))
	if errors.Is(err, fs.ErrNotExist) {
		return e, errNoObject
	}
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(data, &e)
}

// get opens an object's bytes; the caller closes them.
func (o *Objects) get(bucket, key string) (entry, io.ReadSeekCloser, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if !o.exists(bucket) {
		return entry{}, nil, errNoBucket
	}
	e, err := o.read(bucket, key)
	if err != nil {
		return e, nil, err
	}
	f, err := o.blobs.Get(bytesKey(bucket, e.Bytes))
	if err != nil {
		return e, nil, err
	}
	return e, f, nil
}

// remove deletes an object; one that is not there is no error.
func (o *Objects) remove(bucket, key string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	e, err := o.read(bucket, key)
	if errors.Is(err, errNoObject) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := o.blobs.Delete(o.entryKey(bucket, key)); err != nil {
		return err
	}
	return o.blobs.Delete(bytesKey(bucket, e.Bytes))
}

// list returns the objects below a prefix, by key.
func (o *Objects) list(bucket, prefix string) ([]entry, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if !o.exists(bucket) {
		return nil, errNoBucket
	}
	names, err := o.blobs.List(root + bucket + "/entries")
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, n := range names {
		var e entry
		data, err := o.blobs.Read(n)
		if err != nil || json.Unmarshal(data, &e) != nil {
			return nil, fmt.Errorf("list objects: an entry can't be read")
		}
		if strings.HasPrefix(e.Key, prefix) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.Key, b.Key) })
	return all, nil
}

// Read returns a whole object, for the doors beside S3's.
func (o *Objects) Read(_ context.Context, bucket, key string) ([]byte, error) {
	_, f, err := o.get(bucket, key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Write stores a whole object, for the doors beside S3's.
func (o *Objects) Write(_ context.Context, bucket, key string, data []byte) error {
	_, err := o.put(bucket, key, nil, bytes.NewReader(data))
	return err
}

// Open opens an object's bytes; the caller closes them.
func (o *Objects) Open(bucket, key string) (io.ReadCloser, error) {
	_, f, err := o.get(bucket, key)
	return f, err
}
