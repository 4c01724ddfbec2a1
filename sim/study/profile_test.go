package study

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"netsplit/sim"
)

const goldenProfiles = "testdata/profiles.txt"

// TestGoldenProfiles holds the traces of a world under each profile to those of this engine. It runs on other
// machines too: make soak-arm64.
func TestGoldenProfiles(t *testing.T) {
	var b strings.Builder
	for _, p := range sim.Profiles {
		rep, err := Execute(mustParse(t, "seed 5\nregions us-east-1 eu-west-1 ap-south-1\nprofile "+p.Name+
			"\nlane s raft\nlane q quorum\nlane e gossip\nworkload bank rate=5/s staggered\nat 3s partition eu-west-1\nat 6s heal\nend 20s\n"))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range rep.Lanes {
			if l.OK < 100 {
				t.Errorf("profile %s, lane %s: only %d of %d operations answered", p.Name, l.Name, l.OK, l.Operations)
			}
		}
		fmt.Fprintf(&b, "engine %d profile %s %s\n", sim.Engine, p.Name, rep.Trace)
	}
	if *update {
		if err := os.WriteFile(goldenProfiles, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenProfiles)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("traces changed: raise sim.Engine, then -update\ngot\n%swant\n%s", &b, want)
	}
}
