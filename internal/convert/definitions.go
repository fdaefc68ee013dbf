package convert

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed definitions/*.json
var definitionFiles embed.FS

// StructureDefinitions returns the FHIR definitions of Paperchart's own
// extensions and tags as JSON resources (StructureDefinition, CodeSystem), sorted
// by name, so that a server can hold them under the URLs that resources name.
func StructureDefinitions() ([][]byte, error) {
	names, err := fs.Glob(definitionFiles, "definitions/*.json")
	if err != nil {
		return nil, fmt.Errorf("list definitions: %w", err)
	}
	var all [][]byte
	for _, name := range names {
		data, err := definitionFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read definition: %w", err)
		}
		all = append(all, data)
	}
	return all, nil
}
