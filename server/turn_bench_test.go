package server

import (
	"testing"
	"time"

	"netsplit/sim"
)

// BenchmarkTurn takes turns of default rooms, each with one viewer, who reads: of one that is alone; of one as if it were among a thousand, which
// takes fewer, each of a longer span; and of 400 such in turn, which do not fit into the processor's caches.
func BenchmarkTurn(b *testing.B) {
	b.Run("alone", func(b *testing.B) { benchTurn(b, 1, 1) })
	b.Run("warm", func(b *testing.B) { benchTurn(b, 1000, 1) })
	b.Run("crowd", func(b *testing.B) { benchTurn(b, 1000, 400) })
}

func benchTurn(b *testing.B, watched int64, rooms int) {
	type watchedRoom struct {
		*Room
		v *viewer
	}
	var all []watchedRoom
	now := time.Now()
	for range rooms {
		r := openBench(b, watched)
		r.turned = now
		v := newViewer()
		r.handle(request{viewer: v, kind: requestJoin})
		all = append(all, watchedRoom{r, v})
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%rooms == 0 {
			now = now.Add(all[0].interval())
		}
		r := all[i%rooms]
		r.turn(now)
		for len(r.v.outbox) > 0 {
			<-r.v.outbox
		}
	}
}

// BenchmarkOpen sets default rooms up.
func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	s, name := benchScenario(b)
	for b.Loop() {
		if _, err := newRoom(s, name, discard()); err != nil {
			b.Fatal(err)
		}
	}
}

// openBench opens a default room on a server that has so many which are watched.
func openBench(b *testing.B, watched int64) *Room {
	b.Helper()
	s, name := benchScenario(b)
	r, err := newRoom(s, name, discard())
	if err != nil {
		b.Fatal(err)
	}
	r.host = &rooms{}
	r.host.active.Store(watched)
	return r
}

var benchGallery *gallery

func benchScenario(b *testing.B) (*sim.Scenario, string) {
	b.Helper()
	if benchGallery == nil {
		g, err := loadGallery()
		if err != nil {
			b.Fatal(err)
		}
		benchGallery = g
	}
	s, name, err := benchGallery.find("")
	if err != nil {
		b.Fatal(err)
	}
	return s, name
}

// BenchmarkClass takes turns of a default room with a presenter and 300 viewers: who are live with the presenter, and who follow one that plays in the past.
func BenchmarkClass(b *testing.B) {
	b.Run("live", func(b *testing.B) { benchClass(b, false) })
	b.Run("past", func(b *testing.B) { benchClass(b, true) })
}

func benchClass(b *testing.B, past bool) {
	const apart = 100 * sim.Second
	r := openBench(b, 1)
	now := time.Now()
	r.turned, r.playing = now, false
	r.play(apart, sim.Second, later())
	_, id := guestToken(b)
	presenter := newGuest(id, true)
	class := []*viewer{presenter}
	for range 300 {
		class = append(class, newGuest("", false))
	}
	for _, v := range class {
		r.handle(request{viewer: v, kind: requestJoin})
	}
	say := func(v *viewer, msg ClientMessage) { r.handle(request{viewer: v, kind: requestMessage, msg: msg}) }
	say(presenter, ClientMessage{Type: "present", On: true})
	turn := func() {
		now = now.Add(r.interval())
		if r.turn(now); past {
			say(presenter, ClientMessage{Type: "glance", Glance: &Glance{At: presenter.past.aim(), Playing: presenter.past.playing}})
		}
		for _, v := range class {
			for len(v.outbox) > 0 {
				<-v.outbox
			}
		}
	}
	if past {
		say(presenter, ClientMessage{Type: "seek"})
		for _, v := range class[1:] {
			say(v, ClientMessage{Type: "follow", On: true})
		}
		for !r.rides(class[300]) {
			turn()
		}
	}
	say(presenter, ClientMessage{Type: "play"})
	b.ReportAllocs()
	for b.Loop() {
		if past && presenter.past.aim() > apart-sim.Second || !past && r.feed.run.Now() > 2*apart {
			b.Fatal("there is no more to be played")
		}
		turn()
	}
}
