package server

import (
	"math/rand/v2"
	"testing"

	"netsplit/sim"
)

// travel says something at random that moves a playhead.
func travel(luck *rand.Rand, edge sim.Time) ClientMessage {
	to, lane, at := walks[luck.IntN(len(walks))], []string{"", "a", "b"}[luck.IntN(3)], sim.Time(luck.Int64N(int64(edge)*5/4+1))
	switch luck.IntN(12) {
	case 0, 1, 2, 3:
		return ClientMessage{Type: "seek", At: at}
	case 4, 5:
		return ClientMessage{Type: "step", To: to, Lane: lane, Back: luck.IntN(2) == 0}
	case 6:
		return ClientMessage{Type: "until", What: to, Lane: lane}
	case 7:
		return ClientMessage{Type: []string{"play", "pause", "live"}[luck.IntN(3)]}
	case 8:
		return ClientMessage{Type: "speed", Speed: []float64{MinSpeed, 1, MaxSpeed}[luck.IntN(3)]}
	case 9:
		return heal
	case 10:
		return ClientMessage{Type: []string{"fork", "undo", "redo"}[luck.IntN(3)], At: at}
	}
	return ClientMessage{Type: "step"}
}

// TestTravel: whatever two viewers ask for, in whatever order, each gets deltas that follow each other, states that show
// what was there at their clock's moment, and comes to rest where it asked to be.
func TestTravel(t *testing.T) {
	for seed := range soaked(2, 40) {
		luck := rand.New(rand.NewPCG(seed, 4))
		s := newStage(t, wild(seed))
		s.opened()
		viewers := []*viewer{newViewer(), newViewer()}
		seq := map[*viewer]uint64{}
		for _, v := range viewers {
			s.handle(request{viewer: v, kind: requestJoin})
		}
		var shown []incoming
		for i := range 150 {
			v := viewers[luck.IntN(2)]
			s.replayPace = []float64{1, 1e6}[i/10%2]
			if s.feed.run.Now() < 60*sim.Second {
				s.say(v, travel(luck, s.feed.run.Now()))
			} else {
				s.say(v, ClientMessage{Type: "seek", At: sim.Time(luck.Int64N(int64(60 * sim.Second)))})
				s.walk, s.playing = nil, false
			}
			if luck.IntN(3) > 0 {
				s.turnOnce()
			}
			for _, v := range viewers {
				for _, in := range s.read(v) {
					switch {
					case in.Type == "delta" && in.Seq != seq[v]+1:
						t.Fatalf("seed %d, after %d: delta %d follows %d", seed, i, in.Seq, seq[v])
					case in.Type == "state" && luck.IntN(6) == 0:
						shown = append(shown, in)
					}
					if in.Type == "delta" || in.Type == "state" {
						seq[v] = in.Seq
					}
				}
			}
		}
		s.playing = false
		for _, v := range viewers {
			s.say(v, ClientMessage{Type: "pause"})
			s.settle(v)
		}
		scenario := s.feed.run.Scenario()
		text := scenario.String()
		for _, in := range shown {
			if in.Clock.At < 60*sim.Second && seen(in) != was(t, text, in.Clock.At) {
				t.Fatalf("seed %d: a state of %s shows something else: %+v", seed, in.Clock.At, in.Clock)
			}
		}
	}
}
