package server

import (
	"slices"
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
	changed bool // what the viewer sees is not up to date
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

// turnPasts takes one turn of every replay. Each gets its share of the time that is left; who was first this time
// is last the next, so that everybody gets on even where the first leave nothing.
func (r *Room) turnPasts(span sim.Time, deadline time.Time) {
	for i, v := range r.pasts {
		left := time.Until(deadline) / time.Duration(len(r.pasts)-i)
		r.turnPast(v, span, time.Now().Add(left))
	}
	r.pasts = slices.DeleteFunc(r.pasts, func(v *viewer) bool { return v.past == nil })
	if len(r.pasts) > 1 {
		r.pasts = append(r.pasts[1:], r.pasts[0])
	}
}

// turnPast takes one turn of a viewer's replay and shows what happened. At the live edge the viewer is live again.
func (r *Room) turnPast(v *viewer, span sim.Time, deadline time.Time) {
	p := v.past
	if !p.arrived {
		if advance(p.feed, p.target, deadline) {
			p.arrived, p.changed = true, false
			p.feed.delta(r.pastClock(p))
			v.offer(r.stateFor(v))
		}
		return
	}
	edge := r.feed.run.Now()
	if p.playing {
		advance(p.feed, min(p.feed.run.Now()+span, edge), deadline)
		p.changed = true
	}
	switch {
	case p.feed.run.Now() >= edge:
		v.past = nil
		v.offer(r.stateFor(v))
	case p.changed:
		p.changed = false
		v.offer(encode(p.feed.delta(r.pastClock(p))))
	}
}

// leavePast ends a viewer's replay, if there is one.
func (r *Room) leavePast(v *viewer) {
	v.past = nil
	r.pasts = slices.DeleteFunc(r.pasts, func(other *viewer) bool { return other == v })
}
