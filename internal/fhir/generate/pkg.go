package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"sort"
	"strings"
)

// pack is what the generator needs of a FHIR package.
type pack struct {
	structs     []*structureDef
	searches    []*searchParam
	valueSets   map[string]*valueSet
	codeSystems map[string]*codeSystem
	compartment []*compartmentDef
}

type structureDef struct {
	URL            string `json:"url"`
	Version        string `json:"version"`
	Name           string `json:"name"`
	Kind           string `json:"kind"`
	Abstract       bool   `json:"abstract"`
	Type           string `json:"type"`
	BaseDefinition string `json:"baseDefinition"`
	Derivation     string `json:"derivation"`
	Description    string `json:"description"`
	Context        []struct {
		Type       string `json:"type"`
		Expression string `json:"expression"`
	} `json:"context"`
	Snapshot struct {
		Element []*elementDef `json:"element"`
	} `json:"snapshot"`
}

type elementDef struct {
	ID               string                     `json:"id"`
	Path             string                     `json:"path"`
	SliceName        string                     `json:"sliceName"`
	Short            string                     `json:"short"`
	Min              int                        `json:"min"`
	Max              string                     `json:"max"`
	ContentReference string                     `json:"contentReference"`
	Type             []elementType              `json:"type"`
	Base             *struct{ Path string }     `json:"base"`
	Raw              map[string]json.RawMessage `json:"-"`
	Constraint       []struct {
		Key        string `json:"key"`
		Severity   string `json:"severity"`
		Human      string `json:"human"`
		Expression string `json:"expression"`
		Source     string `json:"source"`
	} `json:"constraint"`
	Binding *struct {
		Strength string `json:"strength"`
		ValueSet string `json:"valueSet"`
	} `json:"binding"`
	Slicing *struct {
		Discriminator []struct {
			Type string `json:"type"`
			Path string `json:"path"`
		} `json:"discriminator"`
		Rules   string `json:"rules"`
		Ordered bool   `json:"ordered"`
	} `json:"slicing"`
	MaxLength  int  `json:"maxLength"`
	IsSummary  bool `json:"isSummary"`
	IsModifier bool `json:"isModifier"`
}

// UnmarshalJSON keeps the raw members too: fixed[x] and pattern[x] are found by
// their prefix.
func (e *elementDef) UnmarshalJSON(b []byte) error {
	type plain elementDef
	if err := json.Unmarshal(b, (*plain)(e)); err != nil {
		return err
	}
	return json.Unmarshal(b, &e.Raw)
}

// withPrefix returns the one member whose name starts with the prefix, and the
// rest of its name.
func (e *elementDef) withPrefix(prefix string) (json.RawMessage, string) {
	for k, v := range e.Raw {
		if rest, ok := strings.CutPrefix(k, prefix); ok && rest != "" {
			return v, rest
		}
	}
	return nil, ""
}

type elementType struct {
	Code          string   `json:"code"`
	Profile       []string `json:"profile"`
	TargetProfile []string `json:"targetProfile"`
	Extension     []struct {
		URL      string `json:"url"`
		ValueURL string `json:"valueUrl"`
	} `json:"extension"`
}

// name returns the FHIR name of the type: the System types that primitives and
// ids carry are mapped back.
func (t elementType) name() string {
	if !strings.HasPrefix(t.Code, "http://hl7.org/fhirpath/System.") {
		return t.Code
	}
	for _, x := range t.Extension {
		if strings.HasSuffix(x.URL, "structuredefinition-fhir-type") {
			return x.ValueURL
		}
	}
	return "string"
}

type searchParam struct {
	URL        string   `json:"url"`
	Code       string   `json:"code"`
	Base       []string `json:"base"`
	Type       string   `json:"type"`
	Expression string   `json:"expression"`
	Target     []string `json:"target"`
	Comparator []string `json:"comparator"`
	Modifier   []string `json:"modifier"`
	Component  []struct {
		Definition string `json:"definition"`
		Expression string `json:"expression"`
	} `json:"component"`
}

type valueSet struct {
	URL     string `json:"url"`
	Version string `json:"version"`
	Title   string `json:"title"`
	Name    string `json:"name"`
	Compose struct {
		Include []include `json:"include"`
		Exclude []include `json:"exclude"`
	} `json:"compose"`
	Expansion struct {
		Contains []struct {
			System string `json:"system"`
			Code   string `json:"code"`
		} `json:"contains"`
	} `json:"expansion"`
}

type include struct {
	System  string `json:"system"`
	Concept []struct {
		Code    string `json:"code"`
		Display string `json:"display"`
	} `json:"concept"`
	Filter []struct {
		Property string `json:"property"`
		Op       string `json:"op"`
		Value    string `json:"value"`
	} `json:"filter"`
	ValueSet []string `json:"valueSet"`
}

type codeSystem struct {
	URL     string    `json:"url"`
	Version string    `json:"version"`
	Title   string    `json:"title"`
	Name    string    `json:"name"`
	Content string    `json:"content"`
	Concept []concept `json:"concept"`
}

type concept struct {
	Code     string    `json:"code"`
	Display  string    `json:"display"`
	Concept  []concept `json:"concept"`
	Property []struct {
		Code      string `json:"code"`
		ValueCode string `json:"valueCode"`
	} `json:"property"`
}

type compartmentDef struct {
	URL      string `json:"url"`
	Code     string `json:"code"`
	Resource []struct {
		Code  string   `json:"code"`
		Param []string `json:"param"`
	} `json:"resource"`
}

func readPackage(file string) (*pack, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open package: %w", err)
	}
	defer f.Close()
	gz, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read package %s: %w", file, err)
	}
	p := &pack{valueSets: map[string]*valueSet{}, codeSystems: map[string]*codeSystem{}}
	for tr := tar.NewReader(gz); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read package %s: %w", file, err)
		}
		if err := p.add(h.Name, tr); err != nil {
			return nil, fmt.Errorf("read %s in %s: %w", h.Name, file, err)
		}
	}
	sort.Slice(p.structs, func(i, j int) bool { return p.structs[i].URL < p.structs[j].URL })
	sort.Slice(p.searches, func(i, j int) bool { return p.searches[i].URL < p.searches[j].URL })
	sort.Slice(p.compartment, func(i, j int) bool { return p.compartment[i].Code < p.compartment[j].Code })
	return p, nil
}

func (p *pack) add(name string, r io.Reader) error {
	if path.Dir(name) != "package" || path.Ext(name) != ".json" {
		return nil
	}
	dec := json.NewDecoder(r)
	switch kind, _, _ := strings.Cut(path.Base(name), "-"); kind {
	case "StructureDefinition":
		v := new(structureDef)
		p.structs = append(p.structs, v)
		return dec.Decode(v)
	case "SearchParameter":
		v := new(searchParam)
		p.searches = append(p.searches, v)
		return dec.Decode(v)
	case "CompartmentDefinition":
		v := new(compartmentDef)
		p.compartment = append(p.compartment, v)
		return dec.Decode(v)
	case "ValueSet":
		v := new(valueSet)
		if err := dec.Decode(v); err != nil {
			return err
		}
		p.valueSets[v.URL] = v
	case "CodeSystem":
		v := new(codeSystem)
		if err := dec.Decode(v); err != nil {
			return err
		}
		p.codeSystems[v.URL] = v
	}
	return nil
}

// byType returns the base definition of every type, by its name.
func (p *pack) byType() map[string]*structureDef {
	m := map[string]*structureDef{}
	for _, s := range p.structs {
		if s.Derivation != "constraint" && s.Kind != "logical" && strings.HasPrefix(s.URL, "http://hl7.org/fhir/StructureDefinition/") {
			m[s.Type] = s
		}
	}
	return m
}
