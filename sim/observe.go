package sim

// What an Observer may ask of a Cluster, beside what it is told. Nothing here changes what happens.

// Request returns the operation of which a message carries an attempt from a client to a replica, and whether it is
// such a message.
func (m *Message) Request() (OpID, bool) {
	p, ok := m.Payload.(requestPayload)
	return p.op.ID, ok
}

// Answer returns the operation that a message tells a client the end of, how it is said to have ended, and whether it
// is such a message.
func (m *Message) Answer() (OpID, Outcome, bool) {
	p, ok := m.Payload.(replyPayload)
	return p.op, p.result.Outcome, ok
}

// Handling returns the message that its receiver is being handed while an Observer is told of something; or nil.
func (c *Cluster) Handling() *Message { return c.handling }

// Because returns the message because of which something is done while an Observer is told of it: the one that is being
// handed to its receiver; or when an fsync has ended, or a timer fires, the one because of which the replica had asked for
// that. It is nil for what no message has brought about.
func (c *Cluster) Because() *Message { return c.because }

// onBehalf returns done, to be called later because of what is the reason now.
func (c *Cluster) onBehalf(done func()) func() {
	if done == nil || c.because == nil {
		return done
	}
	m := c.because
	return func() {
		c.because = m
		done()
		c.because = nil
	}
}

// Standing reports whether a node is down or paused: it answers nobody.
func (c *Cluster) Standing(node Addr) bool { return c.nodes[node].down || c.nodes[node].paused }

// Disturbed reports whether any fault is in force: some link is not as the scenario has set it up, or some machine is
// down, paused, slow, off the right time, or at work on an fsync that takes time.
func (c *Cluster) Disturbed() bool {
	for i := range c.links {
		if c.links[i].disturbed() {
			return true
		}
	}
	for _, n := range c.nodes {
		if n.down || n.paused || n.service != 0 || n.fsync != 0 || n.stuck || n.drift != 0 || n.Now() != c.now {
			return true
		}
	}
	return false
}

// Delay maps uniform bits to how long a message of a kind takes from one endpoint to another, as the scenario sets the
// link up.
func (c *Cluster) Delay(from, to Addr, k MessageKind, luck uint64) Time {
	if from == to {
		return 0
	}
	return c.link(from, to).path.sample(k, luck)
}

// Fibre returns the least round trip between two endpoints that light in fibre allows, and whether it is known: both
// must stand in regions that have a bound, see FibreBound.
func (c *Cluster) Fibre(a, b Addr) (Time, bool) {
	i, j := FindRegion(c.regions[c.RegionOf(a)]), FindRegion(c.regions[c.RegionOf(b)])
	if i < 0 || j < 0 {
		return 0, false
	}
	return FibreBound(i, j), true
}

// LinkState is what faults do to a link.
type LinkState struct {
	Parted    bool   `json:"parted,omitempty"` // by a partition
	Cut       bool   `json:"cut,omitempty"`    // by itself
	Held      bool   `json:"held,omitempty"`
	More      Time   `json:"more,omitempty"` // that it takes longer
	Drop      Chance `json:"drop,omitempty"`
	Duplicate Chance `json:"duplicate,omitempty"`
	Reorder   Chance `json:"reorder,omitempty"`
	Late      Time   `json:"late,omitempty"` // by up to which it reorders
}

// LinkState returns what faults do to the link from one endpoint to another.
func (c *Cluster) LinkState(from, to Addr) LinkState {
	l := c.link(from, to)
	return LinkState{l.parted, l.cut, l.held, l.more, l.drop, l.duplicate, l.reorder, l.back}
}

// Worse returns of each thing the worse of two links.
func (s LinkState) Worse(t LinkState) LinkState {
	return LinkState{s.Parted || t.Parted, s.Cut || t.Cut, s.Held || t.Held, max(s.More, t.More), max(s.Drop, t.Drop),
		max(s.Duplicate, t.Duplicate), max(s.Reorder, t.Reorder), max(s.Late, t.Late)}
}
