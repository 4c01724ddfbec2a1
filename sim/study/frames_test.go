package study

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
)

// TestFramesAreFresh looks at each turn at a Recorder's Frame, in the stories of all rows and under random faults: it makes views of nodes anew
// only where something has happened to them, and each must be what a view made now is.
func TestFramesAreFresh(t *testing.T) {
	made, kept := 0, 0
	watch := func(name, text string, turn sim.Time) {
		sc, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		run, err := New(sc)
		if err != nil {
			t.Fatal(err)
		}
		last := make([][]*sim.NodeView, len(run.Lanes()))
		var recorders []*sim.Recorder
		for lane, c := range run.Lanes() {
			recorders, last[lane] = append(recorders, sim.NewRecorder(c)), make([]*sim.NodeView, c.Nodes())
		}
		for now := sim.Time(0); now < min(sc.End, 60*sim.Second); now += turn {
			run.AdvanceTo(now)
			for lane, c := range run.Lanes() {
				f := recorders[lane].Take()
				for a, v := range f.Nodes {
					if fresh := c.Describe(sim.Addr(a)); !reflect.DeepEqual(*v, fresh) {
						t.Fatalf("%s: %s at %s: a Frame shows node %d as\n%+v\nwhile it is\n%+v", name, c.Name, now, a, *v, fresh)
					}
					if last[lane][a] == v {
						kept++
					} else {
						made++
					}
				}
				last[lane] = f.Nodes
			}
		}
	}
	for _, rows := range preset.Rows {
		for _, id := range rows {
			if text, ok := preset.Story(id); ok {
				watch(id, text, 37*sim.Millisecond)
			}
		}
	}
	// An fsync that ends on a node that stands still is heard of later, and shows at once.
	watch("paused", "regions us-east-1 eu-west-1 ap-south-1\nlane strong raft leader=eu-west-1\nlane sync primary primary=eu-west-1\nworkload bank rate=20/s staggered\n"+
		"at 1s fsync eu-west-1/1 400ms\nat 2s pause eu-west-1/1\nat 5s resume eu-west-1/1\nend 8s\n", 20*sim.Millisecond)
	for seed := range seeds(3, 100) {
		watch("pried", fmt.Sprintf("seed %d\n%s", seed, pried), 3*sim.Millisecond)
		faults := strings.Replace(randomFaults(seed), "\nlane quorum quorum\n", "\nlane quorum quorum transport=stream\n", 1)
		watch("faults", faults, 3*sim.Millisecond)
	}
	t.Logf("%d views made, %d kept", made, kept)
	if kept < made {
		t.Errorf("%d views were made and %d kept from the Frame before: hardly any", made, kept)
	}
}
