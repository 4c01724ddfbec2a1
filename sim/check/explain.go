package check

import (
	"slices"

	"netsplit/sim"
)

// Explain looks for the cause of a violation: why Op did not meet Missed, or of a lost write how Op came to vanish. It
// goes by what had happened when the violation was a fact, as far as the trail reaches back.
func (r *Referee) Explain(v Violation) Cause {
	x := &explainer{trail: r.trail, parents: r.lost.parents, v: v}
	if v.At == 0 {
		x.v.At = r.cluster.Now()
	}
	if v.Op != 0 {
		x.v.Key = r.cluster.History()[v.Op-1].Key
	}
	c := Cause{Violation: v, Blame: BlameUnknown}
	for _, id := range v.Ops {
		c.Steps = append(c.Steps, x.operation(id))
	}
	f := x.search()
	if w := x.sought(); f.fault == nil && w != 0 && x.record(w).Start < x.reach() {
		f = finding{blame: BlameUnknown}
	}
	f.steps = append(f.steps, x.heldFirst()...)
	slices.SortStableFunc(f.steps, byChain)
	c.Blame, c.Fault = f.blame, f.fault
	c.Steps = append(c.Steps, f.steps...)
	if f.fault != nil {
		c.Steps = append(c.Steps, x.faultStep(f.fault))
	}
	c.Text = [2]string{x.happened(), x.because(f)}
	return c
}

// explainer is the search for one cause.
type explainer struct {
	*trail
	parents map[sim.OpID][]succession
	v       Violation
	atDoor  bool // the write was outdone when it was taken, so that nothing later is the cause
	depth   int  // of one write outdone by another, that by a third
}

// record returns an operation as it was when the violation was a fact.
func (x *explainer) record(w sim.OpID) *sim.Record {
	rec := x.cluster.History()[w-1]
	if rec.Result.Outcome != sim.Pending && rec.End <= x.v.At {
		return rec
	}
	then := *rec
	then.Result, then.End, then.Completion = sim.Result{Outcome: sim.Pending}, untold, 0
	for i := x.passages.first(); i < x.passages.end(); i++ {
		if p := x.passages.at(i); p.op == w && p.from == rec.Client && p.kind == sim.KindRequest && p.sent <= x.v.At {
			then.Asked = p.to
		}
	}
	return &then
}

func (x *explainer) search() finding {
	switch {
	case x.v.Op == 0:
		return finding{blame: BlameUnknown}
	case x.v.Kind == LostWrite:
		return x.vanished(x.v.Op, x.v.Missed)
	case x.v.Missed == 0:
		return x.beside()
	}
	return x.unmet()
}

// sought returns the write whose way is followed: the one that was missed, or is lost.
func (x *explainer) sought() sim.OpID {
	if x.v.Kind == LostWrite {
		return x.v.Op
	}
	return x.v.Missed
}

// heldFirst is a chain's step for the replica that first held the write in question.
func (x *explainer) heldFirst() []Step {
	w := x.sought()
	if w == 0 {
		return nil
	}
	first := x.served(w)
	if now, _ := x.heldAt(first.node, first.at); !now.in(map[sim.OpID]bool{w: true}) {
		return nil
	}
	return []Step{{At: first.at, Until: first.at, Kind: StepState, Node: first.node, Peer: -1, Write: w, Fate: "held",
		Text: x.place(first.node) + " held " + x.write(w) + " from " + clock(first.at) + " on"}}
}

// withSuccessors returns a write and all that were known to succeed it when the violation was a fact.
func (x *explainer) withSuccessors(w sim.OpID) map[sim.OpID]bool {
	children := map[sim.OpID][]sim.OpID{}
	for _, rec := range x.cluster.History() {
		for _, p := range x.parents[rec.ID] {
			if p.at <= x.v.At {
				children[p.before] = append(children[p.before], rec.ID)
			}
		}
	}
	set := map[sim.OpID]bool{w: true}
	for stack := []sim.OpID{w}; len(stack) > 0; {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, c := range children[top] {
			if !set[c] {
				set[c] = true
				stack = append(stack, c)
			}
		}
	}
	return set
}

// source is a replica that had a say in an answer, and when it looked.
type source struct {
	node sim.Addr
	at   sim.Time
}

// asked returns the operation that should have met Missed: Op if it finds something or writes blindly, else the read
// that came before it in its errand.
func (x *explainer) asked() *sim.Record {
	op := x.record(x.v.Op)
	if op.Kind != sim.Read {
		ops := x.cluster.ErrandOf(op.ID).Ops
		if i := slices.Index(ops, op.ID); i > 0 && x.record(ops[i-1]).Kind == sim.Read {
			return x.record(ops[i-1])
		}
	}
	return op
}

// answered returns the node that answered an operation, and when it did.
func (x *explainer) answered(rec *sim.Record) source {
	from := source{rec.Asked, rec.End}
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		if p.op == rec.ID && p.to == rec.Client && p.kind == sim.KindReply && !x.wasLost(p) {
			from = source{p.from, p.sent}
			if x.arrival(p) == rec.End {
				break
			}
		}
	}
	return from
}

// sources returns the replicas that had a say in the answer to an operation; cached if it was a copy that nobody looked
// after.
func (x *explainer) sources(rec *sim.Record) (list []source, cached bool) {
	by := x.answered(rec)
	own := by
	quorum := false
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		if p.op != rec.ID || int(p.from) >= x.cluster.Nodes() || int(p.to) >= x.cluster.Nodes() {
			continue
		}
		switch {
		case p.to == by.node && p.kind == sim.KindReply && !x.wasLost(p) && x.arrival(p) <= by.at:
			if p.handed {
				return []source{{p.from, p.sent}}, false
			}
			list = append(list, source{p.from, p.sent})
		case p.from == by.node && p.kind == sim.KindRequest && !p.handed && !quorum && p.sent <= by.at:
			own.at, quorum = p.sent, true // it looked at its own copy when it asked the others
		}
	}
	if x.cluster.Replicates(by.node, rec.Key) {
		return append([]source{own}, list...), false
	}
	if x.cluster.Protocol().Mode() == "quorum" { // it stands in for a replica, or has asked those that do
		if len(list) == 0 {
			list = []source{own}
		}
		return list, false
	}
	return list, len(list) == 0
}

// heldAt returns what a node held of the violation's key at an instant, and what it had held before, latest last.
func (x *explainer) heldAt(node sim.Addr, at sim.Time) (now tips, past []holdingChange) {
	here := spot{node, x.keys[x.v.Key]}
	now = x.before[here]
	for i := x.holdings.first(); i < x.holdings.end(); i++ {
		h := x.holdings.at(i)
		if h.at > at {
			break
		}
		if h.spot == here {
			now, past = h.tips, append(past, *h)
		}
	}
	return now, past
}

// served returns the node that first held a write, and when; or that answered it, and when it was asked.
func (x *explainer) served(w sim.OpID) source {
	for i := x.holdings.first(); i < x.holdings.end(); i++ {
		h, first := x.holdings.at(i), false
		if h.at > x.v.At {
			break
		}
		h.each(func(o sim.OpID) { first = first || o == w })
		if first {
			return source{h.node, h.at}
		}
	}
	rec := x.record(w)
	from := source{rec.Asked, rec.Start}
	if rec.Result.Outcome == sim.OK {
		from.node = x.answered(rec).node
	}
	for i := x.passages.first(); i < x.passages.end(); i++ {
		if p := x.passages.at(i); p.op == w && p.to == from.node && p.kind == sim.KindRequest && !x.wasLost(p) {
			from.at = x.arrival(p)
			break
		}
	}
	return from
}

// holders counts the replicas of the key that held one of the writes at an instant.
func (x *explainer) holders(set map[sim.OpID]bool, at sim.Time) (n, of int) {
	for node := range sim.Addr(x.cluster.Nodes()) {
		if !x.cluster.Replicates(node, x.v.Key) {
			continue
		}
		of++
		if now, _ := x.heldAt(node, at); now.in(set) {
			n++
		}
	}
	return n, of
}

// unmet looks for why Op did not meet Missed.
func (x *explainer) unmet() finding {
	rec := x.asked()
	set := x.withSuccessors(x.v.Missed)
	list, cached := x.sources(rec)
	if cached {
		return x.fromCopy(rec)
	}
	if len(list) == 0 {
		return finding{blame: BlameUnknown}
	}
	if cmd := x.leaseBroken(rec, list[0]); cmd != nil {
		return accuse(cmd, "a lease that outlasted its time let "+x.place(list[0].node)+" answer alone", x.without(list[0]))
	}
	if f, found := x.stoodIn(rec, list); found {
		return f
	}
	if over := x.onArrival(x.v.Missed); over != 0 && x.cluster.Protocol().Mode() == "gossip" && x.inReach(x.served(x.v.Missed), list[0]) {
		return x.outdone(x.v.Missed, over)
	}
	var all []finding
	for _, s := range list {
		f := x.absence(s, set)
		f.steps = append([]Step{x.without(s)}, f.steps...)
		all = append(all, f)
	}
	for _, f := range all {
		if f.fault != nil {
			return f
		}
	}
	return x.natural(rec, list, set, all[0])
}

// leaseBroken returns the drift that lets a leader of raft which has been replaced take its lease for good.
func (x *explainer) leaseBroken(rec *sim.Record, by source) *sim.Command {
	if x.cluster.Protocol().Mode() != "raft" || x.local(rec) {
		return nil
	}
	return x.drifting(by.node, by.at)
}

// local reports whether a read of raft was answered from what one replica had.
func (x *explainer) local(rec *sim.Record) bool {
	level := rec.Level
	if of := x.cluster.Protocol().LevelOf; of != nil {
		level = of(rec.Kind, level)
	}
	if level == "" {
		level = x.cluster.Config().Words["reads"]
	}
	return x.cluster.Protocol().Mode() == "raft" && level == "local"
}

// natural names the blame of an absence for which no command is to blame.
func (x *explainer) natural(rec *sim.Record, list []source, set map[sim.OpID]bool, f finding) finding {
	missed := x.record(x.v.Missed)
	acked := acknowledges(missed) && missed.End < rec.Start
	switch {
	case f.blame != BlameOvertaken:
	case !acked && x.shown(missed, rec):
		f.blame = BlameInversion
	case !acked:
		f.blame = BlameConcurrent
	case x.local(rec):
		f.blame = BlameLevel
	case x.cluster.Protocol().Mode() == "quorum":
		if held, of := x.holders(set, x.answered(missed).at); held+len(list) <= of {
			f.blame = BlameOverlap
		}
	}
	return f
}

// shown reports whether a write had been shown to somebody before an operation began.
func (x *explainer) shown(w, op *sim.Record) bool {
	for _, q := range x.cluster.History()[:op.ID-1] {
		if q.Key == op.Key && q.Kind.Finds() && q.Result.Outcome == sim.OK && q.End < op.Start && q.Result.Version == w.ID {
			return true
		}
	}
	return false
}

// fromCopy tells of an answer from a cache.
func (x *explainer) fromCopy(rec *sim.Record) finding {
	by := x.answered(rec)
	f := finding{blame: BlameCache, steps: []Step{x.without(by)},
		why: x.place(by.node) + " answered from a copy, which nobody brings up to date before its time to live is over"}
	for i := x.passages.end() - 1; i >= x.passages.first(); i-- {
		p := x.passages.at(i)
		if p.handed && p.to == by.node && p.kind == sim.KindReply && x.arrival(p) <= by.at && !x.wasLost(p) && x.cluster.History()[p.op-1].Key == rec.Key {
			f.why = x.place(by.node) + " answered from a copy that it had from " + x.place(p.from) + " since " + clock(x.arrival(p))
			f.steps = append(f.steps, x.message(p, "arrived"))
			break
		}
	}
	return f
}
