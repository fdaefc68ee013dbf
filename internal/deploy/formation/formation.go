// Package formation stands in for AWS CloudFormation in tests: it speaks the wire
// protocol (the query API of 2010-05-15), reads the real template with its
// parameters and conditions, and lets a stack come about resource by resource, one
// step at each look. It makes nothing by itself; what the stack would make, the
// test's Make does. It answers wrong calls as CloudFormation does.
//
// Left out: change sets, imports, drift, and every property of a resource.
package formation

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Server is the service. It may be called by many at once.
type Server struct {
	Account, Region string
	// Fetch gets a template from the code bucket.
	Fetch func(bucket, key string) ([]byte, error)
	// Make is called once a stack's resources are there, nil where nobody asks. Its
	// answer are the outputs.
	Make func(parameters map[string]string) map[string]string
	// Fail is a resource that can't be made, or deleted; empty where all can.
	Fail string
	// Steps is how many things happen between two looks; more than fit on a page of
	// events where it is 0.
	Steps int
	// Calls are the calls that change something, in their order.
	Calls []string
	// Left are the resources that outlived their stack.
	Left []string

	mu      sync.Mutex
	current *stack
	gone    map[string]*stack // by id
	number  int
}

// stack is one stack and what is still to be done to it.
type stack struct {
	id, name, state, reason string
	parameters              map[string]string
	template                template
	protected               bool
	// tidy deletes what was new where a creation fails.
	tidy    bool
	events  []event // the earliest first
	todo    []step
	there   map[string]bool // resources
	outputs map[string]string
}

// step is one change of a resource's state, or, without a name, of the stack's.
type step struct{ name, state, why string }

type event struct {
	id, name, state, why string
}

// pageSize is smaller than AWS's 100, so that a test sees more than one page.
const pageSize = 5

// refusal is an error as CloudFormation answers it.
type refusal struct{ code, message string }

func (r refusal) Error() string { return r.message }

func invalid(format string, args ...any) error {
	return refusal{"ValidationError", fmt.Sprintf(format, args...)}
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		http.Error(w, "no query", http.StatusBadRequest)
		return
	}
	action := r.PostForm.Get("Action")
	do := map[string]func(url.Values) (string, error){
		"DescribeStacks": s.describe, "DescribeStackEvents": s.describeEvents, "CreateStack": s.create, "UpdateStack": s.update,
		"DeleteStack": s.delete, "UpdateTerminationProtection": s.protect,
	}[action]
	if do == nil {
		do = func(url.Values) (string, error) {
			return "", refusal{"InvalidAction", "this stand-in has no " + action}
		}
	}
	if action != "DescribeStacks" && action != "DescribeStackEvents" {
		s.Calls = append(s.Calls, action)
	}
	body, err := do(r.PostForm)
	w.Header().Set("Content-Type", "text/xml")
	if err != nil {
		no, ok := err.(refusal)
		if !ok {
			no = refusal{"InternalFailure", err.Error()}
		}
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, no.code, text(no.message))
		return
	}
	io.WriteString(w, "<"+action+"Response><"+action+"Result>"+body+"</"+action+"Result></"+action+"Response>")
}

// find is a stack by its name, or by its id where it is deleted.
func (s *Server) find(name string) (*stack, error) {
	if s.current != nil && (s.current.name == name || s.current.id == name) {
		return s.current, nil
	}
	if old := s.gone[name]; old != nil {
		return old, nil
	}
	return nil, invalid("Stack with id %s does not exist", name)
}

func (s *Server) describe(in url.Values) (string, error) {
	st, err := s.find(in.Get("StackName"))
	if err != nil {
		return "", err
	}
	s.step(st)
	var b strings.Builder
	fmt.Fprintf(&b, `<Stacks><member><StackId>%s</StackId><StackName>%s</StackName><StackStatus>%s</StackStatus><StackStatusReason>%s</StackStatusReason><CreationTime>2026-11-01T00:00:00Z</CreationTime><Parameters>`,
		st.id, st.name, st.state, text(st.reason))
	for _, k := range slices.Sorted(maps.Keys(st.parameters)) {
		fmt.Fprintf(&b, `<member><ParameterKey>%s</ParameterKey><ParameterValue>%s</ParameterValue></member>`, k, text(st.parameters[k]))
	}
	b.WriteString(`</Parameters><Outputs>`)
	for _, k := range slices.Sorted(maps.Keys(st.outputs)) {
		fmt.Fprintf(&b, `<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>`, k, text(st.outputs[k]))
	}
	b.WriteString(`</Outputs></member></Stacks>`)
	return b.String(), nil
}

// describeEvents gives the latest first, in pages.
func (s *Server) describeEvents(in url.Values) (string, error) {
	st, err := s.find(in.Get("StackName"))
	if err != nil {
		return "", err
	}
	from := 0
	fmt.Sscan(in.Get("NextToken"), &from)
	all := slices.Clone(st.events)
	slices.Reverse(all)
	var b strings.Builder
	b.WriteString(`<StackEvents>`)
	end := min(len(all), from+pageSize)
	for _, e := range all[from:end] {
		fmt.Fprintf(&b, `<member><EventId>%s</EventId><StackId>%s</StackId><StackName>%s</StackName><LogicalResourceId>%s</LogicalResourceId><ResourceStatus>%s</ResourceStatus><ResourceStatusReason>%s</ResourceStatusReason><Timestamp>%s</Timestamp></member>`,
			e.id, st.id, st.name, e.name, e.state, text(e.why), time.Unix(0, 0).UTC().Format(time.RFC3339))
	}
	b.WriteString(`</StackEvents>`)
	if end < len(all) {
		fmt.Fprintf(&b, `<NextToken>%d</NextToken>`, end)
	}
	return b.String(), nil
}

var templateURL = regexp.MustCompile(`^https://([a-z0-9-]+)\.s3\.([a-z0-9-]+)\.amazonaws\.com/(.+)$`)

// read fetches the template and those of its nested stacks.
func (s *Server) read(in url.Values) (template, error) {
	m := templateURL.FindStringSubmatch(in.Get("TemplateURL"))
	if m == nil || m[2] != s.Region {
		return template{}, invalid("S3 error: the template's address is wrong")
	}
	data, err := s.Fetch(m[1], m[3])
	if err != nil {
		return template{}, invalid("S3 error: %v", err)
	}
	if len(data) > 1<<20 {
		return template{}, invalid("Template may not exceed 1000000 bytes in size.")
	}
	return parse(data)
}

// given are the parameters of a call, over the defaults; old are those of the stack.
func given(in url.Values, t template, old map[string]string) (map[string]string, error) {
	all := maps.Clone(t.defaults)
	for i := 1; ; i++ {
		member := fmt.Sprintf("Parameters.member.%d.", i)
		k := in.Get(member + "ParameterKey")
		if k == "" {
			break
		}
		if _, known := t.parameters[k]; !known {
			return nil, invalid("Parameters: [%s] do not exist in the template", k)
		}
		all[k] = in.Get(member + "ParameterValue")
		if in.Get(member+"UsePreviousValue") == "true" {
			all[k] = old[k]
		}
	}
	for k, allowed := range t.parameters {
		v, has := all[k]
		if !has {
			return nil, invalid("Parameters: [%s] must have values", k)
		}
		if allowed != nil && !slices.Contains(allowed, v) {
			return nil, invalid("Parameter '%s' must be one of AllowedValues", k)
		}
	}
	return all, nil
}

func capable(in url.Values, t template) error {
	if t.has("AWS::IAM::Role") && in.Get("Capabilities.member.1") != "CAPABILITY_IAM" {
		return refusal{"InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]"}
	}
	return nil
}

func text(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
