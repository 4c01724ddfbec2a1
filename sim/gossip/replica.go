package gossip

import (
	"slices"

	"netsplit/sim"
)

const (
	timerExchange sim.TimerID = iota
	timerWait
	timerShip
)

// replica holds a store and reads and writes it locally.
type replica struct {
	env      sim.Env
	store    *sim.Store
	peers    []sim.Addr // the other stores
	fanOut   int
	interval sim.Time
	push     bool
	sessions
	shipping
	local
	bugs

	askers map[sim.OpID]asker // of the operations that caches have passed on
}

// asker is a cache that passed an operation on.
type asker struct {
	cache sim.Addr
	read  string // the key to be read; "" for a write
}

func newReplica(env sim.Env, cfg sim.Config, b bugs) *replica {
	rules := sim.StoreRules(cfg)
	rules.TieByArrival = b.tieByArrival
	peers := slices.DeleteFunc(stores(cfg), func(a sim.Addr) bool { return a == env.Self() })
	return &replica{env: env, store: sim.NewStore(env, rules), peers: peers, bugs: b,
		fanOut: min(int(cfg.Numbers["fan-out"]), len(peers)), interval: sim.Time(cfg.Numbers["interval"]),
		push: cfg.Words["push"] == "on", sessions: newSessions(cfg), shipping: newShipping(env, cfg), local: newLocal(cfg), askers: map[sim.OpID]asker{}}
}

// Start sets the first exchange to a random moment of the interval, so that replicas do not march in step.
func (r *replica) Start() {
	r.env.SetTimer(timerExchange, sim.Time(r.env.Rand().Int64N(int64(r.interval))))
	if r.shipping.on {
		for _, key := range r.store.Keys() { // it has been restarted
			r.ship(key, r.store.Get(key))
		}
	}
}

// Serve reads or writes locally and answers at once, unless it is behind its client.
func (r *replica) Serve(op sim.Op) {
	if op.Kind == sim.Read {
		r.read(op)
		return
	}
	if why := r.store.Refuses(op); why != sim.NoReason && !r.store.Served(op.ID) && !(r.local.on && op.Kind == sim.CompareAndSet) {
		r.reply(op.ID, sim.Result{Outcome: sim.Fail, Reason: why})
		return
	}
	first, again := r.store.Serve(op)
	switch {
	case (first || again) && op.Kind == sim.CompareAndSet:
		r.compareAndSet(op, first)
	case first:
		r.write(op)
	case again: // the client has not had the answer
		done := r.done(op, r.store.Get(op.Key))
		r.env.Sync(func() { r.reply(op.ID, done) })
	}
}

func (r *replica) write(op sim.Op) {
	st := r.update(op)
	done := r.done(op, st)
	r.store.Accept(op.Key, st, func() { r.reply(op.ID, done) })
	r.tell(op.Key, st)
}

// tell has the others learn of a write.
func (r *replica) tell(key string, st sim.State) {
	if r.local.on {
		r.soil()
	}
	r.caughtUp()
	if r.shipping.on { // what is not durable here is in no stream
		r.env.Sync(func() { r.ship(key, st) })
	}
	if !r.push {
		return
	}
	for _, to := range r.peers {
		r.env.Send(to, sim.KindReplicate, entries{{key, st}})
	}
}

// done is the answer to a write that has made a state: the client's token, and what a counter or a set comes to.
func (r *replica) done(op sim.Op, st sim.State) sim.Result {
	res := sim.Result{Outcome: sim.OK, Applied: true, Made: st}
	if !op.Kind.Plain() {
		res.Value = st.Result().Value
	}
	return res
}

// reply answers an operation, by way of the cache that passed it on.
func (r *replica) reply(op sim.OpID, res sim.Result) {
	if a, ok := r.askers[op]; ok {
		delete(r.askers, op)
		r.env.Send(a.cache, sim.KindReply, passedBack{op, a.read, res})
		return
	}
	r.env.Reply(op, res)
}

// Fire begins an exchange with others drawn at random, or refuses the reads that have waited long enough.
func (r *replica) Fire(t sim.TimerID) {
	switch t {
	case timerWait:
		r.giveUp()
		return
	case timerShip:
		r.shipDue()
		return
	}
	r.env.SetTimer(timerExchange, r.interval)
	r.store.Collect()
	if r.noExchange || r.shipping.on {
		return
	}
	list := slices.Clone(r.peers)
	for i := range r.fanOut {
		j := i + r.env.Rand().IntN(len(list)-i)
		list[i], list[j] = list[j], list[i]
		r.env.Send(list[i], sim.KindGossip, digest{entries: r.entries(r.store.Keys())})
	}
}

// Receive takes in what another replica holds, compares with it, or serves what a cache has passed on.
func (r *replica) Receive(m *sim.Message) {
	switch p := m.Payload.(type) {
	case entries:
		for _, e := range p {
			r.store.Merge(e.key, e.state)
		}
		r.caughtUp()
	case shipment:
		r.unload(m.From, p)
	case receipt:
		r.delivered(m.From, p)
	case digest:
		r.compare(m.From, p)
	case passedOn:
		r.askers[p.op.ID] = asker{cache: m.From}
		if p.op.Kind == sim.Read {
			r.askers[p.op.ID] = asker{m.From, p.op.Key}
		}
		r.Serve(p.op)
	}
}

// Held yields the store's writes.
func (r *replica) Held(yield func(string, sim.OpID)) { r.store.Held(yield) }

// Describe returns the view of a key.
func (r *replica) Describe(key string) sim.NodeView { return r.store.Describe(key) }
