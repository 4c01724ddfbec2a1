package quorum_test

import (
	"testing"

	"netsplit/sim"
	"netsplit/sim/quorum"
)

// TestAnyWaitsAndThenHints: at ANY a write whose replicas do not answer is acknowledged once its coordinator has waited for
// them and kept hints; where it keeps none, or at ONE, nobody knows what became of it.
func TestAnyWaitsAndThenHints(t *testing.T) {
	for _, c := range []struct {
		knobs, level string
		want         sim.Outcome
	}{
		{"hinted-handoff=on", "any", sim.OK},
		{"hinted-handoff=on commit-log=periodic", "any", sim.OK},
		{"hinted-handoff=on", "one", sim.Info},
		{"hinted-handoff=off", "any", sim.Info},
	} {
		w := newWorld(t, quorum.Bugs{}, `regions us-east-1 eu-west-1
workload register rate=0.001/s staggered timeout=10s until=0.001s
lane q quorum n=1 r=1 w=1 placement=first suspect-after=60s `+c.knobs+`
at 1s crash us-east-1/1
at 2s write eu-west-1 x 7 level `+c.level+` as w1
at 10s restart us-east-1/1
end 30s`)
		w.end()
		got := w.cluster.Named("w1").Outcome
		if got != c.want {
			t.Errorf("%s, level %s: %v, want %v", c.knobs, c.level, got, c.want)
		}
	}
}
