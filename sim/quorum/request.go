package quorum

import (
	"slices"

	"netsplit/sim"
)

// grace is how long before its client gives up a coordinator does, so that the client hears how far it came.
const grace = 100 * sim.Millisecond

// target is a node that is asked in the place of a primary, which is mostly itself.
type target struct{ node, of sim.Addr }

// request is one operation that this node coordinates.
type request struct {
	op      sim.Op
	begun   sim.Time // by Elapsed
	until   sim.Time // when this node gives it up
	place   *placement
	demand  demand // of the phase
	after   demand // of the write, while a read comes first
	targets []target

	phase    what // read, write or repairAsk: what is under way; or balloting
	decided  bool // the demand of the phase is met
	answered bool // the client is, as far as this node can
	result   sim.Result

	state  state   // that is written; or the newest that was read
	votes  []vote  // of the phase
	states []state // of each vote of a read: as answered, or as repaired since
	stale  []vote  // whose acknowledgement of a repair the read waits for
	asked  []target
	full   []target // of those, who are asked for all that they hold, and not for a digest
	more   []target // who are asked to take a repair in besides those that are stale
	spare  int      // of them, how many have

	origin   sim.Addr // where the client asked: this node, or one that handed the write on
	received []vote   // who has taken a write in, durable or not
	failed   int      // replicas that have not
	looked   bool     // it is a deletion that has read
	unsure   bool     // another node may carry it out, though it has not said so
	waits    bool     // it is a read that has answered, and repairs once its time is over
}

// voted reports whether a vote has come before.
func (q *request) voted(v vote) bool { return slices.Contains(q.votes, v) }

// Serve coordinates a client's operation.
func (r *replica) Serve(op sim.Op) { r.serve(op, r.env.Self()) }

// serve coordinates an operation that a client has asked a node for.
func (r *replica) serve(op sim.Op, origin sim.Addr) {
	first, again := r.store.Serve(op)
	if q := r.pending[op.ID]; again && q != nil {
		r.again(q)
		return
	}
	if !first && !again {
		return
	}
	q := &request{op: op, begun: r.env.Elapsed(), place: r.ring.of(op.Key), origin: origin}
	if why := r.refuses(q); why != sim.NoReason {
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: why})
		return
	}
	q.targets = r.targets(q.place)
	if r.vnodes.on {
		r.serveVnodes(q)
		return
	}
	made, known := r.made[op.ID] // by an attempt of which no more was heard: the same write goes out again
	known = known && !r.bugs.writeAnew
	readsFirst := r.readsFirst && op.Kind != sim.Read && r.serially(op) == "" && !known
	have, need := r.available(q)
	if readsFirst && have == need {
		q.after, q.demand = q.demand, r.demandFirst(q)
		have, need = r.available(q)
	}
	if have < need {
		r.env.Reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonTooFewLive, Have: have, Need: need})
		return
	}
	r.track(q)
	switch {
	case r.serially(op) != "":
		r.serveSerial(q)
	case op.Kind == sim.Read || readsFirst:
		r.serveRead(q)
	case known:
		r.serveWrite(q, made)
	default:
		r.serveWrite(q, r.store.Update(op, op.Context))
	}
}

// track keeps a request until its time is over.
func (r *replica) track(q *request) {
	r.pending[q.op.ID] = q
	if first := r.enqueue(q); first || !r.watching {
		r.watch()
	}
}

// demandFirst returns what the read before a write waits for: what a read at that level would, or by default.
func (r *replica) demandFirst(q *request) demand {
	op := sim.Op{Kind: sim.Read, Level: q.op.Level}
	if op.Level == anyNode {
		op.Level = ""
	}
	d, _ := r.demandOf(op, q.place, r.home)
	return d
}

// again takes a client's next attempt at a request under way: it asks those again that have not answered, or answers
// anew. A proposal goes its own way.
func (r *replica) again(q *request) {
	switch {
	case q.answered:
		r.reply(q, q.result)
	case q.phase == repairAsk:
		for _, v := range q.stale {
			if v.node != r.env.Self() { // its own disk is at it
				r.askRepair(q, v)
			}
		}
	case q.phase == read || q.phase == write:
		for _, t := range q.targets {
			switch v := (vote{node: t.node, of: t.of}); {
			case t.node == r.env.Self() || q.voted(v):
			case q.phase == read:
				r.ask(q, t)
			default:
				r.sendWrite(q, t)
			}
		}
	}
}

// refuses sets what an operation needs, and says why it cannot be asked for, or at its level cannot.
func (r *replica) refuses(q *request) sim.Reason {
	known := false
	q.demand, known = r.demandOf(q.op, q.place, r.home)
	switch serially := r.serially(q.op) != ""; {
	case q.op.Kind == sim.CompareAndSet && !r.paxos:
		return sim.ReasonUnsupported
	case !known, q.op.Kind != sim.Read && !serially && isSerial(q.op.Level), serially && !r.paxos && !r.serialReads:
		return sim.ReasonLevel
	case serially:
		return sim.NoReason
	case r.vnodes.on && q.op.Kind == sim.Write && r.rules.Can(sim.Write): // values side by side are counted when it is known what comes of it
		return sim.NoReason
	}
	return r.store.Refuses(q.op)
}

func isSerial(level string) bool { return level == serial || level == localSerial }

// serially returns the level at which an operation goes through Paxos; "" where it does not.
func (r *replica) serially(op sim.Op) string {
	level := op.Level
	if level == "" && op.Kind == sim.Read {
		level = r.readLevel
	}
	switch {
	case isSerial(level) && (op.Kind == sim.Read || op.Kind == sim.CompareAndSet):
		return level
	case op.Kind == sim.CompareAndSet:
		return r.serialLevel
	}
	return ""
}

// targets returns whom to ask: the primaries or, with sloppy quorums, for each that is away the next in the ring that
// is not. One node may stand in for several, as in Riak (riak_core_apl).
func (r *replica) targets(p *placement) []target {
	if r.vnodes.on {
		return r.preflist(p, !r.sloppy)
	}
	if !r.sloppy {
		return p.targets
	}
	list, next := slices.Clone(p.targets), p.next
	for i, of := range p.holders {
		if !r.detector.dead(of) {
			continue
		}
		for j, node := range next {
			if !r.detector.dead(node) {
				list[i].node, next = node, next[j+1:]
				break
			}
		}
	}
	return list
}

// available returns how many of how many replicas seem alive that the operation needs.
func (r *replica) available(q *request) (have, need int) {
	alive := make([]vote, 0, sim.MaxNodes) // that many fit on the stack
	for _, t := range q.targets {
		if !r.detector.dead(t.node) {
			alive = append(alive, vote{node: t.node, of: t.of})
		} else if q.demand.hint && r.hintable(t.of) {
			alive = append(alive, vote{node: r.env.Self(), of: t.of, hint: true})
		}
	}
	demand := q.demand
	switch r.serially(q.op) {
	case serial:
		demand = demandMajority(q.place)
	case localSerial:
		demand.count, demand.region, demand.each = q.place.perZone[r.home]/2+1, r.home, nil
	}
	if r.met(&demand, alive) {
		return demand.count, demand.count
	}
	return r.lacking(&demand, alive)
}

func demandMajority(p *placement) demand {
	return demand{count: len(p.holders)/2 + 1, region: everywhere}
}

// answer tells the client; what it is told later changes nothing.
func (r *replica) answer(q *request, res sim.Result) {
	if !q.answered {
		q.answered, q.result = true, res
		r.reply(q, res)
	}
}

// watch sets the timer for the oldest request without an answer.
func (r *replica) watch() {
	r.watching = false
	for _, q := range r.order {
		if !q.answered {
			r.watching = true
			r.env.SetTimer(timerWatch, q.until-r.env.Elapsed())
			return
		}
	}
}

// expire drops the requests whose time is over. A client without an answer hears how far it came; what silent replicas
// have missed becomes hints.
func (r *replica) expire() {
	now := r.env.Elapsed()
	for len(r.order) > 0 && r.order[0].until <= now {
		q := r.order[0]
		r.order = r.order[1:]
		delete(r.pending, q.op.ID)
		answering := (q.phase == write || r.commits(q)) && r.hintSilent(q)
		if !q.answered && !answering {
			have, need := r.progress(q)
			r.answer(q, sim.Result{Outcome: sim.Info, Reason: sim.ReasonTimeout, Have: have, Need: need, Stage: r.stageOf(q)})
		}
		if delete(r.proposals, q.op.ID); r.vnodes.on && q.phase == read && !r.noRepair && !q.waits {
			r.repairStale(q)
		}
	}
}

// progress returns how many answers of how many a request has.
func (r *replica) progress(q *request) (have, need int) {
	if p := r.proposals[q.op.ID]; p != nil && p.stage == committing {
		return r.short(&q.demand, q.votes)
	} else if p != nil && q.op.Kind == sim.Read && r.casTimeout > 0 {
		return 0, p.need // promises are no answers to a read (StorageProxy.legacyReadWithPaxos)
	} else if p != nil {
		return len(p.answers), p.need
	}
	if q.phase == repairAsk {
		return min(len(q.votes)-len(q.stale)+q.spare, len(q.votes)-1), len(q.votes)
	}
	if r.vnodes.on && q.phase == write {
		return r.shortVnodes(q)
	}
	return r.short(&q.demand, q.votes)
}
