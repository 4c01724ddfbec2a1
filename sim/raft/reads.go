package raft

import (
	"cmp"
	"encoding/binary"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// read is a read that the leader has confirmed: it may be answered once the entry at index is applied.
type read struct {
	op    sim.OpID
	index uint64
}

// ask hands an operation to the Raft. The Raft drops a proposal, before anything is sent, where it knows no
// leader; it would drop a read without a word.
func (r *replica) ask(op sim.Op) error {
	switch {
	case op.Kind != sim.Read:
		return r.node.Propose(encode(op))
	case r.lead == etcd.None:
		return etcd.ErrProposalDropped
	case r.skipsIndex && r.role == etcd.StateLeader:
		r.replyRead(op)
	case r.level(op) == leased && r.mayReadAlone():
		r.reads = append(r.reads, read{op.ID, r.commit})
		r.answer(nil)
	default:
		r.readIndex(op)
	}
	return nil
}

// level returns how a read is to be done. A lane that keeps no leases does leased reads as linearizable ones.
func (r *replica) level(op sim.Op) string { return cmp.Or(op.Level, r.set.reads) }

// readIndex has the leader confirm a read.
func (r *replica) readIndex(op sim.Op) {
	ctx := binary.LittleEndian.AppendUint32(make([]byte, 0, readSize), uint32(op.ID))
	if r.level(op) == leased {
		ctx = append(ctx, 1)
	}
	r.node.ReadIndex(ctx)
}

// readSize is the size of what a leader is asked for a read: the operation, and a byte if the lease will do.
const readSize = 4 + 1

// answersAlone has a leader with a lease confirm a read that has been handed on to it, and reports whether it did.
func (r *replica) answersAlone(m *pb.Message) bool {
	if r.role != etcd.StateLeader {
		return false
	}
	switch m.GetType() {
	case pb.MsgTransferLeader:
		if r.tt != nil {
			r.tt.handOver(addrOf(m.GetFrom()))
			r.pump()
			return true
		}
		r.reign.handed = true
	case pb.MsgReadIndex:
		if len(m.Entries[0].Data) == readSize && r.mayReadAlone() {
			r.send(&pb.Message{Type: pb.MsgReadIndexResp.Enum(), From: m.To, To: m.From, Term: new(r.term),
				Index: new(r.commit), Entries: m.Entries})
			return true
		}
	}
	return false
}

// answer answers the reads that the leader has confirmed, as far as this replica has applied the log.
func (r *replica) answer(confirmed []etcd.ReadState) {
	for _, s := range confirmed {
		op := sim.OpID(binary.LittleEndian.Uint32(s.RequestCtx))
		r.reads = append(r.reads, read{op, s.Index})
	}
	later := r.reads[:0]
	for _, read := range r.reads {
		if read.index > r.index {
			later = append(later, read)
		} else if op, ok := r.asked[read.op]; ok {
			r.replyRead(op)
		}
	}
	r.reads = later
}

// replyRead answers a read from what is applied here.
func (r *replica) replyRead(op sim.Op) {
	found := r.applied.read(op.Key)
	r.reply(op.ID, sim.Result{Outcome: sim.OK, Value: found.value, Version: found.version})
}
