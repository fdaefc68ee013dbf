package convert

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/result"
)

// namespace is the UUID under which all ids are derived (RFC 4122, version 5).
// It must never change: the same document must get the same ids for ever.
var namespace = uuid.MustParse("6f0b3a52-53d0-5c3e-9a0e-2b7f2f0c9d11")

func derive(parts ...string) string {
	return uuid.NewSHA1(namespace, []byte(strings.Join(parts, "\x1f"))).String()
}

// scope is what tells one document from all others: the file's digest and the
// document's place in it. Results that know no file, such as BDA's own, are told
// apart by what they hold.
func scope(d result.Document, i int) []string {
	digest := d.Source.SHA256
	if !isDigest.MatchString(digest) {
		digest = contents(d)
	}
	return []string{digest, strconv.Itoa(i)}
}

var isDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

func contents(d result.Document) string {
	h := sha256.New()
	row := func(name string, r map[string]result.Field) {
		for _, k := range slices.Sorted(maps.Keys(r)) {
			fmt.Fprintf(h, "%q %q %q\n", name, k, r[k].Value)
		}
	}
	fmt.Fprintf(h, "%q %v\n", d.Class, d.Pages)
	row("", d.Fields)
	for _, name := range slices.Sorted(maps.Keys(d.Tables)) {
		for i, r := range d.Tables[name] {
			row(name+strconv.Itoa(i), r)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// folded keeps letters and digits, in lower case: what makes two prints the same.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// isDate is the form of a FHIR date or dateTime at any precision (R4
// datatypes.html#dateTime).
var isDate = regexp.MustCompile(`^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-3]):[0-5]\d|\+14:00))?)?)?$`)

// moment is a value as a FHIR date or dateTime, empty where it is none.
func moment(value string) string {
	if !isDate.MatchString(value) {
		return ""
	}
	if len(value) >= 10 {
		if _, err := time.Parse(time.DateOnly, value[:10]); err != nil {
			return ""
		}
	}
	return value
}

// date is a value as a FHIR date. One that is none makes the fact doubtful.
func (f *fact) date(value string) string {
	m := moment(value)
	f.doubt = f.doubt || m == "" && value != ""
	return m
}

// day is a moment without its time of day.
func day(value string) string {
	m := moment(value)
	return m[:min(10, len(m))]
}
