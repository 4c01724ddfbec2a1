package sim

import (
	"fmt"
	"math"
	"testing"
)

// TestPoisson: the mean of many gaps is the interval, and their deviation is as large, as of an exponential distribution.
func TestPoisson(t *testing.T) {
	w := Workload{Kind: Bank, Rate: 2500, Poisson: true, Keys: 1}
	const n = 100_000
	sum, squares, at := 0.0, 0.0, WorkloadStart
	for k := range n {
		next := w.arrival(7, 1, 3, k, at)
		gap := float64(next - at)
		sum, squares, at = sum+gap, squares+gap*gap, next
	}
	mean := sum / n
	deviation := math.Sqrt(squares/n - mean*mean)
	interval := float64(w.Rate.Interval())
	if math.Abs(mean-interval) > 0.01*interval || math.Abs(deviation-interval) > 0.02*interval {
		t.Errorf("mean %.0f us, deviation %.0f us; both should be %.0f us", mean, deviation, interval)
	}
	t.Logf("mean %.0f us, deviation %.0f us, expected %.0f us", mean, deviation, interval)
}

// TestSkew holds the weights of keys to Zipf's law, and draws to the weights.
func TestSkew(t *testing.T) {
	for _, skew := range []Skew{0, 500, 990, 1000, 2000, 5000} {
		for _, n := range []int{1, 2, 10, MaxKeys} {
			sums := keyWeights(n, skew)
			total, before := 0.0, uint64(0)
			for i := range n {
				total += math.Pow(float64(i+1), -float64(skew)/1000)
			}
			for i, sum := range sums {
				want := math.Pow(float64(i+1), -float64(skew)/1000) / total
				if got := float64(sum-before) / float64(sums[n-1]); math.Abs(got-want) > 1e-9+1e-6*want && got > 3e-10 {
					t.Errorf("skew %s, key %d of %d: weight %g, want %g", skew, i+1, n, got, want)
				}
				before = sum
			}
		}
	}
	counts := make([]int, 4)
	sums := keyWeights(4, 1000)
	for k := range 100_000 {
		counts[pickKey(sums, mix(visitLuck(1, 2, k), luckKey))]++
	}
	for i, c := range counts {
		want := 100_000 / (1 + 1./2 + 1./3 + 1./4) / float64(i+1)
		if math.Abs(float64(c)-want) > 5*math.Sqrt(want) {
			t.Errorf("key %d was drawn %d times, expected about %.0f", i+1, c, want)
		}
	}
	// The same everywhere, bit for bit.
	if got, want := fmt.Sprint(keyWeights(5, 990)), "[4294967296 6457387874 7904858699 8993589400 9866519676]"; got != want {
		t.Errorf("weights %s, want %s", got, want)
	}
}
