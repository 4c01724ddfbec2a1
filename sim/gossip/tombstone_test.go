package gossip

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestGraceAndOutage: a replica that is away for longer than the grace brings a deleted value back, whatever else; one
// that is away for less does not, because there is time to tell it of the deletion.
func TestGraceAndOutage(t *testing.T) {
	for _, seed := range seeds(60, 5000) {
		rnd := rand.New(rand.NewPCG(uint64(seed), 33))
		away, outlived := 3+rnd.IntN(6), rnd.IntN(2) == 0
		grace := away + 12 // anti-entropy has had ten rounds by then
		if outlived {
			grace = 1 + rnd.IntN(away-2)
		}
		conflict := []string{"lww", "dvv", "vector-clock"}[rnd.IntN(3)]
		gone := regions[rnd.IntN(4)]
		deletes := regions[rnd.IntN(4)]
		for deletes == gone {
			deletes = regions[rnd.IntN(4)]
		}
		text := fmt.Sprintf("seed %d\nregions us-east-1 eu-west-1 ap-south-1 us-west-2\nlane e gossip conflict=%s grace=%ds fan-out=2 interval=300ms\n"+
			"at 1s write %s x 7\nat 1.7s read %s x\nat 2s partition %s\nat 2.5s delete %s x\nat %dms heal\nat 39s read us-east-1 x as r\nend 40s\n",
			seed, conflict, grace, deletes, deletes, gone, deletes, 2500+1000*away)
		w := run(t, text, bugs{})
		if back := w.cluster.Named("r").Balance == 7; back != outlived {
			fail(t, seed, text, "away for %d s with a grace of %d s: the value is back: %v", away, grace, back)
		}
		if lost := len(w.referee.Losses()); (lost > 0) != outlived {
			fail(t, seed, text, "%d writes are lost", lost)
		}
	}
}
