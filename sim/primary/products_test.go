package primary

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// newProductStorm draws a storm over the settings that only products have: of a lease, or of a tool whose primaries fence
// themselves.
func newProductStorm(seed int) storm {
	s := newStorm(seed)
	luck := rand.New(rand.NewPCG(uint64(seed), 41))
	one := func(words ...string) string { return words[luck.IntN(len(words))] }
	extra := "resets=" + one(on, off) + " start-time=" + one("0s", "2s") + " apply-lag=" + one("0s", "100ms")
	if strings.Contains(s.text, "failover=lease") {
		extra += " check-timeline=" + one(on, off, timelineCompare) + " race-backoff=" + one("0s", "2s") + " start-timeout=" + one("0s", "3s", "300s")
	} else {
		region, _, _ := strings.Cut(strings.Split(s.text, "regions ")[1], " ")
		extra += " failover=tool fencing=on tool-every=1s tool-after=4s tool-region=" + region + " tool-picks=" + one(picksMost, picksFirst)
		s.text = strings.ReplaceAll(s.text, " promote ", " restart ")
	}
	if strings.Contains(s.text, "sync-mode=strict") && luck.IntN(2) == 0 {
		s.text = strings.ReplaceAll(s.text, "sync-mode=strict", "sync-mode=quorum-strict")
	}
	s.text = strings.Replace(s.text, "lane p primary ", "lane p primary "+extra+" ", 1)
	lines := strings.Split(s.text, "\n")
	for i := range lines {
		if strings.Contains(lines[i], " write ") { // none that waits for less than keeps it from being lost
			lines[i] += " level " + one(levelFlush, levelApply, levelStandby)
		}
	}
	s.text = strings.Join(lines, "\n")
	return s
}

// TestSwarmOfProducts: the invariants of TestSwarm hold with the settings of products too, and a tool that fences never has two
// primaries, whatever is lost, cut or crashes.
func TestSwarmOfProducts(t *testing.T) {
	tools := 0
	for seed := range *seeds {
		s := newProductStorm(seed)
		w, err := play(t, s, flaws{})
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, s.text)
		}
		if w.replicas[0].set.tool {
			tools++
		}
	}
	t.Logf("%d storms, %d of them with a tool", *seeds, tools)
}
