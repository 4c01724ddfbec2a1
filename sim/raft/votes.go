package raft

import (
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// Lease votes (OSDI 2012, section 4.1.1 and appendix A). What a leader sends of its log asks for a vote, and so does
// each heartbeat when its lease is near its end. Who gives one votes for nobody else until its length is definitely over,
// counted from the latest that the present may be; the leader counts it from the earliest that the present may have been
// when it asked. So leases of two leaders do not overlap while clocks keep to epsilon.

// grant is a lease vote, by the clock of who gave it.
type grant struct {
	holder sim.Addr // who has it; -1 for nobody: then nobody gets it
	until  sim.Time
	sent   sim.Time // when the holder asked for it, by its own clock
}

// echo is what an answer to the leader says of the vote.
type echo struct {
	to   sim.Addr
	term uint64
	sent sim.Time
}

// never is the time that a message carries which asks for no lease vote, or gives none.
const never = -sim.MaxTime

// dress returns a message of the Raft's as it travels where there are lease votes.
func (t *truetime) dress(m *pb.Message) sim.Payload {
	switch m.GetType() {
	case pb.MsgHeartbeat, pb.MsgApp:
		sent := never
		if t.asksFor(m) {
			sent = t.earliest()
		}
		return stamped{payload{m}, sent}
	case pb.MsgHeartbeatResp, pb.MsgAppResp:
		sent := never
		if t.echo.to == addrOf(m.GetTo()) && t.echo.term == m.GetTerm() {
			sent = t.echo.sent
		}
		return stamped{payload{m}, sent}
	}
	return payload{m}
}

// asksFor reports whether a message of a leader's asks for a lease vote.
func (t *truetime) asksFor(m *pb.Message) bool {
	if t.r.reign.handed || t.handing >= 0 {
		return false
	}
	return m.GetType() == pb.MsgApp && len(m.Entries) > 0 || t.leaseEnd() < t.latest()+t.set.margin
}

// undress takes in what a message says of lease votes, and returns the message; nil if it asks for a vote, or to stand
// for election, that was promised away.
func (t *truetime) undress(from sim.Addr, p sim.Payload) *pb.Message {
	s, ok := p.(stamped)
	if !ok {
		m := p.(payload).msg
		if m.GetTerm() != 0 && m.GetTerm() < t.floor {
			return nil
		}
		switch m.GetType() {
		case pb.MsgVote, pb.MsgPreVote:
			if t.bound(from) {
				return nil
			}
		case pb.MsgTimeoutNow:
			if t.bound(t.r.env.Self()) {
				return nil
			}
		}
		return m
	}
	m, r := s.msg, t.r
	if m.GetTerm() < t.floor {
		return nil
	}
	switch m.GetType() {
	case pb.MsgHeartbeat, pb.MsgApp:
		if s.sent != never && m.GetTerm() >= r.term && !t.bound(from) {
			t.promise = grant{from, max(t.latest()+t.set.lease, t.promise.until), s.sent}
			t.echo = echo{from, m.GetTerm(), s.sent}
		}
	case pb.MsgHeartbeatResp, pb.MsgAppResp:
		if m.GetTerm() == r.term && r.role == etcd.StateLeader {
			t.heard[from] = r.env.Elapsed()
			if s.sent != never && s.sent > t.released {
				r.reign.acked[from] = max(r.reign.acked[from], s.sent)
			}
		}
	}
	return m
}

// bound reports whether this node may not vote for another, nor give it a lease vote.
func (t *truetime) bound(candidate sim.Addr) bool {
	if t.r.role == etcd.StateLeader && candidate != t.r.env.Self() && !t.after(t.leaseEnd()) {
		return true
	}
	return t.promise.holder != candidate && t.promise.until != 0 && !t.after(t.promise.until)
}

// leaseEnd returns when the lease of a leader ends, by its own clock; never where it has none.
func (t *truetime) leaseEnd() sim.Time {
	r := t.r
	if r.role != etcd.StateLeader || len(r.reign.acked) == 0 {
		return never
	}
	r.reign.acked[r.env.Self()] = t.earliest()
	since := r.agreed(r.conf.GetVoters())
	if old := r.conf.GetVotersOutgoing(); len(old) > 0 {
		since = min(since, r.agreed(old))
	}
	if since == never {
		return never
	}
	return since + t.set.lease
}

// mayStand reports whether this node may stand for election; if not, it waits until it may.
func (t *truetime) mayStand() bool {
	if t.mute {
		return false
	}
	if !t.bound(t.r.env.Self()) {
		return true
	}
	t.r.env.SetTimer(timerCampaign, t.promise.until-t.earliest()+1+t.patience()-t.r.set.election)
	return false
}

// patience draws how long this node waits for a leader: those at home first, witnesses last.
func (t *truetime) patience() sim.Time {
	spread := t.r.set.electionMax - t.r.set.election
	rank := sim.Time(1)
	switch self := t.r.env.Self(); {
	case t.witness(self):
		rank = 3
	case t.home(self):
		rank = 0
	}
	return t.r.set.election + rank*spread + sim.Time(t.r.env.Rand().Int64N(int64(spread)))
}
