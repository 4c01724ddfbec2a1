package quorum_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"netsplit/sim"
)

// storm writes commands of random faults until a time, and then what undoes them all. Of the kinds of faults some are
// left out, so that each has runs of its own.
func storm(rnd *rand.Rand, regions []string, perRegion int, until sim.Time, without ...string) string {
	var b strings.Builder
	var nodes []string
	for _, region := range regions {
		for i := range perRegion {
			nodes = append(nodes, fmt.Sprintf("%s/%d", region, i+1))
		}
	}
	ends := slices.Concat(nodes, regions)
	pick := func(list []string) string { return list[rnd.IntN(len(list))] }
	links := func() string {
		a, b := pick(ends), pick(ends)
		switch {
		case a == b:
			return "everywhere"
		case rnd.IntN(2) == 0:
			return a + " > " + b
		}
		return a + " " + b
	}
	faults := []func() string{
		func() string { return "partition " + pick(regions) },
		func() string { return "partition " + strings.Join(regions, " | ") },
		func() string { return "heal" },
		func() string { return "cut " + links() },
		func() string { return "mend " + links() },
		func() string { return "hold " + links() },
		func() string { return "release " + links() },
		func() string { return fmt.Sprintf("drop %d%% %s", rnd.IntN(50), links()) },
		func() string { return fmt.Sprintf("duplicate %d%% %s", rnd.IntN(100), links()) },
		func() string { return fmt.Sprintf("reorder %d%% %dms %s", 1+rnd.IntN(60), 1+rnd.IntN(500), links()) },
		func() string { return fmt.Sprintf("delay %dms %s", rnd.IntN(400), links()) },
		func() string { return "pause " + pick(nodes) },
		func() string { return "resume " + pick(nodes) },
		func() string { return fmt.Sprintf("slow %s %dms", pick(nodes), rnd.IntN(50)) },
		func() string { return "crash " + pick(nodes) },
		func() string { return "restart " + pick(nodes) },
		func() string { return "restart " + pick(nodes) },
		func() string { return fmt.Sprintf("drift %s %dppm", pick(nodes), rnd.IntN(2000)-1000) },
		func() string { return fmt.Sprintf("fsync %s %dms", pick(nodes), rnd.IntN(30)) },
		func() string { return fmt.Sprintf("skew %s %dms", pick(nodes), rnd.IntN(2000)-1000) },
	}
	every := 200 + rnd.IntN(2500)
	for at := sim.Time(rnd.IntN(2000)) * sim.Millisecond; at < until; at += sim.Time(20+rnd.IntN(every)) * sim.Millisecond {
		fault := faults[rnd.IntN(len(faults))]()
		if !slices.Contains(without, strings.Fields(fault)[0]) {
			fmt.Fprintf(&b, "at %s %s\n", at, fault)
		}
	}
	calm := []string{"heal", "mend everywhere", "release everywhere", "drop 0% everywhere", "duplicate 0% everywhere",
		"reorder 0% 0s everywhere", "delay 0s everywhere"}
	for _, node := range nodes {
		calm = append(calm, "restart "+node, "resume "+node, "slow "+node+" 0s", "fsync "+node+" 0s")
	}
	for _, fault := range calm {
		fmt.Fprintf(&b, "at %s %s\n", until, fault)
	}
	return b.String()
}
