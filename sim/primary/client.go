package primary

import (
	"slices"

	"netsplit/sim"
)

// request is an operation and who is to be told of its result.
type request struct {
	op  sim.Op
	via sim.Addr // the node that handed it on; -1 for a client of this one
}

// Serve takes a client's operation: this node answers it, hands it to the primary that it follows, or refuses it.
func (r *replica) Serve(op sim.Op) {
	q := request{op, -1}
	switch {
	case r.role == primary:
		r.execute(q)
	case r.sent[op.ID] > op.Attempt || r.seen[op.ID] > op.Attempt: // it has come before
	case r.role == out && r.set.outReads && r.readsHere(op):
		r.answerRead(q)
	case r.role == stopped || r.role == out:
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonStopped})
	case !r.set.hotStandby && r.role == standby && (r.readsHere(op) || !r.set.forward):
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonRecovering})
	case op.Kind == sim.Read && r.readsHere(op):
		r.answerRead(q)
	case r.role == promoting || r.upstream < 0 || r.upstream == r.env.Self():
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonNoLeader})
	case !r.set.forward && !(op.Kind == sim.Read && op.Level == levelPrimary):
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonReadOnly})
	default:
		r.sent[op.ID] = op.Attempt + 1
		r.tell(r.upstream, payload{what: forward, op: op})
	}
}

// takeForward serves another node's client, or refuses it for certain: what has been begun here is not refused.
func (r *replica) takeForward(from sim.Addr, p payload) {
	q := request{p.op, from}
	switch {
	case r.role == primary:
		r.execute(q)
	case r.seen[p.op.ID] > p.op.Attempt || r.j.at[p.op.ID] > 0:
	default:
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonNoLeader})
	}
}

// reply answers an operation, wherever it has come from.
func (r *replica) reply(q request, result sim.Result) {
	vias := r.routes[q.op.ID]
	delete(r.routes, q.op.ID)
	for _, via := range vias {
		r.reply(request{q.op, via}, result)
	}
	if q.via < 0 {
		r.env.Reply(q.op.ID, result)
		return
	}
	r.tell(q.via, payload{what: answer, op: sim.Op{ID: q.op.ID}, result: result})
}

func (r *replica) answerRead(q request) {
	v := r.j.read(q.op.Key)
	r.reply(q, sim.Result{Outcome: sim.OK, Value: v.value, Version: v.write})
}

// execute carries out an operation as the primary. A write that has come before is not carried out again.
func (r *replica) execute(q request) {
	if q.op.Kind == sim.Read {
		r.answerRead(q)
		return
	}
	if result, ok := r.refused[q.op.ID]; ok {
		r.reply(q, result)
		return
	}
	if i := r.j.at[q.op.ID]; i > 0 && r.j.visible(i) && !r.waits(i) {
		r.reply(q, r.applied(i))
		return
	}
	before := r.seen[q.op.ID]
	r.seen[q.op.ID] = max(before, q.op.Attempt+1)
	switch queued := r.queued(q.op.ID); {
	case before > q.op.Attempt:
		return
	case r.j.at[q.op.ID] > 0 || queued: // another attempt is under way
		r.routes[q.op.ID] = append(r.routes[q.op.ID], q.via)
		return
	}
	r.attempt(q)
	r.settle()
}

func (r *replica) queued(op sim.OpID) bool {
	return slices.ContainsFunc(r.queue, func(q request) bool { return q.op.ID == op })
}

// applied is the answer to the write at an index of the log.
func (r *replica) applied(index int) sim.Result {
	result := sim.Result{Outcome: sim.OK, Applied: true}
	if r.j.records[index-1].op.Kind == sim.CompareAndSet {
		found := r.j.before[index-1]
		result.Value, result.Version = found.value, found.write
	}
	return result
}

// attempt orders a write, unless one of its key is not visible yet: then it waits for that one's row lock.
func (r *replica) attempt(q request) {
	if r.j.locked(q.op.Key) {
		r.queue = append(r.queue, q)
		return
	}
	if held := r.j.end(q.op.Key); q.op.Kind == sim.CompareAndSet && held.value != q.op.Expect {
		result := sim.Result{Outcome: sim.OK, Value: held.value, Version: held.write}
		r.refused[q.op.ID] = result
		r.env.Persist(refusal{q.op.ID, result})
		r.reply(q, result)
		return
	}
	rec := record{r.line, q.op}
	if before := r.j.append(rec); before.write != 0 {
		r.env.Follows(q.op.ID, before.write)
	}
	r.env.Holds(q.op.Key, q.op.ID)
	r.j.written = r.j.last()
	r.keepTo(r.j.last())
	if r.levelOf(q.op) == levelOff {
		r.answerBeforeFlush(q)
		return
	}
	r.waiters = append(r.waiters, waiter{r.j.last(), q, r.env.Now()})
	r.flushTo(r.j.last())
}

// flushTo makes the log durable up to an index, and then sends it to the standbys: never more than that.
func (r *replica) flushTo(index int) {
	reign := r.line
	r.env.Sync(func() {
		if r.role != primary || r.line != reign {
			return
		}
		r.j.flushed = max(r.j.flushed, index)
		if r.set.afterCommit {
			r.j.show(r.j.flushed)
		}
		r.others(r.feed)
		r.settle()
	})
}
