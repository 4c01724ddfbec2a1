package sim

import (
	"fmt"
	"maps"
	"slices"
)

// Line returns the command as a line of the scenario language, without its end.
func (c Command) Line() string { return "at " + c.At.String() + " " + c.statement() }

// ParseCommand reads a line such as "at 2.5s heal" as a command of a scenario. Its errors are of type *ParseError.
func ParseCommand(line string, s *Scenario, v Vocabulary) (Command, error) {
	p := &parser{Scenario: s.clone(), vocabulary: v, seen: map[string]bool{}, line: 1}
	p.Commands = nil
	if err := p.statement(line); err != nil {
		return Command{}, err
	}
	for _, check := range p.later {
		if err := check(); err != nil {
			return Command{}, err
		}
	}
	if len(p.Commands) != 1 {
		return Command{}, &ParseError{1, 1, fmt.Sprintf("expected a command such as: at 2.5s heal, got %q", line)}
	}
	return p.Commands[0], nil
}

// Flapped reports whether Flap has written a command, which so outlives TakeOver.
func (l *Lab) Flapped(c Command) bool { return l.flaps[c.line()] }

// Amend takes commands out of what is still to come and puts others in, as Do, Flap and TakeOver have done in a run of the same
// text. Flapped says that Flap did. Where that cannot be, since one of them has happened, or would have, it returns an error and changes
// nothing. It checks nothing else.
func (l *Lab) Amend(added, dropped []Command, flapped bool) error {
	rest := slices.Clone(l.scenario.Commands[l.next:])
	for _, d := range dropped {
		i := slices.IndexFunc(rest, func(c Command) bool { return c.At == d.At && c.line() == d.line() })
		if i < 0 {
			return fmt.Errorf("%q is not to come", d.Line())
		}
		rest = slices.Delete(rest, i, i+1)
	}
	for _, c := range added {
		if c.At <= l.now && (l.now > 0 || c.At < 0) {
			return fmt.Errorf("%q is in the past: the run is at %s", c.Line(), l.now)
		}
	}
	l.scenario.Commands = append(l.scenario.Commands[:l.next:l.next], rest...)
	for _, c := range added {
		l.scenario.insert(c)
		if flapped {
			l.flaps[c.line()] = true
		}
	}
	l.size = len(l.scenario.String())
	l.revision++
	return nil
}

// Revert takes back what has changed of the commands to come since they were a scenario's of the same run, at the same instant.
func (l *Lab) Revert(before *Scenario) {
	l.scenario.Commands = slices.Clone(before.Commands)
	l.size = len(l.scenario.String())
	l.revision++
}

// Inherit takes over from another run of the same scenario which commands Flap has written.
func (l *Lab) Inherit(of *Lab) { l.flaps = maps.Clone(of.flaps) }
