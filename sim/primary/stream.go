package primary

import "netsplit/sim"

// link states of a standby, as its primary sees it.
const (
	gone = iota
	catchingUp
	streaming
)

// sender is one standby as its primary sees it.
type sender struct {
	state int
	lost  bool // it was counted out for its silence
	sent  int  // as far as the log has been sent
	heard sim.Time
	moved sim.Time // when something was last sent anew or acknowledged

	end, written, flushed, applied int // as far as it has reported
}

// reign begins the work of a primary.
func (r *replica) reign() {
	r.upstream = -1
	r.serving = serving{senders: make([]sender, r.env.Nodes()), routes: map[sim.OpID][]sim.Addr{}}
	r.env.SetTimer(timerTick, ResendAfter)
}

// tick counts out standbys that have been silent for too long, sends again what was not acknowledged, and asks for a
// report where there has been none for half the timeout.
func (r *replica) tick() {
	if r.role != primary {
		return
	}
	now, next := r.env.Now(), ResendAfter
	r.others(func(a sim.Addr) {
		s := &r.senders[a]
		if s.state == gone {
			return
		}
		silence := now - s.heard
		if t := r.set.senderTimeout; t > 0 && silence >= t {
			r.countOut(a, silence)
			return
		} else if t > 0 {
			next = min(next, t-silence)
			if silence >= t/2 {
				r.push(a, true)
			}
		}
		if s.end < s.sent && now-s.moved >= ResendAfter {
			s.sent = s.end
			r.feed(a)
		}
	})
	if !r.set.lease {
		r.proclaim()
	}
	r.env.SetTimer(timerTick, max(next, 1))
	r.settle()
}

// feed sends a standby what it has not been sent of what is durable here.
func (r *replica) feed(to sim.Addr) {
	for s := &r.senders[to]; s.state != gone && s.sent < r.j.flushed; {
		r.push(to, false)
	}
}

// push sends one message of the log, perhaps an empty one.
func (r *replica) push(to sim.Addr, wants bool) {
	s := &r.senders[to]
	until := min(s.sent+batchOfWrites, r.j.flushed)
	p := payload{what: wal, index: s.sent, at: r.j.lineAt(s.sent), end: r.j.flushed, wants: wants}
	p.records = append(p.records, r.j.records[s.sent:until]...)
	s.sent, s.moved = until, r.env.Now()
	r.tell(to, p)
}

// takeReport takes a standby's positions. One whose log is not a part of the primary's is told where they part.
func (r *replica) takeReport(from sim.Addr, p payload) {
	if r.role != primary {
		return
	}
	s := &r.senders[from]
	s.heard = r.env.Now()
	if (p.end > r.j.last() || r.j.lineAt(p.end) != p.at) && !r.noRewind {
		s.state = gone
		r.tell(from, payload{what: lineage, spans: r.j.spans(r.j.last()), end: r.j.last()})
		return
	}
	if s.state == gone {
		s.state = catchingUp
		if s.lost {
			s.lost = false
			r.env.Note(sim.NoteTrust, from, 0)
		}
		p.wants = true
	}
	if p.wants {
		s.sent = min(p.end, r.j.flushed)
		s.end, s.written, s.flushed, s.applied = p.end, p.written, p.flushed, p.applied
		if s.sent == r.j.flushed {
			r.push(from, false) // so that it knows that it has been heard
		}
	}
	if p.end > s.end {
		s.end, s.moved = p.end, r.env.Now()
	}
	s.written, s.flushed, s.applied = max(s.written, p.written), max(s.flushed, p.flushed), max(s.applied, p.applied)
	if s.state == catchingUp && s.end >= r.j.flushed {
		s.state = streaming
	}
	r.feed(from)
	r.waitAgain()
	r.settle()
}
