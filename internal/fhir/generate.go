package fhir

//go:generate go run ./generate
