package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"netsplit/sim"
)

// guestToken returns a page's token and the guest id of it.
func guestToken(t testing.TB) (token, id string) {
	t.Helper()
	token = randomID()
	id, err := guestOf(token)
	if err != nil {
		t.Fatal(err)
	}
	return token, id
}

func (b *browser) audience(what string, pass func(incoming) bool) incoming {
	b.t.Helper()
	return b.until("an audience with "+what, func(in incoming) bool { return in.Type == "audience" && pass(in) })
}

// TestHandOver: a viewer asks by name, which those see who have control, is handed it, and acts until it is taken back in the middle of what it
// does: each command is judged by the right at its time, which is its place in the log.
func TestHandOver(t *testing.T) {
	log := newMemoryLog()
	_, url := startWith(t, log)
	owner, room := standing(t, url)
	token, id := guestToken(t)
	guest, s := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey, Guest: token})
	bystander, _ := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey})
	if s.Right != RightView || s.Guest != "" {
		t.Fatalf("it begins with %q", s.Right)
	}
	if a := guest.audience("itself", func(incoming) bool { return true }); a.Guest != id || a.Right != RightView {
		t.Errorf("it is %s with %q", a.Guest, a.Right)
	}
	guest.answer("ask", ClientMessage{Type: "ask", On: true, Name: "Ada"})
	asked := []Guest{{Guest: id, Name: "Ada"}}
	owner.audience("the ask", func(in incoming) bool { return slices.Equal(in.Asks, asked) && in.Viewers == 3 })
	if got := owner.answer("hand", ClientMessage{Type: "hand", To: id, On: true}); got.Type != "ack" {
		t.Fatalf("it is not handed over: %s", got.Reason)
	}
	guest.audience("control", func(in incoming) bool {
		return in.Right == RightControl && slices.Equal(in.Hands, asked) && len(in.Asks) == 0
	})
	bystander.audience("the hand", func(in incoming) bool {
		return in.Right == RightView && slices.Equal(in.Hands, asked) && len(in.Asks) == 0
	})
	write := func(i int) ClientMessage {
		return ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: int64(i + 1)}}
	}
	taken, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		<-taken
		owner.answer("back", ClientMessage{Type: "hand", To: id})
	}()
	var acked []string
	last := 0
	for i := range 15 {
		if i == 5 {
			close(taken)
		}
		if i == 12 {
			<-done
		}
		name := fmt.Sprint("w", i)
		switch got := guest.answer(name, write(i)); {
		case got.Type == "ack":
			if acked, last = append(acked, name), i; len(acked) != i+1 {
				t.Errorf("%s is carried out after one was refused", name)
			}
		case got.Reason != errWatching.Error():
			t.Errorf("%s: %s", name, got.Reason)
		}
	}
	if last < 4 || last > 11 {
		t.Errorf("the last that is carried out is w%d", last)
	}
	var wrote []string
	back := false
	for _, e := range log.of(room.Room) {
		back = back || e.ID == "back"
		if strings.HasPrefix(e.ID, "w") && strings.Contains(e.Line, " write ") {
			if wrote = append(wrote, e.ID); back {
				t.Errorf("%s is in the log after control was taken back", e.ID)
			}
		}
	}
	if !slices.Equal(wrote, acked) {
		t.Errorf("acknowledged are %v, in the log %v", acked, wrote)
	}
	if got := guest.answer("w0", write(0)); got.Type != "ack" {
		t.Errorf("what is done already, sent again: %s", got.Reason)
	}
	if got := owner.answer("own", ClientMessage{Type: "hand", To: guestIn(t, owner), On: false}); got.Type != "ack" {
		t.Error(got.Reason)
	}
	if got := owner.answer("w20", write(20)); got.Type != "ack" {
		t.Errorf("who holds the control key has lost it: %s", got.Reason)
	}
}

// guestIn returns the guest id that a browser is told it has.
func guestIn(t testing.TB, b *browser) string {
	t.Helper()
	b.answer("present", ClientMessage{Type: "present", On: true})
	return b.audience("a presenter", func(in incoming) bool { return in.Presenter != "" && in.Presenter == in.Guest }).Guest
}

// TestHandsSurvive: what was handed over holds in a server that starts anew, before anybody comes with the control key; what a guest does there, a
// new run and a branch, leaves the room its keys.
func TestHandsSurvive(t *testing.T) {
	dir := t.TempDir()
	_, url, end := startIn(t, dir)
	owner, room := standing(t, url)
	token, id := guestToken(t)
	gone, other := guestToken(t)
	owner.answer("on", ClientMessage{Type: "hand", To: id, On: true})
	owner.answer("on2", ClientMessage{Type: "hand", To: other, On: true})
	owner.answer("off2", ClientMessage{Type: "hand", To: other})
	end()
	for run := 2; run <= 3; run++ {
		_, url, end = startIn(t, dir)
		g, s := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey, Guest: token})
		if s.Room != room.Room || s.Right != RightControl || s.Key != "" {
			t.Fatalf("before run %d: %s, %q, key %q", run, s.Room, s.Right, s.Key)
		}
		if _, s := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey, Guest: gone}); s.Right != RightView {
			t.Errorf("from whom it was taken back has %q", s.Right)
		}
		g.until("where it was", func(in incoming) bool { return (in.Type == "state" || in.Type == "delta") && in.Clock.Coming == 0 })
		if got := g.answer(fmt.Sprint("s", run), ClientMessage{Type: "script", Text: "regions us-east-1 eu-west-1\nlane a gossip\n", At: sim.Second}); got.Type != "ack" {
			t.Fatalf("run %d: %s", run, got.Reason)
		}
		g.until("the new run", func(in incoming) bool { return in.Type == "state" && in.Run == run && in.Clock.Coming == 0 })
		g.say(ClientMessage{Type: "fork", At: 0})
		f := g.until("an answer", func(in incoming) bool { return in.Type == "forked" || in.Type == "reject" })
		if _, s := company(t, url, ClientMessage{Room: f.Room, Key: f.Key}); f.Type != "forked" || s.Room != f.Room || s.Right != RightControl {
			t.Errorf("its own room: %+v", f)
		}
		end()
	}
	_, url, end = startIn(t, dir)
	if _, s := company(t, url, ClientMessage{Room: room.Room, Key: room.Key}); s.Room != room.Room || s.Key != room.Key || s.Right != RightControl || s.Run != 3 {
		t.Errorf("the control key opens %s at run %d with %q", s.Room, s.Run, s.Right)
	}
	end()
}

// TestGuestsOfTwoServers: what is handed over at one server holds at the other; each counts the viewers of both and knows who asks and who
// presents; what the presenter looks at is seen there, and where it goes on.
func TestGuestsOfTwoServers(t *testing.T) {
	log := sharedMemory{newMemoryLog()}
	_, urlA := startWith(t, log)
	_, urlB := startWith(t, log)
	owner, room := standing(t, urlA)
	token, id := guestToken(t)
	guest, _ := company(t, urlB, ClientMessage{Room: room.Room, Key: room.ViewKey, Guest: token})
	for _, b := range []*browser{owner, guest} {
		b.audience("two viewers", func(in incoming) bool { return in.Viewers == 2 })
	}
	guest.answer("ask", ClientMessage{Type: "ask", On: true, Name: "Ada"})
	owner.audience("the ask", func(in incoming) bool { return slices.Equal(in.Asks, []Guest{{id, "Ada"}}) })
	owner.answer("on", ClientMessage{Type: "hand", To: id, On: true})
	guest.audience("control", func(in incoming) bool {
		return in.Right == RightControl && slices.Equal(in.Hands, []Guest{{id, "Ada"}})
	})
	write := sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: 7}
	if got := guest.answer("w", ClientMessage{Type: "command", Command: &write}); got.Type != "ack" {
		t.Fatalf("at the other server: %s", got.Reason)
	}
	owner.until("the command", func(in incoming) bool { return in.Log != nil && len(in.Log.Added) == 1 })

	presenter := guestIn(t, owner)
	guest.audience("the presenter", func(in incoming) bool { return in.Presenter == presenter })
	look := Glance{At: 250 * sim.Millisecond, Lane: "b", Tab: "verdict", Why: &Why{Lane: "b", Kind: "lost-write", Op: 3}}
	owner.say(ClientMessage{Type: "glance", Glance: &look})
	same := func(in incoming) bool {
		return in.Type == "glance" && in.Shown.At == look.At && in.Shown.Lane == "b" && in.Shown.Tab == "verdict" && in.Shown.Why != nil && *in.Shown.Why == *look.Why && in.Shown.Room == nil
	}
	guest.until("what the presenter looks at", same)
	late, _ := company(t, urlB, ClientMessage{Room: room.Room, Key: room.ViewKey})
	late.until("the same", same)
	owner.say(ClientMessage{Type: "fork", At: sim.Second / 2})
	branch := owner.await("a branch", func(in incoming) bool { return in.Type == "forked" })
	there := guest.until("where the presenter has gone", func(in incoming) bool { return in.Type == "glance" && in.Shown.Room != nil }).Shown.Room
	if there.Room != branch.Room || there.Key != viewKeyOf(branch.Key) {
		t.Errorf("the presenter has gone to %+v, those who follow to %+v", branch, there)
	}
	if _, s := company(t, urlB, ClientMessage{Room: there.Room, Key: there.Key}); s.Room != branch.Room || s.Right != RightView {
		t.Errorf("those who follow are in %s with %q", s.Room, s.Right)
	}
	owner.answer("off", ClientMessage{Type: "hand", To: id})
	guest.audience("no control", func(in incoming) bool { return in.Right == RightView })
	if got := guest.answer("w2", ClientMessage{Type: "command", Command: &write}); got.Reason != errWatching.Error() {
		t.Errorf("after it was taken back elsewhere: %+v", got)
	}
	owner.answer("end", ClientMessage{Type: "present"})
	guest.audience("no presenter", func(in incoming) bool { return in.Presenter == "" })
	owner.conn.CloseNow()
	guest.audience("two viewers, both here", func(in incoming) bool { return in.Viewers == 2 })
}

// hallOf is a room of which a test takes the turns, with a presenter.
func hallOf(t *testing.T) (*stage, *viewer, string) {
	s := newStage(t, busy)
	_, id := guestToken(t)
	v := newGuest(id, true)
	s.handle(request{viewer: v, kind: requestJoin})
	s.say(v, ClientMessage{Type: "present", On: true})
	s.turnOnce()
	if s.read(v); s.claim.Guest != id {
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
	if s.claim.Guest != id {
		t.Error("after a reload it is not the presenter any more")
	}
	leave(again)
	s.read(stays)
	s.turnOnce()
	all := s.pass(PresenterLeave+2*time.Second, stays)
	if s.claim.Guest != "" {
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
	if s.claim.Guest != "" {
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
		{watcher, ask(" Ada"), "blanks"},
		{watcher, ask(strings.Repeat("é", 40)), ""},
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
	hear(hallNote{Viewers: 5, Claim: claim{Guest: later, Since: s.claim.Since - 1}, Here: true})
	if s.connections() != 6 || s.claim.Guest != id {
		t.Errorf("%d viewers, %s presents", s.connections(), s.claim.Guest)
	}
	hear(hallNote{Viewers: 5, Claim: claim{Since: s.claim.Since + 1, Lapsed: true}})
	if s.claim.Guest != id {
		t.Error("a presenter who is here is taken for gone")
	}
	hear(hallNote{Viewers: 3, Claim: claim{Guest: later, Since: s.claim.Since + 1}, Here: true, Number: 1, Glance: &Glance{Lane: "nowhere"}})
	if s.connections() != 4 || s.claim.Guest != later || s.glance != nil {
		t.Errorf("%d viewers, %s presents %+v", s.connections(), s.claim.Guest, s.glance)
	}
	s.say(v, ClientMessage{Type: "present", On: true})
	if s.claim.Guest != id {
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
