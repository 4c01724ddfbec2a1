package raft

import (
	"slices"

	etcd "go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/tracker"

	"netsplit/sim"
)

// A witness votes and keeps the log, and no client may ask it for anything. It stands for election after the others have
// had the time to: where it alone has the end of the log nobody else could be elected. Once it leads it brings a full
// replica up to date, and hands over to it.

// refusesAll answers for a witness, and reports whether this is one.
func (r *replica) refusesAll(op sim.Op) bool {
	if r.set.witness {
		r.env.Reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonWitness})
	}
	return r.set.witness
}

// handsOver has a witness that leads ask the best full replica to take over.
func (r *replica) handsOver() {
	if !r.set.witness || r.role != etcd.StateLeader || r.waitsOut() {
		return
	}
	var to, most uint64
	r.node.WithProgress(func(id uint64, _ etcd.ProgressType, p tracker.Progress) {
		full := id != idOf(r.env.Self()) && !slices.Contains(r.set.witnesses, addrOf(id))
		if full && p.RecentActive && p.Match > most {
			to, most = id, p.Match
		}
	})
	if to != 0 {
		r.reign.handed = true
		r.node.TransferLeader(to)
	}
}
