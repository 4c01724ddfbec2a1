package raft

import (
	"slices"
	"testing"

	"netsplit/sim"
)

// referee checks, at every report, that each acknowledged write is held by some log or followed there, and that
// no report claims more than the logs bear out. It counts logs alone, not messages in flight.
type referee struct {
	sim.NopObserver
	t      testing.TB
	before map[sim.OpID]sim.OpID
	held   []map[string]sim.OpID
	acked  []*sim.Record

	truncated int // logs that lost writes
}

func newReferee(w *world) *referee {
	f := &referee{t: w.t, before: map[sim.OpID]sim.OpID{}, held: make([]map[string]sim.OpID, w.cluster.Nodes())}
	for i := range f.held {
		f.held[i] = map[string]sim.OpID{}
	}
	w.cluster.Observe(f)
	return f
}

// chain returns a write and all that it is known to follow, oldest first.
func (f *referee) chain(w sim.OpID) []sim.OpID {
	var c []sim.OpID
	for ; w != 0; w = f.before[w] {
		c = append(c, w)
	}
	slices.Reverse(c)
	return c
}

// follows reports whether w is old, or follows it.
func (f *referee) follows(w, old sim.OpID) bool {
	for w != old && w != 0 {
		w = f.before[w]
	}
	return w == old
}

func (f *referee) covered(r *sim.Record) bool {
	return slices.ContainsFunc(f.held, func(h map[string]sim.OpID) bool { return f.follows(h[r.Key], r.ID) })
}

func (f *referee) Follows(w, before sim.OpID) {
	if old, ok := f.before[w]; ok {
		f.t.Errorf("write %d is said to follow %d, and before that %d", w, before, old)
	}
	if before == 0 || f.follows(before, w) {
		f.t.Errorf("write %d is said to follow %d", w, before)
	}
	f.before[w] = before
}

func (f *referee) Holds(node sim.Addr, key string, writes []sim.OpID) {
	w := sim.OpID(0)
	if len(writes) > 0 { // a log has one end
		w = writes[0]
	}
	old := f.held[node][key]
	f.held[node][key] = w
	if f.follows(w, old) {
		return
	}
	f.truncated++
	for _, r := range f.acked {
		if r.Key == key && !f.covered(r) {
			f.t.Errorf("acknowledged write %d is held by nobody once node %d holds %d in place of %d", r.ID, node, w, old)
		}
	}
}

func (f *referee) Returned(r *sim.Record) {
	if r.Result.Outcome != sim.OK || !r.Result.Applied {
		return
	}
	f.acked = append(f.acked, r)
	if !f.covered(r) {
		f.t.Errorf("write %d is acknowledged and held by nobody", r.ID)
	}
}

// audit compares what was reported of the account with the logs as they are.
func (f *referee) audit(w *world) {
	f.t.Helper()
	for i, r := range w.replicas {
		if got, want := f.chain(f.held[i][sim.Account]), w.sequence(r, r.tail.last, sim.Account); !slices.Equal(got, want) {
			f.t.Errorf("node %d was reported to hold %v; its log has %v", i, got, want)
		}
	}
}
