// Package terms holds what charts print for diagnoses, drugs and laboratory
// tests, abbreviated, misspelt and damaged by OCR, with the right code or none,
// and measures internal/terms against it. The phrases were drawn up apart from
// the vocabulary's own synonyms; do not copy them there: add what a phrase
// teaches as a general rule or not at all.
package terms
