package quorum

import (
	"fmt"
	"slices"
	"testing"

	"netsplit/sim"
)

func testRing(n int, placement string, perRegion ...int) *ring {
	cfg := sim.Config{Numbers: map[string]int64{"n": int64(n)}, Words: map[string]string{"placement": placement}}
	for region, count := range perRegion {
		for range count {
			cfg.RegionOf = append(cfg.RegionOf, region)
		}
	}
	cfg.Nodes = len(cfg.RegionOf)
	return newRing(cfg)
}

// TestRingSpreads: the replicas of a key are different nodes, no region has two more of them than another that could
// hold more, and keys fall to all nodes alike.
func TestRingSpreads(t *testing.T) {
	for _, sizes := range [][]int{{1, 1, 1}, {3, 3}, {2, 2, 2}, {1, 2, 3}, {5}, {1, 1, 1, 1, 1}, {4, 1}} {
		nodes := 0
		for _, s := range sizes {
			nodes += s
		}
		for n := 1; n <= nodes; n++ {
			g := testRing(n, "ring", sizes...)
			held := make([]int, nodes)
			const keys = 6000
			for k := range keys {
				p := g.of(fmt.Sprint("key", k))
				if len(p.holders) != n || len(slices.Compact(slices.Sorted(slices.Values(p.holders)))) != n {
					t.Fatalf("%v n=%d: held by %d", sizes, n, p.holders)
				}
				for a, x := range p.perRegion {
					for b, y := range p.perRegion {
						if x > y+1 && y < sizes[b] {
							t.Fatalf("%v n=%d: regions %d and %d hold %d and %d", sizes, n, a, b, x, y)
						}
					}
				}
				for _, a := range p.holders {
					held[a]++
				}
			}
			if even := slices.Max(sizes) == slices.Min(sizes); even && 10*slices.Min(held) < 8*slices.Max(held) {
				t.Errorf("%v n=%d: nodes hold %d keys", sizes, n, held)
			}
		}
	}
}

// TestFirstPlacement: every key is held by the first nodes of the regions.
func TestFirstPlacement(t *testing.T) {
	if p := testRing(3, "first", 2, 2).of("any"); !slices.Equal(p.holders, []sim.Addr{0, 2, 1}) {
		t.Errorf("held by %d", p.holders)
	}
}

// TestPhiConvicts: with heartbeats a second apart phi reaches 8 after 18.42 s of silence; the first interval counts as
// two, and one that is longer is no interval.
func TestPhiConvicts(t *testing.T) {
	d := newDetector(2, &settings{byPhi: true, phi: 8, heartbeat: sim.Second})
	now := sim.Time(0)
	d.start(now)
	for range 2000 {
		now += sim.Second
		d.hear(1, now, true)
	}
	for silence := sim.Time(0); ; silence += 10 * sim.Millisecond {
		if d.overdue(&d.peers[1], silence) {
			if silence < 18_415*sim.Millisecond || silence > 18_435*sim.Millisecond {
				t.Errorf("convicted after %s", silence)
			}
			break
		}
	}
	now += 10 * sim.Second
	d.hear(1, now, true)
	if d.peers[1].sum != windowSize*sim.Second {
		t.Errorf("the window's sum is %s", d.peers[1].sum)
	}
}

// TestPhiAfterAPause: whoever stood still for over 5 s convicts nobody for as long.
func TestPhiAfterAPause(t *testing.T) {
	d := newDetector(2, &settings{byPhi: true, phi: 8, heartbeat: sim.Second})
	d.start(0)
	convicted := sim.Time(0)
	for now := 60 * sim.Second; now < 70*sim.Second; now += sim.Second {
		d.check(0, now, func(sim.Addr, sim.Time) { convicted = now })
	}
	if convicted != 65*sim.Second {
		t.Errorf("convicted at %s", convicted)
	}
}
