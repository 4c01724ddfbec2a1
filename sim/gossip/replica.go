package gossip

import "netsplit/sim"

// AntiEntropyInterval is the time between two exchanges that one replica begins.
const AntiEntropyInterval = sim.Second

const timerExchange sim.TimerID = 0

// Protocol describes gossip to the world.
func Protocol() sim.Protocol {
	return sim.Protocol{Name: "gossip", New: func(env sim.Env, _ sim.Config) sim.Replica {
		return &replica{env: env, store: sim.NewStore(env, sim.Rules{}), written: map[sim.OpID]bool{}}
	}}
}

type replica struct {
	env     sim.Env
	store   *sim.Store
	written map[sim.OpID]bool // a write that is asked for twice is written once
}

// Start sets the first exchange to a random moment of the interval, so that replicas do not march in step.
func (r *replica) Start() {
	r.env.SetTimer(timerExchange, sim.Time(r.env.Rand().Int64N(int64(AntiEntropyInterval))))
}

func (r *replica) Serve(op sim.Op) {
	if op.Kind == sim.Read {
		r.env.Reply(op.ID, r.store.Read(op.Key))
		return
	}
	if r.written[op.ID] {
		return
	}
	r.written[op.ID] = true
	v := r.store.Update(op, op.Context)
	r.store.Accept(op.Key, v)
	r.env.Reply(op.ID, sim.Result{Outcome: sim.OK, Applied: true})
	for to := range sim.Addr(r.env.Nodes()) {
		if to != r.env.Self() {
			r.env.Send(to, sim.KindReplicate, entries{{op.Key, v}})
		}
	}
}

// Fire begins an exchange: it sends one other replica a digest of what is held here.
func (r *replica) Fire(sim.TimerID) {
	r.env.SetTimer(timerExchange, AntiEntropyInterval)
	others := r.env.Nodes() - 1
	if others == 0 {
		return
	}
	peer := sim.Addr(r.env.Rand().IntN(others))
	if peer >= r.env.Self() {
		peer++
	}
	r.env.Send(peer, sim.KindGossip, digest{entries: r.entries(r.store.Keys())})
}

func (r *replica) Receive(m *sim.Message) {
	switch p := m.Payload.(type) {
	case entries:
		for _, e := range p {
			r.store.Merge(e.key, e.state)
		}
	case digest:
		r.compare(m.From, p)
	}
}

// compare answers a digest with what is newer here, and asks for what is newer there by a digest of its own. An
// answer to an answer has nothing left to ask.
func (r *replica) compare(peer sim.Addr, theirs digest) {
	known := map[string]sim.State{}
	var wanted []string
	for _, e := range theirs.entries {
		known[e.key] = e.state
		if !r.store.Get(e.key).Covers(e.state) {
			wanted = append(wanted, e.key)
		}
	}
	var newer []string
	for _, key := range r.store.Keys() {
		v, ok := known[key]
		if theirs.reply && !ok {
			continue // only what it asked for
		}
		if !ok || !v.Covers(r.store.Get(key)) {
			newer = append(newer, key)
		}
	}
	if len(newer) > 0 {
		r.env.Send(peer, sim.KindGossip, r.entries(newer))
	}
	if len(wanted) > 0 && !theirs.reply {
		r.env.Send(peer, sim.KindGossip, digest{reply: true, entries: r.entries(wanted)})
	}
}

func (r *replica) entries(keys []string) entries {
	list := make(entries, len(keys))
	for i, key := range keys {
		list[i] = entry{key, r.store.Get(key)}
	}
	return list
}

// Describe returns the view of the account.
func (r *replica) Describe() sim.NodeView { return r.store.Describe() }

type entry struct {
	key   string
	state sim.State
}

// entries carry versions.
type entries []entry

func (es entries) AppendTrace(b []byte) []byte {
	for _, e := range es {
		b = e.state.AppendTrace(append(b, e.key...))
	}
	return b
}

func (es entries) Writes(yield func(string, sim.OpID)) {
	for _, e := range es {
		e.state.Writes(func(w sim.OpID) { yield(e.key, w) })
	}
}

// digest carries the stamps of versions, not the versions: nothing can be restored from it.
type digest struct {
	reply   bool // these are the ones that the sender wants
	entries entries
}

func (d digest) AppendTrace(b []byte) []byte   { return d.entries.AppendTrace(append(b, 'd')) }
func (d digest) Writes(func(string, sim.OpID)) {}
