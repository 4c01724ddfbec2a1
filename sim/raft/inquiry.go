package raft

import (
	"encoding/binary"

	etcd "go.etcd.io/raft/v3"

	"netsplit/sim"
)

// With ask-first=on a node that no longer hears its leader asks the others whether they do, before it stands for election.
// If one of them does, the leader is well and the fault is on the way to this node alone, a gray failure: it drops the
// attempt, and waits anew. It stands for election once enough have answered that they do not hear the leader either, so
// that they and it are a majority. (DynamoDB: Elhemali et al., USENIX ATC 2022, section 6. A pre-vote asks for the promise
// of a vote, which those who hear the leader do not give; it needs no majority to say why.)

// inquiry is what a node knows of the answers.
type inquiry struct {
	round uint64
	open  bool
	deaf  int // others that do not hear the leader either
}

// question asks a node whether it hears the leader, or answers that.
type question struct {
	round  uint64
	answer bool
	hears  bool
}

// AppendTrace appends every field.
func (q question) AppendTrace(b []byte) []byte {
	flags := byte(0)
	if q.answer {
		flags |= 1
	}
	if q.hears {
		flags |= 2
	}
	return append(binary.AppendUvarint(append(b, '?'), q.round), flags)
}

// Writes yields nothing.
func (q question) Writes(func(string, sim.OpID)) {}

// Facts says what is asked, or answered.
func (q question) Facts() []sim.Fact {
	if !q.answer {
		return []sim.Fact{sim.Text("message", "do you hear the leader?")}
	}
	return []sim.Fact{sim.Text("message", "an answer about the leader"), sim.Yes("hears the leader", q.hears)}
}

// standsForElection begins to, or asks the others first.
func (r *replica) standsForElection() {
	others := r.others()
	if !r.set.asksFirst || len(others) == 0 {
		r.campaign()
		return
	}
	r.inquiry = inquiry{round: r.inquiry.round + 1, open: true}
	for _, to := range others {
		r.env.Send(to, sim.KindVote, question{round: r.inquiry.round})
	}
}

func (r *replica) campaign() {
	r.env.Note(sim.NoteCampaign, -1, int64(r.term)+1)
	r.check(r.node.Campaign())
}

// discusses takes a question about the leader, or an answer, and reports whether the message was one.
func (r *replica) discusses(m *sim.Message) bool {
	q, ok := m.Payload.(question)
	if !ok {
		return false
	}
	switch {
	case !q.answer:
		r.env.Send(m.From, sim.KindVote, question{q.round, true, r.lead != etcd.None && addrOf(r.lead) != m.From})
	case !r.inquiry.open || q.round != r.inquiry.round || r.lead != etcd.None:
	case q.hears:
		r.inquiry.open = false
	default:
		if r.inquiry.deaf++; (r.inquiry.deaf+1)*2 > len(r.others())+1 {
			r.inquiry.open = false
			r.campaign()
			r.pump()
		}
	}
	return true
}
