package study

import (
	"fmt"
	"testing"
)

// TestWilson: the intervals are those that Newcombe gives for the score method without continuity correction (Two-Sided
// Confidence Intervals for the Single Proportion, Statistics in Medicine 1998, table I).
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		count, of int
		want      string
	}{
		{81, 263, "0.2553 0.3662"}, {15, 148, "0.0624 0.1605"}, {0, 20, "0.0000 0.1611"}, {1, 29, "0.0061 0.1718"},
	} {
		s := shareOf(c.count, c.of)
		if got := fmt.Sprintf("%.4f %.4f", s.Low/100, s.High/100); got != c.want {
			t.Errorf("%d of %d: %s, want %s", c.count, c.of, got, c.want)
		}
		if other := shareOf(c.of-c.count, c.of); other.Low+s.High < 99.998 || other.Low+s.High > 100.002 {
			t.Errorf("%d of %d: %+v beside %+v", c.count, c.of, s, other)
		}
	}
	if s := shareOf(0, 0); s.Low != 0 || s.High != 100 {
		t.Errorf("of nothing %+v", s)
	}
}

func TestSpread(t *testing.T) {
	var values []float64
	for i := range 100 {
		values = append(values, float64(100-i))
	}
	if got := spreadOf(values); got != (Spread{50.5, 5, 50, 95}) {
		t.Errorf("%+v", got)
	}
	if got := spreadOf([]float64{3}); got != (Spread{3, 3, 3, 3}) {
		t.Errorf("%+v", got)
	}
}
