package preset_test

import (
	"strings"
	"testing"

	"netsplit/sim"
)

// TestConflictIsDefinite: a write that is told of a ReplicatedWriteConflictException has not been applied; one that had been
// handed to an orderer who was cut off then is not told so, for nobody knows.
func TestConflictIsDefinite(t *testing.T) {
	o, _ := play(t, "regions us-east-1 us-east-2 us-west-2\nclients 2 per region\nlink us-east-1 us-east-2 constant 6ms\n"+
		"link us-east-1 us-west-2 constant 32ms\nlink us-east-2 us-west-2 constant 26ms\nlane m dynamodb-mrsc\n"+
		"at 7s write us-east-1 y 1 as won\nat 7s write us-west-2 y 2 as refused\n"+
		"at 8s partition us-east-1\nat 8.2s write us-east-2 x 51 as a\nat 8.25s write us-east-2@2 x 52 as b\nat 8.25s write us-west-2 x 53 as c\n"+
		"at 11s heal\nat 14s read us-east-1 x level strong as found\nend 20s\n")
	conflict := func(name string) bool {
		return strings.Contains(o.errand(name).Says, "ReplicatedWriteConflictException")
	}
	if !conflict("refused") || o.errand("refused").Outcome != sim.Fail {
		t.Errorf("of two that write at once the second: %+v", o.errand("refused"))
	}
	known := 0
	for _, name := range []string{"a", "b", "c"} {
		switch e := o.errand(name); {
		case conflict(name) != (e.Outcome == sim.Fail):
			t.Errorf("%s ended as %s, and reads %q", name, e.Outcome, e.Says)
		case e.Outcome == sim.OK:
			known++
		}
	}
	if known == 0 || o.errand("found").Outcome != sim.OK {
		t.Errorf("%d were served, and %+v was found", known, o.errand("found"))
	}
}
