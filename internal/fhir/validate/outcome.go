package validate

import "github.com/paperchart/paperchart/internal/fhir/r4"

// Outcome turns issues into an OperationOutcome; without issues it says that the
// resource is valid.
func Outcome(issues []Issue) *r4.OperationOutcome {
	out := new(r4.OperationOutcome)
	for _, i := range issues {
		x := r4.OperationOutcomeIssue{Severity: i.Severity, Code: i.Code, Diagnostics: i.Message}
		if i.Expression != "" {
			x.Expression = []string{i.Expression}
		}
		if i.Line > 0 {
			x.Extension = position(i)
		}
		out.Issue = append(out.Issue, x)
	}
	if len(out.Issue) == 0 {
		out.Issue = []r4.OperationOutcomeIssue{{Severity: Information, Code: "informational", Diagnostics: "The resource is valid."}}
	}
	return out
}

// position uses the extensions by which validators give line and column.
func position(i Issue) []r4.Extension {
	const base = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-"
	line, column := i.Line, i.Column
	return []r4.Extension{{URL: base + "line", ValueInteger: &line}, {URL: base + "col", ValueInteger: &column}}
}
