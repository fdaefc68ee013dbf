package validate

import "github.com/paperchart/paperchart/internal/fhir/definition"

// mendedExpressions are the constraints of R4 4.0.1 whose published FHIRPath does
// not say what their text says, with the expression used instead; "" where the
// constraint is left out.
var mendedExpressions = map[string]string{
	// Checked by the validator's own code, with an index.
	"ref-1": "",
	// "more than one", but the expression says > 2.
	"que-12": "enableWhen.count() > 1 implies enableBehavior.exists()",
	// answer is FHIR's boolean, never System.Boolean.
	"que-7": "operator = 'exists' implies (answer is FHIR.boolean)",
}

// openContexts are extensions whose definition in R4 4.0.1 gives a context that
// R4's own definitions and value sets do not keep to.
var openContexts = map[string]bool{
	coreURL + "structuredefinition-fhir-type":         true, // on ElementDefinition.type, said to be for type.code
	coreURL + "regex":                                 true, // the same
	coreURL + "structuredefinition-normative-version": true, // on all canonical resources
	coreURL + "translation":                           true, // on ValueSet.expansion.contains
	coreURL + "valueset-concept-comments":             true, // on CodeSystem.concept
}

const coreURL = "http://hl7.org/fhir/StructureDefinition/"

// mended returns the expression to use for a constraint, and whether to leave it
// out.
func mended(x *definition.Constraint) (expression string, skip bool) {
	e, ok := mendedExpressions[x.Key]
	if !ok {
		return x.Expression, false
	}
	return e, e == ""
}
