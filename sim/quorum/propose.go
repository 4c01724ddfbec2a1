package quorum

import (
	"slices"

	"netsplit/sim"
)

// maxBackoff is how long at most a proposer waits before it tries again after a rival came between (Cassandra sleeps
// up to 100 ms).
const maxBackoff = 100 * sim.Millisecond

// stage is how far a proposer has come.
type stage byte

const (
	preparing  stage = iota
	catchingUp       // it tells acceptors what has been committed without them
	finishing        // it proposes what another has left
	sealing          // it commits that
	peeking
	proposing // its own
	committing
)

// proposal is one operation that goes through Paxos, at its coordinator.
type proposal struct {
	q       *request
	stage   stage
	voters  []sim.Addr // the replicas that are asked for promises
	ballot  ballot
	need    int // answers that this stage waits for
	answers []answerOf
	refused []sim.Addr
	latest  acceptor // the latest accepted and the latest committed of those that promised
	state   state    // that is proposed; the zero state for nothing
	found   state    // what a read has found
	result  sim.Result
}

// answerOf is what an acceptor has answered in this stage.
type answerOf struct {
	from  sim.Addr
	a     acceptor
	state state // of peeked
}

// serveSerial begins a read or a compare-and-set by Paxos.
func (r *replica) serveSerial(q *request) {
	q.phase = balloting
	p := &proposal{q: q, voters: r.voters(q)}
	r.proposals[q.op.ID] = p
	r.prepare(p, 0)
}

// enter goes on to a stage that waits for so many answers.
func (p *proposal) enter(s stage, need int) {
	p.stage, p.need, p.answers, p.refused = s, need, nil, nil
}

// tell sends the acceptors a message; this node comes last, for its answer may take the proposal on at once.
func (r *replica) tell(p *proposal, to []sim.Addr, m paxos) {
	m.op, m.key = p.q.op.ID, p.q.op.Key
	if m.ballot == (ballot{}) {
		m.ballot = p.ballot
	}
	own := false
	for _, a := range to {
		if a == r.env.Self() {
			own = true
		} else {
			r.post(a, m)
		}
	}
	if own {
		r.post(r.env.Self(), m)
	}
}

// prepare asks for promises under a new ballot, later than one that has been seen.
func (r *replica) prepare(p *proposal, seen sim.Time) {
	r.lastBallot = max(r.env.Now(), r.lastBallot+1, seen+1)
	p.ballot = ballot{r.lastBallot, r.env.Self(), uint32(r.env.Rand().Uint64())}
	p.latest, p.state = acceptor{}, state{}
	p.enter(preparing, p.majority())
	r.tell(p, p.voters, paxos{step: prepare})
}

// hearAcceptor takes an acceptor's answer.
func (r *replica) hearAcceptor(from sim.Addr, m paxos) {
	p := r.proposals[m.op]
	if p == nil || !p.awaits(m) {
		return
	}
	if slices.ContainsFunc(p.answers, func(a answerOf) bool { return a.from == from }) || p.stage != committing && !slices.Contains(p.voters, from) {
		return
	}
	if m.step == refuse {
		r.hearRefusal(p, from, m)
		return
	}
	p.answers = append(p.answers, answerOf{from, m.a, m.state})
	if m.step == peeked {
		p.state = p.state.Merge(m.state)
	}
	if p.stage == committing {
		p.q.votes = append(p.q.votes, vote{node: from, of: from})
		if r.met(&p.q.demand, p.q.votes) {
			r.conclude(p)
		}
		return
	}
	switch {
	case len(p.answers) == p.need:
		r.advance(p)
	case p.own() && len(p.voters)-len(p.refused) < p.need:
		r.giveUp(p)
	}
}

// own reports whether the proposal is at its own operation's write, which must not be proposed twice.
func (p *proposal) own() bool { return p.stage == proposing && !p.state.Opening() }

// giveUp tells the client that nobody can know what becomes of its write.
func (r *replica) giveUp(p *proposal) {
	delete(r.proposals, p.q.op.ID)
	r.answer(p.q, sim.Result{Outcome: sim.Info, Reason: sim.ReasonContended, Have: len(p.answers), Need: p.need})
}

// awaits reports whether a message answers what the proposal has asked in this stage.
func (p *proposal) awaits(m paxos) bool {
	switch p.stage {
	case preparing:
		return m.ballot == p.ballot && (m.step == promise || m.step == refuse)
	case catchingUp:
		return m.ballot == p.latest.committed && m.step == committed
	case finishing, proposing:
		return m.ballot == p.ballot && (m.step == accepted || m.step == refuse)
	case sealing, committing:
		return m.ballot == p.ballot && m.step == committed
	}
	return m.ballot == p.ballot && m.step == peeked
}

// advance takes a proposal on from a stage that has its answers.
func (r *replica) advance(p *proposal) {
	holders := p.q.place.holders
	switch p.stage {
	case preparing:
		r.promised(p)
	case catchingUp, sealing:
		r.prepare(p, 0)
	case finishing:
		p.enter(sealing, p.majority())
		r.tell(p, holders, paxos{step: commit, state: p.state})
	case peeking:
		r.decideSerial(p)
	case proposing:
		if p.state.Opening() { // nothing was proposed, so there is nothing to commit
			r.conclude(p)
			return
		}
		p.enter(committing, len(holders))
		p.q.votes, p.q.state = nil, p.state
		r.tell(p, holders, paxos{step: commit, state: p.state})
		r.hintDead(p.q)
	}
}

// promised looks at what a majority has accepted and committed. What is committed with some and not with others is
// committed with those first; what is accepted and not committed may have been decided, and is finished first.
func (r *replica) promised(p *proposal) {
	for _, ans := range p.answers {
		if ans.a.committed.after(p.latest.committed) {
			p.latest.committed, p.latest.latest = ans.a.committed, ans.a.latest
		}
		if ans.a.accepted.after(p.latest.accepted) {
			p.latest.accepted, p.latest.proposal = ans.a.accepted, ans.a.proposal
		}
	}
	var behind []sim.Addr
	for _, ans := range p.answers {
		if p.latest.committed.after(ans.a.committed) {
			behind = append(behind, ans.from)
		}
	}
	promisers := make([]sim.Addr, len(p.answers))
	for i, ans := range p.answers {
		promisers[i] = ans.from
	}
	switch {
	case len(behind) > 0:
		p.enter(catchingUp, len(behind))
		r.tell(p, behind, paxos{step: commit, ballot: p.latest.committed, state: p.latest.latest})
	case p.latest.accepted.after(p.latest.committed) && !p.latest.proposal.Opening():
		p.state = p.latest.proposal.At(p.ballot.time, p.ballot.node)
		p.enter(finishing, p.majority())
		r.tell(p, p.voters, paxos{step: propose, state: p.state})
	default:
		p.enter(peeking, len(promisers))
		r.tell(p, promisers, paxos{step: peek})
	}
}

// decideSerial knows what the key holds, and proposes the new version or, for a read and for a condition that is false,
// nothing: that shuts out what an earlier proposer may still be at (CASSANDRA-12126).
func (r *replica) decideSerial(p *proposal) {
	held, op := p.state, p.q.op
	p.result, p.state, p.found = held.Result(), state{}, held
	p.q.votes, p.q.states = nil, nil
	for _, ans := range p.answers {
		p.q.votes, p.q.states = append(p.q.votes, vote{node: ans.from, of: ans.from}), append(p.q.states, ans.state)
	}
	if op.Kind == sim.CompareAndSet && p.result.Value == op.Expect && !p.result.Absent {
		p.state = r.store.Update(op, held).At(p.ballot.time, p.ballot.node)
		p.result = sim.Result{Outcome: sim.OK, Applied: true, Value: op.Expect, Version: p.result.Version}
	} else if op.Kind == sim.CompareAndSet {
		p.result = resultOfRetry(op, p.result)
	}
	p.enter(proposing, p.majority())
	r.tell(p, p.voters, paxos{step: propose, state: p.state})
}

// resultOfRetry returns what a client may make of a condition that is false. Replicas do not know one attempt from
// another: who asks for the second time cannot know whether its own first attempt has made the condition false.
func resultOfRetry(op sim.Op, found sim.Result) sim.Result {
	if op.Attempt > 0 || found.Version == op.ID {
		return sim.Result{Outcome: sim.Info, Reason: sim.ReasonContended}
	}
	return found
}

// hearRefusal deals with an acceptor that has promised a later ballot. Whoever has had nothing accepted tries again;
// whoever has had its own proposal accepted by some cannot know what becomes of it (Cassandra: CAS_WRITE_UNKNOWN).
func (r *replica) hearRefusal(p *proposal, from sim.Addr, m paxos) {
	if slices.Contains(p.refused, from) {
		return
	}
	p.refused = append(p.refused, from)
	n := len(p.voters)
	switch {
	case !p.own():
		r.backOff(p, m.a.promised.time)
	case n-len(p.refused) >= p.need: // a majority may still accept
	case len(p.answers) > 0:
		r.giveUp(p)
	case len(p.refused) == n:
		r.backOff(p, m.a.promised.time)
	}
}

// backOff tries again later, by the node's luck.
func (r *replica) backOff(p *proposal, seen sim.Time) {
	p.ballot = ballot{} // what is still on its way answers nothing
	p.enter(peeking, 0)
	r.later(sim.Time(r.env.Rand().Int64N(int64(maxBackoff))), func() {
		switch {
		case r.proposals[p.q.op.ID] != p:
		case r.exhausted(p.q):
			delete(r.proposals, p.q.op.ID)
			r.answer(p.q, sim.Result{Outcome: sim.Info, Reason: sim.ReasonTimeout, Need: p.majority()})
		default:
			r.prepare(p, seen)
		}
	})
}

// conclude answers the client. What is committed goes on to be counted where hints are kept of it; and what a read has found
// is brought to those that hold less first, where reads do so at other levels.
func (r *replica) conclude(p *proposal) {
	if !r.commits(p.q) {
		delete(r.proposals, p.q.op.ID)
	}
	if q := p.q; q.op.Kind == sim.Read && r.blocking {
		if q.state = p.found; r.repairFirst(q) {
			return
		}
	}
	r.answer(p.q, p.result)
}
