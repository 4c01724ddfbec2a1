package group

import (
	"slices"

	"netsplit/sim"
)

// leave ends this member's part in the group: it was expelled, or has reached no majority for too long. What its clients
// wait for ends in an error; whether the others have ordered it already it does not know.
func (r *replica) leave() {
	r.left, r.blocked = true, -1
	r.env.Note(sim.NoteOut, -1, 0)
	r.env.StopTimer(timerRecovered)
	for _, q := range r.requests {
		switch {
		case q.over:
		case q.sent:
			if q.ordered && q.index > 0 { // the others may commit it
				r.queue = append(r.queue, queued{index: q.index, op: q.op})
				slices.SortFunc(r.queue, inOrder)
			}
			r.end(q, sim.Result{Outcome: sim.Info, Reason: sim.ReasonLeft})
		default:
			r.end(q, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonLeft})
		}
	}
	r.step()
	if r.set.tries > 0 {
		r.join(r.set.tries)
		return
	}
	r.exit()
}

// exit does what the knob says once this member does not try to rejoin any more.
func (r *replica) exit() {
	r.until, r.next = 0, 0
	switch r.set.exit {
	case offlineMode:
		r.offline = true
	case abortServer:
		r.stopped = true
	}
}

// join begins the first of so many tries.
func (r *replica) join(tries int) {
	r.tries, r.next = tries, r.env.Elapsed()
	r.rejoin()
}

// rejoin goes on with an attempt, begins the next one, or gives up.
func (r *replica) rejoin() {
	now := r.env.Elapsed()
	if r.next > 0 && r.next <= now {
		if r.tries > 0 {
			r.tries--
		}
		r.next, r.until = 0, now+JoinTime
		r.mark, r.returnAsked = r.env.Rand().Uint64()|1, -askAgain
	}
	switch {
	case r.until == 0: // it has given up, or waits for the next try
	case now < r.until || r.tries == boots:
		r.request()
	case r.tries > 0:
		r.until, r.next = 0, now+RejoinInterval
	default:
		r.exit()
	}
}

// request asks to be taken in: of those that are members; or, if it may be one still, by a note that it has returned.
func (r *replica) request() {
	what := asks
	if r.muted {
		what = asksAnew
	}
	r.say(what)
	now := r.env.Elapsed()
	if !r.muted && !r.yields && r.view.has(r.env.Self()) && r.view.number >= r.gone && r.returnAsked+askAgain <= now &&
		r.order.Note(note{returned, r.env.Self(), r.mark}.encode()) {
		r.returnAsked = now
	}
}

// recovered has it ordered that this member has what the others have.
func (r *replica) recovered() {
	if !r.left && r.view.has(r.env.Self()) && !r.online() {
		r.order.Note(note{online, r.env.Self(), 0}.encode())
		r.env.SetTimer(timerRecovered, askAgain)
	}
}
