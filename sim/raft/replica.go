package raft

import (
	"errors"
	"maps"
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
		Levels:      levels(),
		Knobs:       append(knobs(), hostedKnobs()...),
		Timers:      timerNames,
		Verbs:       []sim.Verb{sim.VerbTransfer, sim.VerbMembers},
		Check:       checkConfig,
		New:         newNode,
		Disk:        newDisk,
	}
}

// replica adapts one RawNode of etcd's Raft to the simulated world.
type replica struct {
	env sim.Env
	set *settings
	trials
	upper   Upper // that is built on it; nil where clients talk to it
	node    *etcd.RawNode
	storage *etcd.MemoryStorage
	blank   bool // it was made from an empty disk after the run had started
	started bool
	pumping bool
	stepped bool // the Raft was told something since its latest Ready: else it wants nothing more
	quiet   bool // it is being made: viewers are told nothing

	promise promise         // as handed to the disk
	flushes [][]*pb.Message // what may be delivered once each fsync that was asked for has ended, oldest first
	flushed func()          // is r.flush

	// What the RawNode thinks, as of its latest Ready.
	term uint64
	role etcd.StateType
	lead uint64

	commit   uint64   // as far as it knows
	patience sim.Time // how long it waits for a leader
	promised sim.Time // until when, by its monotonic clock, it votes for nobody
	oldLease sim.Time // until when, by its monotonic clock, those who voted for it have promised another its lease
	echo     sim.Time // that the latest heartbeat carried
	inquiry  inquiry
	refused  map[sim.OpID]bool // with rivals=refuse: what other replicas have handed on
	reign    reign

	conf    *pb.ConfState // as of the last entry applied
	applied machine
	index   uint64 // of the last entry applied
	tail    tail

	snapped   uint64 // index of the latest snapshot
	snapshots []bool // by node: one was sent to it, lately

	asked map[sim.OpID]sim.Op // of this replica, and not answered yet
	reads []read
	waiting
	tt *truetime // nil without commit timestamps
}

// trials are for tests alone: deliberate mistakes, and who hears what is applied.
type trials struct {
	hears       func(*pb.Entry)
	forgetsVote bool // a vote is not on disk
	sendsEarly  bool // what rests on a disk is sent before its fsync
	acksAppend  bool // a leader acknowledges what it has appended
	longLease   bool // a lease lasts four times as long as it should
	skipsIndex  bool // a leader answers reads without asking whether it leads
	servesEarly bool // a new leader waits for nobody's lease
}

func newReplica(env sim.Env, cfg sim.Config) *replica { return newReplicaFor(nil, env, cfg) }

func newReplicaFor(upper Upper, env sim.Env, cfg sim.Config) *replica {
	return newReplicaOf(upper, env, newSettings(cfg))
}

func newReplicaOf(upper Upper, env sim.Env, set *settings) *replica {
	r := &replica{env: env, set: set, asked: map[sim.OpID]sim.Op{}, waiting: waiting{handed: map[sim.OpID]handing{}}, upper: upper}
	r.set.witness = slices.Contains(r.set.witnesses, env.Self())
	r.flushed = r.flush
	r.applied = newMachine(env.Opening)
	r.tail.machine = newMachine(env.Opening)
	r.storage = env.Disk().(*disk).MemoryStorage
	if r.set.tt != nil {
		r.tt, r.applied.past = newTruetime(r), newPast()
	}
	r.restore()
	return r
}

// Receive steps the Raft with a message from another node.
func (r *replica) Receive(m *sim.Message) {
	if r.tt != nil && r.tt.receive(m) {
		return
	}
	if r.discusses(m) || r.turnedDown(m) {
		return
	}
	msg := r.undress(m.From, m.Payload)
	if msg != nil {
		msg = r.credible(msg)
	}
	if msg == nil || r.answersAlone(msg) || r.refuses(msg) || r.postpones(msg) {
		return
	}
	if r.role != etcd.StateLeader {
		msg = forwardable(msg)
	}
	switch err := r.node.Step(msg); {
	case err == nil:
	case errors.Is(err, etcd.ErrProposalDropped): // forwarded to where no leader is known: the client waits in vain
	case errors.Is(err, etcd.ErrStepPeerNotFound): // from one that is no longer a member
	default:
		r.check(err)
	}
	t := msg.GetType()
	calls := t == pb.MsgApp || t == pb.MsgHeartbeat || t == pb.MsgSnap // for an answer: no need to ask, which costs time
	r.pumpIf(calls || r.node.HasReady())
	if calls && msg.GetTerm() == r.term && msg.GetFrom() == r.lead {
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

// Serve hands a client's operation to the leader, or refuses it where none is known, unless it can be answered here.
func (r *replica) Serve(op sim.Op) {
	if r.tt != nil {
		r.tt.serve(op, r.env.Self())
		return
	}
	if op.Kind == sim.Read && timed(op.Level) {
		r.env.Reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonLevel})
		return
	}
	if r.refusesAll(op) {
		return
	}
	if op.Kind == sim.Read && r.level(op) == local {
		r.replyRead(op)
		return
	}
	if !r.set.forward && r.role != etcd.StateLeader && r.lead != etcd.None {
		r.env.Reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonNotLeader, Hint: r.set.names[addrOf(r.lead)]})
		return
	}
	r.asked[op.ID] = op
	if r.set.waits {
		r.keep(op)
	}
	switch err := r.ask(op); {
	case errors.Is(err, etcd.ErrProposalDropped) && r.set.waits:
		r.leaderless = append(r.leaderless, op.ID)
	case errors.Is(err, etcd.ErrProposalDropped):
		r.reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonNoLeader})
	default:
		r.check(err)
		r.pump()
	}
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
	return sim.NodeView{Value: held.value, Version: held.version, Term: r.term, Role: r.roleName()}
}

// witnesses reports whether the replica votes, and shows nobody what it holds.
func (r *replica) witnesses() bool {
	return r.set.witness || r.tt != nil && r.tt.witness(r.env.Self())
}

func (r *replica) roleName() string {
	switch r.role {
	case etcd.StateLeader:
		return "leader"
	case etcd.StateFollower:
		if r.witnesses() {
			return "witness"
		}
		return "follower"
	}
	return "candidate"
}

// pump carries out what the Raft wants done until it wants nothing more.
func (r *replica) pump() { r.pumpIf(r.node.HasReady()) }

// pumpIf does so if there is more to do, or may be.
func (r *replica) pumpIf(more bool) {
	r.pumping = true
	for ; more; more = r.stepped && r.node.HasReady() {
		r.stepped = false
		rd := r.node.Ready()
		r.believe(rd.SoftState, rd.HardState)
		if !etcd.IsEmptySnap(rd.Snapshot) {
			r.adopt(rd.Snapshot)
		}
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
		if rd.SoftState != nil && (len(r.leaderless) > 0 || r.set.insists) {
			r.takeUp()
			r.stepped = true
		}
	}
	r.pumping = false
	if r.tt != nil && r.tt.turn() {
		r.pumpIf(true)
	}
}

func (r *replica) reply(op sim.OpID, result sim.Result) {
	delete(r.asked, op)
	delete(r.handed, op)
	r.env.Reply(op, result)
}

// send puts one of the Raft's messages on its link.
func (r *replica) send(m *pb.Message) {
	kind := kindOf(m.GetType())
	if kind == 0 {
		broken(r.env, "a message of type %s", m.GetType())
	}
	to := addrOf(m.GetTo())
	if m.GetType() == pb.MsgSnap {
		m = r.freshSnapshot(m)
		r.snapshotSent(to)
	}
	r.env.Send(to, kind, r.dress(m))
	if m.GetType() == pb.MsgVoteResp && !m.GetReject() {
		r.await()
	}
}

// check panics over an error that cannot be.
func (r *replica) check(err error) {
	if err != nil {
		broken(r.env, "%v", err)
	}
}
