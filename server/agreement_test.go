package server

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"netsplit/sim"
)

// wrongLog is a server's end of a shared log that tells it something else of one command, once.
type wrongLog struct {
	sharedMemory
	lied atomic.Bool
}

// Follow implements Log.
func (l *wrongLog) Follow(ctx context.Context, room string, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for e, err := range l.sharedMemory.Follow(ctx, room, from) {
			if strings.Contains(e.Line, "balance 77") && l.lied.CompareAndSwap(false, true) {
				e.Line = strings.Replace(e.Line, "balance 77", "balance 78", 1)
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// diverged returns how often a server has found itself to differ from another.
func diverged(t *testing.T, s *Server) float64 {
	t.Helper()
	families, err := s.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "netsplit_divergence_total" {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	t.Fatal("nobody counts")
	return 0
}

// TestDiverged: a server that simulates something else than the log says is found out by the others, or by itself, and comes back to what
// the log says; those that are right stay there.
func TestDiverged(t *testing.T) {
	for name, first := range map[string]int{"who is right says so first": 0, "who is wrong says so first": 1} {
		t.Run(name, func(t *testing.T) {
			log := sharedMemory{newMemoryLog()}
			wrong := &wrongLog{sharedMemory: log}
			right, urlA := startWith(t, log)
			other, urlB := startWith(t, wrong)
			a := dial(t, urlA)
			room := a.enter(ClientMessage{Run: sim.Pack(busy)})
			a.say(ClientMessage{Type: "speed", Speed: 1})
			b, _ := back(t, urlB, room.Room, room.Key)
			b.passed(100 * sim.Millisecond)
			a.done(ClientMessage{Type: "command", ID: "lie", Command: &sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: 77}})
			eventually(t, "the server has been lied to", wrong.lied.Load)
			alone := []*browser{a, b}[1-first] // who looks away says nothing
			alone.say(ClientMessage{Type: "seek", At: 0})
			alone.await("the past", func(in incoming) bool { return in.Type == "state" && !in.Clock.Live })
			speaks := []*browser{a, b}[first]
			eventually(t, "a claim stands in the log", func() bool {
				speaks.hear()
				entries, _, _ := readAll(t, log, room.Room, 1)
				return strings.HasPrefix(entries[len(entries)-1].Line, traceNote)
			})
			alone.say(ClientMessage{Type: "live"})
			eventually(t, "who is wrong is found out", func() bool {
				alone.hear()
				return diverged(t, other) > 0
			})
			alone.passed(alone.passed(0).Clock.Edge + 100*sim.Millisecond)
			eventually(t, "the wrong one has replayed the log", func() bool {
				a.say(ClientMessage{Type: "text"})
				b.say(ClientMessage{Type: "text"})
				script := func(in incoming) bool { return in.Type == "script" }
				one, two := a.await("script", script), b.await("script", script)
				return strings.Contains(one.Text, "balance 77") && strings.Contains(two.Text, "balance 77")
			})
			if n := diverged(t, right); first == 0 && n > 0 {
				t.Errorf("who is right has been told %v times that it is wrong", n)
			}
			agree(t, a, b)
		})
	}
}

// TestWokenRunIsProved: a room that wakes compares what it replays with what was written down before.
func TestWokenRunIsProved(t *testing.T) {
	for lie, want := range map[string]float64{"": 0, "00": 1} {
		x := newTrio(t)
		a := x.open(busy)
		a.passed(sim.Second + 100*sim.Millisecond)
		var proofOf Entry
		eventually(t, "a claim stands in the log", func() bool {
			entries, _ := x.entries()
			proofOf = entries[len(entries)-1]
			return strings.HasPrefix(proofOf.Line, traceNote)
		})
		a.say(ClientMessage{Type: "pause"})
		a.stands(0)
		if lie != "" {
			x.log.mu.Lock()
			r := x.log.rooms[x.room.Room]
			r.entries = slices.Clone(r.entries)
			r.entries[proofOf.Seq-1].Line = proof{sim.Second, lie}.entry()
			x.log.mu.Unlock()
		}
		b := x.at(1)
		b.stands(0)
		eventually(t, "it is compared", func() bool { return diverged(t, x.servers[1]) >= want })
		if n := diverged(t, x.servers[1]); n > 2 {
			t.Errorf("it has replayed for the claim %q %v times", lie, n)
		}
	}
}
