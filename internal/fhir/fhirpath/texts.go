package fhirpath

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

func textFunctions() map[string]function {
	test := func(f func(s, x string) bool) function {
		return text(1, func(r *run, s string, a []string) Collection { return r.bool(f(s, a[0])) })
	}
	change := func(f func(string) string) function {
		return text(0, func(r *run, s string, _ []string) Collection { return r.one(Text(f(s))) })
	}
	return map[string]function{
		"startsWith": test(strings.HasPrefix),
		"endsWith":   test(strings.HasSuffix),
		"contains":   test(strings.Contains),
		"upper":      change(strings.ToUpper),
		"lower":      change(strings.ToLower),
		"trim":       change(strings.TrimSpace),
		"length":     text(0, func(r *run, s string, _ []string) Collection { return r.one(integer(int64(utf8.RuneCountInString(s)))) }),
		"indexOf": text(1, func(r *run, s string, a []string) Collection {
			return r.one(integer(runeIndex(s, strings.Index(s, a[0]))))
		}),
		"lastIndexOf": text(1, func(r *run, s string, a []string) Collection {
			return r.one(integer(runeIndex(s, strings.LastIndex(s, a[0]))))
		}),
		"replace":        text(2, replace),
		"matches":        text(1, func(r *run, s string, a []string) Collection { return match(r, s, a[0]) }),
		"matchesFull":    text(1, func(r *run, s string, a []string) Collection { return match(r, s, "^(?:"+a[0]+")$") }),
		"replaceMatches": text(2, replaceMatches),
		"split":          text(1, split),
		"join":           {0, 1, join},
		"toChars":        text(0, func(r *run, s string, _ []string) Collection { return split(r, s, []string{""}) }),
		"substring":      {1, 2, substring},
		"encode":         text(1, func(r *run, s string, a []string) Collection { return encode(r, s, a[0]) }),
		"decode":         text(1, func(r *run, s string, a []string) Collection { return decode(r, s, a[0]) }),
		"escape":         text(1, func(r *run, s string, a []string) Collection { return escape(r, s, a[0]) }),
		"unescape":       text(1, func(r *run, s string, a []string) Collection { return unescape(r, s, a[0]) }),
	}
}

// runeIndex turns an index of bytes into one of characters.
func runeIndex(s string, i int) int64 {
	if i < 0 {
		return -1
	}
	return int64(utf8.RuneCountInString(s[:i]))
}

// pattern compiles a regular expression in which "." matches line ends too.
func pattern(expression string) (*regexp.Regexp, error) {
	return regexp.Compile("(?s)" + goPattern(expression))
}

// goPattern adapts what the specification's expressions use and Go spells
// otherwise.
func goPattern(s string) string {
	s = strings.ReplaceAll(s, `\/`, "/")
	return strings.ReplaceAll(s, `\_`, "_")
}

func constantMatch(c *compiler, n *ast, expression string) evaluator {
	if n.text == "matchesFull" {
		expression = "^(?:" + expression + ")$"
	}
	re, err := pattern(expression)
	if err != nil {
		return c.fail(n, "the regular expression cannot be compiled")
	}
	return text(0, func(r *run, s string, _ []string) Collection { return r.bool(re.MatchString(s)) }).make(nil)
}

func match(r *run, s, expression string) Collection {
	re, err := pattern(expression)
	if err != nil {
		return r.fail("the regular expression cannot be compiled")
	}
	return r.bool(re.MatchString(s))
}

func replace(r *run, s string, a []string) Collection {
	if !r.room(len(s) + strings.Count(s, a[0])*len(a[1])) {
		return nil
	}
	return r.one(Text(strings.ReplaceAll(s, a[0], a[1])))
}

func replaceMatches(r *run, s string, a []string) Collection {
	re, err := pattern(a[0])
	if err != nil {
		return r.fail("the regular expression cannot be compiled")
	}
	if a[0] == "" {
		return r.one(Text(s))
	}
	size := len(s)
	for _, m := range re.FindAllStringIndex(s, -1) {
		// A group is no longer than the match.
		if size += len(a[1]) * (1 + m[1] - m[0]); size > maxText {
			break
		}
	}
	if !r.room(size) {
		return nil
	}
	return r.one(Text(re.ReplaceAllString(s, goReplacement(a[1]))))
}

// goReplacement puts the numbers of groups in braces, so that "$1a" is the first
// group and an "a".
func goReplacement(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] != '$' {
			continue
		}
		end := i + 1
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if end > i+1 {
			b.WriteString("{" + s[i+1:end] + "}")
			i = end - 1
		}
	}
	return b.String()
}

func split(r *run, s string, a []string) Collection {
	start := len(r.slab)
	if !r.spend(1 + strings.Count(s, a[0])) {
		return nil
	}
	if s != "" || a[0] != "" {
		for _, part := range strings.Split(s, a[0]) {
			r.slab = append(r.slab, Text(part))
		}
	}
	return r.slab[start:len(r.slab):len(r.slab)]
}

func join(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		sep := ""
		if len(args) == 1 {
			v, _ := r.single(args[0](r, r.this), "a separator")
			sep = v.str
		}
		if len(in) == 0 {
			return nil
		}
		parts := make([]string, len(in))
		size := len(sep) * len(in)
		for i, v := range in {
			parts[i] = v.String()
			size += len(parts[i])
		}
		if !r.room(size) {
			return nil
		}
		return r.one(Text(strings.Join(parts, sep)))
	}
}

func substring(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		v, ok := r.single(in, "substring()")
		start, okStart := r.single(args[0](r, r.this), "substring()")
		if !ok || !okStart || !isText(v) || start.kind != Integer {
			return nil
		}
		runes := []rune(v.str)
		if start.num < 0 || start.num >= int64(len(runes)) {
			return nil
		}
		runes = runes[start.num:]
		if len(args) == 2 {
			if n, ok := r.single(args[1](r, r.this), "substring()"); ok && n.kind == Integer {
				runes = runes[:min(max(n.num, 0), int64(len(runes)))]
			}
		}
		return r.one(Text(string(runes)))
	}
}

func encode(r *run, s, form string) Collection {
	if !r.room(2 * len(s)) {
		return nil
	}
	switch form {
	case "hex":
		return r.one(Text(hex.EncodeToString([]byte(s))))
	case "base64":
		return r.one(Text(base64.StdEncoding.EncodeToString([]byte(s))))
	case "urlbase64":
		return r.one(Text(base64.URLEncoding.EncodeToString([]byte(s))))
	}
	return nil
}

func decode(r *run, s, form string) Collection {
	var out []byte
	var err error
	switch form {
	case "hex":
		out, err = hex.DecodeString(s)
	case "base64":
		out, err = base64.StdEncoding.DecodeString(s)
	case "urlbase64":
		out, err = base64.URLEncoding.DecodeString(s)
	default:
		return nil
	}
	if err != nil || !utf8.Valid(out) {
		return nil
	}
	return r.one(Text(string(out)))
}

func escape(r *run, s, form string) Collection {
	if !r.room(len(s)) {
		return nil
	}
	switch form {
	case "html":
		s = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(s)
	case "json":
		quoted := string(model.AppendString(nil, s))
		s = quoted[1 : len(quoted)-1]
	default:
		return nil
	}
	return r.one(Text(s))
}

// bareQuotes finds the quotes that no backslash escapes.
var bareQuotes = regexp.MustCompile(`((?:^|[^\\])(?:\\\\)*)"`)

func unescape(r *run, s, form string) Collection {
	switch form {
	case "html":
		return r.one(Text(html.UnescapeString(s)))
	case "json":
		doc, err := model.Parse([]byte(`"`+bareQuotes.ReplaceAllString(s, `$1\"`)+`"`), model.Limits{})
		if err != nil {
			return nil
		}
		return r.one(Text(doc.Root.Text))
	}
	return nil
}
