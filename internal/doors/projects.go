package doors

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// BDA's quotas on projects (user guide bda-limits, read 2026).
const (
	maxProjects          = 100
	maxProjectBlueprints = 40
)

// projectRecord is a data-automation project with its stages.
type projectRecord struct {
	made
	Type   string                  `json:"type"`
	Stages map[string]projectStage `json:"stages"`
}

// projectStage is a project's settings at one stage. What the local engine does
// not look at is kept as it came.
type projectStage struct {
	Description string          `json:"projectDescription,omitempty"`
	Standard    json.RawMessage `json:"standardOutputConfiguration,omitempty"`
	Custom      *customOutput   `json:"customOutputConfiguration,omitempty"`
	Override    json.RawMessage `json:"overrideConfiguration,omitempty"`
	Library     json.RawMessage `json:"dataAutomationLibraryConfiguration,omitempty"`
	Modified    time.Time       `json:"modified,omitzero"`
}

type customOutput struct {
	Blueprints []blueprintItem `json:"blueprints"`
}

// blueprintItem is a blueprint as projects name it.
type blueprintItem struct {
	ARN     string `json:"blueprintArn"`
	Version string `json:"blueprintVersion,omitempty"`
	Stage   string `json:"blueprintStage,omitempty"`
}

const (
	projects = "projects/"
	// public is AWS's own project, which has standard output alone.
	public = "public-default"
)

func (p projectRecord) key() string { return projects + p.ID + ".json" }

func (d *Doors) projectARN(p projectRecord) string {
	return fmt.Sprintf("arn:aws:bedrock:%s:%s:data-automation-project/%s", p.Region, d.Account, p.ID)
}

func (d *Doors) project(arn, region string) (projectRecord, error) {
	var p projectRecord
	kind, id, err := d.resource(arn, region)
	switch {
	case err != nil:
		return p, err
	case kind != "data-automation-project":
		return p, invalid("the ARN is no project's")
	case id == public:
		return projectRecord{made: made{ID: public, Region: region}, Type: "ASYNC", Stages: map[string]projectStage{live: {}}}, nil
	case d.load(projects+id+".json", &p) != nil || p.Region != region:
		return p, missing("there is no such data automation project")
	}
	return p, nil
}

// uses are the ARNs of a project's blueprints, at one stage or at any.
func (p projectRecord) uses(stage string) map[string]bool {
	all := map[string]bool{}
	for name, s := range p.Stages {
		if s.Custom == nil || stage != "" && stage != name {
			continue
		}
		for _, b := range s.Custom.Blueprints {
			all[b.ARN] = true
		}
	}
	return all
}

// override is what the local engine looks at of a project's overrides.
type override struct {
	Document struct {
		Splitter struct {
			State string `json:"state"`
		} `json:"splitter"`
	} `json:"document"`
}

// splits reports whether a file may hold several documents.
func (s projectStage) splits() bool {
	var o override
	return json.Unmarshal(s.Override, &o) == nil && o.Document.Splitter.State == "ENABLED"
}

// check finds what BDA would refuse in a project's settings.
func (d *Doors) check(s projectStage, kind, region string) error {
	if utf8.RuneCountInString(s.Description) > 300 {
		return invalid("projectDescription has at most 300 characters")
	}
	if s.Standard == nil {
		return invalid("standardOutputConfiguration is missing")
	}
	for _, part := range []json.RawMessage{s.Standard, s.Override} {
		var v any
		if part != nil && (json.Unmarshal(part, &v) != nil || !stated(v)) {
			return invalid("a state is ENABLED or DISABLED")
		}
	}
	if err := checkStandard(s.Standard); err != nil {
		return err
	}
	if kind == "SYNC" && s.splits() {
		return invalid("the splitter is for projects of type ASYNC")
	}
	if s.Custom == nil {
		return nil
	}
	if len(s.Custom.Blueprints) > maxProjectBlueprints {
		return quota(fmt.Sprintf("a project has at most %d blueprints", maxProjectBlueprints))
	}
	seen := map[string]bool{}
	for _, item := range s.Custom.Blueprints {
		if seen[item.ARN] {
			return invalid("customOutputConfiguration names a blueprint twice")
		}
		seen[item.ARN] = true
		if _, err := d.resolve(item, region); err != nil {
			return invalid("customOutputConfiguration names a blueprint, version or stage that is not there")
		}
	}
	return nil
}

// stated reports whether every member "state" holds one of its two words.
func stated(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if name == "state" && member != "ENABLED" && member != "DISABLED" || !stated(member) {
				return false
			}
		}
	case []any:
		return !slices.ContainsFunc(v, func(x any) bool { return !stated(x) })
	}
	return true
}

func checkStandard(data json.RawMessage) error {
	type kinds struct {
		Types []string `json:"types"`
	}
	var s struct {
		Document struct {
			Extraction struct {
				Granularity kinds `json:"granularity"`
			} `json:"extraction"`
			Format struct {
				Text kinds `json:"textFormat"`
			} `json:"outputFormat"`
		} `json:"document"`
	}
	if json.Unmarshal(data, &s) != nil {
		return invalid("standardOutputConfiguration is not valid")
	}
	for _, t := range s.Document.Extraction.Granularity.Types {
		if !slices.Contains([]string{"DOCUMENT", "PAGE", "ELEMENT", "WORD", "LINE"}, t) {
			return invalid("granularity is DOCUMENT, PAGE, ELEMENT, WORD or LINE")
		}
	}
	for _, t := range s.Document.Format.Text.Types {
		if !slices.Contains([]string{"PLAIN_TEXT", "MARKDOWN", "HTML", "CSV"}, t) {
			return invalid("textFormat is PLAIN_TEXT, MARKDOWN, HTML or CSV")
		}
	}
	return nil
}

// resolve finds the schema that an item means.
func (d *Doors) resolve(item blueprintItem, region string) (Blueprint, error) {
	b, err := d.blueprint(item.ARN, region)
	if err != nil {
		return Blueprint{}, err
	}
	stage, err := stageOr(item.Stage, firstStage(b))
	if err != nil {
		return Blueprint{}, err
	}
	v, ok := b.schema(item.Version, stage)
	if !ok {
		return Blueprint{}, missing("the blueprint has no such version or stage")
	}
	return Blueprint{ARN: d.blueprintARN(b), Name: b.Name, Version: item.Version, Schema: []byte(v.Schema)}, nil
}

func (d *Doors) createProject(c call) (any, error) {
	var in struct {
		creation
		projectStage
		Name  string `json:"projectName"`
		Type  string `json:"projectType"`
		Stage string `json:"projectStage"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	stage, err := stageOr(in.Stage, live)
	if err != nil {
		return nil, err
	}
	if err := in.creation.check(); err != nil {
		return nil, err
	}
	if in.Type == "" {
		in.Type = "ASYNC"
	}
	switch {
	case !planName.MatchString(in.Name):
		return nil, invalid("projectName has 1 to 128 letters, digits, hyphens and underscores")
	case in.Type != "ASYNC" && in.Type != "SYNC":
		return nil, invalid("projectType is ASYNC or SYNC")
	}
	if err := d.check(in.projectStage, in.Type, c.region); err != nil {
		return nil, err
	}
	all, err := d.allProjects()
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if in.Token != "" && p.Token == in.Token && p.Name == in.Name && p.Region == c.region {
			return d.completed(p, stage), nil
		}
		if p.Name == in.Name && p.Region == c.region || in.Token != "" && p.Token == in.Token {
			return nil, conflict("a project of this name, or made with this token, is there already")
		}
	}
	if len(all) >= maxProjects {
		return nil, quota(fmt.Sprintf("an account has at most %d projects", maxProjects))
	}
	p := projectRecord{made: d.make(in.Name, c.region, in.creation), Type: in.Type}
	in.Modified = p.Created
	p.Stages = map[string]projectStage{stage: in.projectStage}
	return d.completed(p, stage), d.save(p.key(), p)
}

func (d *Doors) allProjects() ([]projectRecord, error) {
	return kept(d, "projects", func(p projectRecord) made { return p.made })
}

func (d *Doors) completed(p projectRecord, stage string) map[string]any {
	return map[string]any{"projectArn": d.projectARN(p), "projectStage": stage, "status": "COMPLETED"}
}

func (p projectRecord) first() string {
	if _, ok := p.Stages[live]; ok {
		return live
	}
	return development
}

func (d *Doors) getProject(c call) (any, error) {
	var in struct {
		Stage string `json:"projectStage"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	p, err := d.project(c.arn, c.region)
	if err != nil {
		return nil, err
	}
	stage, err := stageOr(in.Stage, p.first())
	if err != nil {
		return nil, err
	}
	s, ok := p.Stages[stage]
	if !ok {
		return nil, missing("the project has no such stage")
	}
	modified := s.Modified
	s.Modified = time.Time{} // goes by another name here
	out := struct {
		ARN      string            `json:"projectArn"`
		Name     string            `json:"projectName"`
		Stage    string            `json:"projectStage"`
		Type     string            `json:"projectType"`
		Status   string            `json:"status"`
		Created  time.Time         `json:"creationTime"`
		Modified time.Time         `json:"lastModifiedTime"`
		Key      string            `json:"kmsKeyId,omitempty"`
		Context  map[string]string `json:"kmsEncryptionContext,omitempty"`
		projectStage
	}{d.projectARN(p), p.Name, stage, p.Type, "COMPLETED", p.Created, modified, p.Sealed.Key, p.Sealed.Context, s}
	return map[string]any{"project": out}, nil
}

func (d *Doors) updateProject(c call) (any, error) {
	var in struct {
		projectStage
		Stage      string      `json:"projectStage"`
		Encryption *encryption `json:"encryptionConfiguration"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	p, err := d.project(c.arn, c.region)
	if err != nil {
		return nil, err
	}
	stage, err := stageOr(in.Stage, p.first())
	if err != nil {
		return nil, err
	}
	if err := d.check(in.projectStage, p.Type, c.region); err != nil {
		return nil, err
	}
	if p.ID == public {
		return nil, &awsError{"AccessDeniedException", "the project is the service's own", 403}
	}
	if in.Encryption != nil {
		p.Sealed = *in.Encryption
	}
	in.Modified = d.Now().UTC()
	p.Stages[stage], p.Modified = in.projectStage, in.Modified
	return d.completed(p, stage), d.save(p.key(), p)
}

func (d *Doors) deleteProject(c call) (any, error) {
	p, err := d.project(c.arn, c.region)
	if err != nil {
		return nil, err
	}
	if p.ID == public {
		return nil, &awsError{"AccessDeniedException", "the project is the service's own", 403}
	}
	return map[string]string{"projectArn": d.projectARN(p), "status": "COMPLETED"}, d.Objects.blobs.Delete(p.key())
}

func (d *Doors) listProjects(c call) (any, error) {
	var in struct {
		Owner     string         `json:"resourceOwner"`
		Stage     string         `json:"projectStageFilter"`
		Most      int            `json:"maxResults"`
		Token     string         `json:"nextToken"`
		Blueprint *blueprintItem `json:"blueprintFilter"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "ALL", live, development}, in.Stage) || !slices.Contains([]string{"", "SERVICE", "ACCOUNT"}, in.Owner) {
		return nil, invalid("a filter is not valid")
	}
	all, err := d.allProjects()
	if err != nil {
		return nil, err
	}
	var items []map[string]any
	for _, p := range all {
		for _, stage := range []string{live, development} {
			s, ok := p.Stages[stage]
			switch {
			case !ok || p.Region != c.region || in.Owner == "SERVICE":
			case in.Stage != "" && in.Stage != "ALL" && in.Stage != stage:
			case in.Blueprint != nil && !s.has(*in.Blueprint):
			default:
				items = append(items, map[string]any{"projectArn": d.projectARN(p), "projectName": p.Name, "projectStage": stage,
					"projectType": p.Type, "creationTime": p.Created})
			}
		}
	}
	part, next, err := page(items, in.Token, in.Most, 1000)
	return listing("projects", part, next), err
}

// has reports whether a blueprint is used; a version or stage that is not asked
// for may be any.
func (s projectStage) has(want blueprintItem) bool {
	return s.Custom != nil && slices.ContainsFunc(s.Custom.Blueprints, func(b blueprintItem) bool {
		return b.ARN == want.ARN && (want.Version == "" || b.Version == want.Version) && (want.Stage == "" || b.Stage == want.Stage)
	})
}
