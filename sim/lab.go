package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Engine is the number of this simulator. It is raised whenever some scenario's trace changes.
const Engine = 2

// Lab runs one scenario: lanes under one clock, one command log, one workload and one weather. It belongs to
// one goroutine.
type Lab struct {
	scenario Scenario        // its own copy; the command log grows
	size     int             // of its text in bytes, at the most
	flaps    map[string]bool // lines of the log that Flap has written
	words    Vocabulary
	lanes    []*Cluster
	now      Time
	from     Time // what is logged takes effect then at the earliest
	next     int  // the first command not yet carried out
	group    []int
	revision uint64 // of the command log
}

// NewLab builds the world that a scenario describes, at time 0. The vocabulary must know the scenario's lanes.
func NewLab(s *Scenario, v Vocabulary) (*Lab, error) {
	l := &Lab{scenario: s.clone(), words: v, group: make([]int, len(s.Regions)), revision: 1, flaps: map[string]bool{}}
	l.size = len(l.scenario.String())
	for _, lane := range s.Lanes {
		p, ok := v.protocol(lane.Protocol)
		if !ok {
			return nil, fmt.Errorf("lane %s: unknown protocol %q", lane.Name, lane.Protocol)
		}
		l.lanes = append(l.lanes, newCluster(lane, &l.scenario, p))
	}
	return l, nil
}

// Now returns the virtual time up to which everything has happened.
func (l *Lab) Now() Time { return l.now }

// Lanes returns the lab's clusters, in the order of the scenario's lanes.
func (l *Lab) Lanes() []*Cluster { return l.lanes }

// Scenario returns a copy of the run so far as a scenario: set-up, seed and every command, past and to come.
func (l *Lab) Scenario() Scenario { return l.scenario.clone() }

// Revision returns a number, from 1, that grows whenever the command log changes.
func (l *Lab) Revision() uint64 { return l.revision }

// Groups returns the group of each region, in the scenario's order: equal numbers can talk. Partitions of one lane
// do not count. Treat it as read-only.
func (l *Lab) Groups() []int { return l.group }

// AdvanceTo lets everything happen up to and at t, but not beyond MaxTime. Times in the past change nothing. How
// a span is cut into steps makes no difference.
func (l *Lab) AdvanceTo(t Time) {
	t = min(t, MaxTime)
	for l.next < len(l.scenario.Commands) && l.scenario.Commands[l.next].At <= t {
		cmd := l.scenario.Commands[l.next]
		l.next++
		l.advanceLanes(cmd.At - 1)
		if cmd.Lane == "" && (cmd.Verb == VerbPartition || cmd.Verb == VerbHeal) {
			l.group = cmd.groupsOf(&l.scenario)
		}
		for _, c := range l.lanes {
			c.now = cmd.At
			if cmd.Lane == "" || cmd.Lane == c.Name {
				c.apply(cmd, &l.scenario)
			}
		}
		l.now = max(l.now, cmd.At)
	}
	l.advanceLanes(t)
	l.now = max(l.now, t)
}

func (l *Lab) advanceLanes(t Time) {
	for _, c := range l.lanes {
		c.advanceTo(t)
	}
}

// NextEvent returns the instant at which the next thing happens in any lane, or MaxTime.
func (l *Lab) NextEvent() Time {
	t := MaxTime
	if l.next < len(l.scenario.Commands) {
		t = min(t, l.scenario.Commands[l.next].At)
	}
	for _, c := range l.lanes {
		t = min(t, c.NextEvent())
	}
	return t
}

// LogFrom has what is logged from now on take effect at t at the earliest, where that has not happened yet.
func (l *Lab) LogFrom(t Time) { l.from = t }

// soonest returns the instant that a command is logged for: the first that has not happened yet, or that of LogFrom.
func (l *Lab) soonest() Time { return max(l.now+1, l.from) }

// Do logs a command at the first instant that has not happened yet, or later (LogFrom), and returns it with its time. It takes
// effect with an AdvanceTo. Commands over MaxCommands, and those that the world cannot carry out, are refused.
func (l *Lab) Do(cmd Command) (Command, error) {
	cmd.At = l.soonest()
	if l.next > 0 {
		cmd.At = max(cmd.At, l.scenario.Commands[l.next-1].At)
	}
	if len(l.scenario.Commands) >= MaxCommands {
		return cmd, fmt.Errorf("%s: this run has had its %d commands", cmd.Verb, MaxCommands)
	}
	if cmd.At > MaxTime {
		return cmd, fmt.Errorf("%s: this run has reached its end at %s", cmd.Verb, MaxTime)
	}
	if l.size+len(cmd.line()) > MaxScenarioSize {
		return cmd, fmt.Errorf("%s: this run's text has its %d bytes", cmd.Verb, MaxScenarioSize)
	}
	if err := cmd.Check(&l.scenario); err != nil {
		return cmd, err
	}
	if err := l.words.checkOperator(cmd, &l.scenario); err != nil {
		return cmd, err
	}
	if err := l.checkFlight(cmd); err != nil {
		return cmd, fmt.Errorf("%s: %w", cmd.Verb, err)
	}
	if err := l.checkClient(cmd); err != nil {
		return cmd, fmt.Errorf("%s: %w", cmd.Verb, err)
	}
	l.log(cmd)
	return cmd, nil
}

func (l *Lab) log(cmd Command) {
	l.scenario.insert(cmd)
	l.size += len(cmd.line())
	l.revision++
}

// line is the command as a line of the scenario language.
func (c Command) line() string { return "at " + c.At.String() + " " + c.statement() + "\n" }

// checkClient refuses a write or read whose result has a name that is taken, whose level no lane knows, or that no lane
// can take any more.
func (l *Lab) checkClient(cmd Command) error {
	if cmd.Fault() {
		return nil
	}
	if _, metric := l.words.metric(cmd.As); metric {
		return fmt.Errorf("a result cannot be named %q: that is a metric", cmd.As)
	}
	if cmd.As != "" && l.scenario.namesResult(cmd.As) {
		return fmt.Errorf("a result is named %q already", cmd.As)
	}
	if cmd.Level != "" {
		var protocols []Protocol
		for _, c := range l.lanes {
			protocols = append(protocols, c.protocol)
		}
		if err := checkLevel(cmd.Level, protocols); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(l.lanes, func(c *Cluster) bool { return len(c.History()) < MaxOps }) {
		return fmt.Errorf("every lane has had its %d operations", MaxOps)
	}
	return nil
}

// TakeOver drops the scripted faults that are still to come, and returns how many: from here on the world's
// faults are the user's. What comes until what Do has logged stays, and so does what Flap has.
func (l *Lab) TakeOver() int {
	kept := l.scenario.Commands[:l.next:l.next]
	for _, cmd := range l.scenario.Commands[l.next:] {
		if !cmd.Fault() || cmd.At <= l.soonest() || l.flaps[cmd.line()] {
			kept = append(kept, cmd)
		}
	}
	dropped := len(l.scenario.Commands) - len(kept)
	l.scenario.Commands = kept
	l.size = len(l.scenario.String())
	l.revision++
	return dropped
}

// Follow takes over what is still to come from another run of the same scenario, which is as far as l or further.
// Nothing that has happened in l changes: what both have carried out is the same.
func (l *Lab) Follow(ahead *Lab) {
	done, log := l.scenario.Commands[:l.next:l.next], ahead.scenario.Commands
	if l.now > ahead.now || len(log) < len(done) {
		panic(fmt.Sprintf("sim: a run at %s follows one at %s", l.now, ahead.now))
	}
	l.scenario.Commands = append(done, log[l.next:]...)
	l.size = ahead.size
	l.revision++
}

// Trace returns the SHA-256, in hexadecimal, over every event and outcome so far.
func (l *Lab) Trace() string {
	h := sha256.New()
	fmt.Fprintf(h, "engine %d\n", Engine)
	for _, c := range l.lanes {
		fmt.Fprintf(h, "lane %s %x\n", c.Name, c.trace.sum())
	}
	return hex.EncodeToString(h.Sum(nil))
}
