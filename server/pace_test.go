package server

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"netsplit/sim"
)

// lateLog is one server's end of a log that several share: while a test holds it, entries of others do not arrive.
type lateLog struct {
	sharedMemory
	mu   sync.Mutex
	gate chan struct{} // nil, or closed when entries arrive again
}

// hold keeps entries back until the function that it returns is called.
func (l *lateLog) hold() (release func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	gate := make(chan struct{})
	l.gate = gate
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.gate = nil
		close(gate)
	}
}

// Follow implements Log.
func (l *lateLog) Follow(ctx context.Context, room string, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for e, err := range l.sharedMemory.Follow(ctx, room, from) {
			l.mu.Lock()
			gate := l.gate
			l.mu.Unlock()
			if _, mark := e.Mark(); gate != nil && !mark {
				select {
				case <-gate:
				case <-ctx.Done():
					return
				}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// trio is three servers that share a log.
type trio struct {
	t       *testing.T
	log     sharedMemory
	ends    [3]*lateLog
	servers [3]*Server
	urls    [3]string
	room    incoming
}

func newTrio(t *testing.T) *trio {
	t.Helper()
	three := &trio{t: t, log: sharedMemory{newMemoryLog()}}
	for i := range three.ends {
		three.ends[i] = &lateLog{sharedMemory: three.log}
		three.servers[i], three.urls[i] = startWith(t, three.ends[i])
	}
	return three
}

// open opens a room at the first server.
func (x *trio) open(text string) *browser {
	x.t.Helper()
	b := dial(x.t, x.urls[0])
	x.room = b.enter(ClientMessage{Run: sim.Pack(text)})
	return b
}

// at enters the room at a server.
func (x *trio) at(i int) *browser {
	x.t.Helper()
	b := dial(x.t, x.urls[i])
	if s := b.enter(ClientMessage{Room: x.room.Room, Key: x.room.Key}); s.Room != x.room.Room {
		x.t.Fatalf("server %d has not that room", i)
	}
	return b
}

// entries returns what stands in the room's log, and the latest mark.
func (x *trio) entries() ([]Entry, Mark) {
	x.t.Helper()
	entries, mark, _ := readAll(x.t, x.log, x.room.Room, 1)
	return entries, mark
}

// logs counts what the log has logs of.
func (x *trio) logs() int {
	x.log.mu.Lock()
	defer x.log.mu.Unlock()
	return len(x.log.rooms)
}

// passed reads until the run's live edge is past a moment.
func (b *browser) passed(t sim.Time) incoming {
	b.t.Helper()
	return b.await(fmt.Sprint("the run to pass ", t), func(in incoming) bool {
		return (in.Type == "state" || in.Type == "delta") && in.Clock.Coming == 0 && in.Clock.Edge > t
	})
}

// stands reads until the run stands still at the live edge, and returns where; the zero time is for wherever that is.
func (b *browser) stands(at sim.Time) sim.Time {
	b.t.Helper()
	return b.await(fmt.Sprint("the run to stand at ", at), func(in incoming) bool {
		return (in.Type == "state" || in.Type == "delta") && in.Clock.Coming == 0 && !in.Clock.Playing && (at == 0 || in.Clock.Edge == at)
	}).Clock.Edge
}

// sees asks for everything that the viewer sees.
func (b *browser) sees() string {
	b.t.Helper()
	b.say(ClientMessage{Type: "live"})
	in := b.await("a state", func(in incoming) bool { return in.Type == "state" && in.Clock.Coming == 0 })
	return fmt.Sprintf("%s %v %s", in.Clock.At, in.Groups, in.Lanes)
}

// agree has the run paused by one viewer, and returns an error unless all see the same at the same moment, and their servers came there alike.
func agree(t *testing.T, by *browser, others ...*browser) sim.Time {
	t.Helper()
	by.say(ClientMessage{Type: "pause"})
	at := by.stands(0)
	saved, seen := by.saved(), by.sees()
	for i, b := range others {
		b.stands(at)
		if other := b.saved(); other.Trace != saved.Trace || other.Text != saved.Text || other.At != saved.At {
			t.Errorf("viewer %d: one has come to %s by\n%s\nthe other to %s by\n%s", i+1, saved.At, saved.Text, other.At, other.Text)
		}
		if other := b.sees(); other != seen {
			t.Errorf("viewer %d: at %s one sees\n%s\nthe other\n%s", i+1, at, seen, other)
		}
	}
	return at
}

var crash = sim.Command{Verb: sim.VerbCrash, Node: "eu-west-1/1"}

// TestEntryComesLate: a command that reaches a server when its run has passed the command's time is, for its viewers too, as if it
// had come in time.
func TestEntryComesLate(t *testing.T) {
	x := newTrio(t)
	a := x.open(busy)
	a.say(ClientMessage{Type: "speed", Speed: 2})
	b, c := x.at(1), x.at(2)
	b.passed(sim.Second)
	release := x.ends[1].hold()
	a.done(ClientMessage{Type: "command", ID: "late", Command: &crash})
	saved := mustParse(t, a.saved().Text)
	when := saved.Commands[0].At
	b.passed(when + sim.Second)
	release()
	b.await("the replay to have the command", func(in incoming) bool {
		return in.Type == "state" && in.Clock.Coming == 0 && slices.ContainsFunc(in.Commands, func(c sim.Command) bool { return c.At == when })
	})
	agree(t, a, b, c)
}

// TestWriterComesLate: a command that is given at a server which has not heard of another's yet is logged after that.
func TestWriterComesLate(t *testing.T) {
	x := newTrio(t)
	a := x.open(busy)
	b := x.at(1)
	b.passed(100 * sim.Millisecond)
	release := x.ends[1].hold()
	a.done(ClientMessage{Type: "command", ID: "first", Command: &crash})
	seq := b.say(ClientMessage{Type: "command", ID: "second", Command: heal.Command})
	b.passed(b.passed(0).Clock.Edge + 100*sim.Millisecond)
	release()
	b.await("ack", func(in incoming) bool { return in.Type == "ack" && in.Of == seq })
	entries, _ := x.entries()
	var deeds []string
	for _, e := range entries {
		if strings.HasPrefix(e.Line, "at ") {
			deeds = append(deeds, e.ID)
		}
	}
	if !slices.Equal(deeds, []string{"first", "second"}) {
		t.Errorf("the log has %q", deeds)
	}
	agree(t, b, a)
}

// TestSentAgainElsewhere: a command that is sent again, under its name, to a server which has not heard of it yet is done once,
// at the moment that the log has of it.
func TestSentAgainElsewhere(t *testing.T) {
	x := newTrio(t)
	a := x.open(busy)
	b := x.at(1)
	b.passed(100 * sim.Millisecond)
	release := x.ends[1].hold()
	a.done(ClientMessage{Type: "command", ID: "again", Command: &crash})
	when := mustParse(t, a.saved().Text).Commands[0].At
	b.passed(when + 100*sim.Millisecond)
	b.done(ClientMessage{Type: "command", ID: "again", Command: &crash})
	b.await("the command in its place", func(in incoming) bool { return in.Type == "state" && in.Clock.Coming == 0 })
	release()
	if list := mustParse(t, b.saved().Text).Commands; len(list) != 1 || list[0].At != when {
		t.Errorf("it is done %+v, and in the log at %s", list, when)
	}
	agree(t, b, a)
}

// TestLead: where a log is shared, a command is for a moment that no server has come to yet, by its pace; and where not, for now.
func TestLead(t *testing.T) {
	s := newStage(t, busy)
	rs := s.opened()
	v := s.join()
	s.say(v, heal)
	if at := s.feed.run.Scenario().Commands[0].At; at != s.feed.run.Now() {
		t.Errorf("a log of our own: at %s, it is for %s", s.feed.run.Now(), at)
	}
	var now time.Duration
	rs.clock = newLogClock()
	rs.clock.local = func() time.Duration { return now }
	s.speed, s.sure = 2, true
	if err := s.enroll(sharedMemory{newMemoryLog()}); err != nil {
		t.Fatal(err)
	}
	s.claimed = time.Now().Add(time.Hour) // nothing else is written
	now = 5 * time.Second
	due, want := 2*sim.Time(now.Microseconds()), 2*sim.Time((now+Lead).Microseconds())
	for range 1000 {
		s.turnOnce()
	}
	if edge := s.feed.run.Now(); edge < due-sim.Millisecond || edge > due+sim.Millisecond {
		t.Errorf("the run is at %s, want %s", edge, due)
	}
	if s.say(v, heal); s.latest < want-sim.Millisecond || s.latest > want+sim.Millisecond || s.feed.run.Now() >= s.latest {
		t.Errorf("it is for %s, want %s", s.latest, want)
	}
	first := s.latest // the log's clock, which is the test's, says that it is earlier than was thought
	if s.say(v, heal); s.latest < first {
		t.Errorf("after one for %s, one is for %s", first, s.latest)
	}
}

// TestLogClock: what a server takes for the log's time is between when it asked and when it had the answer, whatever its own clock
// says, and is made better by every answer; an entry that has come proves that it is no earlier.
func TestLogClock(t *testing.T) {
	var own time.Duration = time.Hour
	c := newLogClock()
	c.local = func() time.Duration { return own }
	begun := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	c.wrote(begun, own, own+100*time.Millisecond)
	c.wrote(begun.Add(time.Second), own+time.Second-10*time.Millisecond, own+time.Second)
	own += 2 * time.Second
	if off := c.now().Sub(begun.Add(2 * time.Second)); off < 0 || off > 10*time.Millisecond {
		t.Errorf("it is off by %s", off)
	}
	late := begun.Add(3 * time.Second) // the log's clock has gone on: another machine's, say
	if c.heard(late); c.now().Before(late) {
		t.Errorf("an entry of %s has come, and it is %s", late, c.now())
	}
	c.wrote(begun, own, own) // and back: the last word counts
	if !c.now().Equal(begun) || !c.fresh() {
		t.Errorf("it is %s", c.now())
	}
	if own += ClockKept; c.fresh() {
		t.Error("what was heard long ago is taken for sure")
	}
	l := sharedMemory{newMemoryLog()}
	for range 2 {
		if err := c.ask(t.Context(), l); err != nil || !c.fresh() {
			t.Fatalf("asked: %v", err)
		}
		if off := time.Since(c.now()); off < -time.Millisecond || off > time.Minute {
			t.Errorf("it is off by %s", off)
		}
		own += ClockKept
	}
	if len(l.rooms) != 1 {
		t.Errorf("asking has made %d logs", len(l.rooms))
	}
}

// TestClocksOfServersDiffer: servers whose own clocks are hours off, and go wrong, agree where a run is that each of them plays, pauses and quickens.
func TestClocksOfServersDiffer(t *testing.T) {
	x := newTrio(t)
	begun := time.Now()
	x.servers[1].rooms.clock.local = func() time.Duration { return 3*time.Hour + time.Since(begun)*101/100 }
	x.servers[2].rooms.clock.local = func() time.Duration { return time.Since(begun) - 5*time.Hour }
	all := []*browser{x.open(busy)}
	all = append(all, x.at(1), x.at(2))
	for i, speed := range []float64{1, 3, 0.5} {
		all[i].say(ClientMessage{Type: "speed", Speed: speed})
		edge := all[i].await("the speed", func(in incoming) bool { return in.Clock.Speed == speed }).Clock.Edge
		for _, b := range all {
			b.await("the speed elsewhere", func(in incoming) bool { return in.Clock.Speed == speed })
			b.passed(edge + 200*sim.Millisecond)
		}
		at := agree(t, all[i], all[(i+1)%3], all[(i+2)%3])
		all[(i+1)%3].say(ClientMessage{Type: "step"})
		for _, b := range all {
			b.passed(at)
		}
		all[i].say(ClientMessage{Type: "play"})
		for _, b := range all {
			b.await("it to play", func(in incoming) bool { return in.Clock.Playing })
		}
	}
	agree(t, all[0], all[1], all[2])
}

// TestNobodyLooks: a run goes on at one server while somebody looks at it there, whoever leaves elsewhere; once nobody does, it stands
// still, and goes on from there at whichever server somebody comes to, be the room in memory there or not.
func TestNobodyLooks(t *testing.T) {
	x := newTrio(t)
	a := x.open(busy)
	a.say(ClientMessage{Type: "speed", Speed: 1})
	b := x.at(1)
	edge := b.passed(sim.Second).Clock.Edge
	a.conn.CloseNow()
	b.passed(edge + 1500*sim.Millisecond)
	before, _ := x.entries()
	past := b.await("the past", func(incoming) bool { b.say(ClientMessage{Type: "seek", At: 0}); return true }) // looks, but not on
	b.await("the past", func(in incoming) bool { return in.Type == "state" && !in.Clock.Live && in.Clock.At < past.Clock.Edge })
	for i, server := range []int{0, 2, 1} {
		var mark Mark
		eventually(t, "nobody has looked for long", func() bool {
			_, mark = x.entries()
			return time.Since(mark.Time) > MarkFresh+time.Second
		})
		c := x.at(server)
		c.passed(mark.At)
		entries, _ := x.entries()
		last := entries[len(entries)-1]
		if len(entries) != len(before)+i+1 || last.Line != (pace{true, 1}).note(mark.At) {
			t.Errorf("it was at %s; entry %d, after %d: %q", mark.At, len(entries), len(before), last.Line)
		}
		if i == 1 {
			other := x.at(0)
			agree(t, c, other)
			other.conn.CloseNow()
			c.say(ClientMessage{Type: "play"})
			c.await("it to play", func(in incoming) bool { return in.Clock.Playing })
			before, _ = x.entries()
			before = before[:len(before)-2]
		}
		c.conn.CloseNow()
	}
}
