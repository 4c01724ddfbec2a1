package server

import (
	"cmp"
	"slices"

	"netsplit/sim"
)

// opFeed remembers what viewers have been shown of a lane's operations.
type opFeed struct {
	keys    []string   // an OpStrip has an index into them
	latest  []OpStrip  // the latest MaxOpStrips, in order of their numbers
	lent    bool       // somebody else has latest as well: it is copied before it is changed
	begun   int        // of the history: those that viewers have been shown
	pending []sim.OpID // of those, such as have not ended
	sayings
}

// strips returns the operations that have begun or ended since they were last asked for, the latest sim.MaxTraffic in
// order of their numbers; and those that have ended.
func (o *opFeed) strips(l *laneFeed) (changed []OpStrip, ended []*sim.Record) {
	history := l.cluster.History()
	over := func(rec *sim.Record) bool {
		if rec.Result.Outcome != sim.Pending {
			ended = append(ended, rec)
		}
		return rec.Result.Outcome != sim.Pending
	}
	o.pending = slices.DeleteFunc(o.pending, func(id sim.OpID) bool { return over(history[id-1]) })
	for _, rec := range ended {
		changed = append(changed, o.strip(l, rec))
	}
	for _, rec := range history[o.begun:] {
		changed = append(changed, o.strip(l, rec))
		if !over(rec) {
			o.pending = append(o.pending, rec.ID)
		}
	}
	o.begun = len(history)
	o.remember(changed)
	return changed[max(0, len(changed)-sim.MaxTraffic):], ended
}

// remember brings the latest operations up to date.
func (o *opFeed) remember(changed []OpStrip) {
	if len(changed) == 0 {
		return
	}
	if o.lent {
		o.latest, o.lent = slices.Clone(o.latest), false
	}
	for _, s := range changed {
		i, known := slices.BinarySearchFunc(o.latest, s[0], func(of OpStrip, id int64) int { return cmp.Compare(of[0], id) })
		switch {
		case known:
			o.latest[i] = s
		case i == len(o.latest):
			o.latest = append(o.latest, s)
		}
	}
	o.latest = o.latest[max(0, len(o.latest)-MaxOpStrips):]
}

func (o *opFeed) strip(l *laneFeed, rec *sim.Record) OpStrip {
	view := l.opView(rec)
	key := slices.Index(o.keys, rec.Key)
	if key < 0 {
		key, o.keys = len(o.keys), append(o.keys, rec.Key)
	}
	flags := int64(0)
	_, stale := l.referee.Stale(rec.ID)
	for i, set := range []bool{view.Applied, view.Absent, stale} {
		if set {
			flags |= 1 << i
		}
	}
	return OpStrip{int64(view.ID), int64(view.Client), int64(rec.Kind - 1), int64(key), view.Value, view.Found, int64(view.Start), int64(view.End), int64(view.Outcome), flags, o.text(saidOf(rec))}
}
