package primary

import "netsplit/sim"

// PeerEnded learns that a peer's process has ended: its machine has reset the connection.
func (r *replica) PeerEnded(peer sim.Addr) {
	switch {
	case !r.set.resets:
	case r.role == primary && r.senders[peer].state != gone:
		r.countOut(peer, 0)
		r.settle()
	case r.role == standby && peer == r.upstream:
		r.connected = false
		r.env.SetTimer(timerReport, CallInterval)
	}
}

// countOut counts a standby out that has been silent for a span, or whose process has ended.
func (r *replica) countOut(a sim.Addr, silence sim.Time) {
	r.senders[a].state, r.senders[a].lost = gone, true
	r.env.Note(sim.NoteSuspect, a, int64(silence))
	if r.set.sync != syncSemi || r.set.waitNoReplica || r.alone {
		return
	}
	connected := 0
	for _, s := range r.set.standbys {
		if s != r.env.Self() && r.senders[s].state != gone {
			connected++
		}
	}
	if connected < r.set.k {
		r.giveUpWaiting()
	}
}

// endSessions tells those who wait for an answer that they will have none: the database restarts.
func (r *replica) endSessions() {
	if !r.set.resets {
		return
	}
	waiters := r.waiters
	r.waiters = nil
	for _, w := range waiters {
		r.reply(w.request, sim.Result{Outcome: sim.Info, Reason: sim.ReasonEnded})
	}
}

// recovery is a database that starts after a crash, and takes its time.
type recovery struct {
	begun    bool // the disk is of a node that has run before
	starting bool
	as       role // that it starts as
	from     sim.Time
}

// recovers begins to recover after a crash, and reports whether that takes time.
func (r *replica) recovers() bool {
	if !r.begun || r.set.startTime == 0 || r.role != primary && r.role != standby {
		return false
	}
	r.starting, r.as, r.from, r.role = true, r.role, r.env.Elapsed(), stopped
	r.env.SetTimer(timerStart, r.set.startTime)
	return true
}

// started ends a recovery, or the restart of a machine.
func (r *replica) started() {
	if !r.starting {
		r.role = standby
		r.call()
		return
	}
	r.starting, r.role = false, r.as
	r.begin()
	r.keepPlace()
}

// heedStarting gives the lease up if its holder takes too long to start, or at once where that is preferred and
// somebody else lives.
func (r *replica) heedStarting(v view) {
	others := 0
	for _, a := range v.alive {
		if a != r.env.Self() && r.set.holds(a) {
			others++
		}
	}
	if v.holder == r.env.Self() && others > 0 && r.env.Elapsed()-r.from >= r.set.startTimeout {
		r.ask(asking{verb: giveUp})
	}
}
