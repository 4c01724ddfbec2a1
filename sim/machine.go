package sim

import (
	"fmt"
	"strings"
)

// machine is what can go wrong with a node itself.
type machine struct {
	paused  bool
	late    []TimerID  // that came due while it was paused, in that order
	backlog []*Message // that it has received and not begun to deal with, in that order
	serving bool       // it is at work on a message
	service Time       // that each message takes; one waits for the other

	skew Time // that its clock is ahead of the world's
}

// detain keeps a message that has reached the node until the node can deal with it, and reports whether it did. What
// has reached a machine is no longer on a link: no cut loses it.
func (n *node) detain(m *Message) bool {
	switch {
	case m.served && n.paused: // it was at work on it
		m.served, n.serving = false, false
		n.backlog = append([]*Message{m}, n.backlog...)
		return true
	case m.served:
		return false
	case n.paused || n.serving || n.service > 0:
		m.reached = true
		n.backlog = append(n.backlog, m)
		n.serve()
		return true
	}
	return false
}

// serve begins to deal with the next message of the backlog, if the node can.
func (n *node) serve() {
	if n.paused || n.serving || len(n.backlog) == 0 {
		return
	}
	m := n.backlog[0]
	n.backlog = n.backlog[1:]
	m.served, n.serving = true, true
	n.cluster.queue.push(event{at: n.cluster.now + n.service, kind: eventArrival, msg: m})
}

// served goes on to the next message.
func (n *node) served() {
	n.serving = false
	n.serve()
}

// resume lets a node go on: timers that came due fire now, and it deals with what has come.
func (n *node) resume() {
	n.paused = false
	for _, t := range n.late {
		if tm := &n.timers[t]; tm.due != 0 && tm.queued == 0 {
			tm.due = n.cluster.now
			tm.queued = tm.due
			n.cluster.queue.push(event{at: tm.due, kind: eventTimer, who: n.addr, ref: uint64(t)})
		}
	}
	n.late = nil
	n.serve()
}

// changeNode carries out a command about a machine.
func (c *Cluster) changeNode(cmd Command) {
	n := c.nodes[c.node(cmd.Node)]
	switch cmd.Verb {
	case VerbPause:
		n.paused = true
	case VerbResume:
		n.resume()
	case VerbSlow:
		n.service = cmd.By
	case VerbSkew:
		n.skew = cmd.By
	}
}

func (c Command) checkNode(s *Scenario) error {
	if s.Topology().node(c.Node) < 0 {
		return fmt.Errorf("unknown node %q; expected one such as %s/1", c.Node, s.Regions[0])
	}
	least := Time(0)
	if c.Verb == VerbSkew {
		least = -MaxDelay
	}
	if c.By < least || c.By > MaxDelay {
		return fmt.Errorf("%s is not between %s and %s", c.By, least, MaxDelay)
	}
	return nil
}

// nodeCommand reads "pause NODE", "resume NODE", "slow NODE TIME" or "skew NODE [-]TIME".
func (p *parser) nodeCommand(cmd *Command, ws words) error {
	if cmd.Node = ws.at(3).text; cmd.Node == "" {
		return p.expected(ws.at(3), "a node such as eu-west-1/1")
	}
	if cmd.Verb == VerbPause || cmd.Verb == VerbResume {
		return p.noMore(ws, 4)
	}
	text, behind := strings.CutPrefix(ws.at(4).text, "-")
	by, err := ParseTime(text)
	if err != nil {
		return p.fail(ws.at(4).col, "%s", err)
	}
	if behind {
		by = -by
	}
	cmd.By = by
	return p.noMore(ws, 5)
}
