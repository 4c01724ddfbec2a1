package quorum

import (
	"encoding/binary"
	"slices"

	"netsplit/sim"
)

// leg tells apart what nodes say about a write that one hands on to another.
type leg byte

const (
	take   leg = iota + 1 // coordinate it
	taken                 // the other has it
	result                // what the client is to be told
)

// forwarded is a message about a write that a node hands on to a node of one of its vnodes.
type forwarded struct {
	leg    leg
	op     sim.Op
	result sim.Result
}

func (f forwarded) AppendTrace(b []byte) []byte {
	b = f.op.AppendTrace(append(b, 'f', byte(f.leg)))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.op.ID))
	return f.result.AppendTrace(b)
}

// Writes yields the write that is to be coordinated.
func (f forwarded) Writes(yield func(string, sim.OpID)) {
	if f.leg == take {
		yield(f.op.Key, f.op.ID)
	}
}

// Facts says what the message is for.
func (f forwarded) Facts() []sim.Fact {
	names := [...]string{take: "write handed on", taken: "write taken over", result: "result of a write handed on"}
	return []sim.Fact{sim.Text("message", names[f.leg]), sim.Operation("operation", f.op.ID), sim.Text("key", f.op.Key)}
}

// Serves returns the operation.
func (f forwarded) Serves() (sim.OpID, bool) { return f.op.ID, false }

// forwarding is a write that this node hands on.
type forwarding struct {
	q     *request
	tried []sim.Addr // in vain
	acked bool
}

// forward hands a write on to a node of one of its vnodes, which coordinates it.
func (r *replica) forward(q *request) {
	if f := r.forwards[q.op.ID]; f != nil {
		if f.q.answered {
			r.reply(q, f.q.result)
		}
		return
	}
	f := &forwarding{q: q}
	r.forwards[q.op.ID] = f
	r.handOn(f)
	r.later(r.patience(q.op), func() {
		r.answer(q, sim.Result{Outcome: sim.Info, Reason: sim.ReasonTimeout, Need: q.demand.count})
	})
}

// handOn chooses a node at random. One that has not taken the write over in time is not asked again.
func (r *replica) handOn(f *forwarding) {
	var nodes []sim.Addr
	for _, t := range r.preflist(f.q.place, f.q.demand.strict || !r.sloppy) {
		if !slices.Contains(nodes, t.node) && !slices.Contains(f.tried, t.node) {
			nodes = append(nodes, t.node)
		}
	}
	if len(nodes) == 0 {
		return
	}
	to := nodes[r.env.Rand().IntN(len(nodes))]
	if to == r.env.Self() { // it stands in for somebody since
		f.acked, f.q.begun, f.q.targets = true, r.env.Elapsed(), r.targets(f.q.place)
		r.serveVnodes(f.q)
		return
	}
	r.env.Send(to, sim.KindRequest, forwarded{leg: take, op: f.q.op})
	r.later(r.vnodes.forward, func() {
		if !f.acked && !f.q.answered {
			f.tried, f.q.unsure = append(f.tried, to), true
			r.handOn(f)
		}
	})
}

// receiveForward takes a message about a write that is handed on.
func (r *replica) receiveForward(from sim.Addr, m forwarded) {
	f := r.forwards[m.op.ID]
	switch {
	case m.leg == take:
		r.env.Send(from, sim.KindAck, forwarded{leg: taken, op: m.op})
		r.serve(m.op, from)
	case f == nil:
	case m.leg == taken:
		f.acked = true
	default:
		r.answer(f.q, m.result)
	}
}

// reply tells whoever the client has asked. Where a node has not said in time that it has the write, it may yet carry it out.
func (r *replica) reply(q *request, res sim.Result) {
	if q.unsure && res.Outcome == sim.Fail {
		res.Outcome = sim.Info
	}
	if q.origin == r.env.Self() {
		r.env.Reply(q.op.ID, res)
		return
	}
	r.env.Send(q.origin, sim.KindReply, forwarded{leg: result, op: q.op, result: res})
}
