package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

type object = map[string]any

// metadata is the CapabilityStatement, made from the routes and the definitions
// that also carry out what it says.
func (a *API) metadata(r *http.Request) (answer, error) {
	var interactions, system []object
	var operations []object
	onType := map[string][]object{}
	for _, route := range a.routes() {
		if route.interaction != "" {
			interactions = append(interactions, object{"code": route.interaction})
		}
		if route.system != "" {
			system = append(system, object{"code": route.system})
		}
		if route.operation != "" {
			op := object{"name": route.operation, "definition": definitionOf(route)}
			if route.on == "" {
				operations = append(operations, op)
			} else {
				onType[route.on] = append(onType[route.on], op)
			}
		}
	}
	var resources []object
	for _, name := range a.table.Resources() {
		resources = append(resources, a.resourceStatement(name, interactions, append(onType["*"][:len(onType["*"]):len(onType["*"])], onType[name]...)))
	}
	statement := object{
		"resourceType": "CapabilityStatement", "status": "active", "date": "2026-11-23", "kind": "instance",
		"software":       object{"name": a.Software, "version": a.Version},
		"fhirVersion":    "4.0.1",
		"instantiates":   []string{"http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data"},
		"format":         []string{"json", "application/fhir+json"},
		"patchFormat":    []string{"application/json-patch+json", "application/fhir+json"},
		"implementation": object{"description": "Paperchart", "url": a.base(r)},
		"rest": []object{{
			"mode": "server", "resource": resources, "interaction": system, "operation": operations,
			"searchParam": systemParams(), "compartment": a.compartments(),
		}},
	}
	return a.made(statement)
}

// made is an answer with a resource that was put together here, in the
// specification's order.
func (a *API) made(resource object) (answer, error) {
	body, err := json.Marshal(resource)
	if err == nil {
		body, err = model.Canonical(a.table, body, model.Limits{})
	}
	return answer{status: http.StatusOK, body: body}, err
}

func definitionOf(r route) string {
	base := "http://hl7.org/fhir/OperationDefinition/"
	switch {
	case r.operation == "everything":
		return base + r.on + "-everything"
	case r.on == "CodeSystem" || r.on == "ValueSet":
		return base + r.on + "-" + r.operation
	case r.operation == "export" && r.on == "Patient":
		return "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export"
	case r.operation == "export" && r.on == "Group":
		return "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export"
	case r.operation == "export":
		return "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export"
	case r.operation == "import":
		return "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/import"
	}
	return base + "Resource-" + r.operation
}

func (a *API) resourceStatement(name string, interactions, operations []object) object {
	var params []object
	var includes []string
	for _, p := range a.table.SearchParams(name) {
		if p.Expression == "" && p.Code != "_text" && p.Code != "_content" && p.Code != "_filter" && p.Code != "_list" || p.Type == "special" && p.Code != "_filter" && p.Code != "near" {
			continue
		}
		params = append(params, object{"name": p.Code, "type": p.Type, "definition": p.URL})
		if p.Type == "reference" {
			includes = append(includes, name+":"+p.Code)
		}
	}
	s := object{
		"type": name, "interaction": interactions, "operation": operations,
		"versioning": "versioned", "readHistory": true, "updateCreate": true, "conditionalCreate": true,
		"conditionalRead": "full-support", "conditionalUpdate": true, "conditionalDelete": a.conditionalDelete(),
		"referencePolicy": a.referencePolicy(), "searchParam": params,
	}
	if includes != nil {
		s["searchInclude"] = append(includes, "*")
	}
	if lead := a.leadingTo(name); lead != nil {
		s["searchRevInclude"] = lead
	}
	return s
}

// leadingTo are the parameters of all types that may refer to a type, as
// _revinclude names them.
func (a *API) leadingTo(name string) []string {
	var all []string
	for _, typ := range a.table.Resources() {
		for _, p := range a.table.SearchParams(typ) {
			only := strings.Contains(p.Expression, "resolve() is ")
			if p.Type == "reference" && (only && strings.Contains(p.Expression, "resolve() is "+name+")") || !only && (len(p.Targets) == 0 || slices.Contains(p.Targets, name))) {
				all = append(all, typ+":"+p.Code)
			}
		}
	}
	return all
}

func (a *API) compartments() []string {
	var all []string
	for _, name := range []string{"Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"} {
		if a.table.Compartment(name) != nil {
			all = append(all, "http://hl7.org/fhir/CompartmentDefinition/"+strings.ToLower(name))
		}
	}
	return all
}

func systemParams() []object {
	var all []object
	for _, p := range [][2]string{{"_id", "token"}, {"_lastUpdated", "date"}, {"_tag", "token"}, {"_profile", "uri"}, {"_security", "token"}, {"_source", "uri"}, {"_text", "string"}, {"_content", "string"}, {"_filter", "special"}, {"_type", "special"}} {
		all = append(all, object{"name": p[0], "type": p[1]})
	}
	return all
}

func (a *API) referencePolicy() []string {
	if a.AnyReference {
		return []string{"literal", "logical"}
	}
	return []string{"literal", "logical", "enforced"}
}

func (a *API) conditionalDelete() string {
	if a.DeleteSeveral {
		return "multiple"
	}
	return "single"
}
