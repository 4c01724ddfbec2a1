package quorum

import (
	"maps"
	"slices"

	"netsplit/sim"
)

// timerNames are those of the timers in replica.go.
var timerNames = []sim.TimerName{
	timerHeartbeat:   {Name: "heartbeat"},
	timerWatch:       {Name: "request timeout"},
	timerAgenda:      {Name: "appointment"},
	timerAntiEntropy: {Name: "round", Ring: true},
}

// lateAfter is after how many heartbeats that have not come viewers see a peer's suspicion run: in a healthy cluster
// none does, and nothing changes.
const lateAfter = 2

// Show adds whom the node takes for dead, or is about to, the hints that it keeps, and the requests under way.
func (r *replica) Show(v *sim.NodeView) sim.Time {
	now, until := r.env.Elapsed(), sim.MaxTime
	for i := range r.detector.peers {
		p, a := &r.detector.peers[i], sim.Addr(i)
		switch {
		case a == r.env.Self():
		case p.dead:
			v.Dead = append(v.Dead, a)
		case r.detector.checked == 0:
		case now-p.heard <= lateAfter*r.heartbeat:
			until = min(until, p.heard+lateAfter*r.heartbeat)
		default:
			v.Timers = append(v.Timers, sim.TimerView{Name: "suspicion", Peer: &a, From: p.heard, Until: p.heard + r.detector.limit(p)})
		}
	}
	for of, kept := range r.hints {
		if len(kept) > 0 {
			v.Hints = append(v.Hints, sim.HintCount{Peer: sim.Addr(of), Count: len(kept)})
		}
	}
	for i := len(r.order) - 1; i >= 0 && len(v.Tallies) < sim.MaxTallies; i-- {
		if q := r.order[i]; !q.answered {
			have, need := r.progress(q)
			v.Tallies = append(v.Tallies, sim.TallyView{Op: q.op.ID, What: q.phase.tally(), Have: have, Need: need})
		}
	}
	slices.Reverse(v.Tallies)
	return until
}

// limit is the silence after which a peer is taken for dead.
func (d *detector) limit(p *peer) sim.Time {
	if !d.byPhi {
		return d.silence
	}
	count, sum := int64(len(p.window)), int64(p.sum)
	if count == 0 {
		count, sum = 1, int64(firstFactor*d.every)
	}
	return sim.Time(d.phi * sum / 1000 * ln10Millionths / 1000 / count)
}

// tally names a phase for viewers.
func (w what) tally() string {
	switch w {
	case read:
		return "read"
	case write:
		return "write"
	case repairAsk:
		return "repair"
	}
	return "paxos"
}

// Inspect says what the node holds, for itself and for others, and what it thinks of them.
func (r *replica) Inspect() sim.Inspection {
	i := sim.Inspection{Keys: r.store.Inspect(), Hide: []string{"settings"}, Facts: []sim.Fact{
		sim.Number("requests under way", len(r.order)), sim.Number("proposals under way", len(r.proposals)),
		sim.Number("appointments", len(r.agenda)), sim.Span("waits for replicas", r.patience(sim.Op{Kind: sim.Write}))}}
	if r.askFew && r.retryAtPercentile {
		i.Facts = append(i.Facts, sim.Span("asks one more after", r.reads.slow(r.patience(sim.Op{Kind: sim.Read}))))
	}
	for _, q := range r.order[max(0, len(r.order)-sim.MaxInspected):] {
		i.Facts = append(i.Facts, sim.Operation(q.phase.tally()+" under way", q.op.ID))
	}
	for _, key := range slices.Sorted(maps.Keys(r.acceptors)) {
		a := r.acceptors[key]
		i.Facts = append(i.Facts, sim.Text("key of ballots", key), sim.Number("promised", a.promised.time), sim.Number("accepted", a.accepted.time),
			sim.Number("committed", a.committed.time))
	}
	for of, kept := range r.hints {
		for _, key := range slices.Sorted(maps.Keys(kept)) {
			f := sim.StateFacts(key, kept[key].state)
			f.For = new(sim.Addr(of))
			i.Keys = append(i.Keys, f)
		}
	}
	i.Peers = r.opinions()
	return i
}

// opinions is what the node thinks of the others.
func (r *replica) opinions() (peers []sim.PeerFacts) {
	now := r.env.Elapsed()
	for a := range sim.Addr(r.env.Nodes()) {
		if a == r.env.Self() {
			continue
		}
		p := &r.detector.peers[a]
		facts := []sim.Fact{sim.Yes("taken for dead", p.dead), sim.At("heard", p.heard), sim.Number("hints kept", len(r.hints[a]))}
		if p.dead {
			facts = append(facts, sim.At("silent since", p.since))
		} else {
			facts = append(facts, sim.At("taken for dead when silent until", p.heard+r.detector.limit(p)))
		}
		if r.detector.byPhi && len(p.window) > 0 {
			mean := p.sum / sim.Time(len(p.window))
			facts = append(facts, sim.Span("mean between heartbeats", mean),
				sim.Number("phi, in thousandths", int64(now-p.heard)*1_000_000/max(int64(mean), 1)*1000/ln10Millionths))
		}
		if r.brought[a] > 0 {
			facts = append(facts, sim.At("hints last sent", r.brought[a]))
		}
		peers = append(peers, sim.PeerFacts{Peer: a, Facts: facts})
	}
	return peers
}

// Facts says what is on the disk.
func (d *disk) Facts() []sim.Fact {
	hints := 0
	for _, kept := range d.hints {
		hints += len(kept)
	}
	facts := []sim.Fact{sim.Number("hints", hints), sim.Number("acceptors", len(d.acceptors))}
	if store, ok := d.store.(sim.Factual); ok {
		facts = append(store.Facts(), facts...)
	}
	return facts
}

var whatNames = [...]string{heartbeat: "heartbeat", read: "read", readReply: "read reply", write: "write", writeAck: "write acknowledged",
	repair: "repair", repairAsk: "repair before the answer", repairAck: "repair acknowledged", hand: "hint", handAck: "hint acknowledged",
	balloting: "balloting", received: "write received", failed: "write refused"}

// Shown has viewers see a hint that is brought as one.
func (p payload) Shown() sim.MessageKind {
	if p.what == hand {
		return sim.KindHint
	}
	return 0
}

// Facts says what the message is for and carries.
func (p payload) Facts() []sim.Fact {
	facts := []sim.Fact{sim.Text("message", whatNames[p.what])}
	switch p.what {
	case heartbeat:
		return facts
	case hand, handAck:
		facts = append(facts, sim.Number("number of the hint", p.op))
	case repair: // of no operation
	default:
		facts = append(facts, sim.Operation("operation", p.op))
	}
	facts = append(facts, sim.Text("key", p.key), sim.Endpoint("in the place of", p.of))
	return append(facts, stateFacts(p.state)...)
}

// stateFacts says what a state holds, in short.
func stateFacts(s state) (facts []sim.Fact) {
	f := sim.StateFacts("", s)
	for _, v := range f.Versions {
		facts = append(facts, sim.Number("value", v.Value), sim.Operation("of write", v.Write))
		if v.Stamp != nil {
			facts = append(facts, sim.Number("stamp", int64(*v.Stamp)))
		}
	}
	if len(f.Versions) == 0 && len(f.Clock) > 0 {
		facts = append(facts, sim.Number("value", f.Value))
	}
	return facts[:min(len(facts), sim.MaxInspected)]
}

var stepNames = [...]string{prepare: "prepare", promise: "promise", refuse: "refuse", peek: "read", peeked: "read reply", propose: "propose",
	accepted: "accepted", commit: "commit", committed: "committed"}

// Facts says which step of Paxos the message is.
func (p paxos) Facts() []sim.Fact {
	facts := []sim.Fact{sim.Text("message", "Paxos: "+stepNames[p.step]), sim.Operation("operation", p.op), sim.Text("key", p.key),
		sim.Number("ballot", p.ballot.time), sim.Endpoint("ballot of", p.ballot.node)}
	return append(facts, stateFacts(p.state)...)
}

// Facts says what is compared.
func (bs branches) Facts() []sim.Fact {
	return []sim.Fact{sim.Text("message", "hashes of ranges"), sim.Number("level of the tree", bs.level), sim.Number("hashes", len(bs.list))}
}

// Facts says what is exchanged.
func (x exchange) Facts() []sim.Fact {
	return []sim.Fact{sim.Text("message", "what ranges hold"), sim.Number("ranges that differ", len(x.leaves)), sim.Number("keys", len(x.entries)),
		sim.Yes("an answer", x.answer)}
}
