package quorum

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// How the failure detector works: each replica shows every other that it is there, and takes one that it has not
// heard of for SuspectAfter for dead. These are the playground's own figures, a little over the worst round trip.
const (
	HeartbeatInterval = 250 * sim.Millisecond
	SuspectAfter      = 1000 * sim.Millisecond
)

const timerHeartbeat sim.TimerID = 0

// Protocol describes the quorum protocol to the world.
func Protocol() sim.Protocol {
	return sim.Protocol{
		Name:   "quorum",
		Levels: []string{"one", "two", "quorum", "all"},
		Knobs: []sim.Knob{
			{Name: "n", Kind: sim.KnobNumber, Default: "3", Min: 1, Max: sim.MaxNodes,
				About: "Replicas that hold each key (Dynamo's N; 3 in Dynamo, Cassandra and Riak)."},
			{Name: "r", Kind: sim.KnobNumber, Default: "2", Min: 1, Max: sim.MaxNodes,
				About: "Answers that a read waits for (Dynamo's R)."},
			{Name: "w", Kind: sim.KnobNumber, Default: "2", Min: 1, Max: sim.MaxNodes,
				About: "Acknowledgements that a write waits for (Dynamo's W)."},
			{Name: "read-fan-out", Kind: sim.KnobWord, Default: "all", Words: []string{"all", "r"},
				About: "Replicas that a read asks: all n (Dynamo, Riak), or r that seem alive (Cassandra)."},
			{Name: "read-repair", Kind: sim.KnobWord, Default: "async", Words: []string{"async", "none"},
				About: "Whether a read brings stale replicas up to date, after it has answered (Riak)."},
		},
		Disk:       sim.NewStoreDisk,
		Check:      check,
		Replicates: func(cfg sim.Config, node sim.Addr) bool { return slices.Contains(holders(cfg), node) },
		New: func(env sim.Env, cfg sim.Config) sim.Replica {
			return &replica{env: env, store: sim.NewStore(env), pending: map[sim.OpID]*request{},
				holders: holders(cfg), r: int(cfg.Numbers["r"]), w: int(cfg.Numbers["w"]),
				askR: cfg.Words["read-fan-out"] == "r", noRepair: cfg.Words["read-repair"] == "none",
				heard: make([]sim.Time, env.Nodes()), dead: make([]bool, env.Nodes())}
		},
	}
}

func check(cfg sim.Config) error {
	n := cfg.Numbers["n"]
	if n > int64(cfg.Nodes) {
		return fmt.Errorf("n=%d is more than the %d replicas", n, cfg.Nodes)
	}
	for _, name := range []string{"r", "w"} {
		if v := cfg.Numbers[name]; v > n {
			return fmt.Errorf("%s=%d is more than n=%d", name, v, n)
		}
	}
	return nil
}

// holders returns the n nodes that hold the keys: the first of each region come before the second ones, so that they
// stand in as many regions as they can (Cassandra's NetworkTopologyStrategy).
func holders(cfg sim.Config) []sim.Addr {
	all := make([]sim.Addr, cfg.Nodes)
	number := make([]int, cfg.Nodes) // of each node in its region
	for i := range all {
		all[i] = sim.Addr(i)
		if i > 0 && cfg.RegionOf[i] == cfg.RegionOf[i-1] {
			number[i] = number[i-1] + 1
		}
	}
	slices.SortStableFunc(all, func(a, b sim.Addr) int { return number[a] - number[b] })
	return all[:cfg.Numbers["n"]]
}

type replica struct {
	env      sim.Env
	store    *sim.Store
	holders  []sim.Addr // of every key
	r, w     int
	askR     bool // a read asks r replicas rather than n
	noRepair bool

	pending map[sim.OpID]*request
	order   []sim.OpID // of pending, oldest first

	heard []sim.Time // when each node was last heard of
	dead  []bool     // this node's opinion
}

// request is one operation that this node coordinates.
type request struct {
	op      sim.Op
	begun   sim.Time
	need    int         // acknowledgements or answers
	version sim.Version // that is written
	acked   []sim.Addr  // who acknowledged a write
	newest  sim.Version
	replies []reply // to a read, in order of arrival
}

type reply struct {
	from    sim.Addr
	version sim.Version // as answered, or as repaired since
}

// Start takes every other replica for alive until it has had time to show itself.
func (r *replica) Start() {
	for peer := range r.heard {
		r.heard[peer] = r.env.Now()
	}
	r.Fire(timerHeartbeat)
}

// Fire shows the others that this node is there, and looks who has fallen silent.
func (r *replica) Fire(sim.TimerID) {
	r.env.SetTimer(timerHeartbeat, HeartbeatInterval)
	for peer := range sim.Addr(r.env.Nodes()) {
		if peer == r.env.Self() {
			continue
		}
		r.env.Send(peer, sim.KindHeartbeat, payload{what: heartbeat})
		if silence := r.env.Now() - r.heard[peer]; silence > SuspectAfter && !r.dead[peer] {
			r.dead[peer] = true
			r.env.Note(sim.NoteSuspect, peer, int64(silence))
		}
	}
}

func (r *replica) hear(peer sim.Addr) {
	r.heard[peer] = r.env.Now()
	if r.dead[peer] {
		r.dead[peer] = false
		r.env.Note(sim.NoteTrust, peer, 0)
	}
}

// Serve coordinates a client's operation. A client that tries again here gets what the first attempt comes to.
func (r *replica) Serve(op sim.Op) {
	r.forget()
	first, again := r.store.Serve(op)
	if q := r.pending[op.ID]; again && q != nil {
		r.again(q)
		return
	}
	if !first && !again {
		return
	}
	need := r.need(op)
	if have := r.alive(); have < need {
		r.env.Reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonTooFewLive, Have: have, Need: need})
		return
	}
	q := &request{op: op, begun: r.env.Now(), need: need}
	r.pending[op.ID] = q
	r.order = append(r.order, op.ID)
	if op.Kind == sim.Read {
		r.serveRead(q)
		return
	}
	q.version = r.store.Stamp(op)
	r.askAll(payload{what: write, op: op.ID, key: op.Key, version: q.version}, sim.KindReplicate)
	if r.isReplica() {
		r.store.Accept(op.Key, q.version, func() { r.writeAck(q, r.env.Self()) })
	}
}

// need returns how many replicas must answer an operation, by its level or else by r and w. A level counts replicas
// and promises nothing else.
func (r *replica) need(op sim.Op) int {
	switch op.Level {
	case "one":
		return 1
	case "two":
		return 2
	case "quorum":
		return len(r.holders)/2 + 1
	case "all":
		return len(r.holders)
	}
	if op.Kind == sim.Read {
		return r.r
	}
	return r.w
}

// again takes a client's next attempt at a request under way: it asks those replicas again that have not answered,
// or answers anew.
func (r *replica) again(q *request) {
	if q.op.Kind == sim.Read && len(q.replies) >= q.need || q.op.Kind != sim.Read && len(q.acked) >= q.need {
		r.answer(q)
		return
	}
	for _, to := range r.holders {
		switch {
		case to == r.env.Self():
		case q.op.Kind == sim.Read && !q.replied(to):
			r.env.Send(to, sim.KindRequest, payload{what: read, op: q.op.ID, key: q.op.Key})
		case q.op.Kind != sim.Read && !slices.Contains(q.acked, to):
			r.env.Send(to, sim.KindReplicate, payload{what: write, op: q.op.ID, key: q.op.Key, version: q.version})
		}
	}
}

// answer tells the client that its write is done, or the newest version that was read.
func (r *replica) answer(q *request) {
	if q.op.Kind == sim.Read {
		r.env.Reply(q.op.ID, sim.Result{Outcome: sim.OK, Value: q.newest.Value, Version: q.newest.Write})
		return
	}
	r.env.Reply(q.op.ID, sim.Result{Outcome: sim.OK, Applied: true})
}

func (r *replica) serveRead(q *request) {
	p := payload{what: read, op: q.op.ID, key: q.op.Key}
	if r.askR {
		r.askNext(p, sim.KindRequest, q.need)
	} else {
		r.askAll(p, sim.KindRequest)
	}
	if r.isReplica() {
		r.readReply(q, r.env.Self(), r.store.Get(q.op.Key))
	}
}

// forget drops requests whose clients have given up.
func (r *replica) forget() {
	for len(r.order) > 0 && r.pending[r.order[0]].begun+r.env.Patience() < r.env.Now() {
		delete(r.pending, r.order[0])
		r.order = r.order[1:]
	}
}

// isReplica reports whether this node holds the keys.
func (r *replica) isReplica() bool { return slices.Contains(r.holders, r.env.Self()) }

// alive counts the replicas that this node takes for alive.
func (r *replica) alive() int {
	count := 0
	for _, holder := range r.holders {
		if !r.dead[holder] {
			count++
		}
	}
	return count
}

func (r *replica) askAll(p payload, k sim.MessageKind) {
	for _, to := range r.holders {
		if to != r.env.Self() {
			r.env.Send(to, k, p)
		}
	}
}

// askNext asks as many replicas as a read needs, counting itself, of those that seem alive: the next in the ring.
func (r *replica) askNext(p payload, k sim.MessageKind, need int) {
	asked, first := 0, max(slices.Index(r.holders, r.env.Self()), 0)
	for i := 0; i < len(r.holders) && asked < need; i++ {
		to := r.holders[(first+i)%len(r.holders)]
		if r.dead[to] {
			continue
		}
		asked++
		if to != r.env.Self() {
			r.env.Send(to, k, p)
		}
	}
}

func (r *replica) Receive(m *sim.Message) {
	r.hear(m.From)
	p := m.Payload.(payload)
	switch p.what {
	case heartbeat:
	case read:
		r.env.Send(m.From, sim.KindReply, payload{what: readReply, op: p.op, key: p.key, version: r.store.Get(p.key)})
	case write:
		from, op := m.From, p.op
		r.store.Accept(p.key, p.version, func() { r.env.Send(from, sim.KindAck, payload{what: writeAck, op: op}) })
	case repair:
		r.store.Merge(p.key, p.version)
	case readReply:
		if q := r.pending[p.op]; q != nil {
			r.readReply(q, m.From, p.version)
		}
	case writeAck:
		if q := r.pending[p.op]; q != nil {
			r.writeAck(q, m.From)
		}
	}
}

// writeAck counts an acknowledgement; one that comes twice counts once.
func (r *replica) writeAck(q *request, from sim.Addr) {
	if slices.Contains(q.acked, from) {
		return
	}
	q.acked = append(q.acked, from)
	if len(q.acked) == q.need {
		r.answer(q)
	}
}

func (q *request) replied(from sim.Addr) bool {
	return slices.ContainsFunc(q.replies, func(rep reply) bool { return rep.from == from })
}

// readReply counts an answer to a read; one that comes twice counts once. The last that is needed decides what the
// client gets; from then on, whoever answered with less than the newest version is repaired.
func (r *replica) readReply(q *request, from sim.Addr, v sim.Version) {
	if q.replied(from) {
		return
	}
	q.replies = append(q.replies, reply{from, v})
	if len(q.replies) == 1 || v.Newer(q.newest) {
		q.newest = v
	}
	if len(q.replies) == q.need {
		r.answer(q)
	}
	if len(q.replies) >= q.need && !r.noRepair {
		r.repair(q)
	}
}

func (r *replica) repair(q *request) {
	for i, rep := range q.replies {
		if !q.newest.Newer(rep.version) {
			continue
		}
		q.replies[i].version = q.newest
		if rep.from == r.env.Self() {
			r.store.Merge(q.op.Key, q.newest)
			continue
		}
		r.env.Send(rep.from, sim.KindRepair, payload{what: repair, key: q.op.Key, version: q.newest})
	}
}

// Held yields the store's versions.
func (r *replica) Held(yield func(string, sim.OpID)) { r.store.Held(yield) }

// Describe returns the view of a key.
func (r *replica) Describe(key string) sim.NodeView { return r.store.Describe(key) }
