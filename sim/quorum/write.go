package quorum

import (
	"slices"

	"netsplit/sim"
)

// serveWrite sends a write to all replicas of its key: the level says how many acknowledgements to wait for, not whom
// to ask.
func (r *replica) serveWrite(q *request, s state) {
	q.phase, q.state, q.decided = write, s, false
	r.made[q.op.ID] = s
	q.votes, q.states = q.votes[:0], nil
	own := -1
	for i, t := range q.targets {
		switch {
		case t.node == r.env.Self():
			own = i
		case (r.handoff || r.sparesDead) && r.detector.dead(t.node): // it gets a hint, if any does
		default:
			r.sendWrite(q, t)
		}
	}
	r.hintDead(q)
	if own < 0 {
		return
	}
	for _, t := range q.targets[:own+1] {
		if t.node == r.env.Self() {
			r.accept(t.of, q.op.Key, s, func() { r.writeAck(q, vote{node: t.node, of: t.of}) })
		}
	}
}

func (r *replica) sendWrite(q *request, t target) {
	r.env.Send(t.node, sim.KindReplicate, payload{what: write, op: q.op.ID, of: t.of, key: q.op.Key, state: q.state})
}

// accept takes a write in, in the place of a primary, and calls durable once that is on disk.
func (r *replica) accept(of sim.Addr, key string, s state, durable func()) {
	if of == r.env.Self() {
		r.store.Accept(key, s, durable)
		return
	}
	if kept, known := r.hints[of][key]; known {
		r.follow(s, kept.state)
	}
	r.keepHint(of, key, s, durable)
}

// follow tells the referee that a write which is acknowledged here succeeds those that are held and that it replaces.
func (r *replica) follow(s, held state) {
	merged := held.Merge(s)
	held.Writes(func(before sim.OpID) {
		replaced := r.store.Rules().Conflict == sim.LastWriterWins
		if !replaced {
			replaced = true
			merged.Writes(func(w sim.OpID) { replaced = replaced && w != before })
		}
		if w := s.Made(); w != 0 && w != before && replaced {
			r.env.Follows(w, before)
		}
	})
}

// writeAck counts an acknowledgement; one that comes twice counts once.
func (r *replica) writeAck(q *request, v vote) {
	if q.phase != write || q.voted(v) && !r.bugs.countTwice {
		return
	}
	q.votes = append(q.votes, v)
	if !q.decided && (r.met(&q.demand, q.votes) || r.bugs.ackEarly) {
		q.decided = true
		r.tookWrite(r.env.Elapsed() - q.begun)
		done := sim.Result{Outcome: sim.OK, Applied: true}
		if !q.op.Kind.Plain() {
			done.Value = q.state.Result().Value
		}
		r.answer(q, done)
	}
}

// hasVoteOf reports whether somebody has answered in the place of a primary.
func (q *request) hasVoteOf(of sim.Addr) bool {
	return slices.ContainsFunc(q.votes, func(v vote) bool { return v.of == of && !v.hint })
}
