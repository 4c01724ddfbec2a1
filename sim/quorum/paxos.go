package quorum

import (
	"encoding/binary"
	"slices"

	"netsplit/sim"
)

// Paxos for one key (Lamport, The Part-Time Parliament, 1998), as Cassandra's lightweight transactions have it
// (StorageProxy.java, paxos_variant v1). This file is the acceptor.

// ballot orders proposals. Its time is the proposer's clock, later than any ballot that it has seen refused; it stamps
// the version that is proposed.
type ballot struct {
	time sim.Time
	node sim.Addr
	salt uint32 // of the node's luck: a node that has forgotten its ballots gives none twice
}

func (b ballot) after(c ballot) bool {
	if b.time != c.time {
		return b.time > c.time
	}
	return b.node > c.node || b.node == c.node && b.salt > c.salt
}

func (b ballot) appendTrace(to []byte) []byte {
	to = binary.LittleEndian.AppendUint64(to, uint64(b.time))
	return binary.LittleEndian.AppendUint32(append(to, byte(b.node)), b.salt)
}

// acceptor is what a replica has promised and accepted of one key. It is on disk, and never changed once made.
type acceptor struct {
	promised  ballot
	accepted  ballot
	proposal  state // what was accepted; the zero state stands for nothing, which was proposed by a read
	committed ballot
	latest    state // what was committed
}

// acceptorRecord is the record of an acceptor on disk.
type acceptorRecord struct {
	key string
	a   acceptor
}

// step tells the messages of Paxos apart.
type step byte

const (
	prepare step = iota + 1
	promise
	refuse // of a ballot, to be prepared or proposed
	peek
	peeked
	propose
	accepted
	commit
	committed
)

// paxos is a message between a proposer and an acceptor.
type paxos struct {
	step   step
	op     sim.OpID
	key    string
	ballot ballot
	a      acceptor // of promise and refuse: what is so at the acceptor
	state  state    // of peeked, propose and commit
}

func (p paxos) AppendTrace(b []byte) []byte {
	b = append(b, 'p', byte(p.step))
	b = binary.LittleEndian.AppendUint32(b, uint32(p.op))
	b = p.ballot.appendTrace(append(b, p.key...))
	if p.step == promise || p.step == refuse {
		b = p.a.committed.appendTrace(p.a.accepted.appendTrace(p.a.promised.appendTrace(b)))
		b = p.a.latest.AppendTrace(p.a.proposal.AppendTrace(b))
	}
	return p.state.AppendTrace(b)
}

// Writes yields what is held by the message, and what it may have to be finished of others.
func (p paxos) Writes(yield func(string, sim.OpID)) {
	eachWrite(p.key, p.state, yield)
	eachWrite(p.key, p.a.proposal, yield)
	eachWrite(p.key, p.a.latest, yield)
}

var stepKinds = [...]sim.MessageKind{prepare: sim.KindRequest, promise: sim.KindReply, refuse: sim.KindReply,
	peek: sim.KindRequest, peeked: sim.KindReply, propose: sim.KindReplicate, accepted: sim.KindAck,
	commit: sim.KindReplicate, committed: sim.KindAck}

// post sends a message of Paxos, perhaps to this node itself.
func (r *replica) post(to sim.Addr, p paxos) {
	if to == r.env.Self() {
		r.receivePaxos(to, p)
		return
	}
	r.env.Send(to, stepKinds[p.step], p)
}

func (r *replica) receivePaxos(from sim.Addr, p paxos) {
	switch p.step {
	case prepare, propose:
		r.vote(from, p)
	case peek:
		r.post(from, paxos{step: peeked, op: p.op, key: p.key, ballot: p.ballot, state: r.store.Get(p.key)})
	case commit:
		r.learn(from, p)
	default:
		r.hearAcceptor(from, p)
	}
}

// vote promises a ballot or accepts a proposal, unless a later ballot has been promised. It answers once that is on
// disk.
func (r *replica) vote(from sim.Addr, p paxos) {
	a := r.acceptors[p.key]
	answer := paxos{op: p.op, key: p.key, ballot: p.ballot}
	if a.promised.after(p.ballot) && !r.bugs.forgetPromises {
		answer.step, answer.a.promised = refuse, a.promised
		r.post(from, answer)
		return
	}
	a.promised = p.ballot
	if p.step == propose {
		answer.step = accepted
		a.accepted, a.proposal = p.ballot, p.state
	} else {
		answer.step, answer.a = promise, a
	}
	r.acceptors[p.key] = a
	r.keep(acceptorRecord{p.key, a}, func() { r.post(from, answer) })
}

// learn takes in a version that has been decided.
func (r *replica) learn(from sim.Addr, p paxos) {
	a := r.acceptors[p.key]
	if p.ballot.after(a.committed) {
		a.committed, a.latest = p.ballot, p.state
		if !a.accepted.after(p.ballot) {
			a.accepted, a.proposal = ballot{}, state{}
		}
		r.acceptors[p.key] = a
		if r.store.Get(p.key).Covers(p.state) {
			r.store.Merge(p.key, p.state)
		} else {
			r.store.Accept(p.key, p.state, nil)
		}
	}
	done := paxos{step: committed, op: p.op, key: p.key, ballot: p.ballot}
	r.keep(acceptorRecord{p.key, a}, func() { r.post(from, done) })
}

// voters returns the replicas that a request's proposals go to: all of its key, or those of this node's data centre.
func (r *replica) voters(q *request) []sim.Addr {
	if r.serially(q.op) != localSerial {
		return q.place.holders
	}
	return slices.DeleteFunc(slices.Clone(q.place.holders), func(a sim.Addr) bool { return r.ring.zoneOf[a] != r.home })
}

func (p *proposal) majority() int { return len(p.voters)/2 + 1 }
