package sim

// How a connection is made anew.
const (
	// synTimeout is when an unanswered SYN is sent again; it doubles (RFC 6298, section 2.1).
	synTimeout = 1 * Second
	// DialTimeout is how long one attempt to make a connection may take: etcd's rafthttp waits a second and the
	// election timeout (server/etcdserver/api/rafthttp, Transport.DialTimeout, as set by etcdserver's peerDialTimeout).
	DialTimeout = 2 * Second
	// dialPause is the least time from one attempt to the next (rafthttp, DialRetryFrequency, whose limiter lets the
	// next begin at once after one that took longer).
	dialPause = 100 * Millisecond
)

// dialing is what an end does about having no connection.
type dialing struct {
	attempt uint32 // the connection that it would make; 0 between attempts
	begun   Time   // the attempt
	next    Time   // when something is to be done about it
	tries   int    // SYNs sent
	given   int    // messages given up since there was a connection
}

// control says what a message of the transport itself is for; 0 for messages that carry a payload.
type control uint8

const (
	controlSyn    control = iota + 1 // asks for a connection
	controlSynAck                    // makes it
	controlReset                     // there is no such connection
)

// nothingCarried is what the transport's own messages carry.
type nothingCarried struct{}

func (nothingCarried) AppendTrace(b []byte) []byte { return b }
func (nothingCarried) Writes(func(string, OpID))   {}

// signal sends a message of the transport itself. Nobody is told of it.
func (e *end) signal(what control, conn uint32) {
	c, l := e.cluster, e.out
	u := draw(c.seed, e.addr, e.peer.addr, 0, c.now, l.tie(c.now, 0))
	if l.lossy() || l.drop > 0 && l.drop.hit(mix(u, streamLoss)) {
		return
	}
	c.messages++
	m := &Message{ID: c.messages, From: e.addr, To: e.peer.addr, Sent: c.now, Payload: nothingCarried{},
		stream: e, seq: e.first(), conn: conn, control: what, ended: e.host == hostExited}
	m.Due = c.now + l.path.sample(0, u) + l.more
	m.Due = e.order(m)
	c.trace.add('k', c.now, uint64(m.From)<<32|uint64(m.To), uint64(m.Due), uint64(what), uint64(conn))
	c.fly(m)
	c.arriveAt(m, m.Due)
}

// reset says that there is no such connection, if there is anybody to say it.
func (e *end) reset(conn uint32) {
	if e.host != hostCrashed {
		e.signal(controlReset, conn)
	}
}

// told takes a message of the transport itself.
func (e *end) told(m *Message) {
	switch m.control {
	case controlSyn:
		e.dialed(m)
	case controlSynAck:
		if e.call.attempt == m.conn && e.host == hostRuns {
			e.open(m)
		}
	case controlReset:
		switch {
		case e.host != hostRuns:
		case e.conn == m.conn:
			e.close()
			e.cluster.closed(e.addr, e.peer.addr, m.ended)
		case e.conn == 0 && e.call.attempt == m.conn:
			e.dialFailed()
			e.arm()
		}
	}
}

// dialed takes a SYN.
func (e *end) dialed(m *Message) {
	switch {
	case e.host != hostRuns:
		e.reset(m.conn)
	case e.conn == m.conn: // the answer was lost
		e.signal(controlSynAck, m.conn)
	case m.conn <= e.newest: // it is old
	case e.call.attempt != 0 && e.addr < m.From: // both dial: the first of the two will have its way
	default:
		if e.conn != 0 { // the peer has it no longer
			if n := e.clear(); n > 0 {
				e.note(NoteReset, n)
			}
		}
		e.signal(controlSynAck, m.conn)
		e.open(m)
	}
}

// open begins a connection: what has waited is sent.
func (e *end) open(m *Message) {
	caller := e.call.attempt == m.conn
	given := e.call.given
	e.conn, e.newest, e.expected, e.heard = m.conn, m.conn, m.seq, e.cluster.now
	e.call = dialing{}
	e.cluster.trace.add('o', e.cluster.now, uint64(e.addr)<<32|uint64(e.peer.addr), uint64(e.conn))
	if caller {
		e.note(NoteDialed, given)
	}
	e.goOn()
}

// note tells viewers of a connection between nodes.
func (e *end) note(k NoteKind, n int) {
	c := e.cluster
	if int(e.addr) < len(c.nodes) && int(e.peer.addr) < len(c.nodes) {
		c.note(Note{Kind: k, Node: e.addr, Peer: e.peer.addr, N: int64(n)})
	}
}

// closed tells a node that listens to it that another's machine has closed their connection.
func (c *Cluster) closed(node, peer Addr, ended bool) {
	if int(node) >= len(c.nodes) || int(peer) >= len(c.nodes) || c.nodes[node].paused {
		return
	}
	if l, ok := c.nodes[node].replica.(Listener); ok {
		c.nodes[node].stirred++
		l.Closed(peer, ended)
	}
}

// giveUp ends a connection that has been silent for too long, and says so to the peer.
func (e *end) giveUp() {
	e.reset(e.conn)
	e.close()
}

// close ends a connection and dials anew.
func (e *end) close() {
	e.note(NoteReset, e.clear())
	if e.dials {
		e.dial()
	}
	e.arm()
}

// clear forgets the connection, and gives up what waits to be sent and what has arrived out of
// order; it returns how many messages these are.
func (e *end) clear() int {
	c := e.cluster
	e.conn, e.retry, e.acks = 0, recovery{over: c.now}, e.acks[:0]
	e.call = dialing{}
	c.trace.add('o', c.now, uint64(e.addr)<<32|uint64(e.peer.addr), 0)
	early := e.early
	e.early = nil
	n := len(early) + e.abandon()
	for _, m := range early {
		c.land(m)
		c.lose(m)
	}
	return n
}

// abandon empties the buffer and returns how many messages were never sent, or not since they were lost.
func (e *end) abandon() int {
	c, all, n := e.cluster, e.backlog(), 0
	e.queue, e.head = nil, 0
	for i := range all {
		if all[i].waits {
			c.waiting--
			n++
		}
	}
	for i := range all {
		if all[i].waits {
			for _, o := range c.observers {
				o.GaveUp(all[i].m)
			}
		}
	}
	return n
}

// dial begins an attempt to make a connection.
func (e *end) dial() {
	c := e.cluster
	c.connections++
	e.call = dialing{attempt: c.connections, begun: c.now, next: c.now, given: e.call.given}
	e.dialOn()
}

// dialOn goes on dialing: with another SYN, or after a pause with another attempt.
func (e *end) dialOn() {
	d := &e.call
	switch {
	case d.attempt == 0:
		e.dial()
	case e.cluster.now >= d.begun+DialTimeout:
		e.dialFailed()
	default:
		d.tries++
		d.next = min(d.begun+synTimeout*(1<<d.tries-1), d.begun+DialTimeout)
		e.signal(controlSyn, d.attempt)
	}
}

// dialFailed ends an attempt. What waits is given up, as the caller is told that there is no connection.
func (e *end) dialFailed() {
	given := e.call.given + e.abandon()
	e.call = dialing{next: max(e.cluster.now, e.call.begun+dialPause), given: given}
}

// crashed takes the crash of a node's machine: it forgets its connections without a word. The peers find out by
// their timeouts, or by a reset once the node is back and something of the old connection reaches it.
func (c *Cluster) crashed(node Addr) { c.hostEnds(node, hostCrashed) }

// exited takes the end of a node's process: its machine resets its connections, and whatever comes for them.
func (c *Cluster) exited(node Addr) {
	for _, e := range c.ends {
		if e.addr == node && e.host == hostRuns && e.conn != 0 {
			e.host = hostExited
			e.reset(e.conn)
		}
	}
	c.hostEnds(node, hostExited)
}

func (c *Cluster) hostEnds(node Addr, s hostState) {
	for _, e := range c.ends {
		if e.addr == node {
			e.host = s
			e.clear()
		}
	}
}

// restarted takes the return of a node after crashed or exited: it dials its peers.
func (c *Cluster) restarted(node Addr) {
	for _, e := range c.ends {
		if e.addr == node && e.host != hostRuns {
			e.host = hostRuns
			if e.dials {
				e.dial()
			}
			e.arm()
		}
	}
}
