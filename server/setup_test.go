package server

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"netsplit/sim"
)

// states takes what is in a viewer's outbox, and returns the States of it.
func (s *stage) states(v *viewer) (all []incoming) {
	for _, in := range s.read(v) {
		if in.Type == "state" {
			all = append(all, in)
		}
	}
	return all
}

func lanesOf(t *testing.T, in incoming) (names []string) {
	var lanes []struct{ Name, Protocol string }
	if err := json.Unmarshal(in.Lanes, &lanes); err != nil {
		t.Fatal(err)
	}
	for _, l := range lanes {
		names = append(names, l.Name+" "+l.Protocol)
	}
	return names
}

// TestEditRestarts: after an edit every viewer, whoever looks at the past included, gets one full state of a run that
// begins anew, with what had to be dropped; the next delta follows it.
func TestEditRestarts(t *testing.T) {
	s := newStage(t, busy+"at 1s lane eventual partition eu-west-1\nat 2s read us-east-1 balance as r\nexpect eventual stale-reads > 0\nexpect strong r ok\n")
	a, b, past := s.join(), s.join(), s.join()
	s.feed.run.AdvanceTo(3 * sim.Second)
	s.say(past, ClientMessage{Type: "seek", At: sim.Second})
	s.say(a, ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbCrash, Node: "eu-west-1/1"}})
	s.read(past)
	s.turnOnce()
	for _, v := range []*viewer{a, b, past} {
		s.read(v)
	}
	before := s.feed.seq
	s.say(b, ClientMessage{Type: "edit", Edits: []sim.Edit{
		{Do: sim.EditRemove, Lane: "eventual"},
		{Do: sim.EditAdd, Lane: "books", Protocol: "primary", Knobs: []sim.Setting{{Name: "k", Value: "1"}, {Name: "sync", Value: "first"}}},
		{Do: sim.EditMove, Lane: "books", Place: 0},
		{Do: sim.EditSet, Lane: "quorum", Name: "dynamo", Protocol: "quorum", Knobs: []sim.Setting{{Name: "w", Value: "3"}}},
	}})
	for i, v := range []*viewer{a, b, past} {
		got := s.states(v)
		if len(got) != 1 {
			t.Fatalf("viewer %d gets %d states", i, len(got))
		}
		st := got[0]
		if want := []string{"books primary", "strong raft", "dynamo quorum"}; !reflect.DeepEqual(lanesOf(t, st), want) {
			t.Errorf("viewer %d sees lanes %q", i, lanesOf(t, st))
		}
		if st.Run != 2 || st.Restarted == nil || st.Restarted.By != "edit" || st.Clock.At != 0 || !st.Clock.Live || st.Seq <= before {
			t.Errorf("viewer %d: run %d, restarted %+v, clock %+v, seq %d after %d", i, st.Run, st.Restarted, st.Clock, st.Seq, before)
		}
		if want := []sim.Dropped{{Statement: "at 1s lane eventual partition eu-west-1", Reason: "lane eventual is gone"},
			{Statement: "expect eventual stale-reads > 0", Reason: "lane eventual is gone"}}; !reflect.DeepEqual(st.Restarted.Dropped, want) {
			t.Errorf("dropped %+v", st.Restarted.Dropped)
		}
		if len(st.Commands) != 2 || st.Commands[1].Verb != sim.VerbCrash {
			t.Errorf("viewer %d: commands %+v", i, st.Commands)
		}
	}
	s.turnOnce()
	for _, v := range []*viewer{a, b, past} {
		if got := s.read(v); len(got) != 1 || got[0].Type != "delta" || got[0].Seq != s.feed.seq {
			t.Errorf("after the restart: %+v", got)
		}
	}
}

// TestRefusedSetUpChangesNothing: what is refused says where it is wrong, and the room goes on as it was.
func TestRefusedSetUpChangesNothing(t *testing.T) {
	s := newStage(t, busy)
	v := s.join()
	s.feed.run.AdvanceTo(3 * sim.Second)
	feed, text := s.feed, s.feed.run.Scenario()
	knob := func(name, value string) []sim.Setting { return []sim.Setting{{Name: name, Value: value}} }
	for _, c := range []struct {
		msg          ClientMessage
		want         string
		line, column int
	}{
		{ClientMessage{Type: "script", Text: "regions us-east-1\nlane a rat\n"}, `got "rat"; did you mean raft?`, 2, 8},
		{ClientMessage{Type: "script", Text: ""}, "expected a line such as: regions", 1, 1},
		{ClientMessage{Type: "script", Text: strings.Repeat("#\n", sim.MaxScenarioSize)}, "the text is over", 1, 1},
		{ClientMessage{Type: "script", Text: text.String(), At: sim.MaxTime + 1}, "script: 3600.000001s is not between", 0, 0},
		{ClientMessage{Type: "edit"}, "expected 1 to 20 edits", 0, 0},
		{ClientMessage{Type: "edit", Edits: make([]sim.Edit, 21)}, "expected 1 to 20 edits, got 21", 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "paint", Lane: "strong"}}}, "paint: expected add, remove, move, set or workload", 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "remove", Lane: "weak"}}}, `remove: unknown lane "weak"`, 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "remove", Lane: "strong"}, {Do: "remove", Lane: "quorum"}, {Do: "remove", Lane: "eventual"}}}, "the last lane has to stay", 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "add", Lane: "strong", Protocol: "raft"}}}, `add: lane strong: a second lane "strong"`, 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "add", Lane: "a", Protocol: "raft"}, {Do: "add", Lane: "b", Protocol: "raft"}}}, "add: lane b: over 4 lanes", 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "add", Lane: "A B", Protocol: "raft"}}}, `expected at most 32 lower-case letters`, 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "move", Lane: "strong", Place: 3}}}, "expected a place from 0 to 2, got 3", 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "set", Lane: "quorum", Knobs: knob("w", "9")}}}, "set: lane quorum: w=9 is more than n=3", 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "set", Lane: "quorum", Knobs: knob("wide", "9")}}}, `expected a knob of quorum`, 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "set", Lane: "quorum", Knobs: knob("n", "3\nseed 4")}}}, `expected a whole number from 1 to 27`, 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "set", Lane: "strong", Knobs: knob("heartbeat", "2s")}}}, "heartbeat=2s is not below election=1s", 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "workload", Workload: "bank rate=0/s"}}}, "workload: expected", 0, 0},
		{ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: "workload", Workload: "bank\nseed 5"}}}, "workload: expected", 0, 0},
	} {
		s.say(v, c.msg)
		var got Reject
		if len(v.outbox) != 1 || unmarshal(t, <-v.outbox, &got) != "reject" {
			t.Fatalf("%+v: not one reject", c.msg.Edits)
		}
		if !strings.Contains(got.Reason, c.want) || got.Line != c.line || got.Column != c.column {
			t.Errorf("%q at %d:%d; want %q at %d:%d", got.Reason, got.Line, got.Column, c.want, c.line, c.column)
		}
	}
	broken := &sim.Scenario{Lanes: []sim.Lane{{Name: "a", Protocol: "gossip"}}} // Parse would have refused it
	if err := s.restart("", broken, 0, Restart{By: "edit"}); err == nil || !strings.Contains(err.Error(), "this breaks the simulation") {
		t.Errorf("a set-up that breaks: %v", err)
	}
	now := s.feed.run.Scenario()
	if s.feed != feed || s.runs != 1 || now.String() != text.String() {
		t.Error("a refused message has changed the room")
	}
}

// TestScriptGoesOn: a run that begins anew with an instant to go on from shows itself there, having been played no
// longer a turn than others are; until then nobody acts.
func TestScriptGoesOn(t *testing.T) {
	s := newStage(t, busy)
	a, b := s.join(), s.join()
	const goal = 60 * sim.Second
	text := strings.Replace(busy, "seed 7", "seed 8", 1)
	s.say(a, ClientMessage{Type: "script", Text: text, At: goal})
	for _, v := range []*viewer{a, b} {
		if got := s.states(v); len(got) != 1 || got[0].Clock.At != 0 || got[0].Restarted.Until != goal {
			t.Fatalf("at the restart: %d states", len(got))
		}
	}
	s.say(a, heal)
	s.say(a, ClientMessage{Type: "step"})
	if got := s.read(a); len(got) != 2 || !strings.Contains(got[0].Reason, "on its way to 60.00 s") || !strings.Contains(got[1].Reason, "on its way") {
		t.Errorf("acting meanwhile: %+v", got)
	}
	turns := 0
	for ; s.ahead > 0 && turns < 1000; turns++ {
		s.turnOnce()
	}
	for _, v := range []*viewer{a, b} {
		got := s.states(v)
		if len(got) != 1 || got[0].Clock.At < goal || got[0].Clock.At > goal+sim.Second {
			t.Fatalf("at the goal: %d states", len(got))
		}
	}
	s.say(a, heal)
	s.turnOnce()
	if got := s.read(a); len(got) != 1 || got[0].Type != "delta" || len(got[0].Log.Added) != 1 {
		t.Errorf("acting afterwards: %+v", got)
	}
	t.Logf("%s in %d turns", goal, turns)
}

// TestTextAnswers: the text of a run has what visitors did, and run again comes to the same trace.
func TestTextAnswers(t *testing.T) {
	s := newStage(t, busy)
	v := s.join()
	s.feed.run.AdvanceTo(2 * sim.Second)
	s.say(v, ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbWithdraw, Region: "eu-west-1", Key: "balance", Value: 30}})
	s.say(v, ClientMessage{Type: "text", Seq: 9})
	var got Script
	if unmarshal(t, <-v.outbox, &got) != "script" || got.Of != 9 || got.Run != 1 || got.At != s.feed.run.Now() ||
		!strings.Contains(got.Text, "at 2.000001s withdraw eu-west-1 balance 30\n") {
		t.Fatalf("%+v", got)
	}
	trace := s.feed.run.Trace()
	s.say(v, ClientMessage{Type: "script", Text: got.Text, At: got.At})
	for s.ahead > 0 {
		s.turnOnce()
	}
	s.feed.run.AdvanceTo(got.At)
	if s.feed.run.Now() == got.At && s.feed.run.Trace() != trace {
		t.Error("the text comes to another trace")
	}
}

// TestFlap: flapping is repeated lines, which a viewer of the past follows, which outlive other faults, and which end.
func TestFlap(t *testing.T) {
	s := newStage(t, strings.Replace(busy, "rate=5/s", "rate=1/s", 1)+"at 9s partition eu-west-1\n")
	v, past := s.join(), s.join()
	s.feed.run.AdvanceTo(2 * sim.Second)
	s.say(past, ClientMessage{Type: "seek", At: sim.Second})
	cut := &sim.Command{Verb: sim.VerbCut, Links: sim.Links{From: "us-east-1", To: "eu-west-1"}}
	s.say(v, ClientMessage{Type: "flap", Command: cut, Every: sim.Second, For: 10 * sim.Second})
	count := func() int { return len(s.feed.run.Scenario().Commands) }
	if got := s.read(v); len(got) != 0 || count() != 20 {
		t.Fatalf("%d commands, %+v", count(), got)
	}
	s.say(v, heal)
	if count() != 21 {
		t.Errorf("%d commands after another fault", count())
	}
	cutNow := func() bool { return s.feed.run.Lanes()[0].Cut(0, 1) }
	for i := range 8 {
		s.feed.run.AdvanceTo(2*sim.Second + sim.Time(i)*sim.Second/2 + 100*sim.Millisecond)
		if cutNow() != (i%2 == 0) {
			t.Errorf("half %d: cut %v", i, cutNow())
		}
	}
	s.say(v, ClientMessage{Type: "flap", Command: cut, Every: 500 * sim.Millisecond, For: sim.Second})
	if last := s.feed.run.Scenario().Commands; last[len(last)-1].At > 7*sim.Second {
		t.Errorf("the second flap has not taken the place of the first: %+v", last[len(last)-1])
	}
	s.say(v, ClientMessage{Type: "flap", Command: cut})
	s.turnOnce()
	if list := s.feed.run.Scenario().Commands; cutNow() || list[len(list)-1].At > s.feed.run.Now() {
		t.Errorf("it has not ended: cut %v, %+v", cutNow(), list[len(list)-1])
	}
	s.read(v)
	for _, c := range []struct {
		msg  ClientMessage
		want string
	}{
		{ClientMessage{Type: "flap"}, "flap: expected a command"},
		{ClientMessage{Type: "flap", Command: cut}, "flap: nothing of the kind goes on"},
		{ClientMessage{Type: "flap", Command: cut, Every: 1, For: sim.Second}, "expected a period of 0.01s or more"},
		{ClientMessage{Type: "flap", Command: cut, Every: sim.Second, For: 1}, "a span of one period or more"},
		{ClientMessage{Type: "flap", Command: cut, Every: 100 * sim.Millisecond, For: sim.MaxTime}, "are over 2000"},
		{ClientMessage{Type: "flap", Command: heal.Command, Every: sim.Second, For: 60 * sim.Second}, "flap: expected cut, hold, partition, pause or crash"},
		{ClientMessage{Type: "flap", Command: &sim.Command{Verb: sim.VerbCrash, Node: "x/1"}, Every: sim.Second, For: 60 * sim.Second}, `unknown node "x/1"`},
	} {
		s.say(v, c.msg)
		if got := s.read(v); len(got) != 1 || !strings.Contains(got[0].Reason, c.want) {
			t.Errorf("%+v; want %q", got, c.want)
		}
	}
}

// TestRestartOnSockets: two browsers see a script run anew; a text longer than other messages may be comes through, and
// one that is longer than any may be closes the socket.
func TestRestartOnSockets(t *testing.T) {
	_, url := start(t)
	a, b := dial(t, url), dial(t, url)
	first := a.enter(ClientMessage{})
	b.enter(ClientMessage{Room: first.Room, Key: first.Key})
	text := "title Anew\n" + strings.Repeat("# a comment that says nothing\n", 2*MaxMessage/30) + busy
	a.say(ClientMessage{Type: "script", Text: text})
	for _, browser := range []*browser{a, b} {
		in := browser.until("a new run", func(in incoming) bool { return in.Type == "state" })
		if in.Title != "Anew" || in.Room != first.Room || in.Scenario != "" {
			t.Errorf("%+v", in)
		}
		d := browser.until("a delta", func(in incoming) bool { return true })
		if d.Type != "delta" || d.Seq != in.Seq+1 {
			t.Errorf("after state %d comes %s %d", in.Seq, d.Type, d.Seq)
		}
	}
	b.raw(websocket.MessageText, fmt.Sprintf(`{"type":"script","text":%q}`, strings.Repeat("x", MaxScript)))
	if code := b.closed(); code != websocket.StatusMessageTooBig {
		t.Errorf("closed with %d", code)
	}
	a.until("a delta", func(in incoming) bool { return in.Type == "delta" })
}
