package formation

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// template is what a stack needs of one.
type template struct {
	// parameters are the allowed values by name, nil where all are.
	parameters map[string][]string
	defaults   map[string]string
	conditions map[string]*yaml.Node
	resources  []resource
}

type resource struct {
	name, kind, condition, policy, templateKey string
}

func (t template) has(kind string) bool {
	return slices.ContainsFunc(t.resources, func(r resource) bool { return r.kind == kind })
}

func (t template) retained(name string) bool {
	i := slices.IndexFunc(t.resources, func(r resource) bool { return r.name == name })
	return i >= 0 && t.resources[i].policy == "Retain"
}

func parse(data []byte) (template, error) {
	var doc struct {
		Parameters map[string]struct {
			Default *string  `yaml:"Default"`
			Allowed []string `yaml:"AllowedValues"`
		} `yaml:"Parameters"`
		Conditions map[string]yaml.Node `yaml:"Conditions"`
		Resources  yaml.Node            `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return template{}, invalid("Template format error: YAML not well-formed.")
	}
	t := template{map[string][]string{}, map[string]string{}, map[string]*yaml.Node{}, nil}
	for k, p := range doc.Parameters {
		t.parameters[k] = p.Allowed
		if p.Default != nil {
			t.defaults[k] = *p.Default
		}
	}
	for k, c := range doc.Conditions {
		t.conditions[k] = &c
	}
	for i := 0; i+1 < len(doc.Resources.Content); i += 2 {
		var r struct {
			Type           string `yaml:"Type"`
			Condition      string `yaml:"Condition"`
			DeletionPolicy string `yaml:"DeletionPolicy"`
			Properties     struct {
				TemplateURL string `yaml:"TemplateURL"`
			} `yaml:"Properties"`
		}
		if err := doc.Resources.Content[i+1].Decode(&r); err != nil {
			return template{}, invalid("Template format error: %v", err)
		}
		u := r.Properties.TemplateURL
		t.resources = append(t.resources, resource{doc.Resources.Content[i].Value, r.Type, r.Condition, r.DeletionPolicy, u[strings.LastIndex(u, "/")+1:]})
	}
	if len(t.resources) == 0 {
		return template{}, invalid("Template format error: At least one Resources member must be defined.")
	}
	return t, nil
}

// holds evaluates a condition.
func (t template) holds(name string, parameters map[string]string) bool {
	n, ok := t.conditions[name]
	return ok && t.eval(n, parameters) == "true"
}

// eval evaluates what conditions are made of.
func (t template) eval(n *yaml.Node, parameters map[string]string) string {
	args := func(i int) string { return t.eval(n.Content[i], parameters) }
	switch n.Tag {
	case "!Ref":
		return parameters[n.Value]
	case "!Condition":
		return fmt.Sprint(t.holds(n.Value, parameters))
	case "!Equals":
		return fmt.Sprint(args(0) == args(1))
	case "!Not":
		return fmt.Sprint(args(0) == "false")
	case "!And":
		for i := range n.Content {
			if args(i) != "true" {
				return "false"
			}
		}
		return "true"
	}
	return n.Value
}
