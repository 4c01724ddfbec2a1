package quorum

import (
	"slices"

	"netsplit/sim"
)

// repairStale sends what a read has found to whoever answered with less. Nobody waits for it.
func (r *replica) repairStale(q *request) {
	if r.bugs.skipRepair {
		return
	}
	for i, v := range q.votes {
		if !q.states[i].Covers(q.state) {
			q.states[i] = q.state
			r.repairOne(v, q.op.Key, q.state)
		}
	}
}

// repairFound is repairStale once a read has been answered. Riak waits until all vnodes have answered it, or its time is over
// (riak_kv_get_fsm, maybe_finalize).
func (r *replica) repairFound(q *request) {
	switch missing := len(q.place.holders) - len(q.votes); {
	case !r.vnodes.on || missing <= 0:
		r.repairStale(q)
	case !q.waits:
		q.waits = true
		r.later(max(q.until-r.env.Elapsed(), 0), func() { r.repairStale(q) })
	}
}

func (r *replica) repairOne(v vote, key string, s state) {
	if v.node == r.env.Self() {
		r.takeIn(v.of, key, s, nil)
		return
	}
	r.env.Send(v.node, sim.KindRepair, payload{what: repair, of: v.of, key: key, state: s})
}

// takeIn merges what others hold, in the place of a primary, and calls durable, which may be nil, once that is on disk.
func (r *replica) takeIn(of sim.Addr, key string, s state, durable func()) {
	if of == r.env.Self() {
		if r.store.Merge(key, s); durable != nil {
			r.env.Sync(durable)
		}
		return
	}
	r.keepHint(of, key, s, durable)
}

// repairFirst sends what a read has found to whoever of those that answered holds less, and reports whether the client
// must wait for their acknowledgement. Later reads of as many replicas then find it too.
func (r *replica) repairFirst(q *request) bool {
	q.stale = nil
	for i, v := range q.votes {
		if !q.states[i].Covers(q.state) {
			q.states[i] = q.state
			q.stale = append(q.stale, v)
		}
	}
	if len(q.stale) == 0 {
		return false
	}
	q.phase = repairAsk
	q.more, q.spare = nil, 0
	r.insist(q)
	for _, v := range slices.Clone(q.stale) {
		if v.node == r.env.Self() {
			r.takeIn(v.of, q.op.Key, q.state, func() { r.repairAck(q, v) })
			continue
		}
		r.askRepair(q, v)
	}
	return true
}

func (r *replica) askRepair(q *request, v vote) {
	r.env.Send(v.node, sim.KindRepair, payload{what: repairAsk, op: q.op.ID, of: v.of, key: q.op.Key, state: q.state})
}

// repairAck counts a repair that is done.
func (r *replica) repairAck(q *request, v vote) {
	i, j := slices.Index(q.stale, v), slices.Index(q.more, target{v.node, v.of})
	switch {
	case q.phase != repairAsk || i < 0 && j < 0:
		return
	case i >= 0:
		q.stale = slices.Delete(q.stale, i, i+1)
	default:
		q.more = slices.Delete(q.more, j, j+1)
		q.spare++
	}
	if len(q.stale) <= q.spare {
		r.answer(q, r.found(q))
	}
}

// repairLate deals with an answer that comes after the read has been decided: whoever holds less than the others is
// brought up to date, and nobody waits for it.
func (r *replica) repairLate(q *request, s state) {
	if r.noRepair || q.op.Kind != sim.Read {
		return
	}
	newest := q.state.Merge(s)
	if r.blocking { // the answer to the client is what was found when it was decided
		if i := len(q.votes) - 1; !s.Covers(newest) && !r.bugs.skipRepair {
			r.repairOne(q.votes[i], q.op.Key, newest)
		}
		return
	}
	q.state = newest
	r.repairFound(q)
}
