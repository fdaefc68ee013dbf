package doors

import (
	"context"
	"errors"
	"fmt"

	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	plan "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation"
	ptypes "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockdataautomationruntime/types"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
)

const small = `{"$schema":"http://json-schema.org/draft-07/schema#","class":"Card","description":"an insurance card","type":"object",
"properties":{"insurance_member_id":{"type":"string","inferenceType":"explicit","instruction":"The member's number."}}}`

func token(n int) *string { return aws.String(fmt.Sprintf("%040d", n)) }

func createBlueprint(t *testing.T, c *plan.Client, name, schema string, n int) (string, error) {
	t.Helper()
	out, err := c.CreateBlueprint(t.Context(), &plan.CreateBlueprintInput{BlueprintName: aws.String(name), Type: ptypes.TypeDocument,
		Schema: aws.String(schema), ClientToken: token(n), Tags: []ptypes.Tag{{Key: aws.String("team"), Value: aws.String("records")}}})
	if err != nil {
		return "", err
	}
	return *out.Blueprint.BlueprintArn, nil
}

func standard() *ptypes.StandardOutputConfiguration {
	return &ptypes.StandardOutputConfiguration{Document: &ptypes.DocumentStandardOutputConfiguration{
		Extraction: &ptypes.DocumentStandardExtraction{Granularity: &ptypes.DocumentExtractionGranularity{Types: []ptypes.DocumentExtractionGranularityType{"DOCUMENT"}},
			BoundingBox: &ptypes.DocumentBoundingBox{State: ptypes.StateDisabled}},
		GenerativeField: &ptypes.DocumentStandardGenerativeField{State: ptypes.StateDisabled}}}
}

func projectOf(name string, arns ...string) *plan.CreateDataAutomationProjectInput {
	in := &plan.CreateDataAutomationProjectInput{ProjectName: aws.String(name), ProjectDescription: aws.String("records"), StandardOutputConfiguration: standard(),
		CustomOutputConfiguration: &ptypes.CustomOutputConfiguration{},
		OverrideConfiguration:     &ptypes.OverrideConfiguration{Document: &ptypes.DocumentOverrideConfiguration{Splitter: &ptypes.SplitterConfiguration{State: ptypes.StateEnabled}}}}
	for _, a := range arns {
		in.CustomOutputConfiguration.Blueprints = append(in.CustomOutputConfiguration.Blueprints, ptypes.BlueprintItem{BlueprintArn: aws.String(a)})
	}
	return in
}

func TestBlueprints(t *testing.T) {
	dir := t.TempDir()
	cfg, d := open(t, dir, nil)
	c := plan.NewFromConfig(cfg)
	arn, err := createBlueprint(t, c, "card", small, 1)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := createBlueprint(t, c, "card", small, 1); err != nil || again != arn {
		t.Errorf("the same token gives %s, %v", again, err)
	}
	if _, err := createBlueprint(t, c, "card", small, 2); code(err) != "ConflictException" {
		t.Errorf("the same name: %v", err)
	}
	if v, err := c.CreateBlueprintVersion(t.Context(), &plan.CreateBlueprintVersionInput{BlueprintArn: aws.String(arn)}); err != nil || *v.Blueprint.BlueprintVersion != "1" {
		t.Fatalf("%+v, %v", v, err)
	}
	changed := strings.Replace(small, "insurance card", "membership card", 1)
	if _, err := c.UpdateBlueprint(t.Context(), &plan.UpdateBlueprintInput{BlueprintArn: aws.String(arn), Schema: aws.String(changed)}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdateBlueprint(t.Context(), &plan.UpdateBlueprintInput{BlueprintArn: aws.String(arn), Schema: aws.String(small), BlueprintStage: ptypes.BlueprintStageDevelopment}); err != nil {
		t.Fatal(err)
	}
	// What was made outlives the process.
	d.Close()
	cfg, _ = open(t, dir, nil)
	c = plan.NewFromConfig(cfg)
	for version, want := range map[string]string{"": changed, "1": small} {
		in := &plan.GetBlueprintInput{BlueprintArn: aws.String(arn)}
		if version != "" {
			in.BlueprintVersion = aws.String(version)
		}
		out, err := c.GetBlueprint(t.Context(), in)
		if err != nil || *out.Blueprint.Schema != want || out.Blueprint.CreationTime.IsZero() || *out.Blueprint.BlueprintName != "card" {
			t.Errorf("version %q: %+v, %v", version, out, err)
		}
	}
	if got, err := c.ListTagsForResource(t.Context(), &plan.ListTagsForResourceInput{ResourceARN: aws.String(arn)}); err != nil || len(got.Tags) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := c.DeleteBlueprint(t.Context(), &plan.DeleteBlueprintInput{BlueprintArn: aws.String(arn), BlueprintVersion: aws.String("1")}); err != nil {
		t.Error(err)
	}
	if v, err := c.CreateBlueprintVersion(t.Context(), &plan.CreateBlueprintVersionInput{BlueprintArn: aws.String(arn)}); err != nil || *v.Blueprint.BlueprintVersion != "2" {
		t.Errorf("a number is given twice: %+v, %v", v, err)
	}
	if _, err := c.DeleteBlueprint(t.Context(), &plan.DeleteBlueprintInput{BlueprintArn: aws.String(arn)}); err != nil {
		t.Error(err)
	}
	_, err = c.GetBlueprint(t.Context(), &plan.GetBlueprintInput{BlueprintArn: aws.String(arn)})
	var res *awshttp.ResponseError
	if code(err) != "ResourceNotFoundException" || !errors.As(err, &res) || res.HTTPStatusCode() != http.StatusNotFound {
		t.Error(err)
	}
}

func TestBlueprintRefusals(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := plan.NewFromConfig(cfg)
	many := `{"class":"x","description":"y","properties":{`
	for i := range 101 {
		many += fmt.Sprintf(`"f%d":{"type":"string","inferenceType":"explicit","instruction":"i"},`, i)
	}
	for why, schema := range map[string]string{"no JSON": "nonsense", "too many fields": strings.TrimSuffix(many, ",") + "}}", "without class": strings.Replace(small, `"class":"Card",`, "", 1)} {
		if _, err := createBlueprint(t, c, "x", schema, 3); code(err) != "ValidationException" {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, err := c.CreateBlueprint(t.Context(), &plan.CreateBlueprintInput{BlueprintName: aws.String("x"), Type: ptypes.TypeDocument, Schema: aws.String(small), ClientToken: aws.String("short")}); code(err) != "ValidationException" {
		t.Errorf("a short token: %v", err)
	}
	if _, err := createBlueprint(t, c, "a b", small, 4); code(err) != "ValidationException" {
		t.Errorf("a name with a space: %v", err)
	}
	shipped := "arn:aws:bedrock:us-west-2:aws:blueprint/" + catalogue
	if _, err := c.UpdateBlueprint(t.Context(), &plan.UpdateBlueprintInput{BlueprintArn: aws.String(shipped), Schema: aws.String(small)}); code(err) != "AccessDeniedException" {
		t.Errorf("the catalogue's blueprint: %v", err)
	}
	// Where an answer is long, the SDK's client may close its own connection too
	// early, and then asks again.
	cfg.RetryMaxAttempts = 5
	out, err := plan.NewFromConfig(cfg).GetBlueprint(t.Context(), &plan.GetBlueprintInput{BlueprintArn: aws.String(shipped)})
	if err != nil || *out.Blueprint.Schema != string(blueprint.JSON()) {
		t.Error(err)
	}
}

func TestBlueprintLists(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := plan.NewFromConfig(cfg)
	var arns []string
	for i := range 5 {
		arn, err := createBlueprint(t, c, fmt.Sprint("b", i), small, 10+i)
		if err != nil {
			t.Fatal(err)
		}
		arns = append(arns, arn)
	}
	if err := func() error {
		_, err := c.CopyBlueprintStage(t.Context(), &plan.CopyBlueprintStageInput{BlueprintArn: aws.String(arns[0]), SourceStage: "LIVE", TargetStage: "DEVELOPMENT"})
		return err
	}(); err != nil {
		t.Fatal(err)
	}
	n := 0
	pages := plan.NewListBlueprintsPaginator(c, &plan.ListBlueprintsInput{MaxResults: aws.Int32(2), BlueprintStageFilter: ptypes.BlueprintStageFilterLive})
	for pages.HasMorePages() && n < 99 {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += len(out.Blueprints)
	}
	if n != 5 {
		t.Errorf("%d blueprints in pages of two", n)
	}
	p, err := c.CreateDataAutomationProject(t.Context(), projectOf("p", arns[0], arns[2]))
	if err != nil {
		t.Fatal(err)
	}
	for want, in := range map[int]*plan.ListBlueprintsInput{
		6: {}, 1: {ResourceOwner: ptypes.ResourceOwnerService}, 2: {BlueprintArn: aws.String(arns[0])},
		3: {ProjectFilter: &ptypes.DataAutomationProjectFilter{ProjectArn: p.ProjectArn}},
	} {
		if out, err := c.ListBlueprints(t.Context(), in); err != nil || len(out.Blueprints) != want {
			t.Errorf("%d wanted: %+v, %v", want, out, err)
		}
	}
	if _, err := c.ListBlueprints(t.Context(), &plan.ListBlueprintsInput{NextToken: aws.String("nonsense")}); code(err) != "ValidationException" {
		t.Error(err)
	}
}

func TestProjects(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := plan.NewFromConfig(cfg)
	card, err := createBlueprint(t, c, "card", small, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.CreateDataAutomationProject(t.Context(), projectOf("records", card))
	if err != nil || p.Status != ptypes.DataAutomationProjectStatusCompleted {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := c.CreateDataAutomationProject(t.Context(), projectOf("records", card)); code(err) != "ConflictException" {
		t.Errorf("the same name: %v", err)
	}
	for why, in := range map[string]*plan.CreateDataAutomationProjectInput{
		"a blueprint twice": projectOf("x", card, card), "a missing blueprint": projectOf("x", strings.TrimSuffix(card, card[len(card)-12:])+"000000000000"),
	} {
		if _, err := c.CreateDataAutomationProject(t.Context(), in); code(err) != "ValidationException" {
			t.Errorf("%s: %v", why, err)
		}
	}
	got, err := c.GetDataAutomationProject(t.Context(), &plan.GetDataAutomationProjectInput{ProjectArn: p.ProjectArn})
	if err != nil || *got.Project.ProjectName != "records" || got.Project.ProjectType != ptypes.DataAutomationProjectTypeAsync ||
		*got.Project.CustomOutputConfiguration.Blueprints[0].BlueprintArn != card || got.Project.OverrideConfiguration.Document.Splitter.State != ptypes.StateEnabled ||
		got.Project.StandardOutputConfiguration.Document.Extraction.Granularity.Types[0] != "DOCUMENT" || got.Project.LastModifiedTime.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := c.UpdateDataAutomationProject(t.Context(), &plan.UpdateDataAutomationProjectInput{ProjectArn: p.ProjectArn, StandardOutputConfiguration: standard()}); err != nil {
		t.Fatal(err)
	}
	list, err := c.ListDataAutomationProjects(t.Context(), &plan.ListDataAutomationProjectsInput{BlueprintFilter: &ptypes.BlueprintFilter{BlueprintArn: aws.String(card)}})
	if err != nil || len(list.Projects) != 0 {
		t.Errorf("after the update: %+v, %v", list, err)
	}
	if _, err := c.TagResource(t.Context(), &plan.TagResourceInput{ResourceARN: p.ProjectArn, Tags: []ptypes.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}}); err != nil {
		t.Error(err)
	}
	if _, err := c.UntagResource(t.Context(), &plan.UntagResourceInput{ResourceARN: p.ProjectArn, TagKeys: []string{"a"}}); err != nil {
		t.Error(err)
	}
	if tags, err := c.ListTagsForResource(t.Context(), &plan.ListTagsForResourceInput{ResourceARN: p.ProjectArn}); err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "b" {
		t.Errorf("%+v, %v", tags, err)
	}
	if _, err := c.DeleteDataAutomationProject(t.Context(), &plan.DeleteDataAutomationProjectInput{ProjectArn: p.ProjectArn}); err != nil {
		t.Error(err)
	}
	if _, err := c.GetDataAutomationProject(t.Context(), &plan.GetDataAutomationProjectInput{ProjectArn: p.ProjectArn}); code(err) != "ResourceNotFoundException" {
		t.Error(err)
	}
	other := cfg.Copy()
	other.Region = "eu-west-1"
	if _, err := plan.NewFromConfig(other).GetBlueprint(t.Context(), &plan.GetBlueprintInput{BlueprintArn: aws.String(card)}); code(err) != "ResourceNotFoundException" {
		t.Errorf("another Region: %v", err)
	}
}

// A job reads with the blueprints of its project, as they were when it began.
func TestJobsReadWithTheProjectsBlueprints(t *testing.T) {
	got := make(chan Document, 9)
	cfg, _ := open(t, t.TempDir(), func(c *Config) {
		old := c.Read
		c.Read = func(ctx context.Context, d Document) ([]Segment, int, error) { got <- d; return old(ctx, d) }
	})
	c := plan.NewFromConfig(cfg)
	put(t, bucket(cfg), "a.pdf", "%PDF")
	card, err := createBlueprint(t, c, "card", small, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.CreateDataAutomationProject(t.Context(), projectOf("records", card))
	if err != nil {
		t.Fatal(err)
	}
	arn, err := invokeIn(t, cfg, *p.ProjectArn, "a.pdf", "t1")
	if err != nil {
		t.Fatal(err)
	}
	if d := <-got; len(d.Blueprints) != 1 || d.Blueprints[0].ARN != card || d.Blueprints[0].Name != "card" || string(d.Blueprints[0].Schema) != small {
		t.Errorf("read with %+v", d.Blueprints)
	}
	if out := status(t, cfg, arn); out.Status != types.AutomationJobStatusSuccess {
		t.Errorf("%+v", out)
	}
	// AWS's own project gives standard output alone.
	arn, err = invokeIn(t, cfg, "arn:aws:bedrock:us-west-2:aws:data-automation-project/"+public, "a.pdf", "t2")
	if err != nil {
		t.Fatal(err)
	}
	if d := <-got; len(d.Blueprints) != 0 {
		t.Errorf("read with %+v", d.Blueprints)
	}
	out := status(t, cfg, arn)
	at, _ := bda.ParseURI(aws.ToString(out.OutputConfiguration.S3Uri))
	job, err := bda.ParseJob([]byte(body(t, bucket(cfg), "output", at.Key)), at)
	if err != nil || len(job.Segments) != 1 || job.Segments[0].Match != "NO_MATCH" || job.Unmatched() != 1 {
		t.Errorf("%+v, %v", job, err)
	}
	if _, err := invokeIn(t, cfg, strings.Replace(*p.ProjectArn, "project/", "project/no", 1), "a.pdf", "t3"); code(err) != "ValidationException" {
		t.Errorf("a missing project: %v", err)
	}
}

func TestTagsOfJobs(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	put(t, bucket(cfg), "a.pdf", "%PDF")
	arn, err := invoke(t, cfg, "a.pdf", "t1")
	if err != nil {
		t.Fatal(err)
	}
	c := runtime.NewFromConfig(cfg)
	if _, err := c.TagResource(t.Context(), &runtime.TagResourceInput{ResourceARN: aws.String(arn), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}); err != nil {
		t.Fatal(err)
	}
	status(t, cfg, arn)
	out, err := c.ListTagsForResource(t.Context(), &runtime.ListTagsForResourceInput{ResourceARN: aws.String(arn)})
	if err != nil || len(out.Tags) != 1 || *out.Tags[0].Value != "v" {
		t.Errorf("%+v, %v", out, err)
	}
}

// BDA has at most 1,800 open jobs.
func TestOpenJobsQuota(t *testing.T) {
	hold := make(chan struct{})
	cfg, d := open(t, t.TempDir(), func(c *Config) {
		c.Read = func(ctx context.Context, _ Document) ([]Segment, int, error) {
			select {
			case <-hold:
			case <-ctx.Done():
			}
			return nil, 1, ctx.Err()
		}
	})
	put(t, bucket(cfg), "a.pdf", "%PDF")
	d.count(maxOpenJobs - 1)
	arn, err := invoke(t, cfg, "a.pdf", "t1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := invoke(t, cfg, "a.pdf", "t2"); code(err) != "ServiceQuotaExceededException" {
		t.Errorf("job 1,801: %v", err)
	}
	if again, err := invoke(t, cfg, "a.pdf", "t1"); err != nil || again != arn {
		t.Errorf("a token that is known: %v", err)
	}
	close(hold)
	status(t, cfg, arn)
	if _, err := invoke(t, cfg, "a.pdf", "t3"); err != nil {
		t.Error(err)
	}
}

func TestControlPlaneHasNoOtherOperations(t *testing.T) {
	cfg, _ := open(t, t.TempDir(), nil)
	c := plan.NewFromConfig(cfg)
	_, err := c.InvokeBlueprintOptimizationAsync(t.Context(), &plan.InvokeBlueprintOptimizationAsyncInput{
		Blueprint: &ptypes.BlueprintOptimizationObject{BlueprintArn: aws.String("arn:aws:bedrock:us-west-2:000000000000:blueprint/000000000000")}, DataAutomationProfileArn: aws.String(profile),
		OutputConfiguration: &ptypes.BlueprintOptimizationOutputConfiguration{S3Object: &ptypes.S3Object{S3Uri: aws.String("s3://output/x")}},
		Samples:             []ptypes.BlueprintOptimizationSample{}})
	if code(err) != "UnknownOperationException" {
		t.Error(err)
	}
}
