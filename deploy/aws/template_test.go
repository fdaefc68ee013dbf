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

func load(t *testing.T) object {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(Text()), &n); err != nil {
		t.Fatal(err)
	}
	return value(&n).(object)
}

// of returns the properties of all resources of a type, by name.
func of(t *testing.T, kind string) map[string]object {
	t.Helper()
	all := map[string]object{}
	for name, r := range load(t)["Resources"].(object) {
		if r.(object)["Type"] == kind {
			p, _ := r.(object)["Properties"].(object)
			all[name] = p
		}
	}
	if len(all) == 0 {
		t.Fatalf("no %s in the template", kind)
	}
	return all
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
		renewed := schemaLine.ReplaceAllLiteralString(Text(), "      Schema: "+strings.ReplaceAll(strings.ReplaceAll(b.String(), `":`, `": `), `,"`, `, "`))
		if err := os.WriteFile("template.yaml", []byte(renewed), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	var want any
	if err := json.Unmarshal(blueprint.JSON(), &want); err != nil {
		t.Fatal(err)
	}
	for _, p := range of(t, "AWS::Bedrock::Blueprint") {
		if !reflect.DeepEqual(p["Schema"], want) {
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
	"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
	"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:CreateGrant", "kms:Decrypt", "kms:DeleteAlias", "kms:DescribeKey",
	"kms:DisableKey", "kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:Encrypt", "kms:GenerateDataKey",
	"kms:GenerateDataKeyWithoutPlaintext", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies",
	"kms:ListResourceTags", "kms:PutKeyPolicy", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:RetireGrant", "kms:RevokeGrant",
	"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
}

func TestLeastPrivilege(t *testing.T) {
	n := 0
	statements(load(t)["Resources"], "", func(path string, s object) {
		n++
		if s["Effect"] != "Allow" {
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
		if p := s["Principal"]; p == "*" || get(p, "AWS") == "*" {
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
		if f := strings.TrimSuffix(name, "Queue"); q["VisibilityTimeout"].(int) < 6*functions[f] {
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
		if !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s has %v, reads %v", name, got, want)
		}
		if f["Handler"] != strings.ToLower(name) || f["Runtime"] != "provided.al2023" || f["ReservedConcurrentExecutions"] == nil || f["KmsKeyArn"] == nil {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestWhatMustOutliveTheStack(t *testing.T) {
	for name, r := range load(t)["Resources"].(object) {
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

func TestRegionsHaveTheirProfile(t *testing.T) {
	for region, m := range get(load(t), "Mappings", "Regions").(object) {
		if want, err := bda.ProfilePrefix(region); err != nil || get(m, "Profile") != want {
			t.Errorf("%s: %v, want %s (%v)", region, m, want, err)
		}
	}
}

// All that is referred to is there.
func TestReferences(t *testing.T) {
	doc := load(t)
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
				if k == "Fn::Sub" && s != "" {
					for _, m := range variable.FindAllStringSubmatch(s, -1) {
						if !known[m[1]] {
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
}

func TestSize(t *testing.T) {
	if n := len(Text()); n > 1<<20 {
		t.Errorf("the template has %d bytes; CloudFormation takes 1 MB from S3", n)
	}
}

func TestCfnLint(t *testing.T) {
	tool, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("cfn-lint is not installed (pip install cfn-lint); the template's invariants are tested all the same")
	}
	args := []string{"-r"}
	args = append(args, slices.Sorted(maps.Keys(get(load(t), "Mappings", "Regions").(object)))...)
	out, err := exec.Command(tool, append(args, "--", "template.yaml")...).CombinedOutput()
	if err != nil {
		t.Errorf("cfn-lint: %v\n%s", err, out)
	}
}
