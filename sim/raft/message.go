package raft

import (
	"encoding/binary"

	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// payload carries one of Raft's own messages.
type payload struct{ msg *pb.Message }

// AppendTrace appends every field that Raft reads, but for the endpoints, which the world adds itself.
func (p payload) AppendTrace(b []byte) []byte {
	m := p.msg
	reject := byte(0)
	if m.GetReject() {
		reject = 1
	}
	b = append(b, byte(m.GetType()), reject)
	b = binary.AppendUvarint(b, m.GetTerm())
	b = binary.AppendUvarint(b, m.GetLogTerm())
	b = binary.AppendUvarint(b, m.GetIndex())
	b = binary.AppendUvarint(b, m.GetCommit())
	b = binary.AppendUvarint(b, m.GetRejectHint())
	b = appendBytes(b, m.Context)
	b = binary.AppendUvarint(b, uint64(len(m.Entries)))
	for _, e := range m.Entries {
		b = binary.AppendUvarint(b, e.GetTerm())
		b = binary.AppendUvarint(b, e.GetIndex())
		b = appendBytes(b, e.Data)
		if changesMembers(e) {
			b = append(b, byte(e.GetType()))
		}
	}
	if s := m.Snapshot; s != nil {
		b = binary.AppendUvarint(b, s.GetMetadata().GetIndex())
		b = binary.AppendUvarint(b, s.GetMetadata().GetTerm())
		for _, id := range s.GetMetadata().GetConfState().GetVoters() {
			b = binary.AppendUvarint(b, id)
		}
		b = appendBytes(b, s.Data)
	}
	return b
}

func appendBytes(b, data []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(data)))
	return append(b, data...)
}

// Writes yields the operation of every log entry carried, or what a snapshot holds.
func (p payload) Writes(yield func(key string, w sim.OpID)) {
	if s := p.msg.Snapshot; s != nil {
		snapshotWrites(s.Data, yield)
	}
	if t := p.msg.GetType(); t != pb.MsgApp && t != pb.MsgProp {
		return
	}
	for _, e := range p.msg.Entries {
		if operates(e) {
			op := decode(e.Data)
			yield(op.Key, op.ID)
		}
	}
}

// operates reports whether an entry of the log is a client's operation.
func operates(e *pb.Entry) bool { return len(e.Data) > 0 && !changesMembers(e) }

// kindOf says what one of Raft's messages is for; 0 for those that are never sent.
func kindOf(t pb.MessageType) sim.MessageKind {
	switch t {
	case pb.MsgHeartbeat, pb.MsgHeartbeatResp:
		return sim.KindHeartbeat
	case pb.MsgApp, pb.MsgSnap:
		return sim.KindReplicate
	case pb.MsgAppResp:
		return sim.KindAck
	case pb.MsgProp, pb.MsgReadIndex, pb.MsgTransferLeader:
		return sim.KindRequest
	case pb.MsgReadIndexResp:
		return sim.KindReply
	case pb.MsgPreVote, pb.MsgPreVoteResp, pb.MsgVote, pb.MsgVoteResp, pb.MsgTimeoutNow:
		return sim.KindVote
	default:
		return 0
	}
}

// forwardable returns a message that Raft may readdress: one that was sent must not change.
func forwardable(m *pb.Message) *pb.Message {
	if t := m.GetType(); t == pb.MsgProp || t == pb.MsgReadIndex || t == pb.MsgTransferLeader {
		return &pb.Message{Type: m.Type, From: m.From, Entries: m.Entries}
	}
	return m
}

// opHeader is the size of an encoded operation without its key.
const (
	opHeader  = 4 + 4 + 1 + 8 + 8
	kindAt    = 4 + 4 // where its kind is
	stampSize = 8     // of its timestamp, which comes after the key
)

// encode writes an operation as the data of a log entry.
func encode(op sim.Op) []byte {
	b := make([]byte, 0, opHeader+len(op.Key))
	b = binary.LittleEndian.AppendUint32(b, uint32(op.Client))
	b = binary.LittleEndian.AppendUint32(b, uint32(op.ID))
	b = append(b, byte(op.Kind))
	b = binary.LittleEndian.AppendUint64(b, uint64(op.Value))
	b = binary.LittleEndian.AppendUint64(b, uint64(op.Expect))
	return append(b, op.Key...)
}

// decode reads the operation that encode wrote.
func decode(b []byte) sim.Op {
	end := len(b)
	if b[kindAt]&stampedKind != 0 {
		end -= stampSize
	}
	return sim.Op{
		Client: sim.Addr(binary.LittleEndian.Uint32(b)),
		ID:     sim.OpID(binary.LittleEndian.Uint32(b[4:])),
		Kind:   sim.OpKind(b[kindAt] &^ stampedKind),
		Value:  int64(binary.LittleEndian.Uint64(b[9:])),
		Expect: int64(binary.LittleEndian.Uint64(b[17:])),
		Key:    keyOf(b[opHeader:end]),
	}
}

// keyOf is string(b), without an allocation for the one key that nearly every operation is about.
func keyOf(b []byte) string {
	if string(b) == sim.Account {
		return sim.Account
	}
	return string(b)
}
