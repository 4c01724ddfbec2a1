package quorum

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// Whom a write may be coordinated by.
const (
	byAnybody = "any"
	byReplica = "replica"
)

// objectWords are the values of the knob objects=, and what they stand for.
var objectWords = []struct {
	word     string
	conflict sim.Conflict
}{
	{"clock", sim.ObjectClock}, {"clock-newest", sim.ObjectNewest},
	{"dotted", sim.DottedVersions}, {"dotted-newest", sim.DottedNewest}, {"arrival", sim.LatestArrival},
}

const plainObjects = "plain"

var vnodeKnobs = []sim.Knob{
	{Name: "coordinator", Kind: sim.KnobWord, Default: byAnybody, Words: []string{byAnybody, byReplica},
		About: "Who coordinates a write: whoever is asked (Cassandra), or a replica of the key that writes first, with what it holds (Riak, riak_kv_put_fsm)."},
	{Name: "forward-timeout", Kind: sim.KnobTime, Default: "3s", Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "With coordinator=replica: how long a node waits until a replica has taken a write over, before it hands it to another (Riak: 3s)."},
	{Name: "dw", Kind: sim.KnobNumber, Default: "0", Min: 0, Max: sim.MaxNodes,
		About: "With coordinator=replica: so many must have a write on disk, the coordinator always, while w counts who has it in memory (riak_kv_put_core)."},
	{Name: "rw", Kind: sim.KnobNumber, Default: "0", Min: 0, Max: sim.MaxNodes,
		About: "With coordinator=replica: what a deletion waits for in place of w and dw; 0 for those (riak_kv_delete)."},
	{Name: "notfound-ok", Kind: sim.KnobWord, Default: "on", Words: []string{"on", "off"},
		About: "With coordinator=replica: whether a replica that holds nothing counts towards r (riak_core_bucket_type: true)."},
	{Name: "basic-quorum", Kind: sim.KnobWord, Default: "off", Words: []string{"on", "off"},
		About: "With notfound-ok=off: whether a majority without the key is enough to find nothing, rather than n-r+1 (riak_core_bucket_type: false)."},
	{Name: "objects", Kind: sim.KnobWord, Default: plainObjects, Words: []string{plainObjects, "clock", "clock-newest", "dotted", "dotted-newest", "arrival"},
		About: "With coordinator=replica, in place of conflict: how whole objects merge, by clocks or dots, with siblings or the last modified alone, or what came last (riak_object.erl)."},
	{Name: "handoff-idle", Kind: sim.KnobTime, Default: "off", Words: []string{"off"}, Min: int64(sim.Second), Max: int64(sim.MaxTime),
		About: "How long nobody has asked a stand-in before it hands off what it holds; by default at once (Riak's vnode_inactivity_timeout, 60s)."},
	{Name: "handoff-every", Kind: sim.KnobTime, Default: "10s", Min: int64(100 * sim.Millisecond), Max: int64(sim.MaxTime),
		About: "With handoff-idle: how often a node looks whether there is something to hand off (Riak's vnode_management_timer, 10s)."},
	{Name: "clock-small", Kind: sim.KnobNumber, Default: "0", Min: 0, Max: 1000,
		About: "A clock with so many actors is not pruned; 0 to prune none (Riak's small_vclock, 50)."},
	{Name: "clock-big", Kind: sim.KnobNumber, Default: "50", Min: 1, Max: 1000,
		About: "A clock with more actors is pruned (Riak's big_vclock, 50)."},
	{Name: "clock-young", Kind: sim.KnobNumber, Default: "20", Min: 0, Max: 1_000_000,
		About: "A clock whose oldest actor is younger, in seconds, is not pruned (Riak's young_vclock, 20)."},
	{Name: "clock-old", Kind: sim.KnobNumber, Default: "86400", Min: 0, Max: 1_000_000,
		About: "A clock whose oldest actor is older, in seconds, is pruned (Riak's old_vclock, 86400: longer than any run here)."},
}

// vnodes are the settings of Riak's requests, which go to the partitions of nodes, its vnodes.
type vnodes struct {
	on                bool
	dw, rw            int
	forward           sim.Time
	notfoundOK, basic bool
	idle, manage      sim.Time
}

func newVnodes(cfg sim.Config) vnodes {
	span := func(name string) sim.Time { return sim.Time(cfg.Numbers[name]) }
	return vnodes{on: cfg.Words["coordinator"] == byReplica, dw: int(cfg.Numbers["dw"]), rw: int(cfg.Numbers["rw"]),
		forward: span("forward-timeout"), notfoundOK: cfg.Words["notfound-ok"] == "on", basic: cfg.Words["basic-quorum"] == "on",
		idle: span("handoff-idle"), manage: span("handoff-every")}
}

// rulesOf returns what the stores of a lane go by.
func rulesOf(cfg sim.Config) sim.Rules {
	rules := sim.StoreRules(cfg)
	for _, o := range objectWords {
		if o.word == cfg.Words["objects"] {
			rules.Conflict = o.conflict
		}
	}
	rules.Prune = sim.Pruning{Small: int(cfg.Numbers["clock-small"]), Big: int(cfg.Numbers["clock-big"]),
		Young: sim.Time(cfg.Numbers["clock-young"]) * sim.Second, Old: sim.Time(cfg.Numbers["clock-old"]) * sim.Second}
	return rules
}

// patience is how long a node that hears nothing on a connection keeps it: in Riak that is when it takes its peer for
// down (Erlang's net_kernel); else TCP decides.
func patience(cfg sim.Config) sim.Time {
	if cfg.Words["coordinator"] == byReplica {
		return sim.Time(cfg.Numbers["suspect-after"])
	}
	return 0
}

// checkVnodes refuses what does not go together with requests to vnodes.
func checkVnodes(cfg sim.Config) error {
	if cfg.Words["coordinator"] != byReplica {
		if word := cfg.Words["objects"]; word != plainObjects {
			return fmt.Errorf("objects=%s needs coordinator=replica", word)
		}
		return nil
	}
	for _, name := range []string{"dw", "rw"} {
		if v := cfg.Numbers[name]; v > cfg.Numbers["n"] {
			return fmt.Errorf("%s=%d is more than n=%d", name, v, cfg.Numbers["n"])
		}
	}
	if word := cfg.Words["conflict"]; word != "lww" && cfg.Words["objects"] != plainObjects {
		return fmt.Errorf("conflict=%s and objects=%s both say what becomes of conflicts", word, cfg.Words["objects"])
	}
	for _, not := range [][2]string{{"cas", "paxos"}, {"read-before-write", "on"}, {"read-fan-out", "r"}, {"read-repair", "blocking"}} {
		if cfg.Words[not[0]] == not[1] {
			return fmt.Errorf("%s=%s does not go with coordinator=replica", not[0], not[1])
		}
	}
	return nil
}

// The levels of vnodes beside one, quorum and all: of those that answer, so many must be primaries; and nobody stands in.
const (
	primaryOne    = "primary-one"
	primaryQuorum = "primary-quorum"
	primaryAll    = "primary-all"
	strictQuorum  = "strict-quorum"
)

// demandVnodes sets what a level asks of n vnodes, and reports whether it is one that they know. What a request does not
// say is as the knobs have it.
func (s *settings) demandVnodes(d *demand, op sim.Op, level string, count, n int) bool {
	quorum, known := n/2+1, map[string]int{one: 1, primaryOne: 1, two: 2, majority: n/2 + 1, primaryQuorum: n/2 + 1, strictQuorum: n/2 + 1, all: n, primaryAll: n}
	d.count, d.durable = count, max(s.vnodes.dw, 1)
	if op.Kind == sim.Delete && s.vnodes.rw > 0 {
		d.count, d.durable = s.vnodes.rw, s.vnodes.rw
	}
	if op.Kind == sim.Read {
		d.durable = 0
	}
	if level == byCount {
		return true
	}
	if d.count = known[level]; d.count == 0 {
		return false
	}
	if d.durable > 0 {
		d.durable = d.count
	}
	switch level {
	case primaryOne, primaryAll:
		d.primaries = d.count
	case primaryQuorum:
		d.primaries = quorum
	case strictQuorum:
		d.strict = true
	}
	return true
}

// preflist returns the vnodes that are asked: the primaries on nodes that are up and, unless strictly, for each other one
// the next in the ring whose node is. One node may stand in for several (riak_core_apl).
func (r *replica) preflist(p *placement, strict bool) []target {
	list, next := make([]target, 0, len(p.targets)), p.next
	for _, t := range p.targets {
		if !r.detector.dead(t.node) {
			list = append(list, t)
			continue
		}
		for j, node := range next {
			if !strict && !r.detector.dead(node) {
				list, next = append(list, target{node, t.of}), next[j+1:]
				break
			}
		}
	}
	return list
}

// lacks says why a request cannot have what it asks for, and how much of how much there is; or NoReason. Riak looks at
// primaries first, and never at node_confirms.
func (r *replica) lacks(q *request) (why sim.Reason, have, need int) {
	primaries := 0
	for _, t := range q.targets {
		if t.node == t.of {
			primaries++
		}
	}
	if need = q.demand.primaries; primaries < need {
		return sim.ReasonPrimaries, primaries, need
	}
	if need = max(1, q.demand.count, q.demand.durable, q.demand.primaries); len(q.targets) < need {
		return sim.ReasonTooFewLive, len(q.targets), need
	}
	return sim.NoReason, 0, 0
}

// serveVnodes takes a request on. What writes is handed to a vnode's node, unless this is one.
func (r *replica) serveVnodes(q *request) {
	if q.looks() {
		r.look(q)
		return
	}
	if q.demand.strict {
		q.targets = r.preflist(q.place, true)
	}
	own := slices.IndexFunc(q.targets, func(t target) bool { return t.node == r.env.Self() })
	if q.op.Kind != sim.Read && own < 0 && len(q.targets) > 0 {
		r.forward(q)
		return
	}
	if why, have, need := r.lacks(q); why != sim.NoReason {
		r.reply(q, sim.Result{Outcome: sim.Fail, Reason: why, Have: have, Need: need})
		return
	}
	if q.op.Kind == sim.Read {
		r.track(q)
		r.serveRead(q)
		return
	}
	r.put(q, q.targets[own])
}
