package raft

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"

	"netsplit/sim"
)

// Protocol returns Raft as a lane may run it.
func Protocol() sim.Protocol {
	return sim.Protocol{
		Name:        "raft",
		Can:         func(_ sim.Config, k sim.OpKind) bool { return k <= sim.CompareAndSet },
		Transport:   sim.Stream,
		ReadTimeout: ReadTimeout,
		Levels:      []string{"linearizable"},
		Knobs: []sim.Knob{{
			Name: "leader",
			Kind: sim.KnobRegion,
			About: "The region whose node stands for election when the run starts; the scenario's first where none is " +
				"named. Who leads after that is left to Raft.",
		}},
		New:  func(env sim.Env, cfg sim.Config) sim.Replica { return newReplica(env, cfg) },
		Disk: newDisk,
	}
}

// replica adapts one RawNode of etcd's Raft to the simulated world.
type replica struct {
	env     sim.Env
	node    *etcd.RawNode
	storage *etcd.MemoryStorage
	first   bool // it stands for election when the run starts
	blank   bool // it was made from an empty disk after the run had started
	started bool
	pumping bool

	promise promise         // as handed to the disk
	flushes [][]*pb.Message // what may be delivered once each fsync that was asked for has ended, oldest first
	flushed func()          // is r.flush

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

// promise is what a Raft must not forget beside its log.
type promise struct{ term, vote uint64 }

// read is a read that the leader has confirmed: it may be answered once the entry at index is applied.
type read struct {
	op    sim.OpID
	index uint64
}

func newReplica(env sim.Env, cfg sim.Config) *replica {
	r := &replica{env: env, asked: map[sim.OpID]sim.Op{}}
	r.first = env.Self() == max(cfg.Regions["leader"], 0)
	r.flushed = r.flush
	r.applied = newMachine(env.Opening)
	r.tail.machine = newMachine(env.Opening)
	r.storage = env.Disk().(disk).MemoryStorage
	r.restore()
	r.node = newRawNode(env, r.storage, r.index)
	return r
}

// restore takes up what the disk holds: the term, the vote, the log, and what is known to be committed of it.
func (r *replica) restore() {
	hard, members, err := r.storage.InitialState()
	r.check(err)
	if len(members.GetVoters()) == 0 {
		format(r.env, r.storage)
	}
	r.promise, r.term = promise{hard.GetTerm(), hard.GetVote()}, hard.GetTerm()
	last, err := r.storage.LastIndex()
	r.check(err)
	if last == 0 {
		r.blank = r.env.Now() != 0
		return
	}
	entries, err := r.storage.Entries(1, last+1, math.MaxUint64)
	r.check(err)
	for _, entry := range entries {
		r.tail.append(entry)
	}
	r.apply(entries[:hard.GetCommit()])
}

// Receive steps the Raft with a message from another node.
func (r *replica) Receive(m *sim.Message) {
	msg := r.credible(m.Payload.(payload).msg)
	if msg == nil {
		return
	}
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

// credible returns what the Raft can be told of a message after a disk has been emptied: etcd's would panic, and its
// process end. A leader believes that a blank node still stores what it acknowledged, and tells it of a commit there;
// a follower may have committed what its new leader has never seen. Told that a node lacks what it had acknowledged, a
// leader would send the same again, and be told the same, as fast as messages travel.
func (r *replica) credible(m *pb.Message) *pb.Message {
	switch {
	case r.blank && m.GetType() == pb.MsgHeartbeat && m.GetCommit() > r.tail.last:
		return &pb.Message{Type: m.Type, From: m.From, To: m.To, Term: m.Term, Context: m.Context, Commit: new(r.tail.last)}
	case m.GetType() == pb.MsgAppResp && !m.GetReject() && m.GetTerm() == r.term && m.GetIndex() > r.tail.last:
		return nil
	case m.GetType() == pb.MsgAppResp && m.GetReject() && m.GetTerm() == r.term && r.role == etcd.StateLeader &&
		m.GetRejectHint() < r.matched(m.GetFrom()):
		return nil
	}
	return m
}

// matched returns up to where a leader believes that another node's log is like its own.
func (r *replica) matched(node uint64) (index uint64) {
	r.node.WithProgress(func(id uint64, _ etcd.ProgressType, p tracker.Progress) {
		if id == node {
			index = p.Match
		}
	})
	return index
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

// Held yields the write that set each register at the end of the log.
func (r *replica) Held(yield func(string, sim.OpID)) {
	for _, key := range slices.Sorted(maps.Keys(r.tail.registers)) {
		if held := r.tail.registers[key]; held.version != 0 {
			yield(key, held.version)
		}
	}
}

// Describe shows a key as applied here; before the start, as the log on disk has it.
func (r *replica) Describe(key string) sim.NodeView {
	held := r.applied.read(key)
	if !r.started {
		held = r.tail.read(key)
	}
	v := sim.NodeView{Value: held.value, Version: held.version, Term: r.term}
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

// pump carries out what the Raft wants done until it wants nothing more.
func (r *replica) pump() {
	r.pumping = true
	for r.node.HasReady() {
		rd := r.node.Ready()
		r.believe(rd.SoftState, rd.HardState)
		r.order(rd.Entries)
		for _, m := range rd.Messages {
			switch m.GetTo() {
			case etcd.LocalAppendThread:
				r.persist(m)
			case etcd.LocalApplyThread:
				r.apply(m.Entries)
				r.deliver(m.Responses)
			default:
				r.send(m)
			}
		}
		r.answer(rd.ReadStates)
	}
	r.pumping = false
}

// persist hands the disk what is to be stored, and delivers what rests on it once it is durable. A commit index need
// not be: after a crash it is learned again. So it waits for no fsync but those under way.
func (r *replica) persist(m *pb.Message) {
	sync := len(m.Entries) > 0
	if m.Term != nil { // it carries a hard state
		p := promise{m.GetTerm(), m.GetVote()}
		sync = sync || p != r.promise
		r.promise = p
	}
	if sync || m.Term != nil {
		r.env.Persist(m)
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

// flush takes the end of the oldest fsync that was asked for.
func (r *replica) flush() {
	responses := r.flushes[0]
	r.flushes[0] = nil
	r.flushes = r.flushes[1:]
	r.deliver(responses)
	if !r.pumping {
		r.pump()
	}
}

// deliver steps the Raft with the messages to itself that a thread of its own answers with, and sends the others.
func (r *replica) deliver(responses []*pb.Message) {
	for _, m := range responses {
		if m.GetTo() == idOf(r.env.Self()) {
			r.check(r.node.Step(m))
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
		if op, ok := r.asked[e.op.ID]; ok && (e.fresh || op.Attempt > 0) { // of a retry, the answer that it missed
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

// send puts one of the Raft's messages on its link.
func (r *replica) send(m *pb.Message) {
	kind := kindOf(m.GetType())
	if kind == 0 {
		broken(r.env, "a message of type %s", m.GetType())
	}
	r.env.Send(addrOf(m.GetTo()), kind, payload{m})
	if m.GetType() == pb.MsgVoteResp && !m.GetReject() {
		r.env.SetTimer(timerCampaign, r.patience)
	}
}

// check panics over an error that cannot be.
func (r *replica) check(err error) {
	if err != nil {
		broken(r.env, "%v", err)
	}
}
