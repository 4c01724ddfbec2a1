package sim

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// machine is what can go wrong with a node itself, beside its clock and its disk.
type machine struct {
	down    bool // it has crashed, and its replica has not started
	paused  bool
	late    []TimerID  // that came due while it was paused, in that order
	backlog []*Message // that it has received and not begun to deal with, in that order
	work    *Message   // that it is dealing with
	service Time       // that each message takes; one waits for the other
}

func (n *node) view() MachineView {
	return MachineView{Down: n.down, Paused: n.paused, Service: n.service, Skew: n.skew, Drift: n.drift, Fsync: n.fsync,
		Stuck: n.stuck}
}

// ignores loses a message that has reached a node which is down, and reports whether it did.
func (n *node) ignores(m *Message) bool {
	if n.down {
		n.cluster.land(m)
		n.cluster.lose(m)
	}
	return n.down
}

// detain keeps a message that has reached the node until the node can deal with it, and reports whether it did. What
// has reached a machine is no longer on a link: no cut loses it.
func (n *node) detain(m *Message) bool {
	switch {
	case m.served && n.paused: // it was at work on it
		m.served, n.work = false, nil
		n.backlog = append([]*Message{m}, n.backlog...)
		return true
	case m.served:
		return false
	case n.paused || n.work != nil || n.service > 0:
		m.reached = true
		n.backlog = append(n.backlog, m)
		n.serve()
		return true
	}
	return false
}

// serve begins to deal with the next message of the backlog, if the node can.
func (n *node) serve() {
	if n.paused || n.work != nil || len(n.backlog) == 0 {
		return
	}
	m := n.backlog[0]
	n.backlog = n.backlog[1:]
	m.served, n.work = true, m
	n.cluster.arriveAt(m, n.cluster.now+n.service)
}

// served goes on to the next message.
func (n *node) served() {
	n.work = nil
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
	if n.unheard {
		n.tell()
	}
	n.serve()
}

// format empties the node's disk.
func (n *node) format() {
	n.disk = nil
	if n.cluster.protocol.Disk != nil {
		n.disk = n.cluster.protocol.Disk()
	}
}

// crash ends the node's replica: all that was in memory is gone, without a word to anybody. At once another is made
// from what the disk holds, for it counts as held; it starts with the restart.
func (n *node) crash(how Verb) {
	wipe := how == VerbWipe
	if n.down && !wipe {
		return
	}
	before := n.held()
	n.down, n.paused, n.late = true, false, nil
	clear(n.timers)
	if cached := n.cluster.protocol.Cached; how == VerbExit && cached != nil && cached(n.cluster.config) {
		n.batch, n.buffer = n.write(n.batch), n.write(n.buffer)
	}
	n.unplug()
	if how == VerbExit {
		n.cluster.exited(n.addr)
	} else {
		n.cluster.crashed(n.addr)
	}
	received := n.backlog
	if n.work != nil {
		received = append([]*Message{n.work}, received...)
	}
	n.backlog, n.work = nil, nil
	if wipe {
		n.format()
	}
	n.replica = n.cluster.protocol.New(n, n.cluster.config)
	n.forget(before)
	for _, m := range received {
		n.ignores(m)
	}
}

// restart starts the replica of a node that is down.
func (n *node) restart() {
	if n.down {
		n.down = false
		n.cluster.restarted(n.addr)
		n.replica.Start()
	}
}

// held returns the writes of every key that the replica holds.
func (n *node) held() map[string][]OpID {
	all := map[string][]OpID{}
	n.replica.Held(func(key string, w OpID) { all[key] = append(all[key], w) })
	return all
}

// forget tells the referee, key by key, what the node does not hold as it did before. The disk may also hold what the
// replica had dropped already.
func (n *node) forget(before map[string][]OpID) {
	now := n.held()
	either := maps.Clone(now)
	maps.Copy(either, before)
	for _, key := range slices.Sorted(maps.Keys(either)) {
		if !slices.Equal(now[key], before[key]) {
			n.Holds(key, now[key]...)
		}
	}
}

// changeNode carries out a command about a machine. What is done to one that is down and needs it to run does
// nothing; its clock, its disk and its pace are those of the hardware, and stay.
func (c *Cluster) changeNode(cmd Command) {
	n := c.nodes[c.node(cmd.Node)]
	switch cmd.Verb {
	case VerbCrash, VerbExit, VerbWipe:
		n.crash(cmd.Verb)
	case VerbRestart:
		n.restart()
	case VerbPause:
		n.paused = !n.down
	case VerbResume:
		n.resume()
	case VerbSlow:
		n.service = cmd.By
	case VerbSkew:
		n.skew = cmd.By
	case VerbDrift:
		n.changeDrift(Time(cmd.Rate))
	case VerbFsync:
		n.changeFsync(cmd.By, cmd.Stuck)
	}
}

func (c Command) checkNode(s *Scenario) error {
	if s.Topology().node(c.Node) < 0 {
		t := s.Topology()
		names := make([]string, t.Nodes())
		for i := range names {
			names[i] = t.NameOf(Addr(i))
		}
		return fmt.Errorf("unknown node %q; expected one such as %s%s", c.Node, names[0], didYouMean(c.Node, names))
	}
	least, most := Time(0), MaxDelay
	if c.Verb == VerbSkew {
		least, most = -MaxDelay, MaxFast
	}
	if c.By < least || c.By > most {
		return fmt.Errorf("%s is not between %s and %s", c.By, least, most)
	}
	if c.Rate < -MaxDrift || c.Rate > MaxDrift {
		return fmt.Errorf("%s is not between %s and %s", c.Rate, PPM(-MaxDrift), PPM(MaxDrift))
	}
	if c.Stuck && c.By != 0 {
		return fmt.Errorf("expected a time or stuck, not both")
	}
	return nil
}

// nodeCommand reads "VERB NODE", and after slow a TIME, after skew [-]TIME, after drift [-]RATEppm, after fsync a TIME
// or stuck.
func (p *parser) nodeCommand(cmd *Command, ws words) error {
	if cmd.Node = ws.at(3).text; cmd.Node == "" {
		return p.expected(ws.at(3), "a node such as eu-west-1/1")
	}
	var err error
	text, negative := strings.CutPrefix(ws.at(4).text, "-")
	switch {
	case cmd.Verb == VerbDrift:
		cmd.Rate, err = ParsePPM(ws.at(4).text)
	case cmd.Verb == VerbFsync && ws.at(4).text == stuck:
		cmd.Stuck = true
	case cmd.Verb == VerbSlow || cmd.Verb == VerbSkew || cmd.Verb == VerbFsync:
		cmd.By, err = ParseTime(text)
		if negative {
			cmd.By = -cmd.By
		}
	default:
		return p.noMore(ws, 4)
	}
	if err != nil {
		return p.fail(ws.at(4).col, "%s", err)
	}
	return p.noMore(ws, 5)
}

// stuck is the time of an fsync that does not end, in the scenario language.
const stuck = "stuck"

// nodeStatement prints a command about a machine.
func (c Command) nodeStatement() string {
	text := string(c.Verb) + " " + c.Node
	switch {
	case c.Stuck:
		return text + " " + stuck
	case c.Verb == VerbDrift:
		return text + " " + c.Rate.String()
	case c.Verb == VerbSlow || c.Verb == VerbSkew || c.Verb == VerbFsync:
		return text + " " + c.By.String()
	}
	return text
}

// PPM is a rate in parts per million.
type PPM int

// String prints the rate as the scenario language writes it: 200ppm, -50ppm.
func (r PPM) String() string { return strconv.Itoa(int(r)) + "ppm" }

// ParsePPM reads a whole number of parts per million, such as 200ppm or -50ppm.
func ParsePPM(s string) (PPM, error) {
	number, ok := strings.CutSuffix(s, "ppm")
	digits := strings.TrimPrefix(number, "-")
	if !ok || !allDigits(digits) || len(digits) > 9 {
		return 0, fmt.Errorf("expected a rate such as 200ppm or -50ppm, got %q", s)
	}
	n, _ := strconv.Atoi(number)
	return PPM(n), nil
}
