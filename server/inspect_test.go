package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

// told reads what a viewer was sent until an inspection or a reject.
func (s *stage) told(v *viewer) (Inspection, Reject) {
	s.t.Helper()
	s.asked = 0
	for len(v.outbox) > 0 {
		data := <-v.outbox
		var in Inspection
		var r Reject
		switch decodeIncoming(s.t, data).Type {
		case "inspection":
			if err := json.Unmarshal(data, &untold{&in}); err != nil {
				s.t.Fatal(err)
			}
			return in, r
		case "reject":
			if err := json.Unmarshal(data, &r); err != nil {
				s.t.Fatal(err)
			}
			return in, r
		}
	}
	s.t.Fatal("neither an inspection nor a reject")
	return Inspection{}, Reject{}
}

// untold reads an inspection but for what has a name on the wire and no way back.
type untold struct{ *Inspection }

func (u *untold) UnmarshalJSON(data []byte) error {
	var fields struct {
		Type      string
		Of        uint64
		At        sim.Time
		Lane      string
		Node      *struct{ Name, Raw string }
		Message   *struct{ ID uint64 }
		Operation *struct {
			Start  sim.Time
			HeldBy []sim.Addr `json:"held_by"`
		}
	}
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	u.Type, u.Of, u.At, u.Lane = fields.Type, fields.Of, fields.At, fields.Lane
	if n := fields.Node; n != nil {
		u.Node = &sim.NodeFacts{Name: n.Name, Raw: n.Raw}
	}
	if m := fields.Message; m != nil {
		u.Message = &sim.MessageFacts{ID: m.ID}
	}
	if o := fields.Operation; o != nil {
		u.Operation = &sim.OperationFacts{Start: o.Start, HeldBy: o.HeldBy}
	}
	return nil
}

// ask has a viewer ask for something in a lane.
func ask(lane string, q Inspect) ClientMessage {
	q.Lane = lane
	return ClientMessage{Type: "inspect", Seq: 77, Inspect: &q}
}

// TestInspect: a viewer is told of nodes, messages and operations, and nobody else is.
func TestInspect(t *testing.T) {
	s := newStage(t, busy)
	s.feed.run.AdvanceTo(5 * sim.Second)
	v, other := s.join(), s.join()
	for _, lane := range []string{"strong", "quorum", "eventual"} {
		s.say(v, ask(lane, Inspect{Node: new(sim.Addr(1))}))
		in, r := s.told(v)
		if in.Node == nil || in.Node.Name != "eu-west-1/1" || in.Node.Raw != "" || in.Of != 77 || in.Lane != lane || in.At != 5*sim.Second {
			t.Errorf("%s: %+v %+v", lane, in, r)
		}
		s.say(v, ask(lane, Inspect{Node: new(sim.Addr(1)), Raw: true}))
		if in, r = s.told(v); in.Node == nil || !strings.HasPrefix(in.Node.Raw, "replica: ") {
			t.Errorf("%s, raw: %+v %+v", lane, in, r)
		}
		flying := s.feed.lane(lane).recorder.InFlightViews(nil)
		if len(flying) == 0 {
			s.feed.run.AdvanceTo(s.feed.run.NextEvent())
			flying = s.feed.lane(lane).recorder.InFlightViews(nil)
		}
		for _, m := range flying {
			s.say(v, ask(lane, Inspect{Message: m.ID}))
			if in, r = s.told(v); in.Message == nil || in.Message.ID != m.ID {
				t.Errorf("%s, message %d: %+v %+v", lane, m.ID, in, r)
			}
		}
		s.say(v, ask(lane, Inspect{Operation: 2}))
		if in, r = s.told(v); in.Operation == nil || in.Operation.Start != s.feed.lane(lane).cluster.History()[1].Start {
			t.Errorf("%s: operation %+v %+v", lane, in, r)
		}
	}
	if got := s.read(other); len(got) != 0 {
		t.Errorf("another viewer is told %+v", got)
	}
}

// TestInspectThePast: who looks at the past is told how it was, and before its replay is there nothing.
func TestInspectThePast(t *testing.T) {
	s := newStage(t, busy)
	s.playing = false
	s.feed.run.AdvanceTo(3 * sim.Second)
	v := s.join()
	want, err := s.feed.inspect(ask("quorum", Inspect{Node: new(sim.Addr(2)), Raw: true}).Inspect)
	if err != nil {
		t.Fatal(err)
	}
	s.feed.run.AdvanceTo(60 * sim.Second)
	now := len(s.feed.lane("quorum").cluster.History())
	s.say(v, ClientMessage{Type: "seek", At: 3 * sim.Second})
	s.say(v, ask("quorum", Inspect{Node: new(sim.Addr(2))}))
	if in, r := s.told(v); !strings.Contains(r.Reason, "being replayed up to 3.00 s") {
		t.Errorf("on its way: %+v %+v", in, r)
	}
	s.arrive(v)
	was, err := v.past.feed.inspect(ask("quorum", Inspect{Node: new(sim.Addr(2)), Raw: true}).Inspect)
	was.Seq = want.Seq
	if err != nil || !bytes.Equal(encode(was), encode(want)) {
		t.Errorf("%v: the node was\n%s\nand is said to have been\n%s", err, encode(want), encode(was))
	}
	s.say(v, ask("quorum", Inspect{Node: new(sim.Addr(2))}))
	if in, r := s.told(v); in.At != 3*sim.Second || in.Node == nil {
		t.Errorf("there: %+v %+v", in, r)
	}
	s.say(v, ask("quorum", Inspect{Operation: sim.OpID(now)}))
	if in, r := s.told(v); !strings.Contains(r.Reason, fmt.Sprintf("lane quorum has had no operation %d", now)) {
		t.Errorf("an operation that is still to come: %+v %+v", in, r)
	}
	s.say(v, ClientMessage{Type: "live"})
	s.read(v)
	s.say(v, ask("quorum", Inspect{Operation: sim.OpID(now)}))
	if in, r := s.told(v); in.Operation == nil {
		t.Errorf("at the edge: %+v", r)
	}
}

// TestInspectRefuses says why.
func TestInspectRefuses(t *testing.T) {
	s := newStage(t, busy)
	s.feed.run.AdvanceTo(5 * sim.Second)
	v := s.join()
	for _, c := range []struct {
		msg  ClientMessage
		want string
	}{
		{ClientMessage{Type: "inspect"}, "inspect: expected a lane, and one of node, message and operation in it"},
		{ask("strong", Inspect{}), "expected a lane, and one of"},
		{ask("strong", Inspect{Node: new(sim.Addr(0)), Message: 1}), "expected a lane, and one of"},
		{ask("weak", Inspect{Message: 1}), `there is no lane "weak"`},
		{ask("strong", Inspect{Node: new(sim.Addr(3))}), "lane strong has no node 3; expected 0 to 2"},
		{ask("strong", Inspect{Node: new(sim.Addr(-1))}), "lane strong has no node -1"},
		{ask("strong", Inspect{Message: 1 << 60}), "lane strong has sent no message 1152921504606846976"},
		{ask("strong", Inspect{Operation: 1<<32 - 1}), "lane strong has had no operation 4294967295"},
	} {
		s.say(v, c.msg)
		if in, r := s.told(v); r.Of != c.msg.Seq || !strings.Contains(r.Reason, c.want) {
			t.Errorf("%+v: told %+v %+v, want %q", c.msg, in, r, c.want)
		}
	}
}

// TestInspectionsAreLimited: all viewers together get so many in a turn, and as many again in the next.
func TestInspectionsAreLimited(t *testing.T) {
	s := newStage(t, busy)
	v := s.join()
	for turn := range 3 {
		for i := range MaxInspects + 1 {
			s.say(v, ask("strong", Inspect{Node: new(sim.Addr(0))}))
			got := s.read(v)
			if refused := i == MaxInspects; len(got) != 1 || (got[0].Type == "reject") != refused {
				t.Fatalf("turn %d, inspection %d: %+v", turn, i+1, got)
			}
		}
		s.turnOnce()
		s.read(v)
	}
}

// TestInspectOverSocket asks as a browser does.
func TestInspectOverSocket(t *testing.T) {
	_, url := start(t)
	b := dial(t, url)
	b.enter(ClientMessage{})
	b.raw(1, `{"type":"inspect","seq":50,"inspect":{"lane":"strong","node":0,"raw":true}}`)
	in := b.until("an inspection", func(in incoming) bool { return in.Type == "inspection" })
	if in.Of != 50 {
		t.Errorf("%+v", in)
	}
	b.raw(1, `{"type":"inspect","seq":51,"inspect":{"lane":"strong","node":99}}`)
	if r := b.until("a reject", func(in incoming) bool { return in.Type == "reject" }); r.Of != 51 {
		t.Errorf("%+v", r)
	}
	for range MaxBurst + 5 {
		b.raw(1, `{"type":"inspect","inspect":{"lane":"strong","node":0}}`)
	}
	b.until("a limit", func(in incoming) bool { return in.Type == "reject" && strings.Contains(in.Reason, "messages a second") })
}

// TestDeltasMakeTheState: a viewer who puts each delta's timers, logs, tallies and nodes in place of what it has, has
// what a fresh state shows.
func TestDeltasMakeTheState(t *testing.T) {
	f, err := newFeed(mustParse(t, strings.Replace(busy, "lane eventual gossip\n", "lane eventual gossip conflict=dvv\nlane p primary sync=any\n", 1)+
		"at 1s partition eu-west-1\nat 3s heal\nat 4s crash us-east-1/1\nat 6s restart us-east-1/1\n"))
	if err != nil {
		t.Fatal(err)
	}
	shown := f.state(Clock{}).Lanes
	changes := [4]int{}
	for at := sim.Time(0); at < 9*sim.Second; at += 66 * sim.Millisecond {
		f.run.AdvanceTo(at)
		for i, d := range f.delta(Clock{}).Lanes {
			nodes := slices.Clone(shown[i].Nodes)
			for n, v := range d.Nodes {
				nodes[n] = v
			}
			shown[i].Nodes = nodes
			for n, v := range d.Timers {
				shown[i].Timers[n] = v
			}
			for n, p := range d.Logs {
				log := &shown[i].Logs[n]
				log.Durable, log.Commit = p.Durable, p.Commit
				log.Entries = append(slices.Clone(log.Entries[p.Dropped:p.Dropped+p.Kept]), p.Entries...)
			}
			for n, v := range d.Tallies {
				shown[i].Tallies[n] = v
			}
			for j, n := range []int{len(d.Nodes), len(d.Timers), len(d.Logs), len(d.Tallies)} {
				changes[j] += n
			}
		}
		for i, want := range f.state(Clock{}).Lanes {
			got := shown[i]
			got.Nodes = slices.Clone(got.Nodes)
			if !reflect.DeepEqual(encode([]any{got.Nodes, got.Timers, got.Logs, got.Tallies}), encode([]any{want.Nodes, want.Timers, want.Logs, want.Tallies})) {
				t.Fatalf("%s at %s: deltas make\n%s\nthe state is\n%s", want.Name, at, encode(got), encode(want))
			}
		}
	}
	if slices.Min(changes[:]) < 20 {
		t.Errorf("changes of nodes, timers, logs and tallies: %d", changes)
	}
}
