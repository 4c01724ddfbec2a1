package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
)

// busy is a world in which something is always under way.
const busy = "seed 7\nregions us-east-1 eu-west-1 ap-south-1\nlane strong raft leader=eu-west-1\nlane quorum quorum\nlane eventual gossip\n" +
	"workload bank rate=5/s staggered\n"

// stage is a room without its goroutine: the test takes its turns.
type stage struct {
	*Room
	t   testing.TB
	now time.Time
}

func newStage(t testing.TB, text string) *stage {
	t.Helper()
	r, err := newRoom(mustParse(t, text), "", discard())
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{r, t, time.Now()}
	s.turned = s.now
	return s
}

// newViewer returns a viewer who has come with the control key.
func newViewer() *viewer { return newGuest("", true) }

// join lets a viewer in, who has read what it was sent.
func (s *stage) join() *viewer {
	v := newViewer()
	s.handle(request{viewer: v, kind: requestJoin})
	s.read(v)
	return v
}

func (s *stage) say(v *viewer, msg ClientMessage) {
	s.handle(request{viewer: v, kind: requestMessage, msg: msg})
}

func (s *stage) turnOnce() {
	s.now = s.now.Add(FrameInterval)
	s.turn(s.now)
}

// read takes what is in a viewer's outbox.
func (s *stage) read(v *viewer) (all []incoming) {
	s.t.Helper()
	for len(v.outbox) > 0 {
		all = append(all, decodeIncoming(s.t, <-v.outbox))
	}
	return all
}

// arrive takes turns until a viewer's replay has arrived, and returns the state it is shown.
func (s *stage) arrive(v *viewer) incoming {
	s.t.Helper()
	for range 10_000 {
		s.turnOnce()
		for _, in := range s.read(v) {
			if in.Type == "state" && in.Clock.Coming == 0 {
				return in
			}
		}
	}
	s.t.Fatal("the replay does not arrive")
	return incoming{}
}

var heal = ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbHeal}}

// TestEndingRoomAnswersAll: whoever is about to join a room that breaks is told, and nobody joins it after that.
func TestEndingRoomAnswersAll(t *testing.T) {
	r := newStage(t, busy).Room
	viewers := []*viewer{newViewer(), newViewer()}
	r.inbox <- &request{viewer: viewers[0], kind: requestJoin}
	r.inbox <- &request{kind: 99} // breaks it
	r.inbox <- &request{viewer: viewers[1], kind: requestJoin}
	r.loop(t.Context())
	for i, v := range viewers {
		select {
		case <-v.ended:
		default:
			t.Fatalf("viewer %d waits for ever", i)
		}
		told := ""
		for len(v.outbox) > 0 {
			told = decodeIncoming(t, <-v.outbox).Reason
		}
		if !strings.Contains(told, "please report this scenario") || v.code != websocket.StatusGoingAway {
			t.Errorf("viewer %d is told %.60q and %d", i, told, v.code)
		}
	}
	for range 60 {
		if r.ask(t.Context(), request{viewer: newViewer(), kind: requestJoin}) {
			t.Fatal("a room that is gone takes a join")
		}
	}
}

// TestWriterEndsWithRoom: a viewer whose join came too late to be answered has its socket closed all the same.
func TestWriterEndsWithRoom(t *testing.T) {
	done := make(chan struct{})
	close(done)
	v := newViewer()
	v.reject(0, "so long")
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		conn, err := websocket.Accept(w, req, nil)
		if err != nil {
			t.Error(err)
			return
		}
		v.write(context.WithoutCancel(req.Context()), conn, done)
	}))
	defer hs.Close()
	b := dial(t, hs.URL)
	if in := b.hear(); in.Reason != "so long" {
		t.Errorf("%+v", in)
	}
	if code := b.closed(); code != websocket.StatusGoingAway {
		t.Errorf("closed with %d", code)
	}
}

// TestFullRoom: who is one too many is told to try again later.
func TestFullRoom(t *testing.T) {
	s := newStage(t, busy)
	for range MaxViewers {
		s.viewers[newViewer()] = true
	}
	v := newViewer()
	s.handle(request{viewer: v, kind: requestJoin})
	select {
	case <-v.ended:
	default:
		t.Fatal("it is let in")
	}
	if v.code != websocket.StatusTryAgainLater || !strings.Contains(v.reason, "500 viewers") {
		t.Errorf("closed with %d, %q", v.code, v.reason)
	}
}

// TestOneDeltaATurn: however much is asked for between two turns, a viewer gets one delta, with all of it; and
// none while nothing changes.
func TestOneDeltaATurn(t *testing.T) {
	s := newStage(t, busy)
	a, b := s.join(), s.join()
	past := s.join()
	s.feed.run.AdvanceTo(10 * sim.Second)
	s.say(past, ClientMessage{Type: "seek", At: 5 * sim.Second})
	s.arrive(past)
	s.read(a)
	s.read(b)
	s.say(a, ClientMessage{Type: "pause"})
	for range 3 * MaxOutbox {
		s.say(a, ClientMessage{Type: "speed", Speed: 2})
		s.say(a, ClientMessage{Type: "step"})
		s.say(past, ClientMessage{Type: "step"})
	}
	s.say(a, heal)
	for _, v := range []*viewer{a, b, past} {
		if got := s.read(v); len(got) != 0 {
			t.Fatalf("%d messages before the turn", len(got))
		}
	}
	s.turnOnce()
	for _, v := range []*viewer{a, b, past} {
		got := s.read(v)
		if len(got) != 1 || got[0].Type != "delta" || got[0].Clock.Speed != 2 || got[0].Clock.Playing || got[0].Log == nil || len(got[0].Log.Added) != 1 {
			t.Errorf("after the turn: %+v", got)
		}
	}
	s.turnOnce()
	for _, v := range []*viewer{a, b, past} {
		if got := s.read(v); len(got) != 0 {
			t.Errorf("nothing has changed, and yet %+v", got)
		}
	}
}

// TestEndedRoomIsSilent: a run that has reached its end shows it once.
func TestEndedRoomIsSilent(t *testing.T) {
	s := newStage(t, "regions us-east-1\nlane a gossip\n")
	s.feed.run.AdvanceTo(sim.MaxTime - 1)
	v := s.join()
	s.turnOnce()
	if got := s.read(v); len(got) != 1 || !got[0].Clock.Ended || got[0].Clock.Playing {
		t.Fatalf("at the end: %+v", got)
	}
	s.turnOnce()
	if got := s.read(v); len(got) != 0 {
		t.Errorf("after the end: %+v", got)
	}
}

// TestNoRoomAfterTheEnd: a server that ends waits for every room there is, and opens none meanwhile (-race tells).
func TestNoRoomAfterTheEnd(t *testing.T) {
	for range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		s, err := New(ctx, Config{Logger: discard()})
		if err != nil {
			t.Fatal(err)
		}
		scenario, name, err := s.gallery.find("")
		if err != nil {
			t.Fatal(err)
		}
		opened := make(chan *Room, 4)
		for range cap(opened) {
			go func() {
				r, _ := s.rooms.open(ctx, scenario, name, 0, netip.Prefix{}) // refused, or else waited for
				opened <- r
			}()
		}
		cancel()
		s.rooms.close()
		for range cap(opened) {
			if r := <-opened; r != nil {
				select {
				case <-r.done:
				default:
					t.Fatal("a room outlives its server")
				}
			}
		}
		if _, err := s.rooms.open(ctx, scenario, name, 0, netip.Prefix{}); err == nil {
			t.Fatal("a room is opened after the end")
		}
	}
}
