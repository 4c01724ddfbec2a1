package sim

import "slices"

// A stream is what TCP gives two programs: a connection on which messages arrive in order and once, or not at all.
// What is lost is sent again, at RTO x (2^k - 1) after it was first sent, with RTO = srtt + max(200 ms, 4 rttvar)
// (RFC 6298, with the least RTO of Linux), so that a stream may stay silent almost as long after a cut as the cut
// was. While it waits for an acknowledgement that is overdue, it sends nothing new. So a link that is cut one way
// silences both: what the other way carries arrives, is not acknowledged, and is soon no longer sent.
//
// A single loss is mended sooner where later messages have arrived: after three acknowledgements that show a gap, what
// is missing is sent again at once (fast retransmission, RFC 6675; the sender knows what is lost below the latest that
// has arrived).
//
// Left out: windows and congestion control, a size of segments (a message is one), delayed acknowledgements, and tail
// loss probes (RFC 8985), which mend the loss of the latest message sooner.

// end is one end of a connection: what its endpoint knows of it.
type end struct {
	cluster *Cluster
	addr    Addr
	peer    *end
	out, in *link // to the peer, and from it

	dials    bool // it dials when it has no connection; else it waits to be dialed
	patience Time // how long it hears nothing, having sent something, before it dials anew; 0 for ever

	host   hostState
	conn   uint32 // the connection that it is in; 0 for none
	newest uint32 // that it has been in
	call   dialing

	// What it sends.
	queue []segment // not acknowledged, in order, from head on
	head  int
	next  uint32 // sequence of the next message
	last  Time   // when the latest transmission is due
	acks  []ack  // on their way to this end, in order
	srtt  Time   // smoothed round trip
	vary  Time   // rttvar, how much it varies
	retry recovery

	// What it receives.
	expected uint32     // sequence of the next message to deliver
	early    []*Message // that have arrived before it, in order
	heard    Time       // when the peer was last heard
	read     Time       // when a message of the peer last came

	queued Time // when the event in the queue comes; 0 for none
}

// hostState is what has become of a program and its machine.
type hostState uint8

const (
	hostRuns    hostState = iota
	hostExited            // the machine answers for the program: there is no connection
	hostCrashed           // nothing answers
)

// segment is a message that is not acknowledged.
type segment struct {
	m       *Message // its latest transmission; without ID if there was none
	sent    Time     // when that was
	again   bool     // it was transmitted more than once: its round trip says nothing (Karn)
	arrived bool
	waits   bool // to be transmitted, for the first time or again
}

// ack acknowledges every message before a sequence.
type ack struct {
	before uint32
	seen   uint32 // the latest message that has arrived, if there is a gap before it
	due    Time
	prompt bool // it tells a round trip: nothing waited for a gap to be filled
}

// backlog returns what is not acknowledged.
func (e *end) backlog() []segment { return e.queue[e.head:] }

// first returns the sequence of the oldest message that is not acknowledged.
func (e *end) first() uint32 { return e.next - uint32(len(e.queue)-e.head) }

// segmentOf returns the segment that a message is a transmission of, if it is not acknowledged.
func (e *end) segmentOf(m *Message) *segment {
	if m.control != 0 || m.conn != e.conn || m.seq < e.first() {
		return nil
	}
	return &e.queue[e.head+int(m.seq-e.first())]
}

// send takes a message from its program: it departs, or waits in the buffer.
func (e *end) send(k MessageKind, p Payload) {
	e.settle(e.cluster.now)
	m := e.cluster.newMessage(e.addr, e.peer.addr, k, p)
	if len(e.backlog()) >= MaxSendBuffer || e.conn == 0 && !e.dials || e.host != hostRuns {
		e.refuse(m)
		return
	}
	m.stream, m.seq = e, e.next
	e.next++
	e.queue = append(e.queue, segment{m: m})
	s := &e.queue[len(e.queue)-1]
	if e.conn == 0 || e.retry.on {
		e.wait(s)
		for _, o := range e.cluster.observers {
			o.Waits(m)
		}
		return
	}
	e.transmit(s)
	e.arm()
}

// refuse loses a message for which the buffer has no room, or for which there is no connection.
func (e *end) refuse(m *Message) {
	c := e.cluster
	c.messages++
	m.ID, m.Sent = c.messages, c.now
	m.Due = c.now + e.out.path.sample(m.Kind, draw(c.seed, m.From, m.To, m.Kind, c.now, e.out.tie(c.now, m.Kind)))
	c.trace.add('x', c.now, uint64(m.From)<<32|uint64(m.To), uint64(m.Kind))
	for _, o := range c.observers {
		o.Sent(m)
	}
	c.lose(m)
}

// wait has a segment wait to be transmitted.
func (e *end) wait(s *segment) {
	if !s.waits {
		s.waits = true
		e.cluster.waiting++
	}
}

func (e *end) waitNoMore(s *segment) {
	if s.waits {
		s.waits = false
		e.cluster.waiting--
	}
}

// transmit puts a segment on the wire. What it carries is in flight at every instant: it waits until it flies.
func (e *end) transmit(s *segment) {
	c := e.cluster
	if old := s.m; old.ID != 0 {
		s.m = &Message{From: old.From, To: old.To, Kind: old.Kind, Payload: old.Payload, stream: e, seq: old.seq}
		s.again = true
	}
	m := s.m
	m.conn, s.sent = e.conn, c.now
	c.depart(m, e.out, draw(c.seed, m.From, m.To, m.Kind, c.now, e.out.tie(c.now, m.Kind)))
	if !m.lost {
		e.waitNoMore(s)
	}
}

// order returns when a transmission arrives that would by itself at a time: not before those that went before it. A
// segment sent again takes its own time, since what went before it may never come.
func (e *end) order(m *Message) Time {
	if s := e.segmentOf(m); s != nil && s.again {
		return m.Due
	}
	e.last = max(e.last, m.Due)
	return e.last
}

// dropped takes the loss of a transmission, of which the end knows nothing yet.
func (e *end) dropped(m *Message) {
	if s := e.segmentOf(m); s != nil && s.m == m && !s.arrived {
		e.wait(s)
	}
}

// take brings a message to the machine of its receiver, which acknowledges it, puts it in order and delivers what is
// complete.
func (c *Cluster) take(m *Message) {
	e, r := m.stream, m.stream.peer
	if m.control != 0 {
		c.trace.add('r', c.now, m.ID)
		c.land(m)
		r.told(m)
		return
	}
	if r.conn != m.conn {
		c.land(m)
		c.lose(m)
		if r.call.attempt != m.conn {
			r.reset(m.conn)
		}
		return
	}
	r.heard, r.read = c.now, c.now
	i, twice := slices.BinarySearchFunc(r.early, m.seq, func(w *Message, seq uint32) int { return int(w.seq) - int(seq) })
	if twice || m.seq < r.expected {
		c.trace.add('d', c.now, m.ID)
		c.land(m)
		for _, o := range c.observers {
			o.Arrived(m)
		}
		r.acknowledge(false)
		return
	}
	if s := e.segmentOf(m); s != nil {
		e.waitNoMore(s)
		s.arrived = true
	}
	m.reached = true
	if m.seq > r.expected {
		r.early = slices.Insert(r.early, i, m)
		r.acknowledge(false)
		return
	}
	r.expected++
	n := 0
	for n < len(r.early) && r.early[n].seq == r.expected {
		r.expected++
		n++
	}
	r.acknowledge(n == 0)
	c.arrive(m)
	for _, w := range r.early[:n] {
		c.arrive(w)
	}
	r.early = slices.Delete(r.early, 0, n)
}

// acknowledge tells the peer what has arrived in order. It costs no event unless the peer waits for it.
func (e *end) acknowledge(prompt bool) {
	c, l, to := e.cluster, e.out, e.peer
	if l.lossy() || to.conn != e.conn {
		return
	}
	u := draw(c.seed, e.addr, to.addr, 0, c.now, l.tie(c.now, 0))
	if l.drop > 0 && l.drop.hit(mix(u, streamLoss)) {
		return
	}
	due := c.now + l.path.sample(0, u) + l.more
	if n := len(to.acks); n > 0 {
		due = max(due, to.acks[n-1].due)
	}
	a := ack{before: e.expected, due: due, prompt: prompt}
	if n := len(e.early); n > 0 && e.early[n-1].seq > e.expected {
		a.seen = e.early[n-1].seq
	}
	to.acks = append(to.acks, a)
	if to.retry.on || a.seen > 0 {
		to.wake(due)
	}
}

// eachWaiting calls yield for the latest transmission of every message that waits to be transmitted, until yield returns
// false.
func (c *Cluster) eachWaiting(yield func(*Message) bool) {
	if c.waiting == 0 {
		return
	}
	for _, e := range c.ends {
		for i := range e.backlog() {
			if s := &e.backlog()[i]; s.waits && !yield(s.m) {
				return
			}
		}
	}
}
