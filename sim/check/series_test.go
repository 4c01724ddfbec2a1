package check

import (
	"testing"

	"netsplit/sim"
)

// TestClasses: each time is in a class whose longest is at most a sixteenth above it, and classes are in order.
func TestClasses(t *testing.T) {
	before := -1
	for v := sim.Time(0); v < 100*sim.Second; v += 1 + v/97 {
		c := classOf(v)
		if top := longestOf(c); top < v || top-v > v/16 || classOf(top) != c || classOf(top+1) != c+1 {
			t.Fatalf("%d is in class %d, up to %d", int64(v), c, int64(top))
		}
		if int(c) < before {
			t.Fatalf("%d is in class %d after %d", int64(v), c, before)
		}
		before = int(c)
	}
}

// TestPercentilesOfPoints adds points together, and reads nearest ranks.
func TestPercentilesOfPoints(t *testing.T) {
	var sum Point
	if sum.Took(50) != -1 {
		t.Errorf("of nothing %s", sum.Took(50))
	}
	for v := range sim.Time(20) {
		p := Point{OK: 1, Age: v, Distinct: 1 + int(v)%3}
		p.take(classOf(19-v), 1)
		sum = sum.and(p)
	}
	for percent, want := range map[int64]sim.Time{1: 0, 50: 9, 95: 18, 99: 19, 100: 19} {
		if got := sum.Took(percent); got != want {
			t.Errorf("%d %%: %d, want %d", percent, got, want)
		}
	}
	if sum.OK != 20 || sum.Age != 19 || sum.Distinct != 3 {
		t.Errorf("together %+v", sum)
	}
}
