package sim

import (
	"math"
	"slices"
	"testing"
)

// TestFibreBound computes the table anew, and holds the measured round trips to it: over the bound, the
// mean of both ways with the ratios that the table's source gives for its figures (least 1.12, median 1.62, most 2.49).
func TestFibreBound(t *testing.T) {
	const radians = math.Pi / 180
	var ratios []float64
	for i, a := range Regions {
		for j, b := range Regions {
			square := func(x float64) float64 { return x * x }
			h := square(math.Sin((b.Lat-a.Lat)*radians/2)) +
				math.Cos(a.Lat*radians)*math.Cos(b.Lat*radians)*square(math.Sin((b.Lon-a.Lon)*radians/2))
			km := 2 * 6371 * math.Asin(math.Sqrt(h))
			if want := 2 * km / 200 * 1000; math.Abs(want-float64(FibreBound(i, j))) > 0.6 {
				t.Errorf("%s to %s: %s, want %.1f us", a.Name, b.Name, FibreBound(i, j), want)
			}
			if i < j {
				ratios = append(ratios, float64(RoundTrip(i, j)+RoundTrip(j, i))/2/float64(FibreBound(i, j)))
			}
		}
	}
	slices.Sort(ratios)
	n := len(ratios)
	for i, want := range map[int]float64{0: 1.12, n / 2: 1.62, n - 1: 2.49} {
		if math.Abs(ratios[i]-want) > 0.01 {
			t.Errorf("ratio %d of %d is %.3f, want %.2f; %.3f", i, n, ratios[i], want, ratios)
		}
	}
}
