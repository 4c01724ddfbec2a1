package server

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"netsplit/sim"
)

// walkKind is what a viewer steps to, or lets the run go on until.
type walkKind uint8

const (
	walkEvent walkKind = iota
	walkMessage
	walkOperation
	walkElection
	walkViolation
	walkFault
	walkConvergence
)

var walks = [...]string{"event", "message", "operation", "election", "violation", "fault", "convergence"}

func (k walkKind) String() string { return walks[k] }

// kept reports whether every moment of the kind is known up to the live edge.
func (k walkKind) kept() bool { return k != walkEvent && k != walkMessage && k != walkConvergence }

// walk is a run on its way to the next of something.
type walk struct {
	kind   walkKind
	lane   int // -1 for any; of a convergence, for all
	times  int // how often it is still to be met
	until  bool
	viewer *viewer // who has asked for it
	of     uint64  // the seq of that message
	begun  sim.Time
}

// newWalk reads what a viewer steps to or waits for.
func (r *Room) newWalk(v *viewer, msg ClientMessage) (walk, error) {
	w := walk{lane: -1, times: 1, viewer: v, of: msg.Seq}
	word := msg.To
	if msg.Type == "until" {
		word, w.until = msg.What, true
	}
	if word == "" && !w.until {
		word = "event"
	}
	k := slices.Index(walks[:], word)
	if k < 0 || walkKind(k) == walkConvergence && !w.until {
		known := walks[:]
		if !w.until {
			known = walks[:walkConvergence]
		}
		return w, fmt.Errorf("%s: unknown %q; expected one of %s", msg.Type, word, strings.Join(known, ", "))
	}
	w.kind = walkKind(k)
	if msg.Lane != "" {
		w.lane = slices.IndexFunc(r.feed.lanes, func(l *laneFeed) bool { return l.cluster.Name == msg.Lane })
		if w.lane < 0 {
			return w, fmt.Errorf("%s: there is no lane %q", msg.Type, msg.Lane)
		}
	}
	return w, nil
}

// of returns the lanes that a walk looks at.
func (f *feed) of(w *walk) []*laneFeed {
	if w.lane < 0 {
		return f.lanes
	}
	return f.lanes[w.lane : w.lane+1]
}

// tally returns a number that changes when what a walk looks for happens.
func (f *feed) tally(w *walk) (n int) {
	for _, l := range f.of(w) {
		if w.kind == walkViolation {
			n += l.watch.broken()
		} else {
			n += l.watch.counts[w.kind]
		}
	}
	return n
}

// broken counts the violations. What models say is asked for only when an operation has begun or ended.
func (w *watch) broken() int {
	if ops := w.counts[walkOperation]; ops != w.judged {
		w.judged, w.models = ops, len(w.lane.referee.Violations())
	}
	return w.models + len(w.lane.referee.Losses()) + len(w.lane.referee.LostUpdates())
}

// converged reports whether the replicas of a walk's lanes have come to agree, with no fault in force.
func (f *feed) converged(w *walk) bool {
	return !slices.ContainsFunc(f.of(w), func(l *laneFeed) bool {
		c := l.referee.Convergence()
		return c.Since < 0 || c.Agreed < 0
	})
}

// met reports whether what a walk looks for has happened at the present instant; before is the tally until then.
func (f *feed) met(w *walk, before int) bool {
	switch w.kind {
	case walkEvent:
		return slices.ContainsFunc(f.of(w), func(l *laneFeed) bool { return l.cluster.LastEvent() == f.run.Now() })
	case walkConvergence:
		return f.converged(w)
	}
	return f.tally(w) != before
}

// walkOn runs a feed event by event until a walk is over, which it reports, or limit or deadline is reached. Before each
// event it asks where to stop next at the latest.
func (f *feed) walkOn(w *walk, limit sim.Time, deadline time.Time, stop func() sim.Time) bool {
	for f.run.Now() < limit && time.Now().Before(deadline) {
		before := f.tally(w)
		f.run.AdvanceTo(min(f.run.NextEvent(), limit, stop()))
		if f.met(w, before) {
			if w.times--; w.times <= 0 {
				return true
			}
		}
	}
	return false
}

// next returns the first moment of a kept kind after t, up to the live edge.
func (f *feed) next(w *walk, t sim.Time) (first sim.Time, found bool) {
	for _, l := range f.of(w) {
		l.watch.moments(w.kind, func(at sim.Time) {
			if at > t && at <= f.run.Now() && (!found || at < first) {
				first, found = at, true
			}
		})
	}
	return first, found
}

// previous returns the last moment of a kept kind before t, or the start.
func (f *feed) previous(w *walk, t sim.Time) (last sim.Time) {
	for _, l := range f.of(w) {
		l.watch.moments(w.kind, func(at sim.Time) {
			if at < t {
				last = max(last, at)
			}
		})
	}
	return last
}

// latest returns the last moment of an event or a message so far, or the start.
func (f *feed) latest(w *walk) (last sim.Time) {
	for _, l := range f.of(w) {
		if w.kind == walkMessage {
			last = max(last, l.watch.message)
		} else {
			last = max(last, l.cluster.LastEvent())
		}
	}
	return last
}

// step moves on to just after the next of something, or back to just after the one before, and pauses there.
func (r *Room) step(v *viewer, msg ClientMessage) error {
	w, err := r.newWalk(v, msg)
	if err != nil {
		return err
	}
	if err := r.underWay("step"); err != nil {
		return err
	}
	if err := r.stepAside(v, "step"); err != nil {
		return err
	}
	if msg.Back {
		return r.stepBack(v, w, msg)
	}
	if v.past != nil {
		return r.walkPast(v, w, msg)
	}
	return r.walkLive(w, "step")
}

// until lets the run go on, as fast as turns allow, to the next of something.
func (r *Room) until(v *viewer, msg ClientMessage) error {
	w, err := r.newWalk(v, msg)
	if err != nil {
		return err
	}
	if err := r.underWay("until"); err != nil {
		return err
	}
	if err := r.stepAside(v, "until"); err != nil {
		return err
	}
	if v.past != nil {
		return r.walkPast(v, w, msg)
	}
	if w.kind == walkConvergence && r.feed.converged(&w) {
		return fmt.Errorf("until: the replicas agree already")
	}
	return r.walkLive(w, "until")
}

// walkLive has the live edge walk on; steps of one kind that come faster than turns add up.
func (r *Room) walkLive(w walk, what string) error {
	if r.feed.run.Now() >= sim.MaxTime {
		return fmt.Errorf("%s: this run has reached its end at %s", what, sim.MaxTime)
	}
	r.playing, r.changed = false, true
	if w.kind == walkEvent && w.lane < 0 && !w.until {
		r.walk = nil
		r.feed.run.AdvanceTo(r.feed.run.NextEvent())
		return nil
	}
	w.begun = r.feed.run.Now()
	if under := r.walk; under != nil && !w.until && !under.until && under.kind == w.kind && under.lane == w.lane {
		w.times, w.begun = min(under.times+1, MaxBurst), under.begun
	}
	r.walk = &w
	return nil
}

// turnWalk takes one turn of the live edge's walk. At the end of the run it says that there was nothing more.
func (r *Room) turnWalk(deadline time.Time) {
	w, from := r.walk, r.feed.run.Now()
	r.changed = true
	kept := 0
	over := r.feed.walkOn(w, sim.MaxTime, deadline, func() sim.Time {
		if kept < MaxKeyFramesATurn && r.archive.keep(r.feed) {
			kept++
		}
		if kept >= MaxKeyFramesATurn {
			return sim.MaxTime
		}
		return r.archive.due(r.feed.run.Now(), (r.feed.run.Now()-from)/MaxKeyFramesATurn)
	})
	switch {
	case over:
		r.walk = nil
	case r.feed.run.Now() >= sim.MaxTime:
		r.walk = nil
		if r.viewers[w.viewer] {
			w.viewer.refuse(w.of, fmt.Errorf("the run has reached its end at %s, and since %s there was no %s", sim.MaxTime, rounded(w.begun), w.kind))
		}
	}
}

// walkPast has a viewer's playhead walk on behind the live edge. Moments that are known are sought.
func (r *Room) walkPast(v *viewer, w walk, msg ClientMessage) error {
	p := v.past
	p.playing, p.changed = false, true
	if w.kind.kept() {
		at, found := r.feed.next(&w, p.aim())
		if !found {
			return fmt.Errorf("%s: there is no %s between %s and the live edge at %s", msg.Type, w.kind, rounded(p.aim()), rounded(r.feed.run.Now()))
		}
		r.aim(p, at)
		return nil
	}
	if !p.arrived {
		p.then = &msg
		return nil
	}
	if w.kind == walkEvent && w.lane < 0 && !w.until {
		p.feed.run.AdvanceTo(min(p.feed.run.NextEvent(), r.feed.run.Now()))
		return nil
	}
	w.begun = p.feed.run.Now()
	if under := p.walk; under != nil && !w.until && under.kind == w.kind && under.lane == w.lane {
		w.times = min(under.times+1, MaxBurst)
	}
	p.walk = &w
	return nil
}

// stepBack moves a viewer's playhead to just after the last of something before what it looks at, or to the start.
func (r *Room) stepBack(v *viewer, w walk, msg ClientMessage) error {
	from := r.feed.run.Now()
	if v.past != nil {
		from = v.past.aim()
	}
	if from == 0 {
		return fmt.Errorf("step: this is the start of the run")
	}
	if p := v.past; p != nil && p.hunt != nil {
		p.then = &msg
		return nil
	}
	if err := r.lookBack(v, "step"); err != nil {
		return err
	}
	if w.kind.kept() {
		r.aim(v.past, r.feed.previous(&w, from))
		return nil
	}
	r.aim(v.past, from-1)
	v.past.hunt = &w
	return nil
}
