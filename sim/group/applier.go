package group

import (
	"cmp"
	"maps"
	"slices"

	"netsplit/sim"
	"netsplit/sim/raft"
)

// register is what one key holds here, the write that set it, and the place of that write in the order.
type register struct {
	value   int64
	version sim.OpID
	index   uint64
}

// queued is what another member has written, on its way through the applier.
type queued struct {
	index uint64
	op    sim.Op
	due   sim.Time // when it is applied, up to its commit
	ready bool     // it is
}

func inOrder(a, b queued) int { return cmp.Compare(a.index, b.index) }

// applier is one member's copy of the registers, and what it has not applied yet, in order. What its own clients write does
// not go through it.
type applier struct {
	shown map[string]register
	queue []queued
	free  sim.Time // when the latest in the queue is applied
}

// restored takes over the registers as they were ordered, but for what is not committed: that is to be prepared.
func (r *replica) restored() {
	r.shown, r.queue, r.free = map[string]register{}, nil, 0
	r.order.Registers(func(key string, value int64, version sim.OpID) {
		r.shown[key] = register{value, version, r.order.Applied()}
	})
	for _, op := range slices.Sorted(maps.Keys(r.view.lacking)) {
		p := r.view.lacking[op]
		r.shown[p.key] = p.before
		r.queue = append(r.queue, queued{index: p.index, op: sim.Op{ID: op, Key: p.key, Value: p.value}})
	}
	slices.SortFunc(r.queue, inOrder)
}

// show commits a write here.
func (a *applier) show(op sim.Op, index uint64) {
	if a.shown[op.Key].index < index {
		a.shown[op.Key] = register{op.Value, op.ID, index}
	}
}

// read returns what a transaction finds here.
func (r *replica) read(key string) register {
	if found, ok := r.shown[key]; ok {
		return found
	}
	return register{value: r.env.Opening(key)}
}

// keys returns those that were written, sorted.
func (a *applier) keys() []string { return slices.Sorted(maps.Keys(a.shown)) }

// done returns up to which place of the order everything is applied and committed here.
func (r *replica) done() uint64 {
	if len(r.queue) > 0 {
		return r.queue[0].index - 1
	}
	return r.order.Applied()
}

// enqueue hands the applier what another member has written.
func (r *replica) enqueue(e raft.Entry) {
	r.free = max(r.free, r.env.Elapsed()) + r.set.apply
	r.queue = append(r.queue, queued{index: e.Index, op: e.Op, due: r.free})
}

// advance applies what is due, tells the others what is prepared, and commits in order what nobody has to wait for. A
// member that has left its group has stopped its applier.
func (r *replica) advance() {
	if r.left {
		return
	}
	now := r.env.Elapsed()
	for i := range r.queue {
		q := &r.queue[i]
		if q.ready {
			continue
		}
		if q.due > now {
			r.env.SetTimer(timerApply, q.due-now)
			break
		}
		q.ready = true
		r.acknowledge(q.op.ID)
	}
	for len(r.queue) > 0 && r.queue[0].ready && r.view.lacking[r.queue[0].op.ID] == nil {
		r.show(r.queue[0].op, r.queue[0].index)
		r.queue = r.queue[1:]
	}
}

// acknowledge has it ordered that this member has prepared an operation, if anybody waits for that.
func (r *replica) acknowledge(op sim.OpID) {
	if r.view.lacks(op, r.env.Self()) {
		r.order.Note(note{prepared, r.env.Self(), uint64(op)}.encode())
	}
}

// acknowledgeAgain says again what nobody seems to have heard.
func (r *replica) acknowledgeAgain() {
	waits := map[sim.OpID]bool{}
	for _, q := range r.queue {
		waits[q.op.ID] = !q.ready
	}
	for _, op := range r.view.owed(r.env.Self()) {
		if !waits[op] {
			r.acknowledge(op)
		}
	}
}

// held returns the place of the latest write that is prepared here and not committed: new transactions wait for it.
func (r *replica) held() (index uint64) {
	for _, q := range r.queue {
		if q.ready && r.view.lacking[q.op.ID] != nil {
			index = q.index
		}
	}
	return index
}
