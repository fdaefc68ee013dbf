package convert

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// docKind is what a document is: a LOINC code of US Core's document types.
type docKind struct{ code, display, text string }

// docKinds are tried in order: the first whose words begin a word of the print.
var docKinds = []struct {
	words string
	kind  docKind
}{
	{"discharge med", docKind{"10160-0", "History of Medication use Narrative", ""}},
	{"discharge", docKind{"18842-5", "Discharge summary", ""}},
	{"emergency", docKind{"34111-5", "Emergency department Note", ""}},
	{"lab", docKind{"11502-2", "Laboratory report", ""}},
	{"patholog", docKind{"11502-2", "Laboratory report", ""}},
	{"referral", docKind{"57133-1", "Referral note", ""}},
	{"consult", docKind{"11488-4", "Consult note", ""}},
	{"immuni", docKind{"11369-6", "History of Immunization", ""}},
	{"vaccin", docKind{"11369-6", "History of Immunization", ""}},
	{"prescription", docKind{prescription, "Prescription for medication Document", ""}},
	{"medication order", docKind{prescription, "Prescription for medication Document", ""}},
	{"medication", docKind{"10160-0", "History of Medication use Narrative", ""}},
	{"operat", docKind{"11504-8", "Surgical operation note", ""}},
	{"history and physical", docKind{"34117-2", "Provider-unspecified, History and physical note", ""}},
	{"h&p", docKind{"34117-2", "Provider-unspecified, History and physical note", ""}},
	{"progress", docKind{"11506-3", "Provider-unspecified progress note", ""}},
	{"visit", docKind{"34133-9", "Summary of episode note", ""}},
	{"summary", docKind{"34133-9", "Summary of episode note", ""}},
}

const prescription = "57833-6"

// kindOf names the document by its printed type, else by its class.
func kindOf(texts ...string) docKind {
	kind := docKind{"11503-0", "Medical records", ""}
	for _, text := range texts {
		low := strings.ToLower(text)
		for _, k := range docKinds {
			if strings.Contains(" "+low, " "+k.words) {
				k.kind.text = text
				return k.kind
			}
		}
		kind.text = first(kind.text, text)
	}
	return kind
}

func (k docKind) is(code string) bool { return k.code == code }

// diagnosesOfStay reports whether the document lists what a patient was treated
// for, rather than keeping a list of problems.
func (k docKind) diagnosesOfStay() bool { return k.is("18842-5") || k.is("34111-5") }

func (k docKind) concept() *r4.CodeableConcept {
	return concept(first(k.text, k.display), coding(terms.LOINC, k.code, k.display))
}

// makeFile is the original as a DocumentReference. FHIR's Attachment.hash is
// SHA-1 alone (R4 datatypes.html#Attachment); ours is SHA-256, in an extension
// and as the master identifier, so hash stays empty.
func (c *chart) makeFile() {
	s := c.doc.Source
	f := &fact{}
	c.scalar(f, "document_type")
	c.scalar(f, "document_date")
	f.doubt = len(s.Unread) > 0 // what the resources say is not all of it
	r := &r4.DocumentReference{Status: "current", Subject: c.patient, Custodian: c.facility, Type: c.kind.concept()}
	r.Category = []r4.CodeableConcept{*concept("", coding("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note", "Clinical Note"))}
	r.Description = c.pages()
	if c.provider != nil {
		r.Author = []r4.Reference{*c.provider}
	}
	if c.encounter != nil {
		r.Context = &r4.DocumentReferenceContext{Encounter: []r4.Reference{*c.encounter}}
	}
	if c.written != "" {
		if r.Context == nil {
			r.Context = &r4.DocumentReferenceContext{}
		}
		r.Context.Period = &r4.Period{Start: c.written}
	}
	a := &r4.Attachment{ContentType: s.MediaType, Title: first(s.File, "Original")}
	if s.Size > 0 && s.Size < 1<<31 {
		a.Size = r4.Ptr(int(s.Size))
	}
	r.Date = c.readAt()
	if isDigest.MatchString(s.SHA256) {
		r.MasterIdentifier = &r4.Identifier{System: digestURL, Value: s.SHA256}
		a.URL = c.original(s)
		a.Extension = []r4.Extension{{URL: digestURL, ValueString: s.SHA256}}
		claim(r, "documentreference")
	}
	r.Content = []r4.DocumentReferenceContent{{Attachment: a}}
	c.keep(r, c.id("file"), f)
}

// pages says which pages of the file are this document.
func (c *chart) pages() string {
	n := len(c.doc.Pages)
	if n == 0 || c.doc.Source.PageCount <= n {
		return ""
	}
	var names []string
	for _, p := range c.doc.Pages {
		names = append(names, fmt.Sprint(p+1))
	}
	return fmt.Sprintf("Pages %s of %d", strings.Join(names, ", "), c.doc.Source.PageCount)
}

func (c *chart) original(s result.Source) string {
	if c.Original != nil {
		return c.Original(s)
	}
	return "/api/v1/documents/" + s.SHA256[:16] + "/files/original"
}
