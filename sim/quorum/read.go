package quorum

import (
	"slices"

	"netsplit/sim"
)

// serveRead asks replicas what they hold: all, or as many as the level needs.
func (r *replica) serveRead(q *request) {
	q.phase = read
	ask := q.targets
	if r.askFew {
		ask = r.nearest(q)
		r.speculate(q)
	}
	q.asked = ask
	q.full = ask[:min(len(ask), 1)]
	own := false
	for _, t := range ask {
		if t.node == r.env.Self() {
			own = true
		} else {
			r.ask(q, t)
		}
	}
	if !own {
		return
	}
	for _, t := range ask {
		if t.node == r.env.Self() {
			r.readReply(q, vote{node: t.node, of: t.of}, r.heldFor(t.of, q.op.Key))
		}
	}
}

func (r *replica) ask(q *request, t target) {
	r.env.Send(t.node, sim.KindRequest, payload{what: read, op: q.op.ID, of: t.of, key: q.op.Key})
}

// heldFor returns what this node holds in the place of a primary.
func (r *replica) heldFor(of sim.Addr, key string) state {
	if of == r.env.Self() {
		return r.store.Get(key)
	}
	r.used[of] = r.env.Elapsed()
	return r.hinted(of, key)
}

// byNearness returns the targets from this node on, in the order of the ring, or those of its region before the others.
func (r *replica) byNearness(q *request) []target {
	first := max(slices.IndexFunc(q.targets, func(t target) bool { return t.node == r.env.Self() }), 0)
	list := slices.Concat(q.targets[first:], q.targets[:first])
	if r.nearFirst {
		away := func(t target) int {
			if r.ring.regionOf[t.node] == r.ring.regionOf[r.env.Self()] {
				return 0
			}
			return 1
		}
		slices.SortStableFunc(list, func(a, b target) int { return away(a) - away(b) })
	}
	return list
}

// nearest returns as few of the targets that seem alive as meet the demand, the nearest first.
func (r *replica) nearest(q *request) []target {
	var list []target
	var votes []vote
	for _, t := range r.byNearness(q) {
		if r.detector.dead(t.node) {
			continue
		}
		more := append(votes, vote{node: t.node, of: t.of})
		if len(q.demand.each) > 0 || q.demand.region != everywhere {
			if r.have(&q.demand, more) == r.have(&q.demand, votes) {
				continue
			}
		}
		list, votes = append(list, t), more
		if r.met(&q.demand, votes) {
			break
		}
	}
	return list
}

// readReply counts an answer to a read; one that comes twice counts once. The last that is needed decides what the
// client gets.
func (r *replica) readReply(q *request, v vote, s state) {
	if q.phase == write || q.voted(v) {
		return
	}
	if len(q.votes) == 0 {
		q.state = s
	}
	q.votes, q.states = append(q.votes, v), append(q.states, s)
	switch {
	case q.decided && r.ignoreLate:
	case q.decided:
		r.repairLate(q, s)
	default:
		q.state = q.state.Merge(s)
		switch {
		case r.vnodes.on:
			r.weighRead(q)
		case r.met(&q.demand, q.votes):
			q.decided = true
			r.decideRead(q)
		}
	}
}

// decideRead takes a request on, whose read has found enough.
func (r *replica) decideRead(q *request) {
	r.took(r.env.Elapsed() - q.begun)
	switch {
	case q.op.Kind != sim.Read && r.vnodes.on:
		r.bury(q)
	case q.op.Kind != sim.Read: // a write that reads first
		q.demand = q.after
		r.serveWrite(q, r.store.Outdo(q.op, q.state))
	case r.blocking && !r.bugs.skipRepair && r.repairFirst(q):
	default:
		r.answer(q, r.found(q))
		if !r.noRepair && !r.blocking {
			r.repairFound(q)
		}
	}
}

// found is what a client is told that a read has found. Where that is nothing, a replica may know of a tombstone that it
// has forgotten.
func (r *replica) found(q *request) sim.Result {
	if q.state.Opening() && r.store.Get(q.op.Key).Opening() {
		return r.store.Read(q.op.Key)
	}
	return q.state.Result()
}
