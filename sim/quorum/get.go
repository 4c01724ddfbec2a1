package quorum

import "netsplit/sim"

// weighRead answers the client once enough vnodes have answered, or once it is clear that so many will not
// (riak_kv_get_core, enough and response).
func (r *replica) weighRead(q *request) {
	var found []vote // those that count
	absent, n := 0, len(q.place.holders)
	for i, v := range q.votes {
		if !r.vnodes.notfoundOK && q.states[i].Opening() {
			absent++
		} else {
			found = append(found, v)
		}
	}
	threshold := n - max(q.demand.count, q.demand.primaries) + 1
	if r.vnodes.basic {
		threshold = min(threshold, n/2+1)
	}
	switch {
	case r.met(&q.demand, found):
		q.decided = true
		r.decideRead(q)
	case absent >= threshold || len(q.votes) >= n:
		q.decided = true
		res := r.unfound(q, found, absent)
		if q.op.Kind == sim.Delete && res.Outcome == sim.OK {
			r.bury(q)
			return
		} else if q.op.Kind == sim.Delete {
			res.Stage = stageLook
		}
		r.answer(q, res)
		if !r.noRepair {
			r.repairFound(q)
		}
	}
}

// unfound is what a client is told where not enough vnodes that count have answered, and no more will: that there is
// nothing, if nobody had a value, else that its quorum was not met.
func (r *replica) unfound(q *request, found []vote, absent int) sim.Result {
	if newest := r.found(q); q.state.Opening() || newest.Absent && absent > 0 {
		return newest
	}
	primaries, d := q.demand.primariesIn(found), &q.demand
	if primaries < d.primaries && (len(found) >= d.count || d.primaries >= d.count) {
		return sim.Result{Outcome: sim.Fail, Reason: sim.ReasonPrimaries, Have: primaries, Need: d.primaries}
	}
	return sim.Result{Outcome: sim.Fail, Reason: sim.ReasonAnswers, Have: len(found), Need: d.count}
}
