package check

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// silencing are the verbs that can make a node take another for dead.
var silencing = slices.Concat(breaking, []sim.Verb{sim.VerbDelay, sim.VerbSlow, sim.VerbReorder})

// suspected returns the note since which a node took another for dead at an instant; nil if it did not.
func (t *trail) suspected(by, peer sim.Addr, at sim.Time) *sim.Note {
	for i := t.annals.end() - 1; i >= t.annals.first(); i-- {
		n := t.annals.at(i)
		if n.Node != by || n.Peer != peer || n.At > at {
			continue
		}
		switch n.Kind {
		case sim.NoteSuspect:
			return n
		case sim.NoteTrust:
			return nil
		}
	}
	return nil
}

// presumed returns the command because of which a node took another for dead at an instant, and since when it did; nil
// for none.
func (t *trail) presumed(by, peer sim.Addr, at sim.Time) (cmd *sim.Command, since sim.Time) {
	n := t.suspected(by, peer, at)
	if n == nil {
		return nil, 0
	}
	for _, when := range []sim.Time{n.At, n.At - sim.Time(n.N)/2} { // it may be over when the silence is noticed
		for _, f := range []inForce{t.onLink(peer, by, when), t.onNode(peer, when), t.onNode(by, when), t.onLink(by, peer, when)} {
			if cmd := f.any(silencing...); cmd != nil {
				return cmd, n.At
			}
		}
	}
	return nil, 0
}

// deserted looks for a suspicion because of which a replica was not sent the write when it was taken, though it would
// have had it in time.
func (x *explainer) deserted(w, s source) (finding, bool) {
	by := w
	if rec := x.record(x.sought()); rec.Result.Outcome == sim.OK {
		by.node = x.answered(rec).node
	}
	for _, node := range []sim.Addr{w.node, by.node} {
		cmd, since := x.presumed(node, s.node, w.at)
		if cmd == nil || node == s.node || w.at+x.trip(&passage{from: node, to: s.node}) > s.at {
			continue
		}
		return accuse(cmd, fmt.Sprintf("%s took %s for dead from %s on and sent it nothing", x.place(node), x.place(s.node), clock(since))), true
	}
	return finding{}, false
}

// stoodIn looks for a suspicion because of which nodes that are no replicas of the key had a say in an answer.
func (x *explainer) stoodIn(rec *sim.Record, list []source) (finding, bool) {
	if x.cluster.Protocol().Mode() != "quorum" {
		return finding{}, false
	}
	by := x.answered(rec).node
	for _, s := range list {
		if x.cluster.Replicates(s.node, rec.Key) {
			continue
		}
		for peer := range sim.Addr(x.cluster.Nodes()) {
			if cmd, since := x.presumed(by, peer, s.at); cmd != nil && peer != by && x.cluster.Replicates(peer, rec.Key) {
				why := fmt.Sprintf("%s took %s for dead from %s on, and %s, which is no replica of this key, stood in", x.place(by), x.place(peer), clock(since), x.place(s.node))
				return accuse(cmd, why, x.without(s)), true
			}
		}
	}
	return finding{}, false
}

// emptyHanded looks for a suspicion because of which a node that held the write answered in another's place, with what it
// keeps for that one.
func (x *explainer) emptyHanded(s source) (finding, bool) {
	if x.cluster.Protocol().Mode() != "quorum" {
		return finding{}, false
	}
	by := x.answered(x.asked()).node
	for peer := range sim.Addr(x.cluster.Nodes()) {
		if cmd, since := x.presumed(by, peer, s.at); cmd != nil && peer != by && x.cluster.Replicates(peer, x.v.Key) {
			why := fmt.Sprintf("%s took %s for dead from %s on, and what %s kept in its place stood in", x.place(by), x.place(peer), clock(since), x.place(s.node))
			return accuse(cmd, why), true
		}
	}
	return finding{}, false
}
