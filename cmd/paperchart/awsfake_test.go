package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// exchange is one call that must come, in its turn, and what it is answered.
type exchange struct {
	call   string
	status int
	body   string
	// has is what the request's body must hold.
	has string
}

// scripted stands in for all of AWS. It fails the test for a call that is not the
// next one, for one that is not signed, and for those that never came.
type scripted struct {
	t    *testing.T
	rest []exchange
}

var credential = regexp.MustCompile(`Credential=AKIDTEST/\d{8}/us-west-2/([a-z0-9-]+)/aws4_request`)

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m := credential.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		s.t.Errorf("%s %s is not signed", r.Method, r.URL)
		return
	}
	call := m[1] + " " + r.Method + " " + r.URL.RequestURI()
	if i := strings.Index(call, "x-id="); i > 0 { // the SDK's own remark
		call = call[:i-1]
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		call = m[1] + " " + target[strings.LastIndex(target, ".")+1:]
	} else if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
		call = m[1] + " " + form.Get("Action")
	}
	if len(s.rest) == 0 || s.rest[0].call != call {
		s.t.Errorf("called %s, expected %+v", call, s.rest[:min(1, len(s.rest))])
		w.WriteHeader(400)
		return
	}
	x := s.rest[0]
	s.rest = s.rest[1:]
	if plain, _ := url.QueryUnescape(string(body)); !strings.Contains(string(body), x.has) && !strings.Contains(plain, x.has) {
		s.t.Errorf("%s says %s, without %s", call, body, x.has)
	}
	if x.status != 0 {
		w.WriteHeader(x.status)
	}
	io.WriteString(w, x.body)
}

// scriptAWS runs a command against a script, with typed input.
func scriptAWS(t *testing.T, typed, args string, script ...exchange) (status int, said string) {
	t.Helper()
	f := &scripted{t, script}
	s := httptest.NewServer(f)
	defer s.Close()
	for k, v := range map[string]string{"AWS_ENDPOINT_URL": s.URL, "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-west-2",
		"AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"} {
		t.Setenv(k, v)
	}
	var out bytes.Buffer
	p := &program{in: strings.NewReader(typed), out: &out, err: &out}
	status = p.run(t.Context(), strings.Fields(args))
	if len(f.rest) > 0 {
		t.Errorf("%s: never called %s; said %s", args, f.rest[0].call, &out)
	}
	return status, out.String()
}

const missingStack = `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id paperchart does not exist</Message></Error></ErrorResponse>`

func whoAmI() exchange {
	return exchange{call: "sts GetCallerIdentity", body: `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`}
}

func stackIs(state string, outputs map[string]string) exchange {
	var o strings.Builder
	for k, v := range outputs {
		fmt.Fprintf(&o, "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>", k, v)
	}
	return exchange{call: "cloudformation DescribeStacks", body: fmt.Sprintf(`<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>paperchart</StackName>
		<StackStatus>%s</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>%s</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`, state, &o)}
}

func noEvents() exchange {
	return exchange{call: "cloudformation DescribeStackEvents", body: `<DescribeStackEventsResponse><DescribeStackEventsResult/></DescribeStackEventsResponse>`}
}

func deployed() exchange {
	return stackIs("CREATE_COMPLETE", map[string]string{"InputBucket": "pc-in", "OutputBucket": "pc-out", "TriggerQueueUrl": os.Getenv("AWS_ENDPOINT_URL") + "/1/t", "ProcessorQueueUrl": "http://q/1/p",
		"TriggerDeadLettersUrl": "http://q/1/td", "ProcessorDeadLettersUrl": "http://q/1/pd", "DatastoreId": "d1"})
}

func listing(keys ...string) string {
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, `<Contents><Key>%s</Key><ETag>"e"</ETag><Size>1</Size></Contents>`, k)
	}
	return `<ListBucketResult>` + b.String() + `</ListBucketResult>`
}

func TestAWSInit(t *testing.T) {
	file := filepath.Join(t.TempDir(), "aws.yaml")
	free := func(suffix string) exchange {
		return exchange{call: "s3 HEAD /paperchart-" + suffix + "-111122223333", status: 404}
	}
	script := func(concurrency string) []exchange {
		return []exchange{whoAmI(),
			{call: "bedrock POST /data-automation-projects/", body: `{"projects":[]}`},
			{call: "healthlake ListFHIRDatastores", body: `{"DatastorePropertiesList":[]}`},
			{call: "cloudformation DescribeStacks", status: 400, body: missingStack},
			{call: "servicequotas GetServiceQuota", body: `{"Quota":{"Value":` + concurrency + `}}`, has: "L-B99A9384"},
			free("in"), free("out"), free("audit"),
			{call: "servicequotas ListServiceQuotas", has: "bedrock", body: `{"Quotas":[{"QuotaName":"(Data Automation) concurrent document jobs","Value":25},{"QuotaName":"Other","Value":1}]}`},
			{call: "servicequotas ListServiceQuotas", has: "healthlake", status: 400, body: `{"__type":"NoSuchResourceException"}`},
		}
	}
	if status, said := scriptAWS(t, "", "aws init --settings "+file, script("10")...); status != 1 || !strings.Contains(said, "BAD  Lambda concurrency: is 10") {
		t.Errorf("%d: %s", status, said)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("settings were written all the same")
	}
	status, said := scriptAWS(t, "", "aws init --email a@b.example --set Threshold=0.9 --settings "+file, script("1000")...)
	if status != 0 || !strings.Contains(said, "concurrent document jobs: 25") {
		t.Errorf("%d: %s", status, said)
	}
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), "region: us-west-2") || !strings.Contains(string(data), `Threshold: "0.9"`) {
		t.Errorf("%s, %v", data, err)
	}
	// What init wrote, deploy reads; a second init does not write over it.
	if _, said := scriptAWS(t, "", "aws deploy --dry-run --settings "+file); !strings.Contains(said, "Threshold=0.9") || !strings.Contains(said, "AlarmEmail=a@b.example") {
		t.Error(said)
	}
	if status, said := scriptAWS(t, "", "aws init --settings "+file, script("1000")...); status != 2 || !strings.Contains(said, "--force") {
		t.Errorf("%d: %s", status, said)
	}
	// Buckets of a stack that is gone are in the way of a new one.
	taken := script("1000")
	taken[5].status = 200
	if status, said := scriptAWS(t, "", "aws init --settings "+file, taken...); status != 1 || !strings.Contains(said, "BAD  Bucket paperchart-in-111122223333: is yours already") {
		t.Errorf("%d: %s", status, said)
	}
	if status, said := scriptAWS(t, "", "aws init --dry-run --settings "+file); status != 0 || !strings.Contains(said, "Nothing was done") {
		t.Errorf("%d: %s", status, said)
	}
}

func TestAWSStatus(t *testing.T) {
	depth := func(n string) exchange {
		return exchange{call: "sqs GetQueueAttributes", body: `{"Attributes":{"ApproximateNumberOfMessages":"` + n + `","ApproximateNumberOfMessagesNotVisible":"1"}}`}
	}
	status, said := scriptAWS(t, "", "aws status", whoAmI(), deployed(), deployed(), depth("3"), depth("0"), depth("0"), depth("6"))
	if status != 0 || !strings.Contains(said, "ProcessorDeadLetters     7 messages") || !strings.Contains(said, "CREATE_COMPLETE") {
		t.Errorf("%d: %s", status, said)
	}
	if status, said := scriptAWS(t, "", "aws status", whoAmI(), exchange{call: "cloudformation DescribeStacks", status: 400, body: missingStack}); status != 1 || !strings.Contains(said, "aws deploy") {
		t.Errorf("%d: %s", status, said)
	}
}

func TestAWSUploadResultsQuery(t *testing.T) {
	scan := filepath.Join(t.TempDir(), "scan.pdf")
	if err := os.WriteFile(scan, []byte("ink of a page"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, said := scriptAWS(t, "", "aws upload "+scan, whoAmI(), deployed(),
		exchange{call: "s3 HEAD /pc-out/fhir/e868ab02b77abf8f/bundle.json", status: 403}, exchange{call: "s3 PUT /pc-in/scan.pdf", has: "ink of a page"}); status != 0 || !strings.Contains(said, "it will be document e868ab02b77abf8f") {
		t.Errorf("%d: %s", status, said)
	}
	if status, said := scriptAWS(t, "", "aws results d1", whoAmI(), deployed(), exchange{call: "s3 GET /pc-out/fhir/d1/bundle.json", body: `{"x":1}`}); status != 0 || !strings.Contains(said, `{"x":1}`) {
		t.Errorf("%d: %s", status, said)
	}
	if status, said := scriptAWS(t, "", "aws results nobody", whoAmI(), deployed(), exchange{call: "s3 GET /pc-out/fhir/nobody/bundle.json", status: 404, body: `<Error><Code>NoSuchKey</Code></Error>`}); status != 1 {
		t.Errorf("%d: %s", status, said)
	}
}

func TestAWSJobsToTheEnd(t *testing.T) {
	empty := exchange{call: "sqs GetQueueAttributes", body: `{"Attributes":{"ApproximateNumberOfMessages":"0"}}`}
	one := exchange{call: "sqs GetQueueAttributes", body: `{"Attributes":{"ApproximateNumberOfMessages":"1"}}`}
	list := func(kind string, keys ...string) exchange {
		return exchange{call: "s3 GET /pc-out?list-type=2&prefix=jobs%2F" + kind + "%2F", body: listing(keys...)}
	}
	const a, b = "jobs/done/a.json", "jobs/done/b.json"
	status, said := scriptAWS(t, "", "aws jobs --watch --every 1ms", whoAmI(), deployed(),
		list("open"), list("done"), one, empty,
		list("open", "jobs/open/a.json", "jobs/open/b.json"), list("done"), empty, empty,
		list("open", "jobs/open/b.json"), list("done", a), exchange{call: "s3 GET /pc-out/" + a, body: `{"state":"done","document":"d1","resources":9,"route":"transaction","segments":1}`}, empty, empty,
		list("open"), list("done", a, b), exchange{call: "s3 GET /pc-out/" + b, body: `{"state":"failed","reason":"bda-client-error"}`}, empty, empty,
		list("open"), list("done", a, b), empty, empty)
	if status != 1 || strings.Count(said, "reading") != 2 || strings.Count(said, "9 resources by transaction") != 1 || !strings.Contains(said, "1 jobs failed") {
		t.Errorf("%d: %s", status, said)
	}
}

func TestAWSRedrive(t *testing.T) {
	letter := `{"Messages":[{"MessageId":"m1","ReceiptHandle":"h1","Body":"the letter","MD5OfBody":"` + "2d1a0a1d" + `","MessageAttributes":{"reason":{"DataType":"String","StringValue":"no-match: nothing found"}}}]}`
	none := exchange{call: "sqs ReceiveMessage", body: `{}`}
	back := exchange{call: "sqs ChangeMessageVisibility", has: `"VisibilityTimeout":0`, body: `{}`}
	status, said := scriptAWS(t, "", "aws redrive --dry-run", whoAmI(), deployed(), none, exchange{call: "sqs ReceiveMessage", has: "http://q/1/pd", body: strings.Replace(letter, `"MD5OfBody":"2d1a0a1d",`, "", 1)}, none, back)
	if status != 0 || !strings.Contains(said, "no-match") || !strings.Contains(said, "1 dead letters seen") {
		t.Errorf("%d: %s", status, said)
	}
	status, said = scriptAWS(t, "", "aws redrive", whoAmI(), deployed(), none, exchange{call: "sqs ReceiveMessage", body: strings.Replace(letter, `"MD5OfBody":"2d1a0a1d",`, "", 1)}, none,
		exchange{call: "sqs SendMessage", has: "http://q/1/p", body: `{"MessageId":"m2"}`}, exchange{call: "sqs DeleteMessage", has: "h1", body: `{}`})
	if status != 0 || !strings.Contains(said, "1 dead letters sent again") {
		t.Errorf("%d: %s", status, said)
	}
}

func TestAWSDestroy(t *testing.T) {
	const versions = `<ListVersionsResult><Version><Key>scan.pdf</Key><VersionId>v1</VersionId></Version><Version><Key>scan.pdf</Key><VersionId>v2</VersionId></Version>
		<DeleteMarker><Key>old.pdf</Key><VersionId>v3</VersionId></DeleteMarker></ListVersionsResult>`
	missing := exchange{call: "cloudformation DescribeStacks", status: 400, body: missingStack}
	remove := func(bucket string) []exchange {
		return []exchange{{call: "s3 GET /" + bucket + "?versions=", body: versions}, {call: "s3 POST /" + bucket + "?delete=", has: "<VersionId>v3</VersionId>", body: `<DeleteResult/>`},
			{call: "s3 GET /" + bucket + "?versions=", body: `<ListVersionsResult/>`}, {call: "s3 DELETE /" + bucket}}
	}
	stack := []exchange{whoAmI(), deployed(), deployed(), noEvents(), {call: "cloudformation UpdateTerminationProtection", body: `<UpdateTerminationProtectionResponse><UpdateTerminationProtectionResult/></UpdateTerminationProtectionResponse>`},
		{call: "cloudformation DeleteStack", body: `<DeleteStackResponse/>`}, stackIs("DELETE_COMPLETE", nil), noEvents()}
	code := append(stack, remove("paperchart-code-111122223333")...)
	if status, said := scriptAWS(t, "paperchart\n", "aws destroy", code...); status != 0 || strings.Count(said, "it costs by the hour") != 2 || !strings.Contains(said, "data store d1") {
		t.Errorf("%d: %s", status, said)
	}
	data := append(remove("paperchart-in-111122223333"), remove("paperchart-out-111122223333")...)
	all := append(append(append([]exchange{}, code...), data...), exchange{call: "healthlake DeleteFHIRDatastore", has: "d1", body: `{}`})
	if status, said := scriptAWS(t, "", "aws destroy --data --yes paperchart", all...); status != 0 || !strings.Contains(said, "is being deleted") {
		t.Errorf("%d: %s", status, said)
	}
	// It was cut off: the stack is gone, and so is the code; the rest is found by name.
	rest := append([]exchange{whoAmI(), missing, missing, {call: "s3 GET /paperchart-code-111122223333?versions=", status: 404, body: `<Error><Code>NoSuchBucket</Code></Error>`}}, data...)
	rest = append(append(rest, remove("paperchart-audit-111122223333")...),
		exchange{call: "healthlake ListFHIRDatastores", has: `"DatastoreName":"paperchart"`, body: `{"DatastorePropertiesList":[{"DatastoreId":"d1","DatastoreName":"paperchart","DatastoreStatus":"ACTIVE"},
			{"DatastoreId":"d2","DatastoreName":"paperchart-2","DatastoreStatus":"ACTIVE"},{"DatastoreId":"d3","DatastoreName":"paperchart","DatastoreStatus":"DELETED"}]}`},
		exchange{call: "healthlake DeleteFHIRDatastore", has: "d1", body: `{}`})
	if status, said := scriptAWS(t, "", "aws destroy --data --audit --yes paperchart", rest...); status != 0 || strings.Count(said, "is being deleted") != 1 {
		t.Errorf("%d: %s", status, said)
	}
	// An object that can't be deleted stops before anything more is removed.
	stuck := append(append([]exchange{}, stack...), exchange{call: "s3 GET /paperchart-code-111122223333?versions=", body: versions},
		exchange{call: "s3 POST /paperchart-code-111122223333?delete=", body: `<DeleteResult><Error><Key>scan.pdf</Key><Code>AccessDenied</Code></Error></DeleteResult>`})
	if status, said := scriptAWS(t, "", "aws destroy --data --yes paperchart", stuck...); status != 1 || !strings.Contains(said, "1 objects were not deleted") {
		t.Errorf("%d: %s", status, said)
	}
	if status, said := scriptAWS(t, "no\n", "aws destroy"); status != 2 || !strings.Contains(said, "nothing was removed") {
		t.Errorf("%d: %s", status, said)
	}
}
