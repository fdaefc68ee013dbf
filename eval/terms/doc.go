// Package terms holds what charts print for diagnoses, drugs and laboratory
// tests, abbreviated, misspelt and damaged by OCR, with the right code or none,
// and measures internal/terms against it. The phrases were drawn up apart from
// the vocabulary's own synonyms; do not copy them there: add what a phrase
// teaches as a general rule or not at all.
//
// charts-dev.tsv to charts-seventh.tsv are the blind tables (domain, phrase, right
// codes, ingredients or words of the name with ";" between): written from clinical
// practice without a look at the vocabulary and committed before their first run.
// What a table got wrong was looked at after that, and its causes repaired; of
// charts-seventh.tsv nobody looks at a phrase's outcome. docs/terms.md has the
// figures of the first runs, and what was corrected in the tables.
package terms
