package server

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"netsplit/sim"
	"netsplit/sim/study"
)

// sharedMemory is a log in memory that several servers of a test share.
type sharedMemory struct{ *memoryLog }

func (sharedMemory) Shared() bool { return true }

// startWith serves the playground with a log.
func startWith(t testing.TB, log Log) (*Server, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s, err := New(ctx, Config{Logger: discard(), Log: log, Shelf: t.TempDir()})
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

// TestTwoServersOneRoom: writers at two servers that share a log, at different moments of the same room, see every command
// once at one time, and both servers come to the same state; a pace, a new run and a fork of one are the other's too.
func TestTwoServersOneRoom(t *testing.T) {
	log := sharedMemory{newMemoryLog()}
	_, urlA := startWith(t, log)
	_, urlB := startWith(t, log)
	testTwoServers(t, urlA, urlB)
}

func testTwoServers(t *testing.T, urlA, urlB string) {
	a := dial(t, urlA)
	a.say(ClientMessage{Type: "hello", Run: sim.Pack("regions us-east-1 eu-west-1\nlane a gossip\nat 3000s partition eu-west-1\n")})
	first := a.until("a state", func(in incoming) bool { return in.Type == "state" })
	a.say(ClientMessage{Type: "speed", Speed: 5})
	b, _ := back(t, urlB, first.Room, first.Key)
	b.until("the speed", func(in incoming) bool { return in.Clock.Speed == 5 })

	var writers sync.WaitGroup
	const each = 8
	for w := range 4 {
		p, _ := back(t, []string{urlA, urlB}[w%2], first.Room, first.Key)
		writers.Go(func() {
			for i := range each {
				value := int64(100*w + i + 1)
				cmd := sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: value}
				p.done(ClientMessage{Type: "command", ID: fmt.Sprint("w", value), Command: &cmd})
			}
		})
	}
	writers.Wait()
	cut := sim.Command{Verb: sim.VerbCrash, Node: "eu-west-1/1"}
	b.done(ClientMessage{Type: "command", ID: "takeover", Command: &cut})
	b.done(ClientMessage{Type: "command", ID: "takeover", Command: &cut})
	a.done(ClientMessage{Type: "command", ID: "takeover", Command: &cut})
	a.say(ClientMessage{Type: "pause"})
	var texts []string
	for i, p := range []*browser{a, b} {
		p.await("the pause", func(in incoming) bool {
			return (in.Type == "delta" || in.Type == "state") && !in.Clock.Playing && in.Clock.Coming == 0
		})
		saved := p.saved()
		s := mustParse(t, saved.Text)
		run, err := study.New(s)
		if err != nil {
			t.Fatal(err)
		}
		if run.AdvanceTo(saved.At); run.Trace() != saved.Trace {
			t.Errorf("server %d is not where its text leads", i)
		}
		s.End = sim.Second
		texts = append(texts, s.String())
		if n := strings.Count(saved.Text, " write "); n != 4*each || strings.Count(saved.Text, " crash ") != 1 || strings.Contains(saved.Text, "partition") {
			t.Errorf("server %d has %d writes:\n%s", i, n, saved.Text)
		}
	}
	if texts[0] != texts[1] {
		t.Errorf("one has\n%s\nthe other\n%s", texts[0], texts[1])
	}
	a.say(ClientMessage{Type: "fork"})
	branch := a.await("a branch", func(in incoming) bool { return in.Type == "forked" })
	b.await("the branch", func(in incoming) bool {
		return slices.ContainsFunc(in.Branches, func(v Branch) bool { return v.Room == branch.Room && v.Key == branch.Key })
	})
	b.done(ClientMessage{Type: "script", ID: "anew", Text: "regions us-east-1\nlane b gossip\n"})
	again := a.await("the new run", func(in incoming) bool { return in.Type == "state" && in.Run == 2 })
	if again.Restarted == nil || again.Restarted.By != "script" {
		t.Errorf("the new run has begun by %+v", again.Restarted)
	}
}

// TestLateCommand: a command from another server, of a moment that the room has passed, is as if it had been there in time.
func TestLateCommand(t *testing.T) {
	s := newStage(t, busy+"at 6s partition eu-west-1\n")
	s.opened()
	s.ids = map[string]bool{}
	v, behind := s.join(), s.join()
	s.feed.run.AdvanceTo(8 * sim.Second)
	s.say(behind, ClientMessage{Type: "seek", At: sim.Second})
	s.arrive(behind)
	s.read(v)
	s.handle(request{kind: requestEntry, entry: Entry{Seq: 1, ID: "late", Line: "at 5s crash eu-west-1/1\n# drop at 6s partition eu-west-1"}})
	s.arrive(v)
	want := mustParse(t, busy+"at 5s crash eu-west-1/1\n")
	run, err := study.New(want)
	if err != nil {
		t.Fatal(err)
	}
	if run.AdvanceTo(s.feed.run.Now()); run.Trace() != s.feed.run.Trace() || s.feed.run.Now() < 8*sim.Second || behind.past != nil {
		t.Errorf("at %s it is not what its text leads to", s.feed.run.Now())
	}
	if len(s.deeds) != 1 || s.deeds[0].at != 5*sim.Second {
		t.Errorf("done by hand: %+v", s.deeds)
	}
}

// brokenLog is a server's end of a shared log that breaks off before each of its first few entries.
type brokenLog struct {
	sharedMemory
	breaks atomic.Int32
}

// Follow implements Log.
func (l *brokenLog) Follow(ctx context.Context, room string, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for e, err := range l.sharedMemory.Follow(ctx, room, from) {
			if strings.HasPrefix(e.Line, "at ") && l.breaks.Add(-1) >= 0 {
				yield(Entry{}, errors.New("the line is broken"))
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// TestFollowedAgain: a server that has lost its hold of a room's log finds it again, and misses nothing.
func TestFollowedAgain(t *testing.T) {
	l := &brokenLog{sharedMemory: sharedMemory{newMemoryLog()}}
	l.breaks.Store(2)
	_, urlA := startWith(t, l.sharedMemory)
	_, urlB := startWith(t, l)
	a := dial(t, urlA)
	room := a.enter(ClientMessage{Run: sim.Pack(busy)})
	b, _ := back(t, urlB, room.Room, room.Key)
	for _, id := range []string{"one", "two"} {
		a.done(ClientMessage{Type: "command", ID: id, Command: heal.Command})
	}
	b.done(ClientMessage{Type: "command", ID: "three", Command: heal.Command})
	if n := strings.Count(b.saved().Text, " heal\n"); n != 3 || l.breaks.Load() >= 0 {
		t.Errorf("it has %d commands", n)
	}
	agree(t, a, b)
}
