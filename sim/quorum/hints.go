package quorum

import (
	"maps"
	"slices"

	"netsplit/sim"
)

// hintRetry is the time between two attempts to bring a replica the hints that are kept for it (Cassandra dispatches
// every 10 s).
const hintRetry = 10 * sim.Second

// hint is what a node keeps of a key for a replica that has missed it.
type hint struct {
	state  state
	number sim.OpID // which of this node's hints it is, so that an acknowledgement removes none that came later
}

// hintKept and hintGone are the records of hints on disk.
type hintKept struct {
	of   sim.Addr
	key  string
	hint hint
}

type hintGone struct {
	of     sim.Addr
	key    string
	number sim.OpID
}

// hints are what a node keeps for others, by node and key. They are on disk.
type hints []map[string]hint

// clone returns a copy for a number of nodes.
func (h hints) clone(nodes int) hints {
	c := make(hints, nodes)
	for of := range c {
		c[of] = maps.Clone(h[of])
	}
	return c
}

func (h hints) write(rec hintKept) {
	if h[rec.of] == nil {
		h[rec.of] = map[string]hint{}
	}
	h[rec.of][rec.key] = rec.hint
}

func (h hints) remove(rec hintGone) {
	if h[rec.of][rec.key].number == rec.number {
		delete(h[rec.of], rec.key)
	}
}

// hintable reports whether this node would keep a hint for a replica: not for one that has been away for longer than
// the window.
func (r *replica) hintable(of sim.Addr) bool {
	return r.handoff && r.detector.downFor(of, r.env.Elapsed()) <= r.hintWindow
}

// hintDead keeps hints for the replicas of a write that this node takes for dead, and for which nobody stands in.
func (r *replica) hintDead(q *request) {
	for _, t := range q.targets {
		if t.node == t.of && r.detector.dead(t.node) && r.hintable(t.of) {
			r.keepHint(t.of, q.op.Key, q.state, r.hintAcks(q, t.of))
		}
	}
}

// hintSilent keeps hints for the replicas that have not acknowledged a write in time, and reports whether they will answer the
// client: at ANY they do, then as well (StorageProxy.mutate, hintMutations).
func (r *replica) hintSilent(q *request) (answering bool) {
	for _, t := range q.targets {
		if !q.hasVoteOf(t.of) && t.node != r.env.Self() && r.hintable(t.of) {
			acks := r.hintAcks(q, t.of)
			answering = answering || acks != nil
			r.keepHint(t.of, q.op.Key, q.state, acks)
		}
	}
	return answering
}

// hintAcks returns what counts a hint towards a write once it is kept; nil where hints do not count. Such a write succeeds
// what is kept already.
func (r *replica) hintAcks(q *request, of sim.Addr) func() {
	if q.phase != write || !q.demand.hint {
		return nil
	}
	if kept, known := r.hints[of][q.op.Key]; known {
		r.follow(q.state, kept.state)
	}
	return func() { r.writeAck(q, vote{node: r.env.Self(), of: of, hint: true}) }
}

// keepHint keeps a state for a replica, joined with what is kept for it already, and calls durable,
// which may be nil, once that is on disk.
func (r *replica) keepHint(of sim.Addr, key string, s state, durable func()) {
	if r.bugs.dropHints {
		r.env.Sync(durable)
		return
	}
	kept, known := r.hints[of][key]
	r.used[of] = r.env.Elapsed()
	if known && r.rules.Conflict != sim.LatestArrival {
		s = kept.state.Merge(s)
	}
	r.lastHint = max(r.lastHint+1, sim.OpID(r.env.Elapsed())) // later than any before a crash, too
	rec := hintKept{of, key, hint{s, r.lastHint}}
	r.hints.write(rec)
	r.tellHeld(key)
	r.keep(rec, durable)
}

// outlived reports whether a hint is older than tombstones get: whoever misses a deletion for so long may have the value
// brought back by others, and a hint must not bring it back either (Cassandra's Hint.isLive, by gc_grace_seconds).
func (r *replica) outlived(h hint) bool {
	return r.rules.Grace > 0 && r.env.Elapsed()-sim.Time(h.number) > r.rules.Grace
}

// hinted returns what is kept for a replica.
func (r *replica) hinted(of sim.Addr, key string) state {
	if kept, ok := r.hints[of][key]; ok {
		return kept.state
	}
	return r.store.Opening(key)
}

// bring sends a replica what is kept for it.
func (r *replica) bring(of sim.Addr) {
	if len(r.hints[of]) == 0 {
		return
	}
	r.brought[of] = r.env.Elapsed()
	for _, key := range slices.Sorted(maps.Keys(r.hints[of])) {
		kept := r.hints[of][key]
		if r.outlived(kept) {
			r.handed(of, key, kept.number)
			continue
		}
		r.env.Send(of, sim.KindReplicate, payload{what: hand, op: kept.number, of: of, key: key, state: kept.state})
	}
}

// bringAll tries again to bring what is kept for replicas that seem alive.
func (r *replica) bringAll() {
	if r.vnodes.idle > 0 {
		return
	}
	for of := range r.hints {
		a := sim.Addr(of)
		if len(r.hints[of]) > 0 && !r.detector.dead(a) && r.env.Elapsed()-r.brought[of] >= hintRetry {
			r.bring(a)
		}
	}
}

// handed removes a hint that has arrived.
func (r *replica) handed(from sim.Addr, key string, number sim.OpID) {
	if r.hints[from][key].number != number {
		return
	}
	rec := hintGone{from, key, number}
	r.hints.remove(rec)
	r.keep(rec, nil)
	r.tellHeld(key)
}
