// Package convert turns results into FHIR R4.
package convert
