// Package extract turns an arranged document into the fields of a blueprint,
// each with its evidence and a calibrated confidence.
package extract
