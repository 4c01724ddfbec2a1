package primary

import "netsplit/sim"

// came notes when a record has arrived, where it is to be kept for a while before it is applied.
func (r *replica) came(index int) {
	if r.set.applyLag == 0 {
		return
	}
	if r.arrived == nil {
		r.arrived = map[int]sim.Time{}
	}
	r.arrived[index] = r.env.Elapsed()
}

// ripe returns up to where the log may be applied next, and how long that has to wait.
func (r *replica) ripe() (upTo int, wait sim.Time) {
	if r.set.applyLag == 0 {
		return r.j.flushed, 0
	}
	now, upTo := r.env.Elapsed(), r.j.applied+1
	if due := r.dueAt(upTo); due > now {
		return upTo, due - now
	}
	for delete(r.arrived, upTo); upTo < r.j.flushed && r.dueAt(upTo+1) <= now; {
		upTo++
		delete(r.arrived, upTo)
	}
	return upTo, 0
}

// dueAt returns when a record may be applied; one that was here before a restart, at once.
func (r *replica) dueAt(index int) sim.Time {
	if at, ok := r.arrived[index]; ok {
		return at + r.set.applyLag
	}
	return 0
}
