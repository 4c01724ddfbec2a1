package group

import (
	"netsplit/sim"
	"netsplit/sim/raft"
)

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

// Note tells viewers of what changes the group. Who leads the order says nothing of the primary.
func (d *door) Note(k sim.NoteKind, peer sim.Addr, n int64) {
	if k == sim.NoteMembers || k == sim.NoteCaughtUp {
		d.Env.Note(k, peer, n)
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

// makeOrder makes the order from what is on disk.
func (r *replica) makeOrder() {
	r.door = &door{Env: r.env, r: r}
	r.order = raft.NewOrder(r.door, r.orderCfg, r)
	r.inner = r.order.Replica()
	r.restored()
}
