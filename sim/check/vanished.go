package check

import (
	"fmt"

	"netsplit/sim"
)

// vanished looks for how an acknowledged write came to be held by nobody.
func (x *explainer) vanished(w, over sim.OpID) finding {
	if first := x.onArrival(w); first != 0 {
		x.atDoor = true
		return x.outdone(w, first)
	}
	set := x.withSuccessors(w)
	var worst finding
	found := false
	for node := range sim.Addr(x.cluster.Nodes()) {
		_, past := x.heldAt(node, x.v.At)
		for i := 1; i < len(past); i++ {
			if !past[i-1].in(set) || past[i].in(set) || x.handedOver(past[i]) {
				continue
			}
			f := x.dropped(past[i-1], past[i], set)
			if wiped := f.fault != nil && isDown(f.fault.Verb); !found || !wiped {
				worst, found = f, true // what was replaced would have gone without the crash too
			}
		}
	}
	switch {
	case found:
		return worst
	case over == 0:
		over = x.instead(w, set)
	}
	if over == 0 {
		return finding{blame: BlameUnknown}
	}
	return x.outdone(w, over)
}

// handedOver reports whether a node that is no replica of the key ceased to keep what it held for one.
func (x *explainer) handedOver(has holdingChange) bool {
	return has.newest() == 0 && x.cluster.Protocol().Mode() == "quorum" && x.erasing(has) == nil
}

// instead returns the latest write that a replica holds when the violation is a fact, and that does not succeed w; 0 for
// none.
func (x *explainer) instead(w sim.OpID, set map[sim.OpID]bool) (over sim.OpID) {
	for node := range sim.Addr(x.cluster.Nodes()) {
		if now, _ := x.heldAt(node, x.v.At); x.cluster.Replicates(node, x.v.Key) && !set[now.newest()] && now.newest() != w {
			over = max(over, now.newest())
		}
	}
	return over
}

func isDown(v sim.Verb) bool { return v == sim.VerbCrash || v == sim.VerbExit || v == sim.VerbWipe }

// erasing returns the command by which a replica lost what it held; nil if it came to hold something else otherwise.
func (x *explainer) erasing(has holdingChange) *sim.Command {
	for _, cmd := range x.commands {
		if cmd.At == has.at && isDown(cmd.Verb) && cmd.OnNode(x.cluster.Topology, has.node) {
			return cmd
		}
	}
	return nil
}

// wiped blames a command for what a replica held and lost.
func (x *explainer) wiped(cmd *sim.Command, had holdingChange, step Step) finding {
	name := x.place(had.node)
	step.Fate, step.Text = "wiped", name+" lost what it held"
	held := Step{At: had.at, Until: step.At, Kind: StepState, Node: had.node, Peer: -1, Write: had.newest(), Fate: "held",
		Text: fmt.Sprintf("%s held %s from %s on", name, x.write(had.newest()), clock(had.at))}
	why := name + " held the write and lost it"
	switch {
	case cmd.Verb != sim.VerbWipe:
		why = name + " had not stored the write on its disk yet"
	case held.Write > x.sought():
		why = fmt.Sprintf("%s held %s and lost it", name, x.write(held.Write))
	}
	if x.v.Kind == LostWrite {
		why += ", and no other replica had it"
	}
	return accuse(cmd, why, held, step)
}

// onArrival returns the write by which one was outdone when it was taken, so that no replica ever held it; 0 for none.
func (x *explainer) onArrival(w sim.OpID) sim.OpID {
	name := x.cluster.Protocol().Mode()
	if name != "gossip" && name != "quorum" || x.record(w).Start < x.reach() {
		return 0
	}
	set := map[sim.OpID]bool{w: true}
	for i := x.holdings.first(); i < x.holdings.end() && x.holdings.at(i).at <= x.v.At; i++ {
		if x.holdings.at(i).in(set) {
			return 0
		}
	}
	by := x.served(w)
	now, _ := x.heldAt(by.node, by.at)
	if over := now.newest(); !now.in(x.withSuccessors(w)) {
		return over
	}
	return 0
}

// dropped looks for why a replica held one of the writes no longer.
func (x *explainer) dropped(had, has holdingChange, set map[sim.OpID]bool) finding {
	w := x.sought()
	step := Step{At: has.at, Until: has.at, Kind: StepState, Node: has.node, Peer: -1, Write: w, Fate: "replaced"}
	if cmd := x.erasing(has); cmd != nil {
		return x.wiped(cmd, had, step)
	}
	over := has.newest()
	step.Text = x.place(has.node) + " replaced it"
	if over != 0 {
		step.Text += " by " + x.write(over)
	}
	var f finding
	switch n := x.noteBefore(sim.NoteRewound, has.node, has.at); {
	case x.cluster.Protocol().Mode() == "primary" || n != nil && n.At == has.at:
		step.Text = x.place(has.node) + " gave up what only its own log had"
		f = x.failover(w, has, set)
	case over == 0:
		f = finding{blame: BlameUnknown, why: x.place(has.node) + " held it no longer from " + clock(has.at) + " on"}
	default:
		f = x.outdone(w, over)
	}
	f.steps = append(f.steps, step)
	return f
}

// failover looks for why the node that took over lacked a write.
func (x *explainer) failover(w sim.OpID, gone holdingChange, set map[sim.OpID]bool) finding {
	next, taken := x.successor(gone, set)
	if next.node < 0 {
		return finding{blame: BlameFailover, why: x.place(gone.node) + " gave up what only its own log had"}
	}
	name := x.place(next.node)
	if cmd := x.promoted(next.node, gone.at); cmd != nil {
		if x.record(w).End > cmd.At {
			return accuse(cmd, fmt.Sprintf("%s was made the primary while %s went on acknowledging writes", name, x.place(x.served(w).node)))
		}
		if f := x.hindered(source{next.node, cmd.At}, set); f.fault != nil {
			f.why = fmt.Sprintf("%s, so %s lacked the write when it was made the primary at %s", f.why, name, clock(cmd.At))
			return x.alone(w, f)
		}
		return accuse(cmd, fmt.Sprintf("%s was made the primary before it had the write", name))
	}
	f := x.hindered(source{next.node, max(taken, x.served(w).at)}, set)
	f.why = fmt.Sprintf("%s, so %s lacked the write when it took over at %s", f.why, name, clock(next.at))
	if f.fault == nil {
		f.blame = BlameFailover
		if cmd := x.onNode(x.served(w).node, next.at).any(down...); cmd != nil {
			f.fault, f.blame = cmd, Blame(cmd.Verb)
		}
	}
	return f
}

// alone adds that the primary which took a write had ceased to wait for its standbys.
func (x *explainer) alone(w sim.OpID, f finding) finding {
	by := x.served(w)
	if n := x.noteBefore(sim.NoteAlone, by.node, x.record(w).End); n != nil {
		f.why = fmt.Sprintf("%s, and %s had waited for no standby from %s on", f.why, x.place(by.node), clock(n.At))
		f.steps = append(f.steps, Step{At: n.At, Until: n.At, Kind: StepState, Node: by.node, Peer: -1, Write: w, Fate: "held",
			Text: x.place(by.node) + " waited for its standbys no more from " + clock(n.At) + " on"})
	}
	return f
}

// successor returns the node that leads when another gives up its log, and since when, and when it first wrote after
// that; node -1 if the trail does not show it.
func (x *explainer) successor(gone holdingChange, set map[sim.OpID]bool) (by source, wrote sim.Time) {
	by = source{-1, -1}
	for i := x.annals.first(); i < x.annals.end(); i++ {
		if n := x.annals.at(i); n.Kind == sim.NoteElected && n.At <= gone.at && n.Node != gone.node {
			by = source{n.Node, n.At}
		}
	}
	for node := range sim.Addr(x.cluster.Nodes()) {
		if cmd := x.promoted(node, gone.at); cmd != nil && node != gone.node && cmd.At >= by.at {
			by = source{node, cmd.At}
		}
	}
	wrote = by.at
	if over := gone.newest(); over != 0 && !set[over] {
		wrote = max(wrote, x.served(over).at)
	}
	return by, wrote
}

// outdone looks for why one write took the place of another that it does not succeed.
func (x *explainer) outdone(w, over sim.OpID) finding {
	a, b := x.served(w), x.served(over)
	ra, rb := x.record(w), x.record(over)
	if f, twice := x.tookEffectTwice(over, a); twice && !x.atDoor { // else it made no difference any more
		return f
	}
	ahead, skew := x.ahead(b.node, b.at)
	behind, late := x.ahead(a.node, a.at)
	if late != nil && (skew == nil || magnitude(behind) > magnitude(ahead)) {
		skew = late
	}
	if skew == nil {
		skew = x.anyClock(min(max(a.at, b.at), x.v.At))
	}
	if lag, cmd, p := x.lag(over, b); cmd != nil && b.at > a.at && b.at-lag < a.at {
		why := fmt.Sprintf("%s, asked for at %s, was not taken before %s, and so with a later stamp", x.write(over), clock(rb.Start), clock(b.at))
		return accuse(cmd, why, x.message(p, "late"))
	}
	if b.at < a.at || b.at == a.at && b.node != a.node {
		return x.outdoneByEarlier(ra, rb, a, b, skew)
	}
	set := x.withSuccessors(w)
	if now, _ := x.heldAt(b.node, b.at-1); now.in(set) { // it was there, and the stamps decided otherwise
		if skew != nil {
			return accuse(skew, x.wrongClock(skew))
		}
	}
	f := x.unaware(b, set)
	if f.blame == BlameUnknown && f.fault == nil {
		if rb.Start <= ra.End && ra.Start <= rb.End {
			return x.atOnce(ra, rb)
		}
		return f
	}
	f.why = x.soTook(f.why, b.node, over)
	if f.fault == nil && f.blame == BlameOvertaken && rb.Start <= ra.End {
		f.blame = BlameConcurrent
		f.why = fmt.Sprintf("%s and %s wrote at the same time, and neither could know of the other", x.client(ra), x.client(rb))
	}
	return f
}

// unaware looks for why the replica that took a write did not hold one of others then: it had lost it to a third, or it
// never came.
func (x *explainer) unaware(by source, set map[sim.OpID]bool) finding {
	if now, _ := x.heldAt(by.node, by.at); !now.in(set) && x.depth < maxOutdone {
		x.depth++
		return x.absence(by, set)
	}
	return x.hindered(by, set)
}

// outdoneByEarlier looks for why a write took the place of one that came later.
func (x *explainer) outdoneByEarlier(ra, rb *sim.Record, a, b source, skew *sim.Command) finding {
	switch {
	case skew != nil:
		return accuse(skew, x.wrongClock(skew))
	case ra.Kind == sim.Delete && rb.End < ra.Start:
		set := x.withSuccessors(ra.ID)
		for node := range sim.Addr(x.cluster.Nodes()) {
			if now, past := x.heldAt(node, x.v.At); now.in(set) || len(past) == 0 || everIn(past, set) {
				continue
			}
			if f := x.hindered(source{node, x.v.At}, set); f.fault != nil {
				f.why = fmt.Sprintf("%s until the others had forgotten the deletion, so %s brought the value back", f.why, x.place(node))
				return f
			}
		}
		return finding{blame: BlameGrace, why: "the deletion was forgotten before every replica had heard of it"}
	case rb.Start <= ra.End && ra.Start <= rb.End:
		return x.atOnce(ra, rb)
	}
	return finding{blame: BlameUnknown}
}

// atOnce is the finding that two wrote at the same time.
func (x *explainer) atOnce(ra, rb *sim.Record) finding {
	return finding{blame: BlameConcurrent, why: fmt.Sprintf("%s and %s wrote at the same time, and neither could know of the other", x.client(ra), x.client(rb))}
}

func everIn(past []holdingChange, set map[sim.OpID]bool) bool {
	for _, h := range past {
		if h.in(set) {
			return true
		}
	}
	return false
}

func (x *explainer) wrongClock(cmd *sim.Command) string {
	return fmt.Sprintf("the clock of %s was wrong, and the write with the later stamp stays", x.cmdNode(cmd))
}

// tookEffectTwice looks for a second attempt at a write that took effect elsewhere after another had been taken.
func (x *explainer) tookEffectTwice(over sim.OpID, after source) (finding, bool) {
	rec := x.record(over)
	first := x.served(over)
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		again := p.op == over && p.from == rec.Client && p.kind == sim.KindRequest && !x.wasLost(p) && p.to != first.node
		if !again || x.arrival(p) <= after.at || x.arrival(p) > x.v.At || first.at > after.at {
			continue
		}
		why := fmt.Sprintf("%s had tried its write again at %s, where it took effect once more at %s, with a later stamp", x.client(rec), x.place(p.to), clock(x.arrival(p)))
		for j := x.passages.first(); j < i; j++ { // what kept the first answer from the client
			q := x.passages.at(j)
			if q.op != over || q.from != first.node && q.to != first.node || q.sent > p.sent {
				continue
			}
			if cmd := x.blocking(q, p.sent); cmd != nil {
				return accuse(cmd, why+", since it had had no answer", x.message(q, x.fateOf(q)), x.message(p, "arrived")), true
			}
		}
		return finding{blame: BlameRetry, why: why, steps: []Step{x.message(p, "arrived")}}, true
	}
	return finding{}, false
}

func (x *explainer) fateOf(p *passage) string {
	if x.wasLost(p) {
		return "lost"
	}
	return "late"
}

// lag returns how much later a write was taken than it would have been but for a command, which it returns with the
// request.
func (x *explainer) lag(w sim.OpID, taken source) (by sim.Time, cmd *sim.Command, p *passage) {
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		if p.op != w || p.to != taken.node || p.from != x.record(w).Client || p.free() >= taken.at {
			continue
		}
		if cmd := x.blocking(p, taken.at-1); cmd != nil {
			return taken.at - p.free(), cmd, p
		}
	}
	return 0, nil, nil
}
