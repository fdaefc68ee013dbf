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
	// entries are those of each bucket that was asked for, by key.
	entries map[string]map[string]entry
	// older are the versions behind those, by bucket and key, the newest first.
	older map[string]map[string][]entry
	// changed, where set, is told of what was stored and removed.
	changed func(event, bucket string, e entry)
}

// The events that changed is told of, in S3's words.
const (
	createdPut      = "ObjectCreated:Put"
	createdCopy     = "ObjectCreated:Copy"
	createdMultiple = "ObjectCreated:CompleteMultipartUpload"
	removedDelete   = "ObjectRemoved:Delete"
	removedMarker   = "ObjectRemoved:DeleteMarkerCreated"
)

func (o *Objects) tell(event, bucket string, e entry) {
	if o.changed != nil {
		o.changed(event, bucket, e)
	}
}

// entry is what is known of an object.
type entry struct {
	Key      string            `json:"key"`
	Bytes    string            `json:"bytes"` // name of its bytes
	Size     int64             `json:"size"`
	MD5      string            `json:"md5"`
	Modified time.Time         `json:"modified"`
	Meta     map[string]string `json:"meta,omitempty"`
	// Version is "" where versioning was not enabled; Gone is a delete marker.
	Version string `json:"version,omitempty"`
	Gone    bool   `json:"gone,omitempty"`
	newest  bool   // in lists of versions
}

var (
	errNoBucket = errors.New("there is no such bucket")
	errNoObject = errors.New("there is no such object")
	errNotEmpty = errors.New("the bucket is not empty")
)

// OpenObjects opens the buckets in a folder.
func OpenObjects(dir string, now func() time.Time) (*Objects, error) {
	blobs, err := blob.Open(dir)
	if err != nil {
		return nil, err
	}
	// The parts of uploads that were never completed: who sent them is told, when
	// the next part comes, that there is no such upload.
	left, err := blobs.List(uploads)
	if err != nil {
		return nil, err
	}
	for _, k := range left {
		if err := blobs.Delete(k); err != nil {
			return nil, err
		}
	}
	return &Objects{blobs: blobs, now: now, entries: map[string]map[string]entry{}, older: map[string]map[string][]entry{}}, nil
}

// root is the folder of the buckets, uploads that of the parts of uploads.
const (
	root    = "buckets/"
	uploads = "uploads"
)

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

// put stores an object in place of what was there, if allow, where it is given,
// has nothing against it. An object that is not there has no MD5. Event says how
// it came.
func (o *Objects) put(event, bucket, key string, meta map[string]string, r io.Reader, allow func(old entry) error) (entry, error) {
	if !o.Exists(bucket) {
		return entry{}, errNoBucket
	}
	e := entry{Key: key, Bytes: uuid.NewString(), Meta: meta}
	sum, size := md5.New(), &counter{}
	if err := o.blobs.Put(bytesKey(bucket, e.Bytes), io.TeeReader(r, io.MultiWriter(sum, size))); err != nil {
		return e, err
	}
	e.Size, e.MD5, e.Modified = size.n, hex.EncodeToString(sum.Sum(nil)), o.now().UTC()
	entered, err := o.enter(bucket, e, allow)
	if err != nil {
		o.blobs.Delete(bytesKey(bucket, e.Bytes))
		return e, err
	}
	e = entered
	o.tell(event, bucket, e)
	return e, nil
}

// enter makes an entry the object's. What was there stays as a version where the
// bucket has versions.
func (o *Objects) enter(bucket string, e entry, allow func(old entry) error) (entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all, err := o.bucket(bucket)
	if err != nil {
		return e, err
	}
	old, was := all[e.Key]
	if allow != nil {
		there := old
		if old.Gone {
			there = entry{}
		}
		if err := allow(there); err != nil {
			return e, err
		}
	}
	state := o.versioning(bucket)
	if state == versioned {
		if e.Version, err = newVersion(); err != nil {
			return e, err
		}
	}
	keep := was && (state == versioned || old.Version != "")
	if keep {
		if err := o.archive(bucket, old); err != nil {
			return e, err
		}
	}
	data, err := json.Marshal(e)
	if err != nil {
		return e, err
	}
	if err := o.blobs.Put(o.entryKey(bucket, e.Key), bytes.NewReader(data)); err != nil {
		return e, err
	}
	all[e.Key] = e
	if was && !keep {
		o.forgetBytes(bucket, old)
	}
	if state == suspended {
		o.dropOlder(bucket, e.Key, "") // there is one version without an id
	}
	return e, nil
}

// bucket is a bucket's entries, loaded once. The caller holds mu for writing, and
// does so until it has changed them.
func (o *Objects) bucket(bucket string) (map[string]entry, error) {
	if all, ok := o.entries[bucket]; ok {
		return all, nil
	}
	if !o.exists(bucket) {
		return nil, errNoBucket
	}
	names, err := o.blobs.List(root + bucket + "/entries")
	if err != nil {
		return nil, err
	}
	all := map[string]entry{}
	for _, n := range names {
		var e entry
		data, err := o.blobs.Read(n)
		if err != nil || json.Unmarshal(data, &e) != nil {
			return nil, fmt.Errorf("list objects: an entry can't be read")
		}
		all[e.Key] = e
	}
	if err := o.loadOlder(bucket, all); err != nil {
		return nil, err
	}
	o.entries[bucket] = all
	return all, nil
}

// loaded has the entries of a bucket at hand, under a lock for reading that the
// caller releases.
func (o *Objects) loaded(bucket string) (map[string]entry, error) {
	o.mu.RLock()
	if all, ok := o.entries[bucket]; ok {
		return all, nil
	}
	o.mu.RUnlock()
	o.mu.Lock()
	_, err := o.bucket(bucket)
	o.mu.Unlock()
	o.mu.RLock()
	return o.entries[bucket], err
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

// get opens an object's bytes; the caller closes them.
func (o *Objects) get(ctx context.Context, bucket, key string) (entry, io.ReadSeekCloser, error) {
	all, err := o.loaded(bucket)
	defer o.mu.RUnlock()
	if err != nil {
		return entry{}, nil, err
	}
	e, err := o.find(ctx, all, bucket, key)
	if err != nil {
		return e, nil, err
	}
	f, err := o.blobs.Get(bytesKey(bucket, e.Bytes))
	if err != nil {
		return e, nil, err
	}
	return e, f, nil
}

// remove deletes an object; one that is not there is no error. In a bucket with
// versions a marker takes its place, which is returned.
func (o *Objects) remove(bucket, key string) (entry, error) {
	if o.versioning(bucket) != "" {
		marker, err := o.enter(bucket, entry{Key: key, Gone: true, Modified: o.now().UTC()}, nil)
		if err == nil {
			o.tell(removedMarker, bucket, marker)
		}
		return marker, err
	}
	e, was, err := o.leave(bucket, key)
	if err != nil || !was {
		return entry{}, err
	}
	o.tell(removedDelete, bucket, e)
	return entry{}, o.forgetBytes(bucket, e)
}

// leave takes an object's entry out.
func (o *Objects) leave(bucket, key string) (e entry, was bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all, err := o.bucket(bucket)
	if err != nil {
		return e, false, err
	}
	if e, was = all[key]; !was {
		return e, false, nil
	}
	if err := o.blobs.Delete(o.entryKey(bucket, key)); err != nil {
		return e, false, err
	}
	delete(all, key)
	return e, true, nil
}

// list returns the objects below a prefix, by key.
func (o *Objects) list(bucket, prefix string) ([]entry, error) {
	all, err := o.loaded(bucket)
	defer o.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	var found []entry
	for key, e := range all {
		if strings.HasPrefix(key, prefix) && !e.Gone {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b entry) int { return strings.Compare(a.Key, b.Key) })
	return found, nil
}

// unmake deletes a bucket that is empty.
func (o *Objects) unmake(bucket string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	all, err := o.bucket(bucket)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		return errNotEmpty
	}
	if err := o.blobs.Delete(root + bucket + "/made"); err != nil {
		return err
	}
	if o.versioning(bucket) != "" {
		if err := o.blobs.Delete(versioningKey(bucket)); err != nil {
			return err
		}
	}
	delete(o.older, bucket)
	delete(o.entries, bucket)
	return nil
}

// Read returns a whole object, for the doors beside S3's.
func (o *Objects) Read(ctx context.Context, bucket, key string) ([]byte, error) {
	_, f, err := o.get(ctx, bucket, key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Write stores a whole object, for the doors beside S3's.
func (o *Objects) Write(_ context.Context, bucket, key string, data []byte) error {
	_, err := o.put(createdPut, bucket, key, nil, bytes.NewReader(data), nil)
	return err
}

// Open opens an object's bytes; the caller closes them.
func (o *Objects) Open(bucket, key string) (io.ReadCloser, error) {
	_, f, err := o.get(context.Background(), bucket, key)
	return f, err
}
