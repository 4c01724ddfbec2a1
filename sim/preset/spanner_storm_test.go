package preset_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"netsplit/sim"
)

// spannerStorm is how a random world of Spanner's is made.
type spannerStorm struct {
	knobs  string // beside those that are drawn
	worst  int64  // how wrong clocks are at most, in hundredths of epsilon; half of it by skew, half by drift
	stale  bool   // visitors read the past too
	calm   bool   // no faults but those of clocks
	apart  bool   // in their place a region that leads is away for half a minute
	nearby bool   // the regions are zones, half a millisecond apart
	wide   bool   // epsilon is 50 or 200 ms, and there are two splits with leaders in two regions
}

// draw writes a scenario: a few regions, with or without witnesses, some splits, an epsilon, clients that write and
// swap four keys, and until 40 s faults of every kind; at most one disk is emptied.
func (s spannerStorm) draw(seed int) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 8))
	names, nodes, witness := s.places(luck)
	epsilon := []sim.Time{1, 4, 7, 50, 200}[luck.IntN(5)] * sim.Millisecond
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\n", seed, strings.Join(names, " "))
	if s.nearby {
		for i := range names {
			for j := range i {
				fmt.Fprintf(&b, "link %s %s uniform 0.2ms 0.8ms\n", names[j], names[i])
			}
		}
	}
	if len(nodes) > len(names) {
		fmt.Fprintf(&b, "replicas 2 in %s\nreplicas 2 in %s\n", names[0], names[1])
	}
	splits, leaders := 1+luck.IntN(3), []string{names[0], names[1], names[0] + "," + names[1], names[1] + "," + names[0]}[luck.IntN(4)]
	if s.wide {
		epsilon, splits, leaders = max(epsilon, 50*sim.Millisecond), 2, names[0]+","+names[1]
	}
	fmt.Fprintf(&b, "lane spanner spanner epsilon=%s splits=%d split_leaders=%s default_leader=%s%s %s\n", epsilon, splits,
		leaders, names[luck.IntN(2)], witness, s.knobs)
	fmt.Fprintf(&b, "workload register rate=%d/s poisson keys=4 reads=%d%% until=55s retry=%s session=%s\n", 1+luck.IntN(4), 20+luck.IntN(50),
		[]string{"none", "same", "elsewhere"}[luck.IntN(3)], []string{"sticky", "roam"}[luck.IntN(2)])
	s.clocks(&b, luck, nodes, epsilon)
	switch {
	case s.apart:
		fmt.Fprintf(&b, "at %s partition %s\nat 40s heal\n", sim.Time(5+luck.IntN(5))*sim.Second, names[luck.IntN(2)])
	case !s.calm:
		s.faults(&b, luck, names, nodes)
	}
	s.visits(&b, luck, names)
	b.WriteString("end 60s\n")
	return b.String()
}

// places draws regions and lists their nodes.
func (s spannerStorm) places(luck *rand.Rand) (names, nodes []string, witness string) {
	count := []int{3, 3, 3, 5}[luck.IntN(4)]
	for i, p := range luck.Perm(len(sim.Regions))[:count] {
		name := sim.Regions[p].Name
		if s.nearby {
			name = string(rune('a' + i))
		}
		names = append(names, name)
		nodes = append(nodes, name+"/1")
	}
	if count == 3 && luck.IntN(2) == 0 { // two read-write regions of two, and a witness
		nodes = append(nodes, names[0]+"/2", names[1]+"/2")
		witness = " witness_regions=" + names[2]
	}
	return names, nodes, witness
}

// clocks sets every clock wrong, again and again, within what is allowed.
func (s spannerStorm) clocks(b *strings.Builder, luck *rand.Rand, nodes []string, epsilon sim.Time) {
	most := int64(epsilon) * s.worst / 200
	rate := min(most*1_000_000/int64(60*sim.Second), sim.MaxDrift)
	for _, node := range nodes {
		fmt.Fprintf(b, "at 0s drift %s %dppm\n", node, luck.Int64N(2*rate+1)-rate)
		for at := sim.Time(0); at < 60*sim.Second; at += sim.Time(luck.Int64N(int64(10 * sim.Second))) {
			by := luck.Int64N(2*most+1) - most
			if luck.IntN(2) == 0 {
				by = []int64{most, -most}[luck.IntN(2)]
			}
			fmt.Fprintf(b, "at %s skew %s %s\n", at, node, sim.Time(by))
		}
	}
}

// faults draws what befalls links and machines until 40 s, and mends it all.
func (s spannerStorm) faults(b *strings.Builder, luck *rand.Rand, names, nodes []string) {
	fmt.Fprintf(b, "at 1s duplicate %d%% everywhere\nat 1s reorder %d%% 300ms everywhere\n", 1+luck.IntN(10), 1+luck.IntN(20))
	calm := sim.Time(1+luck.IntN(6)) * sim.Second
	wiped := false
	for at := sim.Time(luck.Int64N(int64(calm))); at < 40*sim.Second; at += sim.Time(luck.Int64N(int64(calm))) {
		node, other := nodes[luck.IntN(len(nodes))], nodes[luck.IntN(len(nodes))]
		line := ""
		switch luck.IntN(16) {
		case 0, 1:
			line = "partition " + names[luck.IntN(len(names))]
		case 2:
			line = "heal"
		case 3, 4:
			line = "cut " + node + " > " + other
		case 5:
			line = "mend everywhere"
		case 6:
			line = "crash " + node
		case 7, 8:
			line = "restart " + node
		case 9:
			line = "pause " + node
		case 10:
			line = "resume " + node
		case 11:
			line = fmt.Sprintf("fsync %s %dms", node, luck.IntN(300))
		case 12:
			line = fmt.Sprintf("drop %d%% everywhere", luck.IntN(15))
		case 13:
			line = fmt.Sprintf("slow %s %dms", node, luck.IntN(10))
		case 14:
			line = "transfer " + node
		case 15:
			if line = "hold " + node + " > " + other; !wiped && luck.IntN(3) == 0 {
				wiped, line = true, "wipe "+node
			}
		}
		if strings.Contains(line, node+" > "+node) {
			continue
		}
		fmt.Fprintf(b, "at %s %s\n", at, line)
	}
	fmt.Fprintf(b, "at 40s heal\nat 40s mend everywhere\nat 40s release everywhere\nat 40s drop 0%% everywhere\nat 40s duplicate 0%% everywhere\nat 40s reorder 0%% 0s everywhere\n")
	for _, n := range nodes {
		fmt.Fprintf(b, "at 40s restart %[1]s\nat 40s resume %[1]s\nat 40s fsync %[1]s 0s\nat 40s slow %[1]s 0s\n", n)
	}
}

// visits draws reads of the past.
func (s spannerStorm) visits(b *strings.Builder, luck *rand.Rand, names []string) {
	if !s.stale {
		return
	}
	for range 200 {
		at := sim.Time(luck.Int64N(int64(57 * sim.Second)))
		level := ""
		switch luck.IntN(4) {
		case 0:
			level = fmt.Sprintf("exact-staleness-%dms", luck.IntN(15000))
		case 1:
			level = fmt.Sprintf("max-staleness-%dms", luck.IntN(15000))
		case 2:
			level = "read-timestamp-" + sim.Time(luck.Int64N(int64(at)+1)).String()
		case 3:
			level = "min-read-timestamp-" + sim.Time(luck.Int64N(int64(at)+1)).String()
		}
		fmt.Fprintf(b, "at %s read %s x-%d level %s\n", at, names[luck.IntN(len(names))], 1+luck.IntN(4), level)
	}
}
