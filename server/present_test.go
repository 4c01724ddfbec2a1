package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"netsplit/sim"
)

// hallOf is a room of which a test takes the turns, with a presenter.
func hallOf(t *testing.T) (*stage, *viewer, string) {
	s := newStage(t, busy)
	_, id := guestToken(t)
	v := newGuest(id, true)
	s.handle(request{viewer: v, kind: requestJoin})
	s.say(v, ClientMessage{Type: "present", On: true})
	s.turnOnce()
	if s.read(v); s.floor.Guest != id {
		t.Fatal("nobody presents")
	}
	return s, v, id
}

// pass takes turns for a time, and returns what those are told meanwhile who read it.
func (s *stage) pass(d time.Duration, readers ...*viewer) (all []incoming) {
	for end := s.now.Add(d); s.now.Before(end); {
		s.turnOnce()
		for _, v := range readers {
			all = append(all, s.read(v)...)
		}
	}
	return all
}

// TestPresenterLeaves: a presenter who is back within 10 s is it still; one who is not is none, even if there is nobody else.
func TestPresenterLeaves(t *testing.T) {
	s, v, id := hallOf(t)
	stays := s.join()
	leave := func(v *viewer) { s.handle(request{viewer: v, kind: requestLeave}) }
	leave(v)
	s.pass(PresenterLeave - time.Second)
	again := newGuest(id, true)
	s.handle(request{viewer: again, kind: requestJoin})
	s.pass(2 * PresenterLeave)
	if s.floor.Guest != id {
		t.Error("after a reload it is not the presenter any more")
	}
	leave(again)
	s.read(stays)
	s.turnOnce()
	all := s.pass(PresenterLeave+2*time.Second, stays)
	if s.floor.Guest != "" {
		t.Error("it presents from afar")
	}
	if !slices.ContainsFunc(all, func(in incoming) bool { return in.Type == "audience" && in.Presenter == "" }) {
		t.Error("nobody is told")
	}

	s, v, id = hallOf(t)
	leave(v) // it was the only one: there are no turns
	s.now = s.now.Add(PresenterLeave + time.Second)
	s.turned = s.now
	s.handle(request{viewer: newGuest(id, true), kind: requestJoin})
	s.turnOnce()
	if s.floor.Guest != "" {
		t.Error("it presents when it is back after too long")
	}
}

// TestLatestGlance: of many glances viewers get the latest, at most four a second; who reads slowly the newest alone; the audience is told at most once a second.
func TestLatestGlance(t *testing.T) {
	s, v, _ := hallOf(t)
	quick, slow := s.join(), s.join()
	for len(slow.outbox) < cap(slow.outbox)-1 {
		slow.outbox <- []byte(`{"type":"filler"}`)
	}
	told, glances, at := 0, 0, sim.Time(0)
	for range 45 { // three seconds
		for range 5 {
			at += sim.Millisecond
			s.say(v, ClientMessage{Type: "glance", Glance: &Glance{At: at}})
		}
		s.handle(request{viewer: newGuest("", false), kind: requestJoin})
		s.turnOnce()
		for _, in := range s.read(quick) {
			switch in.Type {
			case "glance":
				if glances++; in.Shown.At != at {
					t.Errorf("at %s it is told of %s", at, in.Shown.At)
				}
			case "audience":
				told++
			}
		}
	}
	if glances < 8 || glances > 13 || told < 2 || told > 4 {
		t.Errorf("in 3 s it is told %d glances and %d audiences", glances, told)
	}
	got := func(v *viewer) (n int, last *Presented) {
		for _, in := range s.read(v) {
			if in.Type == "glance" {
				n, last = n+1, in.Shown
			}
		}
		return n, last
	}
	if n, _ := got(slow); n != 0 {
		t.Errorf("who does not read has %d glances waiting", n)
	}
	s.pass(time.Second)
	if n, last := got(slow); n != 1 || last.At != at {
		t.Errorf("then it gets %d, the last %+v", n, last)
	}
	if n, _ := got(v); n != 0 {
		t.Errorf("the presenter is told %d of its own glances", n)
	}
}

// TestRefusedOfGuests: what is asked for beyond the bounds, or is not what it should be, is refused with the reason.
func TestRefusedOfGuests(t *testing.T) {
	s, v, _ := hallOf(t)
	watcher := newGuest(strings.Repeat("1", 64), false)
	nobody := newGuest("", false)
	for _, v := range []*viewer{watcher, nobody} {
		s.handle(request{viewer: v, kind: requestJoin})
		s.read(v)
	}
	look := func(change func(*Glance)) ClientMessage {
		g := Glance{Why: &Why{Lane: s.feed.lanes[0].cluster.Name, Kind: "damage"}}
		change(&g)
		return ClientMessage{Type: "glance", Glance: &g}
	}
	ask := func(name string) ClientMessage { return ClientMessage{Type: "ask", On: true, Name: name} }
	for _, c := range []struct {
		by   *viewer
		msg  ClientMessage
		want string // "" for carried out
	}{
		{v, look(func(*Glance) {}), ""},
		{v, look(func(g *Glance) { g.Lane = "nowhere" }), "there is no lane"},
		{v, look(func(g *Glance) { g.Why.Lane = "" }), "there is no lane"},
		{v, look(func(g *Glance) { g.At = -1 }), "at: "},
		{v, look(func(g *Glance) { g.At = sim.MaxTime + 1 }), "at: "},
		{v, look(func(g *Glance) { g.Tab = strings.Repeat("x", 21) }), "tab: "},
		{v, look(func(g *Glance) { g.Tab = "<b>" }), "tab: "},
		{v, look(func(g *Glance) { g.Why.Kind = "\u202e" }), "why: kind: "},
		{v, ClientMessage{Type: "glance"}, "expected a glance"},
		{v, ClientMessage{Type: "hand", To: "me", On: true}, "expected a guest id"},
		{v, ask("Ada"), "you have control"},
		{newGuestIn(s, true), ClientMessage{Type: "glance", Glance: &Glance{}}, "you are not presenting"},
		{newGuestIn(s, true), ClientMessage{Type: "present"}, "you are not presenting"},
		{s.join(), ClientMessage{Type: "present", On: true}, "no guest token"},
		{nobody, ask("Ada"), "no guest token"},
		{watcher, ask(strings.Repeat("é", 41)), "the most is 40"},
		{watcher, ask("A\u202eda"), "printable"},
		{watcher, ask("A\nda"), "printable"},
		{watcher, ask("A\u200bda"), "printable"},
		{watcher, ask("\u3164"), "printable"},
		{watcher, ask("\u200d"), "printable"},
		{watcher, ask(" Ada"), "blanks"},
		{watcher, ask(strings.Repeat("é", 40)), ""},
		{watcher, ask("👩\u200d🏫 می\u200cخواهم"), ""},
		{watcher, ask(""), ""},
		{watcher, ClientMessage{Type: "ask"}, ""},
	} {
		s.say(c.by, c.msg)
		reason := ""
		for _, in := range s.read(c.by) {
			reason += in.Reason
		}
		if (c.want == "") != (reason == "") || !strings.Contains(reason, c.want) {
			t.Errorf("%+v: %q, not %q", c.msg, reason, c.want)
		}
	}
	for i := range MaxAsks + 1 {
		asker := newGuest(fmt.Sprintf("%064x", i), false)
		s.handle(request{viewer: asker, kind: requestJoin})
		s.say(asker, ask("x"))
		s.say(v, ClientMessage{Type: "hand", To: fmt.Sprintf("%064x", i+1000), On: true})
	}
	if len(s.asks) != MaxAsks || len(s.hands) != MaxHands {
		t.Errorf("%d ask, %d have control", len(s.asks), len(s.hands))
	}
}

// newGuestIn joins a guest of a token of its own.
func newGuestIn(s *stage, holder bool) *viewer {
	_, id := guestToken(s.t)
	v := newGuest(id, holder)
	s.handle(request{viewer: v, kind: requestJoin})
	s.read(v)
	return v
}

// TestServersThatGo: viewers of another server count until nothing is heard of it for 6 s; of two who present the later does.
func TestServersThatGo(t *testing.T) {
	s, v, id := hallOf(t)
	other, later := randomID(), strings.Repeat("2", 64)
	hear := func(n hallNote) {
		n.From = other
		read, err := readHallNote(encode(n))
		if err != nil {
			t.Fatal(err)
		}
		s.mail.put(read)
		s.turnOnce()
	}
	hear(hallNote{Viewers: 5, Floor: floor{Guest: later, Since: s.floor.Since - 1}, Here: true})
	if s.connections() != 6 || s.floor.Guest != id {
		t.Errorf("%d viewers, %s presents", s.connections(), s.floor.Guest)
	}
	hear(hallNote{Viewers: 5, Floor: floor{Since: s.floor.Since + 1, Lapsed: true}})
	if s.floor.Guest != id {
		t.Error("a presenter who is here is taken for gone")
	}
	hear(hallNote{Viewers: 3, Floor: floor{Guest: later, Since: s.floor.Since + 1}, Here: true, Number: 1, Glance: &Glance{Lane: "nowhere"}})
	if s.connections() != 4 || s.floor.Guest != later || s.glance != nil {
		t.Errorf("%d viewers, %s presents %+v", s.connections(), s.floor.Guest, s.glance)
	}
	s.say(v, ClientMessage{Type: "present", On: true})
	if s.floor.Guest != id {
		t.Error("who says so later does not present")
	}
	s.pass(NoteLife + time.Second)
	if s.connections() != 1 {
		t.Errorf("%d viewers, though nothing is heard of the others", s.connections())
	}
	for i := range 2 * MaxServers {
		s.mail.put(hallNote{From: fmt.Sprintf("%022d", i), Viewers: 1})
	}
	if s.turnOnce(); s.connections() != 1+MaxServers {
		t.Errorf("%d viewers of more servers than there may be", s.connections())
	}
}
