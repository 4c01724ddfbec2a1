package raft

import (
	"encoding/binary"
	"errors"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// With old-lease=leader-waits nobody withholds a vote because of a lease: a leader may be elected while another's lease
// lasts, and serves no writes and no reads that need a leader until that is over. A vote says for how long its voter has
// promised an earlier leader its lease. Whoever was promised a lease by a majority shares a voter with whoever is elected
// by one, so the longest of a majority's promises is long enough. Meanwhile the new leader replicates its log, but takes
// in no acknowledgement: nothing is committed of which a client could be told while the old leader reads alone. (DynamoDB:
// Elhemali et al., USENIX ATC 2022, section 5; YugabyteDB's leader leases tell the rest of a lease with the vote in this way.)

// vote carries an answer to a candidate, where a new leader waits for the old one's lease.
type vote struct {
	payload
	left sim.Time // that the voter has promised to earlier leaders, by its own clock
}

// AppendTrace appends the message and the time.
func (v vote) AppendTrace(b []byte) []byte {
	return binary.AppendVarint(v.payload.AppendTrace(b), int64(v.left))
}

// promise is how long a follower lets a leader have its lease, from when it has answered a heartbeat, by its own clock.
func (s *settings) promise() sim.Time {
	if s.leaderWaits {
		return s.stretched(s.lease)
	}
	return s.election
}

// stretched returns a span of another's clock as this node must count it to be sure.
func (s *settings) stretched(span sim.Time) sim.Time {
	return (span*(million+sim.Time(s.drift)) + million - sim.Time(s.drift) - 1) / (million - sim.Time(s.drift))
}

// postponed is what a new leader keeps for when it serves.
type postponed struct {
	serves sim.Time               // when, by its monotonic clock
	acks   map[uint64]*pb.Message // the latest acknowledgement of each node
	asked  []*pb.Message          // what other nodes have handed on
}

// takeOffice has a new leader wait for what its voters have promised.
func (r *replica) takeOffice() {
	if !r.set.leaderWaits || r.servesEarly {
		return
	}
	r.reign.serves = max(r.promised, r.oldLease)
	r.reign.acks = map[uint64]*pb.Message{}
	if r.waitsOut() {
		r.env.SetTimer(timerServe, r.reign.serves-r.env.Elapsed())
	}
}

// waitsOut reports whether the node leads, and an earlier leader's lease may still last.
func (r *replica) waitsOut() bool {
	return r.set.leaderWaits && r.role == etcd.StateLeader && r.env.Elapsed() < r.reign.serves
}

// postpones keeps a message for when an old lease is over, and reports whether it did.
func (r *replica) postpones(m *pb.Message) bool {
	if !r.waitsOut() {
		return false
	}
	switch t := m.GetType(); {
	case t == pb.MsgAppResp && !m.GetReject() && m.GetTerm() == r.term:
		r.reign.acks[m.GetFrom()] = m
	case t == pb.MsgProp && len(r.reign.asked) < sim.MaxWaiting:
		r.reign.asked = append(r.reign.asked, m)
	default:
		return t == pb.MsgProp
	}
	return true
}

// serve begins when the old lease is over.
func (r *replica) serve() {
	if r.role != etcd.StateLeader || r.waitsOut() {
		return
	}
	for i := range r.env.Nodes() {
		if m := r.reign.acks[idOf(sim.Addr(i))]; m != nil {
			r.check(r.node.Step(m))
		}
	}
	asked := r.reign.asked
	r.reign.acks, r.reign.asked = nil, nil
	for _, m := range asked {
		if r.refuses(m) {
			continue
		}
		if err := r.node.Step(forwardable(m)); !errors.Is(err, etcd.ErrProposalDropped) {
			r.check(err)
		}
		r.pump()
	}
	r.takeUp()
}

// others returns the other nodes that vote.
func (r *replica) others() []sim.Addr {
	var list []sim.Addr
	for i := range sim.Addr(r.env.Nodes()) {
		if i != r.env.Self() && (slices.Contains(r.conf.GetVoters(), idOf(i)) || slices.Contains(r.conf.GetVotersOutgoing(), idOf(i))) {
			list = append(list, i)
		}
	}
	return list
}
