package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
	acked, back := guest.stream(owner, id)
	var wrote []string
	after := false
	for _, e := range log.of(room.Room) {
		after = after || e.ID == back
		if strings.HasPrefix(e.ID, "w") && strings.Contains(e.Line, " write ") {
			if wrote = append(wrote, e.ID); after {
				t.Errorf("%s is in the log after control was taken back", e.ID)
			}
		}
	}
	if !slices.Equal(wrote, acked) {
		t.Errorf("acknowledged are %v, in the log %v", acked, wrote)
	}
	if got := guest.answer("w0", writeOf(0)); got.Type != "ack" {
		t.Errorf("what is done already, sent again: %s", got.Reason)
	}
	if got := owner.answer("own", ClientMessage{Type: "hand", To: guestIn(t, owner), On: false}); got.Type != "ack" {
		t.Error(got.Reason)
	}
	if got := owner.answer("w20", writeOf(20)); got.Type != "ack" {
		t.Errorf("who holds the control key has lost it: %s", got.Reason)
	}
}

func writeOf(i int) ClientMessage {
	return ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: int64(i + 1)}}
}

// stream has a guest write one after the other, while the owner takes control back, and returns which were carried out and the id of the taking back.
func (b *browser) stream(owner *browser, id string) (acked []string, back string) {
	b.t.Helper()
	taken, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		<-taken
		owner.answer("back", ClientMessage{Type: "hand", To: id})
	}()
	last := 0
	for i := range 15 {
		if i == 5 {
			close(taken)
		}
		if i == 12 {
			<-done
		}
		name := fmt.Sprint("w", i)
		switch got := b.answer(name, writeOf(i)); {
		case got.Type == "ack":
			if acked, last = append(acked, name), i; len(acked) != i+1 {
				b.t.Errorf("%s is carried out after one was refused", name)
			}
		case got.Reason != errWatching.Error():
			b.t.Errorf("%s: %s", name, got.Reason)
		}
	}
	if last < 4 || last > 11 {
		b.t.Errorf("the last that is carried out is w%d", last)
	}
	return acked, "back"
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
	testGuests(t, urlA, urlB)
}

func testGuests(t *testing.T, urlA, urlB string) {
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
