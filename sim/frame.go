package sim

import (
	"cmp"
	"slices"
)

// MessageView is what a viewer may see of a message between nodes. It is shown once, when it is sent; if it is
// lost after that, a Fate tells.
type MessageView struct {
	ID   uint64      `json:"id"`
	From Addr        `json:"from"`
	To   Addr        `json:"to"`
	Kind MessageKind `json:"kind"`
	Sent Time        `json:"sent"`
	Due  Time        `json:"due"`
	Lost Time        `json:"lost"` // when it was lost; -1 while it is not
}

// Fate tells that a message shown before was lost.
type Fate struct {
	ID uint64 `json:"id"`
	At Time   `json:"at"`
}

// ClientView is what a viewer may see of one client: what it asks and what it was last told.
type ClientView struct {
	Asking *Errand `json:"asking"` // the latest under way
	Told   *Errand `json:"told"`   // the latest to end
}

// Frame is everything a viewer may see of a lane at an instant, and what has happened since the Frame before: the
// latest MaxTraffic of each kind, oldest first.
type Frame struct {
	Nodes   []*NodeView // the same as in the Frame before, where nothing has changed; read-only
	Clients []ClientView
	Sent    []MessageView // between nodes
	Moved   []MessageView // sent before, and due at another time now
	Lost    []Fate        // of messages sent before
	Notes   []Note
}

// Recorder gathers a Cluster's traffic for its viewers.
type Recorder struct {
	NopObserver
	cluster *Cluster
	sent    []MessageView // in order of their IDs
	moved   []MessageView
	lost    []Fate
	notes   []Note
	errands []ClientView // the copies in the latest Frame
	shown   []shownNode  // in the latest Frame

	finished finishedRing
}

// shownNode is a view of a node that holds as long as nothing happens to it.
type shownNode struct {
	view    *NodeView
	stirred uint64 // of the node, when it was made
	until   Time   // the last instant at which it holds
}

// NewRecorder begins to gather.
func NewRecorder(c *Cluster) *Recorder {
	r := &Recorder{cluster: c}
	c.Observe(r)
	return r
}

// Sent gathers a message between nodes.
func (r *Recorder) Sent(m *Message) {
	if r.shows(m) {
		r.sent = gather(r.sent, view(m))
	}
}

// Lost gathers a message's fate.
func (r *Recorder) Lost(m *Message, at Time) {
	if !r.shows(m) {
		return
	}
	r.finished.add(finished{m, at, MessageLost})
	i, ok := slices.BinarySearchFunc(r.sent, m.ID, func(v MessageView, id uint64) int { return cmp.Compare(v.ID, id) })
	if ok {
		r.sent[i].Lost = at
	} else {
		r.lost = gather(r.lost, Fate{m.ID, at})
	}
}

// Arrived keeps a message for who inspects it.
func (r *Recorder) Arrived(m *Message) {
	if r.shows(m) {
		r.finished.add(finished{m, r.cluster.now, MessageArrived})
	}
}

// Moved gathers when a message is due now.
func (r *Recorder) Moved(m *Message) {
	if !r.shows(m) {
		return
	}
	i, ok := slices.BinarySearchFunc(r.sent, m.ID, func(v MessageView, id uint64) int { return cmp.Compare(v.ID, id) })
	if ok {
		r.sent[i].Due = m.Due
	} else {
		r.moved = gather(r.moved, view(m))
	}
}

// Noted gathers a note.
func (r *Recorder) Noted(n Note) { r.notes = gather(r.notes, n) }

// shows reports whether viewers see a message: those between nodes.
func (r *Recorder) shows(m *Message) bool {
	return int(m.From) < r.cluster.Nodes() && int(m.To) < r.cluster.Nodes()
}

// gather appends to a list of which the latest MaxTraffic count. It may hold up to twice as many.
func gather[T any](list []T, v T) []T {
	if len(list) == 2*MaxTraffic {
		list = list[:copy(list, latest(list))]
	}
	return append(list, v)
}

func latest[T any](list []T) []T { return list[max(0, len(list)-MaxTraffic):] }

// Take returns the Frame of the present instant and starts gathering anew.
func (r *Recorder) Take() Frame {
	f := r.Peek()
	r.sent, r.moved, r.lost, r.notes = nil, nil, nil, nil
	return f
}

// Peek returns what Take would, and changes nothing; treat it as read-only.
func (r *Recorder) Peek() Frame {
	f := Frame{Sent: latest(r.sent), Moved: latest(r.moved), Lost: latest(r.lost), Notes: latest(r.notes),
		Nodes: make([]*NodeView, 0, r.cluster.Nodes()), Clients: make([]ClientView, 0, len(r.cluster.clients))}
	for i, n := range r.cluster.nodes {
		if i == len(r.shown) {
			r.shown = append(r.shown, shownNode{})
		}
		last := &r.shown[i]
		if last.view == nil || last.stirred != n.stirred || last.until < r.cluster.now {
			v, until := r.cluster.describe(n.addr)
			*last = shownNode{&v, n.stirred, until}
		}
		f.Nodes = append(f.Nodes, last.view)
	}
	for i, c := range r.cluster.clients {
		if i == len(r.errands) {
			r.errands = append(r.errands, ClientView{})
		}
		last := &r.errands[i]
		last.Asking, last.Told = c.asking.copied(last.Asking), c.told.copied(last.Told)
		f.Clients = append(f.Clients, *last)
	}
	return f
}

// copied returns a copy that stays as it is: one made before, if that is still the same.
func (e *Errand) copied(before *Errand) *Errand {
	if e.Equal(before) {
		return before
	}
	if e == nil {
		return nil
	}
	c := *e
	c.Ops = slices.Clone(e.Ops)
	return &c
}

// InFlightViews adds to an empty list the messages between nodes that are on their way, oldest first.
func (r *Recorder) InFlightViews(views []MessageView) []MessageView {
	r.cluster.InFlight(func(m *Message) bool {
		if r.shows(m) && m.ID != 0 && !m.lost {
			views = append(views, view(m))
		}
		return true
	})
	slices.SortFunc(views, func(a, b MessageView) int { return int(a.ID) - int(b.ID) })
	return views
}

func view(m *Message) MessageView {
	return MessageView{ID: m.ID, From: m.From, To: m.To, Kind: m.Shown(), Sent: m.Sent, Due: m.Due, Lost: -1}
}
