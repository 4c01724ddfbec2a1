package server

import (
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
)

// settle takes turns until nothing of a viewer is on its way, and returns what it was told last, and the reasons of rejects.
func (s *stage) settle(v *viewer) (last incoming, reasons []string) {
	s.t.Helper()
	for range 20_000 {
		s.turnOnce()
		for _, in := range s.read(v) {
			if in.Type == "reject" {
				reasons = append(reasons, in.Reason)
			} else {
				last = in
			}
		}
		if p := v.past; s.walk == nil && s.ahead == 0 && (p == nil || p.arrived && p.walk == nil) {
			return last, reasons
		}
	}
	s.t.Fatal("it is on its way for ever")
	return last, reasons
}

// where returns the run that a viewer looks at.
func (s *stage) where(v *viewer) *feed {
	if v.past != nil {
		return v.past.feed
	}
	return s.feed
}

// TestBackAndForth: to step on and then back leads to what was there, wherever one is and whatever one steps to.
func TestBackAndForth(t *testing.T) {
	for seed := range soaked(2, 30) {
		luck := rand.New(rand.NewPCG(seed, 3))
		s := newStage(t, wild(seed))
		s.playing = false
		v := s.join()
		s.play(20*sim.Second, sim.Second, later())
		for _, to := range walks[:walkConvergence] {
			for _, lane := range []string{"", "b"} {
				s.say(v, ClientMessage{Type: "seek", At: sim.Time(luck.Int64N(int64(15 * sim.Second)))})
				s.settle(v)
				from := s.where(v).run.Now()
				s.say(v, ClientMessage{Type: "step", To: to, Lane: lane})
				if _, refused := s.settle(v); len(refused) > 0 {
					continue // there is none before the edge
				}
				one := s.where(v).run.Now()
				hash := s.where(v).hash()
				if one <= from {
					t.Fatalf("seed %d: a step to %s leads from %s to %s", seed, to, from, one)
				}
				s.say(v, ClientMessage{Type: "step", To: to, Lane: lane})
				if _, refused := s.settle(v); len(refused) > 0 {
					continue
				}
				two := s.where(v).run.Now()
				s.say(v, ClientMessage{Type: "step", To: to, Lane: lane, Back: true})
				s.settle(v)
				if at := s.where(v).run.Now(); two <= one || at != one || s.where(v).hash() != hash {
					t.Fatalf("seed %d: steps to %s in %q from %s: %s, %s, and back at %s", seed, to, lane, from, one, two, at)
				}
			}
		}
	}
}

// TestStepsAtTheEdge: the run goes to just after the next of each, and stands there; steps that come fast add up.
func TestStepsAtTheEdge(t *testing.T) {
	s := newStage(t, "regions us-east-1 eu-west-1 ap-south-1\nlane a raft\nlane b quorum\nworkload likes rate=1/s staggered\nat 5s partition us-east-1\nat 9s heal\n")
	v := s.join()
	go1 := func(msg ClientMessage) sim.Time {
		t.Helper()
		s.say(v, msg)
		if _, refused := s.settle(v); len(refused) > 0 {
			t.Fatal(refused)
		}
		if s.playing {
			t.Error("it plays on")
		}
		return s.feed.run.Now()
	}
	if at := go1(ClientMessage{Type: "step", To: "election"}); at != s.feed.lanes[0].watch.reigns[0].From {
		t.Errorf("elected by %s", at)
	}
	if at := go1(ClientMessage{Type: "step", To: "message", Lane: "b"}); s.feed.lanes[1].watch.message != at {
		t.Errorf("a message at %s", at)
	}
	before := s.feed.lanes[1].watch.counts[walkOperation]
	s.say(v, ClientMessage{Type: "step", To: "operation", Lane: "b"})
	s.say(v, ClientMessage{Type: "step", To: "operation", Lane: "b"})
	s.settle(v)
	if n := s.feed.lanes[1].watch.counts[walkOperation]; n-before < 2 || n-before > 4 {
		t.Errorf("two steps lead over %d", n-before)
	}
	if at := go1(ClientMessage{Type: "until", What: "fault"}); at != 5*sim.Second {
		t.Errorf("the fault is at %s", at)
	}
	if at := go1(ClientMessage{Type: "until", What: "convergence"}); at < 9*sim.Second || at > 12*sim.Second {
		t.Errorf("converged at %s", at)
	}
	s.say(v, ClientMessage{Type: "until", What: "convergence"})
	if _, refused := s.settle(v); len(refused) != 1 || !strings.Contains(refused[0], "agree already") {
		t.Errorf("%q", refused)
	}
	for _, bad := range []ClientMessage{{Type: "step", To: "convergence"}, {Type: "step", To: "x"}, {Type: "until"}, {Type: "step", Lane: "z"}, {Type: "until", What: "fault", Lane: "z"}} {
		s.say(v, bad)
		if got := s.read(v); len(got) != 1 || got[0].Type != "reject" {
			t.Errorf("%+v: %+v", bad, got)
		}
	}
}

// TestUntilEnds: where there is nothing more the run goes to its end and says so; pause stops it on its way, and the clock
// says that it is.
func TestUntilEnds(t *testing.T) {
	s := newStage(t, "regions us-east-1\nlane a gossip\n")
	v := s.join()
	s.say(v, ClientMessage{Type: "until", What: "election"})
	if c := s.clock(); c.Until != "election" || c.Playing {
		t.Errorf("on the way: %+v", c)
	}
	s.say(v, ClientMessage{Type: "pause"})
	if s.walk != nil {
		t.Error("pause does not stop it")
	}
	s.say(v, ClientMessage{Type: "until", What: "election", Seq: 9})
	if last, said := s.settle(v); !last.Clock.Ended || len(said) != 1 || !strings.Contains(said[0], "there was no election") {
		t.Errorf("%+v, %q", last.Clock, said)
	}
	s.say(v, ClientMessage{Type: "step", To: "election"})
	if got := s.read(v); len(got) != 1 || got[0].Type != "reject" {
		t.Errorf("after the end: %+v", got)
	}
	s.say(v, ClientMessage{Type: "step", To: "election", Back: true})
	if s.settle(v); v.past == nil || v.past.feed.run.Now() != 0 {
		t.Error("back to the one before none is the start")
	}
	s.say(v, ClientMessage{Type: "until", What: "election"})
	if _, said := s.settle(v); len(said) != 1 || !strings.Contains(said[0], "no election between") {
		t.Errorf("%q", said)
	}
	s.say(v, ClientMessage{Type: "step", Back: true})
	if _, said := s.settle(v); len(said) != 1 || !strings.Contains(said[0], "start of the run") {
		t.Errorf("%q", said)
	}
}
