package api

// route is one address with one method. interaction and operation are what the
// CapabilityStatement says of it.
type route struct {
	method, path string
	handler      handler
	interaction  string // of a resource type
	system       string // interaction of the whole system
	operation    string // name without $
	on           string // types the operation is for: "", "*" or one type
}

// routes is everything the API offers.
func (a *API) routes() []route {
	return []route{
		{method: "GET", path: "/metadata", handler: a.metadata},
		{method: "GET", path: "/{$}", handler: a.searchAll, system: "search-system"},
		{method: "GET", path: "", handler: a.searchAll},
		{method: "POST", path: "/{$}", handler: a.bundle, system: "transaction"},
		{method: "POST", path: "", handler: a.bundle, system: "batch"},
		{method: "POST", path: "/_search", handler: a.searchAll},
		{method: "GET", path: "/_history", handler: a.history, system: "history-system"},

		{method: "GET", path: "/{type}", handler: a.search, interaction: "search-type"},
		{method: "POST", path: "/{type}/_search", handler: a.search},
		{method: "POST", path: "/{type}", handler: a.create, interaction: "create"},
		{method: "PUT", path: "/{type}", handler: a.updateWhere},
		{method: "PATCH", path: "/{type}", handler: a.patchWhere},
		{method: "DELETE", path: "/{type}", handler: a.removeWhere},
		{method: "GET", path: "/{type}/_history", handler: a.history, interaction: "history-type"},

		{method: "GET", path: "/{type}/{id}", handler: a.read, interaction: "read"},
		{method: "PUT", path: "/{type}/{id}", handler: a.update, interaction: "update"},
		{method: "PATCH", path: "/{type}/{id}", handler: a.patch, interaction: "patch"},
		{method: "DELETE", path: "/{type}/{id}", handler: a.remove, interaction: "delete"},
		{method: "GET", path: "/{type}/{id}/_history", handler: a.history, interaction: "history-instance"},
		{method: "GET", path: "/{type}/{id}/_history/{version}", handler: a.vread, interaction: "vread"},
		{method: "GET", path: "/{type}/{id}/{inner}", handler: a.compartment},
		{method: "POST", path: "/{type}/{id}/{inner}/_search", handler: a.compartment},

		{method: "POST", path: "/{type}/$validate", handler: a.validate, operation: "validate", on: "*"},
		{method: "POST", path: "/{type}/{id}/$validate", handler: a.validate},
		{method: "GET", path: "/{type}/{id}/$validate", handler: a.validate},
		{method: "GET", path: "/{type}/{id}/$meta", handler: a.meta, operation: "meta", on: "*"},
		{method: "GET", path: "/{type}/$meta", handler: a.metaOfAll},
		{method: "GET", path: "/$meta", handler: a.metaOfAll, operation: "meta"},
		{method: "GET", path: "/{type}/{id}/_history/{version}/$meta", handler: a.meta},
		{method: "POST", path: "/{type}/{id}/$meta-add", handler: a.metaAdd, operation: "meta-add", on: "*"},
		{method: "POST", path: "/{type}/{id}/$meta-delete", handler: a.metaDelete, operation: "meta-delete", on: "*"},
		{method: "GET", path: "/Patient/{id}/$everything", handler: a.everything("Patient"), operation: "everything", on: "Patient"},
		{method: "POST", path: "/Patient/{id}/$everything", handler: a.everything("Patient")},
		{method: "GET", path: "/Patient/$everything", handler: a.everything("Patient")},
		{method: "POST", path: "/Patient/$everything", handler: a.everything("Patient")},
		{method: "GET", path: "/Encounter/{id}/$everything", handler: a.everything("Encounter"), operation: "everything", on: "Encounter"},
		{method: "POST", path: "/Encounter/{id}/$everything", handler: a.everything("Encounter")},

		{method: "GET", path: "/CodeSystem/$lookup", handler: a.lookup, operation: "lookup", on: "CodeSystem"},
		{method: "POST", path: "/CodeSystem/$lookup", handler: a.lookup},
		{method: "GET", path: "/CodeSystem/$subsumes", handler: a.subsumes, operation: "subsumes", on: "CodeSystem"},
		{method: "POST", path: "/CodeSystem/$subsumes", handler: a.subsumes},
		{method: "GET", path: "/CodeSystem/$validate-code", handler: a.validateCode, operation: "validate-code", on: "CodeSystem"},
		{method: "POST", path: "/CodeSystem/$validate-code", handler: a.validateCode},
		{method: "GET", path: "/ValueSet/$validate-code", handler: a.validateIn, operation: "validate-code", on: "ValueSet"},
		{method: "POST", path: "/ValueSet/$validate-code", handler: a.validateIn},
		{method: "GET", path: "/ValueSet/{id}/$validate-code", handler: a.validateIn},
		{method: "POST", path: "/ValueSet/{id}/$validate-code", handler: a.validateIn},
		{method: "GET", path: "/ValueSet/$expand", handler: a.expand, operation: "expand", on: "ValueSet"},
		{method: "POST", path: "/ValueSet/$expand", handler: a.expand},
		{method: "GET", path: "/ValueSet/{id}/$expand", handler: a.expand},
		{method: "POST", path: "/ValueSet/{id}/$expand", handler: a.expand},

		{method: "GET", path: "/$export", handler: a.export, operation: "export"},
		{method: "POST", path: "/$export", handler: a.export},
		{method: "GET", path: "/Patient/$export", handler: a.export, operation: "export", on: "Patient"},
		{method: "POST", path: "/Patient/$export", handler: a.export},
		{method: "GET", path: "/Group/{id}/$export", handler: a.export, operation: "export", on: "Group"},
		{method: "POST", path: "/$import", handler: a.importFiles, operation: "import"},
		{method: "GET", path: "/_bulk/{job}", handler: a.bulkStatus},
		{method: "DELETE", path: "/_bulk/{job}", handler: a.bulkDelete},
		{method: "GET", path: "/_bulk/{job}/{file}", handler: a.bulkFile},
	}
}
