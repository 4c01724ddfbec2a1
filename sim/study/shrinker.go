package study

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/shrink"
)

// shrinker makes a run that breaks a promise ever smaller, as long as it does.
type shrinker struct {
	ctx    context.Context
	target Target
	best   *sim.Scenario // the smallest so far
	at     sim.Time      // when the break was known in it
	left   int           // runs
	count  *counter
}

// shrink takes a run that breaks the promise. It leaves best such that no single command can be left out, unless it was
// stopped before.
func (s *shrinker) shrink(whole *sim.Scenario) error {
	s.best = alone(whole, s.target.Lane)
	s.best.Title = strings.TrimSpace("What breaks " + string(s.target.Promise) + " in lane " + s.target.Lane)
	s.best.Expects = []sim.Expectation{s.target.expectation()}
	for i := range s.best.Commands {
		s.best.Commands[i].As = "" // nothing expects a result any more
	}
	broken, at, err := breaks(s.ctx, s.best, s.target)
	switch {
	case errors.Is(err, errStopped):
		return nil // it has broken it before
	case err != nil:
		return err
	case !broken:
		return fmt.Errorf("seed %d breaks %s among other lanes and not alone; please report it", whole.Seed, s.target)
	}
	s.at = at
	for before := ""; before != s.best.String() && s.on(); {
		before = s.best.String()
		s.end()
		s.commands()
		s.gaps()
		s.world()
		s.regions()
		s.round()
	}
	return nil
}

func (s *shrinker) on() bool { return s.left > 0 && s.ctx.Err() == nil }

// expectation says of a run that it breaks the promise, as its text does.
func (t Target) expectation() sim.Expectation {
	e := sim.Expectation{Lane: t.Lane, Metric: string(t.Promise), Operator: ">", Value: "0"}
	switch check.Kind(t.Promise) {
	case check.LostWrite, check.LostUpdate, check.StaleRead:
		e.Metric += "s"
	default:
		if t.Promise != NoDamage {
			e.Operator, e.Value = "=", string(check.No)
		}
	}
	return e
}

// try takes a smaller run in the place of the best, if it is a run at all, and breaks the promise too.
func (s *shrinker) try(smaller *sim.Scenario) bool {
	if !s.on() {
		return false
	}
	text := smaller.String()
	if text == s.best.String() {
		return false
	}
	parsed, err := Parse(text)
	if err != nil {
		return false
	}
	s.left--
	s.count.add(1)
	broken, at, err := breaks(s.ctx, parsed, s.target)
	if err != nil || !broken {
		return false
	}
	s.best, s.at = parsed, at
	return true
}

// with tries the best with one thing changed.
func (s *shrinker) with(change func(*sim.Scenario)) bool {
	smaller := *s.best
	smaller.Commands, smaller.Lanes = slices.Clone(smaller.Commands), slices.Clone(smaller.Lanes)
	change(&smaller)
	return s.try(&smaller)
}

// end has the run end when the break is known.
func (s *shrinker) end() {
	if s.at < s.best.End {
		s.with(func(c *sim.Scenario) { c.End = s.at })
	}
}

// without leaves out what it can of a list.
func without[T any](s *shrinker, list func(*sim.Scenario) *[]T) {
	all := slices.Clone(*list(s.best))
	kept := make([]bool, len(all))
	for i := range kept {
		kept[i] = true
	}
	shrink.Ranges(len(all), func(from, to int) bool {
		fewer := slices.Clone(kept)
		for i := from; i < to; i++ {
			fewer[i] = false
		}
		if slices.Equal(fewer, kept) {
			return false
		}
		var some []T
		for i, is := range fewer {
			if is {
				some = append(some, all[i])
			}
		}
		if !s.with(func(c *sim.Scenario) { *list(c) = some }) {
			return false
		}
		kept = fewer
		return true
	}, s.on)
}

func (s *shrinker) commands() {
	without(s, func(c *sim.Scenario) *[]sim.Command { return &c.Commands })
}

// leastGap is how exactly spans between commands are shortened.
const (
	leastGap = 50 * sim.Millisecond
	roundGap = 10 * sim.Millisecond
)

// gaps shortens the spans before each command and before the end; what comes later moves with it.
func (s *shrinker) gaps() {
	for i := 0; i <= len(s.best.Commands); i++ {
		from, to := sim.Time(0), s.best.End
		if i > 0 {
			from = s.best.Commands[i-1].At
		}
		if i < len(s.best.Commands) {
			to = s.best.Commands[i].At
		}
		for by := to - from; by >= leastGap && s.on(); {
			if by > to-from || !s.earlier(i, by) {
				by = by / 2 / roundGap * roundGap
				continue
			}
			to -= by
		}
	}
}

// earlier moves the end, and the commands from one on.
func (s *shrinker) earlier(from int, by sim.Time) bool {
	return s.with(func(c *sim.Scenario) {
		c.End -= by
		for i := from; i < len(c.Commands); i++ {
			c.Commands[i].At -= by
		}
	})
}

// world tries a plainer world: no workload, fewer keys, replicas and clients, measured delays, knobs at their defaults.
func (s *shrinker) world() {
	s.with(func(c *sim.Scenario) { c.Workload = sim.Workload{} })
	s.with(func(c *sim.Scenario) {
		if c.Workload.Keys > 1 {
			c.Workload.Keys, c.Workload.Skew = 1, 0
		}
	})
	s.with(func(c *sim.Scenario) { c.Workload.Until = 0 })
	for s.best.Clients > 1 && s.with(func(c *sim.Scenario) { c.Clients-- }) {
	}
	s.with(func(c *sim.Scenario) { c.ReplicasIn = nil })
	for s.best.Replicas > 1 && s.with(func(c *sim.Scenario) { c.Replicas-- }) {
	}
	s.with(func(c *sim.Scenario) { c.Profile = "" })
	s.with(func(c *sim.Scenario) { c.Lanes[0].Transport = "" })
	without(s, func(c *sim.Scenario) *[]sim.LinkDelay { return &c.Links })
	without(s, func(c *sim.Scenario) *[]sim.Setting { return &c.Lanes[0].Knobs })
}

// round writes times shorter, if that makes no difference. Times are never later for it.
func (s *shrinker) round() {
	for _, to := range []sim.Time{sim.Second, 100 * sim.Millisecond, 10 * sim.Millisecond} {
		s.with(func(c *sim.Scenario) {
			for i := range c.Commands {
				c.Commands[i].At -= c.Commands[i].At % to
			}
		})
	}
}
