package server

import (
	"testing"
	"time"

	"netsplit/sim"
)

// BenchmarkTurn takes turns of a default room with one viewer, who reads: of a room that is alone, and of one among a
// thousand, which takes fewer, each of a longer span.
func BenchmarkTurn(b *testing.B) {
	b.Run("alone", func(b *testing.B) { benchTurn(b, 1) })
	b.Run("crowd", func(b *testing.B) { benchTurn(b, 1000) })
}

func benchTurn(b *testing.B, watched int64) {
	s, name := benchScenario(b)
	r, err := newRoom(s, name, discard())
	if err != nil {
		b.Fatal(err)
	}
	r.host = &rooms{}
	r.host.active.Store(watched)
	v := newViewer()
	now := time.Now()
	r.turned = now
	r.handle(request{viewer: v, kind: requestJoin})
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(r.interval())
		r.turn(now)
		for len(v.outbox) > 0 {
			<-v.outbox
		}
	}
}

// BenchmarkOpen sets default rooms up.
func BenchmarkOpen(b *testing.B) {
	s, name := benchScenario(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newRoom(s, name, discard()); err != nil {
			b.Fatal(err)
		}
	}
}

func benchScenario(b *testing.B) (*sim.Scenario, string) {
	b.Helper()
	g, err := loadGallery()
	if err != nil {
		b.Fatal(err)
	}
	s, name, err := g.find("")
	if err != nil {
		b.Fatal(err)
	}
	return s, name
}
