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
// and at no completion before.
func contradiction(r *check.Referee) string {
	verdicts := map[check.Kind]check.Verdict{}
	for _, v := range r.Verdicts() {
		verdicts[v.Model] = v
	}
	for _, pair := range implied {
		strong, weak := verdicts[pair[0]], verdicts[pair[1]]
		if weak.Answer == check.No && (strong.Answer == check.Yes || strong.Answer == check.No && strong.ViolationAt > weak.ViolationAt) {
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
	lanes := "lane strong raft\nlane quorum quorum r=1 w=1\nlane eventual gossip\nlane sessions gossip session=both\n"
	violated, unknown := map[string]int{}, map[string]int{}
	n := seeds(60, 5000)
	for seed := range n {
		text := modelWorld(seed, lanes)
		run := mustRun(t, text)
		for i, c := range run.Lanes() {
			ref := run.Referees[i]
			if bad := contradiction(ref); bad != "" {
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
