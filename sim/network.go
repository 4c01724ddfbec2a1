package sim

import (
	"fmt"
	"slices"
)

// Addr names an endpoint of a Cluster: its nodes come first, from 0, then its clients.
type Addr int32

// MessageKind says what a Message is for; it decides its draw of luck and how it is drawn.
type MessageKind uint8

// The kinds of messages. Request and reply also name what passes between a client and its replica.
const (
	KindRequest   MessageKind = iota + 1 // asks a node to serve, or to forward
	KindReply                            // answers a request
	KindReplicate                        // carries writes to a replica
	KindAck                              // acknowledges a replicate
	KindVote                             // asks for, grants or refuses a vote
	KindHeartbeat                        // shows that a node is there
	KindGossip                           // anti-entropy: compares, then exchanges versions
	KindRepair                           // brings a stale replica up to date after a read
	KindHint                             // brings a hint: shown to viewers in place of the replicate that it is sent as
)

var kindNames = [...]string{"", "request", "reply", "replicate", "ack", "vote", "heartbeat", "gossip", "repair", "hint"}

// sentKinds are the names of the kinds that messages are sent as.
var sentKinds = kindNames[:KindHint]

func (k MessageKind) String() string { return kindNames[k] }

// MarshalText writes the kind's name.
func (k MessageKind) MarshalText() ([]byte, error) { return []byte(kindNames[k]), nil }

// MessageKinds returns the names of all kinds that viewers are shown, by number; number 0 is none.
func MessageKinds() []string { return slices.Clone(kindNames[:]) }

// Payload is what a Message carries. It is never changed once sent.
type Payload interface {
	// AppendTrace appends bytes that tell this payload from any other; they go into the trace.
	AppendTrace(b []byte) []byte
	// Writes calls yield for each write that the payload holds, so that a write in flight is not called lost.
	Writes(yield func(key string, w OpID))
}

// Shown returns the kind that viewers are shown: the message's own, or the one that its Payload names by a method of
// this name. It draws no luck: what a message is sent as decides that.
func (m *Message) Shown() MessageKind {
	if p, ok := m.Payload.(interface{ Shown() MessageKind }); ok {
		if k := p.Shown(); k != 0 {
			return k
		}
	}
	return m.Kind
}

// Message travels on a directed link from one endpoint to another.
type Message struct {
	ID        uint64 // unique in its Cluster, from 1
	From, To  Addr
	Sent, Due Time
	Kept      Time // of the way from Sent to Due: what commands, and messages before it on a stream, have added
	Payload   Payload

	stream *end   // of its sender; nil for a datagram
	seq    uint32 // on its stream
	conn   uint32 // the connection that it was sent on

	slot    int32 // in Cluster.air
	lost    bool
	reached bool    // its receiver's machine, which has not dealt with it yet
	served  bool    // its receiver is at work on it
	handed  bool    // a user lets it arrive, whatever holds its link
	control control // 0 unless it is the transport's own
	ended   bool    // of a reset: the process at the other end has ended
	Kind    MessageKind
}

// link is one direction of a cable.
type link struct {
	parted bool // by a partition
	cut    bool // by itself
	held   bool

	path      *path
	more      Time   // that it takes beyond path
	drop      Chance // of losing a message on its way
	duplicate Chance
	reorder   Chance // of keeping a message back, for up to back
	back      Time

	stream *end // that sends on it; nil where messages are datagrams

	waiting []*Message // that would have arrived while it was held, in that order

	departures [len(kindNames)]departure
}

// departure counts the messages of one kind that leave at one instant: their tie index.
type departure struct {
	at   Time
	next int
}

// lossy reports whether the link loses all that is sent on it.
func (l *link) lossy() bool { return l.parted || l.cut }

// disturbed reports whether the link is not as the scenario has set it up.
func (l *link) disturbed() bool {
	return l.lossy() || l.held || l.more != 0 || l.drop != 0 || l.duplicate != 0 || l.reorder != 0
}

func (l *link) tie(now Time, k MessageKind) int {
	d := &l.departures[k]
	if d.at != now {
		*d = departure{at: now}
	}
	d.next++
	return d.next - 1
}

func (c *Cluster) link(from, to Addr) *link { return &c.links[int(from)*c.Endpoints()+int(to)] }

// send puts a message on its link; a link that is cut loses it at once.
func (c *Cluster) send(from, to Addr, k MessageKind, p Payload) {
	if int(to) < 0 || int(to) >= c.Endpoints() || from == to {
		panic(fmt.Sprintf("sim: lane %s at %s: endpoint %d sends to endpoint %d", c.Name, c.now, from, to))
	}
	l := c.link(from, to)
	if l.stream != nil {
		l.stream.send(k, p)
		return
	}
	u := draw(c.seed, from, to, k, c.now, l.tie(c.now, k))
	c.depart(c.newMessage(from, to, k, p), l, u)
	if l.duplicate.hit(mix(u, streamDuplicate)) {
		c.depart(c.newMessage(from, to, k, p), l, mix(u, streamCopy))
	}
}

// depart sends one copy of a message, whose luck is u.
func (c *Cluster) depart(m *Message, l *link, u uint64) {
	c.messages++
	m.ID, m.Sent = c.messages, c.now
	m.Due = c.now + l.path.sample(m.Kind, u)
	free := m.Due
	m.Due += l.more
	if m.stream != nil {
		m.Due = m.stream.order(m)
	}
	if late := mix(u, streamReorder); l.reorder.hit(late) {
		m.Due += upTo(l.back, mix(late, 1))
	}
	m.Kept = m.Due - free
	c.trace.add('s', c.now, uint64(m.From)<<32|uint64(m.To), uint64(m.Due), uint64(m.Kind))
	c.trace.addPayload(m.Payload)
	for _, o := range c.observers {
		o.Sent(m)
	}
	if l.lossy() {
		c.lose(m)
		return
	}
	c.fly(m)
	if fate := mix(u, streamLoss); l.drop.hit(fate) {
		c.queue.push(event{at: m.Sent + upTo(m.Due-m.Sent, mix(fate, 1)), kind: eventLoss, who: Addr(m.slot), ref: m.ID})
		return
	}
	c.arriveAt(m, m.Due)
}

func (c *Cluster) lose(m *Message) {
	m.lost = true
	c.trace.add('l', c.now, m.ID)
	if m.stream != nil {
		m.stream.dropped(m)
	}
	if m.control != 0 {
		return
	}
	for _, o := range c.observers {
		o.Lost(m, c.now)
	}
}

// partition parts every link between regions of different groups, no other, and loses the messages that are
// crossing one; it returns their number. group maps a region's index to its group.
func (c *Cluster) partition(group []int) int {
	c.settleAcks()
	for from := range Addr(c.Endpoints()) {
		for to := range Addr(c.Endpoints()) {
			c.link(from, to).parted = group[c.RegionOf(from)] != group[c.RegionOf(to)]
		}
	}
	return c.loseCrossing()
}

// loseCrossing loses the messages that are crossing links which lose them, and returns their number.
func (c *Cluster) loseCrossing() int {
	c.dropAcks()
	crossing := slices.DeleteFunc(c.air.all(), func(m *Message) bool {
		return m.reached || !c.link(m.From, m.To).lossy()
	})
	slices.SortFunc(crossing, func(a, b *Message) int { return int(a.ID) - int(b.ID) })
	own := 0 // of the transport
	for _, m := range crossing {
		c.land(m)
		c.lose(m)
		if m.control != 0 {
			own++
		}
	}
	return len(crossing) - own
}

// changeLinks carries out a command about links and returns how many messages were lost by it.
func (c *Cluster) changeLinks(cmd Command) int {
	c.settleAcks()
	cmd.Links.each(c, func(l *link) { c.changeLink(cmd, l) })
	return c.loseCrossing()
}

func (c *Cluster) changeLink(cmd Command, l *link) {
	switch cmd.Verb {
	case VerbCut:
		l.cut = true
	case VerbMend:
		l.cut = false
	case VerbHold:
		l.held = true
	case VerbRelease:
		l.held = false
		for _, m := range l.waiting {
			c.arriveAt(m, c.now)
		}
		l.waiting = nil
		if l.stream != nil {
			l.stream.peer.released()
		}
	case VerbDrop:
		l.drop = cmd.Chance
	case VerbDuplicate:
		l.duplicate = cmd.Chance
	case VerbReorder:
		l.reorder, l.back = cmd.Chance, cmd.By
	case VerbDelay:
		l.more = cmd.By
	}
}

// Cut reports whether the link from one endpoint to another is cut.
func (c *Cluster) Cut(from, to Addr) bool { return c.link(from, to).lossy() }

// Silent reports whether nothing gets from one endpoint to another: the link is cut, held, or loses everything.
func (c *Cluster) Silent(from, to Addr) bool {
	l := c.link(from, to)
	return l.lossy() || l.held || l.drop == Always
}

// Whole reports whether no fault is in force: no link is parted, cut, held or disturbed, and no node is down, paused,
// slowed or off in its clock or its disk. What a clock has gained by a drift that has ended
// does not count.
func (c *Cluster) Whole() bool {
	for i := range c.links {
		if c.links[i].disturbed() {
			return false
		}
	}
	for _, n := range c.nodes {
		if n.view() != (MachineView{}) {
			return false
		}
	}
	return true
}

// InFlight calls yield for every message on its way, in no particular order, and for those that wait to be sent, or
// sent again, on a stream, until yield returns false.
func (c *Cluster) InFlight(yield func(*Message) bool) {
	for _, m := range c.air.slots {
		if m != nil && m.control == 0 && !yield(m) {
			return
		}
	}
	c.eachWaiting(yield)
}
