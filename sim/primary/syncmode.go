package primary

import (
	"cmp"
	"slices"

	"netsplit/sim"
)

// The stages of a change of the synchronous standbys. Those who may follow the primary are at each instant such as
// have, or find among the voters, every write that was acknowledged under the old rule and under the new one.
const (
	shiftNone    = iota
	shiftNarrow  // the key is to be made safe under both rules
	shiftCatchUp // the new rule holds; what was ordered before it is to satisfy it too
	shiftWiden   // the key is to become that of the new rule
)

// shift is a change of the synchronous standbys that is under way.
type shift struct {
	stage int
	goal  []sim.Addr
	need  int
	point int     // end of the log when the new rule began
	key   syncKey // as the lease last had it
	ver   int
	asked bool // a change of the key, and not answered yet
}

// satisfiedByMode reports whether the standbys that the primary chose have the log up to an index.
func (r *replica) satisfiedByMode(index int, level string) bool {
	if len(r.names) > 0 {
		return r.count(r.names, index, level, false) >= r.need
	}
	return !r.set.strict || r.count(r.set.standbys, index, level, true) > 0
}

// arrange compares the synchronous standbys with those that there should be, and begins or goes on with a change.
func (r *replica) arrange(v view, changed bool) {
	if r.set.mode == off || r.role != primary {
		return
	}
	s := &r.shift
	s.key, s.ver = v.sync, v.version
	wasAsked := s.asked
	s.asked = false
	goal, need := r.wanted(v)
	if s.stage == shiftNone || !slices.Equal(goal, s.goal) || need != s.need {
		if slices.Equal(goal, r.names) && need == r.need && r.finished() {
			s.stage = shiftNone
			return
		}
		*s = shift{stage: shiftNarrow, goal: goal, need: need, key: s.key, ver: s.ver}
		r.askKey(r.narrow())
		return
	}
	switch {
	case s.stage == shiftNarrow && changed && wasAsked:
		r.adopt()
	case s.stage == shiftNarrow:
		r.askKey(r.narrow())
	case s.stage == shiftWiden && changed && wasAsked:
		s.stage = shiftNone
	case s.stage == shiftWiden:
		s.stage = shiftCatchUp
		r.goOnShifting()
	}
}

// wanted returns the standbys that should be synchronous, and how many of them are to have a commit: those connected
// and alive; such as are synchronous already before others, and of those the furthest. There may be fewer than k.
func (r *replica) wanted(v view) (goal []sim.Addr, need int) {
	fit := func(a sim.Addr) bool {
		return a != r.env.Self() && r.senders[a].state == streaming && slices.Contains(v.alive, a)
	}
	add := func(list []sim.Addr) {
		for _, a := range list {
			if fit(a) && !slices.Contains(goal, a) && (r.set.mode == modeQuorum || len(goal) < r.set.k) {
				goal = append(goal, a)
			}
		}
	}
	if r.set.mode != modeQuorum {
		add(r.names)
	}
	add(r.furthest())
	slices.Sort(goal)
	if r.set.mode == modeQuorum {
		return goal, min(r.set.k, len(goal))
	}
	return goal, len(goal)
}

// furthest lists the standbys that may be synchronous, those with the longest logs first.
func (r *replica) furthest() []sim.Addr {
	list := slices.Clone(r.set.standbys)
	slices.SortStableFunc(list, func(a, b sim.Addr) int {
		return cmp.Compare(r.position(&r.senders[b], r.set.commit), r.position(&r.senders[a], r.set.commit))
	})
	return list
}

// finished reports whether the key is that of the standbys in force.
func (r *replica) finished() bool {
	want := r.widen()
	return slices.Equal(r.shift.key.voters, want.voters) && r.shift.key.quorum == want.quorum && r.shift.key.leader == want.leader
}

// narrow returns a key that is safe under the rule in force and under the one to come.
func (r *replica) narrow() syncKey {
	s := &r.shift
	key := syncKey{leader: r.env.Self()}
	if r.set.mode != modeQuorum {
		for _, a := range s.key.voters {
			if slices.Contains(s.goal, a) {
				key.voters = append(key.voters, a)
			}
		}
		return key
	}
	copies := min(len(s.key.voters)-s.key.quorum, s.need) // that every acknowledged write has among the voters
	key.voters = slices.Clone(s.key.voters)
	for _, a := range s.goal {
		if !slices.Contains(key.voters, a) {
			key.voters = append(key.voters, a)
		}
	}
	slices.Sort(key.voters)
	key.quorum = len(key.voters) - copies
	return key
}

// widen returns the key of the rule in force.
func (r *replica) widen() syncKey {
	key := syncKey{leader: r.env.Self(), voters: slices.Clone(r.names)}
	if r.set.mode == modeQuorum {
		key.quorum = len(r.names) - r.need
	}
	return key
}

func (r *replica) askKey(key syncKey) {
	r.shift.asked = true
	r.ask(asking{verb: setSync, optime: r.j.flushed, sync: key, version: r.shift.ver})
}

// adopt puts the new rule in force.
func (r *replica) adopt() {
	s := &r.shift
	alone := len(s.goal) == 0 && !r.set.strict
	if alone && len(r.names) > 0 {
		r.env.Note(sim.NoteAlone, -1, int64(len(r.waiters)))
	} else if !alone && len(r.names) == 0 {
		r.env.Note(sim.NoteWaits, -1, 0)
	}
	r.names, r.need = s.goal, s.need
	s.stage, s.point = shiftCatchUp, r.j.last()
	r.settle()
}

// goOnShifting asks for the key of the new rule once all that was ordered before it satisfies it.
func (r *replica) goOnShifting() {
	s := &r.shift
	if r.role == primary && s.stage == shiftCatchUp && !r.open && r.satisfiedByMode(s.point, r.set.commit) {
		s.stage = shiftWiden
		r.askKey(r.widen())
	}
}
