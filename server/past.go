package server

import (
	"fmt"
	"slices"
	"time"

	"netsplit/sim"
)

// past is the playhead of a viewer who looks at a moment before the live edge. It replays the run's text from
// zero, a part of it each turn, and plays on from there. Until it is there, it shows what the archive has.
type past struct {
	feed    *feed
	target  sim.Time // where the viewer asked to be
	arrived bool     // the replay has reached the target, and the viewer has seen it
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

// lookBack has a viewer leave the live edge, unless too many have.
func (r *Room) lookBack(v *viewer) error {
	if v.past != nil {
		return nil
	}
	if len(r.pasts) >= MaxPasts {
		return fmt.Errorf("seek: %d viewers of this room look at its past, which is the most; try again later", MaxPasts)
	}
	r.pasts = append(r.pasts, v)
	v.past = &past{feed: r.replay(), shown: r.feed.at, seq: r.feed.seq}
	return nil
}

// aim sends a viewer's playhead, which is not at the live edge, to a moment. A replay that is not past it goes on.
func (r *Room) aim(v *viewer, t sim.Time) {
	p := v.past
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
		r.turnReplay(v, deadline)
		return
	}
	edge := r.feed.run.Now()
	switch {
	case p.walk != nil:
		r.turnPastWalk(v, edge, deadline)
	case p.playing:
		advance(p.feed, min(p.feed.run.Now()+span, edge), deadline)
		p.changed = true
	}
	switch {
	case p.feed.run.Now() >= edge:
		v.past = nil
		v.offer(r.stateFor(v))
	case p.changed:
		p.changed = false
		d := p.feed.delta(r.pastClock(p))
		if p.forked {
			d.Branches, p.forked = r.branchViews(v.holder), false
		}
		v.offer(encode(d))
	}
}

// turnPastWalk walks on towards the live edge, and says so if there was nothing up to it.
func (r *Room) turnPastWalk(v *viewer, edge sim.Time, deadline time.Time) {
	p := v.past
	p.changed = true
	over := p.feed.walkOn(p.walk, edge, deadline, func() sim.Time { return sim.MaxTime })
	if over {
		p.walk = nil
	} else if p.feed.run.Now() >= edge {
		v.refuse(p.walk.of, fmt.Errorf("between %s and the live edge at %s there was no %s", rounded(p.walk.begun), rounded(edge), p.walk.kind))
	}
}

// turnReplay takes a replay on towards its target. A picture shows first what the archive has, unless the replay will
// be there soon. While a hand moves the playhead back, nothing is replayed anew.
func (r *Room) turnReplay(v *viewer, deadline time.Time) {
	p := v.past
	fresh, soon := p.fresh, r.soon(p)
	p.fresh, p.sent = false, false
	if p.late && !soon && p.hunt == nil {
		r.showPicture(v)
	}
	if p.feed.run.Now() > p.target {
		if fresh && !soon {
			return
		}
		p.feed = r.replay()
	}
	if r.replayTo(p.feed, p.target, deadline) {
		r.arrive(v)
	} else if p.late && !fresh && p.hunt == nil { // it takes longer than was thought
		r.showPicture(v)
	} else if p.changed {
		p.changed = false
		v.offer(p.tick(r.pastClock(p)))
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

// showPicture shows a viewer whose replay is on its way the latest that the archive has before its target. If that is
// shown already, the clock alone goes out.
func (r *Room) showPicture(v *viewer) {
	p := v.past
	p.late, p.changed, p.sent = false, false, true
	data := r.archive.latest(p.target)
	if data == nil {
		return
	}
	pic := readPicture(data)
	if p.pictured && pic.At == p.shown {
		v.offer(p.tick(r.pastClock(p)))
		return
	}
	p.shown, p.pictured = pic.At, true
	p.seq++
	v.offer(r.stateFor(v))
}

// tick returns a delta that has nothing but the clock.
func (p *past) tick(clock Clock) []byte {
	p.seq++
	return encode(Delta{Type: "delta", Seq: p.seq, Clock: clock, Lanes: make([]LaneDelta, len(p.feed.lanes))})
}

// arrive shows a viewer that its replay is where it asked to be; or sends it back to what it hunts for.
func (r *Room) arrive(v *viewer) {
	p := v.past
	if w := p.hunt; w != nil {
		then := p.then
		r.aim(v, p.feed.latest(w))
		p.then = then
		if p.feed.run.Now() > p.target {
			return
		}
	}
	p.arrived, p.pictured, p.changed = true, false, false
	p.feed.delta(r.pastClock(p))
	v.offer(r.stateFor(v))
	if msg := p.then; msg != nil {
		p.then = nil
		if err := r.step(v, *msg); err != nil {
			v.refuse(msg.Seq, err)
		}
	}
}

// leavePast ends a viewer's replay, if there is one.
func (r *Room) leavePast(v *viewer) {
	v.past = nil
	r.pasts = slices.DeleteFunc(r.pasts, func(other *viewer) bool { return other == v })
}
