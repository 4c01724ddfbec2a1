package primary

import (
	"slices"

	"netsplit/sim"
)

// serving is what a primary keeps.
type serving struct {
	senders []sender
	waiters []waiter                // commits not answered yet, in order of the log
	queue   []request               // writes that wait for a row lock, in order of arrival
	routes  map[sim.OpID][]sim.Addr // by which further attempts of what is under way have come
	busy    bool                    // settling

	writerDue bool // what was answered before it was flushed will be

	alone bool       // semi-synchronous: it waits for nobody any more
	names []sim.Addr // of sync-mode: the synchronous standbys
	need  int        // how many of them must have a commit
	shift shift      // from these to others
}

// waiter is a commit that is in the log and not answered.
type waiter struct {
	index int
	request
	since sim.Time
}

// waits reports whether the record at an index has not been answered for.
func (r *replica) waits(index int) bool {
	return slices.ContainsFunc(r.waiters, func(w waiter) bool { return w.index == index })
}

// settle answers every commit that need not wait any longer, and goes on with the writes that waited for their locks.
func (r *replica) settle() {
	if r.busy {
		return
	}
	r.busy = true
	for again := true; again && r.role == primary; {
		r.release(r.satisfied, sim.NoReason)
		again = r.unlock()
	}
	r.busy = false
	r.goOnShifting()
	if r.set.sync == syncSemi && !r.alone && len(r.waiters) > 0 {
		r.env.SetTimer(timerSemi, r.waiters[0].since+r.set.semiTimeout-r.env.Now())
	} else {
		r.env.StopTimer(timerSemi)
	}
}

// release makes commits visible and answers them, in order, as long as they may be.
func (r *replica) release(may func(waiter) bool, warning sim.Reason) {
	var still []waiter
	stuck := map[string]bool{} // levels at which a commit waits, and so do all after it
	waiters := r.waiters
	r.waiters = nil
	for _, w := range waiters {
		level := r.levelOf(w.op)
		if stuck[level] || w.index > r.j.flushed || !may(w) {
			stuck[level] = true
			still = append(still, w)
			continue
		}
		r.j.showOne(w.index)
		result := r.applied(w.index)
		result.Reason = warning
		r.reply(w.request, result)
	}
	r.waiters = append(still, r.waiters...)
}

// unlock goes on with the writes whose rows are free, and reports whether there were any.
func (r *replica) unlock() bool {
	queue := r.queue
	r.queue = nil
	for _, q := range queue {
		r.attempt(q) // waits again if its row is not free
	}
	return len(r.queue) < len(queue)
}

// satisfied reports whether enough standbys have as much of the log as a commit.
func (r *replica) satisfied(w waiter) bool {
	index, level := w.index, r.levelOf(w.op)
	switch {
	case level == levelLocal:
		return true
	case r.set.mode != off:
		return r.satisfiedByMode(index, level)
	case r.set.sync == syncFirst:
		return r.firstHave(index, level)
	case r.set.sync == syncAny:
		return r.count(r.set.standbys, index, level, true) >= r.set.k
	case r.set.sync == syncSemi:
		return r.alone || r.count(r.set.standbys, index, level, false) >= r.set.k
	}
	return true
}

// firstHave reports whether the k connected standbys of the highest priority have the log up to an index.
func (r *replica) firstHave(index int, level string) bool {
	left := r.set.k
	for _, a := range r.set.standbys {
		if left == 0 {
			break
		}
		if s := &r.senders[a]; a != r.env.Self() && s.state == streaming {
			if r.position(s, level) < index {
				return false
			}
			left--
		}
	}
	return left == 0
}

// count returns how many of the standbys have the log up to an index.
func (r *replica) count(standbys []sim.Addr, index int, level string, connected bool) int {
	n := 0
	for _, a := range standbys {
		s := &r.senders[a]
		if a != r.env.Self() && r.position(s, level) >= index && (!connected || s.state == streaming) {
			n++
		}
	}
	return n
}

// position returns how far a standby is, as far as commits of a level wait for it.
func (r *replica) position(s *sender, level string) int {
	switch {
	case r.acksEarly:
		return s.sent
	case level == levelWrite:
		return s.written
	case level == levelApply:
		return s.applied
	}
	return s.flushed
}

// giveUpWaiting answers all commits and waits for nobody until enough replicas have caught up.
func (r *replica) giveUpWaiting() {
	if r.role != primary || r.alone {
		return
	}
	r.alone = true
	r.env.Note(sim.NoteAlone, -1, int64(len(r.waiters)))
	r.settle()
}

// waitAgain ends that, once enough replicas have all of the log.
func (r *replica) waitAgain() {
	if r.alone && r.count(r.set.standbys, r.j.last(), levelFlush, false) >= r.set.k {
		r.alone = false
		r.env.Note(sim.NoteWaits, -1, 0)
	}
}
