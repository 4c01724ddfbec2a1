package quorum

import (
	"maps"
	"slices"

	"netsplit/sim"
)

// The timers.
const (
	timerHeartbeat sim.TimerID = iota
	timerWatch                 // the oldest request without an answer has waited long enough
	timerAgenda                // see agenda
	timerAntiEntropy
)

type replica struct {
	*settings
	env      sim.Env
	home     int // the region of this node
	store    *sim.Store
	detector *detector

	pending  map[sim.OpID]*request
	made     map[sim.OpID]state // what writes were sent as since this node has been up: a later attempt is the same
	order    []*request         // pending, oldest first
	watching bool               // timerWatch is set
	agenda   agenda
	reads    reads
	writes   reads // how long the latest writes have taken

	hints    hints
	lastHint sim.OpID
	brought  []sim.Time // when hints were last sent to each node

	acceptors  map[string]acceptor // by key
	proposals  map[sim.OpID]*proposal
	lastBallot sim.Time

	forwards map[sim.OpID]*forwarding // writes that this node has handed on
	used     []sim.Time               // by node: when this one last stood in for it
}

func newReplica(env sim.Env, s *settings) *replica {
	r := &replica{settings: s, env: newCommitLog(env, &s.product), home: s.ring.zoneOf[env.Self()],
		detector: newDetector(env.Nodes(), s), pending: map[sim.OpID]*request{}, made: map[sim.OpID]state{},
		brought: make([]sim.Time, env.Nodes()), proposals: map[sim.OpID]*proposal{},
		forwards: map[sim.OpID]*forwarding{}, used: make([]sim.Time, env.Nodes())}
	r.load(env.Disk().(*disk))
	return r
}

func (r *replica) Start() {
	r.detector.start(r.env.Elapsed())
	r.greet()
	r.Fire(timerHeartbeat)
	r.keepSyncing()
	if r.vnodes.idle > 0 {
		r.later(r.vnodes.manage, r.handOff)
	}
	if r.antiEntropy > 0 { // at a random moment of the interval, so that replicas do not march in step
		r.env.SetTimer(timerAntiEntropy, sim.Time(r.env.Rand().Int64N(int64(r.antiEntropy))))
	}
}

func (r *replica) Fire(t sim.TimerID) {
	switch t {
	case timerHeartbeat:
		r.beat()
	case timerWatch:
		r.expire()
		r.watch()
	case timerAgenda:
		r.keepAppointments()
	case timerAntiEntropy:
		r.env.SetTimer(timerAntiEntropy, r.antiEntropy)
		r.compareTrees()
	}
}

// beat shows the others that this node is there, and looks who has fallen silent.
func (r *replica) beat() {
	r.env.SetTimer(timerHeartbeat, r.heartbeat)
	for peer := range sim.Addr(r.env.Nodes()) {
		if peer != r.env.Self() {
			r.env.Send(peer, sim.KindHeartbeat, payload{what: heartbeat})
		}
	}
	r.detector.check(r.env.Self(), r.env.Elapsed(), func(peer sim.Addr, silence sim.Time) {
		r.env.Note(sim.NoteSuspect, peer, int64(silence))
	})
	r.expire()
	r.bringAll()
	if r.rules.Grace > 0 {
		r.store.Collect()
	}
}

func (r *replica) hear(peer sim.Addr, heartbeat bool) {
	if r.detector.hear(peer, r.env.Elapsed(), heartbeat) {
		r.env.Note(sim.NoteTrust, peer, 0)
		if r.vnodes.idle == 0 {
			r.bring(peer)
		}
	}
}

// Receive takes a message from another node.
func (r *replica) Receive(m *sim.Message) {
	switch p := m.Payload.(type) {
	case payload:
		r.hear(m.From, p.what == heartbeat)
		r.welcome(m.From, p)
		if p.what >= readReply && (p.what == readReply || p.what == writeAck || p.what == repairAck) {
			r.count(m.From, p)
			return
		}
		if r.vnodes.on && r.obeyVnodes(m.From, p) {
			return
		}
		r.obey(m.From, p)
	case forwarded:
		r.hear(m.From, false)
		r.receiveForward(m.From, p)
	case paxos:
		r.hear(m.From, false)
		r.receivePaxos(m.From, p)
	case branches:
		r.hear(m.From, false)
		r.descend(m.From, p)
	case exchange:
		r.hear(m.From, false)
		r.trade(m.From, p)
	}
}

// obey does what a coordinator asks for.
func (r *replica) obey(from sim.Addr, p payload) {
	reply := func(k sim.MessageKind, w what) func() {
		return func() { r.env.Send(from, k, payload{what: w, op: p.op, of: p.of, key: p.key}) }
	}
	switch p.what {
	case read:
		r.env.Send(from, sim.KindReply, payload{what: readReply, op: p.op, of: p.of, key: p.key, state: r.heldFor(p.of, p.key)})
	case write:
		r.accept(p.of, p.key, p.state, reply(sim.KindAck, writeAck))
	case repair:
		r.takeIn(p.of, p.key, p.state, nil)
	case repairAsk:
		r.takeIn(p.of, p.key, p.state, reply(sim.KindAck, repairAck))
	case hand:
		r.takeIn(p.of, p.key, p.state, reply(sim.KindAck, handAck))
	case handAck:
		r.handed(from, p.key, p.op)
	}
}

// count takes an answer to a request of this node's.
func (r *replica) count(from sim.Addr, p payload) {
	q := r.pending[p.op]
	if q == nil {
		return
	}
	v := vote{node: from, of: p.of}
	switch p.what {
	case readReply:
		r.readReply(q, v, p.state)
	case writeAck:
		r.writeAck(q, v)
	case repairAck:
		r.repairAck(q, v)
	}
}

// Held yields what the store holds, and the hints.
func (r *replica) Held(yield func(string, sim.OpID)) {
	r.store.Held(yield)
	for _, kept := range r.hints {
		for _, key := range slices.Sorted(maps.Keys(kept)) {
			eachWrite(key, kept[key].state, yield)
		}
	}
}

// Describe returns the view of a key.
func (r *replica) Describe(key string) sim.NodeView { return r.store.Describe(key) }
