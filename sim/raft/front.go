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

// handOn asks the leader for what this node does not do itself; a witness that follows nobody asks the others for reads.
func (t *truetime) handOn(q *request) {
	if q.sent {
		return
	}
	to := sim.Addr(-1)
	switch r := t.r; {
	case r.lead != etcd.None && addrOf(r.lead) != r.env.Self() && !t.witness(addrOf(r.lead)):
		to = addrOf(r.lead)
	case q.op.Kind == sim.Read:
		to = sim.Addr((int(r.env.Self()) + 1 + q.tries) % r.env.Nodes())
		if t.witness(to) || to == r.env.Self() {
			return
		}
	default:
		return
	}
	q.sent = true
	t.r.env.Send(to, sim.KindRequest, call{kind: callServe, op: q.op})
}

// askAgain has every request that was handed on handed on again: what was sent may be lost.
func (t *truetime) askAgain() {
	for _, q := range t.asked {
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
		q.sent = r.node.Propose(encodeAt(q.op, at)) == nil
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
