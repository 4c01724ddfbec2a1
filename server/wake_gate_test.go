package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"

	"netsplit/sim"
)

var (
	here  = netip.MustParsePrefix("192.0.2.1/32")
	there = netip.MustParsePrefix("192.0.2.2/32")
)

// TestWokenRoomsCount: a room that sleeps is nobody's; one that wakes is of who wakes it, and where that is one too many, who comes later
// finds it.
func TestWokenRoomsCount(t *testing.T) {
	outside := packers // an encoder has channels, which belong to where they were made
	packers = make(chan *zstd.Encoder, 1)
	defer func() { packers = outside }()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Config{Rooms: 2, RoomsPerAddress: 1})
		rs := &rooms{ctx: t.Context(), logger: discard(), jobs: newJobs(t.Context()), shelf: newShelf(), log: newMemoryLog(), gate: g, byID: map[string]*Room{}}
		open := func(from netip.Prefix) *Room {
			t.Helper()
			r, err := rs.open(t.Context(), mustParse(t, "regions us-east-1\nlane a gossip\n"), "", 0, from)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		first := open(here)
		time.Sleep(2 * RoomSleep) // of the bubble's clock
		synctest.Wait()
		if rooms, _ := g.counts(); rooms != 0 {
			t.Fatalf("%d rooms are counted when all sleep", rooms)
		}
		open(there)
		if r, _, err := rs.enterAgain(t.Context(), first.ID, first.Key, there); r != nil || !errors.Is(err, errLater) || !strings.Contains(err.Error(), "your address has its 1 rooms") {
			t.Errorf("one too many: %v, %v", r, err)
		}
		r, _, err := rs.enterAgain(t.Context(), first.ID, first.Key, here)
		g.mu.Lock()
		count := g.rooms.by[here]
		g.mu.Unlock()
		if err != nil || r.address != here || count != 1 {
			t.Errorf("who has room for it: %v, %d", err, count)
		}
		time.Sleep(2 * RoomSleep)
		synctest.Wait()
		if r, _, err := rs.enterAgain(t.Context(), first.ID, first.Key, there); err != nil || r.address != there {
			t.Errorf("another, later: %v", err)
		}
	})
}

// TestBranchWithoutRoom: where a branch is one room too many, nothing is written down of it, however often it is tried.
func TestBranchWithoutRoom(t *testing.T) {
	s := newStage(t, busy)
	s.opened()
	log := newMemoryLog()
	g := newGate(Config{Rooms: 1, RoomsPerAddress: 1, Viewers: 1})
	s.host = &rooms{ctx: t.Context(), logger: discard(), log: log, gate: g, byID: map[string]*Room{}, still: true}
	if err := g.room(s.address); err != nil {
		t.Fatal(err)
	}
	if err := s.enroll(log); err != nil {
		t.Fatal(err)
	}
	v, seq := s.join(), s.seq
	for range 3 {
		s.say(v, ClientMessage{Type: "fork", Seq: 1})
	}
	got := s.read(v)
	if len(got) != 3 || got[2].Type != "reject" || !strings.Contains(got[2].Reason, "your address has its 1 rooms") {
		t.Errorf("told %+v", got)
	}
	if rooms, _ := g.counts(); s.seq != seq || len(s.branches) != 0 || rooms != 1 {
		t.Errorf("entry %d after %d, %d branches, %d rooms", s.seq, seq, len(s.branches), rooms)
	}
}

// TestComeBackLater: who comes back to a room that cannot wake yet is told so by the code alone, which pages take for "later"; and a
// server's figures count it, and how long appends take.
func TestComeBackLater(t *testing.T) {
	log := newMemoryLog()
	first, _, _ := serving(t, Config{Logger: discard(), Log: log})
	r, err := first.rooms.open(t.Context(), mustParse(t, "regions us-east-1\nlane a gossip\n"), "", 0, here)
	if err != nil {
		t.Fatal(err)
	}
	figures := func(s *Server) string {
		w := httptest.NewRecorder()
		s.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
	if got := figures(first); !strings.Contains(got, "\nnetsplit_append_seconds_count 1\n") {
		t.Errorf("one append is not counted as one:\n%s", got)
	}
	second, addr, _ := serving(t, Config{Logger: discard(), Log: log, Rooms: 1})
	if err := second.gate.room(there); err != nil {
		t.Fatal(err)
	}
	b := dial(t, "http://"+addr)
	b.say(ClientMessage{Type: "hello", Seq: 1, Room: r.ID, Key: r.Key})
	_, data, err := b.conn.Read(t.Context())
	if code := websocket.CloseStatus(err); code != websocket.StatusTryAgainLater {
		t.Fatalf("closed with %d: %v, after %s", code, err, data)
	}
	if got := figures(second); !strings.Contains(got, `netsplit_rejects_total{reason="rooms"} 1`) {
		t.Errorf("it is not counted:\n%s", got)
	}
	second.gate.end(there)
	if _, in := back(t, "http://"+addr, r.ID, r.Key); in.Room != r.ID || in.Clock.At < 0 || in.Clock.At > sim.Second {
		t.Errorf("later: room %s at %s", in.Room, in.Clock.At)
	}
}

// TestRoomsGiveWay: while rooms come too late for their turns, others are made one after another with a pause before each; when they
// are late no more, or there are none, at once again.
func TestRoomsGiveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Config{Rooms: 100, RoomsPerAddress: 100})
		turn := func() time.Duration {
			t.Helper()
			begun := time.Now() // of the bubble's clock
			done, err := g.turn(t.Context(), here)
			if err != nil {
				t.Fatal(err)
			}
			done()
			return time.Since(begun)
		}
		feel := func(late time.Duration) {
			for range 5000 {
				g.felt(late)
			}
		}
		if took := turn(); took != 0 {
			t.Errorf("at first: %s", took)
		}
		feel(MaxOpenLag / 2)
		if took := turn(); took != 0 {
			t.Errorf("rooms in time: %s", took)
		}
		feel(3 * MaxOpenLag)
		if took := turn(); took != OpenPause {
			t.Errorf("rooms too late: %s, want %s", took, OpenPause)
		}
		waits := 0
		for turn() != 0 {
			if waits++; waits > 20 {
				t.Fatal("rooms that are no more are waited for")
			}
		}
		feel(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), OpenPause/2)
		defer cancel()
		if _, err := g.turn(ctx, here); err == nil {
			t.Error("who has gone is waited for")
		}
		feel(0)
		if took := turn(); took != 0 || waits == 0 {
			t.Errorf("in time again: %s, after %d that waited", took, waits)
		}
	})
}
