package study

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// randomPlaces writes the regions of a world: some that are measured and some that are not, with several replicas and
// clients in them.
func randomPlaces(rnd *rand.Rand) (text string, regions []string) {
	known := []string{"us-east-1", "eu-west-1", "ap-south-1", "sa-east-1"}
	free := []string{"office", "home", "moon"}
	var b strings.Builder
	regions = append(known[:1+rnd.IntN(3)], free[:rnd.IntN(3)]...)
	fmt.Fprintf(&b, "regions %s\n", strings.Join(regions, " "))
	for i, a := range regions {
		for _, other := range regions[:i] {
			fmt.Fprintf(&b, "link %s %s uniform %dms %dms\n", a, other, 1+rnd.IntN(20), 21+rnd.IntN(60))
		}
	}
	fmt.Fprintf(&b, "replicas %d per region\nclients %d per region\n", 1+rnd.IntN(3), 1+rnd.IntN(3))
	if rnd.IntN(2) == 0 {
		fmt.Fprintf(&b, "replicas %d in %s\n", 1+rnd.IntN(5), regions[rnd.IntN(len(regions))])
	}
	return b.String(), regions
}

// TestTopologySwarm: wherever replicas and clients stand, strong mode keeps its promise through a partition, and after
// it the replicas of every lane that holds every key agree.
func TestTopologySwarm(t *testing.T) {
	t.Parallel()
	n := seeds(60, 3_000)
	nodes := 0
	for seed := range n {
		rnd := rand.New(rand.NewPCG(uint64(seed), 77))
		places, regions := randomPlaces(rnd)
		text := fmt.Sprintf("seed %d\n%slane strong raft\nlane quorum quorum n=1 r=1 w=1\nlane eventual gossip\n"+
			"lane one primary failover=lease ttl=3s loop=1s retry=1s lease-region=%s\n"+
			"workload bank rate=1/s staggered until=8s\n", seed, places, regions[0])
		if len(regions) > 1 {
			text += "at 3s partition " + regions[rnd.IntN(len(regions))] + "\nat 6s heal\n"
		}
		text += "end 20s\n"
		s := mustParse(t, text)
		nodes = max(nodes, s.Topology().Nodes())
		rep, err := Execute(s)
		if err != nil {
			t.Fatal(err)
		}
		strong, eventual := rep.Lanes[0], rep.Lanes[2]
		one := rep.Lanes[3]
		if strong.Linearizable == check.No || strong.LostWrites+strong.StaleReads != 0 || strong.Damage != 0 ||
			strong.DistinctValues != 1 || eventual.DistinctValues != 1 || one.DistinctValues != 1 || one.OK == 0 || strong.OK == 0 {
			t.Fatalf("seed %d: strong %s %+v, eventual %+v\n%s", seed, strong.Linearizable, strong.Scores, eventual.Scores, sim.Replay(text))
		}
	}
	t.Logf("%d worlds of up to %d nodes", n, nodes)
}
