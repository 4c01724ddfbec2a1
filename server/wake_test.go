package server

import (
	"context"
	"net/http/httptest"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/study"
)

// newIn returns a server with a data directory, and what ends it.
func newIn(t testing.TB, dir string) (s *Server, end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	log, err := OpenFileLog(ctx, dir, discard())
	if err != nil {
		t.Fatal(err)
	}
	if s, err = New(ctx, Config{Logger: discard(), Log: log, Shelf: dir + "/shelf"}); err != nil {
		t.Fatal(err)
	}
	return s, func() {
		cancel()
		s.rooms.close()
		log.Close() //nolint:errcheck // it is a lock
	}
}

// startIn serves the playground with a data directory, and returns what ends the server.
func startIn(t testing.TB, dir string) (*Server, string, func()) {
	t.Helper()
	s, stop := newIn(t, dir)
	hs := httptest.NewServer(s)
	end := func() {
		stop()
		hs.Close()
	}
	t.Cleanup(end)
	return s, hs.URL, end
}

// await reads messages until one passes.
func (b *browser) await(what string, pass func(incoming) bool) incoming {
	b.t.Helper()
	for range 10_000 {
		in := b.hear()
		if pass(in) {
			return in
		}
		if in.Type == "reject" && in.Of != 0 && !strings.HasPrefix(what, "reject") {
			b.t.Fatalf("waiting for %s: %s", what, in.Reason)
		}
	}
	b.t.Fatalf("there was no %s", what)
	return incoming{}
}

// back enters a room again and waits until it is where it was.
func back(t testing.TB, url, room, key string) (*browser, incoming) {
	t.Helper()
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello", Room: room, Key: key})
	return b, b.until("state", func(in incoming) bool { return in.Type == "state" && in.Clock.Coming == 0 })
}

// done says something under an id and waits until it is acknowledged.
func (b *browser) done(msg ClientMessage) {
	b.t.Helper()
	seq := b.say(msg)
	b.await("ack", func(in incoming) bool { return in.Type == "ack" && in.Of == seq })
}

// saved asks for the run as a text.
func (b *browser) saved() incoming {
	b.t.Helper()
	b.say(ClientMessage{Type: "text"})
	return b.await("script", func(in incoming) bool { return in.Type == "script" })
}

// TestRoomsOutliveTheServer: a server that starts with the directory of another has its rooms, as they were: text, commands and their
// times, what a takeover has dropped, flaps, pace, runs, kin; and what is undone there.
func TestRoomsOutliveTheServer(t *testing.T) {
	dir := t.TempDir()
	_, url, end := startIn(t, dir)
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello"})
	first := b.await("state", func(in incoming) bool { return in.Type == "state" })
	const text = "seed 7\nregions us-east-1 eu-west-1\nlane a gossip\nlane b quorum n=2\nworkload bank rate=5/s staggered\nat 50s partition eu-west-1\nat 60s write us-east-1 balance 7\n"
	b.done(ClientMessage{Type: "script", ID: "script", Text: text, At: 2 * sim.Second})
	b.await("state", func(in incoming) bool { return in.Type == "state" && in.Run == 2 && in.Clock.Coming == 0 })
	b.say(ClientMessage{Type: "speed", Speed: 3})
	cut := sim.Command{Verb: sim.VerbCrash, Node: "eu-west-1/1"}
	b.done(ClientMessage{Type: "flap", ID: "flap", Command: &cut, Every: 20 * sim.Second, For: 40 * sim.Second})
	write := sim.Command{Verb: sim.VerbWrite, Region: "eu-west-1", Key: "balance", Value: 5}
	b.done(ClientMessage{Type: "command", ID: "write", Command: &write})
	b.say(ClientMessage{Type: "pause"})
	b.await("pause", func(in incoming) bool { return in.Type == "delta" && !in.Clock.Playing })
	b.say(ClientMessage{Type: "fork", At: sim.Second})
	branch := b.await("forked", func(in incoming) bool { return in.Type == "forked" })
	before := b.saved()
	if strings.Contains(before.Text, "partition") || !strings.Contains(before.Text, "at 60s write") {
		t.Fatalf("the user's first fault has not taken over:\n%s", before.Text)
	}
	end()

	_, url, end = startIn(t, dir)
	b, state := back(t, url, first.Room, first.Key)
	if state.Run != 2 || state.Clock.Playing || state.Clock.Speed != 3 || state.Restarted == nil || state.Restarted.By != "script" {
		t.Errorf("it is now run %d at %+v, %+v", state.Run, state.Clock, state.Restarted)
	}
	if len(state.Branches) != 1 || state.Branches[0].Room != branch.Room || state.Branches[0].Key != branch.Key {
		t.Errorf("its branches are %+v, not %+v", state.Branches, branch)
	}
	if after := b.saved(); after.Text != before.Text || after.Trace != before.Trace || after.At != before.At {
		t.Errorf("was at %s\n%s\nis at %s\n%s", before.At, before.Text, after.At, after.Text)
	}
	_, child := back(t, url, branch.Room, branch.Key)
	if child.Parent == nil || child.Parent.Room != first.Room || child.Parent.Key != first.Key || child.Clock.At != sim.Second {
		t.Errorf("the branch's parent is %+v, at %+v", child.Parent, child.Clock)
	}
	b.done(ClientMessage{Type: "command", ID: "write", Command: &write}) // sent again: done already
	b.say(ClientMessage{Type: "undo"})
	undone := b.await("forked", func(in incoming) bool { return in.Type == "forked" })
	u, state := back(t, url, undone.Room, undone.Key)
	if n := len(state.Commands); n != 1+4 || state.Commands[n-1].At != 60*sim.Second {
		t.Errorf("without the write there are %+v", state.Commands)
	}
	u.say(ClientMessage{Type: "undo"})
	undone = u.await("forked", func(in incoming) bool { return in.Type == "forked" })
	if _, state = back(t, url, undone.Room, undone.Key); len(state.Commands) != 2 || state.Commands[0].Verb != sim.VerbPartition {
		t.Errorf("without the flapping there are %+v", state.Commands)
	}
	end()

	_, url, _ = startIn(t, dir)
	if _, again := back(t, url, undone.Room, undone.Key); !reflect.DeepEqual(again.Commands, state.Commands) || again.Parent == nil || again.Parent.Room != state.Parent.Room {
		t.Errorf("the branch of a branch: %+v", again)
	}
}

// TestKeysAreNotStored: nothing in the data directory opens a room.
func TestKeysAreNotStored(t *testing.T) {
	dir := t.TempDir()
	_, url, end := startIn(t, dir)
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello"})
	first := b.await("state", func(in incoming) bool { return in.Type == "state" })
	b.say(ClientMessage{Type: "fork"})
	branch := b.await("forked", func(in incoming) bool { return in.Type == "forked" })
	end()
	for _, room := range []string{first.Room, branch.Room} {
		data, err := os.ReadFile(dir + "/rooms/" + room + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{first.Key, branch.Key} {
			if strings.Contains(string(data), key) {
				t.Errorf("the key %s stands in\n%s", key, data)
			}
		}
	}
	_, url, _ = startIn(t, dir)
	if _, other := back(t, url, first.Room, branch.Key); other.Room == first.Room {
		t.Error("a wrong key opens a room that sleeps")
	}
}

// TestLogFileIsTheRun: netsplit run of a room's file comes to the trace that the room had.
func TestLogFileIsTheRun(t *testing.T) {
	dir := t.TempDir()
	_, url, end := startIn(t, dir)
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello"})
	first := b.await("state", func(in incoming) bool { return in.Type == "state" })
	b.done(ClientMessage{Type: "command", ID: "part", Command: &sim.Command{Verb: sim.VerbPartition, Groups: [][]string{{"eu-west-1"}}}})
	b.say(ClientMessage{Type: "pause"})
	b.await("pause", func(in incoming) bool { return in.Type == "delta" && !in.Clock.Playing })
	saved := b.saved()
	end()
	data, err := os.ReadFile(dir + "/rooms/" + first.Room + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	s := mustParse(t, sim.Bare(string(data)))
	s.End = mustParse(t, saved.Text).End
	if s.String() != saved.Text {
		t.Errorf("the file is\n%s\nthe run\n%s", s.String(), saved.Text)
	}
	run, err := study.New(s)
	if err != nil {
		t.Fatal(err)
	}
	if run.AdvanceTo(saved.At); run.Trace() != saved.Trace {
		t.Error("the file's trace is another than the room's")
	}
}

// TestDamagedRoom: who enters a room whose log is damaged is told so, and finds what stands before the damage; other rooms are as they were.
func TestDamagedRoom(t *testing.T) {
	dir := t.TempDir()
	_, url, end := startIn(t, dir)
	var rooms [2]incoming
	for i := range rooms {
		b := dial(t, url)
		b.say(ClientMessage{Type: "hello", Run: sim.Pack("regions us-east-1\nlane a gossip\n")})
		rooms[i] = b.await("state", func(in incoming) bool { return in.Type == "state" })
		for _, id := range []string{"one", "two"} {
			b.done(ClientMessage{Type: "command", ID: id, Command: &sim.Command{Verb: sim.VerbHeal}})
		}
	}
	end()
	file := dir + "/rooms/" + rooms[0].Room + ".txt"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.LastIndex(string(data), " heal")
	data[at+1] ^= 1
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	_, url, _ = startIn(t, dir)
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello", Room: rooms[0].Room, Key: rooms[0].Key})
	notice := b.await("reject", func(in incoming) bool { return in.Type == "reject" })
	state := b.await("state", func(in incoming) bool { return in.Type == "state" && in.Clock.Coming == 0 })
	if !strings.Contains(notice.Reason, "is damaged at line") || state.Room != rooms[0].Room || len(state.Commands) != 1 {
		t.Errorf("told %q, and shown %+v", notice.Reason, state.Commands)
	}
	b.done(ClientMessage{Type: "command", ID: "three", Command: &sim.Command{Verb: sim.VerbHeal}})
	if _, state := back(t, url, rooms[1].Room, rooms[1].Key); len(state.Commands) != 2 {
		t.Errorf("the other room: %+v", state.Commands)
	}
}

// TestShelfOutlivesTheServer: a text that was shared by an id is there after a new start, and nothing else is taken for it.
func TestShelfOutlivesTheServer(t *testing.T) {
	dir := t.TempDir()
	s, err := openShelf(dir)
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.put("a text", netip.Prefix{})
	if err != nil {
		t.Fatal(err)
	}
	if s, err = openShelf(dir); err != nil {
		t.Fatal(err)
	}
	if text, ok := s.get(id); !ok || text != "a text" {
		t.Errorf("%q %v", text, ok)
	}
	if err := os.WriteFile(s.path(id), []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, ok := s.get(id); ok {
		t.Errorf("%q is taken for it", text)
	}
}
