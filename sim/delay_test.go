package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// bitsOf returns the i-th of a row of uniform bits.
func bitsOf(i int) uint64 { return mix(mix(7, 99), uint64(i)) }

func mustParse(t testing.TB, text string) Delay {
	t.Helper()
	d, err := ParseDelay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// everyShape has a Delay of each shape, and mixtures.
var everyShape = []string{
	"constant 5ms", "uniform 1ms 3ms", "normal 10ms 2ms", "normal 1ms 2ms", "exponential 5ms", "pareto 0.235ms 10",
	"pareto 1.05ms 0.5", "mix 0.9122 pareto 0.235ms 10, 0.0878 exponential 0.60241ms",
	"mix 0.2 constant 1ms, 0.3 uniform 2ms 4ms, 0.5 normal 7ms 0.5ms",
}

// goldenDraws is the SHA-256 of a million draws of every shape. If it changes, so do traces: raise Engine.
const goldenDraws = "572a66f761f45d852b38f703938c631259c002f41bc22de7b5d79ae8661f4e8e"

// TestGoldenDraws runs on other machines too: make soak-arm64.
func TestGoldenDraws(t *testing.T) {
	h := sha256.New()
	var b []byte
	for _, text := range everyShape {
		d := mustParse(t, text)
		for i := range 1_000_000 / len(everyShape) {
			u := bitsOf(i)
			b = binary.LittleEndian.AppendUint64(b[:0], uint64(d.Sample(u)))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(d.Micros(u)))
			h.Write(b)
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != goldenDraws {
		t.Errorf("draws %s, want %s", got, goldenDraws)
	}
}

// TestDistributions holds the draws of each shape to the distribution function that it is named after: the share
// of draws up to x, within 4.5 binomial standard deviations.
func TestDistributions(t *testing.T) {
	normalTo := func(x, mean, sd float64) float64 { return 0.5 * math.Erfc(-(x-mean)/sd/math.Sqrt2) }
	ssd := func(x float64) float64 {
		return 0.9122*(1-math.Pow(0.235/max(x, 0.235), 10)) + 0.0878*(1-math.Exp(-x/0.60241))
	}
	const n = 400_000
	for _, c := range []struct {
		text string
		upTo func(x float64) float64 // the chance of a delay up to x milliseconds
		at   []float64
	}{
		{"constant 5ms", func(x float64) float64 { return 1 }, []float64{5}},
		{"uniform 1ms 3ms", func(x float64) float64 { return (x - 0.999) / 2.001 }, []float64{1, 1.5, 2, 2.9}},
		{"normal 10ms 2ms", func(x float64) float64 { return normalTo(x, 10, 2) }, []float64{4, 8, 10, 11, 15}},
		{"normal 1ms 2ms", func(x float64) float64 {
			return (normalTo(x, 1, 2) - normalTo(0, 1, 2)) / (1 - normalTo(0, 1, 2))
		}, []float64{0.1, 1, 3, 6}},
		{"exponential 5ms", func(x float64) float64 { return 1 - math.Exp(-x/5) }, []float64{0.1, 1, 5, 20, 40}},
		{"pareto 0.235ms 10", func(x float64) float64 { return 1 - math.Pow(0.235/x, 10) }, []float64{0.24, 0.3, 0.5}},
		{everyShape[7], ssd, []float64{0.1, 0.24, 0.3, 0.6, 1, 3}},
	} {
		d := mustParse(t, c.text)
		count := make([]int, len(c.at))
		for i := range n {
			draw := d.Micros(bitsOf(i))
			if whole := float64(d.Sample(bitsOf(i))); math.Abs(whole-draw) > 0.5 {
				t.Fatalf("%s: %v rounds to %v", c.text, draw, whole)
			}
			for j, x := range c.at {
				if draw <= 1000*x {
					count[j]++
				}
			}
		}
		for j, x := range c.at {
			want := c.upTo(x)
			got := float64(count[j]) / n
			if math.Abs(got-want) > 4.5*math.Sqrt(want*(1-want)/n) {
				t.Errorf("%s: %.5f of the draws are up to %v ms; expected %.5f", c.text, got, x, want)
			}
		}
	}
}

// TestDelayText: what is printed parses to the same, and is printed in one way.
func TestDelayText(t *testing.T) {
	for text, canonical := range map[string]string{
		"constant 0s":                             "constant 0ms",
		"constant   5000us":                       "constant 5ms",
		"uniform 1ms 0.003s":                      "uniform 1ms 3ms",
		"exponential 602.41us":                    "exponential 0.60241ms",
		"exponential 5464.481us":                  "exponential 5.464481ms",
		"pareto 0.235ms 010.50":                   "pareto 0.235ms 10.5",
		"mix 0.5 constant 1ms,0.5 normal 2ms 0ms": "mix 0.5 constant 1ms, 0.5 normal 2ms 0ms",
		"constant 60s":                            "constant 60000ms",
	} {
		if got := mustParse(t, text).String(); got != canonical {
			t.Errorf("%q prints as %q, want %q", text, got, canonical)
		}
	}
	for _, text := range everyShape {
		if got := mustParse(t, text).String(); got != text {
			t.Errorf("%q prints as %q", text, got)
		}
	}
	if got := (Delay{}).String(); got != "constant 0ms" || (Delay{}).Sample(1) != 0 {
		t.Errorf("the zero Delay is %q", got)
	}
}

// TestDelayErrors: what is absurd is refused, and named.
func TestDelayErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "expected a distribution: constant, uniform",
		"gamma 1ms":                              `got "gamma"`,
		"constant":                               "expected 1 numbers, got 0",
		"constant 5":                             `exact to the nanosecond, got "5"`,
		"constant NaN":                           `got "NaN"`,
		"constant NaNms":                         `got "NaNms"`,
		"constant -5ms":                          `got "-5ms"`,
		"constant 1e3ms":                         `got "1e3ms"`,
		"constant 0.0000001ms":                   `got "0.0000001ms"`,
		"constant 0.0005ms":                      "constant and uniform take whole microseconds",
		"constant 61s":                           "over the longest delay of 60000ms",
		"uniform 3ms 1ms":                        "the first is the longer",
		"normal 1ms 61s":                         "over the longest delay",
		"exponential 0ms":                        "a span of 0",
		"pareto 1ms 0":                           "alpha must be over 0",
		"pareto 1ms -1":                          `alpha, a number exact to the millionth, got "-1"`,
		"pareto 1ms 1001":                        "alpha 1001 is over 1000",
		"pareto 1ms Inf":                         `got "Inf"`,
		"mix 1 constant 1ms":                     "expected 2 to 8 parts",
		"mix 0.5 constant 1ms, 0.4 constant 2ms": "the weights add up to 0.9, not to 1",
		"mix 7 constant 1ms, 0.4 constant 2ms":   `expected a weight over 0 and up to 1, exact to the millionth, got "7"`,
		"mix 0 constant 1ms, 1 constant 2ms":     `got "0"`,
		"mix 0.5 constant 1ms,":                  "expected a weight, got the end",
		"mix 0.5 mix 1 constant 1ms, 0.5 constant 1ms":                        `got "mix"`,
		"mix " + strings.Repeat("0.1 constant 1ms, ", 9) + "0.1 constant 1ms": "got 10",
	} {
		if _, err := ParseDelay(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
}

// TestFarDraws: no bits make a delay that is negative or over MaxTime.
func TestFarDraws(t *testing.T) {
	for _, text := range append(everyShape, "pareto 60s 0.000001", "pareto 0.000001ms 1000", "normal 0ms 60s", "normal 60s 60s", "exponential 60s") {
		d := mustParse(t, text)
		for _, u := range []uint64{0, 1, 1 << 12, 1 << 63, 1<<63 - 1, 1<<64 - 1, 1<<64 - 1<<12} {
			if got := d.Sample(u); got < 0 || got > MaxTime {
				t.Errorf("%s: bits %x make %s", text, u, got)
			}
		}
	}
}

func FuzzDelay(f *testing.F) {
	for _, text := range everyShape {
		f.Add(text, uint64(5))
	}
	f.Fuzz(func(t *testing.T, text string, u uint64) {
		d, err := ParseDelay(text)
		if err != nil {
			return
		}
		again, err := ParseDelay(d.String())
		if err != nil || again.String() != d.String() || again.Sample(u) != d.Sample(u) {
			t.Errorf("%q prints as %q, which gives %q, %v", text, d, again, err)
		}
		if got := d.Sample(u); got < 0 || got > MaxTime {
			t.Errorf("%q: bits %x make %s", text, u, got)
		}
	})
}

func BenchmarkDelay(b *testing.B) {
	for _, text := range everyShape {
		d := mustParse(b, text)
		b.Run(strings.ReplaceAll(text, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				d.Sample(bitsOf(i))
			}
		})
	}
}

// TestRanked holds selection to sorting, with values that are often the same and with lists that are in order already.
func TestRanked(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 9))
	for i := range 2000 {
		list := make([]Time, 1+rnd.IntN(60))
		for k := range list {
			list[k] = Time(rnd.IntN(1 + rnd.IntN(40)))
		}
		sorted := slices.Sorted(slices.Values(list))
		if i%3 == 0 {
			copy(list, sorted)
		}
		at := rnd.IntN(len(list))
		if got := ranked(slices.Clone(list), at); got != sorted[at] {
			t.Fatalf("%v at %d: %d, want %d", list, at, got, sorted[at])
		}
	}
}
