// Package fhir gathers what Paperchart knows of FHIR R4:
//
//   - definition: types, profiles, value sets, search parameters, compartments,
//     as one embedded table;
//   - r4: Go structs of the resources that are built here;
//   - model: JSON as a lossless tree with positions, bound to the definitions;
//   - fhirpath: expressions compiled to closures over that tree;
//   - ucum: units in base units, for comparison;
//   - validate: resources against all of it;
//   - oracle, fhirtest: for tests.
//
// Only generated files depend on HL7's packages: run go generate here after a
// change of generate, with npm on the PATH.
package fhir

//go:generate go run ./generate
