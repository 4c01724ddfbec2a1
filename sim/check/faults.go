package check

import (
	"slices"

	"netsplit/sim"
)

// inForce returns the commands that hurt a link or a machine at an instant, and what undid those that did not last:
// each verb's latest. A command at the instant is in force already.
type inForce struct {
	by   map[sim.Verb]*sim.Command
	past *sim.Command // the latest to have been undone of those that break connections
	over sim.Time     // when it was
}

// any returns the command in force of the first of the verbs that has one; nil for none.
func (f inForce) any(verbs ...sim.Verb) *sim.Command {
	for _, v := range verbs {
		if cmd := f.by[v]; cmd != nil {
			return cmd
		}
	}
	return nil
}

// undoing says which verb ends what another has begun. Those that are not here are ended by themselves, with 0.
var undoing = map[sim.Verb][]sim.Verb{
	sim.VerbHeal: {sim.VerbPartition}, sim.VerbMend: {sim.VerbCut}, sim.VerbRelease: {sim.VerbHold},
	sim.VerbRestart: {sim.VerbCrash, sim.VerbExit, sim.VerbWipe, sim.VerbPause}, sim.VerbResume: {sim.VerbPause},
}

// changesNothing reports whether a command sets what it is about back to nothing.
func changesNothing(cmd *sim.Command) bool {
	switch cmd.Verb {
	case sim.VerbDrop, sim.VerbDuplicate, sim.VerbReorder:
		return cmd.Chance == 0
	case sim.VerbDelay, sim.VerbSlow, sim.VerbSkew:
		return cmd.By == 0
	case sim.VerbFsync:
		return cmd.By == 0 && !cmd.Stuck
	case sim.VerbDrift:
		return cmd.Rate == 0
	}
	return false
}

// hurting replays the commands up to an instant that are about something.
func (t *trail) hurting(at sim.Time, about func(*sim.Command) bool) inForce {
	f := inForce{by: map[sim.Verb]*sim.Command{}}
	end := func(v sim.Verb, at sim.Time) {
		if cmd := f.by[v]; cmd != nil {
			delete(f.by, v)
			if slices.Contains(breaking, v) {
				f.past, f.over = cmd, at
			}
		}
	}
	for _, cmd := range t.commands {
		switch {
		case cmd.At > at:
			return f
		case cmd.Verb == sim.VerbPartition && !about(cmd): // it replaces the one before
			end(sim.VerbPartition, cmd.At)
			continue
		case cmd.Verb != sim.VerbHeal && !about(cmd):
			continue
		}
		if undone, ok := undoing[cmd.Verb]; ok {
			for _, v := range undone {
				end(v, cmd.At)
			}
			continue
		}
		if changesNothing(cmd) {
			end(cmd.Verb, cmd.At)
			continue
		}
		f.by[cmd.Verb] = cmd
	}
	return f
}

func (t *trail) onLink(from, to sim.Addr, at sim.Time) inForce {
	return t.hurting(at, func(cmd *sim.Command) bool { return cmd.OnLink(t.cluster.Topology, from, to) })
}

func (t *trail) onNode(node sim.Addr, at sim.Time) inForce {
	if int(node) >= t.cluster.Nodes() {
		return inForce{}
	}
	return t.hurting(at, func(cmd *sim.Command) bool { return cmd.OnNode(t.cluster.Topology, node) })
}

// losing returns the command because of which a message on a link is lost at an instant: the link's, its receiver's,
// or else the latest that has hurt the connection; nil for none.
func (t *trail) losing(from, to sim.Addr, at sim.Time) *sim.Command {
	link := t.onLink(from, to, at)
	if cmd := link.any(sim.VerbPartition, sim.VerbCut); cmd != nil {
		return cmd
	}
	if cmd := t.onNode(to, at).any(down...); cmd != nil {
		return cmd
	}
	if cmd := link.by[sim.VerbDrop]; cmd != nil {
		return cmd
	}
	return t.stalling(from, to, at)
}

// down are the verbs after which a node does not run.
var down = []sim.Verb{sim.VerbCrash, sim.VerbExit, sim.VerbWipe}

// breaking are the verbs that can break a connection, or silence it so long that it is slow to come to life again.
var breaking = []sim.Verb{sim.VerbPartition, sim.VerbCut, sim.VerbHold, sim.VerbDrop, sim.VerbCrash, sim.VerbExit, sim.VerbWipe, sim.VerbPause}

// stalling returns the command because of which nothing gets from one endpoint to another, or their connection has been
// given up: the latest of those in force, or else, of a connection, of those that were and may have broken it.
// Acknowledgements go the other way.
func (t *trail) stalling(from, to sim.Addr, at sim.Time) *sim.Command {
	cmd, _ := t.stallingSince(from, to, at)
	return cmd
}

// lagging returns the latest command up to an instant that can have made one node fall behind another, though it may be
// over; nil for none.
func (t *trail) lagging(from, to sim.Addr, at sim.Time) *sim.Command {
	var latest *sim.Command
	for _, f := range []inForce{t.onLink(from, to, at), t.onLink(to, from, at), t.onNode(to, at)} {
		latest = later(later(latest, f.any(breaking...)), f.past)
	}
	return latest
}

// stallingSince is stalling, and says when the command was undone; -1 if it is in force.
func (t *trail) stallingSince(from, to sim.Addr, at sim.Time) (cmd *sim.Command, over sim.Time) {
	var latest, past *sim.Command
	for _, f := range []inForce{t.onLink(from, to, at), t.onLink(to, from, at), t.onNode(from, at), t.onNode(to, at)} {
		for _, v := range breaking {
			latest = later(latest, f.by[v])
		}
		latest = later(later(latest, f.by[sim.VerbDelay]), f.by[sim.VerbSlow])
		if past = later(past, f.past); past == f.past && past != nil {
			over = f.over
		}
	}
	switch {
	case latest != nil:
		return latest, -1
	case past != nil && t.broken(from, to, past.At, over, at):
		return past, over
	}
	return nil, -1
}

// connected reports whether two endpoints talk over a connection.
func (t *trail) connected(a, b sim.Addr) bool {
	nodes := sim.Addr(t.cluster.Nodes())
	return t.cluster.Transport() == sim.Stream || a >= nodes || b >= nodes
}

// slowest is how long after a silence a connection may wait at most before it is tried again, beyond the length of the
// silence itself: retransmissions and dials are spaced further and further apart.
const slowest = 2 * sim.Second

// broken reports whether a connection may still suffer at an instant from a command that was in force from one instant
// to another: it was given up since and nobody has made it anew, something waits on it, or it is not yet time for it to
// have been tried again.
func (t *trail) broken(a, b sim.Addr, since, over, at sim.Time) bool {
	if !t.connected(a, b) {
		return false
	}
	for i := t.waits.first(); i < t.waits.end(); i++ {
		if w := t.waits.at(i); (w.from == a && w.to == b || w.from == b && w.to == a) && w.since <= at && (w.until < 0 || w.until >= over) {
			return true
		}
	}
	for i := t.annals.end() - 1; i >= t.annals.first(); i-- {
		n := t.annals.at(i)
		if n.At <= at && n.At >= since && (n.Node == a && n.Peer == b || n.Node == b && n.Peer == a) {
			switch n.Kind {
			case sim.NoteDialed:
				return n.At >= over && at-n.At < slowest
			case sim.NoteReset:
				return true
			}
		}
	}
	return at-over <= over-since+slowest
}

func later(a, b *sim.Command) *sim.Command {
	if a == nil || b != nil && b.At >= a.At {
		return b
	}
	return a
}

// keeping returns the command because of which a message that was not lost arrived after an instant and would have
// arrived by then; nil for none.
func (t *trail) keeping(p *passage, by sim.Time) *sim.Command {
	if p.free() > by {
		return nil
	}
	if p.due > by {
		if cmd := t.onLink(p.from, p.to, p.sent).any(sim.VerbDelay, sim.VerbReorder); cmd != nil {
			return cmd
		}
		return t.stalling(p.from, p.to, p.sent)
	}
	if cmd := t.onLink(p.from, p.to, p.due).by[sim.VerbHold]; cmd != nil {
		return cmd
	}
	if cmd := t.onNode(p.to, p.due).any(sim.VerbPause, sim.VerbSlow); cmd != nil {
		return cmd
	}
	return t.stalling(p.from, p.to, p.due)
}

// ahead returns how far a node's clock was ahead at an instant, and the command that has moved it most.
func (t *trail) ahead(node sim.Addr, at sim.Time) (by sim.Time, cmd *sim.Command) {
	var gained, since, rate sim.Time
	for _, c := range t.commands {
		if c.At > at {
			break
		}
		if c.Verb != sim.VerbDrift || !c.OnNode(t.cluster.Topology, node) {
			continue
		}
		gained += (c.At - since) * rate / 1_000_000
		since, rate = c.At, sim.Time(c.Rate)
		if rate != 0 {
			cmd = c
		}
	}
	gained += (at - since) * rate / 1_000_000
	if skew := t.onNode(node, at).by[sim.VerbSkew]; skew != nil {
		if magnitude(skew.By) >= magnitude(gained) {
			cmd = skew
		}
		return gained + skew.By, cmd
	}
	if lead, past := t.leading(node, at); lead > gained {
		return lead, past
	}
	return gained, cmd
}

// leading returns how far a node's stamps may still be ahead at an instant though its clock is right again: no stamp is
// before the one that it gave last.
func (t *trail) leading(node sim.Addr, at sim.Time) (by sim.Time, cmd *sim.Command) {
	var was *sim.Command
	for _, c := range t.commands {
		if c.At > at {
			break
		}
		if c.Verb != sim.VerbSkew || !c.OnNode(t.cluster.Topology, node) {
			continue
		}
		if was != nil && was.By > 0 && c.At+was.By-at > by {
			by, cmd = c.At+was.By-at, was
		}
		was = c
	}
	return by, cmd
}

// anyClock returns the latest command that has set a clock wrong anywhere, up to an instant: hybrid logical clocks, and
// writers that look first, carry a stamp on.
func (t *trail) anyClock(at sim.Time) *sim.Command {
	var latest *sim.Command
	for _, c := range t.commands {
		if c.At <= at && (c.Verb == sim.VerbSkew || c.Verb == sim.VerbDrift) && !changesNothing(c) {
			latest = c
		}
	}
	return latest
}

func magnitude(t sim.Time) sim.Time { return max(t, -t) }

// drifting returns a command under which some clock runs at a wrong rate at an instant: the node's own, if it is slow,
// or else another's.
func (t *trail) drifting(node sim.Addr, at sim.Time) *sim.Command {
	if cmd := t.onNode(node, at).by[sim.VerbDrift]; cmd != nil && cmd.Rate < 0 {
		return cmd
	}
	for other := range sim.Addr(t.cluster.Nodes()) {
		if cmd := t.onNode(other, at).by[sim.VerbDrift]; cmd != nil && other != node && cmd.Rate > 0 {
			return cmd
		}
	}
	return nil
}

// noteBefore returns the latest note of a kind about a node up to an instant; nil for none.
func (t *trail) noteBefore(kind sim.NoteKind, node sim.Addr, at sim.Time) *sim.Note {
	for i := t.annals.end() - 1; i >= t.annals.first(); i-- {
		if n := t.annals.at(i); n.Kind == kind && n.Node == node && n.At <= at {
			return n
		}
	}
	return nil
}

// promoted returns the latest command by which an operator made the node the primary, up to an instant; nil for none.
func (t *trail) promoted(node sim.Addr, at sim.Time) *sim.Command {
	for _, cmd := range slices.Backward(t.commands) {
		if cmd.At <= at && cmd.Verb == sim.VerbPromote && cmd.OnNode(t.cluster.Topology, node) {
			return cmd
		}
	}
	return nil
}
