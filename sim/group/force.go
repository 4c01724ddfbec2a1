package group

import (
	"slices"

	"netsplit/sim"
	"netsplit/sim/raft"
)

// forcedShift parts how often members were forced from the index in a view's number.
const forcedShift = 40

// door is what the order sees of the world. It is shut when another order takes its place.
type door struct {
	sim.Env
	r    *replica
	shut bool
}

// sealed carries a message of an order whose members were forced.
type sealed struct {
	sim.Payload
	lineage uint64
}

// AppendTrace appends the message and the lineage.
func (s sealed) AppendTrace(b []byte) []byte {
	return append(s.Payload.AppendTrace(b), byte(s.lineage))
}

// Facts says what the message carries.
func (s sealed) Facts() []sim.Fact {
	facts := []sim.Fact{sim.Number("of the members forced", s.lineage)}
	if f, ok := s.Payload.(sim.Factual); ok {
		facts = append(facts, f.Facts()...)
	}
	return facts
}

// Send puts a message of the order on its way.
func (d *door) Send(to sim.Addr, k sim.MessageKind, p sim.Payload) {
	if d.r.view.lineage > 0 {
		p = sealed{p, d.r.view.lineage}
	}
	if !d.shut {
		d.Env.Send(to, k, p)
	}
}

// Sync waits for the disk on behalf of the order.
func (d *door) Sync(done func()) {
	d.Env.Sync(func() {
		if done != nil && !d.shut {
			done()
		}
	})
}

// unsealed returns a message for the order as that knows it, or nil if it is of another lineage.
func (r *replica) unsealed(m *sim.Message) *sim.Message {
	s, ok := m.Payload.(sealed)
	if s.lineage != r.view.lineage {
		return nil
	}
	if ok {
		plain := *m
		plain.Payload = s.Payload
		return &plain
	}
	return m
}

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

// makeOrder makes the order from what is on disk.
func (r *replica) makeOrder() {
	r.door = &door{Env: r.env, r: r}
	r.order = raft.NewOrder(r.door, r.orderCfg, r)
	r.inner = r.order.Replica()
	r.restored()
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
