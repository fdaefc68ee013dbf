package store

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// Param is one name=value of a query, decoded.
type Param struct{ Name, Value string }

// maxParams bounds the parameters of one search.
const maxParams = 200

// ParseQuery splits the query part of a URL and keeps its order.
func ParseQuery(query string) ([]Param, error) {
	var params []Param
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil || strings.ContainsRune(name+value, 0) || !utf8.ValidString(name+value) {
			return nil, refuse(Invalid, "the query is not well escaped")
		}
		params = append(params, Param{name, value})
	}
	if len(params) > maxParams {
		return nil, refuse(TooCostly, "a search takes %d parameters at most", maxParams)
	}
	return params, nil
}

// Query is a search.
type Query struct {
	// Type is what is searched; empty for all of Types, or of the _type
	// parameter, or of everything.
	Type  string
	Types []string
	// Compartment, such as Patient/1, limits a search to what belongs to it; Patient
	// to what belongs to any.
	Compartment string
	Params      []Param
	// Count is the most matches of one page.
	Count int
	// After is Page.Next of the page before; empty for the first.
	After string
	// Total asks for the number of all matches.
	Total bool
	// Strict makes an unknown parameter an error; else it is in Page.Ignored.
	Strict bool
	// Base is the server's address as the client calls it: references that begin
	// with it lead to resources here.
	Base string
}

// Page is one page of what a search found.
type Page struct {
	Resources []Resource
	// Included are those that _include and _revinclude add.
	Included []Resource
	// Next is to be given as Query.After for the next page; empty on the last.
	Next string
	// Total is the number of all matches where it was asked for, else -1.
	Total int
	// Used and Ignored are the parameters that were and were not understood.
	Used, Ignored []Param

	alone bool // nothing else is read in the same moment
}
