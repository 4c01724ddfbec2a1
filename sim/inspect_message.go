package sim

import (
	"fmt"
	"slices"
)

// MessageFacts is everything about a message, on its way or not any more.
type MessageFacts struct {
	ID      uint64       `json:"id"`
	From    Addr         `json:"from"`
	To      Addr         `json:"to"`
	Kind    MessageKind  `json:"kind"` // as viewers are shown it
	Sent    Time         `json:"sent"`
	Due     Time         `json:"due"`
	State   MessageState `json:"state"`
	At      Time         `json:"at"`    // when it arrived or was lost; -1 while neither has happened
	Facts   []Fact       `json:"facts"` // what it carries
	Carries []WriteRef   `json:"carries"`
	Raw     string       `json:"raw,omitempty"` // its payload as it is, where asked for: the first MaxRaw bytes
}

// WriteRef is a write of a key.
type WriteRef struct {
	Key   string `json:"key"`
	Write OpID   `json:"write"`
}

// MessageState says where a message is.
type MessageState string

// The states of messages.
const (
	MessageFlying   MessageState = "flying"   // on its way
	MessageHeld     MessageState = "held"     // before a link that is held
	MessageReceived MessageState = "received" // at its receiver's machine, which has not dealt with it
	MessageWaiting  MessageState = "waiting"  // it was lost, and its stream will send it again, as another message
	MessageArrived  MessageState = "arrived"
	MessageLost     MessageState = "lost"
)

// finished is a message that has arrived or is lost.
type finished struct {
	m     *Message
	at    Time
	state MessageState
}

// finishedRing keeps the latest MaxFinished of them.
type finishedRing struct {
	list []finished
	next int
}

func (r *finishedRing) add(f finished) {
	if len(r.list) < MaxFinished {
		r.list = append(r.list, f)
		return
	}
	r.list[r.next] = f
	r.next = (r.next + 1) % MaxFinished
}

// find returns what became of a message at last.
func (r *finishedRing) find(id uint64) (found finished) {
	for i := range r.list {
		if f := r.list[(r.next+i)%len(r.list)]; f.m.ID == id {
			found = f
		}
	}
	return found
}

// InspectMessage returns everything about a message that is on its way, or was among the latest MaxFinished between nodes
// to arrive or be lost since the Recorder began. It changes nothing.
func (r *Recorder) InspectMessage(id uint64, withRaw bool) (MessageFacts, error) {
	c := r.cluster
	if id == 0 || id > c.messages {
		return MessageFacts{}, fmt.Errorf("lane %s has sent no message %d; expected 1 to %d", c.Name, id, c.messages)
	}
	f := finished{at: -1}
	c.InFlight(func(m *Message) bool {
		if m.ID == id {
			f.m, f.state = m, c.whereIs(m)
		}
		return f.m == nil
	})
	if done := r.finished.find(id); f.m == nil {
		f = done
	} else if done.m != nil {
		f.at = done.at
	}
	if f.m == nil {
		return MessageFacts{}, fmt.Errorf("lane %s: of message %d nothing is kept: it was not between nodes, or of the transport's own, or over %d have arrived or been lost since",
			c.Name, id, MaxFinished)
	}
	return r.messageFacts(f, withRaw), nil
}

// whereIs says where a message is that has not arrived.
func (c *Cluster) whereIs(m *Message) MessageState {
	switch {
	case m.lost:
		return MessageWaiting
	case m.reached:
		return MessageReceived
	case c.link(m.From, m.To).held && m.Due <= c.now:
		return MessageHeld
	}
	return MessageFlying
}

func (r *Recorder) messageFacts(f finished, withRaw bool) MessageFacts {
	m := f.m
	facts := MessageFacts{ID: m.ID, From: m.From, To: m.To, Kind: m.Shown(), Sent: m.Sent, Due: m.Due, State: f.state, At: f.at}
	if m.Kind != facts.Kind {
		facts.Facts = append(facts.Facts, Text("sent as", m.Kind.String()))
	}
	if m.stream != nil {
		facts.Facts = append(facts.Facts, Number("connection", m.conn), Number("place on the connection", m.seq+1))
	}
	if p, ok := m.Payload.(Factual); ok {
		facts.Facts = append(facts.Facts, p.Facts()...)
	}
	m.Payload.Writes(func(key string, w OpID) {
		if len(facts.Carries) < MaxInspected && w != 0 {
			facts.Carries = append(facts.Carries, WriteRef{key, w})
		}
	})
	if withRaw {
		facts.Raw = raw(nil, thing{"payload", m.Payload})
	}
	return facts
}

// OperationFacts is everything about an operation at an instant.
type OperationFacts struct {
	Op       Op            `json:"op"`
	Client   Addr          `json:"client"`
	Asked    Addr          `json:"asked"`    // the replica that the latest attempt went to
	Attempts int           `json:"attempts"` // so far
	Start    Time          `json:"start"`
	End      Time          `json:"end"`   // meaningful once the outcome is not pending
	Place    int           `json:"place"` // among the completed operations of the lane, from 1; 0 while pending
	Result   Result        `json:"result"`
	Wrote    int64         `json:"wrote"`              // the value; of a document, the number of its items
	Found    int64         `json:"found"`              // likewise
	Siblings []SiblingView `json:"siblings,omitempty"` // that were found side by side
	Items    []int64       `json:"items,omitempty"`    // of a set that was found
	Errand   Errand        `json:"errand"`
	Ops      []OpID        `json:"ops"`     // of the errand, in order
	HeldBy   []Addr        `json:"held_by"` // nodes that hold what it wrote, and no successor of it; disks of those that are down
	Carried  []uint64      `json:"carried"` // messages on their way that carry it, by ID
}

// InspectOperation returns everything about an operation. It changes nothing.
func (c *Cluster) InspectOperation(id OpID) (OperationFacts, error) {
	if id == 0 || int(id) > len(c.history) {
		return OperationFacts{}, fmt.Errorf("lane %s has had no operation %d; it has had %d", c.Name, id, len(c.history))
	}
	rec := c.history[id-1]
	f := OperationFacts{Op: rec.Op, Client: rec.Client, Asked: rec.Asked, Attempts: int(rec.attempts) + 1, Start: rec.Start, End: rec.End,
		Place: rec.Completion, Result: rec.Result, Errand: *rec.errand.copied(nil), Items: rec.Result.Found.Items()}
	f.Ops = f.Errand.Ops
	f.Wrote, f.Found = c.Shown(rec.Key, rec.Value, id), c.Shown(rec.Key, rec.Result.Value, rec.Result.Version)
	if found := rec.Result.Found.Siblings(); len(found) > 1 {
		for _, v := range found {
			f.Siblings = append(f.Siblings, SiblingView{c.Shown(rec.Key, v.Value, v.Write), v.Write, v.Deleted})
		}
	}
	c.whoHas(&f)
	return f, nil
}

// whoHas looks for a write at the nodes and in flight.
func (c *Cluster) whoHas(f *OperationFacts) {
	if f.Op.Kind == Read {
		return
	}
	for _, n := range c.nodes {
		held := false
		n.replica.Held(func(_ string, w OpID) { held = held || w == f.Op.ID })
		if held {
			f.HeldBy = append(f.HeldBy, n.addr)
		}
	}
	c.InFlight(func(m *Message) bool {
		carries := false
		m.Payload.Writes(func(_ string, w OpID) { carries = carries || w == f.Op.ID })
		if carries && m.ID != 0 {
			f.Carried = append(f.Carried, m.ID)
		}
		return len(f.Carried) < MaxInspected
	})
	slices.Sort(f.Carried)
}
