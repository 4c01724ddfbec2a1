package server

import (
	"errors"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/zstd"

	"netsplit/sim"
)

// TestRoomsSleep: a room without viewers leaves memory, and stands where it stood when somebody comes; a wrong key does not wake it.
func TestRoomsSleep(t *testing.T) {
	outside := packers // an encoder has channels, which belong to where they were made
	packers = make(chan *zstd.Encoder, 1)
	defer func() { packers = outside }()
	synctest.Test(t, func(t *testing.T) {
		rs := &rooms{ctx: t.Context(), logger: discard(), jobs: newJobs(t.Context()), shelf: newShelf(), log: newMemoryLog(), byID: map[string]*Room{}}
		r, err := rs.open(t.Context(), mustParse(t, "regions us-east-1\nlane a gossip\n"), "", 0, netip.Prefix{})
		if err != nil {
			t.Fatal(err)
		}
		v := newViewer()
		r.ask(t.Context(), request{viewer: v, kind: requestJoin})
		r.ask(t.Context(), request{viewer: v, kind: requestMessage, msg: ClientMessage{Type: "command", ID: "heal", Command: &sim.Command{Verb: sim.VerbHeal}}})
		time.Sleep(10 * time.Second) // of the bubble's clock
		r.ask(t.Context(), request{viewer: v, kind: requestLeave})
		time.Sleep(RoomSleep / 2)
		synctest.Wait()
		if !rs.awake(r.ID) {
			t.Fatal("it sleeps too early")
		}
		time.Sleep(RoomSleep)
		synctest.Wait()
		if rs.awake(r.ID) || len(rs.byID) > 0 {
			t.Fatal("it does not sleep")
		}
		edge := r.feed.run.Now()
		if other, notice, err := rs.enterAgain(t.Context(), r.ID, randomID(), netip.Prefix{}); other != nil || notice != notThere || err != nil {
			t.Errorf("a wrong key: %v, %q, %v", other, notice, err)
		}
		if other, notice, err := rs.enterAgain(t.Context(), randomID(), r.Key, netip.Prefix{}); other != nil || notice != notThere || err != nil {
			t.Errorf("a wrong room: %v, %q, %v", other, notice, err)
		}
		found := make(chan *Room, 4)
		for range cap(found) { // all at once: it wakes once
			go func() {
				again, _, _ := rs.enterAgain(t.Context(), r.ID, r.Key, netip.Prefix{})
				found <- again
			}()
		}
		again := <-found
		for range cap(found) - 1 {
			if other := <-found; other != again || again == nil || again == r {
				t.Fatal("it wakes twice, or not at all")
			}
		}
		if again.ahead != edge || edge < sim.Second || len(again.feed.run.Scenario().Commands) != 1 || !again.ids["heal"] {
			t.Errorf("it stood at %s and is on its way to %s", edge, again.ahead)
		}
	})
}

// TestHeldCommands: a command that comes while a room wakes is done when it is there.
func TestHeldCommands(t *testing.T) {
	s := newStage(t, busy)
	s.opened()
	s.ids = map[string]bool{}
	s.ahead, s.waking = 5*sim.Second, true
	v := s.join()
	s.say(v, ClientMessage{Type: "command", Seq: 7, ID: "held", Command: heal.Command})
	if got := s.read(v); len(got) != 0 {
		t.Fatalf("at once: %+v", got)
	}
	for s.waking {
		s.turnOnce()
	}
	acked := false
	for _, in := range s.read(v) {
		acked = acked || in.Type == "ack" && in.Of == 7
	}
	if got := s.feed.run.Scenario().Commands; !acked || len(got) != 1 || got[0].At <= 5*sim.Second {
		t.Errorf("acknowledged: %v; %+v", acked, got)
	}
}

// TestUnwritten: what cannot be written down has not happened, and its sender hears why.
func TestUnwritten(t *testing.T) {
	s := newStage(t, busy+"at 6s partition eu-west-1\nat 6s write us-east-1 balance 3\nat 6s heal\n")
	s.opened()
	full := newMemoryLog()
	if err := s.enroll(full); err != nil {
		t.Fatal(err)
	}
	full.rooms[s.ID].bytes = MaxRoomLog
	v := s.join()
	before := s.feed.run.Scenario()
	s.say(v, ClientMessage{Type: "command", ID: "no", Command: heal.Command})
	s.say(v, ClientMessage{Type: "script", ID: "neither", Text: "regions us-east-1\nlane a gossip\n"})
	got := s.read(v)
	if len(got) != 2 || !strings.Contains(got[0].Reason, "log is full") || !strings.Contains(got[1].Reason, "log is full") {
		t.Errorf("told %+v", got)
	}
	if after := s.feed.run.Scenario(); after.String() != before.String() || s.runs != 1 || len(s.deeds) != 0 {
		t.Errorf("was\n%s\nis\n%s", before.String(), after.String())
	}
}

// TestSweep: logs that nobody has used for long go, and where there is no room, others too; but none that is in use or young.
func TestSweep(t *testing.T) {
	l := newFileLog(t, t.TempDir())
	aged := func(age time.Duration) string {
		room := randomID()
		mustAppend(t, l, room, 0, "a", "# begin {}\nregions us-east-1")
		then := time.Now().Add(-age)
		if err := os.Chtimes(l.path(room), then, then); err != nil {
			t.Fatal(err)
		}
		return room
	}
	old, used, young := aged(2*RoomKept), aged(2*RoomKept), aged(RoomKept/2)
	release := l.Hold(used)
	if err := l.sweep(); err != nil {
		t.Fatal(err)
	}
	release()
	for room, want := range map[string]bool{old: false, used: true, young: true} {
		if _, err := os.Stat(l.path(room)); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", room, err == nil, want)
		}
	}
	if l.kept != 2 {
		t.Errorf("%d logs are counted", l.kept)
	}
	l.bytes = MaxLogs // as if they were that long
	if _, err := l.Append(t.Context(), young, 1, "b", "at 1s heal"); err != nil {
		t.Errorf("after a sweep there is room: %v", err)
	}
	l.kept = MaxKeptRooms // what a sweep counts is less
	if _, err := l.Append(t.Context(), randomID(), 0, "a", "# begin {}"); err != nil {
		t.Errorf("a new room: %v", err)
	}
	if _, err := l.Append(t.Context(), randomID(), 1, "a", "# x"); !errors.Is(err, ErrMoved) {
		t.Errorf("a room that has gone: %v", err)
	}
}

// TestAnewWhileWaking: a script that comes while a room wakes ends that; commands do not wait for ever.
func TestAnewWhileWaking(t *testing.T) {
	s := newStage(t, busy)
	s.opened()
	s.ids = map[string]bool{}
	s.ahead, s.waking = 50*sim.Second, true
	v := s.join()
	s.say(v, ClientMessage{Type: "command", ID: "held", Command: heal.Command})
	s.say(v, ClientMessage{Type: "script", ID: "anew", Text: "regions us-east-1\nlane a gossip\n"})
	if got := s.feed.run.Scenario().Commands; s.waking || len(s.held) > 0 || len(got) != 1 || got[0].Verb != sim.VerbHeal {
		t.Errorf("waking: %v, held: %d, done: %+v", s.waking, len(s.held), got)
	}
}
