package server

import (
	"fmt"
	"slices"
	"time"

	"netsplit/sim"
)

// past is the playhead of a viewer who looks at a moment before the live edge, or of all who follow the presenter there. It replays the run's text from
// zero, a part of it each turn, and plays on from there. Until it is there, it shows what the archive has.
type past struct {
	feed    *feed
	seers   []*viewer // who look through it: one, or those who follow
	target  sim.Time  // where the viewer asked to be
	arrived bool      // the replay has reached the target, and the viewer has seen it
	playing bool
	changed bool // what the viewer sees is not up to date

	fresh    bool           // the target is new since the last turn
	pictured bool           // on its way: the viewer is shown a picture of the archive
	shown    sim.Time       // on its way: the moment that the viewer is shown
	late     bool           // on its way: the viewer is not shown what is nearest to the target yet
	sent     bool           // on its way: a picture has gone out since the last turn
	seq      uint64         // on its way: of the last message to the viewer
	hunt     *walk          // on its way: what the viewer wants the last of, at the target or before
	then     *ClientMessage // on its way: a step to be taken there; the latest counts
	forked   bool           // the next delta says which branches there are
	walk     *walk          // there: on its way to the next of something
}

// aim returns the moment that the viewer looks at, or has asked for.
func (p *past) aim() sim.Time {
	if p.arrived {
		return p.feed.run.Now()
	}
	return p.target
}

// replay begins the room's run anew.
func (r *Room) replay() *feed {
	s := r.feed.run.Scenario()
	f, err := newFeed(&s)
	if err != nil {
		panic("server: replay of a running scenario: " + err.Error())
	}
	return f
}

func (r *Room) pastClock(p *past) Clock {
	c := Clock{At: p.feed.run.Now(), Edge: r.feed.run.Now(), Playing: p.playing, Speed: r.speed}
	if !p.arrived {
		c.At, c.Coming = p.shown, p.target
	}
	if p.walk != nil && p.walk.until {
		c.Until = p.walk.kind.String()
	}
	return c
}

// lookBack gives a viewer a playhead of its own, which leaves the live edge, or the presenter, unless too many have.
func (r *Room) lookBack(v *viewer, what string) error {
	if v.past != nil && !r.rides(v) {
		v.follows = false
		return nil
	}
	if len(r.pasts) >= MaxPasts {
		return fmt.Errorf("%s: %d viewers of this room look at its past, which is the most; try again later", what, MaxPasts)
	}
	p := &past{feed: r.replay(), seers: []*viewer{v}, shown: r.feed.at, seq: r.seqOf(v)}
	if v.past != nil {
		p.shown = r.pastClock(v.past).At
	}
	r.leavePast(v)
	r.pasts = append(r.pasts, v)
	v.past, v.follows = p, false
	return nil
}

// aim sends a playhead that is not at the live edge to a moment. A replay that is not past it goes on.
func (r *Room) aim(p *past, t sim.Time) {
	if p.arrived {
		p.shown, p.seq = p.feed.at, p.feed.seq
	}
	p.target, p.arrived, p.playing = t, false, false
	p.fresh, p.late, p.changed = true, true, false
	p.hunt, p.then, p.walk = nil, nil, nil
}

// turnPasts takes one turn of every replay. Each gets its share of the time that is left; who was first this time
// is last the next, so that everybody gets on even where the first leave nothing.
func (r *Room) turnPasts(span sim.Time, deadline time.Time) {
	r.turnGuide(span, time.Now().Add(time.Until(deadline)/time.Duration(len(r.pasts)+1)))
	for i, v := range r.pasts {
		left := time.Until(deadline) / time.Duration(len(r.pasts)-i)
		r.turnPast(v.past, span, time.Now().Add(left))
	}
	r.pasts = slices.DeleteFunc(r.pasts, func(v *viewer) bool { return v.past == nil })
	if len(r.pasts) > 1 {
		r.pasts = append(r.pasts[1:], r.pasts[0])
	}
}

// turnPast takes one turn of a viewer's replay and shows what happened. At the live edge the viewer is live again.
func (r *Room) turnPast(p *past, span sim.Time, deadline time.Time) {
	if !p.arrived {
		r.turnReplay(p, deadline)
		return
	}
	edge := r.feed.run.Now()
	switch {
	case p.walk != nil:
		r.turnPastWalk(p, edge, deadline)
	case p.playing:
		advance(p.feed, min(p.feed.run.Now()+span, edge), deadline)
		p.changed = true
	}
	switch {
	case p.feed.run.Now() >= edge:
		for _, v := range p.seers {
			v.past = nil
		}
		r.showStates(p.seers)
	case p.changed:
		r.showChange(p)
	}
}

// showChange shows all who look through a playhead what is new, encoded once for those who have the control key, and for others.
func (r *Room) showChange(p *past) {
	p.changed = false
	d := p.feed.delta(r.pastClock(p))
	if p.forked {
		p.forked = false
		d.Branches = r.branchViews(false)
		looks := encode(d)
		d.Branches = r.branchViews(true)
		p.offer(encode(d), looks)
		return
	}
	data := encode(d)
	p.offer(data, data)
}

// offer sends all who look through a playhead one of two messages, see own.
func (p *past) offer(keys, looks []byte) {
	for _, v := range p.seers {
		v.offer(v.own(keys, looks))
	}
}

// turnPastWalk walks on towards the live edge, and says so if there was nothing up to it.
func (r *Room) turnPastWalk(p *past, edge sim.Time, deadline time.Time) {
	p.changed = true
	over := p.feed.walkOn(p.walk, edge, deadline, func() sim.Time { return sim.MaxTime })
	if over {
		p.walk = nil
	} else if p.feed.run.Now() >= edge {
		p.walk.viewer.refuse(p.walk.of, fmt.Errorf("between %s and the live edge at %s there was no %s", rounded(p.walk.begun), rounded(edge), p.walk.kind))
	}
}

// turnReplay takes a replay on towards its target. A picture shows first what the archive has, unless the replay will
// be there soon. While a hand moves the playhead back, nothing is replayed anew.
func (r *Room) turnReplay(p *past, deadline time.Time) {
	fresh, soon := p.fresh, r.soon(p)
	p.fresh, p.sent = false, false
	if p.late && !soon && p.hunt == nil {
		r.showPicture(p)
	}
	if p.feed.run.Now() > p.target {
		if fresh && !soon {
			return
		}
		p.feed = r.replay()
	}
	if r.replayTo(p.feed, p.target, deadline) {
		r.arrive(p)
	} else if p.late && !fresh && p.hunt == nil { // it takes longer than was thought
		r.showPicture(p)
	} else if p.changed {
		p.changed = false
		p.tick(r.pastClock(p))
	}
}

// soon reports whether a replay will be at its target before long, as far as one can tell.
func (r *Room) soon(p *past) bool {
	from := p.feed.run.Now()
	if from > p.target {
		from = 0
	}
	return r.lasts(p.target-from) < QuickReplay
}

// showPicture shows those whose replay is on its way the latest that the archive has before its target. If that is
// shown already, the clock alone goes out.
func (r *Room) showPicture(p *past) {
	p.late, p.changed, p.sent = false, false, true
	data := r.archive.latest(p.target)
	if data == nil {
		return
	}
	pic := readPicture(data)
	if p.pictured && pic.At == p.shown {
		p.tick(r.pastClock(p))
		return
	}
	p.shown, p.pictured = pic.At, true
	p.seq++
	r.showStates(p.seers)
}

// tick sends a delta that has nothing but the clock.
func (p *past) tick(clock Clock) {
	p.seq++
	data := encode(Delta{Type: "delta", Seq: p.seq, Clock: clock, Lanes: make([]LaneDelta, len(p.feed.lanes))})
	p.offer(data, data)
}

// arrive shows a viewer that its replay is where it asked to be; or sends it back to what it hunts for.
func (r *Room) arrive(p *past) {
	if w := p.hunt; w != nil {
		then := p.then
		r.aim(p, p.feed.latest(w))
		p.then = then
		if p.feed.run.Now() > p.target {
			return
		}
	}
	p.arrived, p.pictured, p.changed = true, false, false
	p.feed.delta(r.pastClock(p))
	r.showStates(p.seers)
	if msg := p.then; msg != nil {
		p.then = nil
		v := p.seers[0]
		if err := r.step(v, *msg); err != nil {
			v.refuse(msg.Seq, err)
		}
	}
}

// leavePast ends a viewer's replay, if there is one. One that others look through goes on.
func (r *Room) leavePast(v *viewer) {
	if r.rides(v) {
		r.guide.seers = slices.DeleteFunc(r.guide.seers, func(other *viewer) bool { return other == v })
	}
	if len(r.viewers) == 0 {
		r.guide = nil
	}
	v.past = nil
	r.pasts = slices.DeleteFunc(r.pasts, func(other *viewer) bool { return other == v })
}
