package quorum_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/quorum"
)

// counting writes a scenario of clients who count, and ask the same replica again when they hear nothing, while
// everything but a crash happens; and who read the sum once all is mended.
func counting(seed int) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 12))
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane q quorum conflict=counter anti-entropy=1s suspect-after=%ds timeout=%dms\n"+
		"workload register rate=0.001/s staggered retry=same retries=5 until=0.001s\n",
		seed, strings.Join(regions, " "), 1+rnd.IntN(20), 300+rnd.IntN(1700))
	for at := sim.Second; at < 14*sim.Second; at += sim.Time(rnd.Int64N(int64(sim.Second))) {
		fmt.Fprintf(&b, "at %s increment %s k 1\n", at, regions[rnd.IntN(3)])
	}
	b.WriteString(storm(rnd, regions, 1, 15*sim.Second, "crash"))
	b.WriteString("at 60s read us-east-1 k level all as sum\nend 65s\n")
	return b.String()
}

// counts says by how much the sum is off what the clients were told, or "".
func counts(w *world) string {
	w.end()
	var told, perhaps, sum int64
	for _, rec := range w.cluster.History() {
		switch {
		case rec.Kind == sim.Read:
			sum = rec.Result.Value
		case rec.Result.Outcome == sim.OK:
			told++
		case rec.Result.Outcome == sim.Info:
			perhaps++
		}
	}
	if sum < told || sum > told+perhaps {
		return fmt.Sprintf("the sum is %d: %d increments were acknowledged, and of %d nobody knows", sum, told, perhaps)
	}
	return ""
}

// TestCountersCountOnce: an increment that is tried again at its coordinator counts once.
func TestCountersCountOnce(t *testing.T) {
	for seed := range seeds(100, 3000) {
		w := newWorld(t, quorum.Bugs{}, counting(seed))
		if broken := counts(w); broken != "" {
			t.Fatalf("seed %d: %s\n%s", seed, broken, w.replay())
		}
	}
}
