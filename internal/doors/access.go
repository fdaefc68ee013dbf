package doors

import (
	"encoding/xml"
	"net/http"
)

// accessBlock says who of the public is kept out of a bucket. Here it is everybody,
// always: each request must be signed.
type accessBlock struct {
	XMLName               xml.Name `xml:"PublicAccessBlockConfiguration"`
	Xmlns                 string   `xml:"xmlns,attr,omitempty"`
	BlockPublicAcls       bool
	IgnorePublicAcls      bool
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

// publicAccess answers GET and PUT of a bucket's ?publicAccessBlock, so that tools
// which close their buckets first work here. It can't be opened.
func (d *Doors) publicAccess(w http.ResponseWriter, r *http.Request, bucket string) {
	if !d.Objects.Exists(bucket) {
		writeS3(w, http.StatusNotFound, s3Failure{Code: "NoSuchBucket", Message: "The specified bucket does not exist"})
		return
	}
	closed := accessBlock{XMLName: xml.Name{Local: "PublicAccessBlockConfiguration"}, Xmlns: "http://s3.amazonaws.com/doc/2006-03-01/", BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}
	if r.Method == http.MethodGet {
		writeS3(w, http.StatusOK, closed)
		return
	}
	var asked accessBlock
	if err := xml.NewDecoder(http.MaxBytesReader(w, r.Body, maxXML)).Decode(&asked); err != nil {
		writeS3(w, http.StatusBadRequest, s3Failure{Code: "MalformedXML", Message: "The XML you provided was not well-formed"})
		return
	}
	if !asked.BlockPublicAcls || !asked.IgnorePublicAcls || !asked.BlockPublicPolicy || !asked.RestrictPublicBuckets {
		writeS3(w, http.StatusForbidden, s3Failure{Code: "AccessDenied", Message: "Buckets of this server are never public."})
	}
}
