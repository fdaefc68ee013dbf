package api

import (
	"strconv"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// bundleWriter puts a Bundle together; resources go in as they are stored.
type bundleWriter struct {
	buf   []byte
	begun bool
}

func newBundle(kind string) *bundleWriter {
	return &bundleWriter{buf: []byte(`{"resourceType":"Bundle","type":"` + kind + `"`)}
}

func (b *bundleWriter) total(n int) {
	b.buf = append(b.buf, `,"total":`...)
	b.buf = strconv.AppendInt(b.buf, int64(n), 10)
}

func (b *bundleWriter) links(links [][2]string) {
	for i, l := range links {
		if i == 0 {
			b.buf = append(b.buf, `,"link":[`...)
		} else {
			b.buf = append(b.buf, ',')
		}
		b.buf = append(b.buf, `{"relation":"`+l[0]+`","url":`...)
		b.buf = model.AppendString(b.buf, l[1])
		b.buf = append(b.buf, '}')
	}
	if len(links) > 0 {
		b.buf = append(b.buf, ']')
	}
}

// entry adds an entry; rest is its other members.
func (b *bundleWriter) entry(fullURL string, resource []byte, rest string) {
	if !b.begun {
		b.buf = append(b.buf, `,"entry":[{`...)
		b.begun = true
	} else {
		b.buf = append(b.buf, `,{`...)
	}
	if fullURL != "" {
		b.buf = append(b.buf, `"fullUrl":`...)
		b.buf = model.AppendString(b.buf, fullURL)
		b.buf = append(b.buf, ',')
	}
	if len(resource) > 0 {
		b.buf = append(b.buf, `"resource":`...)
		b.buf = append(b.buf, resource...)
		b.buf = append(b.buf, ',')
	}
	b.buf = append(append(b.buf, rest...), '}')
}

func (b *bundleWriter) bytes() []byte {
	if b.begun {
		b.buf = append(b.buf, ']')
	}
	return append(b.buf, '}')
}

// jsonText is a string as JSON.
func jsonText(s string) string { return string(model.AppendString(nil, s)) }
