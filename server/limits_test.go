package server

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
	"netsplit/sim/study"
)

// TestRejects: each bad message gets a reject that names what was wrong, and the socket stays open.
func TestRejects(t *testing.T) {
	_, url := start(t)
	for _, c := range []struct{ message, want string }{
		{`{`, "malformed message"},
		{`{"type":"command","seq":7} {}`, "something follows"},
		{`[]`, "cannot unmarshal array"},
		{`{"type":5}`, "cannot unmarshal number"},
		{`{"type":"command","color":"red"}`, `unknown field "color"`},
		{`{"type":"dance"}`, `unknown message type "dance"`},
		{`{"type":"hello"}`, "hello already"},
		{`{"type":"command"}`, "expected a command"},
		{`{"type":"command","command":{"verb":"destroy"}}`, `unknown command "destroy"`},
		{`{"type":"command","command":{"verb":"partition","groups":[["eu2"]]}}`, `unknown region "eu2"`},
		{`{"type":"command","command":{"verb":"partition","groups":[]}}`, "expected regions"},
		{`{"type":"command","command":{"verb":"partition","groups":[["eu-west-1"],[]]}}`, "a group has no region"},
		{`{"type":"command","command":{"verb":"partition","groups":[["eu-west-1"],["eu-west-1"]]}}`, "named twice"},
		{`{"type":"command","command":{"verb":"write","region":"eu-west-1","key":"A B","value":1}}`, `key "A B"`},
		{`{"type":"command","command":{"verb":"write","region":"eu-west-1","key":"balance","value":99999999}}`, "value 99999999"},
		{`{"type":"command","command":{"verb":"write","region":"eu-west-1","key":"balance","value":1.5}}`, "cannot unmarshal number 1.5"},
		{`{"type":"command","command":{"verb":"read","region":"eu-west-1","key":"balance","as":"at-risk"}}`, `cannot be named "at-risk"`},
		{`{"type":"speed","speed":0}`, "speed: expected"},
		{`{"type":"speed","speed":1e9}`, "speed: expected"},
		{`{"type":"seek","at":-1}`, "before the start"},
	} {
		b := dial(t, url)
		b.enter(ClientMessage{})
		b.raw(websocket.MessageText, c.message)
		r := b.until("a reject", func(in incoming) bool { return in.Type == "reject" })
		if !strings.Contains(r.Reason, c.want) {
			t.Errorf("%s: %q, want %q", c.message, r.Reason, c.want)
		}
		b.until("a delta", func(in incoming) bool { return in.Type == "delta" })
	}
}

// TestCloses: what cannot be answered closes the socket with the right code.
func TestCloses(t *testing.T) {
	_, url := start(t)
	for _, c := range []struct {
		name string
		kind websocket.MessageType
		data string
		want websocket.StatusCode
	}{
		{"oversize", websocket.MessageText, `{"type":"` + strings.Repeat("x", MaxMessage) + `"}`, websocket.StatusMessageTooBig},
		{"binary", websocket.MessageBinary, `{"type":"pause"}`, websocket.StatusUnsupportedData},
		{"invalid UTF-8", websocket.MessageText, "{\"type\":\"\xff\"}", websocket.StatusInvalidFramePayloadData},
	} {
		b := dial(t, url)
		b.enter(ClientMessage{})
		b.raw(c.kind, c.data)
		if code := b.closed(); code != c.want {
			t.Errorf("%s: closed with %d, want %d", c.name, code, c.want)
		}
	}
	for _, c := range []struct{ name, data, want string }{
		{"no hello", `{"type":"pause"}`, "expected a hello first"},
		{"another engine", `{"type":"hello","engine":99}`, "engine 99"},
	} {
		b := dial(t, url)
		b.raw(websocket.MessageText, c.data)
		if r := b.hear(); r.Type != "reject" || !strings.Contains(r.Reason, c.want) {
			t.Errorf("%s: %+v", c.name, r)
		}
		if code := b.closed(); code != websocket.StatusPolicyViolation {
			t.Errorf("%s: closed with %d", c.name, code)
		}
	}
}

// TestRate: a burst is taken, a flood is rejected, and the room goes on.
func TestRate(t *testing.T) {
	_, url := start(t)
	b := dial(t, url)
	b.enter(ClientMessage{})
	for range MaxBurst + 20 {
		b.say(ClientMessage{Type: "speed", Speed: 1})
	}
	b.until("a reject", func(in incoming) bool { return in.Type == "reject" && strings.Contains(in.Reason, "slow down") })
	b.until("a delta", func(in incoming) bool { return in.Type == "delta" })
}

// TestCommandLimit: the command after the last that a run may have is refused, by name.
func TestCommandLimit(t *testing.T) {
	f, err := newFeed(mustParse(t, "regions us-east-1 eu-west-1\nlane a gossip\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sim.MaxCommands + 1 {
		cmd, err := f.run.Do(sim.Command{Verb: sim.VerbHeal})
		if last := i == sim.MaxCommands; (err != nil) != last {
			t.Fatalf("command %d: %v", i, err)
		}
		if err != nil && !strings.Contains(err.Error(), "has had its 2000 commands") {
			t.Fatal(err)
		}
		f.run.AdvanceTo(cmd.At)
	}
}

// TestOperationLimit: when no lane can take an operation any more, a visitor is told so; faults go on.
func TestOperationLimit(t *testing.T) {
	lab, err := sim.NewLab(mustParse(t, "regions us-east-1 eu-west-1 ap-south-1 sa-east-1\nlane a gossip\nworkload bank rate=200/s staggered\n"), study.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	write := sim.Command{Verb: sim.VerbWrite, Region: "eu-west-1", Key: sim.Account, Value: 1}
	if _, err := lab.Do(write); err != nil {
		t.Fatal(err)
	}
	lab.AdvanceTo(30 * sim.Second)
	errands := len(lab.Lanes()[0].Errands())
	if n := len(lab.Lanes()[0].History()); n < sim.MaxOps {
		t.Fatalf("only %d operations", n)
	}
	for _, cmd := range []sim.Command{write, {Verb: sim.VerbRead, Region: "eu-west-1", Key: sim.Account}} {
		if _, err := lab.Do(cmd); err == nil || !strings.Contains(err.Error(), "every lane has had its 20000 operations") {
			t.Errorf("%s: %v", cmd.Verb, err)
		}
	}
	if _, err := lab.Do(sim.Command{Verb: sim.VerbHeal}); err != nil {
		t.Error(err)
	}
	lab.AdvanceTo(31 * sim.Second)
	if n := len(lab.Lanes()[0].Errands()); n != errands {
		t.Errorf("%d errands after %d", n, errands)
	}
}

// TestSlowViewer: a viewer who does not read gets a fresh state later; the other misses nothing meanwhile.
func TestSlowViewer(t *testing.T) {
	r, err := newRoom(mustParse(t, "regions us-east-1 eu-west-1\nlane a gossip\nworkload bank rate=5/s staggered\n"), "", discard())
	if err != nil {
		t.Fatal(err)
	}
	slow, quick := newViewer(), newViewer()
	now := time.Now()
	r.turned = now
	for _, v := range []*viewer{slow, quick} {
		r.handle(request{viewer: v, kind: requestJoin})
	}
	var seq uint64
	for range 3 * MaxOutbox {
		now = now.Add(FrameInterval)
		r.turn(now)
		for len(quick.outbox) > 0 {
			seq = nextSeq(t, <-quick.outbox, seq)
		}
	}
	if !slow.behind || len(slow.outbox) != MaxOutbox {
		t.Fatalf("behind %v with %d messages", slow.behind, len(slow.outbox))
	}
	for len(slow.outbox) > 0 {
		<-slow.outbox
	}
	now = now.Add(FrameInterval)
	r.turn(now)
	if msg := <-slow.outbox; !strings.HasPrefix(string(msg), `{"type":"state"`) {
		t.Fatalf("after falling behind: %.60s", msg)
	}
	r.turn(now.Add(FrameInterval))
	msg := <-slow.outbox
	for decodeIncoming(t, msg).Type == "audience" {
		msg = <-slow.outbox
	}
	if !strings.HasPrefix(string(msg), `{"type":"delta"`) {
		t.Fatalf("after the state: %.60s", msg)
	}
}

// TestForeignOrigin: another site's page may not open a socket.
func TestForeignOrigin(t *testing.T) {
	_, url := start(t)
	b := dial(t, url) // our own does
	b.enter(ClientMessage{})
	_, res, err := websocket.Dial(b.ctx, "ws"+strings.TrimPrefix(url, "http")+"/socket",
		&websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://elsewhere.example"}}})
	if err == nil || res == nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("foreign origin: %v %v", res, err)
	}
}

func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// nextSeq checks that a message follows the one before.
func nextSeq(t testing.TB, msg []byte, before uint64) uint64 {
	t.Helper()
	in := decodeIncoming(t, msg)
	if in.Type == "audience" { // it tells of no moment of the run
		return before
	}
	if before != 0 && in.Seq != before+1 {
		t.Fatalf("seq %d after %d", in.Seq, before)
	}
	return in.Seq
}
