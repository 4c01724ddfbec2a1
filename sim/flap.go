package sim

import "fmt"

// undoing has the verb that undoes each fault that may flap.
var undoing = map[Verb]Verb{VerbCut: VerbMend, VerbHold: VerbRelease, VerbPartition: VerbHeal, VerbPause: VerbResume, VerbCrash: VerbRestart}

// undo returns the command that undoes one of those.
func (c Command) undo() Command {
	return Command{At: c.At, Lane: c.Lane, Verb: undoing[c.Verb], Links: c.Links, Node: c.Node}
}

// Flap logs a fault and its undoing over and over, as repeated lines: from the instant that Do
// would log it for on, the fault each period, and its undoing half a period later; it lasts for a span, and ends undone. It takes the
// place of an earlier Flap of the same, and with a period of 0 only ends that one. It returns how many commands it has
// logged; on an error none is. What it has logged outlives TakeOver.
func (l *Lab) Flap(fault Command, period, span Time) (int, error) {
	undo := fault.undo()
	if undo.Verb == "" {
		return 0, fmt.Errorf("flap: expected cut, hold, partition, pause or crash, got %q", fault.Verb)
	}
	if period != 0 && (period < MinFlap || span < period) {
		return 0, fmt.Errorf("flap: expected a period of %s or more, and a span of one period or more", MinFlap)
	}
	fault.At, undo.At = l.soonest(), l.soonest()
	if err := fault.Check(&l.scenario); err != nil {
		return 0, err
	}
	commands, running := []Command{}, l.flapping(fault, undo)
	if period == 0 && len(running) > 0 {
		commands = append(commands, undo)
	}
	for at := fault.At; period > 0 && at-fault.At+period <= span && at+period/2 <= MaxTime && len(commands) <= MaxCommands; at += period {
		f, u := fault, undo
		f.At, u.At = at, at+period/2
		commands = append(commands, f, u)
	}
	if len(commands) == 0 {
		return 0, fmt.Errorf("flap: nothing of the kind goes on, or the run has no time left for it")
	}
	size := l.size
	for _, c := range commands {
		size += len(c.line())
	}
	if n := len(l.scenario.Commands) - len(running) + len(commands); n > MaxCommands {
		return 0, fmt.Errorf("flap: %d commands, with those there are, are over %d: choose a longer period or a shorter span", len(commands), MaxCommands)
	}
	if size > MaxScenarioSize {
		return 0, fmt.Errorf("flap: with %d commands the run's text would be over %d bytes", len(commands), MaxScenarioSize)
	}
	l.unlog(running)
	for _, c := range commands {
		l.log(c)
		l.flaps[c.line()] = true
	}
	return len(commands), nil
}

// flapping returns the lines, still to come when another would begin, of an earlier Flap of a fault.
func (l *Lab) flapping(fault, undo Command) map[string]bool {
	lines := map[string]bool{}
	for _, c := range l.scenario.Commands[l.next:] {
		if c.At < l.soonest() || c.Verb != fault.Verb && c.Verb != undo.Verb || !l.flaps[c.line()] {
			continue
		}
		fault.At, undo.At = c.At, c.At
		if line := c.line(); line == fault.line() || line == undo.line() {
			lines[line] = true
		}
	}
	return lines
}

// unlog takes lines that are still to come out of the log.
func (l *Lab) unlog(lines map[string]bool) {
	if len(lines) == 0 {
		return
	}
	kept := l.scenario.Commands[:l.next:l.next]
	for _, c := range l.scenario.Commands[l.next:] {
		if !lines[c.line()] {
			kept = append(kept, c)
		}
	}
	l.scenario.Commands = kept
	l.size = len(l.scenario.String())
	l.revision++
}
