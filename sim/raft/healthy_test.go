package raft

import (
	"fmt"
	"testing"

	"netsplit/sim"
)

const three = "regions us-east-1 eu-west-1 ap-south-1\n"

func TestHealthyClusterAnswersEverything(t *testing.T) {
	for seed := range 10 {
		w := run(t, fmt.Sprintf("seed %d\n%s", seed, three+`lane strong raft
workload bank rate=2/s staggered until=30s
end 35s`))
		if n := len(w.cluster.Errands()); n < 150 {
			t.Fatalf("only %d errands", n)
		}
		for _, r := range w.cluster.History() {
			if r.Result.Outcome != sim.OK {
				t.Errorf("seed %d: operation %d is %s %s", seed, r.ID, r.Result.Outcome, r.Result.Reason)
			}
		}
		if e := w.noted(sim.NoteElected); len(e) != 1 || e[0].Node != 0 || e[0].N != 1 || e[0].At > sim.WorkloadStart {
			t.Errorf("seed %d: elections: %+v", seed, e)
		}
		w.agree()
	}
}

func TestNamedLeaderLeadsFirst(t *testing.T) {
	for node, region := range []string{"us-east-1", "eu-west-1", "ap-south-1"} {
		w := run(t, three+"lane strong raft leader="+region+"\nworkload none\nend 10s")
		e := w.noted(sim.NoteElected)
		if len(e) != 1 || e[0].Node != sim.Addr(node) || e[0].N != 1 {
			t.Errorf("%s: elections: %+v", region, e)
		}
		if c := w.noted(sim.NoteCampaign); len(c) != 1 || c[0].N != 1 || c[0].Node != sim.Addr(node) {
			t.Errorf("%s: campaigns: %+v", region, c)
		}
		w.agree()
	}
}

func TestLoneNodeLeadsItself(t *testing.T) {
	w := run(t, "regions us-east-1\nlane strong raft\nworkload bank rate=1/s staggered until=8s\nend 10s")
	for _, r := range w.cluster.History() {
		if r.Result.Outcome != sim.OK {
			t.Errorf("operation %d is %s %s", r.ID, r.Result.Outcome, r.Result.Reason)
		}
	}
	w.agree()
}

func TestRefusedBeforeTheFirstLeader(t *testing.T) {
	w := run(t, three+`lane strong raft
workload none
at 1ms write us-east-1 balance 1 as w
at 1ms read ap-south-1 balance as r
end 5s`)
	w.expect("w", sim.Fail, sim.ReasonNoLeader, 0)
	w.expect("r", sim.Fail, sim.ReasonNoLeader, 0)
}

// A leader that has committed nothing of its own term cannot know yet what is committed.
func TestReadBeforeTheFirstCommitIsPostponed(t *testing.T) {
	set := three + "lane strong raft\nworkload none\n"
	elected := run(t, set+"end 2s").noted(sim.NoteElected)[0].At
	w := newWorld(t, set+fmt.Sprintf("at %s read us-east-1 balance as r\nend 2s", elected))
	w.lab.AdvanceTo(elected + 20*sim.Millisecond)
	if r := w.replicas[0]; r.role.String() != "StateLeader" || r.index != 0 || len(r.asked) != 1 {
		t.Fatalf("%s has applied %d and owes %d answers", r.role, r.index, len(r.asked))
	}
	w.lab.AdvanceTo(w.scenario.End)
	w.expect("r", sim.OK, sim.NoReason, 0)
}

func TestOperationsSayWhatTheyFound(t *testing.T) {
	w := run(t, three+`lane strong raft
workload bank rate=5/s staggered until=20s
at 2s write eu-west-1 other 7 as w
at 3s read ap-south-1 other as r
at 3s read ap-south-1 untouched as u
end 25s`)
	w.expect("w", sim.OK, sim.NoReason, 7)
	w.expect("r", sim.OK, sim.NoReason, 7)
	w.expect("u", sim.OK, sim.NoReason, 0)
	values := map[sim.OpID]int64{0: sim.OpeningBalance}
	refused := 0
	for _, r := range w.cluster.History() {
		if r.Kind != sim.Read && r.Key == sim.Account {
			values[r.ID] = r.Value
		}
	}
	for _, r := range w.cluster.History() {
		if r.Key != sim.Account || r.Kind == sim.Write {
			continue
		}
		if values[r.Result.Version] != r.Result.Value {
			t.Errorf("operation %d: version %d is not %d", r.ID, r.Result.Version, r.Result.Value)
		}
		if r.Kind != sim.CompareAndSet {
			continue
		}
		if !r.Result.Applied {
			refused++
		}
		if r.Result.Applied != (r.Result.Value == r.Expect) {
			t.Errorf("operation %d expected %d and found %d; applied: %t", r.ID, r.Expect, r.Result.Value, r.Result.Applied)
		}
	}
	if refused == 0 {
		t.Error("no condition was false: nothing was contended")
	}
}
