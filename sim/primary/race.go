package primary

import (
	"slices"

	"netsplit/sim"
)

// race is a candidate's look at the others while nobody holds the lease (Patroni's _is_healthiest_node).
type race struct {
	open    bool
	number  int
	view    view
	replies []polledReply
}

type polledReply struct {
	from   sim.Addr
	end    int
	at     line
	reigns bool
}

// compete stands for the lease, if this node may and is not too far behind.
func (r *replica) compete(v view) {
	if r.race.open || r.set.failsafe && r.env.Now() < r.safeUntil || !r.mayFollow(v) ||
		v.optime-r.j.last() > r.set.maxLag || r.behindTimeline(v) || r.backsOff() {
		return
	}
	r.race = race{open: true, number: r.race.number + 1, view: v}
	r.env.Note(sim.NoteCampaign, -1, v.line.n+1)
	if r.noLease {
		r.race.open = false
		r.promote()
		return
	}
	r.env.SetTimer(timerPoll, PollTimeout)
	r.others(func(a sim.Addr) { r.tell(a, payload{what: poll, number: r.race.number}) })
	if r.members() == 1 {
		r.decide()
	}
}

// mayFollow reports whether this node is one of those that may follow the latest holder: with sync-mode the holder
// itself and the voters alone.
func (r *replica) mayFollow(v view) bool {
	if r.blank {
		return false
	}
	return r.set.mode == off || v.sync.leader < 0 || r.anybodyRan || v.sync.leader == r.env.Self() || slices.Contains(v.sync.voters, r.env.Self())
}

func (r *replica) takePolled(from sim.Addr, p payload) {
	if p.number < 0 {
		r.takeSurveyed(from, p)
		return
	}
	c := &r.race
	if !c.open || p.number != c.number || slices.ContainsFunc(c.replies, func(o polledReply) bool { return o.from == from }) {
		return
	}
	c.replies = append(c.replies, polledReply{from, p.end, p.at, p.reigns})
	if len(c.replies) == r.members()-1 {
		r.decide()
	}
}

// decide asks for the lease unless a node that answered is a primary or further than this one, or, with
// sync-mode=quorum, too few voters are known to be no further.
func (r *replica) decide() {
	c := &r.race
	if !c.open {
		return
	}
	c.open = false
	r.env.StopTimer(timerPoll)
	if r.role != standby {
		return
	}
	votes := 0
	for _, reply := range c.replies {
		voter := slices.Contains(c.view.sync.voters, reply.from)
		ahead := r.isBehind(reply)
		counts := r.set.mode == off || voter && r.set.mode != modeQuorum
		switch {
		case reply.reigns || ahead && counts && !r.anybodyRan:
			return
		case voter && !ahead:
			votes++
		}
	}
	if s := c.view.sync; r.set.mode == modeQuorum && s.leader != r.env.Self() && votes < s.quorum && !r.anybodyRan {
		return
	}
	r.ask(asking{verb: acquire, optime: r.j.last(), version: c.view.version})
}
