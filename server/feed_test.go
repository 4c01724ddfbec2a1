package server

import (
	"fmt"
	"reflect"
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
		for _, p := range packets(l.recorder.InFlightViews(nil)) {
			if !slices.Contains(sent, p) {
				t.Errorf("%s: packet %v is in flight and not among the latest sent", l.cluster.Name, p)
			}
		}
	}
}

// TestLogChanges: whatever happens to the command log, a viewer who amends the one of the state has it; and a delta
// has no more of it than is new.
func TestLogChanges(t *testing.T) {
	f, err := newFeed(mustParse(t, strings.Replace(flapping(), "at 1000ms", "at 1000ms read us-east-1 balance\nat 1000ms", 1)))
	if err != nil {
		t.Fatal(err)
	}
	log := slices.Clone(f.state(Clock{}).Commands)
	step := func(what string, dropped, added int) {
		t.Helper()
		c := f.delta(Clock{}).Log
		if c == nil {
			c = &LogChange{}
		}
		if c.Dropped != dropped || len(c.Added) != added {
			t.Fatalf("%s: %d dropped and %d added, want %d and %d", what, c.Dropped, len(c.Added), dropped, added)
		}
		log = slices.Replace(log, c.From, c.From+c.Dropped, c.Added...)
		if want := f.run.Scenario().Commands; !reflect.DeepEqual(log, want) || !reflect.DeepEqual(f.state(Clock{}).Commands, want) {
			t.Fatalf("%s: the viewer has another log", what)
		}
	}
	do := func(cmd sim.Command) {
		t.Helper()
		if _, err := f.run.Do(cmd); err != nil {
			t.Fatal(err)
		}
	}
	f.run.AdvanceTo(2 * sim.Second)
	step("nothing", 0, 0)
	do(sim.Command{Verb: sim.VerbRead, Region: "us-east-1", Key: sim.Account})
	step("amid the script", 0, 1)
	f.run.TakeOver()
	done := len(f.run.Scenario().Commands)
	step("the script's faults are gone", len(log)-done, 0)
	f.run.AdvanceTo(3 * sim.Second)
	for range 3 {
		do(sim.Command{Verb: sim.VerbHeal})
	}
	step("at the end", 0, 3)
	step("nothing again", 0, 0)
}

// TestCables: a lane's cables say what faults do to their links, each way, and whether to all of them; a delta has only
// those that have changed.
func TestCables(t *testing.T) {
	f, err := newFeed(mustParse(t, strings.Replace(crowd, "\nat 0.2s lane eventual cut us-east-1 ap-south-1", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	s := f.state(Clock{})
	if c := s.Cables[0]; c.From != 0 || c.To != 1 || c.Fibre <= 0 || c.Fibre > c.RoundTrip {
		t.Errorf("cable 0: %+v", c)
	}
	links := slices.Clone(s.Lanes[0].Links)
	step := func(what string, cmd sim.Command, cable int, want CableLinks) {
		t.Helper()
		if _, err := f.run.Do(cmd); err != nil {
			t.Fatal(err)
		}
		f.run.AdvanceTo(f.run.Now() + sim.Millisecond)
		d := f.delta(Clock{}).Lanes[0]
		for i, l := range d.Links {
			links[i] = l
		}
		if links[cable] != want || !slices.Equal(links, f.state(Clock{}).Lanes[0].Links) {
			t.Errorf("%s: cable %d is %+v, want %+v", what, cable, links[cable], want)
		}
		if cmd.Verb != sim.VerbHeal && cmd.Verb != sim.VerbPartition && len(d.Links) != 1 {
			t.Errorf("%s: %d cables in the delta, want 1", what, len(d.Links))
		}
		if again := f.delta(Clock{}).Lanes[0].Links; len(again) != 0 {
			t.Errorf("%s: a delta after it has %v", what, again)
		}
	}
	way := func(from, to string) sim.Links { return sim.Links{From: from, To: to, OneWay: true} }
	cut := LinkView{LinkState: sim.LinkState{Cut: true}}
	late := LinkView{LinkState: sim.LinkState{Cut: true, More: 30 * sim.Millisecond}}
	step("cut one way", sim.Command{Verb: sim.VerbCut, Links: way("eu-west-1", "us-east-1")}, 0, CableLinks{Back: cut})
	step("delay", sim.Command{Verb: sim.VerbDelay, Links: way("eu-west-1", "us-east-1"), By: 30 * sim.Millisecond}, 0, CableLinks{Back: late})
	lossy := LinkView{LinkState: sim.LinkState{Drop: 100_000}, Some: true}
	step("loss of one link", sim.Command{Verb: sim.VerbDrop, Links: sim.Links{From: "eu-west-1/2", To: "ap-south-1/3"}, Chance: 100_000}, 2, CableLinks{lossy, lossy})
	parted := LinkView{LinkState: sim.LinkState{Parted: true}}
	step("partition", sim.Command{Verb: sim.VerbPartition, Groups: [][]string{{"us-east-1"}}}, 1, CableLinks{parted, parted})
	if !f.lanes[0].cut[0] || !f.lanes[0].cut[1] || f.lanes[0].cut[2] {
		t.Errorf("cut: %v", f.lanes[0].cut)
	}
}
