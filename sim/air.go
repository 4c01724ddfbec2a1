package sim

// air holds the messages on their way, each in a slot of its own until it lands.
type air struct {
	slots []*Message // nil where there is none
	free  []int32
	fresh []Message // to be used: messages are made many at a time
}

// newMessage returns a message that has not been sent.
func (c *Cluster) newMessage(from, to Addr, k MessageKind, p Payload) *Message {
	const batch = 32
	if len(c.air.fresh) == 0 {
		c.air.fresh = make([]Message, batch)
	}
	m := &c.air.fresh[0]
	c.air.fresh = c.air.fresh[1:]
	m.From, m.To, m.Kind, m.Payload = from, to, k, p
	return m
}

// find returns the message that an event is about, or nil if it has landed.
func (a *air) find(e event) *Message {
	if m := a.slots[e.who]; m != nil && m.ID == e.ref {
		return m
	}
	return nil
}

// all returns the messages on their way, in no particular order.
func (a *air) all() []*Message {
	list := make([]*Message, 0, len(a.slots)-len(a.free))
	for _, m := range a.slots {
		if m != nil {
			list = append(list, m)
		}
	}
	return list
}

// fly puts a message in the air.
func (c *Cluster) fly(m *Message) {
	a := &c.air
	if n := len(a.free); n > 0 {
		m.slot = a.free[n-1]
		a.free = a.free[:n-1]
		a.slots[m.slot] = m
		return
	}
	m.slot = int32(len(a.slots))
	a.slots = append(a.slots, m)
}

// arriveAt has a message in the air arrive at an instant.
func (c *Cluster) arriveAt(m *Message, at Time) {
	c.queue.push(event{at: at, kind: eventArrival, who: Addr(m.slot), ref: m.ID})
}

// land takes a message out of the air.
func (c *Cluster) land(m *Message) {
	c.air.slots[m.slot] = nil
	c.air.free = append(c.air.free, m.slot)
}
