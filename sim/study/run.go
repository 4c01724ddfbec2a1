// Package study is everything headless: it runs scenarios as fast as it can, with a referee on every lane, reports
// on them, holds them to what they expect, measures the simulator itself, and holds it to published figures. It serves
// nobody over a network and prints only where it is told to.
package study

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/preset"
)

// Vocabulary is what scenarios may name: the presets' protocols and the report's metrics. It is made once, and nobody changes it.
func Vocabulary() sim.Vocabulary { return vocabulary() }

var vocabulary = sync.OnceValue(func() sim.Vocabulary {
	v := sim.Vocabulary{Protocols: slices.Clip(preset.Protocols())}
	for _, m := range metrics {
		v.Metrics = append(v.Metrics, sim.Metric{Name: m.name, Verdict: m.verdict != nil})
	}
	v.Metrics = slices.Clip(v.Metrics)
	return v
})

// Parse reads a scenario in the full vocabulary. Its errors are of type *sim.ParseError.
func Parse(text string) (*sim.Scenario, error) { return sim.Parse(text, Vocabulary()) }

// Warnings says where the lanes of a scenario contradict their world, or have knobs set that have no effect there.
func Warnings(s *sim.Scenario) []preset.Warning { return preset.Warnings(s) }

// Run is a Lab with a referee on every lane.
type Run struct {
	*sim.Lab
	Referees []*check.Referee // in the order of the lanes
}

// Warnings says of the run's set-up what Warnings does of a scenario's.
func (r *Run) Warnings() []preset.Warning {
	s := r.Scenario()
	return preset.WarningsOf(&s, r.Lanes())
}

// New sets a run up at time 0.
func New(s *sim.Scenario) (*Run, error) {
	lab, err := sim.NewLab(s, Vocabulary())
	if err != nil {
		return nil, err
	}
	r := &Run{Lab: lab}
	for _, c := range lab.Lanes() {
		r.Referees = append(r.Referees, check.New(c))
	}
	return r, nil
}

// Execute runs a scenario to its end and reports on it.
func Execute(s *sim.Scenario) (*Report, error) { return ExecuteUnless(context.Background(), s) }

// ExecuteUnless is Execute, given up when a context ends. It looks at the context every executeStep.
func ExecuteUnless(ctx context.Context, s *sim.Scenario) (*Report, error) {
	r, err := New(s)
	if err != nil {
		return nil, err
	}
	if err := r.finish(ctx); err != nil {
		return nil, err
	}
	return r.Report(), nil
}

// finish runs to the scenario's end, unless a context ends before.
func (r *Run) finish(ctx context.Context) error {
	s := r.Scenario()
	for r.Now() < s.End {
		if ctx.Err() != nil {
			return fmt.Errorf("given up at %s: %w", r.Now(), context.Cause(ctx))
		}
		r.AdvanceTo(min(r.Now()+executeStep, s.End))
	}
	r.AdvanceTo(s.End)
	return nil
}

// executeStep is short enough that an interrupt of a busy run is soon heeded.
const executeStep = 10 * sim.Millisecond
