package study

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// fibreRegions are so far apart that the order of answers is that of the table of round trips.
var fibreRegions = []string{"us-east-1", "eu-west-1", "ap-south-1", "us-west-2", "sa-east-1"}

// bound is the fibre bound of the round trip between two regions, by name.
func bound(a, b string) sim.Time { return sim.FibreBound(sim.FindRegion(a), sim.FindRegion(b)) }

// nearestBound is the fibre bound of the way to the k-th nearest of some regions and back, the own one among them.
func nearestBound(from string, among []string, k int) sim.Time {
	order := slices.Clone(among)
	trip := func(to string) sim.Time {
		if to == from {
			return 0
		}
		return sim.RoundTrip(sim.FindRegion(from), sim.FindRegion(to))
	}
	slices.SortFunc(order, func(a, b string) int { return int(trip(a) - trip(b)) })
	return bound(from, order[k-1])
}

// TestFibreOfEachProtocol: the way that an operation waited for is the one that its protocol needs, with fsyncs
// that take time as well.
func TestFibreOfEachProtocol(t *testing.T) {
	lanes := `lane q quorum n=5 r=2 w=3 read-repair=none
lane far quorum n=5 r=5 w=5
lane s raft leader=us-east-1
lane e gossip
lane p primary
lane first primary sync=first standbys=sa-east-1,ap-south-1
lane later primary reads=standby commit=remote-apply sync=any k=3
`
	for _, fsync := range []string{"", "10ms"} {
		text := "seed 3\nregions " + strings.Join(fibreRegions, " ") + "\n" + lanes + "workload register rate=0.5/s staggered keys=5 until=30s\nend 40s\n"
		lanesLeft := strings.Split(strings.TrimSpace(lanes), "\n")
		for _, region := range fibreRegions {
			if fsync != "" {
				text += fmt.Sprintf("at 0s fsync %s/1 %s\n", region, fsync)
			}
		}
		for _, only := range lanesLeft { // there are more than a lab may have
			s := mustParse(t, strings.Replace(text, lanes, only+"\n", 1))
			r, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			r.AdvanceTo(s.End)
			holdFibre(t, r.Lanes()[0], r.Referees[0].Services())
		}
	}
}

// holdFibre compares the median bounds of a lane with what its protocol needs.
func holdFibre(t *testing.T, c *sim.Cluster, services []check.Service) {
	t.Helper()
	const leader = "us-east-1"
	if len(services) < 2*len(fibreRegions)-1 {
		t.Fatalf("lane %s: %d services", c.Name, len(services))
	}
	for _, s := range services {
		write := s.Kind == "write"
		var want sim.Time
		switch c.Name {
		case "q":
			want = nearestBound(s.Region, fibreRegions, map[bool]int{false: 2, true: 3}[write])
		case "far":
			want = nearestBound(s.Region, fibreRegions, 5)
		case "s":
			want = bound(s.Region, leader) + nearestBound(leader, fibreRegions, 3)
		case "p": // which answers reads too
			want = bound(s.Region, leader)
		case "first":
			if want = bound(s.Region, leader); write {
				want += bound(leader, "sa-east-1")
			}
		case "later":
			if write {
				want = bound(s.Region, leader) + nearestBound(leader, fibreRegions, 4)
			}
		}
		if s.Fibre == nil || *s.Fibre != want.Milliseconds() {
			t.Errorf("lane %s, %s of %s: bound %v, want %s of %+v", c.Name, s.Kind, s.Region, value(s.Fibre), want, s)
		}
	}
}

func value(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

// TestNoFibreElsewhere: of regions that nobody has measured there is no bound.
func TestNoFibreElsewhere(t *testing.T) {
	rep, err := Execute(mustParse(t, "seed 1\nregions here there\nlink here there constant 20ms\nlane q quorum n=2 r=1 w=2\nworkload register rate=1/s staggered\nend 5s\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Lanes[0].Regions {
		if s.Fibre != nil {
			t.Errorf("%+v", s)
		}
	}
	if text := rep.Lanes[0].PACELC.Text[1]; strings.Contains(text, "light") {
		t.Error(text)
	}
}
