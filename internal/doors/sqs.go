package doors

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/doors/queue"
	"github.com/paperchart/paperchart/internal/sigv4"
)

// SQS in its JSON protocol (API 2012-11-05). Left out: FIFO queues, policies and
// permissions, tags, moving tasks.

// maxBody is the most bytes of a message.
const maxBody = 1 << 20

var queueName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// sqsCall is one request.
type sqsCall struct {
	ctx    context.Context
	region string
	in     sqsRequest
}

// sqsRequest is what all operations say, together.
type sqsRequest struct {
	QueueUrl, QueueName, QueueNamePrefix, NextToken  string
	MaxResults                                       int
	Attributes                                       map[string]string
	AttributeNames                                   []string
	MessageBody, ReceiptHandle                       string
	DelaySeconds, VisibilityTimeout, WaitTimeSeconds *int
	MaxNumberOfMessages                              *int
	MessageAttributes                                map[string]queue.Attribute
	Entries                                          []sqsEntry
}

type sqsEntry struct {
	Id, MessageBody, ReceiptHandle  string
	DelaySeconds, VisibilityTimeout *int
	MessageAttributes               map[string]queue.Attribute
}

func (d *Doors) sqs(name string) operation {
	do := map[string]func(sqsCall) (any, error){
		"CreateQueue": d.createQueue, "GetQueueUrl": d.queueURL, "ListQueues": d.listQueues, "DeleteQueue": d.deleteQueue, "PurgeQueue": d.purgeQueue,
		"GetQueueAttributes": d.queueAttributes, "SetQueueAttributes": d.setQueue,
		"SendMessage": d.send, "SendMessageBatch": d.each(d.send), "ReceiveMessage": d.receive,
		"DeleteMessage": d.deleteMessage, "DeleteMessageBatch": d.each(d.deleteMessage),
		"ChangeMessageVisibility": d.hide, "ChangeMessageVisibilityBatch": d.each(d.hide),
	}[name]
	if do == nil {
		return nil
	}
	return func(r *http.Request, dec *json.Decoder) (any, error) {
		scope, _ := sigv4.ParseScope(r) // verified before
		c := sqsCall{ctx: r.Context(), region: scope.Region}
		if err := dec.Decode(&c.in); err != nil {
			return nil, sqsError("InvalidAttributeValue", "the request is no good JSON")
		}
		out, err := do(c)
		switch {
		case errors.Is(err, queue.ErrAbsent):
			return nil, sqsError("QueueDoesNotExist", "The specified queue does not exist.")
		case errors.Is(err, queue.ErrReceipt):
			return nil, sqsError("ReceiptHandleIsInvalid", "The receipt handle is not valid.")
		}
		return out, err
	}
}

func sqsError(code, message string) error {
	return &awsError{"com.amazonaws.sqs#" + code, message, http.StatusBadRequest}
}

// url is the address of a queue, name the queue that an address means.
func (d *Doors) url(name string) string { return d.Address + "/" + d.Account + "/" + name }

func (c sqsCall) name() string { return path.Base(c.in.QueueUrl) }

func (d *Doors) queueARN(name, region string) string {
	return "arn:aws:sqs:" + region + ":" + d.Account + ":" + name
}

// queueOf is the queue that an ARN of this account names.
func (d *Doors) queueOf(arn string) (name, region string, ok bool) {
	f := strings.Split(arn, ":")
	if len(f) != 6 || f[2] != "sqs" || f[4] != d.Account {
		return "", "", false
	}
	_, err := d.queues.Settings(f[5])
	return f[5], f[3], err == nil
}

// configure reads the attributes of a queue into its settings.
func (d *Doors) configure(s queue.Settings, attributes map[string]string) (queue.Settings, error) {
	s.Attributes = maps.Clone(s.Attributes)
	if s.Attributes == nil {
		s.Attributes = map[string]string{"VisibilityTimeout": "30", "DelaySeconds": "0", "ReceiveMessageWaitTimeSeconds": "0",
			"MessageRetentionPeriod": "345600", "MaximumMessageSize": strconv.Itoa(maxBody)}
		s.Visibility = 30 * time.Second
	}
	for name, into := range map[string]*time.Duration{"VisibilityTimeout": &s.Visibility, "DelaySeconds": &s.Delay, "ReceiveMessageWaitTimeSeconds": &s.Wait} {
		v, ok := attributes[name]
		if !ok {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 43200 {
			return s, sqsError("InvalidAttributeValue", name+" is not valid")
		}
		*into = time.Duration(n) * time.Second
	}
	if v, ok := attributes["RedrivePolicy"]; ok {
		if err := d.redrive(&s, v); err != nil {
			return s, err
		}
	}
	if attributes["FifoQueue"] == "true" {
		return s, sqsError("InvalidAttributeValue", "this server has no FIFO queues")
	}
	maps.Copy(s.Attributes, attributes)
	return s, nil
}

func (d *Doors) redrive(s *queue.Settings, policy string) error {
	var p struct {
		Target string `json:"deadLetterTargetArn"`
		Most   any    `json:"maxReceiveCount"` // clients write a number or a string
	}
	if policy == "" {
		s.Dead, s.Most = "", 0
		return nil
	}
	err := json.Unmarshal([]byte(policy), &p)
	n, numErr := strconv.Atoi(fmt.Sprint(p.Most))
	name, _, ok := d.queueOf(p.Target)
	if err != nil || numErr != nil || n < 1 || n > 1000 || !ok {
		return sqsError("InvalidAttributeValue", "RedrivePolicy names a queue that is there, and 1 to 1,000 times")
	}
	s.Dead, s.Most = name, n
	return nil
}

func (d *Doors) createQueue(c sqsCall) (any, error) {
	if !queueName.MatchString(c.in.QueueName) {
		return nil, sqsError("InvalidAttributeValue", "a queue's name has 1 to 80 letters, digits, hyphens and underscores")
	}
	s, err := d.configure(queue.Settings{}, c.in.Attributes)
	if err != nil {
		return nil, err
	}
	if old, err := d.queues.Settings(c.in.QueueName); err == nil {
		for name, v := range c.in.Attributes {
			if old.Attributes[name] != v {
				return nil, sqsError("QueueNameExists", "A queue already exists with the same name and a different value for attribute "+name)
			}
		}
	} else if err := d.queues.Set(c.in.QueueName, s); err != nil {
		return nil, err
	}
	return map[string]string{"QueueUrl": d.url(c.in.QueueName)}, nil
}

func (d *Doors) queueURL(c sqsCall) (any, error) {
	if _, err := d.queues.Settings(c.in.QueueName); err != nil {
		return nil, err
	}
	return map[string]string{"QueueUrl": d.url(c.in.QueueName)}, nil
}

func (d *Doors) listQueues(c sqsCall) (any, error) {
	urls := []string{}
	for _, name := range d.queues.Names() {
		if strings.HasPrefix(name, c.in.QueueNamePrefix) {
			urls = append(urls, d.url(name))
		}
	}
	part, next, err := page(urls, c.in.NextToken, c.in.MaxResults, 1000)
	out := map[string]any{"QueueUrls": part}
	if next != "" {
		out["NextToken"] = next
	}
	return out, err
}

func (d *Doors) deleteQueue(c sqsCall) (any, error) {
	return struct{}{}, d.queues.Clear(c.name(), true)
}

func (d *Doors) purgeQueue(c sqsCall) (any, error) {
	return struct{}{}, d.queues.Clear(c.name(), false)
}

func (d *Doors) setQueue(c sqsCall) (any, error) {
	s, err := d.queues.Settings(c.name())
	if err != nil {
		return nil, err
	}
	if s, err = d.configure(s, c.in.Attributes); err != nil {
		return nil, err
	}
	return struct{}{}, d.queues.Set(c.name(), s)
}

func (d *Doors) queueAttributes(c sqsCall) (any, error) {
	s, err := d.queues.Settings(c.name())
	if err != nil {
		return nil, err
	}
	n, err := d.queues.Count(c.name())
	if err != nil {
		return nil, err
	}
	all := maps.Clone(s.Attributes)
	all["QueueArn"] = d.queueARN(c.name(), c.region)
	all["CreatedTimestamp"] = strconv.FormatInt(s.Made.Unix(), 10)
	all["ApproximateNumberOfMessages"] = strconv.Itoa(n.Visible)
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(n.Hidden)
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(n.Delayed)
	if !slices.Contains(c.in.AttributeNames, "All") {
		maps.DeleteFunc(all, func(k, _ string) bool { return !slices.Contains(c.in.AttributeNames, k) })
	}
	return map[string]any{"Attributes": all}, nil
}

func duration(seconds *int) time.Duration {
	if seconds == nil {
		return -1
	}
	return time.Duration(*seconds) * time.Second
}

func (d *Doors) send(c sqsCall) (any, error) {
	if c.in.MessageBody == "" || len(c.in.MessageBody) > maxBody {
		return nil, sqsError("InvalidMessageContents", "a message has 1 to 1,048,576 bytes")
	}
	m, err := d.queues.Send(c.name(), c.in.MessageBody, c.in.MessageAttributes, duration(c.in.DelaySeconds))
	if err != nil {
		return nil, err
	}
	out := map[string]any{"MessageId": m.ID, "MD5OfMessageBody": md5Of(m.Body)}
	if m.Attributes != nil {
		out["MD5OfMessageAttributes"] = md5OfAttributes(m.Attributes)
	}
	return out, nil
}

func md5Of(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// md5OfAttributes is the digest that SQS's developer guide describes: by name,
// each part with its length.
func md5OfAttributes(all map[string]queue.Attribute) string {
	var b []byte
	add := func(v []byte) { b = append(binary.BigEndian.AppendUint32(b, uint32(len(v))), v...) }
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a := all[name]
		add([]byte(name))
		add([]byte(a.DataType))
		if strings.HasPrefix(a.DataType, "Binary") {
			b = append(b, 2)
			add(a.BinaryValue)
			continue
		}
		b = append(b, 1)
		add([]byte(a.StringValue))
	}
	return md5Of(string(b))
}

func (d *Doors) receive(c sqsCall) (any, error) {
	most := 1
	if c.in.MaxNumberOfMessages != nil {
		most = *c.in.MaxNumberOfMessages
	}
	s, err := d.queues.Settings(c.name())
	if err != nil {
		return nil, err
	}
	wait := s.Wait
	if c.in.WaitTimeSeconds != nil {
		wait = duration(c.in.WaitTimeSeconds)
	}
	if most < 1 || most > 10 || wait < 0 || wait > 20*time.Second {
		return nil, sqsError("InvalidAttributeValue", "a request asks for 1 to 10 messages and waits at most 20 seconds")
	}
	ctx, stop := context.WithCancel(c.ctx)
	defer stop()
	defer context.AfterFunc(d.ctx, stop)() // closing must not wait for who waits
	got, err := d.queues.Receive(ctx, c.name(), most, duration(c.in.VisibilityTimeout), wait)
	if err != nil || len(got) == 0 {
		return struct{}{}, err
	}
	var all []map[string]any
	for _, m := range got {
		all = append(all, d.given(m, c.region))
	}
	return map[string]any{"Messages": all}, nil
}

// given is a message as it is given out, with all its attributes.
func (d *Doors) given(m queue.Message, region string) map[string]any {
	system := map[string]string{"SenderId": d.Account, "SentTimestamp": strconv.FormatInt(m.Sent.UnixMilli(), 10),
		"ApproximateReceiveCount": strconv.Itoa(m.Count), "ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.First.UnixMilli(), 10)}
	if m.Source != "" {
		system["DeadLetterQueueSourceArn"] = d.queueARN(m.Source, region)
	}
	out := map[string]any{"MessageId": m.ID, "ReceiptHandle": m.Receipt, "Body": m.Body, "MD5OfBody": md5Of(m.Body), "Attributes": system}
	if m.Attributes != nil {
		out["MessageAttributes"], out["MD5OfMessageAttributes"] = m.Attributes, md5OfAttributes(m.Attributes)
	}
	return out
}

func (d *Doors) deleteMessage(c sqsCall) (any, error) {
	return struct{}{}, d.queues.Delete(c.name(), c.in.ReceiptHandle)
}

func (d *Doors) hide(c sqsCall) (any, error) {
	v := duration(c.in.VisibilityTimeout)
	if v < 0 || v > 12*time.Hour {
		return nil, sqsError("InvalidAttributeValue", "VisibilityTimeout is 0 to 43,200 seconds")
	}
	return struct{}{}, d.queues.Hide(c.name(), c.in.ReceiptHandle, v)
}

// each makes the operation on a batch of one on a message.
func (d *Doors) each(do func(sqsCall) (any, error)) func(sqsCall) (any, error) {
	return func(c sqsCall) (any, error) {
		if err := checkBatch(c.in.Entries); err != nil {
			return nil, err
		}
		if _, err := d.queues.Settings(c.name()); err != nil {
			return nil, err
		}
		good, bad := []any{}, []any{}
		for _, e := range c.in.Entries {
			one := c
			one.in = sqsRequest{QueueUrl: c.in.QueueUrl, MessageBody: e.MessageBody, ReceiptHandle: e.ReceiptHandle, DelaySeconds: e.DelaySeconds,
				VisibilityTimeout: e.VisibilityTimeout, MessageAttributes: e.MessageAttributes}
			out, err := do(one)
			if err != nil {
				code, message := "InternalError", ""
				var known *awsError
				if errors.As(err, &known) {
					code, message = strings.TrimPrefix(known.code, "com.amazonaws.sqs#"), known.message
				} else if errors.Is(err, queue.ErrReceipt) {
					code = "ReceiptHandleIsInvalid"
				}
				bad = append(bad, map[string]any{"Id": e.Id, "Code": code, "Message": message, "SenderFault": code != "InternalError"})
				continue
			}
			entry, _ := out.(map[string]any)
			if entry == nil {
				entry = map[string]any{}
			}
			entry["Id"] = e.Id
			good = append(good, entry)
		}
		return map[string]any{"Successful": good, "Failed": bad}, nil
	}
}

func checkBatch(all []sqsEntry) error {
	seen := map[string]bool{}
	for _, e := range all {
		if seen[e.Id] || e.Id == "" {
			return sqsError("BatchEntryIdsNotDistinct", "two entries have the same id")
		}
		seen[e.Id] = true
	}
	switch {
	case len(all) == 0:
		return sqsError("EmptyBatchRequest", "the batch has no entries")
	case len(all) > 10:
		return sqsError("TooManyEntriesInBatchRequest", "a batch has at most 10 entries")
	}
	return nil
}

// queryErrors are the old names of errors, by which some clients know them.
var queryErrors = map[string]string{"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue", "QueueNameExists": "QueueAlreadyExists"}

// queryError is the header that tells the old name of an error.
func queryError(code string) string {
	_, short, ok := strings.Cut(code, "#")
	if !ok {
		return ""
	}
	return cmp.Or(queryErrors[short], short) + ";Sender"
}
