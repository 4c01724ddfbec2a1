package primary

import (
	"maps"
	"slices"

	"netsplit/sim"
)

// tool is a program on one of the machines that replaces a primary which does not answer it, as Orchestrator does. It
// keeps nothing through a crash: it finds the primary again by asking.
type tool struct {
	target sim.Addr // the primary, as it believes
	asks   int      // the latest question to it
	heard  int      // the latest question that it answered
	since  sim.Time // when that answer came
	survey survey
}

// survey is the tool's look at all nodes.
type survey struct {
	open    bool
	number  int
	replies []polledReply
}

// fence is what a primary knows of the tool.
type fence struct {
	answered map[int]sim.Time // when it answered questions that the tool may have no answer to yet
	nominee  bool             // the tool has chosen it, and has yet to say that it knows that this node knows
}

// runs reports whether the tool runs on this machine.
func (r *replica) runs() bool { return r.set.tool && r.env.Self() == r.set.toolAt }

// startTool begins the tool's work, and that of a primary that fences itself.
func (r *replica) startTool() {
	if r.runs() {
		r.tool = tool{target: r.set.primary, asks: int(r.env.Now()), heard: int(r.env.Now()), since: r.env.Elapsed()}
		r.tool.survey.number = int(r.env.Now())
		r.env.SetTimer(timerWatch, FirstLoop)
	}
}

// watch asks the primary for a sign of life, and looks for another if there has been none for too long.
func (r *replica) watch() {
	r.env.SetTimer(timerWatch, r.set.toolEvery)
	if r.tool.survey.open {
		r.appoint()
	}
	patience := r.set.toolAfter
	if r.set.fencing {
		patience += ToolMargin
	}
	if r.env.Elapsed()-r.tool.since >= patience {
		r.tool.survey = survey{open: true, number: r.tool.survey.number + 1}
		r.env.SetTimer(timerWatch, min(PollTimeout, r.set.toolEvery))
		for a := range sim.Addr(r.env.Nodes()) {
			r.tell(a, payload{what: poll, number: -r.tool.survey.number})
		}
		return
	}
	r.tool.asks++
	r.tell(r.tool.target, payload{what: watchAsk, number: r.tool.asks})
}

// takeWatch answers the tool as the primary.
func (r *replica) takeWatch(from sim.Addr, p payload) {
	if r.role == primary || r.role == promoting {
		r.fence.answered[p.number] = r.env.Elapsed()
		r.tell(from, payload{what: watchAck, number: p.number})
	}
}

// takeSeen hears that the tool has had an answer: that says until when a primary may go on, and that a node which the tool
// has chosen may begin.
func (r *replica) takeSeen(p payload) {
	at, ok := r.fence.answered[p.number]
	left := at + r.set.toolAfter - r.env.Elapsed()
	maps.DeleteFunc(r.fence.answered, func(n int, _ sim.Time) bool { return n <= p.number })
	if !ok || !r.set.fencing || left <= 0 {
		return
	}
	if r.fence.nominee && r.role == standby {
		r.fence.nominee = false
		r.promote()
	}
	if r.role == primary || r.role == promoting {
		r.env.SetTimer(timerFence, left)
	}
}

// takeWatched takes the primary's sign of life for the tool, and says that it has come.
func (r *replica) takeWatched(from sim.Addr, p payload) {
	if r.runs() && from == r.tool.target && p.number > r.tool.heard && p.number <= r.tool.asks {
		r.tool.heard, r.tool.since = p.number, r.env.Elapsed()
		r.tell(from, payload{what: watchSeen, number: p.number})
	}
}

// takeSurveyed takes a node's position for the tool.
func (r *replica) takeSurveyed(from sim.Addr, p payload) {
	s := &r.tool.survey
	if s.open && p.number == -s.number && !slices.ContainsFunc(s.replies, func(o polledReply) bool { return o.from == from }) {
		s.replies = append(s.replies, polledReply{from, p.end, p.at, p.reigns})
	}
}

// appoint takes the primary that has answered, the newest of several, or else makes one of those that have.
func (r *replica) appoint() {
	s := &r.tool.survey
	s.open = false
	best := -1
	for i, reply := range s.replies {
		switch {
		case best < 0, reply.reigns && !s.replies[best].reigns:
			best = i
		case reply.reigns != s.replies[best].reigns:
		case r.better(reply, s.replies[best]):
			best = i
		}
	}
	if best < 0 {
		return
	}
	chosen := s.replies[best]
	r.tool.target, r.tool.since = chosen.from, r.env.Elapsed()
	if !chosen.reigns {
		r.tool.asks++
		r.env.Note(sim.NoteCampaign, chosen.from, 0)
		r.tell(chosen.from, payload{what: appoint, number: r.tool.asks})
	}
}

// better reports whether one node is to be chosen before another.
func (r *replica) better(a, b polledReply) bool {
	switch {
	case a.reigns || r.set.picksMost && a.at.n != b.at.n:
		return a.at.n > b.at.n
	case r.set.picksMost && a.end != b.end:
		return a.end > b.end
	}
	rank := func(n sim.Addr) int {
		if i := slices.Index(r.set.standbys, n); i >= 0 {
			return i
		}
		return len(r.set.standbys)
	}
	return rank(a.from) < rank(b.from)
}

// takeAppointed makes this node the primary, as the tool says. Where primaries fence themselves it waits until the tool
// has heard that it will, so that an appointment that comes late makes none.
func (r *replica) takeAppointed(from sim.Addr, p payload) {
	if r.role != standby || !r.set.tool {
		return
	}
	if !r.set.fencing {
		r.promote()
		return
	}
	r.fence = fence{answered: map[int]sim.Time{p.number: r.env.Elapsed()}, nominee: true}
	r.tell(from, payload{what: watchAck, number: p.number})
}

// beginFence starts the time of the first primary, if it fences itself.
func (r *replica) beginFence() {
	if r.role == primary && r.set.fencing {
		r.env.SetTimer(timerFence, r.set.toolAfter)
	}
}

// fenceSelf makes the primary a standby: the tool may not have heard of it for too long.
func (r *replica) fenceSelf() {
	if r.role == primary || r.role == promoting {
		r.stepDown()
	}
}
