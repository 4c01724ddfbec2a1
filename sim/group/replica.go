package group

import (
	"slices"

	"netsplit/sim"
	"netsplit/sim/raft"
)

// Protocol returns group replication as presets run it; lanes do not offer it by this name.
func Protocol() sim.Protocol {
	of := raft.Protocol()
	return sim.Protocol{
		Name:        "group",
		Can:         of.Can,
		Transport:   of.Transport,
		ReadTimeout: of.ReadTimeout,
		Levels:      levels,
		Knobs:       knobs(),
		Timers:      timerNames(of.Timers),
		Verbs:       []sim.Verb{sim.VerbTransfer, sim.VerbRejoin, sim.VerbMembers},
		New:         func(env sim.Env, cfg sim.Config) sim.Replica { return newReplica(env, cfg) },
		Disk:        of.Disk,
	}
}

// A replica's timers, beside those of the order.
const (
	timerAlive     = raft.Timers + iota // it says that it is there, and looks who else is
	timerApply                          // the applier is done with what is next
	timerRecovered                      // it has recovered
)

// replica is one member of a group: a database server with the plugin.
type replica struct {
	env   sim.Env
	set   *settings
	order *raft.Order
	inner sim.Replica // is the order
	door  *door       // through which the order acts

	orderCfg sim.Config
	view     view
	applier

	requests []*request // in the order in which they came
	locks    map[string]*request
	stepping bool
	again    bool // something has changed that a request may wait for

	started bool
	membership
}

func newReplica(env sim.Env, cfg sim.Config) *replica {
	r := &replica{env: env, set: newSettings(cfg), locks: map[string]*request{}}
	r.view = newView(env.Nodes(), r.set.first)
	r.membership = newMembership(env.Nodes())
	r.orderCfg = orderConfig(cfg)
	r.makeOrder()
	return r
}

// Start joins the group, unless it is there from the beginning.
func (r *replica) Start() {
	r.started = true
	r.everybodyHeard()
	if r.env.Now() != 0 {
		r.left, r.muted = true, r.order.Blank()
		r.join(boots)
	}
	r.inner.Start()
	r.env.SetTimer(timerAlive, aliveInterval)
	r.step()
}

// Receive takes what another node says, or hands it to the order.
func (r *replica) Receive(m *sim.Message) {
	if r.stopped {
		return
	}
	if w, ok := m.Payload.(word); ok {
		r.told(m.From, w)
	} else if m = r.unsealed(m); m != nil && !r.muted {
		r.inner.Receive(m)
	}
}

// Fire does what a timer is for.
func (r *replica) Fire(t sim.TimerID) {
	switch {
	case r.stopped, r.muted && t < raft.Timers: // later
		r.env.SetTimer(t, aliveInterval)
	case t == timerAlive:
		r.env.SetTimer(timerAlive, aliveInterval)
		r.look()
	case t == timerApply:
		r.advance()
		r.step()
	case t == timerRecovered:
		r.recovered()
	default:
		r.inner.Fire(t)
	}
}

// Ordered takes one entry of the order.
func (r *replica) Ordered(e raft.Entry) {
	changed := false
	switch {
	case e.Changed:
		changed = r.view.changed(e.Index, e.Members, r.set.weights)
	case e.Note != nil:
		changed = r.noted(e.Index, decodeNote(e.Note))
	case e.Op.ID == 0:
	case r.started:
		r.certified(e)
	case e.Took && decodeTag(e.Tag).after:
		r.view.waits(e, decodeTag(e.Tag).origin)
	}
	if !r.started {
		return
	}
	if changed {
		r.changed()
	}
	r.commit()
	r.advance()
	r.step()
}

// noted takes a note, and reports whether it changed who is online or the primary.
func (r *replica) noted(index uint64, n note) bool {
	v := &r.view
	switch {
	case n.what == syncs && n.node == r.env.Self():
		for _, q := range r.requests {
			if q.mark == n.mark && q.synced == 0 {
				q.synced = index
			}
		}
	case n.what == prepared:
		v.prepared(sim.OpID(n.mark), n.node)
	case n.what == returned && v.has(n.node) && v.back[n.node] != n.mark:
		v.back[n.node], r.heard[n.node] = n.mark, r.env.Elapsed()
		v.leaves(n.node)
		v.elect(index, r.set.weights)
		return true
	case n.what == online && v.has(n.node) && !v.online[n.node]:
		v.online[n.node] = true
		v.elect(index, r.set.weights)
		return true
	case n.what == chosen && v.has(n.node) && v.online[n.node] && v.primary != n.node:
		v.primary, v.since = n.node, index
		return true
	}
	return false
}

// Permits reports whether a change of the members holds: only one that was asked for in the present view.
func (r *replica) Permits(context []byte) bool { return slices.Equal(context, r.view.context()) }

// Encode returns what a snapshot holds beside the registers.
func (r *replica) Encode() []byte { return r.view.encode() }

// Decode takes a snapshot over. What is on its way from here is known to it, or not ordered yet.
func (r *replica) Decode(state []byte) {
	r.view = decodeView(state, r.env.Nodes())
	if !r.started {
		return
	}
	r.restored()
	r.resume()
}

// Held yields what the order holds.
func (r *replica) Held(yield func(string, sim.OpID)) { r.inner.Held(yield) }

// Operate carries out what an operator commands: another primary, one more attempt to rejoin, or other members by force.
func (r *replica) Operate(cmd sim.Command) {
	switch {
	case cmd.Verb == sim.VerbTransfer && r.online():
		r.order.Note(note{chosen, r.env.Self(), 0}.encode())
	case cmd.Verb == sim.VerbMembers:
		r.force(cmd.Members)
	case cmd.Verb == sim.VerbRejoin && (r.left || r.stopped || r.view.lineage > 0):
		if !r.left {
			r.yields = true
			r.leave()
		}
		r.stopped, r.offline = false, false
		r.join(boots)
	}
}
