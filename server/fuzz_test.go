package server

import (
	"testing"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
)

// FuzzMessage: no message from a browser panics the room or stops it; what cannot be done is rejected.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"type":"command","seq":1,"command":{"verb":"partition","groups":[["eu-west-1"]]}}`))
	f.Add([]byte(`{"type":"command","command":{"verb":"read","region":"eu-west-1","key":"balance","as":"r"}}`))
	f.Add([]byte(`{"type":"seek","at":1}`))
	f.Add([]byte(`{"type":"speed","speed":1e-2}`))
	f.Add([]byte(`{"type":"hello","run":"1.AAAA"}`))
	f.Add([]byte(`{"type":"inspect","inspect":{"lane":"a","node":1,"raw":true}}`))
	f.Add([]byte(`{"type":"inspect","inspect":{"lane":"b","message":18446744073709551615}}`))
	f.Add([]byte(`{"type":"inspect","inspect":{"lane":"b","operation":1}}`))
	f.Add([]byte(`{"type":"script","text":"regions us-east-1\nlane a raft\n","at":2000000}`))
	f.Add([]byte(`{"type":"edit","edits":[{"do":"add","lane":"c","protocol":"raft","knobs":[{"name":"election","value":"2s"}]},{"do":"remove","lane":"a"}]}`))
	f.Add([]byte(`{"type":"edit","edits":[{"do":"workload","workload":"cart closed think=1s"},{"do":"set","lane":"b","name":"z"}]}`))
	f.Add([]byte(`{"type":"flap","command":{"verb":"cut","from":"us-east-1","to":"eu-west-1"},"every":20000,"for":1000000}`))
	f.Add([]byte(`{"type":"text"}`))
	f.Add([]byte(`{"type":"step","to":"message","lane":"b","back":true}`))
	f.Add([]byte(`{"type":"until","what":"convergence","lane":"a"}`))
	f.Add([]byte(`{"type":"fork","at":1}`))
	f.Add([]byte(`{"type":"undo"}`))
	f.Add([]byte(`{"type":"redo"}`))
	f.Add([]byte(`{"type":"timeline","at":1000}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		msg, code, err := decode(websocket.MessageText, data)
		if err != nil || code != 0 {
			return
		}
		r, err := newRoom(mustParse(t, "regions us-east-1 eu-west-1\nlane a gossip\nlane b quorum n=2\nworkload bank rate=1/s staggered\n"), "", discard())
		if err != nil {
			t.Fatal(err)
		}
		v := newViewer()
		r.turned = time.Now()
		r.handle(request{viewer: v, kind: requestJoin})
		for range 3 {
			r.handle(request{viewer: v, kind: requestMessage, msg: msg})
			r.turn(r.turned.Add(FrameInterval))
			for len(v.outbox) > 0 {
				<-v.outbox
			}
		}
	})
}

// FuzzRun: no link panics or inflates without bound.
func FuzzRun(f *testing.F) {
	f.Add("1.S03MTU0t5uLiAgA")
	f.Add("1.")
	f.Add("2.x")
	f.Add("at.x&at=5")
	f.Add(sim.Pack("regions us-east-1\n"))
	f.Fuzz(func(t *testing.T, run string) {
		if s, _, err := newShelf().decodeRun(run); (s == nil) == (err == nil) {
			t.Fatalf("%q: %v, %v", run, s, err)
		}
	})
}

// TestBrokenRoom: a broken invariant ends its room alone, and its viewers are told with the text that replays it.
func TestBrokenRoom(t *testing.T) {
	srv, url := start(t)
	other := dial(t, url)
	other.enter(ClientMessage{})
	b := dial(t, url)
	s := b.enter(ClientMessage{})
	room := srv.rooms.find(s.Room, s.Key)
	room.inbox <- request{kind: 99} // of no known kind: a bug, were it to happen
	r := b.until("a reject", func(in incoming) bool { return in.Type == "reject" })
	if len(r.Reason) < 100 {
		t.Errorf("reason %q", r.Reason)
	}
	if code := b.closed(); code != websocket.StatusGoingAway {
		t.Errorf("closed with %d", code)
	}
	<-room.done
	other.until("a delta", func(in incoming) bool { return in.Type == "delta" })
}
