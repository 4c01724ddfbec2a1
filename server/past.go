package server

import (
	"time"

	"netsplit/sim"
)

// past is the playhead of a viewer who looks at a moment before the live edge. It replays the run's text from
// zero, a part of it each turn, and plays on from there.
type past struct {
	feed    *feed
	target  sim.Time // where the viewer asked to be
	arrived bool     // the replay has reached the target, and the viewer has seen it
	playing bool
}

// newPast begins a replay of the room's run up to t.
func (r *Room) newPast(t sim.Time, playing bool) *past {
	s := r.feed.run.Scenario()
	f, err := newFeed(&s)
	if err != nil {
		panic("server: replay of a running scenario: " + err.Error())
	}
	return &past{feed: f, target: t, playing: playing}
}

func (r *Room) pastClock(p *past) Clock {
	return Clock{At: p.feed.run.Now(), Edge: r.feed.run.Now(), Playing: p.playing, Speed: r.speed}
}

// turnPast takes one turn of a viewer's replay.
func (r *Room) turnPast(v *viewer, span sim.Time, deadline time.Time) {
	p := v.past
	if !p.arrived {
		if advance(p.feed, p.target, deadline) {
			p.arrived = true
			p.feed.delta(r.pastClock(p))
			v.offer(r.stateFor(v))
		}
		return
	}
	if p.playing {
		advance(p.feed, min(p.feed.run.Now()+span, r.feed.run.Now()), deadline)
		r.movePast(v, p.feed.run.Now())
	}
}

// movePast moves a viewer's playhead on to t and shows what happened on the way. At the live edge the viewer is
// live again.
func (r *Room) movePast(v *viewer, t sim.Time) {
	p := v.past
	if t >= r.feed.run.Now() {
		v.past = nil
		v.offer(r.stateFor(v))
		return
	}
	p.feed.run.AdvanceTo(t)
	v.offer(encode(p.feed.delta(r.pastClock(p))))
}
