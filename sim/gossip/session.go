package gossip

import "netsplit/sim"

// sessions hold back the reads of clients who have seen more than the replica. A client sends along what it has read
// and what its own writes made; the replica answers once it holds as much.
type sessions struct {
	own, seen bool // what a read must show: what the client wrote, what it read
	wait      sim.Time
	waiting   []waiting // in order of arrival, and so of their deadlines
}

// waiting is a read that is held back.
type waiting struct {
	op    sim.Op
	until sim.Time // of the node's clock
}

func newSessions(cfg sim.Config) sessions {
	way := cfg.Words["session"]
	return sessions{own: way == "read-your-writes" || way == "both", seen: way == "monotonic" || way == "both",
		wait: sim.Time(cfg.Numbers["wait"])}
}

// satisfied reports whether a store holds all that a read must show.
func (s sessions) satisfied(op sim.Op, covers func(sim.State) bool) bool {
	return (!s.own || covers(op.Own)) && (!s.seen || covers(op.Context))
}

// read answers from the store, or holds the read back while the replica is behind.
func (r *replica) read(op sim.Op) {
	switch {
	case r.ready(op):
		r.answer(op)
	case r.wait == 0 || len(r.waiting) == sim.MaxWaiting:
		r.refuse(op)
	default:
		r.waiting = append(r.waiting, waiting{op, r.env.Now() + r.wait})
		if len(r.waiting) == 1 {
			r.env.SetTimer(timerWait, r.wait)
		}
	}
}

func (r *replica) ready(op sim.Op) bool {
	return r.noToken || r.satisfied(op, func(st sim.State) bool { return r.store.Covers(op.Key, st) })
}

func (r *replica) refuse(op sim.Op) {
	r.reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonBehind})
}

// caughtUp answers the reads that were held back for what has come now.
func (r *replica) caughtUp() {
	var still []waiting
	for _, w := range r.waiting {
		if r.ready(w.op) {
			r.reply(w.op.ID, r.store.Read(w.op.Key))
		} else {
			still = append(still, w)
		}
	}
	r.waiting = still
}

// giveUp refuses the reads that have waited long enough.
func (r *replica) giveUp() {
	for len(r.waiting) > 0 && r.waiting[0].until <= r.env.Now() {
		r.refuse(r.waiting[0].op)
		r.waiting = r.waiting[1:]
	}
	if len(r.waiting) > 0 {
		r.env.SetTimer(timerWait, r.waiting[0].until-r.env.Now())
	}
}
