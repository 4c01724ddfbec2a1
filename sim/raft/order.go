package raft

import (
	"bytes"
	"maps"
	"slices"

	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"

	"netsplit/sim"
)

// Order is a Raft on which another protocol is built, which takes it for a majority's total order of messages: it serves no
// clients itself. Its state machine is that of certified operations.
type Order struct{ r *replica }

// Upper is what is built on an Order. It is called while the Order is made, for what is on disk, and whenever more is
// ordered for good.
type Upper interface {
	// Ordered takes one entry: each node gets all of them, in the same order, unless a snapshot stands for some.
	Ordered(e Entry)
	// Permits reports whether a change of the members that was ordered with this context holds. It is a function of what was
	// ordered before.
	Permits(context []byte) bool
	// Encode returns what Decode takes on another node in place of all entries so far.
	Encode() []byte
	Decode(state []byte)
}

// Entry is what one place of an order holds: an operation, a note, a change of the members, or nothing.
type Entry struct {
	Index   uint64
	Note    []byte // nil for none
	Members []sim.Addr
	Changed bool // Members are others than before
	Op      sim.Op
	Tag     uint16     // of the operation
	Fresh   bool       // the operation had not been ordered before
	Took    bool       // it set its register
	Result  sim.Result // of the operation
	Before  int64      // what its register held before
	Based   sim.OpID   // the write that had set that
}

// Timers is how many timers an Order has: whatever is built on it numbers its own from there.
const Timers = sim.TimerID(timerPatience) + 1

// NewOrder makes an Order under a configuration of Protocol's knobs.
func NewOrder(env sim.Env, cfg sim.Config, upper Upper) *Order {
	return &Order{newReplicaFor(upper, env, cfg)}
}

// Replica returns the Order as what the world may start, wake and hand messages.
func (o *Order) Replica() sim.Replica { return o.r }

// Blank reports whether it was made from an empty disk after the run had started.
func (o *Order) Blank() bool { return o.r.blank }

// Applied returns the latest index.
func (o *Order) Applied() uint64 { return o.r.index }

// Leads reports whether the Order knows a leader, and which node that is.
func (o *Order) Leads() (sim.Addr, bool) { return addrIfAny(o.r.lead), o.r.lead != 0 }

// Registers calls yield with every register that was set, by key.
func (o *Order) Registers(yield func(key string, value int64, version sim.OpID)) {
	for _, key := range slices.Sorted(maps.Keys(o.r.applied.registers)) {
		r := o.r.applied.registers[key]
		yield(key, r.value, r.version)
	}
}

// Known returns the answer to an attempt at an operation, if it has been ordered.
func (o *Order) Known(op sim.Op) (sim.Result, bool) {
	a, ok := o.r.applied.seen[identity{op.Client, op.ID}]
	if !ok || a.refused > 0 && a.refused != uint64(op.Attempt)+1 {
		return sim.Result{}, false
	}
	return effect{op: op, first: a}.result(), true
}

// Propose asks for an operation to be ordered that rests on a write of its key, and reports whether there was a leader to
// ask. It may be lost.
func (o *Order) Propose(op sim.Op, based sim.OpID, tag uint16) bool {
	return o.proposed(o.r.node.Propose(encode(proposal{op, true, based, tag})))
}

// Note asks for a note to be ordered, as Propose.
func (o *Order) Note(note []byte) bool {
	return o.proposed(o.r.node.Propose(append(slices.Clone(noted), note...)))
}

// Change asks for a node to be taken in, or left out, as Propose.
func (o *Order) Change(node sim.Addr, in bool, context []byte) bool {
	kind := pb.ConfChangeRemoveNode
	if in {
		kind = pb.ConfChangeAddNode
	}
	return o.proposed(o.r.node.ProposeConfChange(&pb.ConfChangeV2{Context: context,
		Changes: []*pb.ConfChangeSingle{{Type: kind.Enum(), NodeId: new(idOf(node))}}}))
}

// proposed goes on after something was proposed.
func (o *Order) proposed(err error) bool {
	if err != nil {
		return false
	}
	if o.r.stepped = true; !o.r.pumping {
		o.r.pump()
	}
	return true
}

// noted begins an entry with a note: no operation's client has this number.
var noted = []byte{0xff, 0xff, 0xff, 0xff}

func notes(e *pb.Entry) bool { return bytes.HasPrefix(e.Data, noted) && !changesMembers(e) }

// tell hands an entry that is applied to what is built on this.
func (r *replica) tell(entry *pb.Entry, e effect) {
	if r.upper == nil {
		return
	}
	t := Entry{Index: entry.GetIndex(), Fresh: e.fresh, Took: e.took}
	for _, id := range r.conf.GetVoters() {
		t.Members = append(t.Members, addrOf(id))
	}
	switch {
	case operates(entry):
		p := decode(entry.Data)
		t.Op, t.Tag, t.Result, t.Before, t.Based = p.Op, p.tag, e.result(), e.found.value, e.found.version
	case notes(entry):
		t.Note = entry.Data[len(noted):]
	case changesMembers(entry):
		var change pb.ConfChangeV2
		r.check(proto.Unmarshal(entry.Data, &change))
		t.Changed = len(change.Changes) > 0
	}
	r.upper.Ordered(t)
}

// state is what a snapshot holds.
func (r *replica) state() []byte {
	b := r.applied.encode()
	if r.upper != nil {
		b = append(b, r.upper.Encode()...)
	}
	return b
}

// hand gives what is built on this the state of a snapshot.
func (r *replica) hand(data []byte) {
	if r.upper != nil {
		d := decoder(data)
		d.machine(r.env.Opening)
		r.upper.Decode(d)
	}
}
