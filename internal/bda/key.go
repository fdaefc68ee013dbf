package bda

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// uri is the pattern of S3Uri in the service's own model (2024-06-13); what does
// not match is refused with a ValidationException although S3 takes it.
var uri = regexp.MustCompile("^s3://[a-z0-9][.\\-a-z0-9]{1,61}[a-z0-9](/[^\\x00-\\x1F\\x7F{^}%`\\]\">\\[~<#|]*)?$")

// maxURI is the longest S3 address BDA takes, in characters.
const maxURI = 1024

// Takes reports whether BDA takes the object's address.
func (o Object) Takes() bool {
	u := o.URI()
	return utf8.ValidString(u) && utf8.RuneCountInString(u) <= maxURI && uri.MatchString(u)
}

// cleanName is the longest name CleanName gives, in bytes.
const cleanName = 120

// CleanName is the base name of a key with only letters, digits, "-", "_" and
// "."; its extension is kept.
func CleanName(key string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_':
			return r
		}
		return '_'
	}, path.Base(key))
	if ext := path.Ext(name); len(name) > cleanName && len(ext) < 8 {
		return name[:cleanName-len(ext)] + ext
	}
	return name[:min(len(name), cleanName)]
}

// Token is the client token of an object's nth try, from 0: the same object gives
// the same job however often its event comes.
func (o Object) Token(try int) string {
	parts := []string{o.Bucket, o.Key, o.Version}
	if try > 0 {
		parts = append(parts, strconv.Itoa(try))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "|")))
	return hex.EncodeToString(sum[:])
}

// extensions are the kinds of file that BDA reads as documents (bda-limits, 2026).
var extensions = []string{".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".docx"}

// Readable reports whether BDA reads a file of this name as a document.
func Readable(key string) bool {
	return slices.Contains(extensions, strings.ToLower(path.Ext(key)))
}

// MaxSize is the largest document BDA takes, in bytes.
const MaxSize = 500 << 20
