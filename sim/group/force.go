package group

import (
	"slices"

	"netsplit/sim"
	"netsplit/sim/raft"
)

// forcedShift parts how often members were forced from the index in a view's number.
const forcedShift = 40

// force makes some nodes the group (group_replication_force_members), which MySQL allows where no majority is reached. They
// go on from what they have; whoever is not among them may do so as well, and does not know.
func (r *replica) force(names []string) {
	var list []sim.Addr
	mask := uint64(0)
	for _, name := range names {
		a := sim.Addr(slices.Index(r.set.names, name))
		list, mask = append(list, a), mask|1<<a
	}
	if r.blocked < 0 || r.left || r.stopped || r.muted || !slices.Contains(list, r.env.Self()) {
		return
	}
	slices.Sort(list)
	v := &r.view
	for node := range v.online {
		if !slices.Contains(list, sim.Addr(node)) {
			v.leaves(sim.Addr(node))
		}
	}
	v.lineage = v.lineage<<8 ^ mask ^ v.lineage>>56
	v.number, v.members = (v.number>>forcedShift+1)<<forcedShift, list
	v.elect(r.order.Applied(), r.set.weights)
	r.blocked = -1
	r.order.Force(list)
	r.rebuild()
}

// rebuild has another order take the place of this one, once the disk is as it is to be.
func (r *replica) rebuild() {
	r.muted = true
	r.door.shut = true
	for t := range raft.Timers { // they are those of an order that is no more
		r.env.StopTimer(t)
	}
	r.env.Sync(func() {
		r.muted, r.started = false, false
		r.makeOrder()
		r.started = true
		r.inner.Start()
		r.resume()
	})
}

// resume goes on with what this member's clients wait for, after the order has come to another state at once.
func (r *replica) resume() {
	for _, q := range r.requests {
		if result, known := r.order.Known(q.op); known && q.sent && !q.ordered && !q.over {
			r.decided(q, 0, false, result)
		}
	}
	r.changed()
	r.commit()
	r.advance()
	r.step()
}

// toldByOthers takes what a node of another lineage says. Who is in no group that works takes up theirs, and gives up what
// only it holds, as if an operator had its data cloned.
func (r *replica) toldByOthers(from sim.Addr, w word) {
	switch {
	case w.what != expelled:
		if r.online() && r.blocked < 0 {
			r.env.Send(from, sim.KindHeartbeat, word{expelled, r.view.number, r.view.lineage})
		}
	case (r.left || r.blocked >= 0) && !r.door.shut:
		if !r.left {
			r.leave()
		}
		if r.until == 0 { // it does not try to rejoin
			return
		}
		r.inner.Held(func(key string, _ sim.OpID) { r.env.Holds(key, 0) })
		r.view = newView(r.env.Nodes(), nobody)
		r.view.lineage, r.gone, r.yields = w.lineage, 0, false
		for a := range r.view.online {
			r.view.online[a] = false
		}
		r.view.members = nil
		r.order.Forget()
		r.rebuild()
	}
}
