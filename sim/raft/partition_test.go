package raft

import (
	"fmt"
	"slices"
	"testing"

	"netsplit/sim"
)

// away cuts the leader off when told and brings it back at 9 s. Its client asks at once, and later.
func away(seed int, cut sim.Time) string {
	return fmt.Sprintf("seed %d\n%sat %s partition eu-west-1\n", seed, leaderAway, cut)
}

const leaderAway = three + `lane strong raft leader=eu-west-1
workload none
at 1s write us-east-1 balance 600 as before
at 3.2s write eu-west-1 balance 700 as unheard
at 3.2s read eu-west-1 balance as unread
at 7s write us-east-1 balance 800 as onward
at 7s write eu-west-1 balance 900 as refused
at 7s read eu-west-1 balance as blind
at 9s heal
at 12s read eu-west-1 balance as after
end 20s
`

func TestMajorityGoesOnWithoutItsLeader(t *testing.T) {
	w := newWorld(t, away(4, 3*sim.Second))
	f := newReferee(w)
	w.lab.AdvanceTo(w.scenario.End)
	w.expect("before", sim.OK, sim.NoReason, 600)
	w.expect("unheard", sim.Info, sim.ReasonTimeout, 0)
	w.expect("unread", sim.Info, sim.ReasonTimeout, 0)
	w.expect("onward", sim.OK, sim.NoReason, 800)
	w.expect("refused", sim.Fail, sim.ReasonNoLeader, 0)
	w.expect("blind", sim.Fail, sim.ReasonNoLeader, 0)
	w.expect("after", sim.OK, sim.NoReason, 800)
	if f.truncated == 0 {
		t.Error("the write that nobody heard stays in a log")
	}
	w.agree()
	w.keepsPromises(sim.Account)
	f.audit(w)
}

// TestElectionTimes runs the same fault under many seeds: within what span the majority elects and the leader
// without a quorum steps down, and that its return changes nothing.
func TestElectionTimes(t *testing.T) {
	const runs = 60
	var elected, deposed []sim.Time
	for seed := range runs {
		cut := 2*sim.Second + sim.Time(seed)*17*sim.Millisecond // all over the second between two counts of the quorum
		w := run(t, away(seed, cut))
		e, d := w.noted(sim.NoteElected), w.noted(sim.NoteDeposed)
		if len(e) != 2 || len(d) != 1 || e[0].Node != 1 || e[1].Node == 1 || d[0].Node != 1 {
			t.Fatalf("seed %d: elections %+v, depositions %+v", seed, e, d)
		}
		elected, deposed = append(elected, e[1].At-cut), append(deposed, d[0].At-cut)
		if lead := w.replicas[1].lead; lead != idOf(e[1].Node) {
			t.Errorf("seed %d: the old leader follows %d, not node %d", seed, lead, e[1].Node)
		}
		w.agree()
	}
	slices.Sort(elected)
	slices.Sort(deposed)
	t.Logf("a new leader after %s to %s, median %s, 90 %% within %s; the old one steps down after %s to %s",
		elected[0], elected[runs-1], elected[runs/2], elected[runs*9/10], deposed[0], deposed[runs-1])
	if elected[0] < ElectionTimeout || elected[runs/2] > 2*ElectionTimeout || elected[runs*9/10] > 4*ElectionTimeout {
		t.Error("elections are too early or too late")
	}
	if deposed[0] < ElectionTimeout-HeartbeatInterval || deposed[runs-1] > 2*ElectionTimeout+HeartbeatInterval {
		t.Error("the leader without a quorum steps down too early or too late")
	}
}

func TestMinorityFollowerDisturbsNobody(t *testing.T) {
	for seed := range 10 {
		w := newWorld(t, fmt.Sprintf("seed %d\n%s", seed, three+`lane strong raft leader=us-east-1
workload bank rate=2/s staggered until=28s
at 3s partition ap-south-1
at 3.1s write ap-south-1 other 1 as unheard
at 6s write ap-south-1 other 2 as refused
at 10s heal
at 12s write ap-south-1 other 3 as after
end 30s`))
		w.lab.AdvanceTo(9 * sim.Second)
		if v := w.cluster.Describe(2); v.Role == "leader" || v.Term != 1 {
			t.Errorf("seed %d: the follower that is away is %s in term %d", seed, v.Role, v.Term)
		}
		w.lab.AdvanceTo(w.scenario.End)
		w.expect("unheard", sim.Info, sim.ReasonTimeout, 0)
		w.expect("refused", sim.Fail, sim.ReasonNoLeader, 0)
		w.expect("after", sim.OK, sim.NoReason, 3)
		if e := w.noted(sim.NoteElected); len(e) != 1 || w.cluster.Describe(0).Term != 1 {
			t.Errorf("seed %d: elections: %+v", seed, e)
		}
		if c := w.noted(sim.NoteCampaign); len(c) < 3 {
			t.Errorf("seed %d: the follower that is away hardly stands for election: %+v", seed, c)
		}
		for _, r := range w.cluster.History() {
			if r.Client != sim.Addr(5) && r.Result.Outcome != sim.OK {
				t.Errorf("seed %d: operation %d on the majority's side is %s", seed, r.ID, r.Result.Outcome)
			}
		}
		w.agree()
		w.keepsPromises(sim.Account)
		w.keepsPromises("other")
	}
}

// With no majority anywhere nobody leads, and nobody is told anything but no.
func TestNobodyLeadsWithoutAMajority(t *testing.T) {
	w := run(t, three+`lane strong raft
workload bank rate=2/s staggered until=14s
at 2s partition us-east-1 | eu-west-1 | ap-south-1
at 15s heal
end 30s`)
	for _, r := range w.cluster.History() {
		if r.Start > 2*sim.Second && r.Result.Outcome == sim.OK {
			t.Errorf("operation %d is ok", r.ID)
		}
		if r.Start > 5*sim.Second && r.Result.Outcome != sim.Fail {
			t.Errorf("operation %d is %s once nobody leads", r.ID, r.Result.Outcome)
		}
	}
	w.agree()
	w.keepsPromises(sim.Account)
}
