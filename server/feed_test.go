package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

// flapping is a text with many more notes than a Frame has.
func flapping() string {
	var b strings.Builder
	b.WriteString(strings.Replace(busy, "rate=5/s", "rate=1/s", 1))
	for i := range sim.MaxTraffic * 2 / 3 {
		fmt.Fprintf(&b, "at %dms partition eu-west-1\nat %dms heal\n", 1000+i*100, 1050+i*100)
	}
	return b.String()
}

// TestReplayHasTheLatest: after a replay in one go a viewer has the same latest stories and the same messages in
// flight as one who has watched all along.
func TestReplayHasTheLatest(t *testing.T) {
	const end = 60*sim.Second + 30*sim.Millisecond
	watched, err := newFeed(mustParse(t, flapping()))
	if err != nil {
		t.Fatal(err)
	}
	for watched.run.Now() < end {
		watched.run.AdvanceTo(min(watched.run.Now()+100*sim.Millisecond, end))
		watched.delta(Clock{})
	}
	replayed, err := newFeed(mustParse(t, flapping()))
	if err != nil {
		t.Fatal(err)
	}
	replayed.run.AdvanceTo(end)
	d := replayed.delta(Clock{})
	for i, l := range replayed.lanes {
		a, b := watched.lanes[i].stories, l.stories
		if len(a) != MaxStories || len(b) != MaxStories || b[MaxStories-1].At < end-sim.Second {
			t.Errorf("%s: the last of %d stories is at %s; watched, of %d at %s", l.cluster.Name, len(b), b[len(b)-1].At, len(a), a[len(a)-1].At)
		}
		if !slices.IsSortedFunc(b, func(x, y Story) int { return int(x.At - y.At) }) {
			t.Errorf("%s: the stories are not in order of time", l.cluster.Name)
		}
		sent := d.Lanes[i].Packets
		if len(sent) > sim.MaxTraffic {
			t.Errorf("%s: %d packets in a delta", l.cluster.Name, len(sent))
		}
		for _, p := range packets(l.recorder.InFlightViews()) {
			if !slices.Contains(sent, p) {
				t.Errorf("%s: packet %v is in flight and not among the latest sent", l.cluster.Name, p)
			}
		}
	}
}
