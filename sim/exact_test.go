package sim

import (
	"math"
	"math/rand/v2"
	"testing"
)

// off is how far got lies from want, relatively, or absolutely where want is below 1.
func off(got, want float64) float64 { return math.Abs(got-want) / max(1, math.Abs(want)) }

// relative is how far got lies from want, relatively.
func relative(got, want float64) float64 {
	if got == want {
		return 0
	}
	return math.Abs(got-want) / math.Abs(want)
}

// TestExact holds our own functions against those of package math.
func TestExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	worst := map[string]float64{}
	note := func(name string, x, err float64) {
		worst[name] = max(worst[name], err)
		if err > 1e-13 {
			t.Fatalf("%s(%v) is off by %v", name, x, err)
		}
	}
	for range 1_000_000 {
		u := unit(rnd.Uint64())
		if u <= 0 || u >= 1 {
			t.Fatalf("unit gave %v", u)
		}
		note("ln", u, relative(ln(u), math.Log(u)))
		x := (u - 0.5) * 1400
		note("exp", x, relative(exp(x), math.Exp(x)))
		note("exp", x/1e4, relative(exp(x/1e4), math.Exp(x/1e4)))
		wide := math.Exp(x)
		note("ln", wide, relative(ln(wide), math.Log(wide)))
		// The distribution function of the quantile is where we came from; in the tails, relatively.
		tail := min(u, 1-u)
		note("quantile", u, relative(0.5*math.Erfc(math.Abs(quantile(u))/math.Sqrt2), tail)/8)
	}
	for _, x := range []float64{1, 0.5, math.Sqrt2 / 2, 2, math.E, 0x1p-53, 1e300, 0x1p-1022} {
		note("ln", x, relative(ln(x), math.Log(x)))
	}
	for _, x := range []float64{0, 1, -1, 700, -700, math.Ln2, 0.5 * math.Ln2} {
		note("exp", x, relative(exp(x), math.Exp(x)))
	}
	for _, u := range []uint64{0, 1 << 12, 1<<64 - 1, 1 << 63} {
		p := unit(u)
		note("far quantile", p, off(quantile(p), math.Sqrt2*math.Erfinv(2*p-1))/1e3)
	}
	t.Logf("largest errors: %v", worst)
}
