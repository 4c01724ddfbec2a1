package check

import "testing"

// TestRing holds a ring to a list of which the latest count.
func TestRing(t *testing.T) {
	r := ring[int]{limit: 2 * ringChunk}
	for i := range 5*ringChunk + 3 {
		old, forgotten := r.push(i)
		if want := i - r.limit; forgotten != (want >= 0) || forgotten && old != want {
			t.Fatalf("push of %d forgets %d, %v", i, old, forgotten)
		}
		if r.end() != i+1 || r.first() != max(0, i+1-r.limit) || *r.at(r.first()) != r.first() || *r.at(i) != i {
			t.Fatalf("after %d it holds %d to %d: %d to %d", i, r.first(), r.end(), *r.at(r.first()), *r.at(i))
		}
	}
	if len(r.chunks) != 2 {
		t.Errorf("%d chunks", len(r.chunks))
	}
}
