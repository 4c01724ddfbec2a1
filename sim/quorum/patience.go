package quorum

import (
	"slices"

	"netsplit/sim"
)

// How long a coordinator waits: Cassandra has a timeout for reads, one for writes, which is also that of each phase of
// Paxos, and one for how long a proposer tries again against rivals (Config.java). A request that is given up says how far
// it has come, by these words of Result.Stage.
const (
	stageData   = "data"   // a replica that was asked for all that it holds has answered the read
	stageLook   = "look"   // a deletion was still reading
	stageCommit = "commit" // what was proposed is decided; not all that the level asks for have said that they know
)

// patience is how long a coordinator waits for replicas.
func (r *replica) patience(op sim.Op) sim.Time {
	wait := r.timeout
	if op.Kind == sim.Read && r.readTimeout > 0 && r.serially(op) == "" {
		wait = r.readTimeout
	}
	return min(wait, r.env.Patience()-grace)
}

// enqueue puts a request among those that are pending, in the order in which their time is over, and reports whether
// that of others is over later.
func (r *replica) enqueue(q *request) (before bool) {
	q.until = q.begun + r.patience(q.op)
	i := len(r.order)
	for i > 0 && r.order[i-1].until > q.until {
		i--
	}
	r.order = slices.Insert(r.order, i, q)
	return i < len(r.order)-1
}

// exhausted reports whether a proposal has met rivals for as long as it may.
func (r *replica) exhausted(q *request) bool {
	return r.casTimeout > 0 && r.env.Elapsed()-q.begun >= r.casTimeout
}

// commits reports whether a request commits what it has proposed, and keeps hints of that.
func (r *replica) commits(q *request) bool {
	p := r.proposals[q.op.ID]
	return r.handoff && p != nil && p.stage == committing
}

// stageOf says how far a request has come.
func (r *replica) stageOf(q *request) string {
	p := r.proposals[q.op.ID]
	switch {
	case p != nil && p.stage == committing:
		return stageCommit
	case q.phase == repairAsk:
		return stageData
	case q.phase == read && slices.ContainsFunc(q.full, func(t target) bool { return q.voted(vote{node: t.node, of: t.of}) }):
		return stageData
	}
	return ""
}
