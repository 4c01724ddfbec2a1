package check

import (
	"slices"
	"testing"

	"netsplit/sim"
	"netsplit/sim/gossip"
)

// TestCounterexample has a replica that is away show what was overwritten: the write that was missed, the stale read and
// what it found explain it. The same with a counter and a set, of which a read misses an update.
func TestCounterexample(t *testing.T) {
	const world = "regions us-east-1 eu-west-1\nat 2s partition eu-west-1\nend 9s\n"
	for name, c := range map[string]struct {
		text   string
		ops    []sim.OpID
		missed sim.OpID
	}{
		"register": {"lane l gossip\nat 1s write us-east-1 x 1\nat 3s write us-east-1 x 2\nat 4s read us-east-1 x\nat 5s read eu-west-1 x\n",
			[]sim.OpID{1, 2, 4}, 2},
		"counter": {"lane l gossip conflict=counter\nat 1s increment us-east-1 x 1\nat 3s increment us-east-1 x 2\nat 5s read eu-west-1 x\n",
			[]sim.OpID{2, 3}, 2},
		"set": {"lane l gossip conflict=or-set\nat 1s add us-east-1 x 1\nat 3s add us-east-1 x 2\nat 5s read eu-west-1 x\n",
			[]sim.OpID{2, 3}, 2},
		"siblings": {"lane l gossip conflict=dvv\nat 3s write us-east-1 x 1\nat 3s write eu-west-1 x 2\nat 4s heal\nat 8s read eu-west-1 x\n",
			[]sim.OpID{1, 2, 3}, 0}, // it missed neither
	} {
		v := sim.Vocabulary{Protocols: []sim.Protocol{gossip.Protocol()}}
		s, err := sim.Parse(world+c.text, v)
		if err != nil {
			t.Fatal(err)
		}
		lab, err := sim.NewLab(s, v)
		if err != nil {
			t.Fatal(err)
		}
		r := New(lab.Lanes()[0])
		lab.AdvanceTo(s.End)
		got, ok := r.linearViolation()
		if !ok || !slices.Equal(got.Ops, c.ops) || got.Op != c.ops[len(c.ops)-1] || got.Missed != c.missed || got.Key != "x" {
			t.Errorf("%s: %v %+v", name, ok, got)
		}
	}
}
