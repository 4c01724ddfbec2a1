package group

import (
	"encoding/binary"

	"netsplit/sim"
)

// membership is what one node knows of its own place in the group, and of who is there.
type membership struct {
	heard       []sim.Time // by node: when
	suspected   []bool     // by node: it has been silent for too long
	absent      []bool     // by node: it was no member when that was last looked at
	blocked     sim.Time   // since when no majority is heard; -1 while one is
	asked       sim.Time   // when a change of the members was last asked for
	left        bool       // it is out of the group, as far as it knows (ERROR, OFFLINE)
	stopped     bool       // its server has ended itself
	offline     bool       // its server takes no clients (offline_mode)
	yields      bool       // it is to go over to the others' lineage
	muted       bool       // its disk is empty, and the others may still take it for who it was
	gone        uint64     // it was told that it is no member since this view
	mark        uint64     // of the note that it has returned
	until       sim.Time   // when the present attempt to join ends
	next        sim.Time   // when the next one begins; 0 for none
	tries       int        // that are left
	returnAsked sim.Time
}

// boots is the number of tries of a server that starts, which an operator sees through: it does not end.
const boots = -1

func newMembership(nodes int) membership {
	return membership{heard: make([]sim.Time, nodes), suspected: make([]bool, nodes), absent: make([]bool, nodes), blocked: -1, asked: -askAgain}
}

// context names a view, so that what was asked for in another has no effect.
func (v *view) context() []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, v.lineage), v.number)
}

func (r *replica) everybodyHeard() {
	for i := range r.heard {
		r.heard[i] = r.env.Elapsed()
	}
}

// say tells every other node something.
func (r *replica) say(what wordKind) {
	for a := range sim.Addr(r.env.Nodes()) {
		if a != r.env.Self() {
			r.env.Send(a, sim.KindHeartbeat, word{what, r.view.number, r.view.lineage})
		}
	}
}

// look is done twice a second: it says that this node is there, looks who else is, and sees to what has not come about.
func (r *replica) look() {
	switch {
	case !r.left:
		r.say(alive)
		r.suspect()
	default:
		r.rejoin()
	}
	if r.stopped {
		return
	}
	if !r.left {
		r.sendAgain()
		r.acknowledgeAgain()
	}
	r.step()
}

// suspect looks who is silent. The first of those who are there has the others expelled that are suspected for too long,
// if a majority is there.
func (r *replica) suspect() {
	now, self := r.env.Elapsed(), r.env.Self()
	there, first := 0, self
	var gone []sim.Addr
	for _, a := range r.view.members {
		silent := now - r.heard[a]
		if suspected := a != self && silent >= DetectionTime; suspected != r.suspected[a] {
			r.suspected[a] = suspected
			r.env.Note(map[bool]sim.NoteKind{true: sim.NoteSuspect, false: sim.NoteTrust}[suspected], a, int64(silent))
		}
		if !r.suspected[a] {
			there, first = there+1, min(first, a)
		} else if silent >= DetectionTime+r.set.expel {
			gone = append(gone, a)
		}
	}
	majority := there > len(r.view.members)/2
	switch {
	case majority:
		r.blocked = -1
		if first == self && len(gone) > 0 {
			r.change(gone[0], false)
		}
	case r.blocked < 0:
		r.blocked = now
	case r.set.unreachable > 0 && now-r.blocked >= r.set.unreachable:
		r.leave()
	}
}

// change asks for a node to be taken in or left out, if that was not done just now.
func (r *replica) change(node sim.Addr, in bool) {
	if now := r.env.Elapsed(); r.asked+2*aliveInterval <= now && r.order.Change(node, in, r.view.context()) {
		r.asked = now
	}
}

// told takes what another node says.
func (r *replica) told(from sim.Addr, w word) {
	if w.lineage != r.view.lineage {
		r.toldByOthers(from, w)
		return
	}
	switch w.what {
	case alive:
		r.heard[from] = r.env.Elapsed()
		r.answer(from, w)
	case asks, asksAnew:
		r.answer(from, w)
	case expelled:
		if w.view <= r.view.number {
			return
		}
		r.gone, r.muted = max(r.gone, w.view), false
		if !r.left {
			r.leave()
		}
	}
}

// answer tells a node that is no member so, and has it taken in if it asks.
func (r *replica) answer(from sim.Addr, w word) {
	if !r.online() || r.blocked >= 0 {
		return
	}
	member := r.view.has(from)
	if !member && w.view < r.view.number {
		r.env.Send(from, sim.KindHeartbeat, word{expelled, r.view.number, r.view.lineage})
	}
	switch {
	case w.what == asks && !member:
		r.change(from, true)
	case w.what == asksAnew && member:
		r.change(from, false)
	}
}

// changed takes in that the view is another.
func (r *replica) changed() {
	self := r.env.Self()
	for a := range r.heard {
		switch is := r.view.has(sim.Addr(a)); {
		case !is:
			r.suspected[a], r.absent[a] = false, true
		case r.absent[a]: // it has had no time to be heard
			r.heard[a], r.absent[a] = r.env.Elapsed(), false
		}
	}
	switch {
	case !r.view.has(self) && !r.left:
		r.leave()
	case r.view.has(self) && !r.view.online[self] && r.left && r.view.number >= r.gone && !r.muted:
		r.left, r.offline, r.next, r.until, r.blocked = false, false, 0, 0, -1
		r.everybodyHeard()
		r.env.SetTimer(timerRecovered, r.set.recovery)
	case r.view.has(self) && !r.view.online[self] && !r.left:
		r.env.SetTimer(timerRecovered, r.set.recovery)
	}
	if r.view.primary == self && r.view.since == r.order.Applied() && r.set.single {
		r.env.Note(sim.NoteElected, -1, int64(r.view.since))
	}
}
