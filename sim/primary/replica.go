package primary

import "netsplit/sim"

// The timers of a node.
const (
	timerWrite sim.TimerID = iota
	timerFlush
	timerApply
	timerReport  // a standby reports, or calls
	timerTick    // a primary looks at its standbys
	timerSemi    // the oldest commit has waited for long enough
	timerPromote // a standby has become a primary
	timerStart   // a machine that was reset has started
	timerLoop    // the lease is to be looked at
	timerTry     // the lease has not answered yet
	timerPoll    // those who have not answered a candidate by now will not
	timerSafe    // nor those whom a primary has asked whether it may go on
	timerDog     // the watchdog
	timerLease   // the lease ends, where it is kept
	timerWriter  // what was answered before it was flushed is to be flushed
	timerWatch   // a tool looks at the primary
	timerFence   // a primary has not been looked at for long
)

// Protocol describes primary and standbys to the world.
func Protocol() sim.Protocol {
	return sim.Protocol{
		Name:      "primary",
		Transport: sim.Stream,
		Patience:  patience,
		Disk:      newDisk,
		Can:       func(_ sim.Config, k sim.OpKind) bool { return k <= sim.CompareAndSet },
		Levels:    levels,
		Knobs:     append(knobs(), productKnobs()...),
		Timers:    timerNames,
		Verbs:     []sim.Verb{sim.VerbPromote, sim.VerbRejoin, sim.VerbCancel},
		Check:     checkConfig,
		Replicates: func(cfg sim.Config) func(sim.Addr, string) bool {
			held := newSettings(cfg).holds
			return func(node sim.Addr, _ string) bool { return held(node) }
		},
		New: func(env sim.Env, cfg sim.Config) sim.Replica { return newReplica(env, cfg) },
	}
}

// role is what a node is.
type role byte

const (
	standby   role = iota
	promoting      // it has been chosen, and takes no writes yet
	primary
	stopped // its database does not run
	out     // so it is, until an operator has it rejoin: its log has branched off
	keeper  // it keeps the lease, and no data
)

var roleNames = [...]string{"standby", "promoting", "primary", "stopped", "out", "keeper"}

// flaws are deliberate mistakes, for tests alone.
type flaws struct {
	acksEarly  bool // a commit waits until it has been sent to a standby, and no longer
	noLease    bool // a candidate is a primary without having the lease
	noRewind   bool // a node whose log has branched off follows as if it had not
	longLease  bool // a primary never steps down because it cannot reach the lease
	anybodyRan bool // a candidate need not be a synchronous standby
}

// replica is one node: its database, and the agent beside it.
type replica struct {
	env sim.Env
	set *settings
	j   *journal
	flaws

	role     role
	line     line // a primary's own; of others the newest that they know of
	upstream sim.Addr
	seen     map[sim.OpID]int // of operations begun here as a primary: which attempt, from 1
	sent     map[sim.OpID]int // of operations handed to a primary from here
	refused  map[sim.OpID]sim.Result

	blank     bool // its disk was emptied, and no primary has filled it: it votes for nobody, and follows nobody's reign
	persisted int  // how much of the log the disk has been handed

	receiving
	serving
	agent
	keeping
	recovery
	tool  tool
	fence fence
}

func newReplica(env sim.Env, cfg sim.Config) *replica {
	r := &replica{env: env, set: newSettings(cfg), j: newJournal(env.Opening), seen: map[sim.OpID]int{},
		sent: map[sim.OpID]int{}}
	r.line = line{n: 1, by: r.set.primary}
	r.upstream = r.set.primary
	r.other = -1
	r.fence.answered = map[int]sim.Time{}
	r.senders = make([]sender, env.Nodes())
	r.lease = lease{holder: r.set.primary, line: r.line, sync: syncKey{leader: r.set.primary}}
	r.restore()
	return r
}

// patience is how long a node waits on a connection that is silent: as long as an agent tries, or else a receiver.
func patience(cfg sim.Config) sim.Time {
	s := newSettings(cfg)
	if s.lease {
		return s.retry
	}
	return s.receiverTimeout
}

// Start begins as the scenario has it: one primary, which all the others follow; or where a crash has left off.
func (r *replica) Start() {
	r.number, r.race.number = int(r.env.Now()), int(r.env.Now()) // so that no answer to an earlier question counts
	if !r.recovers() {
		r.begin()
		r.keepPlace()
	}
	r.startTool()
	r.beginFence()
	if r.set.lease {
		if r.role != keeper {
			r.env.SetTimer(timerLoop, FirstLoop)
		}
		if r.keeps() {
			r.openLease()
		}
	}
}

// begin takes up what the node is.
func (r *replica) begin() {
	switch r.role {
	case primary:
		r.reign()
		r.env.Note(sim.NoteElected, -1, r.line.n)
	case standby:
		r.call()
	}
}

// Fire carries out what a timer was set for.
func (r *replica) Fire(t sim.TimerID) {
	switch t {
	case timerWrite, timerFlush, timerApply:
		r.stage(t)
	case timerReport:
		r.reportAgain()
	case timerTick:
		r.tick()
	case timerSemi:
		r.giveUpWaiting()
	case timerPromote:
		r.beginReign()
	case timerStart:
		r.started()
	case timerLoop:
		r.cycle()
	case timerTry:
		r.try()
	case timerPoll:
		r.decide()
	case timerSafe:
		r.stepDown()
	case timerDog:
		r.bite()
	case timerLease:
		r.expire()
	case timerWriter:
		r.flushLate()
	case timerWatch:
		r.watch()
	case timerFence:
		r.fenceSelf()
	}
}

// Receive takes another node's message.
func (r *replica) Receive(m *sim.Message) { r.take(m.From, m.Payload.(payload)) }

func (r *replica) take(from sim.Addr, p payload) {
	switch p.what {
	case wal:
		r.takeLog(from, p)
	case lineage:
		r.compare(from, p)
	case report:
		r.takeReport(from, p)
	case announce:
		r.hearOf(from, p.line)
	case forward:
		r.takeForward(from, p)
	case answer:
		r.env.Reply(p.op.ID, p.result)
	case ask:
		r.serveLease(from, p)
	case grant:
		r.takeGrant(p)
	case poll:
		if r.blank {
			return
		}
		r.tell(from, payload{what: polled, number: p.number, end: r.j.last(), at: r.j.lineAt(r.j.last()),
			reigns: r.role == primary || r.role == promoting})
	case polled:
		r.takePolled(from, p)
	case watchAsk:
		r.takeWatch(from, p)
	case watchAck:
		r.takeWatched(from, p)
	case watchSeen:
		r.takeSeen(p)
	case appoint:
		r.takeAppointed(from, p)
	case safe:
		r.takeSafe(from, p)
	case safeAck:
		r.takeSafeAck(from, p)
	}
}

// tell sends a payload to a node, which may be this one.
func (r *replica) tell(to sim.Addr, p payload) {
	p.line = r.line
	if to == r.env.Self() {
		r.take(to, p)
		return
	}
	r.env.Send(to, kindOf(p.what), p)
}

// others calls f for every other node that holds the data.
func (r *replica) others(f func(sim.Addr)) {
	for a := range sim.Addr(r.env.Nodes()) {
		if a != r.env.Self() && r.set.holds(a) {
			f(a)
		}
	}
}

// members returns how many nodes hold the data.
func (r *replica) members() int {
	if r.set.apart {
		return r.env.Nodes() - 1
	}
	return r.env.Nodes()
}

// Operate carries out an operator's command.
func (r *replica) Operate(cmd sim.Command) {
	switch cmd.Verb {
	case sim.VerbPromote:
		if r.role == standby {
			r.promote()
		}
	case sim.VerbRejoin:
		r.rejoin()
	case sim.VerbCancel:
		r.release(func(waiter) bool { return true }, sim.ReasonAlone)
		r.settle()
	}
}

// Describe returns what is visible of a key.
func (r *replica) Describe(key string) sim.NodeView {
	v := r.j.read(key)
	return sim.NodeView{Value: v.value, Version: v.write, Role: roleNames[r.role], Term: uint64(r.line.n)}
}
