package study

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// seeds returns how many seeds a swarm tries: few in an ordinary run, many with NETSPLIT_SOAK=1.
func seeds(few, many int) int {
	if os.Getenv("NETSPLIT_SOAK") != "" {
		return many
	}
	return few
}

// randomFaults writes a scenario of all three modes under random partitions until 20 s, then 8 s of quiet.
func randomFaults(seed int) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 77))
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane strong raft leader=%s\nlane quorum quorum\nlane eventual gossip\n",
		seed, strings.Join(regions, " "), regions[rnd.IntN(3)])
	fmt.Fprintf(&b, "workload bank rate=%d/s staggered until=20s\n", 1+rnd.IntN(4))
	for t := rnd.IntN(2000); t < 20_000; t += 20 + rnd.IntN(4000) {
		switch rnd.IntN(4) {
		case 0:
			fmt.Fprintf(&b, "at %dms heal\n", t)
		case 1:
			fmt.Fprintf(&b, "at %dms partition %s | %s | %s\n", t, regions[0], regions[1], regions[2])
		default:
			fmt.Fprintf(&b, "at %dms partition %s\n", t, regions[rnd.IntN(3)])
		}
	}
	b.WriteString("at 20s heal\nend 28s\n")
	return b.String()
}

// TestSwarm: under any partitions strong mode is linearizable and loses nothing, eventual mode answers everybody,
// and once all is healed and quiet, strong and eventual replicas agree and no write is left at risk.
func TestSwarm(t *testing.T) {
	lost, violated := 0, 0
	n := seeds(150, 10_000)
	for seed := range n {
		text := randomFaults(seed)
		rep, err := Execute(mustParse(t, text))
		if err != nil {
			t.Fatal(err)
		}
		strong, quorum, eventual := rep.Lanes[0], rep.Lanes[1], rep.Lanes[2]
		broken := ""
		switch {
		case strong.Linearizable != check.Yes:
			broken = fmt.Sprintf("strong is linearizable: %s", strong.Linearizable)
		case strong.LostWrites+strong.StaleReads+strong.AtRisk != 0 || strong.Damage != 0:
			broken = fmt.Sprintf("strong: %+v", strong.Scores)
		case eventual.Answered != 100:
			broken = fmt.Sprintf("eventual answered %v %%", eventual.Answered)
		case strong.DistinctValues != 1 || eventual.DistinctValues != 1:
			broken = fmt.Sprintf("values: strong %d, eventual %d", strong.DistinctValues, eventual.DistinctValues)
		case eventual.AtRisk != 0 || strong.Pending+quorum.Pending+eventual.Pending != 0:
			broken = fmt.Sprintf("at risk %d, pending %d %d %d", eventual.AtRisk, strong.Pending, quorum.Pending, eventual.Pending)
		}
		if broken != "" {
			t.Fatalf("seed %d: %s\nreplay: go run . run - <<'END'\n%sEND", seed, broken, text)
		}
		lost += eventual.LostWrites
		if eventual.Linearizable == check.No {
			violated++
		}
	}
	if lost == 0 || violated == 0 {
		t.Fatalf("%d seeds: eventual lost %d writes and was violated %d times: the swarm shows nothing", n, lost, violated)
	}
	t.Logf("%d seeds: strong never violated; eventual violated in %d, %d writes lost", n, violated, lost)
}

// TestHealthySwarm: without faults no lane loses a write, refuses anything or leaves the bank with a wrong balance.
func TestHealthySwarm(t *testing.T) {
	n := seeds(100, 5_000)
	for seed := range n {
		text := fmt.Sprintf("seed %d\nregions us-east-1 eu-west-1 ap-south-1\nlane strong raft leader=eu-west-1\nlane quorum quorum\n"+
			"lane eventual gossip\nworkload bank rate=1/s staggered until=12s\nend 16s\n", seed)
		rep, err := Execute(mustParse(t, text))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range rep.Lanes {
			if l.LostWrites != 0 || l.Answered != 100 || l.Damage != 0 || l.Linearizable != check.Yes || l.DistinctValues != 1 {
				t.Fatalf("seed %d, lane %s: linearizable %s, %+v\nreplay: go run . run - <<'END'\n%sEND", seed, l.Name, l.Linearizable, l.Scores, text)
			}
		}
	}
	t.Logf("%d seeds", n)
}

func mustParse(t testing.TB, text string) *sim.Scenario {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s
}
