package raft

import (
	"strings"

	etcd "go.etcd.io/raft/v3"

	"netsplit/sim"
)

// askRetry is after how long a node asks again for what has not been answered: nobody publishes how long Spanner's do.
const askRetry = 500 * sim.Millisecond

// request is an operation that a node was asked for, by its client or by another node.
type request struct {
	op    sim.Op
	from  sim.Addr // who is to be told: this node's own address for its client
	due   sim.Time // by this node's monotonic clock: nobody listens after that
	tries int
	sent  bool // it was handed to the log or to the leader

	bound   bound
	at      sim.Time // at which it is to be read
	index   uint64   // up to which the log must be applied for that
	stamped bool     // at and index are known
}

// bound is what a read asks of its timestamp (TimestampBound in Spanner's clients).
type bound struct {
	kind string
	at   sim.Time // the timestamp, or the least, by the clock of the node that was asked
}

// The levels of reads with a timestamp, and that without.
const (
	strong           = "strong"
	exactStaleness   = "exact-staleness"
	maxStaleness     = "max-staleness"
	readTimestamp    = "read-timestamp"
	minReadTimestamp = "min-read-timestamp"
)

// boundOf returns what a read asks for; false for a level that such a lane does not know.
func (t *truetime) boundOf(op sim.Op) (bound, bool) {
	level := op.Level
	if level == "" {
		level = t.set.bound
		if level != strong {
			level += "-" + t.set.staleness.String()
		}
	}
	switch level {
	case strong, linearizable, leased:
		return bound{kind: strong}, true
	}
	for _, kind := range timedLevels {
		text, found := strings.CutPrefix(level, kind+"-")
		if !found {
			continue
		}
		at, err := sim.ParseTime(text)
		if kind == exactStaleness || kind == maxStaleness {
			at = t.r.env.Now() - at
		}
		return bound{kind, at}, err == nil
	}
	return bound{}, false
}

// serve takes an operation.
func (t *truetime) serve(op sim.Op, from sim.Addr) {
	q := &request{op: op, from: from, due: t.r.env.Elapsed() + t.r.env.Patience()}
	if op.Kind == sim.Read {
		b, ok := t.boundOf(op)
		if !ok {
			t.answer(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonLevel})
			return
		}
		q.bound = b
	}
	if len(t.asked) == 0 {
		t.r.env.SetTimer(timerAsk, askRetry)
	}
	t.asked[op.ID] = q
	t.r.pump()
}

// carryOn does what can be done for a request now. It returns until when the request waits for the clock, if it does, and
// whether it proposed anything.
func (t *truetime) carryOn(q *request) (wake sim.Time, proposed bool) {
	switch {
	case q.op.Kind != sim.Read && t.r.role == etcd.StateLeader && !t.witness(t.r.env.Self()):
		return never, t.write(q)
	case q.op.Kind != sim.Read && q.from != t.r.env.Self():
		delete(t.asked, q.op.ID) // who asked asks again, whoever leads
	case q.op.Kind != sim.Read, t.witness(t.r.env.Self()):
		t.handOn(q)
	case q.bound.kind == strong:
		t.readNow(q)
	default:
		return t.readAt(q), false
	}
	return never, false
}

// handOn asks the leader for what this node does not do itself; a witness asks others for reads too, in turn.
func (t *truetime) handOn(q *request) {
	if q.sent {
		return
	}
	to := sim.Addr(-1)
	if lead := addrOf(t.r.lead); t.r.lead != etcd.None && lead != t.r.env.Self() && !t.witness(lead) {
		to = lead
	}
	switch others := t.readable(to); {
	case q.op.Kind != sim.Read || len(others) == 0:
	case to < 0:
		to = others[q.tries%len(others)]
	case q.tries%2 == 1:
		to = others[q.tries/2%len(others)]
	}
	if to >= 0 {
		q.sent = true
		t.r.env.Send(to, sim.KindRequest, call{kind: callServe, op: q.resolved()})
	}
}

// resolved returns the operation with its bound as this node's clock has it, so that it does not depend on who does it
// when.
func (q *request) resolved() sim.Op {
	op := q.op
	switch at := max(q.bound.at, 0).String(); q.bound.kind {
	case exactStaleness, readTimestamp:
		op.Level = readTimestamp + "-" + at
	case maxStaleness, minReadTimestamp:
		op.Level = minReadTimestamp + "-" + at
	case strong:
		op.Level = linearizable
	}
	return op
}

// readable lists the nodes that answer reads, but for this one and those in the leader's region.
func (t *truetime) readable(lead sim.Addr) (list []sim.Addr) {
	for a := range sim.Addr(t.r.env.Nodes()) {
		if a != t.r.env.Self() && !t.witness(a) && (lead < 0 || t.set.region[a] != t.set.region[lead]) {
			list = append(list, a)
		}
	}
	return list
}

// askAgain has every request that was handed on handed on again: what was sent may be lost.
func (t *truetime) askAgain() {
	for _, q := range t.asked { // order does not matter: each is marked by itself
		if q.tries++; t.r.role != etcd.StateLeader || q.op.Kind == sim.Read {
			q.sent = false
		}
	}
	if len(t.asked) > 0 {
		t.r.env.SetTimer(timerAsk, askRetry)
	}
}

// answer tells who asked what came of it.
func (t *truetime) answer(q *request, result sim.Result) {
	delete(t.asked, q.op.ID)
	if q.from == t.r.env.Self() {
		t.r.env.Reply(q.op.ID, result)
		return
	}
	t.r.env.Send(q.from, sim.KindReply, call{kind: callDone, op: q.op, result: result})
}

// write has a leader order an operation, unless its log has it, and answers when it is applied and past its commit wait.
func (t *truetime) write(q *request) (proposed bool) {
	r, id := t.r, identity{q.op.Client, q.op.ID}
	if _, ordered := r.tail.seen[id]; !ordered && !q.sent {
		at, ok := t.assign()
		if !ok {
			return false
		}
		if q.sent = r.node.Propose(encodeAt(q.op, at)) == nil; !q.sent {
			t.proposed = 0
		}
		return q.sent
	}
	done, ok := r.applied.seen[id]
	at := r.applied.past.stamps[q.op.ID]
	if !ok || at > t.shown {
		return false
	}
	result := effect{op: q.op, first: done}.result()
	result.At = at
	t.answer(q, result)
	return false
}
