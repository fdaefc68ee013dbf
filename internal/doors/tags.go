package doors

import (
	"slices"
	"unicode/utf8"
)

// maxTags is the most tags of a resource, here and in HealthLake.
const maxTags = 200

// checkTags finds what AWS would refuse in tags.
func checkTags(tags []planTag) error {
	if len(tags) > maxTags {
		return invalid("a resource has at most 200 tags")
	}
	seen := map[string]bool{}
	for _, t := range tags {
		n := utf8.RuneCountInString(t.Key)
		if n < 1 || n > 128 || utf8.RuneCountInString(t.Value) > 256 || seen[t.Key] {
			return invalid("a tag has a key of 1 to 128 characters, each key once, and a value of at most 256")
		}
		seen[t.Key] = true
	}
	return nil
}

// merge puts tags beside and in place of those that are there.
func merge(old, more []planTag) ([]planTag, error) {
	if err := checkTags(more); err != nil {
		return nil, err
	}
	var keys []string
	for _, t := range more {
		keys = append(keys, t.Key)
	}
	all := append(without(old, keys), more...)
	if len(all) > maxTags {
		return nil, quota("a resource has at most 200 tags")
	}
	return all, nil
}

func without(old []planTag, keys []string) []planTag {
	return slices.DeleteFunc(slices.Clone(old), func(t planTag) bool { return slices.Contains(keys, t.Key) })
}

// tagging is a request about tags, to BDA.
type tagging struct {
	ARN  string    `json:"resourceARN"`
	Tags []planTag `json:"tags"`
	Keys []string  `json:"tagKeys"`
}

func (d *Doors) listTags(c call) (any, error) {
	var tags []planTag
	err := d.retag(c, func(old []planTag, _ tagging) ([]planTag, error) {
		tags = append([]planTag{}, old...)
		return nil, errSame
	})
	return map[string]any{"tags": tags}, err
}

func (d *Doors) tag(c call) (any, error) {
	return struct{}{}, d.retag(c, func(old []planTag, in tagging) ([]planTag, error) { return merge(old, in.Tags) })
}

func (d *Doors) untag(c call) (any, error) {
	return struct{}{}, d.retag(c, func(old []planTag, in tagging) ([]planTag, error) { return without(old, in.Keys), nil })
}

// errSame says that nothing is to be written.
var errSame = invalid("")

// retag lets change make new tags of a blueprint's or project's old ones.
func (d *Doors) retag(c call, change func([]planTag, tagging) ([]planTag, error)) error {
	var in tagging
	if err := c.read(&in); err != nil {
		return err
	}
	kind, _, err := d.resource(in.ARN, c.region)
	if err != nil {
		return err
	}
	c.arn = in.ARN
	switch kind {
	case "blueprint":
		b, err := d.ownBlueprint(c)
		if err != nil {
			return err
		}
		b.Tags, err = change(b.Tags, in)
		return keep(err, func() error { return d.save(b.key(), b) })
	case "data-automation-project":
		p, err := d.project(c.arn, c.region)
		if err != nil {
			return err
		}
		p.Tags, err = change(p.Tags, in)
		return keep(err, func() error { return d.save(p.key(), p) })
	}
	return missing("there is no such resource")
}

func keep(err error, save func() error) error {
	if err == errSame {
		return nil
	}
	if err != nil {
		return err
	}
	return save()
}
