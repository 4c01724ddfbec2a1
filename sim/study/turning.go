package study

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"netsplit/sim"
)

// TurningPlan says of which run, and of which promise, the point of no return is looked for: at moments along the run
// its luck is another from there on, many times over, and it is counted how often the promise is broken all the same.
type TurningPlan struct {
	Scenario *sim.Scenario // with every command of the run
	Target   Target
	Seeds    int      // lucks at each moment
	Moments  int      // at most
	Workers  int      // goroutines; 0 for one a core
	Progress Progress // of runs; nil for nobody
}

// Sizes of a TurningPlan where it says 0.
const (
	TurningSeeds   = 40
	TurningMoments = 20
)

// MaxTurningRuns is the most runs of one TurningPlan.
const MaxTurningRuns = 20_000

// Turning says how likely it was, along a run, that a promise would be broken.
type Turning struct {
	Lane    string   `json:"lane"`
	Promise Promise  `json:"promise"`
	End     sim.Time `json:"end"`
	Broken  bool     `json:"broken"` // in the run itself
	At      sim.Time `json:"at"`     // when that was known; the end of the run where it was not
	Curve   []Moment `json:"curve"`  // in order of time
	Likely  *Turn    `json:"likely"` // from which moment on at least half of all lucks break it; null for none
	Sure    *Turn    `json:"sure"`   // 95 % of them
	Runs    int      `json:"runs"`   // that this took
	Cut     bool     `json:"cut"`    // it was stopped before its end
}

// Moment is an instant of a run, and in how many lucks from there on the promise was broken.
type Moment struct {
	At sim.Time `json:"at"`
	Share
}

// Turn is where a curve comes to stay over a threshold: between two moments that were looked at.
type Turn struct {
	After sim.Time `json:"after"` // the last moment at which it was below; -1 where it never was
	At    sim.Time `json:"at"`    // the first from which on it was not
}

// thresholds in percent.
const (
	likely = 50.0
	sure   = 95.0
)

// turning is the search.
type turning struct {
	TurningPlan
	Turning
	count *counter
}

// Turning carries the plan out. When its context ends it returns the moments that are done, with Cut.
func (p TurningPlan) Turning(ctx context.Context) (*Turning, error) {
	if p.Seeds == 0 {
		p.Seeds = TurningSeeds
	}
	if p.Moments == 0 {
		p.Moments = TurningMoments
	}
	if p.Seeds < 1 || p.Moments < 4 || p.Seeds > MaxTurningRuns/p.Moments {
		return nil, errors.New("expected at least 4 moments, at least a seed for each, and no more runs than there may be")
	}
	t := &turning{TurningPlan: p, Turning: Turning{Lane: p.Target.Lane, Promise: p.Target.Promise, End: p.Scenario.End, Curve: []Moment{}},
		count: &counter{of: p.Seeds * p.Moments, tell: p.Progress}}
	var err error
	t.Broken, t.At, err = breaks(ctx, p.Scenario, p.Target)
	if err == nil {
		err = t.search(ctx)
	}
	if errors.Is(err, errStopped) {
		t.Cut, err = true, nil
	}
	t.Likely, t.Sure = t.turn(likely), t.turn(sure)
	return &t.Turning, err
}

// search looks at the moments of a grid, and then halves the spans in which the curve comes to stay over a threshold.
func (t *turning) search(ctx context.Context) error {
	first := t.Moments / 2
	for i := range first {
		if err := t.look(ctx, rounded(t.At*sim.Time(i)/sim.Time(first-1))); err != nil {
			return err
		}
	}
	for len(t.Curve) < t.Moments {
		before := len(t.Curve)
		for _, threshold := range []float64{likely, sure} {
			turn := t.turn(threshold)
			if turn == nil || turn.After < 0 || turn.At-turn.After <= leastTurn || len(t.Curve) == t.Moments {
				continue
			}
			if err := t.look(ctx, rounded((turn.After+turn.At)/2)); err != nil {
				return err
			}
		}
		if len(t.Curve) == before {
			break
		}
	}
	t.count.add(t.count.of - t.count.done) // there is nothing more to look at
	return nil
}

// leastTurn is how exactly a turn is looked for.
const leastTurn = 10 * sim.Millisecond

// rounded returns an instant in whole milliseconds.
func rounded(at sim.Time) sim.Time { return at - at%sim.Millisecond }

// look counts in how many lucks from a moment on the promise is broken.
func (t *turning) look(ctx context.Context, at sim.Time) error {
	place, known := slices.BinarySearchFunc(t.Curve, at, func(m Moment, at sim.Time) int { return cmp.Compare(m.At, at) })
	if known {
		return nil
	}
	broken, errs := make([]bool, t.Seeds), make([]error, t.Seeds)
	onWorkers(ctx, t.Workers, t.Seeds, func(i int) {
		if broken[i], _, errs[i] = breaks(ctx, reseeded(t.Scenario, at, uint64(i+1)), t.Target); errs[i] == nil {
			t.count.add(1)
		}
	})
	if ctx.Err() != nil {
		return errStopped
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	n := 0
	for _, is := range broken {
		if is {
			n++
		}
	}
	m := Moment{at, shareOf(n, t.Seeds)}
	t.Curve = slices.Insert(t.Curve, place, m)
	t.Runs += t.Seeds
	return nil
}

// turn returns where the curve comes to stay at a threshold, or over it.
func (t *turning) turn(percent float64) *Turn {
	i := len(t.Curve)
	for i > 0 && t.Curve[i-1].Percent >= percent {
		i--
	}
	if i == len(t.Curve) {
		return nil
	}
	turn := &Turn{After: -1, At: t.Curve[i].At}
	if i > 0 {
		turn.After = t.Curve[i-1].At
	}
	return turn
}

// reseeded returns a run whose luck is another from an instant on, by number. What was decided by hand about messages from
// then on is left out, since they are others.
func reseeded(s *sim.Scenario, at sim.Time, number uint64) *sim.Scenario {
	other := *s
	other.Commands = nil
	luck := sim.Command{At: at, Verb: sim.VerbReseed, Seed: moved(s.Seed, number)}
	for _, c := range s.Commands {
		if c.At >= at {
			if aboutMessage(c) {
				continue
			}
			if c.Verb == sim.VerbReseed {
				c.Seed = moved(c.Seed, number)
			}
		}
		other.Commands = append(other.Commands, c)
	}
	i, _ := slices.BinarySearchFunc(other.Commands, at+1, func(c sim.Command, at sim.Time) int { return cmp.Compare(c.At, at) })
	other.Commands = slices.Insert(other.Commands, i, luck)
	return &other
}
