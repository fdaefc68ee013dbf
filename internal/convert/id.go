package convert

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// namespace is the UUID under which all ids are derived (RFC 4122, version 5).
// It must never change: the same document must get the same ids for ever.
var namespace = uuid.MustParse("6f0b3a52-53d0-5c3e-9a0e-2b7f2f0c9d11")

func derive(parts ...string) string {
	return uuid.NewSHA1(namespace, []byte(strings.Join(parts, "\x1f"))).String()
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

// isDate is a FHIR date or dateTime at any precision (R4 datatypes.html#dateTime).
var isDate = regexp.MustCompile(`^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?$`)
