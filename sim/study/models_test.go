package study

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// implied lists which model includes which.
var implied = [][2]check.Kind{{check.Linearizable, check.Sequential}, {check.Sequential, check.Causal}, {check.Causal, check.ReadYourWrites},
	{check.Causal, check.MonotonicReads}, {check.Causal, check.MonotonicWrites}, {check.Causal, check.WritesFollowReads}}

// contradiction says where the verdicts on a lane contradict each other: what a stronger model allows a weaker one does,
// and at no completion before; but that linearizability leaves out what is beyond a register, and so may come later.
func contradiction(r *check.Referee, beyond bool) string {
	verdicts := map[check.Kind]check.Verdict{}
	for _, v := range r.Verdicts() {
		verdicts[v.Model] = v
	}
	for _, pair := range implied {
		strong, weak := verdicts[pair[0]], verdicts[pair[1]]
		if weak.Answer == check.No && (strong.Answer == check.Yes || strong.Answer == check.No && strong.ViolationAt > weak.ViolationAt && !(beyond && pair[0] == check.Linearizable)) {
			return fmt.Sprintf("%+v, and %+v", strong, weak)
		}
	}
	return ""
}

// modelWorld writes a scenario of a few keys under partitions, in which clients are sticky or roam.
func modelWorld(seed int, lanes string) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 31))
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\n%s", seed, strings.Join(regions, " "), lanes)
	retry := []string{"", " retry=same", " retry=elsewhere"}[rnd.IntN(3)]
	fmt.Fprintf(&b, "workload %s rate=%d/s poisson until=15s keys=%d timeout=%dms session=%s%s\n", []string{"bank", "register", "likes"}[rnd.IntN(3)], 1+rnd.IntN(5),
		1+rnd.IntN(3), 200+rnd.IntN(1000), []string{"sticky", "roam"}[rnd.IntN(2)], retry)
	for t := 500 + rnd.IntN(2000); t < 15_000; t += 100 + rnd.IntN(3000) {
		node := regions[rnd.IntN(3)] + "/1"
		switch rnd.IntN(8) {
		case 0, 1, 2:
			fmt.Fprintf(&b, "at %dms partition %s\n", t, regions[rnd.IntN(3)])
		case 3, 4:
			fmt.Fprintf(&b, "at %dms heal\n", t)
		case 5:
			fmt.Fprintf(&b, "at %dms crash %s\n", t, node)
		case 6:
			fmt.Fprintf(&b, "at %dms restart %s\n", t, node)
		case 7:
			fmt.Fprintf(&b, "at %dms drop %d%% everywhere\n", t, rnd.IntN(30))
		}
	}
	b.WriteString("at 15s heal\nat 15s drop 0% everywhere\n")
	for _, r := range regions {
		fmt.Fprintf(&b, "at 15s restart %s/1\n", r)
	}
	b.WriteString("end 25s\n")
	return b.String()
}

func mustRun(t *testing.T, text string) *Run {
	t.Helper()
	s := mustParse(t, text)
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	r.AdvanceTo(s.End)
	return r
}

// TestModelsSwarm: under faults no verdict contradicts another, raft keeps every model, and gossip keeps what its
// sessions promise, as long as clocks are right and no write is sent to two replicas, which makes two versions of it.
func TestModelsSwarm(t *testing.T) {
	t.Parallel()
	lanes := "lane strong raft\nlane quorum quorum r=1 w=1\nlane eventual gossip\nlane sessions gossip session=both\n"
	violated, unknown := map[string]int{}, map[string]int{}
	n := seeds(60, 1000)
	for seed := range n {
		text := modelWorld(seed, lanes)
		run := mustRun(t, text)
		for i, c := range run.Lanes() {
			ref := run.Referees[i]
			if bad := contradiction(ref, false); bad != "" {
				t.Fatalf("seed %d, lane %s: %s\n%s", seed, c.Name, bad, sim.Replay(text))
			}
			for _, v := range ref.Verdicts() {
				name := c.Name + " " + string(v.Model)
				switch v.Answer {
				case check.No:
					violated[name]++
				case check.Unknown:
					unknown[name]++
				}
				promised := c.Name == "strong" || c.Name == "sessions" && !strings.Contains(text, "elsewhere") && (v.Model == check.ReadYourWrites || v.Model == check.MonotonicReads)
				if promised && v.Answer == check.No {
					t.Fatalf("seed %d, lane %s: %+v, %+v\n%s", seed, c.Name, v, ref.Violations(), sim.Replay(text))
				}
			}
		}
	}
	t.Logf("%d seeds: violated %v, unknown %v", n, violated, unknown)
	for _, m := range []check.Kind{check.Linearizable, check.Sequential, check.Causal, check.ReadYourWrites, check.MonotonicReads, check.WritesFollowReads} {
		if violated["eventual "+string(m)] == 0 {
			t.Errorf("eventual never violated %s: the swarm shows nothing", m)
		}
	}
}

const three = "seed 1\nregions us-east-1 eu-west-1 ap-south-1\n"

// arranged are worlds in which it is plain what must come of the models.
var arranged = []struct{ name, text string }{
	{"a client that roams misses its own writes, and later what it has read", three + `lane e gossip
workload register rate=3/s poisson reads=60% session=roam until=12s
at 2s cut us-east-1/1 eu-west-1/1
at 2s cut us-east-1/1 ap-south-1/1
at 9s mend everywhere
end 20s
expect e linearizable = no
expect e sequential = no
expect e causal = no
expect e read-your-writes = no
expect e monotonic-reads = no
expect e converged
expect e convergence-ms > 0
`},
	{"with sessions it is refused instead", three + `lane e gossip session=both
workload register rate=3/s poisson reads=60% session=roam until=12s
at 2s cut us-east-1/1 eu-west-1/1
at 2s cut us-east-1/1 ap-south-1/1
at 9s mend everywhere
end 20s
expect e linearizable = no
expect e read-your-writes
expect e monotonic-reads
expect e fail > 0
`},
	{"a sticky client is only behind: what each sees can be put in order", three + `lane e gossip
workload none
at 1s partition us-east-1
at 2s write us-east-1 x 1
at 3s read eu-west-1 x
at 4s heal
at 8s read eu-west-1 x
end 10s
expect e linearizable = no
expect e sequential
expect e causal
expect e read-your-writes
expect e converged
`},
	{"two sides that write and read each its own stay causal until both meet", three + `lane e gossip
workload none
at 1s partition us-east-1
at 2s write us-east-1 x 1
at 2s write eu-west-1 y 1
at 3s read us-east-1 y
at 3s read eu-west-1 x
end 10s
expect e sequential = no
expect e causal
expect e writes-follow-reads
expect e converged = unknown
`},
	{"a write that comes, goes and comes again", three + `lane quorum quorum n=3 r=2 w=2
workload none
at 1s partition ap-south-1
at 1.1s write ap-south-1 balance 7
at 4s heal
at 5s read ap-south-1 balance
at 5.14s read eu-west-1 balance
at 7s read eu-west-1 balance
end 9s
expect quorum linearizable = no
expect quorum sequential
expect quorum causal
`},
	{"a clock that is behind: the next write comes before what its author had read", three + `lane q quorum r=2 w=2
workload none
at 1s skew eu-west-1/1 -5s
at 2s write us-east-1 x 1
at 3s read eu-west-1 x
at 4s write eu-west-1 x 2
at 6s read eu-west-1 x
end 8s
expect q linearizable = no
expect q causal = no
expect q read-your-writes = no
expect q monotonic-writes
`},
	{"raft keeps everything", three + `lane s raft
workload bank rate=3/s poisson session=roam keys=3 until=12s
at 2s partition us-east-1
at 9s heal
end 20s
expect s linearizable
expect s sequential
expect s causal
expect s read-your-writes
expect s monotonic-reads
expect s monotonic-writes
expect s writes-follow-reads
expect s converged
`},
	{"nothing brings the lost half back by itself", three + `lane q quorum n=3 r=1 w=1 read-repair=none
workload none
at 1s partition us-east-1
at 2s write us-east-1 x 1
at 6s heal
end 20s
expect q converged = no
expect q convergence-ms > 1000000
`},
}

// TestModelsInLanes holds the verdicts of lanes to what was arranged in them.
func TestModelsInLanes(t *testing.T) {
	for _, e := range arranged {
		rep, err := Execute(mustParse(t, e.text))
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range rep.Expects {
			if !h.Holds {
				t.Errorf("%s: %s, but it is %s", e.name, h.Expect, h.Got)
			}
		}
	}
}

// TestModelsWheneverAsked: verdicts, counterexamples and convergence do not depend on when they are asked for.
func TestModelsWheneverAsked(t *testing.T) {
	for seed := range seeds(15, 1000) {
		text := modelWorld(seed, "lane quorum quorum r=1 w=1\nlane eventual gossip\nlane strong raft\n")
		once, often := mustRun(t, text), mustRun(t, strings.Replace(text, "\nend ", "\nend 0.5s #", 1))
		rnd := rand.New(rand.NewPCG(uint64(seed), 5))
		for often.Now() < once.Now() {
			often.AdvanceTo(min(once.Now(), often.Now()+sim.Time(rnd.Int64N(int64(2*sim.Second)))))
			for _, r := range often.Referees {
				r.Verdicts()
				r.Violations()
			}
		}
		for i, r := range often.Referees {
			got, want := fmt.Sprintf("%+v %+v %+v", r.Verdicts(), r.Violations(), r.Convergence()), fmt.Sprintf("%+v %+v %+v", once.Referees[i].Verdicts(), once.Referees[i].Violations(), once.Referees[i].Convergence())
			if got != want {
				t.Fatalf("seed %d, lane %s:\n%s\nand asked often\n%s", seed, often.Lanes()[i].Name, want, got)
			}
		}
	}
}

// TestModelsAtTheEnd: what a report says yes to covers every operation, however many there were.
func TestModelsAtTheEnd(t *testing.T) {
	for _, l := range report(t, "seed 3\nregions us-east-1 eu-west-1 ap-south-1\nlane a gossip\nlane q quorum r=1 w=1\n"+
		"workload register rate=60/s staggered keys=5\nend 20s\n") { // order does not matter: each by itself
		if l.Operations <= check.SerialNow {
			t.Fatalf("only %d operations", l.Operations)
		}
		for _, v := range l.Models {
			if v.Answer == check.Yes && v.Covers != l.Operations {
				t.Errorf("lane %s: %s yes covers %d of %d", l.Name, v.Model, v.Covers, l.Operations)
			}
		}
	}
}
