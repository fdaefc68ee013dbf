package doors

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Versions of objects. The newest of a key stands among the bucket's entries, be it
// an object or the marker of a deletion; the older ones beside them. What is moved
// is written at its new place first: after a crash it may lie at both, and is one.

// The states of a bucket's versioning; "" is never enabled.
const (
	versioned = "Enabled"
	suspended = "Suspended"
)

// null is what S3 calls a version without an id; entries have "".
const null = "null"

var errNoVersion = errors.New("there is no such version")

func versioningKey(bucket string) string { return root + bucket + "/versioning" }

func versionKey(bucket string, e entry) string {
	sum := sha256.Sum256([]byte(e.Key))
	name := e.Version
	if name == "" {
		name = null
	}
	return root + bucket + "/versions/" + hex.EncodeToString(sum[:]) + "/" + name
}

// versioning is the state of a bucket.
func (o *Objects) versioning(bucket string) string {
	data, err := o.blobs.Read(versioningKey(bucket))
	if err != nil {
		return ""
	}
	return string(data)
}

// setVersioning enables or suspends versioning.
func (o *Objects) setVersioning(bucket, state string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.exists(bucket) {
		return errNoBucket
	}
	return o.blobs.Put(versioningKey(bucket), strings.NewReader(state))
}

// newVersion is an id that is greater than those before.
func newVersion() (string, error) {
	id, err := uuid.NewV7()
	return hex32(id), err
}

// archive puts an entry among the older ones. The caller holds mu.
func (o *Objects) archive(bucket string, e entry) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := o.blobs.Put(versionKey(bucket, e), bytes.NewReader(data)); err != nil {
		return err
	}
	o.older[bucket][e.Key] = slices.Insert(o.older[bucket][e.Key], 0, e)
	return nil
}

// dropOlder deletes an older version, with its bytes. The caller holds mu.
func (o *Objects) dropOlder(bucket, key, version string) (entry, error) {
	all := o.older[bucket][key]
	i := slices.IndexFunc(all, func(e entry) bool { return e.Version == version })
	if i < 0 {
		return entry{}, errNoVersion
	}
	e := all[i]
	if err := o.blobs.Delete(versionKey(bucket, e)); err != nil {
		return e, err
	}
	if o.older[bucket][key] = slices.Delete(all, i, i+1); len(all) == 1 {
		delete(o.older[bucket], key)
	}
	return e, o.forgetBytes(bucket, e)
}

// forgetBytes deletes an entry's bytes; open readers keep theirs.
func (o *Objects) forgetBytes(bucket string, e entry) error {
	if e.Gone {
		return nil
	}
	return o.blobs.Delete(bytesKey(bucket, e.Bytes))
}

// loadOlder reads the older versions of a bucket whose newest are all.
func (o *Objects) loadOlder(bucket string, all map[string]entry) error {
	names, err := o.blobs.List(root + bucket + "/versions")
	if err != nil {
		return err
	}
	older := map[string][]entry{}
	for _, n := range names {
		var e entry
		data, err := o.blobs.Read(n)
		if err != nil || json.Unmarshal(data, &e) != nil {
			return fmt.Errorf("list versions: an entry can't be read")
		}
		if now, ok := all[e.Key]; !ok || now.Version != e.Version {
			older[e.Key] = append(older[e.Key], e)
		}
	}
	for _, list := range older {
		slices.SortFunc(list, func(a, b entry) int {
			if c := b.Modified.Compare(a.Modified); c != 0 {
				return c
			}
			return strings.Compare(b.Version, a.Version)
		})
	}
	o.older[bucket] = older
	return nil
}

// removeVersion deletes one version for ever. Where it was the newest, the one
// before is that again.
func (o *Objects) removeVersion(bucket, key, version string) (entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all, err := o.bucket(bucket)
	if err != nil {
		return entry{}, err
	}
	e, ok := all[key]
	if !ok || e.Version != version {
		return o.dropOlder(bucket, key, version)
	}
	older := o.older[bucket][key]
	if len(older) == 0 {
		if err := o.blobs.Delete(o.entryKey(bucket, key)); err != nil {
			return e, err
		}
		delete(all, key)
		return e, o.forgetBytes(bucket, e)
	}
	before := older[0]
	data, err := json.Marshal(before)
	if err != nil {
		return e, err
	}
	if err := o.blobs.Put(o.entryKey(bucket, key), bytes.NewReader(data)); err != nil {
		return e, err
	}
	all[key], o.older[bucket][key] = before, older[1:]
	if len(older) == 1 {
		delete(o.older[bucket], key)
	}
	return e, errors.Join(o.blobs.Delete(versionKey(bucket, before)), o.forgetBytes(bucket, e))
}

// listVersions returns all versions below a prefix, by key, the newest first.
func (o *Objects) listVersions(bucket, prefix string) ([]entry, error) {
	all, err := o.loaded(bucket)
	defer o.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	var found []entry
	for key, e := range all {
		if strings.HasPrefix(key, prefix) {
			e.newest = true
			found = append(append(found, e), o.older[bucket][key]...)
		}
	}
	slices.SortStableFunc(found, func(a, b entry) int { return strings.Compare(a.Key, b.Key) })
	return found, nil
}

// wanted is the version of an object that a request asks for.
type wanted struct{ bucket, key, version string }

type wantedKey struct{}

// want has the backend give a version of an object where it gives the object.
func want(ctx context.Context, bucket, key, version string) context.Context {
	if version == null {
		version = ""
	}
	return context.WithValue(ctx, wantedKey{}, wanted{bucket, key, version})
}

var errMarker = errors.New("the version is a delete marker")

// find is the entry of an object, or of the version that is wanted of it, among the
// newest of a bucket. The caller holds mu.
func (o *Objects) find(ctx context.Context, all map[string]entry, bucket, key string) (entry, error) {
	e, ok := all[key]
	w, some := ctx.Value(wantedKey{}).(wanted)
	if !some || w.bucket != bucket || w.key != key {
		if !ok || e.Gone {
			return e, errNoObject
		}
		return e, nil
	}
	for _, v := range append([]entry{e}, o.older[bucket][key]...) {
		switch {
		case !ok || v.Version != w.version:
		case v.Gone:
			return v, errMarker
		default:
			return v, nil
		}
	}
	return entry{}, errNoVersion
}
