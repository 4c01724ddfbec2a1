package raft

import (
	"errors"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"

	"netsplit/sim"
)

// Operate carries out transfer and members.
func (r *replica) Operate(cmd sim.Command) {
	switch cmd.Verb {
	case sim.VerbTransfer: // asked of the leader that this node follows
		r.node.TransferLeader(idOf(r.env.Self()))
	case sim.VerbMembers:
		if r.role == etcd.StateLeader {
			r.proposeMembers(cmd.Members)
		}
	}
	r.pump()
}

// proposeMembers asks for other members, by way of a time in which majorities of both old and new must agree (Ongaro 4.3).
// While a change is under way etcd's Raft takes no other.
func (r *replica) proposeMembers(names []string) {
	change := &pb.ConfChangeV2{Transition: pb.ConfChangeTransitionJointImplicit.Enum()}
	add := func(t pb.ConfChangeType, id uint64) {
		change.Changes = append(change.Changes, &pb.ConfChangeSingle{Type: t.Enum(), NodeId: new(id)})
	}
	var wanted []uint64
	for _, name := range names {
		id := idOf(sim.Addr(slices.Index(r.set.names, name)))
		wanted = append(wanted, id)
		if !slices.Contains(r.conf.GetVoters(), id) {
			add(pb.ConfChangeAddNode, id)
		}
	}
	for _, id := range r.conf.GetVoters() {
		if !slices.Contains(wanted, id) {
			add(pb.ConfChangeRemoveNode, id)
		}
	}
	if len(change.Changes) == 0 {
		return
	}
	if err := r.node.ProposeConfChange(change); !errors.Is(err, etcd.ErrProposalDropped) {
		r.check(err)
	}
}

// changesMembers reports whether an entry of the log does.
func changesMembers(entry *pb.Entry) bool { return entry.GetType() == pb.EntryConfChangeV2 }

// reconfigure goes by other members from here on.
func (r *replica) reconfigure(entry *pb.Entry) {
	var change pb.ConfChangeV2
	r.check(proto.Unmarshal(entry.Data, &change))
	if r.upper != nil && len(change.Changes) > 0 && !r.upper.Permits(change.Context) {
		return
	}
	r.conf = r.node.ApplyConfChange(&change)
	r.stepped = true
	if r.quiet {
		return
	}
	r.env.Note(sim.NoteMembers, -1, int64(len(r.conf.GetVoters())+len(r.conf.GetVotersOutgoing())))
}

// member reports whether this node has a vote.
func (r *replica) member() bool {
	self := idOf(r.env.Self())
	return slices.Contains(r.conf.GetVoters(), self) || slices.Contains(r.conf.GetVotersOutgoing(), self)
}
