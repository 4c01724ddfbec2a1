package raft

import (
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// etcd's defaults: https://etcd.io/docs/v3.6/tuning/.
const (
	// HeartbeatInterval is how often a leader tells its followers that it is there.
	HeartbeatInterval = 100 * sim.Millisecond
	// ElectionTimeout is how long a follower believes in a leader that it does not hear. It stands for election
	// after one to two of these, drawn anew each time; a leader without a quorum steps down after as many.
	ElectionTimeout = 1000 * sim.Millisecond
	// ReadTimeout is how long a node hears nothing on a connection before it dials anew: etcd's rafthttp,
	// DefaultConnReadTimeout.
	ReadTimeout = 5 * sim.Second
)

// A replica's timers.
const (
	timerHeartbeat sim.TimerID = iota // of a leader: the next tick
	timerForget                       // of a follower: it has not heard its leader for an ElectionTimeout
	timerCampaign                     // the election deadline of everybody else
)

// Start begins as a follower that knows no leader.
func (r *replica) Start() {
	r.started = true
	r.await()
	if r.first && r.env.Now() == 0 { // the run starts
		r.env.SetTimer(timerCampaign, 0)
	}
	r.pump()
}

// await draws how long this node waits for a leader before it stands for election, and begins to wait.
func (r *replica) await() {
	r.patience = ElectionTimeout + sim.Time(r.env.Rand().Int64N(int64(ElectionTimeout)))
	r.env.SetTimer(timerCampaign, r.patience)
}

// heard begins to wait anew because the leader is there.
func (r *replica) heard() {
	r.env.SetTimer(timerForget, ElectionTimeout)
	r.env.SetTimer(timerCampaign, r.patience)
}

// Fire does what a timer is for.
func (r *replica) Fire(t sim.TimerID) {
	switch t {
	case timerHeartbeat:
		r.env.SetTimer(timerHeartbeat, HeartbeatInterval)
		r.node.Tick()
	case timerForget:
		r.check(r.node.ForgetLeader())
	case timerCampaign:
		r.await()
		r.env.Note(sim.NoteCampaign, -1, int64(r.term)+1)
		r.check(r.node.Campaign())
	}
	r.pump()
}

// believe takes in what the Raft has come to think of term, role and leader.
func (r *replica) believe(soft *etcd.SoftState, hard *pb.HardState) {
	role, term := r.role, r.term
	if hard != nil {
		r.term = hard.GetTerm()
	}
	if soft != nil {
		r.role, r.lead = soft.RaftState, soft.Lead
	}
	if role == r.role && term == r.term {
		return
	}
	if role == etcd.StateLeader {
		r.env.StopTimer(timerHeartbeat)
		r.env.Note(sim.NoteDeposed, -1, int64(term))
	}
	if r.role == etcd.StateLeader {
		r.env.StopTimer(timerForget)
		r.env.StopTimer(timerCampaign)
		r.env.SetTimer(timerHeartbeat, HeartbeatInterval)
		r.env.Note(sim.NoteElected, -1, int64(r.term))
		return
	}
	r.await()
}
