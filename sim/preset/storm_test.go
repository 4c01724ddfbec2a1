package preset_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/study"
)

// lucks returns how many seeds a test tries: few in an ordinary run, many with NETSPLIT_SOAK=1.
func lucks(few, many int) int {
	if os.Getenv("NETSPLIT_SOAK") != "" {
		return many
	}
	return few
}

// weatherOf writes random faults between two instants, at which all of them end: of the network, and of machines where they
// are wanted. Disks are never emptied.
func weatherOf(luck *rand.Rand, regions []string, from, calm sim.Time, gap sim.Time, machines int) string {
	var b strings.Builder
	for at := from; at < calm; at += sim.Time(luck.Int64N(int64(gap))) {
		fmt.Fprintf(&b, "at %s %s\n", at, faultOf(luck, regions, machines))
	}
	for _, undo := range []string{"heal", "mend everywhere", "drop 0% everywhere", "duplicate 0% everywhere", "reorder 0% 0s everywhere", "delay 0s everywhere"} {
		fmt.Fprintf(&b, "at %s %s\n", calm, undo)
	}
	for _, r := range regions {
		for _, undo := range []string{"resume %s/1", "slow %s/1 0s", "fsync %s/1 0s", "restart %s/1", "skew %s/1 0s", "drift %s/1 0ppm"} {
			fmt.Fprintf(&b, "at %s "+undo+"\n", calm, r)
		}
	}
	return b.String()
}

// The machines that faults befall: none, such as are asked for by number, with those of the numbers below.
const (
	noMachines = 11 // faults of the network alone
	crashing   = 16 // and machines that crash, are slow, or whose disks and clocks are
	pausing    = 18 // and that stand still
)

func faultOf(luck *rand.Rand, regions []string, machines int) string {
	region := func() string { return regions[luck.IntN(len(regions))] }
	links := func() string {
		a, b := region(), region()
		switch {
		case a == b:
			return "everywhere"
		case luck.IntN(2) == 0:
			return a + "/1 > " + b + "/1"
		}
		return a + "/1 " + b + "/1"
	}
	switch luck.IntN(machines) {
	case 0, 1, 2:
		return "partition " + region()
	case 3, 4:
		return "heal"
	case 5:
		return "cut " + links()
	case 6:
		return "mend everywhere"
	case 7:
		return fmt.Sprintf("drop %d%% %s", luck.IntN(60), links())
	case 8:
		return fmt.Sprintf("reorder %d%% %dms %s", 1+luck.IntN(60), 1+luck.IntN(500), links())
	case 9:
		return fmt.Sprintf("delay %dms %s", luck.IntN(900), links())
	case 10:
		return fmt.Sprintf("duplicate %d%% %s", luck.IntN(100), links())
	case 11:
		return []string{"crash ", "exit "}[luck.IntN(2)] + region() + "/1"
	case 12, 13:
		return "restart " + region() + "/1"
	case 14:
		return fmt.Sprintf("fsync %s/1 %dms", region(), luck.IntN(200))
	case 15:
		return []string{fmt.Sprintf("slow %s/1 %dms", region(), luck.IntN(60)), fmt.Sprintf("skew %s/1 %dms", region(), luck.IntN(6000)),
			fmt.Sprintf("drift %s/1 %dppm", region(), luck.IntN(1000)-500)}[luck.IntN(3)]
	case 16:
		return "pause " + region() + "/1"
	}
	return "resume " + region() + "/1"
}

// begin parses a scenario and sets it up.
func begin(t *testing.T, text string) *study.Run {
	t.Helper()
	s, err := study.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	run, err := study.New(s)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return run
}

// parseLane parses a scenario of one lane.
func parseLane(lane string) (*sim.Scenario, error) {
	return study.Parse(atlas + "lane a " + lane + "\n")
}
