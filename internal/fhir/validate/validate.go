// Package validate checks FHIR R4 resources against the specification and US
// Core: structure, cardinality, formats, bindings, references, Bundle rules,
// constraints in FHIRPath, and the profiles that meta.profile names.
//
// Nothing is fetched: codes of terminologies that the table does not hold are
// not checked unless Options.Code answers for them, and profiles that it does not
// hold give a warning. Messages name elements and codes of the specification,
// and of the resource only codes, types, URLs of definitions and ids; never other
// text.
//
// What R4 itself has wrong is listed in quirks.go with reasons.
package validate

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// Level is how much is checked. The names are HealthLake's.
type Level uint8

// Levels of validation.
const (
	Strict    Level = iota // everything
	Structure              // elements, cardinality, formats, references' form; no constraints, bindings or profiles
	Minimal                // readable JSON, a known resource type, a well-formed id
)

// Severities of Issue, as in OperationOutcome.
const (
	Error       = "error"
	Warning     = "warning"
	Information = "information"
)

// Issue is one finding.
type Issue struct {
	Severity   string // Error, Warning or Information
	Code       string // of FHIR's IssueType: structure, required, value, invariant, code-invalid, …
	Expression string // FHIRPath of the element, "" where the JSON cannot be read
	Message    string // a sentence for people
	Constraint string // key of the constraint that failed, "" for others
	Profile    string // URL of the profile that is not met, "" where it is R4 itself
	Offset     int    // in bytes
	Line       int    // from 1
	Column     int    // from 1, in bytes
}

// String gives line, column, severity, element and message.
func (i Issue) String() string {
	at := fmt.Sprintf("%d:%d: %s: ", i.Line, i.Column, i.Severity)
	if i.Expression != "" {
		at += i.Expression + ": "
	}
	return at + i.Message
}

// Failed reports whether there is an issue of severity error.
func Failed(issues []Issue) bool {
	for _, i := range issues {
		if i.Severity == Error {
			return true
		}
	}
	return false
}

// Options changes what a Validator does. The zero value is strict.
type Options struct {
	Level     Level
	Limits    model.Limits
	MaxIssues int // after which checking ends; default 100
	// Code answers for code systems outside the table; known is false where it
	// cannot tell. It must be safe for concurrent use.
	Code func(system, code string) (valid, known bool)
	// Profiles are demanded of every resource of their type, besides those that
	// meta.profile names.
	Profiles []string
	// BestPractice adds the warnings that nearly every real resource earns, such
	// as dom-6: a narrative should be there.
	BestPractice bool
}

const defaultIssues = 100

// Validator checks resources. It is safe for concurrent use.
type Validator struct {
	table  *definition.Table
	engine *fhirpath.Engine
	opts   Options
	plans  sync.Map // *definition.Element → *plan
	values sync.Map // fixed and pattern JSON → *model.Node
	checks sync.Pool
	docs   sync.Pool
}

// New returns a validator over the definitions.
func New(table *definition.Table, opts Options) *Validator {
	if opts.MaxIssues <= 0 {
		opts.MaxIssues = defaultIssues
	}
	return &Validator{
		table: table, engine: fhirpath.New(table), opts: opts,
		checks: sync.Pool{New: func() any { return new(check) }},
		docs:   sync.Pool{New: func() any { return new(model.Doc) }},
	}
}

// Validate checks one resource as JSON. Text that is no JSON gives one issue with
// its position. A context that ends gives an issue of code "timeout".
func (v *Validator) Validate(ctx context.Context, data []byte) []Issue {
	doc := v.docs.Get().(*model.Doc)
	defer func() { doc.Reset(); v.docs.Put(doc) }()
	if err := doc.Parse(data, v.opts.Limits); err != nil {
		return []Issue{syntaxIssue(err)}
	}
	return v.ValidateDoc(ctx, doc)
}

// ValidateDoc checks a parsed resource and leaves it bound to its definitions.
func (v *Validator) ValidateDoc(ctx context.Context, doc *model.Doc) []Issue {
	c := v.checks.Get().(*check)
	defer func() { *c = check{}; v.checks.Put(c) }()
	*c = check{Validator: v, ctx: ctx, doc: doc, root: doc.Root}
	c.env.Resolve, c.env.MemberOf, c.env.ConformsTo = c.resolve, c.memberOf, c.conforms
	c.document()
	return c.issues
}

func syntaxIssue(err error) Issue {
	i := Issue{Severity: Error, Code: "structure", Message: "The text cannot be read as JSON: " + err.Error() + "."}
	var s *model.SyntaxError
	if errors.As(err, &s) {
		i.Message = "The text cannot be read as JSON: " + s.Message + "."
		i.Offset, i.Line, i.Column = s.Offset, s.Line, s.Column
		if s.TooBig {
			i.Code, i.Message = "too-costly", "The text exceeds a limit: "+s.Message+"."
		}
	}
	return i
}

// check is one validation.
type check struct {
	*Validator
	ctx     context.Context
	doc     *model.Doc
	root    *model.Node
	env     fhirpath.Env
	issues  []Issue
	full    bool
	silent  int // above 0, issues are counted in failed and not kept
	failed  int
	profile string                                 // being checked
	depth   int                                    // of profiles within profiles
	entries map[*model.Node]map[string]*model.Node // of Bundles, by URL; of other resources, contained by id
	ids     map[string]*model.Node                 // of elements: the resource they were seen in last
}

// maxProfileDepth bounds profiles that lead to profiles.
const maxProfileDepth = 12

func (c *check) document() {
	if c.root.Kind != model.Object {
		c.report(Error, "structure", c.root, "A resource is a JSON object.")
		return
	}
	if model.Bind(c.table, c.root) == nil {
		c.unknownResource(c.root)
		return
	}
	if c.opts.Level == Minimal {
		c.minimal(c.root)
		return
	}
	c.resource(c.root)
}

func (c *check) minimal(n *model.Node) {
	if id := n.Get("id"); id != nil {
		c.primitive(id)
	}
}

func (c *check) unknownResource(n *model.Node) {
	name := n.ResourceType()
	if name == "" {
		c.report(Error, "structure", n, "The member resourceType is missing: it must name the type of the resource.")
		return
	}
	c.report(Error, "structure", n, "There is no resource type %.64q in FHIR R4.", name)
}

func (c *check) report(severity, code string, n *model.Node, format string, args ...any) {
	if c.silent > 0 {
		if severity == Error {
			c.failed++
		}
		return
	}
	if c.full {
		return
	}
	i := Issue{Severity: severity, Code: code, Message: fmt.Sprintf(format, args...), Profile: c.profile}
	i.Expression, i.Offset = n.Path(), int(n.Offset)
	i.Line, i.Column = c.doc.Position(int(n.Offset))
	c.issues = append(c.issues, i)
	c.full = len(c.issues) >= c.opts.MaxIssues
}

// passes runs f without keeping its issues and reports whether it found no error.
func (c *check) passes(f func()) bool {
	failed := c.failed
	c.silent++
	f()
	c.silent--
	ok := c.failed == failed
	c.failed = failed
	return ok
}

// stopped reports whether checking must end.
func (c *check) stopped() bool {
	if c.full {
		return true
	}
	if c.ctx.Err() != nil {
		c.report(Error, "timeout", c.root, "The validation was stopped before its end.")
		c.full = true
	}
	return c.full
}
