package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
)

// Cluster is one replicated store in one lane: its nodes, clients and links, its own queue of events and its own
// clock. Clusters share nothing, so that no lane can shift what happens in another.
type Cluster struct {
	Name string // of the lane
	*Topology

	protocol   Protocol
	config     Config
	replicates func(node Addr, key string) bool // nil where all nodes hold all
	workload   Workload
	seed       uint64
	now        Time
	queue      queue
	nodes      []*node
	clients    []*client
	links      []link
	ends       []*end // of connections, two by two

	events      uint64
	last        Time // of the latest event or command
	burst       int  // events at the present instant
	air         air
	handling    *Message // that its receiver is dealing with, at this instant
	because     *Message // what is done now is done because of it; see Because
	messages    uint64
	waiting     int    // messages that wait to be transmitted on a stream
	connections uint32 // made or tried
	history     []*Record
	completions int
	errands     []*Errand
	weights     []uint64 // running sums over the workload's keys
	documents   map[OpID]document
	results     map[string]*Errand
	observers   []Observer
	trace       trace
}

func newCluster(lane Lane, s *Scenario, p Protocol) *Cluster {
	c := &Cluster{Name: lane.Name, Topology: s.Topology(), protocol: p, workload: s.Workload, seed: s.Seed,
		results: map[string]*Errand{}, documents: map[OpID]document{}, trace: newTrace()}
	for a := range Addr(c.Nodes()) {
		c.nodes = append(c.nodes, newNode(c, a))
	}
	for range c.Clients() {
		c.clients = append(c.clients, &client{seen: map[string]State{}, wrote: map[string]State{}})
	}
	c.links = make([]link, c.Endpoints()*c.Endpoints())
	c.lay(s)
	c.config = lane.config(s, p)
	c.connect(lane.transport(p))
	if p.Replicates != nil {
		c.replicates = p.Replicates(c.config)
	}
	for _, n := range c.nodes {
		n.format()
		n.replica = p.New(n, c.config)
	}
	for _, n := range c.nodes {
		n.replica.Start()
	}
	if c.workload.Kind != NoWorkload {
		c.weights = keyWeights(c.workload.Keys, c.workload.Skew)
		for i := range c.clients {
			c.comeAgain(i, 0)
		}
	}
	return c
}

func (c *Cluster) clientAt(a Addr) *client { return c.clients[int(a)-c.Nodes()] }

// Observe has o told of everything that happens from now on.
func (c *Cluster) Observe(o Observer) { c.observers = append(c.observers, o) }

// Now returns the cluster's virtual time.
func (c *Cluster) Now() Time { return c.now }

// Events returns how many events have been processed: arrivals, timers, visits and deadlines.
func (c *Cluster) Events() uint64 { return c.events }

// NextEvent returns the instant of the lane's next event, but for commands; or MaxTime.
func (c *Cluster) NextEvent() Time {
	if len(c.queue.heap) == 0 {
		return MaxTime
	}
	return min(c.queue.heap[0].at, MaxTime)
}

// LastEvent returns the instant of the lane's latest event or command; 0 if there has been none.
func (c *Cluster) LastEvent() Time { return c.last }

// Protocol returns what the lane runs.
func (c *Cluster) Protocol() Protocol { return c.protocol }

// Config returns how the lane's protocol is set; treat it as read-only.
func (c *Cluster) Config() Config { return c.config }

// Workload returns what the clients do.
func (c *Cluster) Workload() Workload { return c.workload }

// History returns every operation so far, in order of its ID; treat it as read-only.
func (c *Cluster) History() []*Record { return c.history }

// Errands returns every Errand so far, in order of its ID; treat it as read-only.
func (c *Cluster) Errands() []*Errand { return c.errands }

// ErrandOf returns the Errand that an operation belongs to.
func (c *Cluster) ErrandOf(op OpID) *Errand { return c.history[op-1].errand }

// Named returns the Errand that the scenario gave a name, or nil.
func (c *Cluster) Named(name string) *Errand { return c.results[name] }

// Replicates reports whether a node holds a copy of a key.
func (c *Cluster) Replicates(node Addr, key string) bool {
	return c.replicates == nil || c.replicates(node, key)
}

// Describe returns what a viewer may see of a node: what it holds of the workload's main key, and what it believes.
func (c *Cluster) Describe(node Addr) NodeView {
	v, _ := c.describe(node)
	return v
}

// describe returns a node's view, and the last instant at which it is the same if nothing happens to the node until then.
func (c *Cluster) describe(node Addr) (NodeView, Time) {
	v := c.DescribeKey(node, c.workload.MainKey())
	until := c.nodes[node].show(&v)
	return v, until
}

// DescribeKey returns what a node holds of a key, with its role and term; of a node that is down, what its disk holds.
func (c *Cluster) DescribeKey(node Addr, key string) NodeView {
	v := c.Held(node, key)
	v.Text = c.text(key, v)
	v.MachineView = c.nodes[node].view()
	return v
}

// Held is DescribeKey without what is for people's eyes: the Text, and the state of the machine.
func (c *Cluster) Held(node Addr, key string) NodeView { return c.nodes[node].replica.Describe(key) }

// Down reports whether a node has crashed and not been restarted.
func (c *Cluster) Down(node Addr) bool { return c.nodes[node].down }

// advanceTo processes every event up to and at t.
func (c *Cluster) advanceTo(t Time) {
	for len(c.queue.heap) > 0 && c.queue.heap[0].at <= t {
		e := c.queue.pop()
		c.tick(e.at)
		switch e.kind {
		case eventArrival:
			if m := c.air.find(e); m != nil {
				c.arrive(m)
			}
		case eventTimer:
			c.nodes[e.who].timerEvent(TimerID(e.ref))
		case eventErrand:
			c.setOut(int(e.who), int(e.ref))
		case eventDeadline:
			c.deadline(e.ref)
		case eventRetry:
			c.retry(OpID(e.ref))
		case eventStream:
			c.link(e.who, Addr(e.ref)).stream.woken()
		case eventLoss:
			if m := c.air.find(e); m != nil {
				c.land(m)
				c.lose(m)
			}
		case eventSynced:
			c.nodes[e.who].synced(e.ref)
		}
	}
	c.now = max(c.now, t)
}

// tick goes on to the instant of the next event. A lane in which messages without delay chase each other for ever would
// never get to another.
func (c *Cluster) tick(at Time) {
	c.events++
	c.last = at
	if c.now != at {
		c.now, c.burst = at, 0
	}
	if c.burst++; c.burst > MaxBurst {
		panic(fmt.Sprintf("sim: lane %s at %s: over %d events at one instant", c.Name, at, MaxBurst))
	}
}

func (c *Cluster) arrive(m *Message) {
	if m.lost {
		return
	}
	if l := c.link(m.From, m.To); l.held && !m.reached && !m.handed {
		l.waiting = append(l.waiting, m)
		return
	}
	if m.stream != nil && !m.reached {
		c.take(m)
		return
	}
	if int(m.To) < len(c.nodes) && (c.nodes[m.To].ignores(m) || c.nodes[m.To].detain(m)) {
		return
	}
	c.trace.add('r', c.now, m.ID)
	c.handling, c.because = m, m
	c.deliver(m)
	c.land(m) // until now it was in flight: what it carries is never nowhere
	for _, o := range c.observers {
		o.Arrived(m)
	}
	c.handling, c.because = nil, nil
	if m.served {
		c.nodes[m.To].served()
	}
}

func (c *Cluster) deliver(m *Message) {
	switch p := m.Payload.(type) {
	case requestPayload:
		c.nodes[m.To].ask(p.op)
	case replyPayload:
		c.answered(p)
	default:
		n := c.nodes[m.To]
		n.stirred++
		n.replica.Receive(m)
	}
}

// apply carries out a command at the present instant.
func (c *Cluster) apply(cmd Command, s *Scenario) {
	for _, n := range c.nodes {
		n.stirred++
	}
	c.last = c.now
	c.trace.add('!', c.now, uint64(len(cmd.statement())))
	c.trace.addBytes([]byte(cmd.statement()))
	for _, o := range c.observers {
		o.Commanded(cmd)
	}
	if !cmd.Fault() {
		c.visit(cmd)
		return
	}
	switch cmd.Verb {
	case VerbPartition:
		lost := c.partition(cmd.groupsOf(s))
		c.note(Note{Kind: NotePartition, Node: -1, Peer: -1, N: int64(lost)})
	case VerbHeal:
		c.partition(make([]int, len(s.Regions)))
		c.note(Note{Kind: NoteHeal, Node: -1, Peer: -1})
	case VerbReseed:
		c.reseed(cmd.Seed)
	case VerbDeliver, VerbLose, VerbPostpone:
		c.decide(cmd)
	case VerbCrash, VerbExit, VerbWipe, VerbRestart, VerbPause, VerbResume, VerbSlow, VerbSkew, VerbDrift, VerbFsync:
		c.changeNode(cmd)
		c.note(Note{Kind: NoteMachine, Node: c.node(cmd.Node), Peer: -1})
	case VerbPromote, VerbRejoin, VerbCancel, VerbTransfer, VerbMembers:
		c.operate(cmd)
	default:
		lost := c.changeLinks(cmd)
		c.note(Note{Kind: NoteLinks, Node: -1, Peer: -1, N: int64(lost)})
	}
}

// reseed gives weather, clients and nodes another luck from here on.
func (c *Cluster) reseed(seed uint64) {
	c.seed = seed
	for _, n := range c.nodes {
		n.reseed()
	}
}

func (c *Cluster) note(n Note) {
	n.At = c.now
	for _, o := range c.observers {
		o.Noted(n)
	}
}

// trace is the running SHA-256 over every event and outcome of a Cluster.
type trace struct {
	hash hash.Hash
	buf  []byte
}

func newTrace() trace { return trace{hash: sha256.New(), buf: make([]byte, 0, 4096)} }

func (t *trace) flush() {
	t.hash.Write(t.buf)
	t.buf = t.buf[:0]
}

func (t *trace) add(tag byte, at Time, nums ...uint64) {
	if len(t.buf) > 3500 {
		t.flush()
	}
	t.buf = append(t.buf, tag)
	t.buf = binary.LittleEndian.AppendUint64(t.buf, uint64(at))
	for _, n := range nums {
		t.buf = binary.LittleEndian.AppendUint64(t.buf, n)
	}
}

func (t *trace) addPayload(p Payload) { t.buf = p.AppendTrace(t.buf) }

func (t *trace) addBytes(b []byte) { t.buf = append(t.buf, b...) }

// sum returns the hash so far.
func (t *trace) sum() []byte {
	t.flush()
	return t.hash.Sum(nil)
}
