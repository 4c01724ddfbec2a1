package quorum

import (
	"slices"

	"netsplit/sim"
)

// put has this node's own vnode write first: it merges the write with what it holds. When that is durable the others get
// what has come of it (riak_kv_put_fsm, waiting_local_vnode).
func (r *replica) put(q *request, own target) {
	s, known := r.made[q.op.ID]
	if !known || r.bugs.writeAnew {
		s = r.store.UpdateAt(q.op, q.op.Context, r.heldFor(own.of, q.op.Key), own.of)
	}
	if s.Crowded() {
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonTooMany})
		return
	}
	r.track(q)
	q.phase, q.state = write, s
	r.made[q.op.ID] = s
	v := vote{node: own.node, of: own.of}
	q.received = append(q.received, v)
	r.accept(own.of, q.op.Key, s, func() {
		if r.pending[q.op.ID] == q {
			r.writeAck(q, v)
			r.putElsewhere(q, own)
		}
	})
}

// putElsewhere sends what the coordinator has written to the other vnodes, of which some may be this node's.
func (r *replica) putElsewhere(q *request, own target) {
	for _, t := range q.targets {
		v := vote{node: t.node, of: t.of}
		switch {
		case t == own:
		case t.node != r.env.Self():
			r.sendWrite(q, t)
		case r.crowds(t.of, q.op.Key, q.state):
			r.putFailed(q)
		default:
			q.received = append(q.received, v)
			r.accept(t.of, q.op.Key, q.state, func() { r.writeAck(q, v) })
		}
	}
}

// crowds reports whether a vnode would hold too many values side by side: it refuses them (Riak's max_siblings).
func (r *replica) crowds(of sim.Addr, key string, s state) bool {
	return r.heldFor(of, key).Merge(s).Crowded()
}

// obeyVnodes does what another node asks one of this node's vnodes for, or takes what one answers, and reports whether
// it was that.
func (r *replica) obeyVnodes(from sim.Addr, p payload) bool {
	q := r.pending[p.op]
	tell := func(w what) { r.env.Send(from, sim.KindAck, payload{what: w, op: p.op, of: p.of, key: p.key}) }
	switch p.what {
	case write:
		if r.crowds(p.of, p.key, p.state) {
			tell(failed)
			return true
		}
		durable := false
		r.accept(p.of, p.key, p.state, func() {
			durable = true
			tell(writeAck)
		})
		if !durable {
			tell(received)
		}
	case received:
		if v := (vote{node: from, of: p.of}); q != nil && q.phase == write && !slices.Contains(q.received, v) {
			q.received = append(q.received, v)
			r.weighWrite(q)
		}
	case failed:
		if q != nil && q.phase == write {
			r.putFailed(q)
		}
	default:
		return false
	}
	return true
}

// putFailed counts a vnode that has not taken a write in.
func (r *replica) putFailed(q *request) {
	q.failed++
	r.weighWrite(q)
}

// taken counts the vnodes that have taken a write in: durable ones among them.
func (q *request) taken() int {
	count := len(q.received)
	for _, v := range q.votes {
		if !slices.Contains(q.received, v) {
			count++
		}
	}
	return count
}

// weighWrite answers the client once enough vnodes have a write, or once it is clear that so many will not
// (riak_kv_put_core, enough). What has been written stays.
func (r *replica) weighWrite(q *request) {
	d, n := &q.demand, len(q.place.holders)
	durable, primaries, nodes := len(q.votes), q.demand.primariesIn(q.votes), q.demand.nodesIn(q.votes)
	switch {
	case q.decided:
	case r.bugs.ackEarly, q.taken() >= d.count && durable >= d.durable && primaries >= d.primaries && nodes >= d.nodes:
		q.decided = true
		r.answer(q, q.done())
	case q.failed > n-d.primaries, q.failed > n-d.durable,
		durable+q.failed >= n && (primaries < d.primaries || nodes < d.nodes):
		q.decided = true
		res := sim.Result{Outcome: sim.Info}
		res.Reason, res.Have, res.Need = r.unmet(q)
		r.answer(q, res)
	}
}

// unmet says which part of a write's demand cannot be met any more, and how much of how much there is
// (riak_kv_put_core, response).
func (r *replica) unmet(q *request) (why sim.Reason, have, need int) {
	d := &q.demand
	durable, primaries := len(q.votes), q.demand.primariesIn(q.votes)
	switch enough := q.taken() >= d.count && durable >= d.durable; {
	case enough && primaries < d.primaries, !enough && q.failed > len(q.place.holders)-d.primaries && d.primaries >= d.durable:
		return sim.ReasonPrimaries, primaries, d.primaries
	case enough:
		return sim.ReasonNodes, d.nodesIn(q.votes), d.nodes
	}
	return sim.ReasonDurable, durable, d.durable
}

// shortVnodes returns how many of how many vnodes a write has, of that part of its demand which is not met.
func (r *replica) shortVnodes(q *request) (have, need int) {
	d := &q.demand
	switch have = q.taken(); {
	case have < d.count:
		return have, d.count
	case len(q.votes) < d.durable:
		return len(q.votes), d.durable
	}
	return r.short(&demand{region: everywhere, primaries: d.primaries, nodes: d.nodes}, q.votes)
}
