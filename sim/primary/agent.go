package primary

import (
	"slices"

	"netsplit/sim"
)

// agent is what a node knows of the lease, and what it is about to do (a Patroni process).
type agent struct {
	number int // of the latest question
	asks   asking
	tries  int      // of that question
	since  sim.Time // when it was first asked, by this node's clock
	open   bool
	due    bool // the next turn of the loop has come meanwhile

	renewed sim.Time // a primary sent the latest renewal that was granted, or had all agree to go on; for viewers alone

	race      race
	backing   backing
	safeUntil sim.Time   // a primary that cannot reach the lease has asked whether it may go on
	safeAsked int        // the question to the lease that had no answer when this one asked so
	safeAcks  []sim.Addr // of those whom this one has asked
}

// cycle is one turn of the loop: a primary renews its lease, the others look at it.
func (r *replica) cycle() {
	r.env.SetTimer(timerLoop, r.set.loop)
	if r.open { // one turn at a time: this one comes when that has ended
		r.due = true
		return
	}
	r.due = false
	r.backing.look(r.j.last())
	if r.role == primary || r.role == promoting || r.starting {
		r.ask(asking{verb: renew, optime: r.j.flushed})
	} else {
		r.ask(asking{verb: look})
	}
}

// ask begins a question, in place of any that is open.
func (r *replica) ask(a asking) {
	r.number++
	r.asks, r.tries, r.open, r.since = a, 0, true, r.env.Elapsed()
	r.try()
}

// tryInterval is the time between two tries.
func (r *replica) tryInterval() sim.Time { return min(TryInterval, r.set.retry) }

// try asks once more, until the time for it is over.
func (r *replica) try() {
	if !r.open {
		return
	}
	if sim.Time(r.tries)*r.tryInterval() >= r.set.retry {
		r.open = false
		r.cannotReach()
		r.nextTurn()
		return
	}
	r.tries++
	r.env.SetTimer(timerTry, r.tryInterval())
	r.tell(r.set.keeper, payload{what: ask, number: r.number, asks: r.asks})
}

// nextTurn takes the turn that came while a question was open.
func (r *replica) nextTurn() {
	if r.due && !r.open && r.role != stopped {
		r.cycle()
	}
}

// cannotReach ends a question that had no answer. A primary steps down, unless all other nodes agree that it need not.
func (r *replica) cannotReach() {
	switch {
	case r.role != primary && r.role != promoting || r.longLease:
	case r.asks.verb == setSync: // the next loop tells
		r.shift.stage = shiftNone
	case r.set.failsafe && r.role == primary:
		r.safeAcks, r.safeAsked = nil, r.number // the next turn of the loop may be due, and asks the lease again meanwhile
		r.env.SetTimer(timerSafe, PollTimeout)
		r.others(func(a sim.Addr) { r.tell(a, payload{what: safe, number: r.number}) })
	default:
		r.stepDown()
	}
}

// takeSafe agrees that a primary goes on, if this node knows of no newer one, and stands back for a ttl.
func (r *replica) takeSafe(from sim.Addr, p payload) {
	if p.line.n < r.line.n || r.role != standby {
		return
	}
	r.safeUntil = r.env.Now() + r.set.ttl
	r.tell(from, payload{what: safeAck, number: p.number})
}

func (r *replica) takeSafeAck(from sim.Addr, p payload) {
	if r.role != primary || p.number != r.safeAsked || slices.Contains(r.safeAcks, from) {
		return
	}
	if r.safeAcks = append(r.safeAcks, from); len(r.safeAcks) == r.members()-1 {
		r.env.StopTimer(timerSafe)
		r.feedDog(0)
	}
}

// takeGrant takes the lease as its keeper shows it.
func (r *replica) takeGrant(p payload) {
	v := p.view
	if p.number != r.number || !r.open {
		if p.number == 0 && r.role != primary && r.role != promoting {
			r.heed(v, false)
		}
		return
	}
	r.open = false
	defer r.nextTurn()
	r.env.StopTimer(timerTry)
	r.env.StopTimer(timerSafe)
	spent := r.env.Elapsed() - r.since
	if r.role != primary && r.role != promoting {
		if r.asks.verb == acquire && v.ok {
			r.line.n = max(r.line.n, v.line.n-1)
			r.promote()
			r.feedDog(spent)
			return
		}
		r.heed(v, true)
		return
	}
	switch {
	case v.holder == r.env.Self():
		if r.asks.verb != setSync {
			r.feedDog(spent)
		}
		r.arrange(v, r.asks.verb == setSync && v.ok)
	case v.holder < 0 && r.asks.verb == renew:
		r.ask(asking{verb: resume, optime: r.j.flushed})
	default:
		r.stepDown()
		r.heed(v, true)
	}
}

// heed does what the lease says to a node that is not a primary. What it says unasked may be old.
func (r *replica) heed(v view, asked bool) {
	switch {
	case r.starting:
		r.heedStarting(v)
	case r.role != standby:
	case v.holder == r.env.Self() && r.blank:
		r.ask(asking{verb: giveUp})
	case v.holder == r.env.Self():
		r.ask(asking{verb: acquire, optime: r.j.last(), version: v.version})
	case v.holder >= 0:
		r.race.open, r.backing.since = false, 0
		if asked || v.line.n >= r.line.n {
			r.follow(v.holder, line{n: v.line.n, by: v.holder, at: r.lineOf(v)})
		}
	default:
		r.compete(v)
	}
}

// lineOf keeps what this node knows of the holder's line beyond what the lease says.
func (r *replica) lineOf(v view) sim.Time {
	if r.line.n == v.line.n && r.line.by == v.holder {
		return r.line.at
	}
	return 0
}

// feedDog starts the watchdog's time anew; so much has passed since the renewal was sent.
func (r *replica) feedDog(spent sim.Time) {
	r.renewed = r.env.Elapsed() - spent
	if r.set.watchdog {
		r.env.SetTimer(timerDog, max(r.set.ttl-SafetyMargin-spent, 1))
	}
}

// bite is the watchdog's reset: the machine starts anew, and its database as a standby.
func (r *replica) bite() {
	if r.role != primary && r.role != promoting {
		return
	}
	r.waiters = nil
	r.stepDown()
	r.role, r.open = stopped, false
	r.env.SetTimer(timerStart, RestartTime)
}
