package raft

import (
	"encoding/binary"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// With rivals=refuse a leader refuses a write of a key of which a write is under way that another replica was asked for: one
// that is in its log and not applied, or that the replica which hands the write on had not acknowledged, and so did not
// know, when it did. Nothing is proposed then, and the client is told so. Writes that one replica was asked for follow each
// other. (DynamoDB's ReplicatedWriteConflictException: "being modified by a request in another
// Region". Who orders the writes there is not published.)

// refusal tells a replica that what it handed on is refused.
type refusal struct{ op sim.OpID }

// AppendTrace appends the operation.
func (f refusal) AppendTrace(b []byte) []byte {
	return binary.AppendUvarint(append(b, '!'), uint64(f.op))
}

// Writes yields nothing.
func (f refusal) Writes(func(string, sim.OpID)) {}

// Facts says what is refused.
func (f refusal) Facts() []sim.Fact {
	return []sim.Fact{sim.Text("message", "refused: a rival is under way"), sim.Operation("operation", f.op)}
}

// rivalled reports whether another replica's write of the key is under way; if not, this one's is from now on.
func (r *replica) rivalled(op sim.Op, origin sim.Addr) bool {
	if !r.set.refusesRivals || r.role != etcd.StateLeader {
		return false
	}
	for _, e := range r.tail.effects {
		from, known := r.reign.origins[e.op.ID]
		if e.took && e.op.Key == op.Key && e.op.ID != op.ID && !(known && from == origin) {
			return true
		}
	}
	if w, ok := r.reign.written[op.Key]; ok && w.op != op.ID && w.origin != origin && origin != r.env.Self() &&
		r.matched(idOf(origin)) < w.index {
		return true
	}
	if r.reign.origins == nil {
		r.reign.origins, r.reign.written = map[sim.OpID]sim.Addr{}, map[string]written{}
	}
	r.reign.origins[op.ID] = origin
	return false
}

// written is the latest write of a key in the log of a leader, since it leads.
type written struct {
	op     sim.OpID
	index  uint64
	origin sim.Addr // the replica that was asked for it
}

// noteWritten notes what a leader has put in order.
func (r *replica) noteWritten(op sim.Op, index uint64) {
	if origin, ok := r.reign.origins[op.ID]; ok && r.role == etcd.StateLeader {
		r.reign.written[op.Key] = written{op.ID, index, origin}
	}
}

// refuses turns down what another replica has handed on, if a rival is under way, and reports whether it did. What it has
// turned down stays so, for a datagram may come twice.
func (r *replica) refuses(m *pb.Message) bool {
	if m.GetType() != pb.MsgProp || !r.set.refusesRivals || !operates(m.Entries[0]) {
		return false
	}
	origin, op := addrOf(m.GetFrom()), decode(m.Entries[0].Data).Op
	if !r.refused[op.ID] && !r.rivalled(op, origin) {
		return false
	}
	if r.refused == nil {
		r.refused = map[sim.OpID]bool{}
	}
	r.refused[op.ID] = true
	r.env.Send(origin, sim.KindReply, refusal{op.ID})
	return true
}

// turnedDown takes a refusal, and reports whether the message was one.
func (r *replica) turnedDown(m *sim.Message) bool {
	f, ok := m.Payload.(refusal)
	if ok {
		r.loseToRival(f.op, r.handed[f.op].times-1)
	}
	return ok
}

// loseToRival tells a client of a rival. What was handed on before may be in the log of another leader: then nobody knows,
// and it is not called refused.
func (r *replica) loseToRival(op sim.OpID, before int) {
	if _, ok := r.asked[op]; !ok {
		return
	}
	res := sim.Result{Outcome: sim.Fail, Reason: sim.ReasonRival}
	if before > 0 {
		res = sim.Result{Outcome: sim.Info, Reason: sim.ReasonGaveUp}
	}
	r.reply(op, res)
}
