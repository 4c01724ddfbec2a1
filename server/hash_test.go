package server

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"netsplit/sim"
)

// wild is the text of a random world: lanes of all protocols, faults of all kinds, clients by chance.
func wild(seed uint64) string {
	luck := rand.New(rand.NewPCG(seed, 7))
	pick := func(list ...string) string { return list[luck.IntN(len(list))] }
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions us-east-1 eu-west-1 ap-south-1\n", seed)
	fmt.Fprintf(&b, "lane a %s\nlane b %s\nlane c %s\n", pick("raft leader=eu-west-1", "raft", "primary"),
		pick("quorum", "quorum n=3 r=1 w=1", "quorum hinted-handoff=on"), pick("gossip", "gossip"))
	fmt.Fprintf(&b, "workload %s rate=%s/s %s\n", pick("bank", "cart", "likes", "inventory", "register", "feed"), pick("1", "3", "8"), pick("staggered", "poisson"))
	at := 0
	for range 4 + luck.IntN(12) {
		at += 200 + luck.IntN(4000)
		region := pick("us-east-1", "eu-west-1", "ap-south-1")
		fmt.Fprintf(&b, "at %dms %s\n", at, pick("partition "+region, "heal", "crash "+region+"/1", "restart "+region+"/1", "pause "+region+"/1",
			"resume "+region+"/1", "drop 20% everywhere", "drop 0% everywhere", "lane b cut us-east-1 "+pick("eu-west-1", "ap-south-1"), "hold "+region+" "+region,
			"release everywhere", "mend everywhere", "skew "+region+"/1 300ms", "write "+region+" k 7", "read "+region+" k"))
	}
	return b.String()
}

// soaked is how many random worlds there are: few in make test, many in make soak-seek.
func soaked(few, many uint64) uint64 {
	if os.Getenv("NETSPLIT_SOAK") != "" {
		return many
	}
	return few
}

// moments returns some moments of a run, in order.
func moments(luck *rand.Rand, n int, end sim.Time) []sim.Time {
	list := make([]sim.Time, n)
	for i := range list {
		list[i] = sim.Time(luck.Int64N(int64(end)/int64(n))) + sim.Time(i)*end/sim.Time(n)
	}
	return list
}

// TestSameInAnySteps: what a viewer sees at a moment does not depend on what was shown before.
func TestSameInAnySteps(t *testing.T) {
	for seed := range soaked(3, 50) {
		text := wild(seed)
		luck := rand.New(rand.NewPCG(seed, 1))
		live, err := newFeed(mustParse(t, text))
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		for _, at := range moments(luck, 5, 60*sim.Second) {
			for live.run.Now() < at {
				live.run.AdvanceTo(min(live.run.Now()+67*sim.Millisecond, at))
				live.delta(Clock{})
			}
			once, _ := newFeed(mustParse(t, text))
			once.run.AdvanceTo(at)
			if a, b := string(encode(live.keyFrame())), string(encode(once.keyFrame())); a != b {
				i := 0
				for i < min(len(a), len(b)) && a[i] == b[i] {
					i++
				}
				t.Fatalf("seed %d at %s:\n%s\n%s\n%s", seed, at, text, a[max(0, i-400):min(i+200, len(a))], b[max(0, i-400):min(i+200, len(b))])
			}
		}
	}
}
