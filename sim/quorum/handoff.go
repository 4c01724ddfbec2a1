package quorum

import "netsplit/sim"

// handOff brings primaries that are up what this node holds in their place, if nobody has asked for it for a while
// (riak_core_vnode_manager, and the inactivity timeout of riak_core_vnode).
func (r *replica) handOff() {
	r.later(r.vnodes.manage, r.handOff)
	for of := range r.hints {
		a := sim.Addr(of)
		if len(r.hints[of]) > 0 && !r.detector.dead(a) && r.env.Elapsed()-r.used[of] >= r.vnodes.idle {
			r.bring(a)
		}
	}
}

// Closed takes a peer for dead at once whose machine has closed the connection: its process is gone.
func (r *replica) Closed(peer sim.Addr, _ bool) {
	if !r.vnodes.on || r.detector.dead(peer) {
		return
	}
	silence := r.detector.close(peer, r.env.Elapsed())
	r.env.Note(sim.NoteSuspect, peer, int64(silence))
}

// close takes a peer for dead, and returns how long it had been silent.
func (d *detector) close(a sim.Addr, now sim.Time) sim.Time {
	p := &d.peers[a]
	p.dead, p.since = true, p.heard
	return now - p.heard
}

// greeting is the number of the heartbeat of a node that has just started, which is answered at once.
const greeting = 1

// greet has a node of vnodes that starts anew take its peers for down until it hears of them: it has no connections
// (riak_core_node_watcher, Erlang's net_kernel).
func (r *replica) greet() {
	if !r.vnodes.on || r.env.Elapsed() == 0 {
		return
	}
	for peer := range sim.Addr(r.env.Nodes()) {
		if peer != r.env.Self() {
			r.Closed(peer, false)
			r.env.Send(peer, sim.KindHeartbeat, payload{what: heartbeat, op: greeting})
		}
	}
}

// welcome answers a node that has just started.
func (r *replica) welcome(from sim.Addr, p payload) {
	if p.what == heartbeat && p.op == greeting {
		r.env.Send(from, sim.KindHeartbeat, payload{what: heartbeat})
	}
}
