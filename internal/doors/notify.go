package doors

import (
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// A bucket's notifications: to queues alone.

// notifications is the configuration as S3 writes it.
type notifications struct {
	XMLName xml.Name       `xml:"NotificationConfiguration" json:"-"`
	Xmlns   string         `xml:"xmlns,attr,omitempty" json:"-"`
	Queues  []notification `xml:"QueueConfiguration" json:"queues"`
	Topics  []struct{}     `xml:"TopicConfiguration" json:"-"`
	Lambdas []struct{}     `xml:"CloudFunctionConfiguration" json:"-"`
	Bus     *struct{}      `xml:"EventBridgeConfiguration" json:"-"`
}

type notification struct {
	ID     string       `xml:"Id,omitempty" json:"id"`
	Queue  string       `xml:"Queue" json:"queue"`
	Events []string     `xml:"Event" json:"events"`
	Rules  []filterRule `xml:"Filter>S3Key>FilterRule,omitempty" json:"rules,omitempty"`
}

type filterRule struct {
	Name  string `xml:"Name" json:"name"`
	Value string `xml:"Value" json:"value"`
}

// wants reports whether an event on a key is asked for.
func (n notification) wants(event, key string) bool {
	if !slices.ContainsFunc(n.Events, func(want string) bool {
		want = strings.TrimPrefix(want, "s3:")
		prefix, any := strings.CutSuffix(want, "*")
		return want == event || any && strings.HasPrefix(event, prefix)
	}) {
		return false
	}
	for _, r := range n.Rules {
		switch strings.ToLower(r.Name) {
		case "prefix":
			if !strings.HasPrefix(key, r.Value) {
				return false
			}
		case "suffix":
			if !strings.HasSuffix(key, r.Value) {
				return false
			}
		}
	}
	return true
}

func notifyKey(bucket string) string { return "notify/" + bucket + ".json" }

// bucketNotifications answers GET and PUT of a bucket's ?notification.
func (d *Doors) bucketNotifications(w http.ResponseWriter, r *http.Request, bucket string) {
	d.planning.Lock()
	defer d.planning.Unlock()
	var n notifications
	if !d.Objects.Exists(bucket) {
		writeS3(w, http.StatusNotFound, s3Failure{Code: "NoSuchBucket", Message: "The specified bucket does not exist"})
		return
	}
	if r.Method == http.MethodGet {
		if err := d.load(notifyKey(bucket), &n); err != nil && !errors.Is(err, fs.ErrNotExist) {
			writeS3(w, http.StatusInternalServerError, s3Failure{Code: "InternalError"})
			return
		}
		n.Xmlns = "http://s3.amazonaws.com/doc/2006-03-01/"
		writeS3(w, http.StatusOK, n)
		return
	}
	if err := xml.NewDecoder(http.MaxBytesReader(w, r.Body, maxXML)).Decode(&n); err != nil {
		writeS3(w, http.StatusBadRequest, s3Failure{Code: "MalformedXML", Message: "The XML you provided was not well-formed"})
		return
	}
	if why := d.checkNotifications(n); why != "" {
		writeS3(w, http.StatusBadRequest, s3Failure{Code: "InvalidArgument", Message: why})
		return
	}
	if err := d.saveNotifications(bucket, n); err != nil {
		writeS3(w, http.StatusInternalServerError, s3Failure{Code: "InternalError"})
	}
}

func (d *Doors) checkNotifications(n notifications) string {
	if len(n.Topics)+len(n.Lambdas) > 0 || n.Bus != nil {
		return "this server notifies queues alone"
	}
	for _, q := range n.Queues {
		if _, _, ok := d.queueOf(q.Queue); !ok {
			return "Unable to validate the following destination configurations"
		}
		for _, e := range q.Events {
			if !strings.HasPrefix(e, "s3:ObjectCreated:") && !strings.HasPrefix(e, "s3:ObjectRemoved:") {
				return "A specified event is not supported for notifications."
			}
		}
		for _, r := range q.Rules {
			if name := strings.ToLower(r.Name); name != "prefix" && name != "suffix" {
				return "filter rule name must be either prefix or suffix"
			}
		}
	}
	return ""
}

// saveNotifications keeps the configuration and sends each queue the test event.
func (d *Doors) saveNotifications(bucket string, n notifications) error {
	for i := range n.Queues {
		if n.Queues[i].ID == "" {
			n.Queues[i].ID = uuid.NewString()
		}
		test, err := json.Marshal(map[string]string{"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": d.Now().UTC().Format(time.RFC3339),
			"Bucket": bucket, "RequestId": uuid.NewString(), "HostId": uuid.NewString()})
		if err != nil {
			return err
		}
		d.deliver(n.Queues[i].Queue, string(test))
	}
	if err := d.save(notifyKey(bucket), n); err != nil {
		return err
	}
	d.notices.Store(bucket, n)
	return nil
}

// loadNotifications takes up what was configured before.
func (d *Doors) loadNotifications() error {
	keys, err := d.Objects.blobs.List("notify")
	if err != nil {
		return err
	}
	for _, k := range keys {
		var n notifications
		if err := d.load(k, &n); err != nil {
			return err
		}
		d.notices.Store(strings.TrimSuffix(strings.TrimPrefix(k, "notify/"), ".json"), n)
	}
	return nil
}

// changed tells the queues of a bucket that an object was stored or removed.
func (d *Doors) changed(event, bucket string, e entry) {
	v, ok := d.notices.Load(bucket)
	if !ok {
		return
	}
	for _, n := range v.(notifications).Queues {
		if !n.wants(event, e.Key) {
			continue
		}
		if body, err := json.Marshal(s3Event(d.Now(), event, bucket, e, n)); err == nil {
			d.deliver(n.Queue, string(body))
		}
	}
}

// s3Event is the message that S3 sends. The key is encoded as in a form, but for
// the slashes.
func s3Event(now time.Time, event, bucket string, e entry, n notification) map[string]any {
	region := ""
	if f := strings.Split(n.Queue, ":"); len(f) > 3 {
		region = f[3]
	}
	object := map[string]any{"key": strings.ReplaceAll(url.QueryEscape(e.Key), "%2F", "/"), "sequencer": sequencer(now)}
	if strings.HasPrefix(event, "ObjectCreated") {
		object["size"], object["eTag"] = e.Size, e.MD5
	}
	if e.Version != "" {
		object["versionId"] = e.Version
	}
	return map[string]any{"Records": []any{map[string]any{
		"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": region, "eventTime": now.UTC().Format("2006-01-02T15:04:05.000Z"), "eventName": event,
		"userIdentity": map[string]string{"principalId": "AWS:LOCAL"}, "requestParameters": map[string]string{"sourceIPAddress": "127.0.0.1"},
		"responseElements": map[string]string{"x-amz-request-id": uuid.NewString(), "x-amz-id-2": uuid.NewString()},
		"s3": map[string]any{"s3SchemaVersion": "1.0", "configurationId": n.ID, "object": object,
			"bucket": map[string]any{"name": bucket, "ownerIdentity": map[string]string{"principalId": "LOCAL"}, "arn": "arn:aws:s3:::" + bucket}},
	}}}
}

// sequencer orders the events of one key.
func sequencer(now time.Time) string {
	n := now.UnixNano()
	b := make([]byte, 8)
	for i := range b {
		b[7-i] = byte(n >> (8 * i))
	}
	return strings.ToUpper(hex.EncodeToString(b))
}

// deliver puts an event into the queue that an ARN names. Delivery is on best
// effort, as BDA's is on AWS; who relies on it looks for himself now and then.
func (d *Doors) deliver(arn, body string) {
	name, _, ok := d.queueOf(arn)
	if !ok {
		d.Logger.Warn("event not delivered: there is no such queue")
		return
	}
	if _, err := d.queues.Send(name, body, nil, -1); err != nil {
		d.Logger.Error("event not delivered", "queue", name, "error", err)
	}
}
