package quorum

import (
	"slices"

	"netsplit/sim"
)

// look has a deletion read first, if its client has read nothing: the tombstone then replaces what was found, and no more
// (riak_kv_delete).
func (r *replica) look(q *request) {
	q.looked, q.after, q.demand = true, q.demand, r.demandFirst(q)
	if why, have, need := r.lacks(q); why != sim.NoReason {
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: why, Have: have, Need: need, Stage: stageLook})
		return
	}
	r.track(q)
	r.serveRead(q)
}

// looks reports whether a request is a deletion that must read first.
func (q *request) looks() bool {
	return q.op.Kind == sim.Delete && !q.looked && q.op.Context.Opening()
}

// bury goes on with a deletion that has read: it becomes a write.
func (r *replica) bury(q *request) {
	delete(r.pending, q.op.ID)
	r.order = slices.DeleteFunc(r.order, func(o *request) bool { return o == q })
	q.op.Context, q.demand = q.state, q.after
	q.votes, q.states, q.decided, q.phase = nil, nil, false, 0
	r.serveVnodes(q)
}
