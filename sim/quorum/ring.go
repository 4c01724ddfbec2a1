package quorum

import (
	"slices"

	"netsplit/sim"
)

// ringSize is the least number of partitions of a ring (Riak's ring_creation_size). It is rounded up to a multiple of
// the nodes, so that neighbours in the ring are different nodes all around it.
const ringSize = 64

// ring says which nodes hold a key. A key's partition follows from its hash; the partitions belong to the nodes in
// turn, the first of each region before the second ones, so that neighbours stand in different regions.
type ring struct {
	turn     []sim.Addr // the owner of partition i is turn[i % len(turn)]
	regionOf []int
	zoneOf   []int // the data centre of each node: its region, or one for all
	n        int
	one      bool         // every key is in partition 0
	parts    []*placement // by partition; nil until asked for
}

// placement is where a key is held.
type placement struct {
	holders   []sim.Addr // its n primaries
	next      []sim.Addr // the owners of the partitions after those, in the ring's order
	perRegion []int      // primaries
	perZone   []int      // likewise, by data centre
	targets   []target   // the primaries, each for itself
}

func newRing(cfg sim.Config) *ring {
	g := &ring{regionOf: cfg.RegionOf, n: int(cfg.Numbers["n"]), one: cfg.Words["placement"] == "first"}
	number := make([]int, cfg.Nodes) // of each node in its region
	g.zoneOf = g.regionOf
	if cfg.Words["data-centres"] == "one" {
		g.zoneOf = make([]int, cfg.Nodes)
	}
	seen := map[int]int{}
	for i := range number {
		g.turn = append(g.turn, sim.Addr(i))
		number[i] = seen[g.regionOf[i]]
		seen[g.regionOf[i]]++
	}
	slices.SortStableFunc(g.turn, func(a, b sim.Addr) int { return number[a] - number[b] })
	size := (ringSize + cfg.Nodes - 1) / cfg.Nodes * cfg.Nodes
	g.parts = make([]*placement, size)
	return g
}

// of returns where a key is held.
func (g *ring) of(key string) *placement {
	part := 0
	if !g.one {
		part = int(hash(key) % uint64(len(g.parts)))
	}
	if g.parts[part] == nil {
		g.parts[part] = g.place(part)
	}
	return g.parts[part]
}

// place walks the ring from a partition and takes n nodes, those of a region that has fewer before others (Cassandra's
// NetworkTopologyStrategy, with as many replicas in each region as n allows).
func (g *ring) place(part int) *placement {
	regions := slices.Max(g.regionOf) + 1
	p := &placement{perRegion: make([]int, regions)}
	for most := 1; len(p.holders) < g.n; most++ {
		for i := 0; i < len(g.turn) && len(p.holders) < g.n; i++ {
			node := g.turn[(part+i)%len(g.turn)]
			if region := g.regionOf[node]; p.perRegion[region] < most && !slices.Contains(p.holders, node) {
				p.perRegion[region]++
				p.holders = append(p.holders, node)
			}
		}
	}
	p.perZone = make([]int, slices.Max(g.zoneOf)+1)
	for _, node := range p.holders {
		p.targets = append(p.targets, target{node, node})
		p.perZone[g.zoneOf[node]]++
	}
	for i := g.n; i < len(g.parts); i++ {
		p.next = append(p.next, g.turn[(part+i)%len(g.turn)])
	}
	return p
}

// holds reports whether a node is one of the primaries.
func (p *placement) holds(node sim.Addr) bool { return slices.Contains(p.holders, node) }

// hash spreads keys over the ring (FNV-1a, and a finalizer, for short keys differ in their last bits alone).
func hash(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>33
}
