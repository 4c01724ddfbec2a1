package group

import (
	"cmp"
	"slices"

	"netsplit/sim"
	"netsplit/sim/raft"
)

// request is one client's transaction on its way. It waits for what its level asks for, runs here, and if it writes has that
// ordered and certified.
type request struct {
	op    sim.Op
	level string
	over  bool
	born  sim.Time

	mark   uint64 // of its own message in the order; 0 before
	synced uint64 // where that is; 0 before
	held   bool   // it is known what it waits for:
	behind uint64 // the place of what was prepared here when it began
	begun  bool   // it waits for nothing any more but the row

	lockDue sim.Time // until when it waits for the row; 0 before
	found   register // where a write began
	sent    bool
	asked   sim.Time // when its write, or its own message, was last sent
	ordered bool     // its write is certified
	index   uint64   // where it stands in the order; 0 where an attempt before it does
	result  sim.Result
}

// Serve takes a client's transaction.
func (r *replica) Serve(op sim.Op) {
	level := cmp.Or(op.Level, r.set.consistency)
	if why := r.refuses(op, level); why != sim.NoReason {
		r.env.Reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: why})
		return
	}
	if slices.ContainsFunc(r.requests, func(q *request) bool { return q.op.ID == op.ID && q.op.Attempt == op.Attempt }) {
		return
	}
	r.requests = append(r.requests, &request{op: op, level: level, born: r.env.Elapsed()})
	r.step()
}

// refuses says why a transaction is not begun.
func (r *replica) refuses(op sim.Op, level string) sim.Reason {
	switch {
	case r.stopped:
		return sim.ReasonStopped
	case r.offline:
		return sim.ReasonOffline
	case op.Kind != sim.Read && !r.writable():
		return sim.ReasonReadOnly
	case atLeast(level, before) && !r.online():
		return sim.ReasonNotOnline
	}
	return sim.NoReason
}

// online reports whether this member takes part in its group.
func (r *replica) online() bool {
	return !r.left && r.view.has(r.env.Self()) && r.view.online[r.env.Self()]
}

// writable reports whether clients may write here.
func (r *replica) writable() bool {
	return r.online() && (!r.set.single || r.view.primary == r.env.Self())
}

// step takes every transaction as far as it goes.
func (r *replica) step() {
	if r.again = true; r.stepping {
		return
	}
	for r.stepping = true; r.again; {
		r.again = false
		for _, q := range slices.Clone(r.requests) {
			if !q.over && !q.sent {
				r.proceed(q)
			}
		}
	}
	r.stepping = false
	r.requests = slices.DeleteFunc(r.requests, func(q *request) bool { return q.over })
}

// proceed takes one transaction on: it begins, and if it began it runs.
func (r *replica) proceed(q *request) {
	if q.begun = q.begun || r.begins(q); !q.begun {
		return
	}
	if q.op.Kind == sim.Read {
		found := r.read(q.op.Key)
		r.end(q, sim.Result{Outcome: sim.OK, Value: found.value, Version: found.version})
		return
	}
	if !r.writable() {
		r.end(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonReadOnly})
		return
	}
	if by := r.locks[q.op.Key]; by != nil && by != q {
		if q.lockDue == 0 {
			q.lockDue = r.env.Elapsed() + r.set.lockWait
		}
		return
	}
	r.locks[q.op.Key] = q
	if first, known := r.order.Known(q.op); known && q.op.Attempt > 0 { // of an attempt before
		q.sent = true
		r.decided(q, 0, false, first)
		return
	}
	q.found = r.read(q.op.Key)
	if q.op.Kind == sim.CompareAndSet && q.found.value != q.op.Expect && !atLeast(q.level, before) {
		r.end(q, sim.Result{Outcome: sim.OK, Value: q.found.value, Version: q.found.version})
		return
	}
	q.sent = true
	r.send(q)
}

// begins reports whether a transaction may begin: what its level has it wait for has come.
func (r *replica) begins(q *request) bool {
	if atLeast(q.level, beforeOnFailover) && r.set.single && r.view.primary == r.env.Self() && r.done() < r.view.since {
		return false
	}
	if synced(q.level) {
		if q.mark == 0 {
			q.mark = r.env.Rand().Uint64() | 1
			r.send(q)
		}
		if q.synced == 0 || r.done() < q.synced {
			return false
		}
	}
	if !q.held {
		q.held, q.behind = true, r.held()
	}
	return r.done() >= q.behind
}

// send has a transaction's write ordered, or the message for which it waits.
func (r *replica) send(q *request) {
	led := false
	if q.sent {
		led = r.order.Propose(q.op, q.found.version, tag{r.env.Self(), atLeast(q.level, after)}.encode())
	} else {
		led = r.order.Note(note{syncs, r.env.Self(), q.mark}.encode())
	}
	if q.asked = 0; led {
		q.asked = r.env.Elapsed()
	}
}

// sendAgain sends what has not been ordered for long, or met no leader; and ends waits for rows.
func (r *replica) sendAgain() {
	now := r.env.Elapsed()
	for _, q := range slices.Clone(r.requests) {
		switch waits := q.sent && !q.ordered || q.mark != 0 && q.synced == 0; {
		case q.over:
		case !q.begun && q.born+r.set.holdWait <= now:
			r.end(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonHeld})
		case waits && (q.asked == 0 || q.asked+askAgain <= now):
			r.send(q)
		case q.lockDue != 0 && !q.sent && q.lockDue <= now:
			r.end(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonLocked})
		}
	}
}

// end answers a transaction, and lets go of its row.
func (r *replica) end(q *request, result sim.Result) {
	q.over = true
	if r.locks[q.op.Key] == q {
		delete(r.locks, q.op.Key)
		r.again = true
	}
	r.env.Reply(q.op.ID, result)
}

// certified takes what the order says of an operation.
func (r *replica) certified(e raft.Entry) {
	t := decodeTag(e.Tag)
	if e.Took && t.after {
		r.view.waits(e, t.origin)
	}
	var own *request
	for _, q := range r.requests {
		if t.origin == r.env.Self() && !q.over && q.sent && !q.ordered && q.op.ID == e.Op.ID && q.op.Attempt == e.Op.Attempt {
			own = q
		}
	}
	switch {
	case own != nil:
		r.decided(own, e.Index, e.Took, e.Result)
	case e.Took:
		r.enqueue(e)
	}
}

// decided takes what became of a transaction's write.
func (r *replica) decided(q *request, index uint64, took bool, result sim.Result) {
	if result.Outcome != sim.OK {
		r.end(q, result)
		return
	}
	if q.ordered, q.result = true, result; took {
		q.index = index
	}
	r.commit()
}

// commit ends the transactions of this member's clients that are certified and that nobody has to wait for any more.
func (r *replica) commit() {
	for _, q := range r.requests {
		if q.over || !q.ordered || r.view.lacking[q.op.ID] != nil {
			continue
		}
		if q.index > 0 {
			r.show(q.op, q.index)
		}
		r.end(q, q.result)
	}
}
