package server

import (
	"io"
	"net/http"
)

const indexPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Paperchart</title>
<h1>Paperchart</h1>
<p>Paper medical records, as FHIR.</p>
<ul>
<li><a href="/api/v1/documents">Documents</a></li>
<li><a href="/fhir/R4/metadata">FHIR R4: what the API can do</a></li>
<li><a href="/fhir/R4/Patient">FHIR R4: patients</a></li>
</ul>
</html>
`

// index leads a person who opens the server in a browser on.
func index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	io.WriteString(w, indexPage)
}
