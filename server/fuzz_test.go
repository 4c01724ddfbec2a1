package server

import (
	"net/http"
	"net/netip"
	"strings"
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
	f.Add([]byte(`{"type":"ask","on":true,"name":"Ada"}`))
	f.Add([]byte(`{"type":"hand","on":true,"to":"` + strings.Repeat("a1", 32) + `"}`))
	f.Add([]byte(`{"type":"present","on":false}`))
	f.Add([]byte(`{"type":"glance","glance":{"live":false,"at":7,"lane":"a","tab":"lanes","why":{"lane":"b","kind":"damage","op":-1}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		msg, code, err := decode(websocket.MessageText, data)
		if err != nil || code != 0 {
			return
		}
		r, err := newRoom(mustParse(t, "regions us-east-1 eu-west-1\nlane a gossip\nlane b quorum n=2\nworkload bank rate=1/s staggered\n"), "", discard())
		if err != nil {
			t.Fatal(err)
		}
		r.turned = time.Now()
		viewers := []*viewer{newGuest(strings.Repeat("a1", 32), false), newGuest(strings.Repeat("b2", 32), true)}
		for _, v := range viewers {
			r.handle(request{viewer: v, kind: requestJoin})
		}
		r.handle(request{viewer: viewers[1], kind: requestMessage, msg: ClientMessage{Type: "present", On: true}})
		for range 3 {
			for _, v := range viewers {
				r.handle(request{viewer: v, kind: requestMessage, msg: msg})
			}
			r.turn(r.turned.Add(FrameInterval))
			for _, v := range viewers {
				for len(v.outbox) > 0 {
					<-v.outbox
				}
			}
		}
	})
}

// FuzzNote: no note that passes for one of another server panics the room that hears it, or has it tell viewers more than it may.
func FuzzNote(f *testing.F) {
	guest := strings.Repeat("a1", 32)
	f.Add(encode(hallNote{From: randomID(), Viewers: 3, Asks: []Guest{{guest, "Ada"}}, Floor: floor{Guest: guest, Since: 1}, Here: true, Number: 1, Glance: &Glance{Lane: "a"}}))
	f.Add(encode(hallNote{From: randomID(), Floor: floor{Since: 1 << 40, Lapsed: true}, Room: &Address{randomID(), randomID()}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := readHallNote(data)
		if err != nil {
			return
		}
		r, err := newRoom(mustParse(t, "regions us-east-1\nlane a gossip\n"), "", discard())
		if err != nil {
			t.Fatal(err)
		}
		v := newGuest(guest, true)
		r.turned = time.Now()
		r.handle(request{viewer: v, kind: requestJoin})
		r.mail.put(n)
		r.turn(r.turned.Add(AudienceInterval))
		if a := r.audienceFor(v); len(a.Asks) > MaxAsks || a.Viewers < 1 || a.Viewers > 1+MaxNotedViewers {
			t.Fatalf("the audience is %+v", a)
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
		if err := readLink(run); err != nil {
			t.Fatalf("%q: %v", run, err)
		}
	})
}

// FuzzFrame: no frame from a browser panics what reads it; what is not taken has a reason, and what is taken is short enough.
func FuzzFrame(f *testing.F) {
	f.Add(true, []byte(`{"type":"hello","engine":2,"room":"x","key":"y"}`))
	f.Add(false, []byte{0})
	f.Add(true, []byte("{\"type\":\"\xff\"}"))
	f.Add(true, []byte(`{"type":"script","text":"`+strings.Repeat("x", MaxMessage)+`"}`))
	f.Fuzz(func(t *testing.T, text bool, data []byte) {
		kind := websocket.MessageBinary
		if text {
			kind = websocket.MessageText
		}
		if err := readFrame(kind, data); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzStranger: whatever a request says of where it is from and for, it is counted to somebody, and no other name passes for ours.
func FuzzStranger(f *testing.F) {
	f.Add("127.0.0.1:1", "1.2.3.4", "localhost", "http://localhost")
	f.Add("[::1]:1", "[2001:db8::1]:5, x", "[::1]:8080", "null")
	f.Add("@", ",", "", "http://[::1")
	proxies, err := ParseProxies("127.0.0.0/8,::1")
	if err != nil {
		f.Fatal(err)
	}
	hosts, err := NewHosts("127.0.0.1:8080", []string{"demo.example"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, remote, passed, host, origin string) {
		req := &http.Request{RemoteAddr: remote, Host: host, Header: http.Header{"X-Forwarded-For": {passed}, "Origin": {origin}}}
		if p := addressOf(req, proxies); p.IsValid() && p.Bits() != 32 && p.Bits() != 64 {
			t.Errorf("counted to %s", p)
		}
		name := hostOf(host)
		if ip, err := netip.ParseAddr(name); hosts.allow(host) && name != "localhost" && name != "demo.example" && (err != nil || !ip.IsLoopback() && !ip.IsUnspecified()) {
			t.Errorf("host %q passes", host)
		}
		if o, ok := canonicalOrigin(origin); (Origins)(nil).allow(req) && (!ok || hostOf(o[strings.Index(o, "//")+2:]) != name) {
			t.Errorf("origin %q passes at host %q", origin, host)
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
	room, _ := srv.rooms.find(s.Room, s.Key)
	room.inbox <- &request{kind: 99} // of no known kind: a bug, were it to happen
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
