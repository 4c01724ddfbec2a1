package sim

// Published and measured figures of TCP on Linux.
const (
	// leastRTO bounds 4 rttvar from below (TCP_RTO_MIN), longestRTO the span between two retransmissions
	// (TCP_RTO_MAX), in Linux, include/net/tcp.h.
	leastRTO   = 200 * Millisecond
	longestRTO = 120 * Second
)

// recovery is what an end does about an acknowledgement that is overdue: it sends the oldest message again and again,
// and nothing else.
type recovery struct {
	on    bool
	start Time // the oldest message was sent
	next  Time // when it is sent again
	step  Time // from there to the time after
	tries int
	over  Time // when the latest recovery ended
	gaps  int  // acknowledgements since then that show a gap, one after the other
}

// rto is the retransmission timeout.
func (e *end) rto() Time { return e.srtt + max(leastRTO, 4*e.vary) }

// measured takes a round trip into account (RFC 6298, section 2).
func (e *end) measured(trip Time) {
	if e.srtt == 0 {
		e.srtt, e.vary = trip, trip/2
		return
	}
	off := trip - e.srtt
	if off < 0 {
		off = -off
	}
	e.vary = (3*e.vary + off) / 4
	e.srtt = (7*e.srtt + trip) / 8
}

// settle takes in the acknowledgements that have come by a time.
func (e *end) settle(by Time) {
	if len(e.acks) == 0 || e.in.held {
		return
	}
	n, progress := 0, false
	for ; n < len(e.acks) && e.acks[n].due <= by; n++ {
		a := e.acks[n]
		e.heard = max(e.heard, a.due)
		for e.first() < a.before && len(e.backlog()) > 0 {
			if s := &e.queue[e.head]; !s.again && a.prompt && e.first() == a.before-1 {
				e.measured(a.due - s.sent)
			}
			e.queue[e.head] = segment{}
			e.head++
			progress = true
		}
		e.fillGap(a)
	}
	if n == 0 {
		return
	}
	e.acks = e.acks[:copy(e.acks, e.acks[n:])]
	switch {
	case e.head == len(e.queue):
		e.queue, e.head = e.queue[:0], 0
	case e.head >= 64 && e.head > len(e.queue)/2:
		e.queue, e.head = e.queue[:copy(e.queue, e.queue[e.head:])], 0
	}
	if progress && e.retry.on {
		e.goOn()
	}
}

// gapsSeen is after how many acknowledgements that show a gap what is missing is sent again (RFC 5681: DupThresh).
const gapsSeen = 3

// fillGap transmits again what is missing, unless the end is at work on that already.
func (e *end) fillGap(a ack) {
	if a.seen == 0 {
		e.retry.gaps = 0
		return
	}
	if e.retry.gaps++; e.retry.gaps < gapsSeen || e.retry.on {
		return
	}
	for i := range e.backlog() {
		if s := &e.backlog()[i]; s.waits && s.m.seq < a.seen {
			e.transmit(s)
		}
	}
}

// goOn transmits everything that waits, in order.
func (e *end) goOn() {
	e.retry = recovery{over: e.cluster.now}
	for i := range e.backlog() {
		if s := &e.backlog()[i]; s.waits {
			e.transmit(s)
		}
	}
	e.arm()
}

// sentFirst returns when the oldest message that is not acknowledged was sent, or might have been acknowledged.
func (e *end) sentFirst() Time {
	if e.retry.on {
		return e.retry.start
	}
	return max(e.queue[e.head].sent, e.retry.over)
}

// expiry returns when the oldest message is to be sent again.
func (e *end) expiry() Time {
	if e.retry.on {
		return e.retry.next
	}
	return e.sentFirst() + e.rto()
}

// resignation returns when the end has had enough of silence. Programs that watch for silence have something to say at
// least three times in their patience (rafthttp: ConnReadTimeout/3), so that was when the peer of an idle connection was
// last heard.
func (e *end) resignation() Time {
	if e.patience == 0 {
		return MaxTime + 1
	}
	return max(e.heard, e.sentFirst()-e.patience/3) + e.patience
}

// arm sees to it that the end is woken when there is something to do.
func (e *end) arm() {
	switch {
	case e.host != hostRuns:
	case e.conn == 0 && e.dials:
		e.wake(e.call.next)
	case e.conn == 0 || len(e.backlog()) == 0:
	default:
		at := min(e.expiry(), e.resignation())
		if (e.retry.on || e.retry.gaps > 0) && len(e.acks) > 0 && !e.in.held {
			at = min(at, e.acks[0].due)
		}
		e.wake(at)
	}
}

// wake queues an event for the end, unless one comes before. Like a node's timers, it costs one event a period.
func (e *end) wake(at Time) {
	at = max(at, e.cluster.now)
	if e.queued == 0 || e.queued > at {
		e.queued = at
		e.cluster.queue.push(event{at: e.queued, kind: eventStream, who: e.addr, ref: uint64(e.peer.addr)})
	}
}

// woken does what is to be done by now.
func (e *end) woken() {
	now := e.cluster.now
	if e.queued != now { // an earlier event took its place
		return
	}
	e.queued = 0
	e.settle(now)
	switch {
	case e.host != hostRuns:
		return
	case e.conn == 0:
		if e.dials && now >= e.call.next {
			e.dialOn()
		}
	case len(e.backlog()) == 0:
		return
	case now >= e.resignation():
		e.giveUp()
	case now >= e.expiry():
		e.retransmit()
	}
	e.arm()
}

// retransmit sends the oldest message again, or gives the connection up after MaxRetransmissions.
func (e *end) retransmit() {
	r := &e.retry
	if !r.on {
		rto := min(e.rto(), longestRTO)
		*r = recovery{on: true, start: e.sentFirst(), next: e.cluster.now, step: rto, over: r.over}
	}
	if r.tries == MaxRetransmissions {
		e.giveUp()
		return
	}
	r.tries++
	r.step = min(2*r.step, longestRTO)
	r.next += r.step
	e.transmit(&e.queue[e.head])
}

// settleAcks takes in every acknowledgement that came before this instant, at which links are about to change.
func (c *Cluster) settleAcks() {
	for _, e := range c.ends {
		e.settle(c.now - 1)
	}
}

// dropAcks loses the acknowledgements that are crossing links which lose them.
func (c *Cluster) dropAcks() {
	for _, e := range c.ends {
		if e.in.lossy() {
			e.acks = e.acks[:0]
		}
	}
}

// released lets the acknowledgements that were held arrive.
func (e *end) released() {
	now := e.cluster.now
	for i := range e.acks {
		e.acks[i].due = max(e.acks[i].due, now)
	}
	if len(e.acks) > 0 {
		e.wake(e.acks[0].due)
	}
}
