package study

import (
	"fmt"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// TestMergedModels: where values merge, sessions keep what they promise, nothing contradicts, counterexamples are small,
// and without sessions clients that roam miss what they should see.
func TestMergedModels(t *testing.T) {
	violated, longest := map[string]int{}, 0
	n := seeds(60, 3000)
	for seed := range n {
		conflict := []string{"dvv", "vector-clock", "counter", "or-set"}[seed%4]
		text := modelWorld(seed, fmt.Sprintf("lane plain gossip conflict=%[1]s\nlane sessions gossip conflict=%[1]s session=both\nlane quorum quorum r=1 w=1 conflict=%[1]s\n", conflict))
		text = strings.Replace(text, "session=sticky", "session=roam", 1)
		run := mustRun(t, text)
		for i, c := range run.Lanes() {
			ref := run.Referees[i]
			if bad := contradiction(ref, true); bad != "" {
				t.Fatalf("seed %d, lane %s: %s\n%s", seed, c.Name, bad, sim.Replay(text))
			}
			for _, v := range ref.Verdicts() {
				if v.Answer == check.No {
					violated[c.Name+" "+string(v.Model)]++
				}
				promised := c.Name == "sessions" && !strings.Contains(text, "elsewhere") && (v.Model == check.ReadYourWrites || v.Model == check.MonotonicReads)
				if promised && v.Answer != check.Yes {
					t.Fatalf("seed %d, lane %s: %+v, %+v\n%s", seed, c.Name, v, ref.Violations(), sim.Replay(text))
				}
			}
			for _, v := range ref.Violations() {
				longest = max(longest, len(v.Ops))
			}
		}
	}
	t.Logf("%d seeds: violated %v; the longest counterexample has %d operations", n, violated, longest)
	for _, m := range []check.Kind{check.Causal, check.ReadYourWrites, check.MonotonicReads, check.WritesFollowReads} {
		if violated["plain "+string(m)] == 0 {
			t.Errorf("%s was never violated: the swarm shows nothing", m)
		}
	}
}
