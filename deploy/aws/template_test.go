package template

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud/sdk"
)

var update = flag.Bool("update", false, "renew the blueprint in the template")

var schemaLine = regexp.MustCompile(`(?m)^      Schema: .*$`)

// object is a mapping of the template.
type object = map[string]any

// value is a node as CloudFormation reads it: !Ref x is {"Ref": x} and so on.
func value(n *yaml.Node) any {
	plain := *n
	tag := n.Tag
	if strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") {
		plain.Tag = ""
		name := "Fn::" + tag[1:]
		if tag == "!Ref" || tag == "!Condition" {
			name = tag[1:]
		}
		return object{name: value(&plain)}
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return value(n.Content[0])
	case yaml.MappingNode:
		m := object{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = value(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		all := []any{}
		for _, c := range n.Content {
			all = append(all, value(c))
		}
		return all
	case yaml.AliasNode:
		panic("CloudFormation knows no YAML aliases")
	}
	var v any
	if err := plain.Decode(&v); err != nil {
		panic(err)
	}
	return v
}

func load(t *testing.T) object { return parse(t, Text()) }

func parse(t *testing.T, text string) object {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(err)
	}
	return value(&n).(object)
}

// all are the template and the nested ones, by name.
func all(t *testing.T) map[string]object {
	t.Helper()
	docs := map[string]object{"template.yaml": load(t)}
	for name, text := range Parts() {
		docs[name] = parse(t, text)
	}
	return docs
}

// resources are those of all templates, by name, which no two share.
func resources(t *testing.T) map[string]object {
	t.Helper()
	m := map[string]object{}
	for _, doc := range all(t) {
		for name, r := range doc["Resources"].(object) {
			if m[name] != nil {
				t.Errorf("%s is there twice", name)
			}
			m[name] = r.(object)
		}
	}
	return m
}

// of returns the properties of all resources of a type, by name.
func of(t *testing.T, kind string) map[string]object {
	t.Helper()
	found := map[string]object{}
	for name, r := range resources(t) {
		if r["Type"] == kind {
			p, _ := r["Properties"].(object)
			found[name] = p
		}
	}
	if len(found) == 0 {
		t.Fatalf("no %s in the template", kind)
	}
	return found
}

func get(v any, path ...string) any {
	for _, p := range path {
		m, _ := v.(object)
		v = m[p]
	}
	return v
}

func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	if v == nil {
		return nil
	}
	return []any{v}
}

// statements walks all policy statements, with the path to each.
func statements(v any, path string, f func(path string, s object)) {
	switch v := v.(type) {
	case object:
		if v["Effect"] != nil {
			f(path, v)
			return
		}
		for k, x := range v {
			statements(x, path+"/"+k, f)
		}
	case []any:
		for i, x := range v {
			statements(x, fmt.Sprintf("%s/%d", path, i), f)
		}
	}
}

func TestBlueprintIsTheRepositorys(t *testing.T) {
	if *update {
		var b bytes.Buffer
		if err := json.Compact(&b, blueprint.JSON()); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"template.yaml": Text(), "server.yaml": Server()} {
			renewed := schemaLine.ReplaceAllLiteralString(text, "      Schema: "+strings.ReplaceAll(strings.ReplaceAll(b.String(), `":`, `": `), `,"`, `, "`))
			if err := os.WriteFile(name, []byte(renewed), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	var want any
	if err := json.Unmarshal(blueprint.JSON(), &want); err != nil {
		t.Fatal(err)
	}
	for _, p := range []any{of(t, "AWS::Bedrock::Blueprint")["Blueprint"], get(parse(t, Server()), "Resources", "ServerBlueprint", "Properties")} {
		if !reflect.DeepEqual(get(p, "Schema"), want) {
			t.Error("the blueprint in the template is another; go test ./deploy/aws -update")
		}
	}
	if bad := blueprint.Check(blueprint.JSON()); bad != nil {
		t.Errorf("BDA would refuse the blueprint: %v", bad)
	}
}

// real are the actions that the template may allow; each is in the services' own
// lists (service authorization reference, read 2026-11).
var real = []string{
	"bedrock:InvokeDataAutomationAsync", "bedrock:GetDataAutomationStatus",
	"healthlake:ProcessBundle", "healthlake:CreateResource", "healthlake:UpdateResource", "healthlake:StartFHIRImportJob", "healthlake:ListFHIRImportJobs",
	"iam:PassRole", "sts:AssumeRole", "logs:CreateLogStream", "logs:PutLogEvents",
	"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketAcl",
	"s3:GetBucketPublicAccessBlock", "s3:GetEncryptionConfiguration",
	"sns:Publish", "logs:DescribeLogStreams", "logs:DescribeLogGroups",
	"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
	"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:CreateGrant", "kms:Decrypt", "kms:DeleteAlias", "kms:DescribeKey",
	"kms:DisableKey", "kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:Encrypt", "kms:GenerateDataKey",
	"kms:GenerateDataKeyWithoutPlaintext", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies",
	"kms:ListResourceTags", "kms:PutKeyPolicy", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:RetireGrant", "kms:RevokeGrant",
	"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
}

func TestLeastPrivilege(t *testing.T) {
	n := 0
	top := object{}
	for name, r := range resources(t) {
		top[name] = r
	}
	statements(top, "", func(path string, s object) {
		n++
		if s["Effect"] != "Allow" {
			return
		}
		if ofInterfaces(t, path, s) {
			return
		}
		for _, a := range list(s["Action"]) {
			if !slices.Contains(real, a.(string)) {
				t.Errorf("%s allows %s", path, a)
			}
		}
		if s["NotAction"] != nil || s["NotResource"] != nil || s["NotPrincipal"] != nil {
			t.Errorf("%s allows by exclusion", path)
		}
		// In a key's policy "*" is the key itself.
		for _, r := range list(s["Resource"]) {
			if r == "*" && !strings.Contains(path, "/KeyPolicy/") {
				t.Errorf("%s allows on every resource", path)
			}
			if text := fmt.Sprint(r); strings.Contains(text, ":::*") || strings.Contains(text, "datastore/fhir/*") {
				t.Errorf("%s allows on %s", path, text)
			}
		}
		if p := s["Principal"]; (p == "*" || get(p, "AWS") == "*") && !reflect.DeepEqual(get(s, "Condition", "StringEquals", "aws:PrincipalAccount"), object{"Ref": "AWS::AccountId"}) {
			t.Errorf("%s allows everybody", path)
		}
		if svc := get(s, "Principal", "Service"); svc != nil && svc != "lambda.amazonaws.com" && s["Condition"] == nil {
			t.Errorf("%s allows %v for every account", path, svc)
		}
		if slices.Contains(list(s["Action"]), any("iam:PassRole")) && get(s, "Condition", "StringEquals", "iam:PassedToService") == nil {
			t.Errorf("%s passes roles to any service", path)
		}
	})
	if n < 20 {
		t.Errorf("only %d statements seen", n)
	}
}

// ofInterfaces reports whether a statement is what Lambda needs to put a function
// into a network. It asks for it on every resource, so the same must be denied to
// the function itself.
func ofInterfaces(t *testing.T, path string, s object) bool {
	actions := list(s["Action"])
	if !strings.HasPrefix(fmt.Sprint(actions[0]), "ec2:") {
		return false
	}
	role := resources(t)[strings.Split(path, "/")[1]]
	function := strings.ToLower(strings.TrimSuffix(strings.Split(path, "/")[1], "Role"))
	denied := false
	statements(role, "", func(_ string, other object) {
		arn := get(other, "Condition", "ArnEquals", "lambda:SourceFunctionArn", "Fn::Sub")
		denied = denied || other["Effect"] == "Deny" && other["Resource"] == "*" && reflect.DeepEqual(other["Action"], s["Action"]) && strings.HasSuffix(fmt.Sprint(arn), ":function:${AWS::StackName}-"+function)
	})
	for _, a := range actions {
		if !slices.Contains([]any{"ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
			"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses"}, a) {
			t.Errorf("%s allows %s", path, a)
		}
	}
	if !denied || !strings.HasPrefix(path, "/TriggerRole/") && !strings.HasPrefix(path, "/ProcessorRole/") {
		t.Errorf("%s: the function itself may change interfaces", path)
	}
	return true
}

func TestBucketsArePrivateEncryptedVersionedAndTLSOnly(t *testing.T) {
	denied := map[any]bool{}
	for _, p := range of(t, "AWS::S3::BucketPolicy") {
		statements(p, "", func(_ string, s object) {
			if s["Effect"] == "Deny" && s["Principal"] == "*" && s["Action"] == "s3:*" && get(s, "Condition", "Bool", "aws:SecureTransport") == "false" && len(list(s["Resource"])) == 2 {
				denied[get(p, "Bucket", "Ref")] = true
			}
		})
	}
	for name, p := range of(t, "AWS::S3::Bucket") {
		for _, k := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
			if get(p, "PublicAccessBlockConfiguration", k) != true {
				t.Errorf("%s: %s is off", name, k)
			}
		}
		if get(p, "BucketEncryption", "ServerSideEncryptionConfiguration") == nil || get(p, "VersioningConfiguration", "Status") != "Enabled" || !denied[name] {
			t.Errorf("%s is not encrypted, or not versioned, or not TLS only", name)
		}
		if len(list(get(p, "LifecycleConfiguration", "Rules"))) == 0 {
			t.Errorf("%s keeps what was begun and never finished", name)
		}
	}
}

func TestQueues(t *testing.T) {
	queues := of(t, "AWS::SQS::Queue")
	functions := map[string]int{}
	for name, p := range of(t, "AWS::Lambda::Function") {
		functions[name] = p["Timeout"].(int)
	}
	for name, q := range queues {
		if q["KmsMasterKeyId"] == nil {
			t.Errorf("%s is not encrypted", name)
		}
		if strings.HasSuffix(name, "DeadLetters") {
			continue
		}
		to, _ := get(q, "RedrivePolicy", "deadLetterTargetArn", "Fn::GetAtt").(string)
		if _, ok := queues[strings.TrimSuffix(to, ".Arn")]; !ok {
			t.Errorf("%s has no dead letters", name)
		}
		if f := strings.TrimSuffix(name, "Queue"); q["VisibilityTimeout"].(int) < 6*functions[f] || name != "ReviewQueue" && functions[f] == 0 {
			t.Errorf("%s: messages come back while %s may still work on them", name, f)
		}
	}
	for name, s := range of(t, "AWS::Lambda::EventSourceMapping") {
		if !slices.Contains(list(s["FunctionResponseTypes"]), any("ReportBatchItemFailures")) || get(s, "ScalingConfig", "MaximumConcurrency") == nil {
			t.Errorf("%s repeats whole batches, or without bound", name)
		}
	}
}

// The environment is exactly what the code reads.
func TestEnvironment(t *testing.T) {
	for name, want := range map[string][]string{"Trigger": sdk.TriggerEnvironment, "Processor": sdk.ProcessorEnvironment} {
		f := of(t, "AWS::Lambda::Function")[name]
		got := slices.Sorted(maps.Keys(get(f, "Environment", "Variables").(object)))
		if name == "Processor" {
			want = append(slices.Clone(want), sdk.OptionalEnvironment...)
		}
		if !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s has %v, reads %v", name, got, want)
		}
		if f["Handler"] != strings.ToLower(name) || f["Runtime"] != "provided.al2023" || f["ReservedConcurrentExecutions"] == nil || f["KmsKeyArn"] == nil {
			t.Errorf("%s: %v", name, f)
		}
	}
}

// What BDA runs at once by default (bda-limits, read 2026-11): more would be
// throttled. The same bound twice: of the function, and of what the queue gives it.
func TestConcurrencyIsBelowBDAs(t *testing.T) {
	const jobs = 25
	if most, _ := get(load(t), "Parameters", "TriggerConcurrency", "MaxValue").(int); most == 0 || most >= jobs {
		t.Errorf("as many as %d messages are begun at once", most)
	}
	for _, name := range []string{"Trigger", "Processor"} {
		bound := object{"Ref": name + "Concurrency"}
		f, source := resources(t)[name], resources(t)[name+"Source"]
		if !reflect.DeepEqual(get(f, "Properties", "ReservedConcurrentExecutions"), bound) || !reflect.DeepEqual(get(source, "Properties", "ScalingConfig", "MaximumConcurrency"), bound) {
			t.Errorf("%s is not bound by %v", name, bound)
		}
	}
}

func TestWhatMustOutliveTheStack(t *testing.T) {
	for name, r := range resources(t) {
		switch get(r, "Type") {
		case "AWS::HealthLake::FHIRDatastore", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Logs::LogGroup":
			if get(r, "DeletionPolicy") != "Retain" || get(r, "UpdateReplacePolicy") != "Retain" {
				t.Errorf("%s would go with the stack", name)
			}
		}
	}
	for name, d := range of(t, "AWS::HealthLake::FHIRDatastore") {
		if get(d, "SseConfiguration", "KmsEncryptionConfig", "CmkType") != "CUSTOMER_MANAGED_KMS_KEY" || d["PreloadDataConfig"] != nil {
			t.Errorf("%s is not under our key, or has invented data", name)
		}
	}
}

func TestLogsAlarmsAndRules(t *testing.T) {
	for name, l := range of(t, "AWS::Logs::LogGroup") {
		if l["RetentionInDays"] == nil || l["KmsKeyId"] == nil {
			t.Errorf("%s is kept for ever, or not encrypted", name)
		}
	}
	watched := map[string]bool{}
	for name, a := range of(t, "AWS::CloudWatch::Alarm") {
		if len(list(a["AlarmActions"])) == 0 {
			t.Errorf("%s tells nobody", name)
		}
		for _, d := range list(a["Dimensions"]) {
			watched[fmt.Sprint(a["MetricName"], get(d, "Value"))] = true
		}
	}
	for name := range of(t, "AWS::SQS::Queue") {
		if strings.HasSuffix(name, "DeadLetters") && !watched[fmt.Sprint("ApproximateNumberOfMessagesVisible", object{"Fn::GetAtt": name + ".QueueName"})] {
			t.Errorf("nobody is told of %s", name)
		}
	}
	kinds := fmt.Sprint(of(t, "AWS::Events::Rule"))
	for _, want := range []string{"Job Succeeded", "Job Failed With Client Error", "Job Failed With Service Error", "Import Job Completed With Errors", "Import Job Failed", "rate("} {
		if !strings.Contains(kinds, want) {
			t.Errorf("no rule for %s", want)
		}
	}
}

// CloudTrail sees each object of the buckets with records, and HealthLake's calls,
// which are management events.
func TestTrail(t *testing.T) {
	for name, trail := range of(t, "AWS::CloudTrail::Trail") {
		selector := list(trail["EventSelectors"])[0]
		data := list(get(selector, "DataResources"))[0]
		for bucket, b := range of(t, "AWS::S3::Bucket") {
			if bucket != "AuditBucket" && !slices.ContainsFunc(list(get(data, "Values")), func(v any) bool { return reflect.DeepEqual(v, object{"Fn::Sub": "${" + bucket + ".Arn}/"}) }) {
				t.Errorf("%s does not see %s (%v)", name, bucket, b["BucketName"])
			}
		}
		if get(selector, "IncludeManagementEvents") != true || get(selector, "ReadWriteType") != "All" || get(data, "Type") != "AWS::S3::Object" || trail["IsLogging"] != true || trail["EnableLogFileValidation"] != true {
			t.Errorf("%s: %v", name, trail)
		}
	}
}

// Scans begin jobs, all of them; and of what is written elsewhere, the Bundles
// alone are told of.
func TestWhatIsToldOf(t *testing.T) {
	buckets := of(t, "AWS::S3::Bucket")
	told := list(get(buckets["InputBucket"], "NotificationConfiguration", "QueueConfigurations"))
	if len(told) != 1 || get(told[0], "Event") != "s3:ObjectCreated:*" || get(told[0], "Filter") != nil || !reflect.DeepEqual(get(told[0], "Queue"), object{"Fn::GetAtt": "TriggerQueue.Arn"}) {
		t.Errorf("of scans: %v", told)
	}
	if get(buckets["OutputBucket"], "NotificationConfiguration", "QueueConfigurations") != nil {
		t.Error("what the functions write would begin jobs")
	}
	rule := of(t, "AWS::Events::Rule")["FanoutRule"]
	if keys := list(get(rule, "EventPattern", "detail", "object", "key")); len(keys) != 1 || get(keys[0], "wildcard") != "fhir/*/bundle.json" {
		t.Errorf("of FHIR: %v", keys)
	}
	for name, topic := range of(t, "AWS::SNS::Topic") {
		if topic["KmsMasterKeyId"] == nil {
			t.Errorf("%s is not encrypted", name)
		}
	}
}

// The dashboard is JSON, and shows every function and every queue that is always there.
func TestDashboard(t *testing.T) {
	for name, d := range of(t, "AWS::CloudWatch::Dashboard") {
		body := fmt.Sprint(get(d, "DashboardBody", "Fn::Sub"))
		if !json.Valid([]byte(body)) {
			t.Errorf("%s is no JSON", name)
		}
		for _, kind := range []string{"AWS::SQS::Queue", "AWS::Lambda::Function"} {
			for what := range of(t, kind) {
				if resources(t)[what]["Condition"] == nil && !strings.Contains(body, "${"+what) {
					t.Errorf("%s does not show %s", name, what)
				}
			}
		}
	}
}

func TestRegionsHaveTheirProfile(t *testing.T) {
	for region, m := range get(load(t), "Mappings", "Regions").(object) {
		if want, err := bda.ProfilePrefix(region); err != nil || get(m, "Profile") != want {
			t.Errorf("%s: %v, want %s (%v)", region, m, want, err)
		}
	}
}

// All that is referred to is there.
func TestReferences(t *testing.T) {
	for name, doc := range all(t) {
		t.Run(name, func(t *testing.T) { references(t, doc) })
	}
}

func references(t *testing.T, doc object) {
	known := map[string]bool{}
	for _, part := range []string{"Resources", "Parameters"} {
		for name := range doc[part].(object) {
			known[name] = true
		}
	}
	variable := regexp.MustCompile(`\$\{([A-Za-z0-9]+)[.}]`)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case object:
			for k, x := range v {
				s, _ := x.(string)
				name, _, _ := strings.Cut(s, ".")
				if (k == "Ref" || k == "Fn::GetAtt") && !known[name] && !strings.HasPrefix(s, "AWS::") {
					t.Errorf("%s %s leads nowhere", k, s)
				}
				own := map[string]bool{}
				if l := list(x); k == "Fn::Sub" && len(l) == 2 { // with variables of its own
					s, _ = l[0].(string)
					for n := range l[1].(object) {
						own[n] = true
					}
				}
				if k == "Fn::Sub" && s != "" {
					for _, m := range variable.FindAllStringSubmatch(s, -1) {
						if !known[m[1]] && !own[m[1]] {
							t.Errorf("${%s} leads nowhere", m[1])
						}
					}
				}
				walk(x)
			}
		}
	}
	walk(doc["Resources"])
	walk(doc["Outputs"])
	conditions, _ := doc["Conditions"].(object)
	for _, part := range []string{"Resources", "Outputs"} {
		for name, x := range doc[part].(object) {
			if c, ok := get(x, "Condition").(string); ok && conditions[c] == nil {
				t.Errorf("%s is there on condition of %s, which is not", name, c)
			}
		}
	}
}

// docs/aws.md names every parameter, every Region, and every action of the roles.
func TestDocumentIsComplete(t *testing.T) {
	data, err := os.ReadFile("../../docs/aws.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for name := range load(t)["Parameters"].(object) {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("nothing of the parameter %s", name)
		}
	}
	for region := range get(load(t), "Mappings", "Regions").(object) {
		if !strings.Contains(text, region) {
			t.Errorf("nothing of %s", region)
		}
	}
	for name, role := range of(t, "AWS::IAM::Role") {
		statements(role["Policies"], name, func(path string, s object) {
			for _, a := range list(s["Action"]) {
				if !strings.Contains(text, "`"+a.(string)+"`") {
					t.Errorf("nothing of %s, which %s allows", a, path)
				}
			}
		})
	}
}

// What the roles allow the endpoints let through, and nothing else.
func TestEndpointsLetThroughWhatRolesAllow(t *testing.T) {
	through := map[string]bool{}
	for _, e := range of(t, "AWS::EC2::VPCEndpoint") {
		statements(e["PolicyDocument"], "", func(_ string, s object) {
			for _, a := range list(s["Action"]) {
				through[a.(string)] = true
			}
		})
	}
	queues := fmt.Sprint(get(resources(t)["PrivateNetwork"], "Properties", "Parameters", "Queues"))
	asked := map[string]bool{}
	for _, role := range []string{"TriggerRole", "ProcessorRole"} {
		statements(resources(t)[role], role, func(path string, s object) {
			for _, a := range list(s["Action"]) {
				service, _, _ := strings.Cut(a.(string), ":")
				// Lambda reads the queue itself, from elsewhere.
				if service != "s3" && service != "healthlake" && a != "sqs:SendMessage" {
					continue
				}
				asked[a.(string)] = true
				if !through[a.(string)] {
					t.Errorf("%s: no endpoint lets %s through", path, a)
				}
				if a == "sqs:SendMessage" {
					for _, m := range regexp.MustCompile(`[A-Za-z]+\.Arn`).FindAllString(fmt.Sprint(s["Resource"]), -1) {
						if !strings.Contains(queues, m) {
							t.Errorf("%s: the endpoint does not let through to %s", path, m)
						}
					}
				}
			}
		})
	}
	for a := range through {
		if !asked[a] {
			t.Errorf("an endpoint lets through %s, which nobody may", a)
		}
	}
}

// The stack for a server of one's own: nothing stays in its bucket, and its policy
// is as tight as the functions' roles.
func TestServer(t *testing.T) {
	doc := parse(t, Server())
	references(t, doc)
	if n := len(Server()); n > 51200 {
		t.Errorf("server.yaml has %d bytes; CloudFormation takes 51,200 that do not lie in S3", n)
	}
	bucket := get(doc, "Resources", "WayBucket", "Properties")
	rule := list(get(bucket, "LifecycleConfiguration", "Rules"))[0]
	if get(bucket, "VersioningConfiguration") != nil || get(rule, "ExpirationInDays") != 1 || get(rule, "Prefix") != nil || get(rule, "Status") != "Enabled" {
		t.Errorf("papers stay in %v", bucket)
	}
	for _, k := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
		if get(bucket, "PublicAccessBlockConfiguration", k) != true {
			t.Errorf("%s is off", k)
		}
	}
	if !reflect.DeepEqual(get(list(get(bucket, "BucketEncryption", "ServerSideEncryptionConfiguration"))[0], "ServerSideEncryptionByDefault", "KMSMasterKeyID"), object{"Fn::GetAtt": "WayKey.Arn"}) {
		t.Error("the bucket is not under its key")
	}
	tls := false
	statements(doc["Resources"], "", func(path string, s object) {
		tls = tls || s["Effect"] == "Deny" && s["Action"] == "s3:*" && s["Principal"] == "*" && get(s, "Condition", "Bool", "aws:SecureTransport") == "false"
		if s["Effect"] != "Allow" {
			return
		}
		for _, a := range list(s["Action"]) {
			if !slices.Contains(real, a.(string)) {
				t.Errorf("%s allows %s", path, a)
			}
		}
		if slices.Contains(list(s["Resource"]), any("*")) && !strings.Contains(path, "/KeyPolicy/") {
			t.Errorf("%s allows on every resource", path)
		}
	})
	if !tls {
		t.Error("the bucket is open to more than TLS")
	}
	whole, part := resources(t)["Project"], get(doc, "Resources", "ServerProject")
	for _, k := range []string{"StandardOutputConfiguration", "OverrideConfiguration"} {
		if !reflect.DeepEqual(get(whole, "Properties", k), get(part, "Properties", k)) {
			t.Errorf("another %s than the whole stack's", k)
		}
	}
	for region, m := range get(doc, "Mappings", "Regions").(object) {
		if want, err := bda.ProfilePrefix(region); err != nil || get(m, "Profile") != want {
			t.Errorf("%s: %v, want %s (%v)", region, m, want, err)
		}
	}
}

func TestSize(t *testing.T) {
	for name, text := range map[string]string{"template.yaml": Text(), "network.yaml": Parts()["network.yaml"]} {
		if n := len(text); n > 1<<20 {
			t.Errorf("%s has %d bytes; CloudFormation takes 1 MB from S3", name, n)
		}
	}
}

// Nested stacks take their templates from where deploy puts them, and are given
// what they ask for.
func TestNestedStacks(t *testing.T) {
	for name, p := range of(t, "AWS::CloudFormation::Stack") {
		url := fmt.Sprint(get(p, "TemplateURL", "Fn::Sub"))
		key := url[strings.LastIndex(url, "/")+1:]
		doc := all(t)[key]
		if doc == nil || !strings.HasPrefix(url, "https://${CodeBucket}.s3.${AWS::Region}.") {
			t.Fatalf("%s comes from %s", name, url)
		}
		given, asked := slices.Sorted(maps.Keys(p["Parameters"].(object))), slices.Sorted(maps.Keys(doc["Parameters"].(object)))
		if !slices.Equal(given, asked) {
			t.Errorf("%s is given %v, asks for %v", name, given, asked)
		}
		text := fmt.Sprint(load(t)["Resources"])
		for _, m := range regexp.MustCompile(name+`\.Outputs\.([A-Za-z]+)`).FindAllStringSubmatch(text, -1) {
			if get(doc, "Outputs", m[1]) == nil {
				t.Errorf("%s puts out no %s", name, m[1])
			}
		}
	}
}

// The network has no way out but the endpoints, and one for each service that the
// functions' roles may call.
func TestNetworkIsClosed(t *testing.T) {
	doc := all(t)["network.yaml"]
	services := map[string]bool{}
	for name, r := range doc["Resources"].(object) {
		switch kind := get(r, "Type").(string); kind {
		case "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route", "AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::VPCGatewayAttachment":
			t.Errorf("%s is a way out", name)
		case "AWS::EC2::Subnet":
			if get(r, "Properties", "MapPublicIpOnLaunch") != false {
				t.Errorf("%s gives public addresses", name)
			}
		case "AWS::EC2::VPCEndpoint":
			service := fmt.Sprint(get(r, "Properties", "ServiceName", "Fn::Sub"))
			services[strings.TrimPrefix(service, "com.amazonaws.${AWS::Region}.")] = true
		}
	}
	endpoint := map[string]string{"s3": "s3", "sqs": "sqs", "healthlake": "healthlake", "bedrock": "bedrock-data-automation-runtime"}
	// Those that the function does not call itself: Lambda, S3 and HealthLake do.
	others := []string{"logs", "kms", "iam", "sts", "ec2"}
	for _, role := range []string{"TriggerRole", "ProcessorRole"} {
		statements(resources(t)[role], "", func(path string, s object) {
			for _, a := range list(s["Action"]) {
				service, _, _ := strings.Cut(a.(string), ":")
				if !services[endpoint[service]] && !slices.Contains(others, service) {
					t.Errorf("%s: no endpoint for %s", role, a)
				}
			}
		})
	}
}

func TestCfnLint(t *testing.T) {
	tool, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("cfn-lint is not installed (pip install cfn-lint); the template's invariants are tested all the same")
	}
	args := []string{"-r"}
	args = append(args, slices.Sorted(maps.Keys(get(load(t), "Mappings", "Regions").(object)))...)
	out, err := exec.Command(tool, append(args, "--", "template.yaml", "network.yaml", "server.yaml")...).CombinedOutput()
	if err != nil {
		t.Errorf("cfn-lint: %v\n%s", err, out)
	}
}
