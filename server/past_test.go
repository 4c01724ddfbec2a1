package server

import (
	"slices"
	"strings"
	"testing"
	"time"

	"netsplit/sim"
)

// TestCommandKeepsPasts: a command at the edge changes no past: a replay under way goes on to where its viewer
// asked to be, and one that has arrived stays there; both know of the command.
func TestCommandKeepsPasts(t *testing.T) {
	s := newStage(t, busy+"at 30s partition eu-west-1\nat 90s heal\n")
	s.playing = false
	s.feed.run.AdvanceTo(60 * sim.Second)
	actor, early, late := s.join(), s.join(), s.join()
	s.say(early, ClientMessage{Type: "seek", At: 20 * sim.Second})
	s.arrive(early)
	s.say(late, ClientMessage{Type: "seek", At: 59 * sim.Second})
	advance(late.past.feed, 10*sim.Second, time.Now().Add(time.Minute)) // a part of its way
	before := [2]*feed{early.past.feed, late.past.feed}
	s.say(actor, heal)

	if early.past.feed != before[0] || late.past.feed != before[1] || !early.past.arrived || late.past.feed.run.Now() < 10*sim.Second {
		t.Error("a replay begins anew")
	}
	if in := s.arrive(late); in.Clock.At != 59*sim.Second {
		t.Errorf("sought 59 s, at %s after another's command", in.Clock.At)
	}
	edge := s.feed.run.Scenario()
	if n := len(edge.Commands); n != 2 || edge.Commands[1].At > 61*sim.Second {
		t.Fatalf("commands %+v", edge.Commands)
	}
	for _, v := range []*viewer{early, late} {
		past := v.past.feed.run.Scenario()
		if past.String() != edge.String() {
			t.Errorf("the past has\n%s\nthe edge\n%s", past.String(), edge.String())
		}
		v.past.feed.run.AdvanceTo(s.feed.run.Now())
		if v.past.feed.run.Trace() != s.feed.run.Trace() {
			t.Error("the past does not become the present")
		}
	}
}

// TestPastsAreLimited: one viewer more than may look at the past is told so, until another comes back.
func TestPastsAreLimited(t *testing.T) {
	s := newStage(t, busy)
	s.playing = false
	s.feed.run.AdvanceTo(10 * sim.Second)
	var viewers []*viewer
	for range MaxPasts + 1 {
		viewers = append(viewers, s.join())
		s.say(viewers[len(viewers)-1], ClientMessage{Type: "seek", At: 9 * sim.Second})
	}
	last := viewers[MaxPasts]
	if got := s.read(last); len(got) != 1 || !strings.Contains(got[0].Reason, "8 viewers of this room look at its past") || last.past != nil {
		t.Fatalf("one too many: %+v", got)
	}
	s.say(viewers[0], ClientMessage{Type: "seek", At: 8 * sim.Second}) // whoever is there may look elsewhere
	for i, leave := range []func(){
		func() { s.say(viewers[0], ClientMessage{Type: "live"}) },
		func() { s.say(viewers[1], ClientMessage{Type: "seek", At: 10 * sim.Second}) },
		func() { s.handle(request{viewer: viewers[2], kind: requestLeave}) },
	} {
		leave()
		if len(s.pasts) != MaxPasts-1 {
			t.Fatalf("leaving %d: %d pasts", i, len(s.pasts))
		}
		s.say(last, ClientMessage{Type: "seek", At: sim.Second})
		if last.past == nil || len(s.pasts) != MaxPasts {
			t.Fatalf("leaving %d: its place is not free", i)
		}
		last = s.join()
	}
}

// TestPastsTakeTurns: who is first in one turn is last in the next, and each arrives where it wants to be.
func TestPastsTakeTurns(t *testing.T) {
	s := newStage(t, busy)
	s.playing = false
	s.feed.run.AdvanceTo(60 * sim.Second)
	arrived := map[*viewer]bool{}
	for range 3 {
		s.say(s.join(), ClientMessage{Type: "seek", At: 50 * sim.Second})
	}
	for turns := 0; len(arrived) < 3; turns++ {
		if turns > 10_000 {
			t.Fatal("a replay does not arrive")
		}
		before := slices.Clone(s.pasts)
		s.turnOnce()
		if !slices.Equal(s.pasts, append(before[1:], before[0])) {
			t.Fatal("the first is not the last in the next turn")
		}
		for _, v := range s.pasts {
			if v.past.arrived {
				arrived[v] = true
			}
		}
	}
}

// TestTimesForPeople: a reject says times as the page does.
func TestTimesForPeople(t *testing.T) {
	s := newStage(t, busy)
	s.playing = false
	s.feed.run.AdvanceTo(3*sim.Second + 1)
	v := s.join()
	s.say(v, ClientMessage{Type: "seek", At: 1897202})
	s.arrive(v)
	s.say(v, heal)
	if got := s.read(v); len(got) != 1 || !strings.Contains(got[0].Reason, "you are looking at 1.90 s; the run is at 3.00 s:") {
		t.Errorf("%+v", got)
	}
}
