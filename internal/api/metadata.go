package api

import (
	"encoding/json"
	"net/http"
)

// metadata is the CapabilityStatement, derived from what the server can do.
func (a *api) metadata(r *http.Request) (answer, error) {
	type object = map[string]any
	var resources []object
	for _, name := range a.table.Resources() {
		var params []object
		for _, p := range a.table.SearchParams(name) {
			if p.Expression != "" && p.Type != "composite" && p.Type != "special" {
				params = append(params, object{"name": p.Code, "type": p.Type, "definition": p.URL})
			}
		}
		resources = append(resources, object{
			"type":        name,
			"interaction": codes("read", "vread", "update", "delete", "history-instance", "create", "search-type"),
			"versioning":  "versioned", "readHistory": true, "updateCreate": true, "conditionalCreate": true,
			"conditionalRead": "not-match", "searchParam": params,
		})
	}
	statement := object{
		"resourceType": "CapabilityStatement", "status": "active", "date": "2026-11-23", "kind": "instance",
		"software":    object{"name": a.Software, "version": a.Version},
		"fhirVersion": "4.0.1", "format": []string{"json"},
		"implementation": object{"description": "Paperchart", "url": a.base(r)},
		"rest": []object{{
			"mode": "server", "resource": resources,
			"interaction": codes("transaction"),
		}},
	}
	body, err := json.Marshal(statement)
	return answer{status: http.StatusOK, body: body}, err
}

func codes(names ...string) []map[string]string {
	all := make([]map[string]string, len(names))
	for i, n := range names {
		all[i] = map[string]string{"code": n}
	}
	return all
}
