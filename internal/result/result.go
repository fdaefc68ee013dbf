// Package result is the hand-off between the two halves of the pipeline: what
// extraction found in one logical document of a file, as fields with a
// confidence and a place on the page. On disk it is the custom-output JSON of
// Amazon Bedrock Data Automation (BDA), so either half can be the cloud's.
//
// In memory every value is the string that was read or normalised, never a
// float; Encode writes numbers for the fields a blueprint calls numbers, ""
// for what is missing, and explainability_info as an exact mirror of
// inference_result. Decode accepts BDA's own files with all their oddities:
// "" for missing numbers, tables of one blank row, page -1, absent keys.
package result

// Document is one logical document, usually one per patient and file.
type Document struct {
	Blueprint Blueprint
	// Class is the document's type, such as "Lab report".
	Class string
	// Pages are the 0-based indices, within the file, of the document's pages.
	Pages []int
	// Fields are the scalar fields by blueprint name; missing ones are absent.
	Fields map[string]Field
	// Tables are the rows of each table field, by blueprint name.
	Tables map[string][]Row
	// Source says where this came from. It is Paperchart's addition to BDA's
	// format, under the key "paperchart", which other readers ignore.
	Source Source
}

// Blueprint names the schema the document was read with.
type Blueprint struct {
	ARN, Name, Version string
	Confidence         float64
}

// Row is one row of a table: its cells by column name; missing ones are absent.
type Row map[string]Field

// Field is one extracted value.
type Field struct {
	// Value is normalised: dates as YYYY[-MM[-DD]], enums in lower case,
	// decimals as printed. Empty means that the field is not on the paper.
	Value string
	// Text is the value as printed, where it differs from Value.
	Text string
	// Confidence is the calibrated probability, 0..1, that Value is right.
	Confidence float64
	// Geometry are the places of the evidence, best first; several where the
	// same fact stands on several pages.
	Geometry []Geometry
	// Remark says, for the reviewer, what made the value doubtful, such as
	// "flag disagrees with range". Never text from the page.
	Remark string
}

// Geometry is a place on a page.
type Geometry struct {
	// Page is 1-based within the whole file; -1 where BDA did not say.
	Page int
	// Box is in fractions of the page as a viewer shows it.
	Box Box
	// Vertices are the corners, clockwise from the top left of the text.
	Vertices []Vertex
}

// Box is an upright rectangle in fractions of the page.
type Box struct{ Left, Top, Width, Height float64 }

// Vertex is a corner in fractions of the page.
type Vertex struct{ X, Y float64 }

// Source is where a document came from.
type Source struct {
	// File is the base name of the input; never a path.
	File string
	// SHA256 is the lower-case hexadecimal digest of the input's bytes.
	SHA256 string
	// MediaType is the sniffed type of the input, such as application/pdf.
	MediaType string
	// Size is the input's length in bytes.
	Size int64
	// PageCount is the number of pages in the whole file.
	PageCount int
	// Engine names what read the paper, with its version.
	Engine string
	// Route says, for people, how the reader was chosen, such as "local, 2 of 9
	// pages by Bedrock Data Automation"; empty where there was no choice.
	Route string
	// Read is when the file was read, RFC 3339 in UTC, to the second.
	Read string
	// Notes are the pages' remarks, by 1-based page number.
	Notes map[int][]string
	// Unread are the places with writing that could not be read, such as a page of
	// handwriting: a person has to look. A signature is none.
	Unread []Geometry
}
