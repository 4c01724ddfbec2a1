package raft

import (
	"encoding/binary"
	"errors"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// Protocol returns Raft as a lane may run it.
func Protocol() sim.Protocol {
	return sim.Protocol{
		Name: "raft",
		Can:  func(_ sim.Config, k sim.OpKind) bool { return k <= sim.CompareAndSet },
		Knobs: []sim.Knob{{
			Name: "leader",
			Kind: sim.KnobRegion,
			About: "The region whose node stands for election when the run starts; the scenario's first where none is " +
				"named. Who leads after that is left to Raft.",
		}},
		New: func(env sim.Env, cfg sim.Config) sim.Replica { return newReplica(env, cfg) },
	}
}

// replica adapts one RawNode of etcd's Raft to the simulated world.
type replica struct {
	env     sim.Env
	node    *etcd.RawNode
	storage *etcd.MemoryStorage
	first   bool // it stands for election when the run starts

	// What the RawNode thinks, as of its latest Ready.
	term uint64
	role etcd.StateType
	lead uint64

	patience sim.Time // how long it waits for a leader

	applied machine
	index   uint64 // of the last entry applied
	tail    tail

	asked map[sim.OpID]sim.Op // of this replica, and not answered yet
	reads []read
}

// read is a read that the leader has confirmed: it may be answered once the entry at index is applied.
type read struct {
	op    sim.OpID
	index uint64
}

func newReplica(env sim.Env, cfg sim.Config) *replica {
	r := &replica{env: env, asked: map[sim.OpID]sim.Op{}}
	r.first = env.Self() == max(cfg.Regions["leader"], 0)
	r.node, r.storage = newRawNode(env)
	r.applied = newMachine(env.Opening)
	r.tail.machine = newMachine(env.Opening)
	return r
}

// Receive steps the Raft with a message from another node.
func (r *replica) Receive(m *sim.Message) {
	msg := m.Payload.(payload).msg
	if r.role != etcd.StateLeader {
		msg = forwardable(msg)
	}
	err := r.node.Step(msg)
	if !errors.Is(err, etcd.ErrProposalDropped) { // forwarded to where no leader is known: the client waits in vain
		r.check(err)
	}
	r.pump()
	if t := msg.GetType(); (t == pb.MsgHeartbeat || t == pb.MsgApp) && msg.GetTerm() == r.term && msg.GetFrom() == r.lead {
		r.heard()
	}
}

// Serve hands a client's operation to the leader, or refuses it where none is known.
func (r *replica) Serve(op sim.Op) {
	r.asked[op.ID] = op
	if err := r.ask(op); err == nil {
		r.pump()
	} else if errors.Is(err, etcd.ErrProposalDropped) {
		r.reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonNoLeader})
	} else {
		r.check(err)
	}
}

// ask hands an operation to the Raft. The Raft drops a proposal, before anything is sent, where it knows no
// leader; it would drop a read without a word.
func (r *replica) ask(op sim.Op) error {
	if op.Kind != sim.Read {
		return r.node.Propose(encode(op))
	}
	if r.lead == etcd.None {
		return etcd.ErrProposalDropped
	}
	r.node.ReadIndex(binary.LittleEndian.AppendUint32(nil, uint32(op.ID)))
	return nil
}

// Describe shows the account as applied here.
func (r *replica) Describe() sim.NodeView {
	account := r.applied.read(sim.Account)
	v := sim.NodeView{Value: account.value, Version: account.version, Term: r.term}
	switch r.role {
	case etcd.StateLeader:
		v.Role = "leader"
	case etcd.StateFollower:
		v.Role = "follower"
	default:
		v.Role = "candidate"
	}
	return v
}

// pump carries out what the Raft wants done until it wants nothing more. What is to be stored is stored before
// anything is sent that rests on it.
func (r *replica) pump() {
	for r.node.HasReady() {
		rd := r.node.Ready()
		r.believe(rd.SoftState, rd.HardState)
		r.store(rd.Entries)
		r.apply(rd.CommittedEntries)
		r.answer(rd.ReadStates)
		r.send(rd.Messages)
		r.node.Advance(rd)
	}
}

// store puts entries at the end of the log, in place of any that stand there, and tells the referee what that
// changes.
func (r *replica) store(entries []*pb.Entry) {
	if len(entries) == 0 {
		return
	}
	r.check(r.storage.Append(entries))
	for r.tail.last >= entries[0].GetIndex() {
		if e := r.tail.truncate(); e.took {
			r.env.Holds(e.op.Key, e.found.version)
		}
	}
	for _, entry := range entries {
		e := r.tail.append(entry)
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
		var e effect
		if len(entry.Data) > 0 {
			e = r.applied.apply(decode(entry.Data))
		}
		if e != r.tail.effects[i] {
			broken(r.env, "entry %d does to the applied state %+v, and not what it did to the log's", r.index, e)
		}
		if _, ok := r.asked[e.op.ID]; ok && e.fresh {
			r.reply(e.op.ID, e.result())
		}
	}
	r.tail.settle(len(entries))
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
			found := r.applied.read(op.Key)
			r.reply(op.ID, sim.Result{Outcome: sim.OK, Value: found.value, Version: found.version})
		}
	}
	r.reads = later
}

func (r *replica) reply(op sim.OpID, result sim.Result) {
	delete(r.asked, op)
	r.env.Reply(op, result)
}

// send puts the Raft's messages on their links.
func (r *replica) send(messages []*pb.Message) {
	for _, m := range messages {
		kind := kindOf(m.GetType())
		if kind == 0 {
			broken(r.env, "a message of type %s", m.GetType())
		}
		r.env.Send(addrOf(m.GetTo()), kind, payload{m})
		if m.GetType() == pb.MsgVoteResp && !m.GetReject() {
			r.env.SetTimer(timerCampaign, r.patience)
		}
	}
}

// check panics over an error that cannot be.
func (r *replica) check(err error) {
	if err != nil {
		broken(r.env, "%v", err)
	}
}
