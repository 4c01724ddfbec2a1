package primary

import (
	"testing"

	"netsplit/sim"
)

// TestStepSizes: how a run is cut into steps changes nothing.
func TestStepSizes(t *testing.T) {
	for seed := range 20 {
		s := newStorm(seed)
		traces := map[string]bool{}
		for _, step := range []sim.Time{110 * sim.Second, 50 * sim.Millisecond, 7919} {
			w := newWorld(t, s.text, flaws{})
			for at := sim.Time(0); at < 110*sim.Second; {
				at = min(at+step, 110*sim.Second)
				w.lab.AdvanceTo(at)
			}
			traces[w.lab.Trace()] = true
		}
		if len(traces) != 1 {
			t.Errorf("seed %d: %d traces", seed, len(traces))
		}
	}
}
