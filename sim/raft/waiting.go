package raft

import (
	"errors"
	"maps"
	"slices"

	etcd "go.etcd.io/raft/v3"

	"netsplit/sim"
)

// readRetry is after how long a read that is not confirmed is asked again: etcd's server, readIndexRetryTime.
const readRetry = 500 * sim.Millisecond

// waiting is what a replica knows of requests that it keeps until there is a leader, as etcd's server does. It hands a
// write to the Raft once, and a read as often as it takes; after etcd's request timeout it answers that nobody knows.
type waiting struct {
	leaderless []sim.OpID // that met no leader, oldest first
	born       []birth    // of every request asked, oldest first
	again      bool       // timerAgain is set
	handed     map[sim.OpID]handing
}

// handing is when a write was handed to the Raft last, and how often.
type handing struct {
	term  uint64
	times int
}

// birth is when a request has waited for long enough.
type birth struct {
	op  sim.OpID
	due sim.Time
}

// keep begins to watch over a request.
func (r *replica) keep(op sim.Op) {
	if len(r.born) == 0 {
		r.env.SetTimer(timerPatience, r.set.requestTimeout())
	}
	r.born = append(r.born, birth{op.ID, r.env.Elapsed() + r.set.requestTimeout()})
	if !r.again {
		r.again = true
		r.env.SetTimer(timerAgain, readRetry)
	}
}

// giveUp ends requests that have waited for long enough.
func (r *replica) giveUp() {
	now := r.env.Elapsed()
	for len(r.born) > 0 && r.born[0].due <= now {
		if op, ok := r.asked[r.born[0].op]; ok {
			r.reply(op.ID, r.noAnswer(op))
		}
		r.born = r.born[1:]
	}
	if len(r.born) > 0 {
		r.env.SetTimer(timerPatience, r.born[0].due-now)
	}
}

// noAnswer is what the client of a request is told that nobody has answered for long enough.
func (r *replica) noAnswer(op sim.Op) sim.Result {
	switch {
	case r.set.patience == 0:
		return sim.Result{Outcome: sim.Info, Reason: sim.ReasonTimeout}
	case op.Kind == sim.Read:
		return sim.Result{Outcome: sim.Fail, Reason: sim.ReasonGaveUp}
	}
	return sim.Result{Outcome: sim.Info, Reason: sim.ReasonGaveUp}
}

// readAgain asks again for reads that nobody has confirmed, and for what has met no leader.
func (r *replica) readAgain() {
	for _, id := range slices.Sorted(maps.Keys(r.asked)) {
		op := r.asked[id]
		if op.Kind == sim.Read && r.lead != etcd.None && !slices.ContainsFunc(r.reads, func(c read) bool { return c.op == id }) {
			r.readIndex(op)
		}
	}
	r.takeUp()
	if r.again = len(r.asked) > 0; r.again {
		r.env.SetTimer(timerAgain, readRetry)
	}
}

// takeUp hands the Raft what has met no leader, if there is one now, and with leaderless=insist what was handed to another.
func (r *replica) takeUp() {
	if r.lead == etcd.None || r.waitsOut() {
		return
	}
	if r.set.insists {
		for _, id := range slices.Sorted(maps.Keys(r.handed)) {
			if r.handed[id].term < r.term && !slices.Contains(r.leaderless, id) {
				r.leaderless = append(r.leaderless, id)
			}
		}
	}
	list := r.leaderless
	r.leaderless = nil
	for _, id := range list {
		op, ok := r.asked[id]
		if !ok {
			continue
		}
		if err := r.ask(op); errors.Is(err, etcd.ErrProposalDropped) {
			r.leaderless = append(r.leaderless, id)
		} else {
			r.check(err)
		}
	}
}
