package check

import (
	"fmt"
	"math"

	"netsplit/sim"
)

// absence looks for why a replica that was asked held none of the writes, or did not answer with it.
func (x *explainer) absence(s source, set map[sim.OpID]bool) finding {
	now, past := x.heldAt(s.node, s.at)
	if now.in(set) {
		return x.unapplied(s, set)
	}
	for i := len(past) - 1; i > 0; i-- {
		had := everIn(past[:i], set) || past[i-1].newest() > x.sought() // or what outdid it
		if had && now.newest() < x.sought() && x.erasing(past[i]) != nil {
			return x.dropped(past[i-1], past[i], set)
		}
		if past[i-1].in(set) && !past[i].in(set) {
			return x.dropped(past[i-1], past[i], set)
		}
	}
	return x.hindered(s, set)
}

// unapplied tells of a replica that held a write and answered without it.
func (x *explainer) unapplied(s source, set map[sim.OpID]bool) finding {
	name := x.place(s.node)
	if x.cluster.Protocol().Mode() == "quorum" || x.cluster.Protocol().Mode() == "gossip" {
		if before, _ := x.heldAt(s.node, s.at-1); !before.in(set) { // it answered first, and took the write in then
			return x.hindered(s, set)
		}
		if f, found := x.emptyHanded(s); found {
			return f
		}
		if v := x.asked().Result.Version; v != 0 {
			return x.outdone(x.v.Missed, v)
		}
		return finding{blame: BlameUnknown}
	}
	if cmd := x.onNode(s.node, s.at).by[sim.VerbFsync]; cmd != nil {
		return accuse(cmd, name+" had the write in its log, and its disk had not stored it yet")
	}
	if cmd := x.uncommitted(s, set); cmd != nil {
		return accuse(cmd, name+" had the write in its log, and word that it was committed could not reach it in time")
	}
	f := finding{blame: BlameUnapplied, why: name + " had the write in its log and had not applied it when it answered at " + clock(s.at)}
	if x.local(x.asked()) {
		f.blame = BlameLevel
	}
	return f
}

// uncommitted returns the command that kept word of a commit from a replica that has the write in its log; nil for none.
func (x *explainer) uncommitted(s source, set map[sim.OpID]bool) *sim.Command {
	w := x.served(x.sought())
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		if p.to != s.node || int(p.from) >= x.cluster.Nodes() || p.sent > s.at || !x.carries(p, set) {
			continue
		}
		if cmd := x.blocking(p, s.at); cmd != nil {
			return cmd
		}
	}
	if w.node == s.node {
		return nil
	}
	for _, f := range []inForce{x.onLink(w.node, s.node, s.at), x.onLink(s.node, w.node, s.at)} {
		if cmd := f.any(sim.VerbPartition, sim.VerbCut, sim.VerbHold, sim.VerbDelay, sim.VerbDrop); cmd != nil {
			return cmd
		}
	}
	return nil
}

// hindered looks for what kept the writes from a replica until an instant: the message that would have brought one
// first, but for a command; or else the one that came nearest.
func (x *explainer) hindered(s source, set map[sim.OpID]bool) finding {
	var blocked, nearest *passage
	var by *sim.Command
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		if p.sent > s.at {
			break
		}
		if p.to != s.node || int(p.from) >= x.cluster.Nodes() || !x.carries(p, set) {
			continue
		}
		if nearest == nil || p.free() < nearest.free() {
			nearest = p
		}
		if cmd := x.blocking(p, s.at); cmd != nil && (blocked == nil || p.free() < blocked.free()) {
			blocked, by = p, cmd
		}
	}
	if blocked != nil {
		return x.accuseOf(by, blocked, s)
	}
	if f, waits := x.waited(s, set); waits {
		return f
	}
	if f, found := x.deserted(x.served(x.sought()), s); found {
		return f
	}
	if nearest != nil && (nearest.kind == sim.KindGossip || nearest.kind == sim.KindRepair) { // it need not have been the first of its kind
		if f, found := x.kept(x.served(x.sought()), s, set); found {
			f.steps = append(f.steps, x.message(nearest, "late"))
			return f
		}
	}
	if nearest != nil {
		return x.overtook(nearest, s, set)
	}
	return x.unsent(s, set)
}

// carries reports whether a message carries one of the writes.
func (x *explainer) carries(p *passage, set map[sim.OpID]bool) bool {
	for i := max(p.cargo, x.cargo.first()); i < p.cargo+int(p.writes); i++ {
		if set[*x.cargo.at(i)] {
			return true
		}
	}
	return false
}

// blocking returns the command without which a message would have been there by an instant; nil for none.
func (x *explainer) blocking(p *passage, by sim.Time) *sim.Command {
	switch {
	case p.free() > by:
		return nil
	case x.wasLost(p):
		return x.losing(p.from, p.to, p.end)
	case x.arrival(p) > by || p.end == by: // of what it deals with at one instant it was not the first
		return x.keeping(p, by)
	}
	return nil
}

// untold is when a message arrives that was due and had not been dealt with when the violation was a fact.
const untold = sim.Time(math.MaxInt64)

// arrival returns when a message was dealt with, or was due to, going by what had happened when the violation was a fact.
func (x *explainer) arrival(p *passage) sim.Time {
	switch {
	case p.end >= 0 && p.end <= x.v.At:
		return p.end
	case p.due < x.v.At && (p.end >= 0 || x.flying(p.id)):
		return untold
	}
	return p.due
}

// flying reports whether a message is still on its way at this moment.
func (x *explainer) flying(id uint64) bool {
	found := false
	x.cluster.InFlight(func(m *sim.Message) bool {
		found = m.ID == id
		return !found
	})
	return found
}

// accuseOf blames a command for what became of a message.
func (x *explainer) accuseOf(cmd *sim.Command, p *passage, s source) finding {
	sent := x.update(p)
	switch {
	case x.wasLost(p):
		return accuse(cmd, sent+" was lost", x.message(p, "lost"))
	case p.due > s.at:
		return accuse(cmd, fmt.Sprintf("%s was not due before %s", sent, clock(p.due)), x.message(p, "late"))
	}
	return accuse(cmd, fmt.Sprintf("%s had not reached it by %s", sent, clock(s.at)), x.message(p, "late"))
}

// update names a message.
func (x *explainer) update(p *passage) string {
	return fmt.Sprintf("the update that %s sent to %s at %s", x.place(p.from), x.place(p.to), clock(p.sent))
}

// wasLost reports whether a message had been lost when the violation was a fact.
func (x *explainer) wasLost(p *passage) bool { return p.lost && p.end <= x.v.At }

// waited looks for a message that the sender's stream kept back.
func (x *explainer) waited(s source, set map[sim.OpID]bool) (finding, bool) {
	for i := x.waits.first(); i < x.waits.end(); i++ {
		w := x.waits.at(i)
		if w.to != s.node || w.since > s.at || !x.carries(&w.passage, set) {
			continue
		}
		step := x.stalled(w)
		why := fmt.Sprintf("the update for %s waited at %s from %s on, behind what their connection had lost", x.place(w.to), x.place(w.from), clock(w.since))
		if cmd := x.stalling(w.from, w.to, w.since); cmd != nil && w.since+x.trip(&w.passage) <= s.at {
			return accuse(cmd, why, step), true
		}
		return finding{blame: BlameOvertaken, steps: []Step{step}, why: why}, true
	}
	return finding{}, false
}

// trip returns the shortest way that a message had taken on the link of another when the violation was a fact; where
// none had, half of the shortest that the regions are apart.
func (x *explainer) trip(of *passage) sim.Time {
	least := sim.Time(-1)
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		if p.from == of.from && p.to == of.to && p.sent <= x.v.At && (least < 0 || p.free()-p.sent < least) {
			least = p.free() - p.sent
		}
	}
	if nodes := sim.Addr(x.cluster.Nodes()); least < 0 && of.from < nodes && of.to < nodes {
		return x.cluster.RoundTrip(x.cluster.RegionOf(of.from), x.cluster.RegionOf(of.to)) / 2
	}
	return max(least, 0)
}

// overtook tells of a message that came too late of itself.
func (x *explainer) overtook(p *passage, s source, set map[sim.OpID]bool) finding {
	sent, fate := x.update(p), "overtaken"
	if f, found := x.refused(x.arrival(p), s, set); found {
		f.steps = append(f.steps, x.message(p, "arrived"))
		return f
	}
	w := x.sought()
	if lag, cmd, request := x.lag(w, x.served(w)); cmd != nil && p.free() > s.at && p.free()-lag <= s.at {
		why := fmt.Sprintf("%s, asked for at %s, was not taken before %s", x.write(w), clock(x.record(w).Start), clock(x.served(w).at))
		return accuse(cmd, why, x.message(request, "late"), x.message(p, "late"))
	}
	if name := x.cluster.Protocol().Mode(); x.arrival(p) <= s.at && (name == "raft" || name == "primary") { // what comes before it in the log is not there
		if cmd := x.lagging(p.from, s.node, s.at); cmd != nil {
			return accuse(cmd, fmt.Sprintf("%s had arrived at %s, and %s lacked what comes before it in the log", sent, clock(x.arrival(p)), x.place(s.node)), x.message(p, "arrived"))
		}
	}
	switch {
	case x.wasLost(p):
		sent += fmt.Sprintf(" was lost, but would not have arrived before %s", clock(p.due))
		fate = "lost"
	case x.arrival(p) <= s.at:
		sent += fmt.Sprintf(" had arrived at %s and was not taken in", clock(x.arrival(p)))
		fate = "arrived"
	default:
		sent += fmt.Sprintf(" was due at %s, too late for %s", clock(p.due), clock(s.at))
	}
	return finding{blame: BlameOvertaken, steps: []Step{x.message(p, fate)}, why: sent}
}

// refused looks for why a replica that was brought a write by an instant held something else in its place: by stamps.
func (x *explainer) refused(at sim.Time, s source, set map[sim.OpID]bool) (finding, bool) {
	name := x.cluster.Protocol().Mode()
	if at > s.at || x.depth >= maxOutdone || name != "gossip" && name != "quorum" {
		return finding{}, false
	}
	held, _ := x.heldAt(s.node, at)
	if held.newest() == 0 || held.in(set) {
		return finding{}, false
	}
	x.depth++
	return x.outdone(x.sought(), held.newest()), true
}

// maxOutdone bounds how long a chain of writes, each outdone by the next, is followed.
const maxOutdone = 4

// unsent looks for why nothing that carries the writes was sent to a replica.
func (x *explainer) unsent(s source, set map[sim.OpID]bool) finding {
	w := x.served(x.sought())
	why := fmt.Sprintf("no update had been sent to %s by %s", x.place(s.node), clock(s.at))
	if w.at > s.at {
		return finding{blame: BlameOvertaken, why: fmt.Sprintf("%s took the write at %s, after %s had looked at %s", x.place(w.node), clock(w.at), x.place(s.node), clock(s.at))}
	}
	if w.node == s.node {
		if f, found := x.refused(w.at, s, set); found {
			return f
		}
	}
	if f, found := x.kept(w, s, set); found {
		return f
	}
	return finding{blame: BlameOvertaken, why: why}
}

// kept looks for the command that kept a replica apart from those which held the writes, so that nothing was sent to it.
func (x *explainer) kept(w, s source, set map[sim.OpID]bool) (finding, bool) {
	if f, found := x.deserted(w, s); found {
		return f, true
	}
	if x.cluster.Protocol().Mode() == "gossip" {
		return x.uncompared(w, s, set)
	}
	for node := range sim.Addr(x.cluster.Nodes()) {
		if held, _ := x.heldAt(node, s.at); node == s.node || !held.in(set) {
			continue
		}
		for _, at := range []sim.Time{w.at, s.at} {
			for _, f := range []inForce{x.onLink(node, s.node, at), x.onLink(s.node, node, at)} {
				if cmd := f.any(sim.VerbPartition, sim.VerbCut, sim.VerbHold); cmd != nil {
					return accuse(cmd, fmt.Sprintf("%s could not talk to %s", x.place(node), x.place(s.node))), true
				}
			}
			if cmd := x.onNode(s.node, at).any(down...); cmd != nil {
				return accuse(cmd, x.place(s.node)+" was down"), true
			}
		}
		for _, slow := range []sim.Addr{node, s.node} {
			if cmd := x.onNode(slow, s.at).any(sim.VerbPause, sim.VerbSlow); cmd != nil {
				return accuse(cmd, fmt.Sprintf("%s, which held the write, could not bring it to %s by %s, for %s %s", x.place(node), x.place(s.node),
					clock(s.at), x.place(slow), map[sim.Verb]string{sim.VerbPause: "stood still", sim.VerbSlow: "was slow"}[cmd.Verb])), true
			}
		}
	}
	if cmd, over := x.stallingSince(w.node, s.node, s.at); cmd != nil && w.node != s.node && x.connected(w.node, s.node) && !x.spoke(w.node, s.node, over, s.at) {
		return accuse(cmd, fmt.Sprintf("%s had the write from %s on and had sent %s nothing yet since their connection broke", x.place(w.node), clock(w.at), x.place(s.node))), true
	}
	if cmd := x.split(w, s.at); cmd != nil {
		return accuse(cmd, fmt.Sprintf("%s and %s no longer wrote to one log", x.place(s.node), x.place(w.node))), true
	}
	return finding{}, false
}

// spoke reports whether a node had sent another a message that carries writes, from one instant up to another.
func (x *explainer) spoke(from, to sim.Addr, since, until sim.Time) bool {
	for i := x.passages.first(); i < x.passages.end(); i++ {
		if p := x.passages.at(i); p.from == from && p.to == to && p.writes > 0 && p.sent >= since && p.sent <= until {
			return true
		}
	}
	return false
}

// split returns the promotion that had made another node than the one that took a write the primary; nil for none.
func (x *explainer) split(w source, at sim.Time) *sim.Command {
	var latest *sim.Command
	for node := range sim.Addr(x.cluster.Nodes()) {
		latest = later(latest, x.promoted(node, at))
	}
	return latest
}
