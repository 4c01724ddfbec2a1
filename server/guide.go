package server

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"netsplit/sim"
)

// Those who follow a presenter into the past share one playhead, the room's guide, which each server has for its own viewers. What the
// presenter looks at, as its glances say, steers it, whichever server the presenter is connected to. However many follow, that is one replay, and each of
// its messages is encoded once.

// rides reports whether a viewer looks through the guide.
func (r *Room) rides(v *viewer) bool { return v.past != nil && v.past == r.guide }

// replays yields all playheads that are not at the live edge.
func (r *Room) replays(yield func(*past) bool) {
	for _, v := range r.pasts {
		if !yield(v.past) {
			return
		}
	}
	if r.guide != nil {
		yield(r.guide)
	}
}

// setFollowing has a viewer see what the presenter sees, from the next turn on, or no more: then it has a playhead of its own at
// the moment that it looks at.
func (r *Room) setFollowing(v *viewer, on bool) error {
	if on && v.guest != "" && v.guest == r.floor.Guest {
		return errors.New("follow: you are presenting")
	}
	if on {
		v.follows = true
		return nil
	}
	if err := r.stepAside(v, "follow"); err != nil {
		r.leavePast(v)
		v.follows = false
		v.offer(r.stateFor(v))
		return fmt.Errorf("%w; you are back at the live edge", err)
	}
	v.follows = false
	return nil
}

// stepAside gives a viewer who looks through the guide a playhead of its own at the same moment. What is shown stays meanwhile.
func (r *Room) stepAside(v *viewer, what string) error {
	if !r.rides(v) {
		v.follows = v.follows && v.past == nil
		return nil
	}
	at := r.guide.aim()
	if err := r.lookBack(v, what); err != nil {
		return err
	}
	r.aim(v.past, at)
	v.past.late, v.past.changed = false, true
	return nil
}

// followed returns what the presenter looks at in this run, as far as is known; nil for nothing.
func (r *Room) followed() *Glance {
	g := r.next
	if g == nil {
		g = r.glance
	}
	if r.floor.Guest == "" || r.run != r.runs {
		return nil
	}
	return g
}

// followers lists the viewers who are to see what the presenter sees.
func (r *Room) followers() (list []*viewer) {
	for _, v := range r.audience {
		if v.follows && (v.guest == "" || v.guest != r.floor.Guest) {
			list = append(list, v)
		}
	}
	return list
}

// turnGuide takes one turn of the guide, while there is somebody to be guided into the past.
func (r *Room) turnGuide(span sim.Time, deadline time.Time) {
	g, followers := r.followed(), r.followers()
	if g == nil || g.Live || r.ahead > 0 || len(followers) == 0 {
		r.unguide(g, followers)
		return
	}
	if p := r.guide; p == nil {
		r.guide = &past{feed: r.replay(), shown: r.feed.at, seq: r.feed.seq}
		r.aim(r.guide, min(g.At, r.feed.run.Now()))
		r.guide.playing = g.Playing
	} else {
		r.steer(g)
	}
	if !r.guide.arrived {
		r.turnReplay(r.guide, deadline)
	} else {
		r.playGuide(span, deadline)
	}
	if r.guide.arrived || r.guide.pictured {
		r.board(followers)
	}
}

// unguide has those who have looked through the guide live again; and all who follow, once it is known that the presenter is.
func (r *Room) unguide(g *Glance, followers []*viewer) {
	var live []*viewer
	if r.guide != nil {
		live, r.guide = r.guide.seers, nil
	}
	if g != nil && g.Live {
		for _, v := range followers {
			if v.past != nil && !slices.Contains(live, v) {
				live = append(live, v)
			}
		}
	}
	for _, v := range live {
		r.leavePast(v)
	}
	r.showStates(live)
}

// board has those who follow look through the guide, if they do not yet.
func (r *Room) board(followers []*viewer) {
	var fresh []*viewer
	for _, v := range followers {
		if v.past != r.guide {
			r.leavePast(v)
			v.past = r.guide
			fresh = append(fresh, v)
		}
	}
	r.guide.seers = append(r.guide.seers, fresh...)
	r.showStates(fresh)
}

// steer sends the guide where the presenter is. It never passes the presenter, so that it need not go back when that one stops; what is but a
// little further on it comes to by itself.
func (r *Room) steer(g *Glance) {
	p, at := r.guide, min(g.At, r.feed.run.Now())
	if r.guideWaits() {
		return
	}
	leap := GuideLeap
	if !p.playing && !g.Playing {
		leap = GlanceInterval // a step
	}
	if p.playing != g.Playing {
		p.playing, p.changed = g.Playing, true
	}
	from := p.target
	if p.arrived {
		from = p.feed.run.Now()
	}
	switch {
	case at == p.target:
	case at >= from && at-from <= r.virtual(leap):
		p.target, p.changed = at, true
	default:
		r.aim(p, at)
		p.playing = g.Playing
	}
}

// guideWaits reports whether this server has not come as far yet as the presenter, at another one, looks back to.
func (r *Room) guideWaits() bool {
	g := r.followed()
	return r.guide != nil && !r.ourLog() && g != nil && !g.Live && g.At > r.feed.run.Now()
}

// virtual returns how far the run goes in a span of wall time.
func (r *Room) virtual(d time.Duration) sim.Time {
	return sim.Time(float64(d.Microseconds()) * r.speed)
}

// playGuide takes the guide, which is where it was to be, on to where the presenter is by now: at the room's speed if the presenter plays,
// twice as fast if it is late.
func (r *Room) playGuide(span sim.Time, deadline time.Time) {
	p := r.guide
	now, to := p.feed.run.Now(), p.target
	if p.playing {
		if to-now > r.virtual(GuideLag) {
			span *= 2
		}
		to = min(to, now+span)
	}
	if to > now {
		advance(p.feed, to, deadline)
		p.changed = true
	}
	if p.changed {
		r.showChange(p)
	}
}
