package study

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"netsplit/sim"
)

// Event is one thing that happened in a lane, as a line of an export in JSON. Times are microseconds of virtual time, since
// the run began; nodes and clients go by name.
type Event struct {
	At      sim.Time    `json:"at"`
	Lane    string      `json:"lane"`
	Type    string      `json:"type"` // command, invoke, return, send, receive, lose, move, note
	Command string      `json:"command,omitempty"`
	Op      *EventOp    `json:"op,omitempty"`      // of invoke and return
	Message *EventLeg   `json:"message,omitempty"` // of send, receive, lose and move
	Note    *EventNote  `json:"note,omitempty"`
	Result  *sim.Result `json:"result,omitempty"` // of return
}

// EventOp is the operation that an Event is about.
type EventOp struct {
	sim.Op
	Client string `json:"client"`
}

// EventLeg is the message that an Event is about. Those between clients and replicas are among them.
type EventLeg struct {
	ID   uint64 `json:"id"`
	From string `json:"from"`
	To   string `json:"to"`
	Kind string `json:"kind"`
	Due  int64  `json:"due,omitempty"` // of send and move
}

// EventNote is what an Event tells: see sim.NoteKind for what N counts.
type EventNote struct {
	Kind sim.NoteKind `json:"kind"`
	Node string       `json:"node,omitempty"`
	Peer string       `json:"peer,omitempty"`
	N    int64        `json:"n,omitempty"`
}

// eventWriter writes an Event for all that happens.
type eventWriter struct {
	w   *bufio.Writer
	err error
}

func (e *eventWriter) observe(lane *sim.Cluster) {
	l := &laneEvents{e: e, lane: lane}
	underway(lane, l.Sent)
	lane.Observe(l)
}

func (e *eventWriter) finish(context.Context, io.Writer) error { return e.err }

// laneEvents watches one lane for an eventWriter.
type laneEvents struct {
	sim.NopObserver
	e    *eventWriter
	lane *sim.Cluster
}

func (l *laneEvents) put(at sim.Time, kind string, ev Event) {
	if l.e.err != nil {
		return
	}
	ev.At, ev.Lane, ev.Type = at, l.lane.Name, kind
	b, err := json.Marshal(ev)
	if err == nil {
		_, err = l.e.w.Write(append(b, '\n'))
	}
	l.e.err = err
}

func (l *laneEvents) leg(m *sim.Message, due bool) *EventLeg {
	leg := &EventLeg{ID: m.ID, From: l.lane.NameOf(m.From), To: l.lane.NameOf(m.To), Kind: m.Kind.String()}
	if due {
		leg.Due = int64(m.Due)
	}
	return leg
}

func (l *laneEvents) op(r *sim.Record) *EventOp {
	return &EventOp{Op: r.Op, Client: l.lane.NameOf(r.Client)}
}

// Commanded writes a command.
func (l *laneEvents) Commanded(cmd sim.Command) {
	l.put(l.lane.Now(), "command", Event{Command: cmd.String()})
}

// Invoked writes a call.
func (l *laneEvents) Invoked(r *sim.Record) { l.put(l.lane.Now(), "invoke", Event{Op: l.op(r)}) }

// Returned writes an end.
func (l *laneEvents) Returned(r *sim.Record) {
	l.put(l.lane.Now(), "return", Event{Op: l.op(r), Result: &r.Result})
}

// Sent writes a departure.
func (l *laneEvents) Sent(m *sim.Message) { l.put(m.Sent, "send", Event{Message: l.leg(m, true)}) }

// Arrived writes an arrival.
func (l *laneEvents) Arrived(m *sim.Message) {
	l.put(l.lane.Now(), "receive", Event{Message: l.leg(m, false)})
}

// Lost writes a loss.
func (l *laneEvents) Lost(m *sim.Message, at sim.Time) {
	l.put(at, "lose", Event{Message: l.leg(m, false)})
}

// Moved writes that a user has a message arrive at another time.
func (l *laneEvents) Moved(m *sim.Message) {
	l.put(l.lane.Now(), "move", Event{Message: l.leg(m, true)})
}

// Noted writes a note.
func (l *laneEvents) Noted(n sim.Note) {
	note := &EventNote{Kind: n.Kind, N: n.N}
	if n.Node >= 0 {
		note.Node = l.lane.NameOf(n.Node)
	}
	if n.Peer >= 0 {
		note.Peer = l.lane.NameOf(n.Peer)
	}
	l.put(n.At, "note", Event{Note: note})
}
