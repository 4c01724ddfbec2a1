package raft

import (
	"encoding/binary"

	etcd "go.etcd.io/raft/v3"

	"netsplit/sim"
)

// callKind says what one node asks or tells another beside the Raft's messages.
type callKind uint8

const (
	callServe   callKind = iota // do this operation for my client
	callDone                    // what came of it
	callStamp                   // at which timestamp is this strong read?
	callStampIs                 // at this one, once the log is applied up to there
	callAdvance                 // this read waits for the safe time
	callSafe                    // once the log is applied up to there, up to this timestamp nothing more comes
	callRelease                 // lease votes that I have asked for are void
	callMute                    // my disk was emptied
	callWelcome                 // you have been taken in anew
)

var callNames = [...]string{"operation", "answer", "which timestamp", "timestamp", "advance", "safe time", "release", "empty disk", "taken in"}

// call is such a message.
type call struct {
	kind   callKind
	op     sim.Op
	at     sim.Time
	index  uint64
	term   uint64
	result sim.Result
}

// AppendTrace appends all fields.
func (c call) AppendTrace(b []byte) []byte {
	b = c.op.AppendTrace(append(b, byte(c.kind)))
	b = binary.AppendVarint(b, int64(c.at))
	b = binary.AppendUvarint(b, c.index)
	b = binary.AppendUvarint(b, c.term)
	return c.result.AppendTrace(b)
}

// Writes yields the operation that is to be done.
func (c call) Writes(yield func(key string, w sim.OpID)) {
	if c.kind == callServe && c.op.Kind != sim.Read {
		yield(c.op.Key, c.op.ID)
	}
}

// Serves returns the operation that the message is about.
func (c call) Serves() (sim.OpID, bool) { return c.op.ID, c.kind == callServe }

// Facts says what it asks or tells.
func (c call) Facts() []sim.Fact {
	facts := []sim.Fact{sim.Text("message", callNames[c.kind])}
	if c.kind == callStampIs || c.kind == callSafe {
		facts = append(facts, sim.Span("timestamp", c.at), sim.Number("index", c.index))
	}
	if c.op.ID != 0 {
		facts = append(facts, sim.OpFacts(c.op)...)
	}
	return facts
}

// receive takes a message that is not the Raft's, and reports whether it is none of the Raft's business.
func (t *truetime) receive(m *sim.Message) bool {
	c, ok := m.Payload.(call)
	if !ok {
		return t.mute
	}
	q := t.asked[c.op.ID]
	switch c.kind {
	case callServe:
		t.serve(c.op, m.From)
	case callDone:
		if q != nil {
			t.answer(q, c.result)
		}
	case callStamp:
		if t.leads() {
			t.r.env.Send(m.From, sim.KindReply, call{kind: callStampIs, op: c.op, at: t.shown, index: t.shownIndex})
		}
	case callStampIs:
		if q != nil && !q.stamped {
			q.at, q.index, q.stamped = c.at, c.index, true
		}
	case callAdvance:
		if promise, ok := t.advance(); ok {
			t.r.env.Send(m.From, sim.KindReply, promise)
		}
	case callSafe:
		t.promised(c)
	case callRelease:
		if t.promise.holder == m.From && t.promise.sent <= c.at {
			t.promise, t.echo = grant{holder: -1}, echo{}
		}
	case callMute:
		if t.r.role == etcd.StateLeader {
			t.takeIn(m.From)
		}
	case callWelcome:
		t.wake(c.term)
	}
	t.r.pump()
	return true
}
