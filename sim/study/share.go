package study

import (
	"fmt"
	"math"
	"slices"
)

// Share is how many of several runs had something, with its 95 % confidence interval in percent. Of no run it says
// nothing: 0 to 100.
type Share struct {
	Count   int     `json:"count"`
	Of      int     `json:"of"`
	Percent float64 `json:"percent"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

// z95 is the quantile of the normal distribution that leaves 2.5 % above.
const z95 = 1.959963984540054

// shareOf returns a frequency with Wilson's interval (JASA 1927), which holds for few runs and for frequencies near 0 and
// 1 too, and never leaves 0 to 100 %.
func shareOf(count, of int) Share {
	s := Share{Count: count, Of: of, High: 100}
	if of == 0 {
		return s
	}
	n, p := float64(of), float64(count)/float64(of)
	middle := (p + z95*z95/(2*n)) / (1 + z95*z95/n)
	half := z95 / (1 + z95*z95/n) * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	s.Percent = thousandth(100 * p)
	s.Low, s.High = thousandth(100*max(0, middle-half)), thousandth(100*min(1, middle+half))
	return s
}

// String prints the frequency with its interval: 12 % (7 to 20 %).
func (s Share) String() string {
	if s.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %% (%.0f to %.0f)", s.Percent, s.Low, s.High)
}

// Spread is how a figure varies from run to run. The percentiles are nearest-rank ones over the runs.
type Spread struct {
	Mean float64 `json:"mean"`
	P5   float64 `json:"p5"`
	P50  float64 `json:"p50"`
	P95  float64 `json:"p95"`
}

func spreadOf(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	sorted := slices.Sorted(slices.Values(values))
	at := func(percent int) float64 {
		return thousandth(sorted[max(0, (percent*len(sorted)+99)/100-1)])
	}
	return Spread{Mean: thousandth(sum / float64(len(values))), P5: at(5), P50: at(50), P95: at(95)}
}
