package cloud

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	template "github.com/paperchart/paperchart/deploy/aws"
)

// right is a statement of a role of deploy/aws/template.yaml. Resources are as the
// template writes them, with the names of its buckets filled in.
type right struct{ actions, resources []string }

// rights are those of each function's role, read once.
var rights = sync.OnceValue(func() map[string][]right {
	var doc struct {
		Resources map[string]struct {
			Properties struct {
				Policies []yaml.Node `yaml:"Policies"`
			} `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal([]byte(template.Text()), &doc); err != nil {
		panic(err)
	}
	all := map[string][]right{}
	for _, name := range []string{"Trigger", "Processor"} {
		for _, p := range doc.Resources[name+"Role"].Properties.Policies {
			walkStatements(&p, func(r right) { all[name] = append(all[name], r) })
		}
	}
	return all
})

func walkStatements(n *yaml.Node, found func(right)) {
	if n.Kind == yaml.MappingNode {
		m := map[string]*yaml.Node{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = n.Content[i+1]
		}
		if e := m["Effect"]; e != nil && e.Value == "Allow" {
			found(right{words(m["Action"]), words(m["Resource"])})
			return
		}
	}
	for _, c := range n.Content {
		walkStatements(c, found)
	}
}

// words are the scalars of a node.
func words(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{strings.NewReplacer("arn:${AWS::Partition}:s3:::${AWS::StackName}-in-${AWS::AccountId}", "input", "${OutputBucket.Arn}", "out", "OutputBucket.Arn", "out").Replace(n.Value)}
	}
	var all []string
	for _, c := range n.Content {
		all = append(all, words(c)...)
	}
	return all
}

// allowed reports whether a function's role may do something.
func allowed(function, action, resource string) bool {
	return slices.ContainsFunc(rights()[function], func(r right) bool {
		return slices.Contains(r.actions, action) && slices.ContainsFunc(r.resources, func(pattern string) bool {
			prefix, open := strings.CutSuffix(pattern, "*")
			return resource == pattern || open && strings.HasPrefix(resource, prefix)
		})
	})
}

// guard fails the test where a function does what the template does not let it do.
type guard struct {
	t *testing.T
	// function is which of them runs.
	function string
}

func (g *guard) may(action, resource string) {
	if g.function != "" && !allowed(g.function, action, resource) {
		g.t.Errorf("%s does %s on %s, which its role may not", g.function, action, resource)
	}
}

func TestRightsAreRead(t *testing.T) {
	for what, want := range map[[3]string]bool{
		{"Trigger", "s3:GetObject", "input/a.pdf"}:                          true,
		{"Trigger", "s3:PutObject", "out/fhir/x"}:                           false,
		{"Trigger", "s3:ListBucket", "out"}:                                 true,
		{"Processor", "s3:DeleteObject", "input/a.pdf"}:                     false,
		{"Processor", "s3:DeleteObject", "out/jobs/open/j.json"}:            true,
		{"Processor", "sqs:SendMessage", "ReviewQueue.Arn"}:                 true,
		{"Trigger", "sqs:SendMessage", "ReviewQueue.Arn"}:                   false,
		{"Processor", "healthlake:ProcessBundle", "Datastore.DatastoreArn"}: true,
	} {
		if allowed(what[0], what[1], what[2]) != want {
			t.Errorf("%v: %v", what, !want)
		}
	}
}
