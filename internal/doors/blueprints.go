package doors

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/blueprint"
)

// BDA's quotas on blueprints (user guide bda-limits, read 2026).
const (
	maxBlueprints = 1000
	maxVersions   = 100
)

// blueprintRecord is a blueprint with its stages and versions.
type blueprintRecord struct {
	made
	Type     string                 `json:"type"`
	Stages   map[string]schemaStage `json:"stages"`
	Versions []schemaVersion        `json:"versions,omitempty"`
	// Last is the number of the last version that was made; a number is not
	// given twice.
	Last int `json:"last,omitempty"`
}

type schemaStage struct {
	Schema   string    `json:"schema"`
	Modified time.Time `json:"modified"`
}

type schemaVersion struct {
	Number  string    `json:"number"`
	Schema  string    `json:"schema"`
	Token   string    `json:"token,omitempty"`
	Created time.Time `json:"created"`
}

const blueprints = "blueprints/"

func (b blueprintRecord) key() string { return blueprints + b.ID + ".json" }

// The blueprint that comes with this server stands where AWS has its catalogue.
const catalogue = "bedrock-data-automation-public-medical-record"

// shipped is the catalogue's blueprint.
func (d *Doors) shipped(region string) blueprintRecord {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return blueprintRecord{made: made{ID: catalogue, Name: "Medical-Record", Region: region, Created: at, Modified: at}, Type: "DOCUMENT",
		Stages: map[string]schemaStage{live: {string(blueprint.JSON()), at}}}
}

func (d *Doors) blueprintARN(b blueprintRecord) string {
	account := d.Account
	if b.ID == catalogue {
		account = "aws"
	}
	return fmt.Sprintf("arn:aws:bedrock:%s:%s:blueprint/%s", b.Region, account, b.ID)
}

func (d *Doors) allBlueprints() ([]blueprintRecord, error) {
	return kept(d, "blueprints", func(b blueprintRecord) made { return b.made })
}

// blueprint loads the blueprint that an ARN names.
func (d *Doors) blueprint(arn, region string) (blueprintRecord, error) {
	var b blueprintRecord
	kind, id, err := d.resource(arn, region)
	switch {
	case err != nil:
		return b, err
	case kind != "blueprint":
		return b, invalid("the ARN is no blueprint's")
	case id == catalogue:
		return d.shipped(region), nil
	case d.load(blueprints+id+".json", &b) != nil || b.Region != region:
		return b, missing("there is no such blueprint")
	}
	return b, nil
}

// own is a blueprint that may be changed.
func (d *Doors) ownBlueprint(c call) (blueprintRecord, error) {
	b, err := d.blueprint(c.arn, c.region)
	if err == nil && b.ID == catalogue {
		return b, &awsError{"AccessDeniedException", "the blueprint is the service's own", 403}
	}
	return b, err
}

// schema is the text of a version or of a stage; empty where there is none.
func (b blueprintRecord) schema(version, stage string) (schemaVersion, bool) {
	if version == "" {
		s, ok := b.Stages[stage]
		return schemaVersion{Schema: s.Schema, Created: s.Modified}, ok
	}
	for _, v := range b.Versions {
		if v.Number == version {
			return v, true
		}
	}
	return schemaVersion{}, false
}

// describe is a blueprint as the API shows it.
func (d *Doors) describe(b blueprintRecord, version, stage string) map[string]any {
	v, _ := b.schema(version, stage)
	out := map[string]any{"blueprintArn": d.blueprintARN(b), "schema": v.Schema, "type": b.Type, "blueprintName": b.Name,
		"creationTime": b.Created.Format(time.RFC3339Nano), "lastModifiedTime": v.Created.Format(time.RFC3339Nano)}
	if version != "" {
		out["blueprintVersion"] = version
	} else {
		out["blueprintStage"] = stage
	}
	if b.Sealed.Key != "" {
		out["kmsKeyId"] = b.Sealed.Key
	}
	if b.Sealed.Context != nil {
		out["kmsEncryptionContext"] = b.Sealed.Context
	}
	return map[string]any{"blueprint": out}
}

func checkSchema(schema string) error {
	if schema == "" {
		return invalid("schema is missing")
	}
	if said := blueprint.Check([]byte(schema)); said != nil {
		return invalid("schema: " + strings.Join(said, "; "))
	}
	return nil
}

func (d *Doors) createBlueprint(c call) (any, error) {
	var in struct {
		creation
		Name   string `json:"blueprintName"`
		Type   string `json:"type"`
		Stage  string `json:"blueprintStage"`
		Schema string `json:"schema"`
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
	switch {
	case !planName.MatchString(in.Name):
		return nil, invalid("blueprintName has 1 to 128 letters, digits, hyphens and underscores")
	case slices.Contains([]string{"IMAGE", "AUDIO", "VIDEO"}, in.Type):
		return nil, invalid("this server reads documents: the type is DOCUMENT")
	case in.Type != "DOCUMENT":
		return nil, invalid("type is DOCUMENT, IMAGE, AUDIO or VIDEO")
	}
	if err := checkSchema(in.Schema); err != nil {
		return nil, err
	}
	all, err := d.allBlueprints()
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		if in.Token != "" && b.Token == in.Token && b.Name == in.Name && b.Region == c.region {
			return d.describe(b, "", firstStage(b)), nil
		}
		if b.Name == in.Name && b.Region == c.region || in.Token != "" && b.Token == in.Token {
			return nil, conflict("a blueprint of this name, or made with this token, is there already")
		}
	}
	if len(all) >= maxBlueprints {
		return nil, quota(fmt.Sprintf("an account has at most %d blueprints", maxBlueprints))
	}
	b := blueprintRecord{made: d.make(in.Name, c.region, in.creation), Type: in.Type}
	b.Stages = map[string]schemaStage{stage: {in.Schema, b.Created}}
	return d.describe(b, "", stage), d.save(b.key(), b)
}

func firstStage(b blueprintRecord) string {
	if _, ok := b.Stages[live]; ok {
		return live
	}
	return development
}

var versionNumber = regexp.MustCompile(`^[0-9]{0,128}$`)

func (d *Doors) getBlueprint(c call) (any, error) {
	var in struct {
		Version string `json:"blueprintVersion"`
		Stage   string `json:"blueprintStage"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	b, err := d.blueprint(c.arn, c.region)
	if err != nil {
		return nil, err
	}
	stage, err := stageOr(in.Stage, firstStage(b))
	if err != nil {
		return nil, err
	}
	if !versionNumber.MatchString(in.Version) {
		return nil, invalid("blueprintVersion is a number")
	}
	if _, ok := b.schema(in.Version, stage); !ok {
		return nil, missing("the blueprint has no such version or stage")
	}
	return d.describe(b, in.Version, stage), nil
}

func (d *Doors) updateBlueprint(c call) (any, error) {
	var in struct {
		Schema     string      `json:"schema"`
		Stage      string      `json:"blueprintStage"`
		Encryption *encryption `json:"encryptionConfiguration"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	b, err := d.ownBlueprint(c)
	if err != nil {
		return nil, err
	}
	stage, err := stageOr(in.Stage, firstStage(b))
	if err != nil {
		return nil, err
	}
	if err := checkSchema(in.Schema); err != nil {
		return nil, err
	}
	if in.Encryption != nil {
		b.Sealed = *in.Encryption
	}
	b.Modified = d.Now().UTC()
	b.Stages[stage] = schemaStage{in.Schema, b.Modified}
	return d.describe(b, "", stage), d.save(b.key(), b)
}

func (d *Doors) deleteBlueprint(c call) (any, error) {
	b, err := d.ownBlueprint(c)
	if err != nil {
		return nil, err
	}
	if c.version == "" {
		return struct{}{}, d.Objects.blobs.Delete(b.key())
	}
	if _, ok := b.schema(c.version, ""); !ok {
		return nil, missing("the blueprint has no such version")
	}
	b.Versions = slices.DeleteFunc(b.Versions, func(v schemaVersion) bool { return v.Number == c.version })
	return struct{}{}, d.save(b.key(), b)
}

func (d *Doors) createVersion(c call) (any, error) {
	var in creation
	if err := c.read(&in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	b, err := d.ownBlueprint(c)
	if err != nil {
		return nil, err
	}
	for _, v := range b.Versions {
		if in.Token != "" && v.Token == in.Token {
			return d.describe(b, v.Number, ""), nil
		}
	}
	if len(b.Versions) >= maxVersions {
		return nil, quota(fmt.Sprintf("a blueprint has at most %d versions", maxVersions))
	}
	b.Last++
	n := strconv.Itoa(b.Last)
	b.Versions = append(b.Versions, schemaVersion{n, b.Stages[firstStage(b)].Schema, in.Token, d.Now().UTC()})
	return d.describe(b, n, ""), d.save(b.key(), b)
}

func (d *Doors) copyStage(c call) (any, error) {
	var in struct {
		From string `json:"sourceStage"`
		To   string `json:"targetStage"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	b, err := d.ownBlueprint(c)
	if err != nil {
		return nil, err
	}
	to, err := stageOr(in.To, "")
	from, ok := b.Stages[in.From]
	switch {
	case err != nil || to == "" || in.From == to:
		return nil, invalid("sourceStage and targetStage are LIVE and DEVELOPMENT, one of each")
	case !ok:
		return nil, missing("the blueprint has no such stage")
	}
	b.Modified = d.Now().UTC()
	b.Stages[to] = schemaStage{from.Schema, b.Modified}
	return struct{}{}, d.save(b.key(), b)
}

func (d *Doors) listBlueprints(c call) (any, error) {
	var in struct {
		ARN     string `json:"blueprintArn"`
		Owner   string `json:"resourceOwner"`
		Stage   string `json:"blueprintStageFilter"`
		Most    int    `json:"maxResults"`
		Token   string `json:"nextToken"`
		Project *struct {
			ARN   string `json:"projectArn"`
			Stage string `json:"projectStage"`
		} `json:"projectFilter"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "ALL", live, development}, in.Stage) || !slices.Contains([]string{"", "SERVICE", "ACCOUNT"}, in.Owner) {
		return nil, invalid("a filter is not valid")
	}
	all := []blueprintRecord{d.shipped(c.region)}
	if in.Owner != "SERVICE" {
		var err error
		if all, err = d.allBlueprints(); err != nil {
			return nil, err
		}
	}
	var used map[string]bool
	if in.Project != nil {
		stage, err := stageOr(in.Project.Stage, "")
		if err != nil {
			return nil, err
		}
		p, err := d.project(in.Project.ARN, c.region)
		if err != nil {
			return nil, err
		}
		used = p.uses(stage)
	}
	var items []map[string]any
	for _, b := range all {
		arn := d.blueprintARN(b)
		if b.Region != c.region || in.ARN != "" && arn != in.ARN || used != nil && !used[arn] {
			continue
		}
		items = append(items, d.listed(b, in.Stage, in.ARN != "")...)
	}
	part, next, err := page(items, in.Token, in.Most, 1000)
	return listing("blueprints", part, next), err
}

// listed are a blueprint's stages as lists show them, and its versions where one
// blueprint alone was asked for.
func (d *Doors) listed(b blueprintRecord, stage string, versions bool) []map[string]any {
	item := func(kind, name string, modified time.Time) map[string]any {
		return map[string]any{"blueprintArn": d.blueprintARN(b), "blueprintName": b.Name, kind: name,
			"creationTime": b.Created.Format(time.RFC3339Nano), "lastModifiedTime": modified.Format(time.RFC3339Nano)}
	}
	var out []map[string]any
	for _, s := range []string{live, development} {
		if at, ok := b.Stages[s]; ok && (stage == "" || stage == "ALL" || stage == s) {
			out = append(out, item("blueprintStage", s, at.Modified))
		}
	}
	for _, v := range b.Versions {
		if versions {
			out = append(out, item("blueprintVersion", v.Number, v.Created))
		}
	}
	return out
}

// listing is a page of a list with its token.
func listing[T any](name string, part []T, next string) map[string]any {
	out := map[string]any{name: part}
	if next != "" {
		out["nextToken"] = next
	}
	return out
}
