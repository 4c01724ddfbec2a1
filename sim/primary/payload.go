package primary

import (
	"encoding/binary"

	"netsplit/sim"
)

// what tells the payloads apart.
type what byte

const (
	wal      what = iota + 1 // a primary's log: records after index, whose line is at; wants asks for a report
	report                   // a standby's positions, by which it also calls a primary
	lineage                  // a primary's answer to a standby whose log is not a part of its own: its lines
	announce                 // a primary made by hand tells that it is one
	forward                  // an operation for the primary
	answer                   // the answer to it
	ask                      // of the lease
	grant                    // what the lease is, in answer or because it has changed
	poll                     // a candidate asks how far a node is
	polled                   // the answer
	safe                     // a primary that cannot reach the lease asks whether it may go on
	safeAck
	watchAsk  // a tool asks the primary for a sign of life
	watchAck  //
	watchSeen // the tool has had it
	appoint   // the tool makes a standby the primary
)

// payload is any message of this protocol; each kind uses some of the fields.
type payload struct {
	what    what
	line    line // of the sender
	at      line // of the record at index
	index   int
	end     int // of the sender's log
	wants   bool
	records []record
	spans   []span

	written, flushed, applied int

	op     sim.Op
	result sim.Result

	number int // of a question, to be repeated in the answer
	asks   asking
	view   view
	reigns bool // polled: the node is a primary
}

// asking is what is asked of the lease.
type asking struct {
	verb    leaseVerb
	optime  int
	sync    syncKey
	version int
}

// AppendTrace appends every field that the receiver reads.
func (p payload) AppendTrace(b []byte) []byte {
	num := func(ns ...int) {
		for _, n := range ns {
			b = binary.AppendVarint(b, int64(n))
		}
	}
	lineOf := func(l line) { num(int(l.n), int(l.by), int(l.at)) }
	flag := func(f bool) {
		if f {
			num(1)
		} else {
			num(0)
		}
	}
	key := func(k syncKey) {
		num(int(k.leader), len(k.voters), k.quorum)
		for _, v := range k.voters {
			num(int(v))
		}
	}
	b = append(b, byte(p.what))
	lineOf(p.line)
	lineOf(p.at)
	num(p.index, p.end, len(p.records), len(p.spans), p.written, p.flushed, p.applied, p.number)
	flag(p.wants)
	flag(p.reigns)
	for _, r := range p.records {
		lineOf(r.line)
		b = r.op.AppendTrace(b)
	}
	for _, s := range p.spans {
		lineOf(s.line)
		num(s.first)
	}
	b = p.op.AppendTrace(b)
	b = append(b, byte(p.result.Outcome))
	b = append(b, p.result.Reason...)
	num(int(p.result.Value), int(p.result.Version))
	flag(p.result.Applied)
	num(int(p.asks.verb), p.asks.optime, p.asks.version)
	key(p.asks.sync)
	num(int(p.view.holder), p.view.optime, p.view.version, len(p.view.alive))
	lineOf(p.view.line)
	key(p.view.sync)
	flag(p.view.ok)
	for _, a := range p.view.alive {
		num(int(a))
	}
	return b
}

// Writes yields the writes carried.
func (p payload) Writes(yield func(string, sim.OpID)) {
	for _, r := range p.records {
		yield(r.op.Key, r.op.ID)
	}
	if p.what == forward && p.op.Kind != sim.Read {
		yield(p.op.Key, p.op.ID)
	}
}

// Serves returns the operation that a standby hands to its primary, or has back from it.
func (p payload) Serves() (sim.OpID, bool) { return p.op.ID, p.what == forward || p.what == answer }

// kindOf returns what kind of message carries a payload.
func kindOf(w what) sim.MessageKind {
	switch w {
	case wal, lineage:
		return sim.KindReplicate
	case report:
		return sim.KindAck
	case forward:
		return sim.KindRequest
	case answer:
		return sim.KindReply
	case poll, polled:
		return sim.KindVote
	}
	return sim.KindHeartbeat
}
