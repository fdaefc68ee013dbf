package store

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The kinds of search parameter that patients and observations do not have:
// numbers, uris, what is special, and what is of every resource.

type thing struct {
	id, tag, profile string
	number           string // RiskAssessment
	url              string // ValueSet
	place            *[2]int
}

func (x thing) json(typ string) string {
	m := map[string]any{"resourceType": typ, "id": x.id, "status": "active"}
	meta := map[string]any{}
	if x.tag != "" {
		system, code, _ := strings.Cut(x.tag, "|")
		meta["tag"] = []any{coding{system: system, code: code}.json()}
	}
	if x.profile != "" {
		meta["profile"] = []any{x.profile}
	}
	if len(meta) > 0 {
		m["meta"] = meta
	}
	switch typ {
	case "RiskAssessment":
		m["status"], m["subject"] = "final", map[string]any{"reference": "Patient/p"}
		if x.number != "" {
			m["prediction"] = []any{map[string]any{"probabilityDecimal": json.Number(x.number)}}
		}
	case "ValueSet":
		set(m, "url", x.url)
	case "Location":
		if x.place != nil {
			m["position"] = map[string]any{"latitude": x.place[0], "longitude": x.place[1]}
		}
	}
	text, _ := json.Marshal(m)
	return string(text)
}

var (
	someNumbers  = []string{"", "0", "0.5", "0.50", "0.05", "1", "99.9", "100", "-1", "1e2", "5E-1"}
	someURLs     = []string{"", "http://a.org/x", "http://a.org/x/y", "http://a.org/x/y/z", "http://a.org/xy", "http://A.org/x", "urn:oid:1.2.3", "urn:oid:1.2"}
	someProfiles = []string{"", "http://a.org/p", "http://a.org/p|1", "http://a.org/p|2"}
	someTags     = []string{"", "urn:s|a", "urn:s|b", "|a"}
	someTypes    = []string{"RiskAssessment", "ValueSet", "Location"}
)

func genThing(i int) *rapid.Generator[thing] {
	return rapid.Custom(func(t *rapid.T) thing {
		x := thing{id: fmt.Sprintf("x%d", i), number: rapid.SampledFrom(someNumbers).Draw(t, "number"), url: rapid.SampledFrom(someURLs).Draw(t, "url"),
			tag: rapid.SampledFrom(someTags).Draw(t, "tag"), profile: rapid.SampledFrom(someProfiles).Draw(t, "profile")}
		if rapid.Bool().Draw(t, "placed") {
			x.place = &[2]int{rapid.IntRange(-90, 90).Draw(t, "latitude"), rapid.IntRange(-180, 180).Draw(t, "longitude")}
		}
		return x
	})
}

// kilometres is the way along the surface, by the angle between two vectors.
func kilometres(a, b [2]int) float64 {
	vector := func(p [2]int) [3]float64 {
		lat, lon := float64(p[0])*math.Pi/180, float64(p[1])*math.Pi/180
		return [3]float64{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
	}
	v, w := vector(a), vector(b)
	dot, length := 0.0, 0.0
	for i := range v {
		dot += v[i] * w[i]
		length += (v[i] - w[i]) * (v[i] - w[i])
	}
	return 6371.0088 * math.Atan2(math.Sqrt(length)*math.Sqrt(4-length)/2, dot)
}

// genThingAsk asks for what the type has, or for what all have.
func genThingAsk(typ string) *rapid.Generator[ask[thing]] {
	return rapid.Custom(func(t *rapid.T) ask[thing] {
		if rapid.IntRange(0, 3).Draw(t, "common") == 0 {
			return genCommonAsk().Draw(t, "ask")
		}
		switch typ {
		case "RiskAssessment":
			return genNumberAsk().Draw(t, "ask")
		case "ValueSet":
			return genURLAsk().Draw(t, "ask")
		}
		from := [2]int{rapid.IntRange(-90, 90).Draw(t, "latitude"), rapid.IntRange(-180, 180).Draw(t, "longitude")}
		// Between the distances of whole degrees, whose sums do not meet it.
		reach := rapid.SampledFrom([]float64{0.37, 137.31, 1000.37, 9999.31, 19999.37}).Draw(t, "distance")
		return ask[thing]{fmt.Sprintf("near=%d|%d|%v|km", from[0], from[1], reach), func(x thing) bool {
			return x.place != nil && kilometres(from, *x.place) <= reach
		}}
	})
}

func genCommonAsk() *rapid.Generator[ask[thing]] {
	return rapid.Custom(func(t *rapid.T) ask[thing] {
		tag := rapid.SampledFrom([]string{"urn:s|a", "|a", "urn:s|b"}).Draw(t, "tag")
		profile := rapid.SampledFrom(someProfiles[1:]).Draw(t, "profile")
		id := fmt.Sprintf("x%d", rapid.IntRange(0, 9).Draw(t, "id"))
		return rapid.SampledFrom([]ask[thing]{
			{"_tag=" + tag, func(x thing) bool { return x.tag == tag }},
			{"_tag:not=" + tag, func(x thing) bool { return x.tag != tag }},
			{"_tag=a", func(x thing) bool { return strings.HasSuffix(x.tag, "|a") }},
			{"_profile=" + profile, func(x thing) bool { return x.profile == profile || strings.HasPrefix(x.profile, profile+"|") }},
			{"_id=" + id + ",x1", func(x thing) bool { return x.id == id || x.id == "x1" }},
			{"_profile:missing=true", func(x thing) bool { return x.profile == "" }},
		}).Draw(t, "kind")
	})
}

func genNumberAsk() *rapid.Generator[ask[thing]] {
	return rapid.Custom(func(t *rapid.T) ask[thing] {
		op := rapid.SampledFrom([]string{"", "eq", "ne", "gt", "lt", "ge", "le"}).Draw(t, "op")
		number := rapid.SampledFrom([]string{"0", "0.5", "0.50", "0.05", "1", "1.0", "100", "99.95", "-1", "7"}).Draw(t, "number")
		return ask[thing]{"probability=" + op + number, func(x thing) bool {
			if x.number == "" {
				return false
			}
			if op == "ne" {
				return !compareAmounts("eq", number, "", amount{value: x.number})
			}
			return compareAmounts(op, number, "", amount{value: x.number})
		}}
	})
}

func genURLAsk() *rapid.Generator[ask[thing]] {
	return rapid.Custom(func(t *rapid.T) ask[thing] {
		url := rapid.SampledFrom(someURLs[1:]).Draw(t, "url")
		within := func(inner, outer string) bool {
			return inner != "" && (inner == outer || !strings.HasPrefix(outer, "urn:") && strings.HasPrefix(inner, outer+"/"))
		}
		return rapid.SampledFrom([]ask[thing]{
			{"url=" + url, func(x thing) bool { return x.url == url }},
			{"url:below=" + url, func(x thing) bool { return within(x.url, url) }},
			{"url:above=" + url, func(x thing) bool { return x.url != "" && within(url, x.url) }},
			{"url:missing=true", func(x thing) bool { return x.url == "" }},
			{"url:missing=false", func(x thing) bool { return x.url != "" }},
		}).Draw(t, "kind")
	})
}

// TestSearchOfThingsEqualsScan is TestSearchEqualsScan for these.
func TestSearchOfThingsEqualsScan(t *testing.T) {
	over(t, func(t *testing.T, place func(testing.TB) string) {
		s, err := Open(t.Context(), Config{Path: place(t)})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		rapid.Check(t, func(r *rapid.T) { thingsAsScan(r, s) })
	})
}

// thingsAsScan writes over what the last run left: versions are part of it.
func thingsAsScan(t *rapid.T, s *Store) {
	typ := rapid.SampledFrom(someTypes).Draw(t, "type")
	var all []thing
	var ops []Op
	for i := range 6 {
		x := genThing(i).Draw(t, "thing")
		if rapid.IntRange(0, 9).Draw(t, "deleted") == 0 {
			ops = append(ops, Op{Method: "DELETE", Type: typ, ID: x.id})
			continue
		}
		all = append(all, x)
		ops = append(ops, Op{Method: "PUT", Type: typ, ID: x.id, Body: []byte(x.json(typ))})
	}
	if _, err := s.Do(t.Context(), ops); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		compare(t, s, typ, all, func(x thing) string { return x.id }, rapid.SliceOfN(genThingAsk(typ), 1, 2).Draw(t, "asks"))
	}
}
