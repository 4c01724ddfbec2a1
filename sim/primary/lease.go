package primary

import (
	"slices"

	"netsplit/sim"
)

// leaseVerb is what a node asks of the lease.
type leaseVerb byte

const (
	look    leaseVerb = iota + 1
	renew             // by its holder
	acquire           // by a candidate, if nobody holds it; or by its holder, anew
	resume            // by a primary whose lease has ended and that nobody has replaced
	setSync           // by its holder: who may follow it
	giveUp            // by its holder: it ends at once
)

// syncKey says who may follow the holder of the lease (Patroni's /sync): the holder itself, and a voter that finds
// enough other voters no further than it is.
type syncKey struct {
	leader sim.Addr
	voters []sim.Addr
	quorum int
}

// lease is what its keeper keeps: one linearizable service.
type lease struct {
	holder  sim.Addr // -1 for nobody
	line    line     // of the latest holder
	optime  int      // how far the log of the latest holder was, as it said
	sync    syncKey
	version int // of sync; and it changes with the holder

	timeline int64 // that a primary has said to be on
}

// view is the lease as its keeper shows it.
type view struct {
	lease
	alive []sim.Addr // that have asked within a ttl
	ok    bool       // what was asked for has been done
}

// keeping is what the keeper of the lease keeps.
type keeping struct {
	lease lease
	asked []sim.Time // when each node last asked
}

// keeps reports whether the lease is kept here.
func (r *replica) keeps() bool { return r.set.lease && r.env.Self() == r.set.keeper }

// openLease begins the service: the lease lasts for a whole ttl.
func (r *replica) openLease() {
	r.asked = make([]sim.Time, r.env.Nodes())
	for a := range r.asked {
		r.asked[a] = r.env.Now()
	}
	if r.keeping.lease.holder >= 0 {
		r.env.SetTimer(timerLease, r.set.ttl)
	}
}

// expire ends the lease. All nodes are told, as they watch it.
func (r *replica) expire() {
	r.keeping.lease.holder = -1
	r.keepLease()
	r.others(func(a sim.Addr) { r.show(a, 0, false) })
	if r.set.apart {
		r.upstream = -1
		return
	}
	r.show(r.env.Self(), 0, false)
}

// show sends a node the lease, in answer to its question of a number or, with 0, unasked.
func (r *replica) show(to sim.Addr, number int, ok bool) {
	v := view{lease: r.keeping.lease, ok: ok}
	v.sync.voters = slices.Clone(v.sync.voters)
	for a, at := range r.asked {
		if r.env.Now()-at <= r.set.ttl {
			v.alive = append(v.alive, sim.Addr(a))
		}
	}
	r.tell(to, payload{what: grant, number: number, view: v})
}

// serveLease answers a question.
func (r *replica) serveLease(from sim.Addr, p payload) {
	if !r.keeps() {
		return
	}
	r.asked[from] = r.env.Now()
	l, a := &r.keeping.lease, p.asks
	ok := true
	switch a.verb {
	case renew, giveUp:
		ok = l.holder == from
	case resume:
		ok = l.holder < 0 && l.line.n == p.line.n && l.line.by == from
	case acquire:
		ok = l.holder < 0 && l.version == a.version || l.holder == from
	case setSync:
		ok = l.holder == from && l.version == a.version
	}
	switch {
	case ok && a.verb == giveUp:
		r.env.StopTimer(timerLease)
		r.expire()
	case ok && a.verb != look:
		r.change(from, p)
	}
	r.show(from, p.number, ok)
}

// change carries out what was asked for.
func (r *replica) change(from sim.Addr, p payload) {
	l, a := &r.keeping.lease, p.asks
	switch a.verb {
	case setSync:
		l.sync = a.sync
		l.version++
	case acquire:
		l.line = line{n: max(l.line.n, p.line.n) + 1, by: from}
		l.sync = syncKey{leader: from} // a new reign begins alone, and so does a holder's that begins anew
		l.version++
		l.holder = from
		r.others(func(other sim.Addr) {
			if other != from {
				r.show(other, 0, false)
			}
		})
		if r.set.resets && !r.set.apart && from != r.env.Self() { // it watches the lease as the others do
			r.show(r.env.Self(), 0, false)
		}
	default:
		l.timeline = max(l.timeline, p.line.n)
		l.holder = from
		l.line = line{n: max(l.line.n, p.line.n), by: from}
	}
	if r.set.apart {
		r.upstream = from // for its own clients
	}
	l.optime = max(a.optime, l.optime)
	if a.verb == acquire {
		l.optime = a.optime
	}
	r.keepLease()
	r.env.SetTimer(timerLease, r.set.ttl)
}
