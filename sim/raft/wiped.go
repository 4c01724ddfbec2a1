package raft

import (
	"slices"

	"netsplit/sim"
)

// A node whose disk was emptied does not know what it has promised. Here it takes no part in anything, and says so; the
// leader has the members leave it out, and take it in again: by then a majority of the others has agreed to go on without
// what it had promised.

// muteRetry is how often a node with an empty disk says so.
const muteRetry = sim.Second

// takeIn goes on with taking in a node with an empty disk.
func (t *truetime) takeIn(a sim.Addr) {
	r, id := t.r, idOf(a)
	member := slices.Contains(r.conf.GetVoters(), id)
	switch {
	case r.reign.first == 0 || r.index < r.reign.first || len(r.conf.GetVotersOutgoing()) > 0:
	case member && t.welcome[a]:
		t.welcome[a] = false
		r.env.Send(a, sim.KindVote, call{kind: callWelcome, term: r.term})
	default:
		t.welcome[a] = !member
		names := []string{}
		for b := range sim.Addr(r.env.Nodes()) {
			if in := slices.Contains(r.conf.GetVoters(), idOf(b)); in && b != a || b == a && !member {
				names = append(names, r.set.names[b])
			}
		}
		r.propose(names)
	}
}

// sayMute says that this node's disk was emptied.
func (t *truetime) sayMute() {
	if !t.mute {
		return
	}
	for a := range sim.Addr(t.r.env.Nodes()) {
		if a != t.r.env.Self() {
			t.r.env.Send(a, sim.KindVote, call{kind: callMute})
		}
	}
	t.r.env.SetTimer(timerMute, muteRetry)
}

// wake begins to take part, with a leader of this term or a later one.
func (t *truetime) wake(term uint64) {
	if t.mute {
		t.mute, t.floor = false, term
	}
}
