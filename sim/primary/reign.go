package primary

import "netsplit/sim"

// promote makes a standby the primary, of all that it has received.
func (r *replica) promote() {
	r.role, r.upstream = promoting, -1
	r.env.SetTimer(timerPromote, PromoteTime)
}

// beginReign makes all that was received durable, and begins a timeline of its own.
func (r *replica) beginReign() {
	if r.role != promoting {
		return
	}
	last := r.j.last()
	r.keepTo(last)
	r.env.Sync(func() {
		if r.role == promoting && r.j.last() == last {
			r.ascend(last)
		}
	})
}

func (r *replica) ascend(last int) {
	r.j.written, r.j.flushed = last, last
	r.writing, r.flushing, r.applying = false, false, false
	r.j.show(last)
	r.reached = max(r.line.n, r.otherLine.n) + 1
	r.line = line{n: r.reached, by: r.env.Self(), at: r.env.Now()}
	r.role, r.other = primary, -1
	r.reign()
	r.keepPlace()
	r.env.Note(sim.NoteElected, -1, r.line.n)
	if r.set.lease {
		r.cycle()
		return
	}
	r.proclaim()
}

// proclaim tells nodes that are not connected where the primary is, as the operator would who made it one.
func (r *replica) proclaim() {
	if r.line.n == 1 {
		return
	}
	r.others(func(a sim.Addr) {
		if r.senders[a].state == gone {
			r.tell(a, payload{what: announce})
		}
	})
}

// hearOf hears of a primary that an operator has made. A standby follows the newest; a primary stays one, for nobody
// has fenced it.
func (r *replica) hearOf(from sim.Addr, l line) {
	switch {
	case r.role == standby && l.newer(r.line) && (r.set.repoint || r.byHand):
		r.follow(from, l)
	case r.role == standby && l.newer(r.line):
		r.other, r.otherLine = from, l
	case r.role != standby && l.newer(r.line) && l.newer(r.otherLine):
		r.other, r.otherLine = from, l
		if r.byHand {
			r.rejoin()
		}
	}
}

// rejoin has the node follow a newer primary: the one that it has heard of, or else the first that it will hear of.
func (r *replica) rejoin() {
	if r.role == out {
		r.role, r.byHand = standby, true
		r.call()
		return
	}
	if r.role == standby && (!r.set.repoint || r.set.fencing) {
		if r.byHand = true; r.other >= 0 {
			r.follow(r.other, r.otherLine)
		}
		return
	}
	if r.role != primary || r.set.lease {
		return
	}
	if r.byHand = true; r.other < 0 {
		return
	}
	other, l := r.other, r.otherLine
	r.stepDown()
	r.follow(other, l)
}

// stepDown makes a standby of a primary: its database restarts, so that what is in its log is visible, and those who
// waited for an answer get none. Writes that had not begun are refused.
func (r *replica) stepDown() {
	if r.role != primary && r.role != promoting {
		return
	}
	r.endSessions()
	queue := r.queue
	was := r.role
	r.role, r.upstream, r.other = standby, -1, -1
	r.serving = serving{senders: make([]sender, r.env.Nodes()), routes: map[sim.OpID][]sim.Addr{}}
	r.j.show(r.j.flushed)
	for _, q := range queue {
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonNoLeader})
	}
	r.keepPlace()
	for _, t := range []sim.TimerID{timerTick, timerSemi, timerPromote, timerSafe, timerDog, timerWriter, timerFence} {
		r.env.StopTimer(t)
	}
	if was == primary {
		r.env.Note(sim.NoteDeposed, -1, r.line.n)
	}
	r.pump()
}
