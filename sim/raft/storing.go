package raft

import (
	"errors"
	"math"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// promise is what a Raft must not forget beside its log.
type promise struct{ term, vote uint64 }

// restore takes up what the disk holds: the term, the vote, the snapshot, the log, and what is known to be committed.
func (r *replica) restore() {
	hard, members, err := r.storage.InitialState()
	r.check(err)
	r.conf = members
	if len(members.GetVoters()) == 0 {
		r.conf = format(r.env, r.storage)
	}
	r.promise, r.term, r.commit = promise{hard.GetTerm(), hard.GetVote()}, hard.GetTerm(), hard.GetCommit()
	snap, err := r.storage.Snapshot()
	r.check(err)
	if index := snap.GetMetadata().GetIndex(); index > 0 {
		r.applied, r.tail.machine = decodeMachine(r.env.Opening, snap.Data), decodeMachine(r.env.Opening, snap.Data)
		r.index, r.snapped, r.tail.last = index, index, index
		r.tookOver()
	}
	last, err := r.storage.LastIndex()
	r.check(err)
	r.blank = last == 0 && r.env.Now() != 0
	var entries []*pb.Entry
	if last > r.index {
		entries, err = r.storage.Entries(r.index+1, last+1, math.MaxUint64)
		r.check(err)
	}
	for _, entry := range entries {
		r.tail.append(entry)
		r.saw(entry)
	}
	r.restart(entries, max(r.commit, r.index))
}

// restart makes the Raft, and applies the stored entries up to one that is known to be committed. What they change of
// the members the Raft is told: it has taken up those of the snapshot.
func (r *replica) restart(entries []*pb.Entry, commit uint64) {
	r.node = newRawNode(r.env, r.set, r.storage, commit)
	r.quiet = true
	r.apply(entries[:commit-r.index])
	r.quiet = false
}

// persist hands the disk what is to be stored, and delivers what rests on it once it is durable. A commit index need
// not be: after a crash it is learned again. So it waits for no fsync but those under way.
func (r *replica) persist(m *pb.Message) {
	sync := len(m.Entries) > 0 || m.Snapshot != nil
	if m.Term != nil { // it carries a hard state
		p := promise{m.GetTerm(), m.GetVote()}
		sync = sync || p != r.promise
		r.promise = p
	}
	if sync || m.Term != nil {
		r.env.Persist(r.record(m))
	}
	if r.sendsEarly {
		m.Responses = slices.DeleteFunc(m.Responses, func(m *pb.Message) bool {
			others := m.GetTo() != idOf(r.env.Self())
			if others {
				r.send(m)
			}
			return others
		})
	}
	switch last := len(r.flushes) - 1; {
	case sync:
		r.flushes = append(r.flushes, m.Responses)
		r.env.Sync(r.flushed)
	case last >= 0:
		r.flushes[last] = append(r.flushes[last], m.Responses...)
	default:
		r.deliver(m.Responses)
	}
}

// record returns what is stored of a message to the append thread: all, unless votes are forgotten.
func (r *replica) record(m *pb.Message) *pb.Message {
	if !r.forgetsVote || m.Term == nil {
		return m
	}
	return &pb.Message{Type: m.Type, Entries: m.Entries, Snapshot: m.Snapshot, Term: m.Term, Vote: new(uint64(0)), Commit: m.Commit}
}

// flush takes the end of the oldest fsync that was asked for.
func (r *replica) flush() {
	responses := r.flushes[0]
	r.flushes[0] = nil
	r.flushes = r.flushes[1:]
	r.deliver(responses)
	if !r.pumping {
		r.pump()
		r.answer(nil) // what a snapshot lets be answered
	}
}

// deliver steps the Raft with the messages to itself that a thread of its own answers with, and sends the others.
func (r *replica) deliver(responses []*pb.Message) {
	for _, m := range responses {
		if m.GetTo() == idOf(r.env.Self()) {
			if m.Snapshot != nil {
				r.install(m.Snapshot)
			}
			r.stepped = true
			if err := r.node.Step(m); err != nil && !errors.Is(err, etcd.ErrStepPeerNotFound) { // it is no longer a member
				r.check(err)
			}
		} else {
			r.send(m)
		}
	}
}

// order puts entries at the end of the log, in place of any that stand there, and tells the referee what that
// changes.
func (r *replica) order(entries []*pb.Entry) {
	if len(entries) == 0 {
		return
	}
	for r.tail.last >= entries[0].GetIndex() {
		if e := r.tail.truncate(); e.took {
			r.env.Holds(e.op.Key, e.found.version)
		}
	}
	if r.role == etcd.StateLeader && r.reign.first == 0 {
		r.reign.first = entries[0].GetIndex()
	}
	for _, entry := range entries {
		e := r.tail.append(entry)
		r.saw(entry)
		if _, ok := r.asked[e.op.ID]; ok && r.acksAppend && r.role == etcd.StateLeader {
			r.reply(e.op.ID, e.result())
		}
		if !e.took {
			continue
		}
		if r.role == etcd.StateLeader && e.found.version != 0 { // what a leader stores it has just ordered
			r.env.Follows(e.op.ID, e.found.version)
		}
		r.env.Holds(e.op.Key, e.op.ID)
	}
}

// apply carries out committed entries, and answers those writes that this replica was asked for.
func (r *replica) apply(entries []*pb.Entry) {
	for i, entry := range entries {
		if r.index++; entry.GetIndex() != r.index {
			broken(r.env, "entry %d is committed after entry %d", entry.GetIndex(), r.index-1)
		}
		if r.hears != nil {
			r.hears(entry)
		}
		var e effect
		if operates(entry) {
			e = r.applied.apply(decode(entry.Data))
			r.applied.date(e, stampOf(entry))
		} else if changesMembers(entry) {
			r.reconfigure(entry)
		}
		if e != r.tail.effects[i] {
			broken(r.env, "entry %d does to the applied state %+v, and not what it did to the log's", r.index, e)
		}
		if r.tt != nil {
			r.tt.applied(r.index, stampOf(entry))
		}
		if op, ok := r.asked[e.op.ID]; ok && (e.fresh || op.Attempt > 0) { // of a retry, the answer that it missed
			r.reply(e.op.ID, e.result())
		}
	}
	r.tail.settle(len(entries))
	if !r.quiet {
		r.compact()
	}
}
