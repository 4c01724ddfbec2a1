package study

import (
	"testing"

	"netsplit/sim"
)

// TestMainKey: viewers see the key that a script's named results are about, unless the workload's own is among them.
func TestMainKey(t *testing.T) {
	const head = "regions us-east-1 eu-west-1 ap-south-1\nlane q quorum\n"
	for _, c := range []struct{ rest, want string }{
		{"", sim.Account},
		{"at 1s write us-east-1 k 1\n", sim.Account}, // as a visitor's command is written
		{"at 2s write us-east-1 late 1 as b\nat 1s write us-east-1 early 1 as a\n", "early"},
		{"at 1s write us-east-1 k 1 as a\nat 2s read us-east-1 balance as b\n", sim.Account},
		{"workload register rate=1/s staggered\nat 1s write us-east-1 y 1 as a\n", "y"},
		{"workload register rate=1/s staggered\nat 1s write us-east-1 y 1 as a\nat 2s write us-east-1 x 1 as b\n", "x"},
		{"workload bank rate=1/s staggered\nat 1s write us-east-1 y 1 as a\n", sim.Account},
	} {
		s, err := Parse(head + c.rest)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Workload.MainKey(); got != c.want {
			t.Errorf("viewers of %q see %s; want %s", c.rest, got, c.want)
		}
	}
}
