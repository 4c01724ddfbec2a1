package study

import (
	"fmt"
	"math"
	"testing"

	"netsplit/sim"
)

// TestVisibleAgainstPBS holds the model's draws to what others found of table 4, where a node that holds no copy
// coordinates, and its client is as good as there.
func TestVisibleAgainstPBS(t *testing.T) {
	for _, f := range pbsFigures {
		s := mustParse(t, fmt.Sprintf("seed 1\nregions us-east-1 us-west-2 eu-west-1 eu-central-1\nprofile %s\n"+
			"link eu-central-1@1 eu-central-1/1 constant 0s\nlane q quorum n=3 r=%d w=%d placement=first\nend 1s\n", f.profile, f.quorum.R, f.quorum.W))
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		c := r.Lanes()[0]
		v := &visible{cluster: c}
		client := c.Client(3)
		times := v.draw(visiblePair{writer: client, reader: client, by: c.Home(client), at: c.Home(client), holders: 0b0111,
			r: quorumOf{count: f.quorum.R}, w: quorumOf{count: f.quorum.W}})
		for i, ms := range pbsTimes {
			got := float64(notOver(times, sim.Time(ms)*sim.Millisecond)) / float64(len(times))
			want := f.consistent[i]
			if tolerance := 4*math.Sqrt(want*(1-want)/float64(len(times))) + 0.5/float64(len(times)); math.Abs(got-want) > tolerance {
				t.Errorf("%s %+v at %d ms: consistent with %v, want %v within %.4f", f.profile, f.quorum, ms, got, want, tolerance)
			}
		}
	}
}

// TestPredictedStaleness: the share of stale reads is the one predicted, part by part, where delays vary a great deal. Keys
// are many, so that writes hardly overlap.
func TestPredictedStaleness(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ quorum, extra string }{{"r=1 w=1", ""}, {"r=1 w=2", ""}, {"r=2 w=1", ""}, {"r=2 w=2", ""},
		{"read-level=local-one write-level=local-quorum", ""}, {"read-level=local-quorum w=2", ""}, {"r=1 w=1", "@roam"}, {"r=1 w=1", "at 20s partition eu-west-1\nat 40s heal\n"}} {
		roams := ""
		if c.extra == "@roam" {
			roams, c.extra = " session=roam", ""
		}
		lanes := report(t, fmt.Sprintf("seed 11\nregions us-east-1 us-west-2 eu-west-1\nprofile YMMR\nclients 5 per region\n"+
			"lane q quorum n=3 %s read-repair=none suspect-after=3600s\nworkload register rate=10/s poisson keys=40 reads=60%%%s\nend 60s\n%s", c.quorum, roams, c.extra))
		p := lanes["q"].PBS
		if p == nil || p.Reads < 2000 || p.Reads+p.Left != lanes["q"].Staleness.Reads {
			t.Fatalf("%s: %+v", c.quorum, p)
		}
		stale := 0
		for _, part := range p.Since {
			want := part.Predicted / 100
			// Writes that overlap make fewer reads stale than the model knows; and draws vary.
			tolerance := 4*math.Sqrt(want*(1-want)/float64(part.Reads)) + 0.1*want + 1/float64(part.Reads)
			if got := float64(part.Stale) / float64(part.Reads); math.Abs(got-want) > tolerance {
				t.Errorf("%s: of %d reads from %v ms on %.4f are stale, predicted %.4f within %.4f", c.quorum, part.Reads, part.From, got, want, tolerance)
			}
			stale += part.Stale
		}
		if stale != p.Stale || (c.quorum == "r=2 w=2") != (p.Predicted == 0) || c.quorum == "r=2 w=2" && stale > 0 {
			t.Errorf("%s: %+v", c.quorum, p)
		}
		if c.extra != "" && p.Left < 500 {
			t.Errorf("reads of a partition are held to the model: %+v", p)
		}
		t.Logf("%s: %s", c.quorum, p.Text)
	}
}

// TestNotPredicted: lanes of which the model says nothing, and why.
func TestNotPredicted(t *testing.T) {
	lanes := report(t, "seed 1\nregions us-east-1 eu-west-1 ap-south-1\nlane few quorum read-fan-out=r\nlane s raft\nlane each quorum read-level=each-quorum\nworkload register rate=2/s staggered\nend 5s\n")
	if lanes["s"].PBS != nil {
		t.Errorf("raft: %+v", lanes["s"].PBS)
	}
	for _, name := range []string{"few", "each"} {
		if p := lanes[name].PBS; p == nil || p.Reads != 0 || p.Left != lanes[name].Staleness.Reads || p.Text != "" || (p.Covers == visibleFew) != (name == "few") {
			t.Errorf("lane %s: %+v", name, p)
		}
	}
}
