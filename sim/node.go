package sim

import "math/rand/v2"

// node is a machine with one replica. It is the Env of that replica.
type node struct {
	cluster *Cluster
	addr    Addr
	replica Replica
	rand    *rand.Rand
	timers  []timer
	retried map[OpID]int // the latest attempt of an operation that came here more than once, or late
	stirred uint64       // how often something has happened that may show in its NodeView
	machine
	clock
	drive
}

// timer is one of a replica's timers. A timer set later than its queued event keeps that event, which then
// queues the next: a timer that heartbeats push ahead costs one event a period, not one a heartbeat.
type timer struct {
	due    Time // 0 when stopped
	from   Time // when it was set
	queued Time // when the event in the queue comes; 0 for none

	because *Message // that had the replica set it; nil for none
}

func newNode(c *Cluster, a Addr) *node {
	n := &node{cluster: c, addr: a, retried: map[OpID]int{}}
	n.reseed()
	return n
}

// reseed begins the node's own luck anew, from the cluster's seed.
func (n *node) reseed() {
	h := mix(mix(n.cluster.seed, streamNode), uint64(n.addr))
	n.rand = rand.New(rand.NewPCG(h, mix(h, 1)))
}

func (n *node) Self() Addr               { return n.addr }
func (n *node) Nodes() int               { return len(n.cluster.nodes) }
func (n *node) Now() Time                { return n.cluster.now + n.gained(n.cluster.now) + n.skew }
func (n *node) Elapsed() Time            { return n.cluster.now + n.gained(n.cluster.now) }
func (n *node) Rand() *rand.Rand         { return n.rand }
func (n *node) Opening(key string) int64 { return n.cluster.workload.Opening(key) }
func (n *node) Patience() Time           { return n.cluster.workload.Patience() }

func (n *node) Send(to Addr, k MessageKind, p Payload) { n.cluster.send(n.addr, to, k, p) }

func (n *node) SetTimer(t TimerID, after Time) {
	for int(t) >= len(n.timers) {
		n.timers = append(n.timers, timer{})
	}
	tm := &n.timers[t]
	tm.from = n.cluster.now
	tm.due, tm.because = n.until(n.cluster.now, max(after, 1)), n.cluster.because
	if tm.queued == 0 || tm.queued > tm.due {
		tm.queued = tm.due
		n.cluster.queue.push(event{at: tm.due, kind: eventTimer, who: n.addr, ref: uint64(t)})
	}
}

func (n *node) StopTimer(t TimerID) {
	if int(t) < len(n.timers) {
		n.timers[t].due = 0
	}
}

// timerEvent takes a timer's event off the queue and fires the timer if it is due.
func (n *node) timerEvent(t TimerID) {
	tm := &n.timers[t]
	now := n.cluster.now
	if tm.queued != now { // an earlier event took its place
		return
	}
	tm.queued = 0
	switch {
	case tm.due == 0:
	case tm.due > now:
		tm.queued = tm.due
		n.cluster.queue.push(event{at: tm.due, kind: eventTimer, who: n.addr, ref: uint64(t)})
	case n.paused:
		n.late = append(n.late, t)
	default:
		tm.due = 0
		n.cluster.trace.add('t', now, uint64(n.addr), uint64(t))
		n.cluster.because = tm.because
		n.stirred++
		n.replica.Fire(t)
		n.cluster.because = nil
	}
}

func (n *node) Reply(op OpID, r Result) {
	to := n.cluster.history[op-1].Client
	n.cluster.send(n.addr, to, KindReply, replyPayload{op, r, n.retried[op]})
}

// ask hands the replica a client's attempt.
func (n *node) ask(op Op) {
	if op.Attempt > n.retried[op.ID] {
		n.retried[op.ID] = op.Attempt
	}
	if !n.cluster.can(op.Kind) {
		n.Reply(op.ID, Result{Outcome: Fail, Reason: ReasonUnsupported})
		return
	}
	if level := n.cluster.protocol.LevelOf; level != nil && op.Level != "" {
		op.Level = level(op.Kind, op.Level)
	}
	n.stirred++
	n.replica.Serve(op)
}

func (n *node) Holds(key string, writes ...OpID) {
	for _, o := range n.cluster.observers {
		o.Holds(n.addr, key, writes)
	}
}

func (n *node) Follows(w, before OpID) {
	for _, o := range n.cluster.observers {
		o.Follows(w, before)
	}
}

func (n *node) Note(k NoteKind, peer Addr, num int64) {
	n.cluster.note(Note{Kind: k, Node: n.addr, Peer: peer, N: num})
}
