package raft

import (
	"bytes"
	"encoding/binary"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// A leader's lease is the adapter's own (Ongaro 6.4.1), and not that of etcd's Raft, which would keep a follower from
// forgetting its leader. Each heartbeat carries the time of the leader's monotonic clock at which it was sent, and its
// answer carries that back. From the latest time that a majority has answered on, the lease lasts as long as the knob
// says. For its part, a follower that has answered grants no vote for an election timeout by its own clock; and one
// that has been restarted, which cannot know what it had answered, grants none for as long.

// stamped carries a heartbeat, or its answer, where leases are kept.
type stamped struct {
	payload
	sent sim.Time // the heartbeat, by the leader's clock
}

// AppendTrace appends the message and the time.
func (p stamped) AppendTrace(b []byte) []byte {
	return binary.AppendVarint(p.payload.AppendTrace(b), int64(p.sent))
}

// reign is what a leader knows of its term.
type reign struct {
	first  uint64     // the entry with which the term began; 0 before
	acked  []sim.Time // by node: when the latest heartbeat that it has answered was sent; -1 for none
	handed bool       // leadership has been handed over: whoever got it may be elected at any time, lease or not
}

func newReign(nodes int) reign {
	return reign{acked: slices.Repeat([]sim.Time{-1}, nodes)}
}

// dress returns a message as it travels.
func (r *replica) dress(m *pb.Message) sim.Payload {
	switch {
	case r.tt != nil:
		return r.tt.dress(m)
	case !r.set.leases():
	case m.GetType() == pb.MsgHeartbeat:
		return stamped{payload{m}, r.env.Elapsed()}
	case m.GetType() == pb.MsgHeartbeatResp:
		return stamped{payload{m}, r.echo}
	}
	return payload{m}
}

// undress takes in the time that a message carries, and returns the message; nil if it asks for a vote that was
// promised away.
func (r *replica) undress(from sim.Addr, p sim.Payload) *pb.Message {
	if r.tt != nil {
		return r.tt.undress(from, p)
	}
	s, ok := p.(stamped)
	if !ok {
		m := p.(payload).msg
		if t := m.GetType(); r.set.leases() && (t == pb.MsgVote || t == pb.MsgPreVote) && r.env.Elapsed() < r.promised &&
			!bytes.Equal(m.Context, transferred) {
			return nil
		}
		return m
	}
	m := s.msg
	switch t := m.GetType(); {
	case t == pb.MsgHeartbeat && m.GetTerm() >= r.term:
		r.promised = max(r.promised, r.env.Elapsed()+r.set.election)
		r.echo = s.sent
	case t == pb.MsgHeartbeatResp && m.GetTerm() == r.term && r.role == etcd.StateLeader:
		r.reign.acked[from] = max(r.reign.acked[from], s.sent)
	}
	return m
}

// transferred is the context in which etcd's Raft asks for votes after leadership has been handed over: whatever was
// promised.
var transferred = []byte("CampaignTransfer")

// mayReadAlone reports whether the lease lasts.
func (r *replica) mayReadAlone() bool {
	if !r.set.leases() || r.role != etcd.StateLeader || r.reign.handed || r.reign.first == 0 || r.commit < r.reign.first {
		return false
	}
	now := r.env.Elapsed()
	r.reign.acked[r.env.Self()] = now
	since := r.agreed(r.conf.GetVoters())
	if old := r.conf.GetVotersOutgoing(); len(old) > 0 {
		since = min(since, r.agreed(old))
	}
	length := r.set.lease
	if r.longLease {
		length *= 4
	}
	return since >= 0 && now < since+length
}

// agreed returns the latest time that a majority has answered.
func (r *replica) agreed(voters []uint64) sim.Time { return agreedOf(r.reign.acked, voters) }

func agreedOf(acked []sim.Time, voters []uint64) sim.Time {
	times := make([]sim.Time, len(voters))
	for i, id := range voters {
		times[i] = acked[addrOf(id)]
	}
	slices.Sort(times)
	return times[(len(times)-1)/2]
}
