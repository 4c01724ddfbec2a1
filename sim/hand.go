package sim

import (
	"fmt"
	"slices"
	"strconv"
)

// handVerbs are those that decide by hand what becomes of one message of one lane.
var handVerbs = []Verb{VerbDeliver, VerbLose, VerbPostpone}

// byHand reports whether the command is about one message.
func (c Command) byHand() bool { return slices.Contains(handVerbs, c.Verb) }

// checkHand refuses a command about a message that names no lane, for each lane numbers its own, or no message.
func (c Command) checkHand() error {
	if c.Lane == "" {
		return fmt.Errorf("expected lane NAME before it: each lane has messages of its own")
	}
	if c.Message == 0 || c.Message > MaxSeed {
		return fmt.Errorf("expected the number of a message, from 1, got %d", c.Message)
	}
	if c.Verb == VerbPostpone && (c.By <= 0 || c.By > MaxDelay) {
		return fmt.Errorf("%s is not over 0s, and at most %s", c.By, MaxDelay)
	}
	return nil
}

// handCommand reads "VERB MESSAGE", and after postpone a TIME.
func (p *parser) handCommand(cmd *Command, ws words) error {
	n, err := strconv.ParseUint(ws.at(3).text, 10, 64)
	if err != nil {
		return p.expected(ws.at(3), "the number of a message")
	}
	cmd.Message = n
	if cmd.Verb != VerbPostpone {
		return p.noMore(ws, 4)
	}
	if cmd.By, err = ParseTime(ws.at(4).text); err != nil {
		return p.fail(ws.at(4).col, "%s", err)
	}
	return p.noMore(ws, 5)
}

// handStatement prints a command about a message.
func (c Command) handStatement() string {
	text := fmt.Sprintf("%s %d", c.Verb, c.Message)
	if c.Verb == VerbPostpone {
		text += " " + c.By.String()
	}
	return text
}

// checkFlight refuses a command about a message that is not on its way in its lane at this instant, or that cannot
// arrive before others of its stream.
func (l *Lab) checkFlight(cmd Command) error {
	if !cmd.byHand() {
		return nil
	}
	for _, c := range l.lanes {
		if c.Name == cmd.Lane {
			_, err := c.flight(cmd)
			return err
		}
	}
	return unknownLane(cmd.Lane, &l.scenario)
}

// flight returns the message on its way that a command is about, or says why nothing can be done about it.
func (c *Cluster) flight(cmd Command) (*Message, error) {
	i := slices.IndexFunc(c.air.slots, func(m *Message) bool { return m != nil && m.control == 0 && m.ID == cmd.Message })
	if i < 0 {
		return nil, c.grounded(cmd.Message)
	}
	m := c.air.slots[i]
	if m.reached {
		return nil, fmt.Errorf("message %d has reached %s already, which has not dealt with it yet", m.ID, c.NameOf(m.To))
	}
	if cmd.Verb == VerbDeliver && m.stream != nil {
		return m, m.stream.mayDeliver(m)
	}
	return m, nil
}

// grounded says why a message is not on its way.
func (c *Cluster) grounded(id uint64) error {
	err := fmt.Errorf("message %d has arrived or is lost", id)
	if id > c.messages {
		err = fmt.Errorf("message %d has not been sent yet", id)
	}
	c.eachWaiting(func(m *Message) bool {
		if m.ID == id {
			err = fmt.Errorf("message %d is lost; its stream will send it again, with another number", id)
		}
		return m.ID != id
	})
	return err
}

// mayDeliver refuses to let a message arrive before those that went before it: a stream hands over in order.
func (e *end) mayDeliver(m *Message) error {
	c, r := e.cluster, e.peer
	switch {
	case m.conn != r.conn:
		return fmt.Errorf("message %d belongs to a connection that is over: it is dropped when it comes", m.ID)
	case m.seq <= r.expected:
		return nil
	}
	for _, s := range e.backlog() {
		if s.m.seq < r.expected || s.arrived {
			continue
		}
		if before := c.air.transmission(s.m); before != 0 {
			return fmt.Errorf("message %d travels on a stream behind message %d: a stream hands over in order", m.ID, before)
		}
		break
	}
	return fmt.Errorf("message %d travels on a stream behind a message that is lost and will be sent again: a stream hands over in order", m.ID)
}

// transmission returns the ID of the earliest message in the air that carries the same segment of a stream, or 0.
func (a *air) transmission(of *Message) uint64 {
	first := uint64(0)
	for _, m := range a.slots {
		if m != nil && m.control == 0 && m.stream == of.stream && m.conn == of.conn && m.seq == of.seq && (first == 0 || m.ID < first) {
			first = m.ID
		}
	}
	return first
}

// decide carries out what a user has decided about a message. One that is not on its way is left alone, and viewers are
// told.
func (c *Cluster) decide(cmd Command) {
	m, err := c.flight(cmd)
	if err != nil {
		c.note(Note{Kind: NoteMissed, Node: -1, Peer: -1, N: int64(cmd.Message)})
		return
	}
	c.note(Note{Kind: NoteHand, Node: -1, Peer: -1, N: int64(m.ID)})
	l := c.link(m.From, m.To)
	l.waiting = slices.DeleteFunc(l.waiting, func(w *Message) bool { return w == m })
	switch cmd.Verb {
	case VerbLose:
		c.land(m)
		c.lose(m)
	case VerbPostpone:
		c.rebook(m, max(m.Due, c.now)+cmd.By)
		c.arriveAt(m, m.Due)
	case VerbDeliver:
		c.rebook(m, c.now)
		m.handed = true
		c.arrive(m)
	}
}

// rebook has a message arrive at another time than it would have by itself. It changes its place in the air, so that
// the events that were queued for it find nothing.
func (c *Cluster) rebook(m *Message, due Time) {
	old := m.slot
	c.fly(m)
	c.air.slots[old] = nil
	c.air.free = append(c.air.free, old)
	m.Due = due
	if m.stream != nil {
		m.stream.last = max(m.stream.last, due) // what is sent from now on does not overtake it
	}
	for _, o := range c.observers {
		o.Moved(m)
	}
}
