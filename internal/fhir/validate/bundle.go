package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// bundle checks what the constraints of Bundle leave open: that the fullUrl fits
// the id of its resource, and what a document's references need.
func (c *check) bundle(n *model.Node) {
	optional := strings.HasPrefix(n.Str("type"), "transaction") || strings.HasPrefix(n.Str("type"), "batch")
	for _, e := range items(n.Get("entry")) {
		url, res := e.Get("fullUrl"), e.Get("resource")
		if url == nil && e.Get("_fullUrl") == nil && res != nil && !optional && res.ResourceType() != "OperationOutcome" {
			c.report(Error, "required", e, "fullUrl is missing: only transactions and batches go without.")
		}
		if url == nil || res == nil || url.Kind != model.String || res.Kind != model.Object {
			continue
		}
		c.fullURL(url, res)
	}
	if n.Str("type") == "document" {
		c.documentReferences(n)
	}
}

// documentReferences: what the Composition of a document refers to is in the
// Bundle. Absolute URLs may lead outside.
func (c *check) documentReferences(n *model.Node) {
	entries := items(n.Get("entry"))
	if len(entries) == 0 || entries[0].Get("resource").ResourceType() != "Composition" {
		return
	}
	composition := entries[0].Get("resource")
	must := func(r *model.Node) {
		ref := r.Str("reference")
		if ref == "" || ref[0] == '#' || strings.HasPrefix(ref, "http") || c.inBundles(r, ref) != nil {
			return
		}
		c.report(Error, "not-found", r, "The document refers to a resource that is not in the Bundle.")
	}
	for _, path := range [][]string{{"subject"}, {"encounter"}, {"author"}, {"attester", "party"}, {"custodian"}, {"section", "entry"}} {
		each(composition, must, path...)
	}
}

func (c *check) fullURL(url, res *model.Node) {
	id := res.Str("id")
	if uuid, ok := strings.CutPrefix(url.Text, "urn:uuid:"); ok {
		if uuidForm(uuid) == "" && uuid != strings.ToLower(uuid) {
			c.report(Warning, "value", url, "A UUID is written in lower case.")
		}
		return
	}
	if strings.HasPrefix(url.Text, "urn:") {
		return
	}
	if !strings.Contains(url.Text, ":") {
		c.report(Warning, "value", url, "fullUrl should be an absolute URL or a URN.")
		return
	}
	name := referencedType(url.Text)
	if c.table.Resource(name) == nil {
		return
	}
	if name != res.ResourceType() {
		c.report(Error, "value", url, "fullUrl names a %.64s but the entry holds a %.64s.", name, res.ResourceType())
	}
	if id != "" && !strings.HasSuffix(url.Text, "/"+id) {
		c.report(Error, "value", url, "fullUrl does not end in the id of the resource in the entry.")
	}
}
