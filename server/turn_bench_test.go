package server

import (
	"testing"
	"time"
)

// BenchmarkTurn takes turns of a default room with one viewer, who reads.
func BenchmarkTurn(b *testing.B) {
	g, err := loadGallery()
	if err != nil {
		b.Fatal(err)
	}
	s, name, err := g.find("")
	if err != nil {
		b.Fatal(err)
	}
	r, err := newRoom(s, name, discard())
	if err != nil {
		b.Fatal(err)
	}
	v := newViewer()
	now := time.Now()
	r.turned = now
	r.handle(request{viewer: v, kind: requestJoin})
	for b.Loop() {
		now = now.Add(FrameInterval)
		r.turn(now)
		for len(v.outbox) > 0 {
			<-v.outbox
		}
	}
}
