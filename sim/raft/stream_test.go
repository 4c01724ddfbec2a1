package raft

import (
	"fmt"
	"slices"
	"testing"

	"netsplit/sim"
)

// TestSilenceAfterAHeal cuts a follower's region off and heals it: over datagrams its client is answered again as soon
// as the leader's next heartbeat has come; over streams only when they try again or have been dialed anew. Either
// way the cluster goes on, and agrees.
func TestSilenceAfterAHeal(t *testing.T) {
	t.Log("cut for   datagrams   streams   until its client is answered, median of 20 seeds, and the longest")
	for _, cut := range []sim.Time{2, 4, 8, 15} {
		var medians [2]sim.Time
		line := fmt.Sprintf("%4d s  ", cut)
		for i, transport := range []string{"datagram", "stream"} {
			var waits []sim.Time
			for seed := range 20 {
				waits = append(waits, silence(t, seed, transport, cut*sim.Second))
			}
			slices.Sort(waits)
			medians[i] = waits[10]
			line += fmt.Sprintf("  %9s (%s)", waits[10], waits[19])
			most := cut*sim.Second + 2*sim.Second // the next attempt comes after as long again at most
			if cut >= 8 {
				most = 4 * sim.Second // it has been dialed anew every second; and an election may be under way
			}
			if waits[19] > most {
				t.Errorf("%s: silent for %s after a cut of %d s", transport, waits[19], cut)
			}
		}
		t.Log(line)
		if medians[1] < medians[0] {
			t.Errorf("after a cut of %d s streams are silent for %s, datagrams for %s", cut, medians[1], medians[0])
		}
	}
}

// silence returns how long after the end of a cut the first operation begins that a client of its region has answered.
func silence(t *testing.T, seed int, transport string, cut sim.Time) sim.Time {
	healed := 3*sim.Second + sim.Time(seed)*37*sim.Millisecond + cut
	w := run(t, fmt.Sprintf("seed %d\n%slane strong raft transport=%s\nworkload bank rate=5/s staggered until=%s\n"+
		"at %s partition ap-south-1\nat %s heal\nend %s", seed, three, transport, healed+20*sim.Second, healed-cut, healed, healed+25*sim.Second))
	w.agree()
	w.keepsPromises(sim.Account)
	for _, r := range w.cluster.History() {
		if r.Client == 5 && r.Start >= healed && r.Result.Outcome == sim.OK {
			return r.Start - healed
		}
	}
	t.Fatalf("seed %d: no operation is answered after the heal", seed)
	return 0
}
