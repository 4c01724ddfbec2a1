package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"netsplit/sim"
	"netsplit/sim/check"
)

// MaxSweepRuns is the most runs of one sweep: lucks times configurations.
const MaxSweepRuns = 100_000

// SweepPlan says what is to be run: every configuration under every luck, the lucks First to First+Seeds-1 of the
// scenario.
type SweepPlan struct {
	Scenario *sim.Scenario
	Axes     []Axis
	Seeds    int
	First    uint64   // 0 for the scenario's own seed
	Workers  int      // goroutines; 0 for one a core
	Progress Progress // of runs; nil for nobody
}

// Sweep is what many runs of one scenario came to. Its JSON keys are stable.
type Sweep struct {
	Engine         int             `json:"engine"`
	Title          string          `json:"title"`
	Text           string          `json:"text"`  // of the scenario, in canonical form
	Seed           uint64          `json:"seed"`  // of the first luck
	Seeds          int             `json:"seeds"` // asked for, one after the other
	End            sim.Time        `json:"end"`
	Runs           int             `json:"runs"`    // asked for
	Done           int             `json:"done"`    // runs that are in the figures
	ByHand         int             `json:"by_hand"` // commands about single messages, which mean nothing under another luck and were left out
	Configurations []Configuration `json:"configurations"`
}

// Configuration is one setting of the knobs that a sweep varies, and what came of it.
type Configuration struct {
	Name     string        `json:"name"` // "as written" where nothing is varied
	Settings []LaneSetting `json:"settings"`
	Dropped  []sim.Dropped `json:"dropped"` // statements that it cannot have
	Runs     int           `json:"runs"`
	Broken   []BrokenRun   `json:"broken"` // runs that broke the simulation, which are in no figure
	Lanes    []LaneLuck    `json:"lanes"`

	scenario *sim.Scenario
}

// BrokenRun is a run that the simulation could not carry out.
type BrokenRun struct {
	Seed  uint64 `json:"seed"`
	Error string `json:"error"`
}

// Sweep runs the plan. When its context ends it returns what is done, with no error: Done is less than Runs then.
// How many workers there are makes no difference.
func (p SweepPlan) Sweep(ctx context.Context) (*Sweep, error) {
	s, err := p.begin()
	if err != nil {
		return nil, err
	}
	width := len(s.Configurations)
	outcomes, errs := make([][]LaneOutcome, s.Runs), make([]error, s.Runs)
	count := &counter{of: s.Runs, tell: p.Progress}
	onWorkers(ctx, p.Workers, s.Runs, func(i int) { // luck by luck, so that configurations cut short are alike
		one := otherLuck(s.Configurations[i%width].scenario, p.First+uint64(i/width))
		if outcomes[i], errs[i] = outcomesOf(ctx, one); !errors.Is(errs[i], errStopped) {
			count.add(1)
		}
	})
	for i := range s.Configurations {
		c := &s.Configurations[i]
		lucks := make([]luck, 0, p.Seeds)
		for k := i; k < s.Runs; k += width {
			seed := moved(c.scenario.Seed, p.First+uint64(k/width))
			switch {
			case outcomes[k] != nil:
				lucks = append(lucks, luck{seed, outcomes[k]})
			case errs[k] != nil && !errors.Is(errs[k], errStopped):
				c.Broken = append(c.Broken, BrokenRun{seed, errs[k].Error()})
			}
		}
		c.Runs = len(lucks)
		c.Lanes = lanesOf(c.scenario, lucks)
		s.Done += len(lucks) + len(c.Broken)
	}
	return s, nil
}

// begin checks the plan, and returns a sweep of which nothing is done.
func (p SweepPlan) begin() (*Sweep, error) {
	if p.Seeds < 1 {
		return nil, fmt.Errorf("seeds %d: expected at least 1", p.Seeds)
	}
	configurations, err := grid(p.Scenario, p.Axes)
	if err != nil {
		return nil, err
	}
	if p.Seeds > MaxSweepRuns/len(configurations) {
		return nil, fmt.Errorf("%d seeds of %d configurations are over %d runs", p.Seeds, len(configurations), MaxSweepRuns)
	}
	return &Sweep{Engine: sim.Engine, Title: p.Scenario.Title, Text: p.Scenario.String(), Seed: moved(p.Scenario.Seed, p.First), Seeds: p.Seeds, End: p.Scenario.End,
		Runs: p.Seeds * len(configurations), ByHand: aboutMessages(p.Scenario), Configurations: configurations}, nil
}

// errStopped is what comes of a run whose context has ended.
var errStopped = errors.New("stopped")

// outcomesOf runs a scenario to its end and returns what each lane came to; an error if the context ended before.
func outcomesOf(ctx context.Context, s *sim.Scenario) (lanes []LaneOutcome, err error) {
	err = Unbroken(func() error {
		r, err := completed(ctx, s)
		if err != nil {
			return err
		}
		for _, referee := range r.Referees {
			lanes = append(lanes, outcomeOf(referee))
		}
		return nil
	})
	return lanes, err
}

// completed runs a scenario to its end; errStopped if the context ends before.
func completed(ctx context.Context, s *sim.Scenario) (*Run, error) {
	r, err := New(s)
	if err != nil {
		return nil, err
	}
	for r.Now() < s.End {
		if ctx.Err() != nil {
			return nil, errStopped
		}
		r.AdvanceTo(min(r.Now()+10*executeStep, s.End))
	}
	r.AdvanceTo(s.End)
	return r, nil
}

// luck is one run of a configuration.
type luck struct {
	seed  uint64
	lanes []LaneOutcome
}

// LaneLuck is what the runs of one configuration came to in one lane.
type LaneLuck struct {
	Name       string         `json:"name"`
	Protocol   string         `json:"protocol"`
	Broken     []PromiseShare `json:"broken"`        // each promise, in the order of Promises
	Answered   Spread         `json:"answered"`      // percent of the completed operations, by run
	Stale      Spread         `json:"stale_percent"` // percent of the answered reads, by run
	Reads      int            `json:"reads"`         // answered, in all runs
	StaleReads int            `json:"stale_reads"`   // in all runs
	LostWrites Spread         `json:"lost_writes"`   // by run
	Updates    Spread         `json:"lost_updates"`  // by run
	Damage     Spread         `json:"damage"`        // by run, without its sign
	P50        Spread         `json:"latency_ms_p50"`
	P99        Spread         `json:"latency_ms_p99"`
}

// PromiseShare says in how many runs a promise was broken.
type PromiseShare struct {
	Promise Promise `json:"promise"`
	Share
	Unknown int     `json:"unknown"` // runs of which it is not known; they count as not broken
	Seed    *uint64 `json:"seed"`    // the first under which it was; null for none
}

// Of returns in how many runs a promise was broken.
func (l *LaneLuck) Of(p Promise) PromiseShare {
	for _, b := range l.Broken {
		if b.Promise == p {
			return b
		}
	}
	return PromiseShare{Promise: p, Share: shareOf(0, 0)}
}

// Kept returns in how many runs the promise is known to have been kept.
func (b PromiseShare) Kept() Share { return shareOf(b.Share.Of-b.Count-b.Unknown, b.Share.Of) }

// StalePercent returns how many percent of all answered reads, of all runs, were stale.
func (l *LaneLuck) StalePercent() float64 {
	if l.Reads == 0 {
		return 0
	}
	return check.Percent(l.StaleReads, l.Reads)
}

// lanesOf adds up what the runs of a configuration came to.
func lanesOf(s *sim.Scenario, lucks []luck) []LaneLuck {
	var list []LaneLuck
	for i, lane := range s.Lanes {
		l := LaneLuck{Name: lane.Name, Protocol: lane.Protocol}
		for k, p := range Promises() {
			share := promiseShare(k, i, lucks)
			share.Promise = p
			l.Broken = append(l.Broken, share)
		}
		over := func(figure func(*LaneOutcome) float64) Spread {
			var values []float64
			for _, one := range lucks {
				values = append(values, figure(&one.lanes[i]))
			}
			return spreadOf(values)
		}
		for _, one := range lucks {
			l.Reads, l.StaleReads = l.Reads+one.lanes[i].Reads, l.StaleReads+one.lanes[i].StaleReads
		}
		l.Answered = over(func(o *LaneOutcome) float64 { return o.Answered })
		l.Stale = over(func(o *LaneOutcome) float64 { return o.StalePercent })
		l.LostWrites = over(func(o *LaneOutcome) float64 { return float64(o.LostWrites) })
		l.Updates = over(func(o *LaneOutcome) float64 { return float64(o.LostUpdates) })
		l.Damage = over(func(o *LaneOutcome) float64 { return float64(max(o.Damage, -o.Damage)) })
		l.P50 = over(func(o *LaneOutcome) float64 { return o.Latency.P50 })
		l.P99 = over(func(o *LaneOutcome) float64 { return o.Latency.P99 })
		list = append(list, l)
	}
	return list
}

// promiseShare counts the runs in which a promise, by its place among Promises, was broken in a lane.
func promiseShare(p, lane int, lucks []luck) (share PromiseShare) {
	broken := 0
	for _, one := range lucks {
		switch one.lanes[lane].Kept[p] {
		case check.No:
			if broken++; share.Seed == nil {
				seed := one.seed
				share.Seed = &seed
			}
		case check.Unknown:
			share.Unknown++
		}
	}
	share.Share = shareOf(broken, len(lucks))
	return share
}

// BenchSweep times a sweep of 200 lucks over a minute of a scenario, on every core.
func BenchSweep(ctx context.Context, s *sim.Scenario) (Figure, error) {
	begun := time.Now()
	sweep, err := SweepPlan{Scenario: upTo(s, 60*sim.Second), Seeds: 200}.Sweep(ctx)
	if err != nil || sweep.Done < sweep.Runs {
		return Figure{}, cmp.Or(err, ctx.Err(), errStopped)
	}
	return Figure{fmt.Sprintf("sweep: 200 seeds x 60 s x %d lanes", len(s.Lanes)), fmt.Sprintf("%.1f s", time.Since(begun).Seconds()),
		"on every core; at most 30 s on two"}, nil
}
