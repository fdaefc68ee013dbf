package doors

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/rclone/gofakes3"
)

const s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// versions answers what concerns versions, for which the library drops the id from
// some requests. It reports false where a request is for the library, and changes
// it so that the library's calls give the version that is wanted.
func (d *Doors) versions(w http.ResponseWriter, r *http.Request, bucket, key string) (*http.Request, bool) {
	q := r.URL.Query()
	switch {
	case key == "" && q.Has("versioning") && (r.Method == http.MethodGet || r.Method == http.MethodPut):
		d.bucketVersioning(w, r, bucket)
		return r, true
	case key == "" && q.Has("versions") && r.Method == http.MethodGet:
		d.listVersions(w, q, bucket)
		return r, true
	case key == "" && q.Has("delete") && r.Method == http.MethodPost:
		return r, d.deleteMany(w, r, bucket)
	case key != "" && q.Has("versionId") && r.Method == http.MethodDelete && !q.Has("tagging"):
		d.deleteVersion(w, bucket, key, q.Get("versionId"))
		return r, true
	case key != "" && q.Has("versionId"):
		version := q.Get("versionId")
		q.Del("versionId")
		r = r.Clone(want(r.Context(), bucket, key, version))
		r.URL.RawQuery = q.Encode()
	case r.Header.Get("X-Amz-Copy-Source") != "":
		r = copied(r)
	}
	return r, false
}

// copied has a copy take the version that its source names. Of an older version, a
// copy may replace the object itself.
func copied(r *http.Request) *http.Request {
	source, query, ok := strings.Cut(r.Header.Get("X-Amz-Copy-Source"), "?")
	q, err := url.ParseQuery(query)
	if !ok || err != nil || !q.Has("versionId") {
		return r
	}
	path, err := url.PathUnescape(strings.TrimPrefix(source, "/"))
	if err != nil {
		return r
	}
	bucket, key, _ := strings.Cut(path, "/")
	r = r.Clone(want(r.Context(), bucket, key, q.Get("versionId")))
	r.Header.Set("X-Amz-Copy-Source", source)
	if r.Header.Get("X-Amz-Storage-Class") == "" && r.Header.Get("X-Amz-Metadata-Directive") != "REPLACE" {
		r.Header.Set("X-Amz-Storage-Class", "STANDARD")
	}
	return r
}

type bucketVersioning struct {
	XMLName xml.Name `xml:"VersioningConfiguration"`
	Xmlns   string   `xml:"xmlns,attr,omitempty"`
	Status  string   `xml:",omitempty"`
	MFA     string   `xml:"MfaDelete,omitempty"`
}

func (d *Doors) bucketVersioning(w http.ResponseWriter, r *http.Request, bucket string) {
	if !d.Objects.Exists(bucket) {
		refuse(w, errNoBucket)
		return
	}
	if r.Method == http.MethodGet {
		writeS3(w, http.StatusOK, bucketVersioning{Xmlns: s3Namespace, Status: d.Objects.versioning(bucket)})
		return
	}
	var in bucketVersioning
	if err := xml.NewDecoder(http.MaxBytesReader(w, r.Body, maxXML)).Decode(&in); err != nil || in.Status != versioned && in.Status != suspended {
		writeS3(w, http.StatusBadRequest, s3Failure{Code: "MalformedXML", Message: "The XML you provided was not well-formed"})
		return
	}
	if in.MFA == "Enabled" {
		writeS3(w, http.StatusNotImplemented, s3Failure{Code: "NotImplemented", Message: "This server has no MFA delete."})
		return
	}
	if err := d.Objects.setVersioning(bucket, in.Status); err != nil {
		refuse(w, err)
	}
}

// refuse answers with an error in S3's words.
func refuse(w http.ResponseWriter, err error) {
	f, status := s3Failure{Code: "InternalError", Message: "We encountered an internal error. Please try again."}, http.StatusInternalServerError
	switch {
	case errors.Is(err, errNoBucket):
		f, status = s3Failure{Code: "NoSuchBucket", Message: "The specified bucket does not exist"}, http.StatusNotFound
	case errors.Is(err, errNoVersion):
		f, status = s3Failure{Code: "NoSuchVersion", Message: "The specified version does not exist."}, http.StatusNotFound
	}
	writeS3(w, status, f)
}

// deleteVersion deletes for ever; what is not there counts as deleted.
func (d *Doors) deleteVersion(w http.ResponseWriter, bucket, key, version string) {
	e, err := d.Objects.removeVersion(bucket, key, plainVersion(version))
	if err != nil && !errors.Is(err, errNoVersion) {
		refuse(w, err)
		return
	}
	w.Header().Set("X-Amz-Version-Id", version)
	if e.Gone {
		w.Header().Set("X-Amz-Delete-Marker", "true")
	}
	w.WriteHeader(http.StatusNoContent)
}

func plainVersion(id string) string {
	if id == null {
		return ""
	}
	return id
}

type deletion struct {
	Quiet   bool
	Objects []struct {
		Key       string
		VersionID *string `xml:"VersionId"`
	} `xml:"Object"`
}

type deletionResult struct {
	XMLName xml.Name `xml:"DeleteResult"`
	Xmlns   string   `xml:"xmlns,attr"`
	Deleted []deletedObject
	Error   []struct{ Key, Code, Message string }
}

type deletedObject struct {
	Key                   string
	VersionID             string `xml:"VersionId,omitempty"`
	DeleteMarker          bool   `xml:",omitempty"`
	DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

// deleteMany deletes versions, and objects of a bucket that has some. Others are
// for the library.
func (d *Doors) deleteMany(w http.ResponseWriter, r *http.Request, bucket string) bool {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxXML))
	if err != nil {
		failS3(w, r, err)
		return true
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	var in deletion
	if xml.Unmarshal(data, &in) != nil || len(in.Objects) > gofakes3.MaxDeleteObjects || !d.Objects.Exists(bucket) {
		return false
	}
	if !in.versions() && d.Objects.versioning(bucket) == "" {
		return false
	}
	out := deletionResult{Xmlns: s3Namespace}
	for _, o := range in.Objects {
		done, err := d.deleteOne(bucket, o.Key, o.VersionID)
		if err != nil {
			out.Error = append(out.Error, struct{ Key, Code, Message string }{o.Key, "InternalError", "the object was not deleted"})
		} else if !in.Quiet {
			out.Deleted = append(out.Deleted, done)
		}
	}
	writeS3(w, http.StatusOK, out)
	return true
}

// versions reports whether one of the objects is a version.
func (in deletion) versions() bool {
	for _, o := range in.Objects {
		if o.VersionID != nil && *o.VersionID != "" {
			return true
		}
	}
	return false
}

func (d *Doors) deleteOne(bucket, key string, version *string) (deletedObject, error) {
	done := deletedObject{Key: key}
	if version == nil || *version == "" {
		e, err := d.Objects.remove(bucket, key)
		if e.Gone {
			done.DeleteMarker, done.DeleteMarkerVersionID = true, e.shownVersion()
		}
		return done, err
	}
	done.VersionID = *version
	e, err := d.Objects.removeVersion(bucket, key, plainVersion(*version))
	if errors.Is(err, errNoVersion) {
		return done, nil
	}
	if e.Gone {
		done.DeleteMarker, done.DeleteMarkerVersionID = true, *version
	}
	return done, err
}

type versionList struct {
	XMLName             xml.Name `xml:"ListVersionsResult"`
	Xmlns               string   `xml:"xmlns,attr"`
	Name, Prefix        string
	Delimiter           string `xml:",omitempty"`
	KeyMarker           string
	VersionIDMarker     string `xml:"VersionIdMarker"`
	MaxKeys             int
	IsTruncated         bool
	NextKeyMarker       string          `xml:",omitempty"`
	NextVersionIDMarker string          `xml:"NextVersionIdMarker,omitempty"`
	Versions            []listedVersion `xml:"Version"`
	Markers             []listedVersion `xml:"DeleteMarker"`
	CommonPrefixes      []struct{ Prefix string }
}

type listedVersion struct {
	Key          string
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified string
	ETag         string `xml:",omitempty"`
	Size         *int64
	StorageClass string `xml:",omitempty"`
}

// listVersions answers GET of a bucket's ?versions.
func (d *Doors) listVersions(w http.ResponseWriter, q url.Values, bucket string) {
	out := versionList{Xmlns: s3Namespace, Name: bucket, Prefix: q.Get("prefix"), Delimiter: q.Get("delimiter"),
		KeyMarker: q.Get("key-marker"), VersionIDMarker: q.Get("version-id-marker"), MaxKeys: 1000}
	if n, err := strconv.Atoi(q.Get("max-keys")); err == nil && n >= 0 && n < out.MaxKeys {
		out.MaxKeys = n
	}
	all, err := d.Objects.listVersions(bucket, out.Prefix)
	if err != nil {
		refuse(w, err)
		return
	}
	out.fill(all)
	writeS3(w, http.StatusOK, out)
}

// fill takes the page that begins behind the markers.
func (l *versionList) fill(all []entry) {
	prefix := &gofakes3.Prefix{Prefix: l.Prefix, Delimiter: l.Delimiter}
	behind, last, n := false, "", 0
	for _, e := range all {
		if e.Key < l.KeyMarker || e.Key == l.KeyMarker && l.KeyMarker != "" && !behind {
			behind = e.Key == l.KeyMarker && l.VersionIDMarker != "" && e.shownVersion() == l.VersionIDMarker
			continue
		}
		in := folder(e.Key, prefix)
		if in != "" && (in == last || strings.HasPrefix(l.KeyMarker, in)) {
			continue
		}
		if n == l.MaxKeys {
			l.IsTruncated = l.MaxKeys > 0
			return
		}
		n++
		l.NextKeyMarker, l.NextVersionIDMarker = e.Key, e.shownVersion()
		if last = in; in != "" {
			l.CommonPrefixes = append(l.CommonPrefixes, struct{ Prefix string }{in})
			continue
		}
		l.add(e)
	}
	l.NextKeyMarker, l.NextVersionIDMarker = "", ""
}

func (l *versionList) add(e entry) {
	v := listedVersion{Key: e.Key, VersionID: e.shownVersion(), IsLatest: e.newest, LastModified: e.Modified.Format("2006-01-02T15:04:05.000Z")}
	if e.Gone {
		l.Markers = append(l.Markers, v)
		return
	}
	v.ETag, v.Size, v.StorageClass = `"`+e.MD5+`"`, &e.Size, "STANDARD"
	l.Versions = append(l.Versions, v)
}

// shownVersion is the version's id as S3 shows it.
func (e entry) shownVersion() string {
	if e.Version == "" {
		return null
	}
	return e.Version
}
