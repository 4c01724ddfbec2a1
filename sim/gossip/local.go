package gossip

import "netsplit/sim"

// With cas=local a replica answers for its own region as one table would: it evaluates a compare-and-set on what it
// holds, and whatever it writes stands there at once, with a stamp that is later than the one which it replaces. What the
// other replicas have taken in meanwhile it does not know; the greater stamp stays there too, whatever the condition was.
type local struct {
	on    bool
	swaps map[sim.OpID]sim.Result // what compare-and-sets were answered
	dirty int                     // fsyncs under way for what is held
}

func newLocal(cfg sim.Config) local {
	return local{on: cfg.Words["cas"] == "local", swaps: map[sim.OpID]sim.Result{}}
}

// compareAndSet writes if the key has the value that is expected, or none where that is the opening value. A client that
// tries again is answered again; what was answered before a crash is not known.
func (r *replica) compareAndSet(op sim.Op, first bool) {
	res, known := r.swaps[op.ID]
	switch {
	case first:
		res = r.store.Read(op.Key)
		res.Applied = !res.Absent && res.Value == op.Expect || res.Absent && op.Expect == r.env.Opening(op.Key)
		if res.Applied {
			st := r.update(op)
			res.Made = st
			r.store.Accept(op.Key, st, nil)
			r.tell(op.Key, st)
		}
		r.swaps[op.ID] = res
	case !known:
		res = sim.Result{Outcome: sim.Info, Reason: sim.ReasonTimeout}
	}
	r.env.Sync(func() { r.reply(op.ID, res) })
}

// soil has reads wait until what is held now is durable: a table shows nothing that a crash could take back.
func (r *replica) soil() {
	r.dirty++
	r.env.Sync(func() { r.dirty-- })
}

// answer tells what is held of a key.
func (r *replica) answer(op sim.Op) {
	res := r.store.Read(op.Key)
	if r.local.on && r.dirty > 0 {
		r.env.Sync(func() { r.reply(op.ID, res) })
		return
	}
	r.reply(op.ID, res)
}

// update returns the state that a write makes.
func (r *replica) update(op sim.Op) sim.State {
	if r.local.on {
		return r.store.Outdo(op, r.store.Get(op.Key))
	}
	return r.store.Update(op, op.Context)
}
