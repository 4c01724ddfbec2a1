package server

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"netsplit/sim"
)

// company enters a room as a guest who hears all that is said there.
func company(t testing.TB, url string, hello ClientMessage) (*browser, incoming) {
	t.Helper()
	b := dial(t, url)
	b.company = true
	return b, b.enter(hello)
}

// answer says something under an id and returns what comes of it: an ack, or a reject.
func (b *browser) answer(id string, msg ClientMessage) incoming {
	b.t.Helper()
	msg.ID = id
	seq := b.say(msg)
	return b.until("an answer to "+msg.Type, func(in incoming) bool { return (in.Type == "ack" || in.Type == "reject") && in.Of == seq })
}

// standing opens a room that stands still, as a holder of its control key, and returns the state that others find.
func standing(t testing.TB, url string) (*browser, incoming) {
	t.Helper()
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello", Guest: randomID(), Run: sim.Pack("regions us-east-1 eu-west-1\nlane a gossip\nlane b raft\nworkload bank rate=5/s staggered\n"), At: sim.Second})
	s := b.until("a state", func(in incoming) bool { return in.Type == "state" && in.Clock.Coming == 0 })
	b.company = true
	return b, s
}

// everything has a message of every type.
func everything() map[string]ClientMessage {
	write := sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: 7}
	cut := sim.Command{Verb: sim.VerbCrash, Node: "eu-west-1/1"}
	node := sim.Addr(0)
	return map[string]ClientMessage{
		"hello": {}, "command": {Command: &write}, "script": {Text: "regions us-east-1\nlane z gossip\n"}, "edit": {Edits: []sim.Edit{{Do: sim.EditRemove, Lane: "b"}}},
		"flap": {Command: &cut, Every: sim.Second, For: 4 * sim.Second}, "text": {}, "share": {}, "series": {}, "timeline": {}, "play": {}, "pause": {}, "speed": {Speed: 2},
		"step": {To: "event"}, "until": {What: "operation"}, "seek": {At: 100 * sim.Millisecond}, "live": {}, "inspect": {Inspect: &Inspect{Lane: "a", Node: &node}},
		"fork": {At: 500 * sim.Millisecond}, "undo": {}, "redo": {}, "luck": {Seeds: 1}, "turning": {What: "linearizable", Lane: "a"}, "find": {What: "linearizable", Lane: "a", Seeds: 1},
		"matrix": {Seeds: 1}, "cancel": {}, "ask": {On: true, Name: "Ada"}, "hand": {To: strings.Repeat("ab", 32), On: true}, "present": {On: true},
		"glance": {Glance: &Glance{Live: true}}, "follow": {On: true},
	}
}

func (l *memoryLog) of(room string) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.room(room).entries)
}

// TestEveryMessageHasItsRight: what a room carries out is what messageRights has, and everything has an example of.
func TestEveryMessageHasItsRight(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "room_handle.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var carried, listed []string
	ast.Inspect(f, func(n ast.Node) bool {
		if fn, ok := n.(*ast.FuncDecl); ok && fn.Name.Name != "carryOut" {
			return false
		}
		if c, ok := n.(*ast.CaseClause); ok {
			for _, e := range c.List {
				word, err := strconv.Unquote(e.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				carried = append(carried, word)
			}
		}
		return true
	})
	for _, m := range messageRights {
		if listed = append(listed, m.kind); m.takes != RightControl && m.takes != RightView {
			t.Errorf("%s takes %q", m.kind, m.takes)
		}
		if _, ok := everything()[m.kind]; !ok {
			t.Errorf("there is no example of %s", m.kind)
		}
	}
	slices.Sort(carried)
	slices.Sort(listed)
	if len(carried) < 29 || !slices.Equal(carried, listed) {
		t.Errorf("carried out are %v, rights have %v", carried, listed)
	}
}

// TestViewerRefused: who has the view key may send what it likes: all that acts is refused, by reason and in the figures, and neither the run
// nor its log knows of it; all that looks is answered.
func TestViewerRefused(t *testing.T) {
	log := newMemoryLog()
	srv, url := startWith(t, log)
	owner, room := standing(t, url)
	owner.say(ClientMessage{Type: "speed", Speed: 0.5})
	owner.await("the speed", func(in incoming) bool { return in.Type == "delta" && in.Clock.Speed == 0.5 })
	before, entries := owner.saved(), log.of(room.Room)
	refused := 0
	for _, m := range messageRights {
		v, s := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey, Guest: randomID()})
		if s.Room != room.Room || s.Right != RightView || s.Key != "" || s.ViewKey != room.ViewKey {
			t.Fatalf("entered by the view key: %s, %q, %q", s.Room, s.Right, s.Key)
		}
		msg := everything()[m.kind]
		msg.Type = m.kind
		got := v.answer("try-"+m.kind, msg)
		if m.takes == RightControl {
			if refused++; got.Type != "reject" || got.Reason != errWatching.Error() {
				t.Errorf("%s: %s %q", m.kind, got.Type, got.Reason)
			}
		} else if m.kind != "hello" && m.kind != "cancel" && got.Type != "ack" || got.Reason == errWatching.Error() {
			t.Errorf("%s, which looks: %s %q", m.kind, got.Type, got.Reason)
		}
		v.conn.CloseNow()
	}
	v, _ := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey})
	if got := v.answer("x", ClientMessage{Type: "sudo"}); got.Type != "reject" || !strings.Contains(got.Reason, "unknown message type") {
		t.Errorf("a type that nobody knows: %s %q", got.Type, got.Reason)
	}
	if after := owner.saved(); after.Trace != before.Trace || after.Text != before.Text || after.At != before.At {
		t.Errorf("the run was at %s\n%s\nand is at %s\n%s", before.At, before.Text, after.At, after.Text)
	}
	if now := log.of(room.Room); !slices.Equal(now, entries) {
		t.Errorf("the log was %v and is %v", entries, now)
	}
	w := httptest.NewRecorder()
	srv.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if want := "netsplit_rejects_total{reason=\"right\"} " + strconv.Itoa(refused) + "\n"; refused < 15 || !strings.Contains(w.Body.String(), want) {
		t.Errorf("%d are refused, which the figures do not say", refused)
	}
}

// TestWrongKeys: nobody enters a room by a key of another, by a damaged one, or by what its log has of its keys, be it awake or asleep; and the
// view key is no control key.
func TestWrongKeys(t *testing.T) {
	dir := t.TempDir()
	_, url, end := startIn(t, dir)
	owner, room := standing(t, url)
	_, other := standing(t, url)
	flipped := []byte(room.Key)
	flipped[5] ^= 1
	wrong := map[string]string{"another room's control key": other.Key, "another room's view key": other.ViewKey, "no key": "", "a damaged key": string(flipped),
		"a part of the key": room.Key[:21], "more than the key": room.Key + "A", "the key's sum": sumOf(room.Key), "the view key's sum": sumOf(room.ViewKey),
		"the room's name": room.Room, "the view key of the view key": viewKeyOf(room.ViewKey)}
	try := func(when, url string) {
		for what, key := range wrong {
			b := dial(t, url)
			b.say(ClientMessage{Type: "hello", Room: room.Room, Key: key})
			if notice := b.hear(); notice.Type != "reject" || notice.Reason != notThere {
				t.Errorf("%s, %s: %s %q", what, when, notice.Type, notice.Reason)
			}
			if s := b.until("a state", func(in incoming) bool { return in.Type == "state" }); s.Room == room.Room {
				t.Errorf("%s opens the room %s", what, when)
			}
			b.conn.CloseNow()
		}
	}
	try("awake", url)
	owner.conn.CloseNow()
	end()
	_, url, end = startIn(t, dir)
	try("asleep", url)
	v, s := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey})
	if s.Room != room.Room || s.Right != RightView || s.Key != "" {
		t.Errorf("the view key wakes %s with %q", s.Room, s.Right)
	}
	play := ClientMessage{Type: "play"}
	if got := v.answer("p", play); got.Reason != errWatching.Error() {
		t.Errorf("a view key controls: %+v", got)
	}
	o, s := company(t, url, ClientMessage{Room: room.Room, Key: room.Key})
	if s.Room != room.Room || s.Right != RightControl || s.Key != room.Key || s.ViewKey != room.ViewKey {
		t.Errorf("the control key, after a view key: %s, %q", s.Room, s.Right)
	}
	if got := o.answer("p", play); got.Type != "ack" {
		t.Errorf("a control key does not control: %+v", got)
	}
	end()
}

// TestKinWithoutKeys: viewers are told of a room's branches by their view keys, and who wakes a room by its view key of none, until somebody comes who has the control key.
func TestKinWithoutKeys(t *testing.T) {
	dir := t.TempDir()
	_, url, end := startIn(t, dir)
	owner, room := standing(t, url)
	v, _ := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey})
	owner.say(ClientMessage{Type: "fork", At: sim.Second / 2})
	branch := owner.await("a branch", func(in incoming) bool { return in.Type == "forked" })
	told := func(b *browser, key string) {
		t.Helper()
		got := b.until("a branch", func(in incoming) bool { return len(in.Branches) > 0 })
		if got.Branches[0].Room != branch.Room || got.Branches[0].Key != key {
			t.Errorf("told of %+v, not of %s", got.Branches, key)
		}
	}
	told(owner, branch.Key)
	told(v, viewKeyOf(branch.Key))
	_, s := company(t, url, ClientMessage{Room: branch.Room, Key: viewKeyOf(branch.Key)})
	if s.Right != RightView || s.Parent == nil || s.Parent.Key != room.ViewKey {
		t.Errorf("in the branch: %q, of %+v", s.Right, s.Parent)
	}
	end()

	_, url, end = startIn(t, dir)
	v, s = company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey})
	b, child := company(t, url, ClientMessage{Room: branch.Room, Key: viewKeyOf(branch.Key)})
	if len(s.Branches) != 0 || child.Parent != nil {
		t.Errorf("without the control key: %+v, %+v", s.Branches, child.Parent)
	}
	owner, s = company(t, url, ClientMessage{Room: room.Room, Key: room.Key})
	if len(s.Branches) != 1 || s.Branches[0].Key != branch.Key {
		t.Errorf("with the control key: %+v", s.Branches)
	}
	told(v, viewKeyOf(branch.Key))
	b.conn.CloseNow()
	_, child = company(t, url, ClientMessage{Room: branch.Room, Key: branch.Key})
	if child.Parent == nil || child.Parent.Key != room.Key {
		t.Errorf("the branch is of %+v", child.Parent)
	}
	owner.conn.CloseNow()
	end()
}

// TestOldLog: a room whose log has no sum of its view key wakes for the control key, and after that for the view key too; its next run writes that down.
func TestOldLog(t *testing.T) {
	log := newMemoryLog()
	_, url := startWith(t, log)
	_, room := standing(t, url)
	begin := log.of(room.Room)[0]
	old := newMemoryLog()
	line := strings.Replace(begin.Line, `"view":"`+sumOf(room.ViewKey)+`",`, "", 1)
	if line == begin.Line {
		t.Fatalf("the log says nothing of the view key: %s", line)
	}
	if _, err := old.Append(t.Context(), room.Room, 0, begin.ID, line); err != nil {
		t.Fatal(err)
	}
	_, url = startWith(t, old)
	if _, s := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey}); s.Room == room.Room {
		t.Error("it wakes for a view key that it cannot know")
	}
	owner, s := company(t, url, ClientMessage{Room: room.Room, Key: room.Key})
	if s.Room != room.Room || s.Right != RightControl || s.ViewKey != room.ViewKey {
		t.Fatalf("the control key: %s, %q", s.Room, s.Right)
	}
	if _, s = company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey}); s.Room != room.Room || s.Right != RightView {
		t.Errorf("then the view key: %s, %q", s.Room, s.Right)
	}
	owner.until("the end of the way", func(in incoming) bool { return in.Type != "audience" && in.Clock.Coming == 0 })
	owner.done(ClientMessage{Type: "script", ID: "s", Text: "regions us-east-1\nlane a gossip\n"})
	if last := old.of(room.Room); !strings.Contains(last[len(last)-1].Line, sumOf(room.ViewKey)) {
		t.Errorf("the next run says nothing of it: %s", last[len(last)-1].Line)
	}
}

// TestNoKeysInLogs: whatever happens in a room, the server's own log has no key, no token and no name of it.
func TestNoKeysInLogs(t *testing.T) {
	var text lockedBuffer
	log := sharedMemory{newMemoryLog()}
	_, addr, end := serving(t, Config{Logger: slog.New(slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug})), Log: log})
	url := "http://" + addr
	owner, room := standing(t, url)
	token := randomID()
	v, _ := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey, Guest: token})
	v.answer("a", ClientMessage{Type: "ask", On: true, Name: "Ada Lovelace"})
	guest, err := guestOf(token)
	if err != nil {
		t.Fatal(err)
	}
	owner.answer("h", ClientMessage{Type: "hand", To: guest, On: true})
	v.answer("p", ClientMessage{Type: "present", On: true})
	v.answer("n", ClientMessage{Type: "ask", On: true, Name: "Eve\u202e"})
	bad := dial(t, url)
	bad.say(ClientMessage{Type: "hello", Guest: token + "x"})
	if got := bad.hear(); !strings.HasPrefix(got.Reason, "hello: guest:") || strings.Contains(got.Reason, token) {
		t.Errorf("a damaged guest token: %q", got.Reason)
	}
	damaged := dial(t, url)
	damaged.enter(ClientMessage{Room: room.Room, Key: room.Key + "x"})
	owner.say(ClientMessage{Type: "fork", At: sim.Second / 2})
	branch := owner.await("a branch", func(in incoming) bool { return in.Type == "forked" })
	if _, err := log.Append(t.Context(), room.Room, uint64(len(log.of(room.Room))), "broken", "at 1s crash nowhere"); err != nil { // breaks the room, which says so
		t.Fatal(err)
	}
	owner.closed()
	if err := end(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(text.String(), "room broke") {
		t.Errorf("the log says little:\n%s", text.String())
	}
	for _, secret := range []string{room.Key, room.ViewKey, token, branch.Key, viewKeyOf(branch.Key), "Lovelace", "Eve"} {
		if strings.Contains(text.String(), secret) {
			t.Errorf("the log has %q:\n%s", secret, text.String())
		}
	}
	for _, e := range log.of(room.Room) {
		for _, secret := range []string{room.Key, room.ViewKey, token, branch.Key, "Lovelace"} {
			if strings.Contains(e.Line, secret) {
				t.Errorf("the room's log has %q: %s", secret, e.Line)
			}
		}
	}
}

// lockedBuffer is written by many.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
