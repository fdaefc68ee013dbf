package doors

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/sigv4"
)

// BDA's control plane: rest-json, API 2023-07-26. Resources are named by ARNs,
// which stand percent-encoded in paths.

// call is one request to the control plane.
type call struct {
	arn     string // in the path, empty where none
	version string // in the query
	region  string
	body    []byte
}

// read decodes the body; one that is empty asks for nothing.
func (c call) read(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		return invalid("the request is no good JSON")
	}
	return nil
}

type route struct {
	status int
	do     func(call) (any, error)
}

// control finds what a method and a path ask for: a word, then perhaps an ARN,
// then perhaps what to do with it.
func (d *Doors) control(method, word, arn, rest string) route {
	name := method + " " + word
	if arn != "" {
		name += "/arn"
	}
	if rest != "" {
		name += "/" + rest
	}
	return map[string]route{
		"PUT blueprints":                      {201, d.createBlueprint},
		"POST blueprints":                     {200, d.listBlueprints},
		"POST blueprints/arn":                 {200, d.getBlueprint},
		"PUT blueprints/arn":                  {200, d.updateBlueprint},
		"DELETE blueprints/arn":               {200, d.deleteBlueprint},
		"POST blueprints/arn/versions":        {201, d.createVersion},
		"PUT blueprints/arn/copy-stage":       {200, d.copyStage},
		"PUT data-automation-projects":        {201, d.createProject},
		"POST data-automation-projects":       {200, d.listProjects},
		"POST data-automation-projects/arn":   {200, d.getProject},
		"PUT data-automation-projects/arn":    {200, d.updateProject},
		"DELETE data-automation-projects/arn": {200, d.deleteProject},
		"POST listTagsForResource":            {200, d.listTags},
		"POST tagResource":                    {200, d.tag},
		"POST untagResource":                  {200, d.untag},
	}[name]
}

// serveControl answers a request to the control plane. Only one is at work at a
// time: what is checked is still so when it is written.
func (d *Doors) serveControl(w http.ResponseWriter, r *http.Request, body []byte) {
	var part [3]string
	for i, p := range strings.SplitN(strings.Trim(r.URL.EscapedPath(), "/"), "/", 3) {
		part[i], _ = url.PathUnescape(p)
	}
	op := d.control(r.Method, part[0], part[1], part[2])
	if op.do == nil {
		failREST(w, &awsError{"UnknownOperationException", "this server has no such operation", http.StatusNotFound})
		return
	}
	scope, _ := sigv4.ParseScope(r) // verified before
	d.planning.Lock()
	out, err := op.do(call{arn: part[1], version: r.URL.Query().Get("blueprintVersion"), region: scope.Region, body: body})
	d.planning.Unlock()
	if err != nil {
		failREST(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(op.status)
	json.NewEncoder(w).Encode(out)
}

// restStatus are the statuses of errors in the control plane's model.
var restStatus = map[string]int{"ResourceNotFoundException": 404, "ConflictException": 409, "ServiceQuotaExceededException": 402, "ThrottlingException": 429}

func failREST(w http.ResponseWriter, err error) {
	e := &awsError{"InternalServerException", "the server could not do this", http.StatusInternalServerError}
	errors.As(err, &e)
	if s := restStatus[e.code]; s != 0 {
		e = &awsError{e.code, e.message, s}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", e.code)
	w.WriteHeader(e.status)
	json.NewEncoder(w).Encode(map[string]string{"message": e.message})
}

func conflict(message string) error {
	return &awsError{"ConflictException", message, http.StatusBadRequest}
}

func quota(message string) error {
	return &awsError{"ServiceQuotaExceededException", message, http.StatusBadRequest}
}

// The names and tokens of the service's own model.
var (
	planName  = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,128}$`)
	planToken = regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}$`)
	planKey   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]+$`)
)

// Stages that a blueprint or a project can be in.
const (
	live        = "LIVE"
	development = "DEVELOPMENT"
)

// stageOr checks a stage; none is the one given.
func stageOr(stage, other string) (string, error) {
	switch stage {
	case "":
		return other, nil
	case live, development:
		return stage, nil
	}
	return "", invalid("the stage is LIVE or DEVELOPMENT")
}

// creation is what every create request may say.
type creation struct {
	Token      string     `json:"clientToken"`
	Encryption encryption `json:"encryptionConfiguration"`
	Tags       []planTag  `json:"tags"`
}

type encryption struct {
	Key     string            `json:"kmsKeyId,omitempty"`
	Context map[string]string `json:"kmsEncryptionContext,omitempty"`
}

type planTag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func (c creation) check() error {
	if c.Token != "" && (len(c.Token) < 33 || len(c.Token) > 256 || !planToken.MatchString(c.Token)) {
		return invalid("clientToken has 33 to 256 letters, digits and hyphens")
	}
	if c.Encryption.Key != "" && (len(c.Encryption.Key) > 2048 || !planKey.MatchString(c.Encryption.Key)) {
		return invalid("encryptionConfiguration.kmsKeyId is not valid")
	}
	return checkTags(c.Tags)
}

// made is what every resource of the control plane keeps.
type made struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Region   string     `json:"region"`
	Token    string     `json:"token,omitempty"`
	Created  time.Time  `json:"created"`
	Modified time.Time  `json:"modified"`
	Tags     []planTag  `json:"tags,omitempty"`
	Sealed   encryption `json:"sealed"`
}

func (d *Doors) make(name, region string, c creation) made {
	now := d.Now().UTC()
	return made{ID: strings.ReplaceAll(uuid.NewString(), "-", "")[:12], Name: name, Region: region, Token: c.Token,
		Created: now, Modified: now, Tags: c.Tags, Sealed: c.Encryption}
}

// kept loads all records below a folder, the oldest first.
func kept[T any](d *Doors, folder string, at func(T) made) ([]T, error) {
	keys, err := d.Objects.blobs.List(folder)
	if err != nil {
		return nil, err
	}
	var all []T
	for _, k := range keys {
		var v T
		switch err := d.load(k, &v); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, err
		default:
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b T) int {
		if c := at(a).Created.Compare(at(b).Created); c != 0 {
			return c
		}
		return strings.Compare(at(a).ID, at(b).ID)
	})
	return all, nil
}

// resource is the kind and the id in an ARN of this account, in a Region.
func (d *Doors) resource(arn, region string) (kind, id string, err error) {
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 || f[0] != "arn" || f[2] != "bedrock" {
		return "", "", invalid("the ARN is not valid")
	}
	kind, id, _ = strings.Cut(f[5], "/")
	if !planName.MatchString(id) {
		return "", "", invalid("the ARN is not valid")
	}
	if f[3] != region || f[4] != d.Account && f[4] != "aws" {
		return "", "", missing("there is no such resource in this Region")
	}
	return kind, id, nil
}

// page cuts one page out of a list. The token is the number of the next item,
// in the letters that tokens may have.
func page[T any](all []T, token string, most, limit int) (part []T, next string, err error) {
	from := 0
	if token != "" {
		data, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || json.Unmarshal(data, &from) != nil || from < 0 || from > len(all) {
			return nil, "", invalid("the next token is not valid")
		}
	}
	if most < 0 || most > limit {
		return nil, "", invalid("the number of results asked for is not valid")
	}
	if most == 0 {
		most = limit
	}
	end := min(from+most, len(all))
	if end < len(all) {
		data, _ := json.Marshal(end)
		next = base64.RawURLEncoding.EncodeToString(data)
	}
	return append([]T{}, all[from:end]...), next, nil
}
