package study

import (
	"fmt"
	"testing"

	"netsplit/sim"
)

// TestVerdictWheneverAsked: a verdict depends on what happened, not on when it was asked for: at the end only, or on
// the way too, in lanes that are busy enough never to fall silent.
func TestVerdictWheneverAsked(t *testing.T) {
	s := mustParse(t, "regions us-east-1 eu-west-1 ap-south-1\nlane strong raft leader=eu-west-1\nlane quorum quorum\nlane eventual gossip\n"+
		"workload bank rate=15/s staggered\nat 4s partition eu-west-1\nat 8s heal\nend 12s\n")
	once, err := Execute(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, every := range []sim.Time{66 * sim.Millisecond, 500 * sim.Millisecond, 5 * sim.Second} {
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		for r.Now() < s.End {
			r.AdvanceTo(min(r.Now()+every, s.End))
			for _, referee := range r.Referees {
				referee.Verdict()
			}
		}
		if got, want := asText(t, r.Report()), asText(t, once); got != want {
			t.Errorf("asked every %s:\ngot  %s\nwant %s", every, got, want)
		}
	}
	if text := fmt.Sprint(once.Lanes[2].Linearizable); text != "no" {
		t.Errorf("eventual is %s", text)
	}
}
