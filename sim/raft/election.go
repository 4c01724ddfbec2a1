package raft

import (
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// A replica's timers.
const (
	timerHeartbeat sim.TimerID = iota // of a leader: the next tick
	timerForget                       // of a follower: it has not heard its leader for an election timeout
	timerCampaign                     // the election deadline of everybody else
	timerSnapshot                     // of a leader: a snapshot that was sent is not acknowledged
	timerAgain                        // of a replica that waits for leaders: reads are to be asked again
	timerPatience                     // and its oldest request has waited for long enough
	timerSafe                         // of a leader that gives commit timestamps: its next promise is due
	timerWait                         // a time for which somebody waits has definitely passed
	timerAsk                          // what was handed on is to be handed on again
	timerHand                         // of a leader: handing over has come to nothing
	timerMute                         // of a node with an empty disk: it says so again
	timers                            // how many there are
)

// Start begins as a follower that knows no leader.
func (r *replica) Start() {
	r.started = true
	r.await()
	switch now := r.env.Now(); {
	case r.set.first == r.env.Self() && now == 0: // the run starts
		r.env.SetTimer(timerCampaign, 0)
	case now != 0: // what it promised before the crash it does not know
		r.promised = r.env.Elapsed() + r.set.election
		if r.tt != nil {
			r.tt.restarted()
		}
	}
	r.pump()
}

// await draws how long this node waits for a leader before it stands for election, and begins to wait.
func (r *replica) await() {
	if r.tt != nil {
		r.patience = r.tt.patience()
		r.env.SetTimer(timerCampaign, r.patience)
		return
	}
	r.patience = r.set.election + sim.Time(r.env.Rand().Int64N(int64(r.set.electionMax-r.set.election)))
	r.env.SetTimer(timerCampaign, r.patience)
}

// heard begins to wait anew because the leader is there.
func (r *replica) heard() {
	if r.set.checkQuorum {
		r.env.SetTimer(timerForget, r.set.election)
	}
	r.env.SetTimer(timerCampaign, r.patience)
}

// Fire does what a timer is for.
func (r *replica) Fire(t sim.TimerID) {
	switch t {
	case timerHeartbeat:
		r.env.SetTimer(timerHeartbeat, r.set.heartbeat)
		r.node.Tick()
		if r.tt != nil {
			r.tt.lookHome()
			r.tt.stepDown()
		}
	case timerForget:
		r.check(r.node.ForgetLeader())
	case timerCampaign:
		r.await()
		if r.member() && (r.tt == nil || r.tt.mayStand()) {
			r.env.Note(sim.NoteCampaign, -1, int64(r.term)+1)
			r.check(r.node.Campaign())
		}
	case timerSnapshot:
		r.snapshotsFailed()
	case timerAgain:
		r.readAgain()
	case timerPatience:
		r.giveUp()
	case timerSafe:
		r.tt.publish()
	case timerAsk:
		r.tt.askAgain()
	case timerHand:
		r.tt.keepOn()
	case timerMute:
		r.tt.sayMute()
	}
	r.pump()
}

// believe takes in what the Raft has come to think of term, role and leader.
func (r *replica) believe(soft *etcd.SoftState, hard *pb.HardState) {
	role, term := r.role, r.term
	if r.tt != nil {
		defer r.tt.believed(role, term, r.lead, r.tt.leaving())
	}
	if hard != nil {
		r.term, r.commit = hard.GetTerm(), hard.GetCommit()
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
		r.env.SetTimer(timerHeartbeat, r.set.heartbeat)
		r.env.Note(sim.NoteElected, -1, int64(r.term))
		r.reign = newReign(r.env.Nodes())
		return
	}
	if r.role == etcd.StateFollower && role != etcd.StateLeader && !r.set.waitsAnew {
		return
	}
	r.await()
}
