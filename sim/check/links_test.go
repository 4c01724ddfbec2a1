package check

import (
	"slices"
	"testing"
)

// TestLinks holds links to lists kept apart.
func TestLinks(t *testing.T) {
	var l links[int]
	want := make([][]int, 7)
	for i := range 100 {
		node := i * i % 7
		l.add(int32(node), i)
		want[node] = append(want[node], i)
	}
	for node, items := range want {
		if got := slices.Collect(l.of(int32(node))); !slices.Equal(got, items) {
			t.Errorf("node %d: %v, want %v", node, got, items)
		}
	}
	for range l.of(99) {
		t.Error("a node that was never mentioned has an item")
	}
}
