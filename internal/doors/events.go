package doors

import (
	"encoding/json"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/sigv4"
)

// EventBridge, as far as events of BDA and HealthLake go to queues: rules with
// patterns on the default bus. Left out: schedules, other buses, other targets,
// transformations.

// rule is a rule with its targets.
type rule struct {
	Name        string          `json:"name"`
	Region      string          `json:"region"`
	Description string          `json:"description,omitempty"`
	Pattern     json.RawMessage `json:"pattern"`
	State       string          `json:"state"`
	Targets     []target        `json:"targets,omitempty"`
}

type target struct {
	Id  string `json:"id"`
	Arn string `json:"arn"`
	// Input, where it is set, is sent in place of the event.
	Input string `json:"input,omitempty"`
}

var ruleName = regexp.MustCompile(`^[.\-_A-Za-z0-9]{1,64}$`)

func (r rule) key() string { return "rules/" + r.Region + "/" + r.Name + ".json" }

// eventsRequest is what all operations say, together.
type eventsRequest struct {
	Name, Rule, Description, EventPattern, ScheduleExpression, State, EventBusName, NamePrefix string
	Targets                                                                                    []target
	Ids                                                                                        []string
	Entries                                                                                    []struct{ Source, DetailType, Detail, EventBusName string }
}

func (d *Doors) events(name string) operation {
	do := map[string]func(string, eventsRequest) (any, error){
		"PutRule": d.putRule, "DescribeRule": d.describeRule, "ListRules": d.listRules, "DeleteRule": d.deleteRule,
		"PutTargets": d.putTargets, "RemoveTargets": d.removeTargets, "ListTargetsByRule": d.listTargets, "PutEvents": d.putEvents,
	}[name]
	if do == nil {
		return nil
	}
	return func(r *http.Request, dec *json.Decoder) (any, error) {
		scope, _ := sigv4.ParseScope(r) // verified before
		var in eventsRequest
		if err := dec.Decode(&in); err != nil {
			return nil, invalid("the request is no good JSON")
		}
		if bus := path.Base(in.EventBusName); in.EventBusName != "" && bus != "default" {
			return nil, missing("this server has the bus \"default\" alone")
		}
		d.planning.Lock()
		defer d.planning.Unlock()
		return do(scope.Region, in)
	}
}

func (d *Doors) ruleARN(r rule) string {
	return "arn:aws:events:" + r.Region + ":" + d.Account + ":rule/" + r.Name
}

func (d *Doors) rule(region, name string) (rule, error) {
	r := rule{Name: name, Region: region}
	if !ruleName.MatchString(name) || d.load(r.key(), &r) != nil {
		return r, missing("Rule " + name + " does not exist on EventBus default.")
	}
	return r, nil
}

func (d *Doors) putRule(region string, in eventsRequest) (any, error) {
	var pattern map[string]any
	switch {
	case !ruleName.MatchString(in.Name):
		return nil, invalid("a rule's name has 1 to 64 letters, digits, dots, hyphens and underscores")
	case in.ScheduleExpression != "":
		return nil, invalid("this server has no schedules")
	case json.Unmarshal([]byte(in.EventPattern), &pattern) != nil || !sound(pattern):
		return nil, &awsError{"InvalidEventPatternException", "Event pattern is not valid.", http.StatusBadRequest}
	}
	r, err := d.rule(region, in.Name)
	if err != nil {
		r = rule{Name: in.Name, Region: region}
	}
	r.Pattern, r.Description, r.State = json.RawMessage(in.EventPattern), in.Description, "ENABLED"
	if in.State == "DISABLED" {
		r.State = in.State
	}
	return map[string]string{"RuleArn": d.ruleARN(r)}, d.save(r.key(), r)
}

func (d *Doors) shown(r rule) map[string]any {
	return map[string]any{"Name": r.Name, "Arn": d.ruleARN(r), "EventPattern": string(r.Pattern), "State": r.State, "Description": r.Description, "EventBusName": "default"}
}

func (d *Doors) describeRule(region string, in eventsRequest) (any, error) {
	r, err := d.rule(region, in.Name)
	if err != nil {
		return nil, err
	}
	return d.shown(r), nil
}

func (d *Doors) allRules() ([]rule, error) {
	return kept(d, "rules", func(r rule) made { return made{ID: r.Region + r.Name} })
}

func (d *Doors) listRules(region string, in eventsRequest) (any, error) {
	all, err := d.allRules()
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, r := range all {
		if r.Region == region && strings.HasPrefix(r.Name, in.NamePrefix) {
			out = append(out, d.shown(r))
		}
	}
	return map[string]any{"Rules": out}, nil
}

func (d *Doors) deleteRule(region string, in eventsRequest) (any, error) {
	r, err := d.rule(region, in.Name)
	if err != nil {
		return struct{}{}, nil // as on AWS
	}
	if len(r.Targets) > 0 {
		return nil, invalid("Rule can't be deleted since it has targets.")
	}
	return struct{}{}, d.Objects.blobs.Delete(r.key())
}

func (d *Doors) putTargets(region string, in eventsRequest) (any, error) {
	r, err := d.rule(region, in.Rule)
	if err != nil {
		return nil, err
	}
	failed := []any{}
	for _, t := range in.Targets {
		if _, _, ok := d.queueOf(t.Arn); !ok {
			failed = append(failed, map[string]string{"TargetId": t.Id, "ErrorCode": "ResourceNotFoundException", "ErrorMessage": "a target is a queue that is there"})
			continue
		}
		r.Targets = append(slices.DeleteFunc(r.Targets, func(old target) bool { return old.Id == t.Id }), t)
	}
	return map[string]any{"FailedEntryCount": len(failed), "FailedEntries": failed}, d.save(r.key(), r)
}

func (d *Doors) removeTargets(region string, in eventsRequest) (any, error) {
	r, err := d.rule(region, in.Rule)
	if err != nil {
		return nil, err
	}
	r.Targets = slices.DeleteFunc(r.Targets, func(t target) bool { return slices.Contains(in.Ids, t.Id) })
	return map[string]any{"FailedEntryCount": 0, "FailedEntries": []any{}}, d.save(r.key(), r)
}

func (d *Doors) listTargets(region string, in eventsRequest) (any, error) {
	r, err := d.rule(region, in.Rule)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, t := range r.Targets {
		one := map[string]string{"Id": t.Id, "Arn": t.Arn}
		if t.Input != "" {
			one["Input"] = t.Input
		}
		out = append(out, one)
	}
	return map[string]any{"Targets": out}, nil
}

// putEvents publishes events of others; those of aws.* are the services' own.
func (d *Doors) putEvents(region string, in eventsRequest) (any, error) {
	out, bad := []any{}, 0
	for _, e := range in.Entries {
		var detail map[string]any
		if json.Unmarshal([]byte(e.Detail), &detail) != nil || strings.HasPrefix(e.Source, "aws.") || e.Source == "" || e.DetailType == "" {
			bad++
			out = append(out, map[string]string{"ErrorCode": "InvalidArgument", "ErrorMessage": "Source, DetailType and a Detail in JSON are needed, and the source is not aws"})
			continue
		}
		out = append(out, map[string]string{"EventId": d.publish(region, e.Source, e.DetailType, detail)})
	}
	return map[string]any{"FailedEntryCount": bad, "Entries": out}, nil
}

// publish sends an event to the targets of the rules that it fits.
func (d *Doors) publish(region, source, kind string, detail map[string]any) string {
	id := uuid.NewString()
	event := map[string]any{"version": "0", "id": id, "detail-type": kind, "source": source, "account": d.Account,
		"time": d.Now().UTC().Format(time.RFC3339), "region": region, "resources": []any{}, "detail": detail}
	rules, err := d.allRules()
	if err != nil {
		d.Logger.Error("event not delivered: rules can't be read", "error", err)
		return id
	}
	body, err := json.Marshal(event)
	if err != nil {
		return id
	}
	var plain map[string]any
	json.Unmarshal(body, &plain) // numbers as in patterns
	for _, r := range rules {
		var pattern map[string]any
		if r.Region != region || r.State != "ENABLED" || json.Unmarshal(r.Pattern, &pattern) != nil || !fits(pattern, plain) {
			continue
		}
		for _, t := range r.Targets {
			if t.Input != "" {
				d.deliver(t.Arn, t.Input)
				continue
			}
			d.deliver(t.Arn, string(body))
		}
	}
	return id
}

// sound reports whether a pattern is one: members that hold lists or patterns.
func sound(pattern map[string]any) bool {
	for _, v := range pattern {
		switch v := v.(type) {
		case []any:
			if len(v) == 0 {
				return false
			}
		case map[string]any:
			if !sound(v) {
				return false
			}
		default:
			return false
		}
	}
	return len(pattern) > 0
}

// fits reports whether an event has, for each member of the pattern, one of the
// values that its list allows.
func fits(pattern, event map[string]any) bool {
	for name, want := range pattern {
		got, there := event[name]
		switch want := want.(type) {
		case map[string]any:
			inner, ok := got.(map[string]any)
			if !ok || !fits(want, inner) {
				return false
			}
		case []any:
			if !slices.ContainsFunc(want, func(w any) bool { return allows(w, got, there) }) {
				return false
			}
		}
	}
	return true
}

// allows compares one allowed value, or one of the comparisons prefix, suffix,
// exists and anything-but. Of a list, one member is enough.
func allows(want, got any, there bool) bool {
	if list, ok := got.([]any); ok {
		return slices.ContainsFunc(list, func(g any) bool { return allows(want, g, true) })
	}
	rule, ok := want.(map[string]any)
	if !ok {
		return there && want == got
	}
	text, _ := got.(string)
	switch {
	case rule["prefix"] != nil:
		p, ok := rule["prefix"].(string)
		return ok && there && strings.HasPrefix(text, p)
	case rule["suffix"] != nil:
		s, ok := rule["suffix"].(string)
		return ok && there && strings.HasSuffix(text, s)
	case rule["exists"] != nil:
		return rule["exists"] == there
	case rule["anything-but"] != nil:
		not, ok := rule["anything-but"].([]any)
		if !ok {
			not = []any{rule["anything-but"]}
		}
		return there && !slices.Contains(not, got)
	}
	return false
}

// jobEvents are BDA's words for the states of a job: in the event's name, and in
// its detail.
var jobEvents = map[string][2]string{
	bda.Created: {"Created", "CREATED"}, bda.Success: {"Succeeded", "SUCCESS"},
	bda.ClientError: {"Failed With Client Error", "CLIENT_ERROR"}, bda.ServiceError: {"Failed With Service Error", "SERVICE_ERROR"},
}

// announce tells EventBridge's subscribers where a job is, if the job is to.
func (d *Doors) announce(j bdaJob, state string) {
	words, ok := jobEvents[state]
	if !ok || !j.Notify {
		return
	}
	bucket, prefix, _ := strings.Cut(j.folder(), "/")
	d.publish(j.Region, "aws.bedrock", "Bedrock Data Automation Job "+words[0], map[string]any{
		"job_id": j.ID, "job_status": words[1], "semantic_modality": "Document", "error_message": j.Error,
		"input_s3_object":    map[string]string{"s3_bucket": j.Input.Bucket, "name": j.Input.Key},
		"output_s3_location": map[string]string{"s3_bucket": bucket, "name": prefix + "0"}})
}

// lakeEvents are HealthLake's words for the states of a job.
var lakeEvents = map[string]string{submitted: "Submitted", queued: "Queued", inProgress: "In Progress", completed: "Completed",
	withErrors: "Completed With Errors", failed: "Failed"}

// announceLake tells EventBridge's subscribers what became of a HealthLake job.
func (d *Doors) announceLake(w laneWork, j lakeJob) {
	detail := map[string]any{"jobId": j.ID, "submitTime": j.Submitted.Format(time.RFC3339), "datastoreId": j.Datastore}
	if j.Input != "" {
		detail["inputDataConfig"] = map[string]string{"s3Uri": j.Input}
	} else {
		detail["outputDataConfig"] = map[string]string{"s3Uri": w.place(j).URI()}
	}
	d.publish(j.Region, "aws.healthlake", w.kind+" Job "+lakeEvents[j.State], detail)
}
