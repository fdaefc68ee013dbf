package doors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/sigv4"
)

// Datastore is the contents of one of HealthLake's data stores, opened.
type Datastore struct {
	// FHIR serves the data plane below /datastore/{id}/r4/, writing with a level
	// of validation: strict, structure-only or minimal.
	FHIR func(level string) http.Handler
	// Each gives every resource once, by type.
	Each func(ctx context.Context, f func(kind string, resource []byte) error) error
	// Close ends it; nil where others hold it too.
	Close func() error
}

// The states of a data store.
const (
	active  = "ACTIVE"
	deleted = "DELETED"
)

// maxStores is HealthLake's quota on data stores of an account.
const maxStores = 20

// storeRecord is what is known of a data store, deleted ones too.
type storeRecord struct {
	ID       string          `json:"id"`
	Name     string          `json:"name,omitempty"`
	State    string          `json:"state"`
	Created  time.Time       `json:"created"`
	Token    string          `json:"token,omitempty"`
	Sealed   json.RawMessage `json:"sealed,omitempty"`
	Identity json.RawMessage `json:"identity,omitempty"`
	Tags     []planTag       `json:"tags,omitempty"`
}

const stores = "datastores/"

func (s storeRecord) key() string { return stores + s.ID + ".json" }

// The patterns of the service's own model (API 2017-07-01).
var (
	lakeName  = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-%@]*$`)
	lakeToken = regexp.MustCompile(`^[a-zA-Z0-9-]{1,64}$`)
	lakeRole  = regexp.MustCompile(`^arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+$`)
	lakeStore = regexp.MustCompile(`^[a-z0-9]{1,32}$`)
)

func named(s string, most int) bool {
	return utf8.RuneCountInString(s) <= most && lakeName.MatchString(s)
}

// lakeCall is one request to HealthLake's control plane.
type lakeCall struct {
	region string
	dec    *json.Decoder
}

func (c lakeCall) read(into any) error {
	if err := c.dec.Decode(into); err != nil {
		return invalid("the request is no good JSON")
	}
	return nil
}

// healthlake finds an operation. Those that write wait for one another.
func (d *Doors) healthlake(name string) operation {
	do := map[string]func(lakeCall) (any, error){
		"CreateFHIRDatastore": d.createStore, "DescribeFHIRDatastore": d.describeStore,
		"ListFHIRDatastores": d.listStores, "DeleteFHIRDatastore": d.deleteStore,
		"StartFHIRImportJob": d.startImport, "DescribeFHIRImportJob": d.describeImport, "ListFHIRImportJobs": d.listImports,
		"StartFHIRExportJob": d.startExport, "DescribeFHIRExportJob": d.describeExport, "ListFHIRExportJobs": d.listExports,
		"TagResource": d.tagStore, "UntagResource": d.untagStore, "ListTagsForResource": d.listStoreTags,
	}[name]
	if do == nil {
		return nil
	}
	return func(r *http.Request, dec *json.Decoder) (any, error) {
		scope, _ := sigv4.ParseScope(r) // verified before
		d.planning.Lock()
		defer d.planning.Unlock()
		return do(lakeCall{scope.Region, dec})
	}
}

func (d *Doors) storeARN(id, region string) string {
	return "arn:aws:healthlake:" + region + ":" + d.Account + ":datastore/fhir/" + id
}

// brief is a data store as creating and deleting answer.
func (d *Doors) brief(s storeRecord, state, region string) map[string]any {
	return map[string]any{"DatastoreId": s.ID, "DatastoreArn": d.storeARN(s.ID, region), "DatastoreStatus": state,
		"DatastoreEndpoint": d.Address + "/datastore/" + s.ID + "/r4/"}
}

func (d *Doors) properties(s storeRecord, region string) map[string]any {
	out := d.brief(s, s.State, region)
	out["DatastoreTypeVersion"], out["CreatedAt"] = "R4", seconds(s.Created)
	for name, v := range map[string]json.RawMessage{"SseConfiguration": s.Sealed, "IdentityProviderConfiguration": s.Identity} {
		if v != nil {
			out[name] = v
		}
	}
	if s.Name != "" {
		out["DatastoreName"] = s.Name
	}
	return out
}

// seconds is a time as the JSON protocols write it.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// instant reads such a time; nil is none.
func instant(v *float64) time.Time {
	if v == nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(*v * 1000))
}

// within reports whether t lies between two times, where they are given.
func within(t, after, before time.Time) bool {
	return (after.IsZero() || t.After(after)) && (before.IsZero() || t.Before(before))
}

func (d *Doors) allStores() ([]storeRecord, error) {
	return kept(d, "datastores", func(s storeRecord) made { return made{ID: s.ID, Created: s.Created} })
}

// store loads what is known of a data store.
func (d *Doors) store(id string) (storeRecord, error) {
	var s storeRecord
	if !lakeStore.MatchString(id) {
		return s, missing("there is no such data store")
	}
	err := d.load(stores+id+".json", &s)
	if errors.Is(err, fs.ErrNotExist) {
		return s, missing("there is no such data store")
	}
	return s, err
}

// activeStore is a data store that can be worked with.
func (d *Doors) activeStore(id string) (storeRecord, error) {
	s, err := d.store(id)
	if err == nil && s.State != active {
		return s, invalid("the data store is " + strings.ToLower(s.State))
	}
	return s, err
}

// opened opens a data store that is active, once.
func (d *Doors) opened(id string) (Datastore, error) {
	d.storing.Lock()
	defer d.storing.Unlock()
	if s, ok := d.stores[id]; ok {
		return s, nil
	}
	if _, err := d.activeStore(id); err != nil {
		return Datastore{}, err
	}
	s, err := d.Open(id)
	if err != nil {
		return s, fmt.Errorf("open data store: %w", err)
	}
	d.stores[id] = s
	return s, nil
}

// shut closes a data store, if it is open.
func (d *Doors) shut(id string) error {
	d.storing.Lock()
	defer d.storing.Unlock()
	s, ok := d.stores[id]
	delete(d.stores, id)
	if !ok || s.Close == nil {
		return nil
	}
	return s.Close()
}

// firstStore keeps the server's own data store among the others.
func (d *Doors) firstStore() error {
	if _, err := d.store(d.Datastore); err == nil {
		return nil
	}
	s := storeRecord{ID: d.Datastore, Name: "paperchart", State: active, Created: d.Now().UTC()}
	return d.save(s.key(), s)
}

// servePlane leads a request on the data plane to its data store.
func (d *Doors) servePlane(w http.ResponseWriter, r *http.Request) {
	id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/datastore/"), "/")
	s, err := d.opened(id)
	if err != nil {
		var e *awsError
		if errors.As(err, &e) {
			err = &awsError{"ResourceNotFoundException", "there is no such data store", http.StatusNotFound}
		}
		fail(w, err)
		return
	}
	level := r.Header.Get("X-Amzn-Healthlake-Fhir-Validation-Level")
	if !slices.Contains(levels, level) {
		fail(w, invalid("the validation level is strict, structure-only or minimal"))
		return
	}
	s.FHIR(level).ServeHTTP(w, r)
}

// levels of validation; none is strict.
var levels = []string{"", "strict", "structure-only", "minimal"}

func (d *Doors) createStore(c lakeCall) (any, error) {
	var in struct {
		DatastoreName, DatastoreTypeVersion, ClientToken string
		SseConfiguration, IdentityProviderConfiguration  json.RawMessage
		PreloadDataConfig                                json.RawMessage
		Tags                                             []planTag
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	switch {
	case in.DatastoreTypeVersion != "R4":
		return nil, invalid("DatastoreTypeVersion is R4")
	case !named(in.DatastoreName, 256):
		return nil, invalid("DatastoreName is not valid")
	case in.ClientToken != "" && !lakeToken.MatchString(in.ClientToken):
		return nil, invalid("ClientToken is not valid")
	case in.PreloadDataConfig != nil:
		return nil, invalid("this server has no preloaded data")
	}
	if err := checkSealed(in.SseConfiguration); err != nil {
		return nil, err
	}
	if err := checkIdentity(in.IdentityProviderConfiguration); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	all, err := d.allStores()
	if err != nil {
		return nil, err
	}
	n := 0
	for _, s := range all {
		if in.ClientToken != "" && s.Token == in.ClientToken {
			return d.brief(s, s.State, c.region), nil
		}
		if s.State == active {
			n++
		}
	}
	if n >= maxStores {
		return nil, throttled(fmt.Sprintf("an account has at most %d data stores", maxStores))
	}
	s := storeRecord{ID: hex32(uuid.New()), Name: in.DatastoreName, State: active, Created: d.Now().UTC(), Token: in.ClientToken,
		Sealed: in.SseConfiguration, Identity: in.IdentityProviderConfiguration, Tags: in.Tags}
	if err := d.save(s.key(), s); err != nil {
		return nil, err
	}
	if _, err := d.opened(s.ID); err != nil {
		return nil, err
	}
	return d.brief(s, "CREATING", c.region), nil
}

func throttled(message string) error {
	return &awsError{"ThrottlingException", message, http.StatusBadRequest}
}

func checkSealed(data json.RawMessage) error {
	if data == nil {
		return nil
	}
	var s struct {
		KmsEncryptionConfig *struct{ CmkType, KmsKeyId string }
	}
	if json.Unmarshal(data, &s) != nil || s.KmsEncryptionConfig == nil ||
		!slices.Contains([]string{"CUSTOMER_MANAGED_KMS_KEY", "AWS_OWNED_KMS_KEY"}, s.KmsEncryptionConfig.CmkType) {
		return invalid("SseConfiguration is not valid")
	}
	return nil
}

// checkIdentity takes only what this server can do: requests signed as AWS's are.
func checkIdentity(data json.RawMessage) error {
	if data == nil {
		return nil
	}
	var s struct{ AuthorizationStrategy string }
	if json.Unmarshal(data, &s) != nil || s.AuthorizationStrategy != "AWS_AUTH" {
		return invalid("this server knows the AuthorizationStrategy AWS_AUTH alone")
	}
	return nil
}

func (d *Doors) describeStore(c lakeCall) (any, error) {
	var in struct{ DatastoreId string }
	if err := c.read(&in); err != nil {
		return nil, err
	}
	s, err := d.store(in.DatastoreId)
	if err != nil {
		return nil, err
	}
	return map[string]any{"DatastoreProperties": d.properties(s, c.region)}, nil
}

func (d *Doors) listStores(c lakeCall) (any, error) {
	var in struct {
		Filter struct {
			DatastoreName, DatastoreStatus string
			CreatedBefore, CreatedAfter    *float64
		}
		NextToken  string
		MaxResults *int
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	all, err := d.allStores()
	if err != nil {
		return nil, err
	}
	f := in.Filter
	items := []map[string]any{}
	for _, s := range all {
		if (f.DatastoreName == "" || f.DatastoreName == s.Name) && (f.DatastoreStatus == "" || f.DatastoreStatus == s.State) &&
			within(s.Created, instant(f.CreatedAfter), instant(f.CreatedBefore)) {
			items = append(items, d.properties(s, c.region))
		}
	}
	return lakePage("DatastorePropertiesList", items, in.NextToken, in.MaxResults)
}

// lakePage is a page of a list in HealthLake's own words.
func lakePage(name string, all []map[string]any, token string, most *int) (any, error) {
	n := 0
	if most != nil {
		if n = *most; n < 1 || n > 500 {
			return nil, invalid("MaxResults is 1 to 500")
		}
	}
	part, next, err := page(all, token, n, 500)
	out := map[string]any{name: part}
	if next != "" {
		out["NextToken"] = next
	}
	return out, err
}

// deleteStore deletes a data store with all that is in it.
func (d *Doors) deleteStore(c lakeCall) (any, error) {
	var in struct{ DatastoreId string }
	if err := c.read(&in); err != nil {
		return nil, err
	}
	s, err := d.store(in.DatastoreId)
	switch {
	case err != nil:
		return nil, err
	case s.ID == d.Datastore:
		return nil, &awsError{"AccessDeniedException", "this is the server's own data store", http.StatusBadRequest}
	case s.State != active:
		return nil, conflict("the data store is deleted already")
	case d.imports.waits(s.ID) > 0 || d.exports.waits(s.ID) > 0:
		return nil, conflict("a job of the data store is not at its end")
	}
	s.State = deleted
	if err := d.save(s.key(), s); err != nil {
		return nil, err
	}
	if err := d.shut(s.ID); err != nil {
		d.Logger.Error("data store not closed", "datastore", s.ID, "error", err)
	}
	return d.brief(s, "DELETING", c.region), d.Remove(s.ID)
}

// ofARN loads the data store that an ARN names.
func (d *Doors) ofARN(arn string) (storeRecord, error) {
	_, id, ok := strings.Cut(arn, ":datastore/fhir/")
	if !ok || !strings.HasPrefix(arn, "arn:aws") {
		return storeRecord{}, invalid("ResourceARN is not valid")
	}
	return d.store(id)
}

// lakeTagging is a request about tags, to HealthLake.
type lakeTagging struct {
	ResourceARN string
	Tags        []planTag
	TagKeys     []string
}

func (d *Doors) tagged(c lakeCall, change func(storeRecord, lakeTagging) ([]planTag, error)) (any, error) {
	var in lakeTagging
	if err := c.read(&in); err != nil {
		return nil, err
	}
	s, err := d.ofARN(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	if s.Tags, err = change(s, in); err != nil {
		return nil, err
	}
	return struct{}{}, d.save(s.key(), s)
}

func (d *Doors) tagStore(c lakeCall) (any, error) {
	return d.tagged(c, func(s storeRecord, in lakeTagging) ([]planTag, error) { return merge(s.Tags, in.Tags) })
}

func (d *Doors) untagStore(c lakeCall) (any, error) {
	return d.tagged(c, func(s storeRecord, in lakeTagging) ([]planTag, error) { return without(s.Tags, in.TagKeys), nil })
}

func (d *Doors) listStoreTags(c lakeCall) (any, error) {
	var in lakeTagging
	if err := c.read(&in); err != nil {
		return nil, err
	}
	s, err := d.ofARN(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	tags := []map[string]string{}
	for _, t := range s.Tags {
		tags = append(tags, map[string]string{"Key": t.Key, "Value": t.Value})
	}
	return map[string]any{"Tags": tags}, nil
}

func hex32(u uuid.UUID) string { return strings.ReplaceAll(u.String(), "-", "") }
