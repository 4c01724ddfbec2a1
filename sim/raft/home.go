package raft

import (
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// Where leadership belongs. A leader away from home hands over to a replica at home that has been well for a while; a
// witness to whoever may lead. It abdicates as in the paper (appendix A): it orders nothing more, waits until every
// timestamp that it has assigned or promised has definitely passed, and then gives the lease votes back.

// stepDown has a leader whose lease is over by its own clock step down if it has not heard a majority for an election
// timeout, once a heartbeat: a leader with a lease has not to hear anybody.
func (t *truetime) stepDown() {
	r := t.r
	now := r.env.Elapsed()
	if r.role != etcd.StateLeader || !t.after(t.leaseEnd()) || now < t.checked+r.set.election {
		return
	}
	t.checked = now
	r.check(r.node.Step(&pb.Message{Type: pb.MsgCheckQuorum.Enum(), From: new(etcd.LocalAppendThread), To: new(idOf(r.env.Self()))}))
}

// home reports whether a node is where leadership belongs.
func (t *truetime) home(a sim.Addr) bool {
	return t.set.region[a] == t.set.region[t.r.set.first] && !t.witness(a)
}

// lookHome has a leader think of handing over, once a heartbeat.
func (t *truetime) lookHome() {
	self := t.r.env.Self()
	if t.r.role != etcd.StateLeader || t.handing >= 0 || t.r.reign.handed || t.home(self) {
		return
	}
	if t.healthy >= 0 && !t.well(t.fit) {
		t.healthy = -1
	}
	for a := sim.Addr(0); t.healthy < 0 && int(a) < t.r.env.Nodes(); a++ {
		if t.well(a) && (t.home(a) || t.witness(self) && !t.witness(a)) {
			t.healthy, t.fit = t.r.env.Elapsed(), a
		}
	}
	switch {
	case t.healthy < 0:
	case t.witness(self), t.set.back > 0 && t.r.env.Elapsed() >= t.healthy+t.set.back:
		t.handOver(t.fit)
	}
}

// well reports whether a follower answers, and has what is committed.
func (t *truetime) well(a sim.Addr) bool {
	return a != t.r.env.Self() && t.r.env.Elapsed() < t.heard[a]+t.r.set.election && t.r.matched(idOf(a)) >= t.r.commit
}

// handOver begins to abdicate in favour of a node.
func (t *truetime) handOver(to sim.Addr) {
	if t.r.role == etcd.StateLeader && t.handing < 0 && !t.r.reign.handed && to != t.r.env.Self() && !t.witness(to) {
		t.handing = to
		t.r.reign.handed = true
		t.r.env.SetTimer(timerHand, 2*(t.r.set.election+t.set.epsilon))
	}
}

// abdicate gives the lease votes back, and has the other stand for election, when all timestamps have passed.
func (t *truetime) abdicate() {
	r, to := t.r, t.handing
	if to < 0 || r.role != etcd.StateLeader || !t.after(t.last) || r.matched(idOf(to)) < r.tail.last {
		return
	}
	t.handing, t.released = -1, t.earliest()
	r.env.SetTimer(timerHand, r.set.election)
	for i := range r.reign.acked {
		r.reign.acked[i] = never
		if a := sim.Addr(i); a != r.env.Self() {
			r.env.Send(a, sim.KindVote, call{kind: callRelease, at: t.released})
		}
	}
	r.send(&pb.Message{Type: pb.MsgTimeoutNow.Enum(), From: new(idOf(r.env.Self())), To: new(idOf(to)), Term: new(r.term)})
}

// keepOn ends an attempt to hand over that has come to nothing: lease votes are asked for anew.
func (t *truetime) keepOn() {
	t.handing, t.healthy = -1, -1
	t.r.reign.handed = false
}
