package sim

import "slices"

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

// Frame is everything a viewer may see of a lane at an instant, and what has happened since the Frame before.
type Frame struct {
	Nodes   []NodeView
	Clients []ClientView
	Sent    []MessageView // between nodes
	Lost    []Fate        // of messages in earlier frames
	Notes   []Note
	Dropped int // messages left out because more than MaxTraffic were sent
}

// Recorder gathers a Cluster's traffic for its viewers.
type Recorder struct {
	NopObserver
	cluster *Cluster
	sent    []MessageView
	index   map[uint64]int // of messages in sent
	lost    []Fate
	notes   []Note
	dropped int
}

// NewRecorder begins to gather.
func NewRecorder(c *Cluster) *Recorder {
	r := &Recorder{cluster: c, index: map[uint64]int{}}
	c.Observe(r)
	return r
}

// Sent gathers a message between nodes.
func (r *Recorder) Sent(m *Message) {
	if int(m.From) >= r.cluster.Nodes() || int(m.To) >= r.cluster.Nodes() {
		return
	}
	if len(r.sent) == MaxTraffic {
		r.dropped++
		return
	}
	r.index[m.ID] = len(r.sent)
	r.sent = append(r.sent, view(m))
}

// Lost gathers a message's fate.
func (r *Recorder) Lost(m *Message, at Time) {
	if i, ok := r.index[m.ID]; ok {
		r.sent[i].Lost = at
	} else if int(m.From) < r.cluster.Nodes() && int(m.To) < r.cluster.Nodes() && len(r.lost) < MaxTraffic {
		r.lost = append(r.lost, Fate{m.ID, at})
	}
}

// Noted gathers a note.
func (r *Recorder) Noted(n Note) {
	if len(r.notes) < MaxTraffic {
		r.notes = append(r.notes, n)
	}
}

// Take returns the Frame of the present instant and starts gathering anew.
func (r *Recorder) Take() Frame {
	f := Frame{Sent: r.sent, Lost: r.lost, Notes: r.notes, Dropped: r.dropped}
	for _, n := range r.cluster.nodes {
		f.Nodes = append(f.Nodes, n.replica.Describe())
	}
	for _, c := range r.cluster.clients {
		f.Clients = append(f.Clients, ClientView{copyErrand(c.asking), copyErrand(c.told)})
	}
	r.sent, r.lost, r.notes, r.dropped = nil, nil, nil, 0
	clear(r.index)
	return f
}

func copyErrand(e *Errand) *Errand {
	if e == nil {
		return nil
	}
	c := *e
	c.Ops = append([]OpID(nil), e.Ops...)
	return &c
}

// InFlightViews returns the messages between nodes that are on their way, oldest first.
func (r *Recorder) InFlightViews() []MessageView {
	var views []MessageView
	r.cluster.InFlight(func(m *Message) {
		if int(m.From) < r.cluster.Nodes() && int(m.To) < r.cluster.Nodes() {
			views = append(views, view(m))
		}
	})
	slices.SortFunc(views, func(a, b MessageView) int { return int(a.ID) - int(b.ID) })
	return views
}

func view(m *Message) MessageView {
	return MessageView{ID: m.ID, From: m.From, To: m.To, Kind: m.Kind, Sent: m.Sent, Due: m.Due, Lost: -1}
}
