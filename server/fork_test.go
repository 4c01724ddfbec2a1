package server

import (
	"strings"
	"testing"

	"netsplit/sim"
)

// opened gives a stage's room a server, in which its branches open, without their goroutines.
func (s *stage) opened() *rooms {
	s.t.Helper()
	rs := &rooms{ctx: s.t.Context(), logger: discard(), byID: map[string]*Room{}, still: true}
	s.host = rs
	rs.byID[s.ID] = s.Room
	return rs
}

// forked says something and returns the room that a viewer is told to go on in, on a stage of its own.
func (s *stage) forked(v *viewer, msg ClientMessage) *stage {
	s.t.Helper()
	s.read(v)
	s.say(v, msg)
	got := s.read(v)
	if len(got) != 1 || got[0].Type != "forked" {
		s.t.Fatalf("%s: %+v", msg.Type, got)
	}
	child, _ := s.host.find(got[0].Room, got[0].Key)
	if child == nil {
		s.t.Fatalf("%s leads to no room", msg.Type)
	}
	c := &stage{child, s.t, s.now}
	c.turned = c.now
	return c
}

// TestFork: a branch shows its parent's picture at once, stands where it branched off, and has nothing of what came
// after that; the parent's future stays, and each knows of the other.
func TestFork(t *testing.T) {
	s := newStage(t, busy+"at 6s partition eu-west-1\nat 15s heal\n")
	s.opened()
	s.playing = false
	v, past := s.join(), s.join()
	s.play(20*sim.Second, 0, later())
	s.say(past, ClientMessage{Type: "seek", At: 3 * sim.Second})
	s.arrive(past)
	edge := s.feed.hash()
	const at = 8*sim.Second + 123
	c := s.forked(past, ClientMessage{Type: "fork", At: at})
	w := newViewer()
	c.handle(request{viewer: w, kind: requestJoin})
	first := decodeIncoming(t, <-w.outbox)
	if first.Clock.At != 8*sim.Second || first.Clock.Coming != at || !first.Clock.Live || first.Parent == nil || first.Parent.Room != s.ID || first.Parent.At != at {
		t.Fatalf("at first %+v, parent %+v", first.Clock, first.Parent)
	}
	scenario := s.feed.run.Scenario()
	text := scenario.String()
	if seen(first) != was(t, text, 8*sim.Second) {
		t.Error("the first picture is another's")
	}
	if got := c.arrive(w); got.Clock.At != at || got.Clock.Playing || seen(got) != was(t, text, at) || len(got.Commands) != 1 {
		t.Errorf("at last %+v, commands %+v", got.Clock, got.Commands)
	}
	s.turnOnce()
	for _, x := range []*viewer{v, past} {
		got := s.read(x)
		if len(got) == 0 || len(got[len(got)-1].Branches) != 1 || got[len(got)-1].Branches[0].First != nil || got[len(got)-1].Branches[0].At != at {
			t.Errorf("the parent's viewers are told %+v", got)
		}
	}
	c.handle(request{viewer: w, kind: requestMessage, msg: heal})
	s.turnOnce()
	if got := s.read(v); len(got) != 1 || len(got[0].Branches) != 1 || got[0].Branches[0].First == nil || got[0].Branches[0].First.Verb != sim.VerbHeal {
		t.Errorf("of its first command: %+v", got)
	}
	if s.feed.hash() != edge || len(s.feed.run.Scenario().Commands) != 2 {
		t.Error("the parent's future has changed")
	}
	for _, bad := range []ClientMessage{{Type: "fork", At: -1}, {Type: "fork", At: 21 * sim.Second}, {Type: "redo"}} {
		s.say(v, bad)
		if got := s.read(v); len(got) != 1 || got[0].Type != "reject" {
			t.Errorf("%+v: %+v", bad, got)
		}
	}
	for range MaxBranches - 1 {
		s.forked(v, ClientMessage{Type: "fork", At: sim.Second})
	}
	s.say(v, ClientMessage{Type: "fork", At: sim.Second})
	if got := s.read(v); len(got) != 1 || !strings.Contains(got[0].Reason, "32 branches") {
		t.Errorf("one too many: %+v", got)
	}
}

// TestForkAlone: a room without a server refuses to branch off.
func TestForkAlone(t *testing.T) {
	s := newStage(t, busy)
	v := s.join()
	s.say(v, ClientMessage{Type: "fork"})
	if got := s.read(v); len(got) != 1 || got[0].Type != "reject" {
		t.Errorf("%+v", got)
	}
}

// TestUndoRedo: an undo leads to a room in which the last thing done by hand was not done, and the script is as it was
// before; redo leads back, also when that room has ended, but not when something else was done.
func TestUndoRedo(t *testing.T) {
	s := newStage(t, busy+"at 6s partition eu-west-1\nat 15s heal\n")
	rs := s.opened()
	s.playing = false
	v := s.join()
	was := func(r *Room) string { f := r.feed.run.Scenario(); return f.String() }
	script := was(s.Room)
	s.play(4*sim.Second, 0, later())
	s.say(v, ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbCrash, Node: "eu-west-1/1"}})
	one := was(s.Room)
	if strings.Contains(one, "partition") {
		t.Fatal("the script's faults are still to come")
	}
	s.play(8*sim.Second, 0, later())
	s.say(v, ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbRestart, Node: "eu-west-1/1"}})
	s.play(10*sim.Second, 0, later())

	b := s.forked(v, ClientMessage{Type: "undo"})
	if was(b.Room) != one || b.ahead != 8*sim.Second {
		t.Errorf("undone once, at %s:\n%s", b.ahead, was(b.Room))
	}
	if again := s.forked(v, ClientMessage{Type: "undo"}); again.ID != b.ID {
		t.Error("undone again, it leads to another room")
	}
	bv := b.join()
	b.settle(bv)
	c := b.forked(bv, ClientMessage{Type: "undo"})
	if was(c.Room) != script || c.ahead != 4*sim.Second {
		t.Errorf("undone twice, at %s:\n%s", c.ahead, was(c.Room))
	}
	cv := c.join()
	if in, _ := c.settle(cv); in.Parent == nil || in.Parent.Undone == nil || in.Parent.Undone.Verb != sim.VerbCrash {
		t.Errorf("parent %+v", in.Parent)
	}
	if back := c.forked(cv, ClientMessage{Type: "redo"}); back.ID != b.ID {
		t.Error("redo leads elsewhere")
	}
	rs.mu.Lock()
	delete(rs.byID, b.ID) // it has ended
	delete(rs.byID, s.ID)
	rs.mu.Unlock()
	again := c.forked(cv, ClientMessage{Type: "redo"})
	if again.ID == b.ID || was(again.Room) != one || again.ahead != 8*sim.Second {
		t.Errorf("rebuilt at %s:\n%s", again.ahead, was(again.Room))
	}
	av := again.join()
	again.settle(av)
	whole := again.forked(av, ClientMessage{Type: "redo"})
	if was(whole.Room) != was(s.Room) || whole.ahead != 10*sim.Second {
		t.Errorf("rebuilt twice, at %s:\n%s", whole.ahead, was(whole.Room))
	}
	c.say(cv, heal)
	c.say(cv, ClientMessage{Type: "redo"})
	if got := c.read(cv); len(got) != 1 || !strings.Contains(got[0].Reason, "something else has been done") {
		t.Errorf("%+v", got)
	}
}

// TestUndoFlap: a flapping link is undone as one; of a script without anything done by hand, its last command is.
func TestUndoFlap(t *testing.T) {
	s := newStage(t, busy+"at 1s write us-east-1 k 5\nat 2s read us-east-1 k\nat 9s heal\n")
	s.opened()
	s.playing = false
	v := s.join()
	was := func(r *Room) string { f := r.feed.run.Scenario(); return f.String() }
	s.say(v, ClientMessage{Type: "undo"})
	if got := s.read(v); len(got) != 1 || !strings.Contains(got[0].Reason, "nothing has been done") {
		t.Errorf("%+v", got)
	}
	script := was(s.Room)
	s.play(3*sim.Second, 0, later())
	if b := s.forked(v, ClientMessage{Type: "undo"}); b.ahead != 2*sim.Second-1 || strings.Contains(was(b.Room), "read us-east-1 k") {
		t.Errorf("the script's last, at %s:\n%s", b.ahead, was(b.Room))
	}
	s.say(v, ClientMessage{Type: "flap", Command: &sim.Command{Verb: sim.VerbCut, Links: sim.Links{From: "us-east-1", To: "eu-west-1"}}, Every: 200 * sim.Millisecond, For: 2 * sim.Second})
	s.play(4*sim.Second, 0, later())
	if len(s.deeds) != 1 || len(s.deeds[0].added) < 10 {
		t.Fatalf("%d deeds", len(s.deeds))
	}
	if b := s.forked(v, ClientMessage{Type: "undo"}); was(b.Room) != script || b.ahead != s.deeds[0].at-1 {
		t.Errorf("at %s:\n%s", b.ahead, was(b.Room))
	}
}

// TestTimeline: reigns, faults and violations are there with their ends, and what is asked for since is no more than that.
func TestTimeline(t *testing.T) {
	s := newStage(t, "regions us-east-1 eu-west-1 ap-south-1\nlane a raft leader=us-east-1\nlane b quorum n=3 r=1 w=1\nworkload bank rate=3/s staggered\n"+
		"at 5s partition us-east-1\nat 6s lane b crash eu-west-1/1\nat 9s heal\nat 10s lane b restart eu-west-1/1\nat 15s crash us-east-1/1\n")
	s.play(20*sim.Second, sim.Second, later())
	all := s.feed.timelineSince(0)
	a, b := all.Lanes[0], all.Lanes[1]
	if len(a.Reigns) < 2 || a.Reigns[0].Node != 0 || a.Reigns[0].Until < 5*sim.Second || a.Reigns[0].Until > 10*sim.Second || a.Reigns[1].From > 9*sim.Second {
		t.Errorf("reigns %+v", a.Reigns)
	}
	if want := []Band{{"parted", 5 * sim.Second, 9 * sim.Second, -1}, {"down", 15 * sim.Second, -1, 0}}; len(a.Bands) != 2 || a.Bands[0] != want[0] || a.Bands[1] != want[1] {
		t.Errorf("bands %+v", a.Bands)
	}
	if len(b.Bands) != 3 || b.Bands[1] != (Band{"down", 6 * sim.Second, 10 * sim.Second, 1}) {
		t.Errorf("bands %+v", b.Bands)
	}
	if len(b.Pins) == 0 || len(a.Pins) != 0 {
		t.Errorf("pins %+v and %+v", a.Pins, b.Pins)
	}
	v := s.join()
	s.say(v, ClientMessage{Type: "timeline", At: 12 * sim.Second, Seq: 4})
	if got := s.read(v); len(got) != 1 || got[0].Type != "timeline" || got[0].Of != 4 || !strings.Contains(string(got[0].Lanes), `"down"`) || strings.Contains(string(got[0].Lanes), `"parted"`) {
		t.Errorf("%+v", got)
	}
	s.say(v, ClientMessage{Type: "timeline", At: -1})
	if got := s.read(v); len(got) != 1 || got[0].Type != "reject" {
		t.Errorf("%+v", got)
	}
}
