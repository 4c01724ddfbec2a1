package server

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
	"netsplit/sim/study"
)

// start serves the playground until the test ends.
func start(t testing.TB) (*Server, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s, err := New(ctx, Config{Logger: discard()})
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(s)
	t.Cleanup(func() {
		cancel()
		s.rooms.close()
		hs.Close()
	})
	return s, hs.URL
}

// browser is the other end of a socket.
type browser struct {
	t    testing.TB
	ctx  context.Context
	conn *websocket.Conn
	seq  uint64

	company bool // messages of the audience and of the presenter are heard, too
}

// incoming is anything that the server sends.
type incoming struct {
	Type     string        `json:"type"`
	Seq      uint64        `json:"seq"`
	Of       uint64        `json:"of"`
	Reason   string        `json:"reason"`
	Room     string        `json:"room"`
	Key      string        `json:"key"`
	Title    string        `json:"title"`
	Scenario string        `json:"scenario"`
	Clock    Clock         `json:"clock"`
	Groups   []int         `json:"groups"`
	Commands []sim.Command `json:"commands"`
	Log      *LogChange    `json:"log"`

	Run       int             `json:"run"`
	Restarted *Restart        `json:"restarted"`
	Line      int             `json:"line"`
	Column    int             `json:"column"`
	Saved     string          `json:"saved"`
	Link      string          `json:"link"`
	Text      string          `json:"text"`
	Trace     string          `json:"trace"`
	At        sim.Time        `json:"at"`
	Lanes     json.RawMessage `json:"lanes"`
	Parent    *Parent         `json:"parent"`
	Branches  []Branch        `json:"branches"`

	ViewKey   string     `json:"view_key"`
	Right     Right      `json:"right"`
	Viewers   int        `json:"viewers"`
	Guest     string     `json:"guest"`
	Presenter string     `json:"presenter"`
	Asks      []Guest    `json:"asks"`
	Hands     []Guest    `json:"hands"`
	Shown     *Presented `json:"-"` // of a glance
}

func dial(t testing.TB, url string) *browser {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(url, "http")+"/socket", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { conn.CloseNow() })
	return &browser{t: t, ctx: ctx, conn: conn}
}

func (b *browser) raw(kind websocket.MessageType, data string) {
	b.t.Helper()
	if err := b.conn.Write(b.ctx, kind, []byte(data)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) say(msg ClientMessage) uint64 {
	b.t.Helper()
	b.seq++
	msg.Seq = b.seq
	b.raw(websocket.MessageText, string(encode(msg)))
	return b.seq
}

func (b *browser) hear() incoming {
	b.t.Helper()
	for {
		_, data, err := b.conn.Read(b.ctx)
		if err != nil {
			b.t.Fatal(err)
		}
		if in := decodeIncoming(b.t, data); b.company || in.Type != "audience" && in.Type != "glance" {
			return in
		}
	}
}

func decodeIncoming(t testing.TB, data []byte) incoming {
	t.Helper()
	var in incoming
	var what any = &in
	if in.Shown = new(Presented); strings.HasPrefix(string(data), `{"type":"glance"`) { // its room is an address
		what = in.Shown
	}
	if err := json.Unmarshal(data, what); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	if in.Type == "" {
		in.Type, in.Seq = in.Shown.Type, in.Shown.Seq
	}
	return in
}

// until reads messages until one passes.
func (b *browser) until(what string, passes func(incoming) bool) incoming {
	b.t.Helper()
	for range 3000 {
		if in := b.hear(); passes(in) {
			return in
		}
	}
	b.t.Fatalf("no message with %s", what)
	return incoming{}
}

// enter says hello and returns the state.
func (b *browser) enter(hello ClientMessage) incoming {
	b.t.Helper()
	hello.Type = "hello"
	b.say(hello)
	return b.until("a state", func(in incoming) bool { return in.Type == "state" })
}

func (b *browser) closed() websocket.StatusCode {
	b.t.Helper()
	for {
		if _, _, err := b.conn.Read(b.ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// TestDeltasAreNumbered: a state comes first, then deltas, each one more than the one before, with the clock moving.
func TestDeltasAreNumbered(t *testing.T) {
	_, url := start(t)
	b := dial(t, url)
	s := b.enter(ClientMessage{Engine: sim.Engine})
	if s.Room == "" || s.Key == "" || s.Scenario != DefaultScenario || !s.Clock.Live || !s.Clock.Playing {
		t.Fatalf("state: %+v", s)
	}
	seq, at := s.Seq, s.Clock.At
	for range 10 {
		d := b.hear()
		if d.Type != "delta" || d.Seq != seq+1 || d.Clock.At <= at {
			t.Fatalf("after seq %d at %s: %+v", seq, at, d)
		}
		seq, at = d.Seq, d.Clock.At
	}
}

// TestCommandHitsAllLanesAtOnce: a partition is in the log and in force at one instant, and the script's own
// faults are dropped.
func TestCommandHitsAllLanesAtOnce(t *testing.T) {
	_, url := start(t)
	b := dial(t, url)
	s := b.enter(ClientMessage{})
	if len(s.Commands) == 0 {
		t.Fatal("the default scenario has no scripted faults")
	}
	b.say(ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbPartition, Groups: [][]string{{"ap-south-1"}}}})
	d := b.until("groups", func(in incoming) bool { return in.Groups != nil })
	if d.Groups[0] == d.Groups[2] || d.Groups[0] != d.Groups[1] {
		t.Errorf("groups %v", d.Groups)
	}
	if d.Log == nil || d.Log.From != 0 || d.Log.Dropped != len(s.Commands) || len(d.Log.Added) != 1 {
		t.Fatalf("log %+v", d.Log)
	}
	cmd := d.Log.Added[0]
	if cmd.At > d.Clock.At || cmd.Groups[0][0] != "ap-south-1" {
		t.Errorf("command %+v at %s", cmd, d.Clock.At)
	}
	var lanes []struct {
		Stories []Story `json:"stories"`
	}
	if err := json.Unmarshal(d.Lanes, &lanes); err != nil {
		t.Fatal(err)
	}
	for i, l := range lanes {
		if len(l.Stories) == 0 || l.Stories[0].Kind != sim.NotePartition || l.Stories[0].At != cmd.At {
			t.Errorf("lane %d: %+v", i, l.Stories)
		}
	}
}

// TestRoomResumes: whoever comes back with room and key finds the run where it stood; a wrong key opens another.
func TestRoomResumes(t *testing.T) {
	_, url := start(t)
	first := dial(t, url)
	s := first.enter(ClientMessage{})
	last := first.until("100 virtual milliseconds", func(in incoming) bool { return in.Clock.At > 100*sim.Millisecond })
	first.conn.CloseNow()

	time.Sleep(300 * time.Millisecond) // nobody watches: the clock stands still
	again := dial(t, url).enter(ClientMessage{Room: s.Room, Key: s.Key})
	if again.Room != s.Room || again.Clock.At < last.Clock.At || again.Clock.At > last.Clock.At+100*sim.Millisecond {
		t.Errorf("left %s at %s, back in %s at %s", s.Room, last.Clock.At, again.Room, again.Clock.At)
	}
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello", Room: s.Room, Key: "guess"})
	if r := b.hear(); r.Type != "reject" || !strings.Contains(r.Reason, "key") {
		t.Errorf("wrong key: %+v", r)
	}
	if other := b.hear(); other.Type != "state" || other.Room == s.Room {
		t.Errorf("wrong key: %+v", other)
	}
}

// TestTwoViewersOneRoom: both see the same deltas; one's bad messages do not touch the other.
func TestTwoViewersOneRoom(t *testing.T) {
	_, url := start(t)
	a := dial(t, url)
	s := a.enter(ClientMessage{})
	b := dial(t, url)
	b.enter(ClientMessage{Room: s.Room, Key: s.Key})
	b.raw(websocket.MessageBinary, "\x00")
	if code := b.closed(); code != websocket.StatusUnsupportedData {
		t.Errorf("binary: closed with %d", code)
	}
	seq := s.Seq
	for range 10 {
		if d := a.hear(); d.Seq != seq+1 {
			t.Fatalf("seq %d after %d", d.Seq, seq)
		}
		seq++
	}
}

// TestSeek: a viewer looks at a moment before the edge, sees what was there, may not act there, plays on and
// comes back to the edge. The other viewer stays live.
func TestSeek(t *testing.T) {
	_, url := start(t)
	a := dial(t, url)
	s := a.enter(ClientMessage{})
	a.say(ClientMessage{Type: "speed", Speed: 20})
	a.until("8 s", func(in incoming) bool { return in.Clock.At > 8*sim.Second })
	a.say(ClientMessage{Type: "speed", Speed: 1})

	b := dial(t, url)
	b.enter(ClientMessage{Room: s.Room, Key: s.Key})
	b.say(ClientMessage{Type: "seek", At: 4 * sim.Second})
	past := b.until("a state", func(in incoming) bool { return in.Type == "state" && in.Clock.Coming == 0 })
	if past.Clock.At != 4*sim.Second || past.Clock.Live || past.Clock.Edge < 8*sim.Second {
		t.Fatalf("sought 4 s: %+v", past.Clock)
	}
	if past.Groups[0] == past.Groups[1] {
		t.Errorf("at 4 s Europe is away in this scenario; groups %v", past.Groups)
	}
	seq := b.say(ClientMessage{Type: "command", Command: &sim.Command{Verb: sim.VerbHeal}})
	if r := b.until("a reject", func(in incoming) bool { return in.Type == "reject" }); r.Of != seq || !strings.Contains(r.Reason, "live") {
		t.Errorf("acting in the past: %+v", r)
	}
	b.say(ClientMessage{Type: "step"})
	if d := b.until("a step", func(in incoming) bool { return in.Type == "delta" }); d.Clock.At <= 4*sim.Second || d.Clock.Live {
		t.Errorf("step: %+v", d.Clock)
	}
	if d := a.until("a delta", func(in incoming) bool { return in.Type == "delta" }); !d.Clock.Live || d.Clock.At < 8*sim.Second {
		t.Errorf("the other viewer: %+v", d.Clock)
	}
	a.say(ClientMessage{Type: "pause"}) // the edge waits
	b.say(ClientMessage{Type: "speed", Speed: 100})
	b.say(ClientMessage{Type: "play"})
	b.until("being live again", func(in incoming) bool { return in.Type == "state" && in.Clock.Live })
}

// TestSeekShowsWhatWasThere compares the state after a seek with a headless run of the same text.
func TestSeekShowsWhatWasThere(t *testing.T) {
	srv, url := start(t)
	b := dial(t, url)
	b.enter(ClientMessage{Scenario: "reunion"})
	b.say(ClientMessage{Type: "speed", Speed: 50})
	b.until("10 s", func(in incoming) bool { return in.Clock.At > 10*sim.Second })
	for _, at := range []sim.Time{8 * sim.Second, sim.Second, 3*sim.Second + 1, 5500 * sim.Millisecond} {
		b.say(ClientMessage{Type: "seek", At: at})
		got := b.until("a state", func(in incoming) bool { return in.Type == "state" && in.Clock.Coming == 0 })
		f, err := newFeed(srv.gallery.byKey["reunion"])
		if err != nil {
			t.Fatal(err)
		}
		f.run.AdvanceTo(at)
		f.delta(Clock{})
		want := f.state(Clock{})
		lanes, err := json.Marshal(want.Lanes)
		if err != nil {
			t.Fatal(err)
		}
		if string(lanes) != string(got.Lanes) {
			t.Errorf("at %s:\ngot  %s\nwant %s", at, got.Lanes, lanes)
		}
	}
}

// TestRun: a link's text becomes a room; a bad one is named, and the default takes its place.
func TestRun(t *testing.T) {
	_, url := start(t)
	text := "title Mine\nregions us-east-1 eu-west-1\nlane a gossip\n"
	if s := dial(t, url).enter(ClientMessage{Run: sim.Pack(text)}); s.Title != "Mine" || s.Scenario != "" {
		t.Errorf("%+v", s)
	}
	for run, want := range map[string]string{
		"x.y":                              `"2."`,
		"1.???":                            "base64url",
		"1.AAAA":                           "damaged",
		sim.Pack("regions Atlantis"):       "1:9",
		sim.Pack(strings.Repeat("#", 2e6)): "its text is over 65536 bytes",
	} {
		b := dial(t, url)
		b.say(ClientMessage{Type: "hello", Run: run})
		if r := b.hear(); r.Type != "reject" || !strings.Contains(r.Reason, want) {
			t.Errorf("%.20q: %+v, want %q", run, r, want)
		}
		if s := b.hear(); s.Type != "state" || s.Scenario != DefaultScenario {
			t.Errorf("%.20q: %+v", run, s)
		}
	}
}

// TestPlayPauseStepSpeed drives the room's clock.
func TestPlayPauseStepSpeed(t *testing.T) {
	_, url := start(t)
	b := dial(t, url)
	b.enter(ClientMessage{})
	b.say(ClientMessage{Type: "pause"})
	d := b.until("a pause", func(in incoming) bool { return !in.Clock.Playing })
	at := d.Clock.At
	b.say(ClientMessage{Type: "step"})
	if d = b.hear(); d.Clock.At <= at || d.Clock.Playing {
		t.Errorf("step from %s: %+v", at, d.Clock)
	}
	b.say(ClientMessage{Type: "speed", Speed: 5})
	b.say(ClientMessage{Type: "play"})
	b.until("speed", func(in incoming) bool { return in.Clock.Playing && in.Clock.Speed == 5 && in.Clock.At > at+sim.Second })
}

func mustParse(t testing.TB, text string) *sim.Scenario {
	t.Helper()
	s, err := study.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// unmarshal reads a message and returns its type.
func unmarshal(t testing.TB, data []byte, into any) string {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return decodeIncoming(t, data).Type
}
