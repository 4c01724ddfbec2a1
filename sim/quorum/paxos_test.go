package quorum_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/quorum"
)

// contest writes a scenario of a bank whose clients read and compare-and-set by Paxos, under random faults.
func contest(seed int, options string) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 8))
	regions := []string{"us-east-1", "ap-south-1", "us-west-2", "eu-west-1", "eu-central-1"}[:3+2*rnd.IntN(2)]
	return fmt.Sprintf("seed %d\nregions %s\nlink everywhere uniform 1ms %dms\nlane q quorum n=%d cas=paxos read-level=serial\n"+
		"workload bank rate=%d/s staggered until=12s%s\n%send 20s\n",
		seed, strings.Join(regions, " "), 2+rnd.IntN(40), 3+2*rnd.IntN(len(regions)/4+1), 1+rnd.IntN(4), options, storm(rnd, regions, 1, 10*sim.Second))
}

// TestPaxosIsLinearizable: whatever the network and the clocks do, serial reads and compare-and-sets are linearizable,
// and the bank's books are in order.
func TestPaxosIsLinearizable(t *testing.T) {
	applied, unknown, n := 0, 0, seeds(150, 5000)
	for seed := range n {
		w := newWorld(t, quorum.Bugs{}, contest(seed, ""))
		answer := w.end()
		scores := w.referee.Scores()
		if answer == check.No || scores.LostWrites+scores.StaleReads != 0 || scores.Damage != 0 {
			t.Fatalf("seed %d: linearizable %s, %+v\n%s", seed, answer, scores, w.replay())
		}
		if answer == check.Unknown {
			unknown++
		}
		for _, rec := range w.cluster.History() {
			if rec.Kind == sim.CompareAndSet && rec.Result.Outcome == sim.OK && rec.Result.Applied {
				applied++
			}
		}
	}
	if applied < 5*n || unknown > n/10 {
		t.Errorf("%d compare-and-sets applied, %d verdicts unknown in %d runs", applied, unknown, n)
	}
	t.Logf("%d runs: %d compare-and-sets applied, %d verdicts unknown", n, applied, unknown)
}

// TestPaxosRetries: who asks the same coordinator again is not told that its condition was false when an attempt of its own
// had made it so. What remains is rare: the value has come back in between, and both attempts take effect.
func TestPaxosRetries(t *testing.T) {
	twice, n := 0, seeds(60, 2000)
	for seed := range n {
		w := newWorld(t, quorum.Bugs{}, contest(seed, " retries=3 retry=same"))
		answer, scores := w.end(), w.referee.Scores()
		if scores.LostWrites != 0 {
			t.Fatalf("seed %d: %+v\n%s", seed, scores, w.replay())
		}
		if answer == check.No || scores.Damage != 0 {
			twice++
		}
	}
	if twice > n/30 {
		t.Errorf("%d of %d runs are not linearizable", twice, n)
	}
}
