package store

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// Resource is one version of a resource.
type Resource struct {
	Type, ID string
	Version  int64
	Updated  time.Time
	// Deleted is true for a version that is the deletion; Body is then empty.
	Deleted bool
	// Method is how the version came to be: POST, PUT, PATCH or DELETE. Only
	// histories set it.
	Method string
	// Body is the JSON, with id, meta.versionId and meta.lastUpdated.
	Body []byte
}

// Code is what kind of trouble an Error is.
type Code uint8

// The codes.
const (
	Invalid Code = iota + 1
	NotFound
	Gone
	Conflict           // somebody else wrote in between
	PreconditionFailed // If-Match, or several matches of a condition
	NotSupported       // the specification has it and this store does not
	TooCostly          // beyond a limit
	Unprocessable      // well-formed, and not valid
	Full               // there is no room on the disk
)

// Error is a refusal whose message is for the client.
type Error struct {
	Code    Code
	Message string
	// Expression is the FHIRPath of what is wrong, where that is known.
	Expression string
	// Outcome is an OperationOutcome in JSON that says more than Message; nil
	// where there is none.
	Outcome []byte
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

func refuse(code Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// codeOf is the code of a refusal, 0 of any other error.
func codeOf(err error) Code {
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return 0
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)

func randomID() string { return uuid.NewString() }

// content is a resource as it came in, ready to be stored.
type content struct {
	typ  *definition.Type
	root *model.Node
}

func (s *Store) parse(body []byte) (*content, error) {
	doc, err := model.Parse(body, model.Limits{})
	if err != nil {
		return nil, refuse(Invalid, "the resource is no good JSON: %s", err)
	}
	return s.bound(doc.Root)
}

func (s *Store) bound(root *model.Node) (*content, error) {
	typ := model.Bind(s.table, root)
	if typ == nil {
		return nil, refuse(Invalid, "the JSON is not a FHIR R4 resource: resourceType names none")
	}
	return &content{typ, root}, nil
}

// What is stored of a resource is what neither its place nor its version tells:
// the members of meta, a zero byte, and the other members, in canonical order.
// The same content gives the same bytes.
func (c *content) stored() []byte {
	out := make([]byte, 0, 1024)
	if meta := c.root.Get("meta"); meta != nil && meta.Kind == model.Object {
		for _, n := range members(meta) {
			if n.Name != "versionId" && n.Name != "lastUpdated" && n.Name != "_versionId" && n.Name != "_lastUpdated" {
				out = appendMember(append(out, ','), n)
			}
		}
	}
	out = append(out, 0)
	for _, n := range members(c.root) {
		switch n.Name {
		case "resourceType", "id", "meta":
		default:
			out = appendMember(append(out, ','), n)
		}
	}
	return out
}

// stamp is the JSON of a stored resource.
func stamp(typ, id string, version int64, updated time.Time, stored []byte) []byte {
	meta, rest, _ := bytes.Cut(stored, []byte{0})
	out := make([]byte, 0, len(stored)+len(typ)+len(id)+120)
	out = append(append(append(out, `{"resourceType":"`...), typ...), `","id":`...)
	out = model.AppendString(out, id)
	out = strconv.AppendInt(append(out, `,"meta":{"versionId":"`...), version, 10)
	out = append(append(append(out, `","lastUpdated":"`...), FormatTime(updated)...), '"')
	out = append(append(out, meta...), '}')
	return append(append(out, rest...), '}')
}

// unstamped is the JSON of stored content without version, for deriving rows.
func unstamped(typ, id string, stored []byte) []byte {
	meta, rest, _ := bytes.Cut(stored, []byte{0})
	out := append([]byte(`{"resourceType":"`), typ...)
	out = append(append(append(out, `","id":"`...), id...), '"')
	if len(meta) > 0 {
		out = append(append(append(out, `,"meta":{`...), meta[1:]...), '}')
	}
	return append(append(out, rest...), '}')
}

// FormatTime is a FHIR instant in UTC with milliseconds.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func appendMember(out []byte, n *model.Node) []byte {
	out = model.AppendString(out, n.Name)
	out = append(out, ':')
	return model.AppendCanonical(out, n)
}

// members are the children in the specification's order, unknown ones last.
func members(n *model.Node) []*model.Node {
	var all []*model.Node
	for c := n.First; c != nil; c = c.Next {
		all = append(all, c)
	}
	place := func(c *model.Node) int {
		switch {
		case c.Elem == nil && c.Type == nil && c.Name != "resourceType":
			return 1 << 30
		case c.IsUnderscored():
			return 2*int(c.Pos) + 1
		}
		return 2 * int(c.Pos)
	}
	slices.SortStableFunc(all, func(a, b *model.Node) int { return place(a) - place(b) })
	return all
}
