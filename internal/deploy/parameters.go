package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ParameterNames are a template's parameters, in its order.
func ParameterNames(template string) ([]string, error) {
	var doc struct {
		Parameters yaml.Node `yaml:"Parameters"`
	}
	if err := yaml.Unmarshal([]byte(template), &doc); err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	var names []string
	for i := 0; i+1 < len(doc.Parameters.Content); i += 2 {
		names = append(names, doc.Parameters.Content[i].Value)
	}
	return names, nil
}

// CheckParameters tells which of the given ones the template does not have, before
// anything is uploaded.
func CheckParameters(names []string, given map[string]string) error {
	for _, k := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, k) {
			return fmt.Errorf("%s is no parameter of the template; it has %s", k, strings.Join(names, ", "))
		}
	}
	return nil
}
