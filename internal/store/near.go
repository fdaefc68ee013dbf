package store

import (
	"math"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/ucum"
)

// nearName is the one special parameter that has rows: a latitude and a longitude
// in degrees, where other rows of the table have the ends of a quantity.
const nearName = "Location.near"

func nearRows(all []row, name string, v fhirpath.Value) []row {
	if name != nearName || v.Node() == nil {
		return all
	}
	lat, ok := degrees(v, "latitude")
	lon, ok2 := degrees(v, "longitude")
	if !ok || !ok2 {
		return all
	}
	return append(all, row{kind: quantities, param: name, from: lat, to: lon})
}

func degrees(v fhirpath.Value, name string) (float64, bool) {
	n := v.Node().Get(name)
	if n == nil {
		return 0, false
	}
	d, ok := numberText(n.Text)
	return d.InexactFloat64(), ok
}

const (
	earthRadius = 6371008.8 // metres, the mean
	nearDefault = "50"      // kilometres, where the search names no distance
)

// near is latitude|longitude|distance|unit, the last two optional; the unit is
// UCUM's, kilometres where there is none.
func (b *builder) near(value string) (cond, error) {
	parts := append(strings.Split(unescape(value), "|"), "", "", "", "")
	var numbers [3]float64
	if parts[2] == "" {
		parts[2] = nearDefault
	}
	switch parts[3] {
	case "":
		parts[3] = "km"
	case "mi", "[mi_us]": // three millimetres longer
		parts[3] = "[mi_i]"
	}
	for i := range numbers {
		d, ok := numberText(parts[i])
		if !ok {
			return cond{}, refuse(Invalid, "near is latitude|longitude|distance|unit")
		}
		numbers[i] = d.InexactFloat64()
	}
	distance, _ := numberText(parts[2])
	metres, base, err := ucum.Canonical(distance, parts[3])
	if err != nil || base != "m" || len(parts) > 8 || math.Abs(numbers[0]) > 90 || math.Abs(numbers[1]) > 180 || numbers[2] < 0 {
		return cond{}, refuse(Invalid, "near is latitude|longitude|distance|unit, the unit one of length")
	}
	lat, lon, angle := numbers[0], numbers[1], min(metres.InexactFloat64()/earthRadius, math.Pi)
	const half = "sin((%s - ?) * 0.008726646259971648)" // half the difference, in radians
	dLat, dLon := strings.Replace(half, "%s", "low", 1), strings.Replace(half, "%s", "high", 1)
	where := "low >= ? AND low <= ? AND " + dLat + " * " + dLat + " + ? * cos(low * 0.017453292519943295) * " + dLon + " * " + dLon + " <= ?"
	reach, sine := angle*180/math.Pi, math.Sin(angle/2)
	c := b.rows(quantities, nearName, where, lat-reach, lat+reach, lat, lat, math.Cos(lat*math.Pi/180), lon, lon, sine*sine)
	return c, nil
}
