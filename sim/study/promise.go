package study

import (
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
	"netsplit/sim/check"
)

// Promise names what a run may break: a kind of violation, or one of the three that are only known at its end.
type Promise string

// The promises that are no check.Kind. They are named like the report's metrics.
const (
	NoDamage  Promise = "damage"        // the workload's own rule holds
	Available Promise = "gilbert-lynch" // every node that stands answers every request
	Converged Promise = "converged"     // the replicas agree once the faults are over
)

// Promises lists all, the models of consistency first.
func Promises() []Promise {
	var all []Promise
	for _, m := range check.Models() {
		all = append(all, Promise(m))
	}
	return append(all, Promise(check.LostWrite), Promise(check.LostUpdate), Promise(check.StaleRead), NoDamage, Available, Converged)
}

// lasting reports whether a promise that is broken stays so, whatever happens later.
func (p Promise) lasting() bool { return p != NoDamage && p != Converged }

// kept returns whether a promise has been kept so far; whole asks for as much work as the end of a run is worth.
func (p Promise) kept(r *check.Referee, whole bool) check.Answer {
	yes := func(is bool) check.Answer {
		if is {
			return check.Yes
		}
		return check.No
	}
	switch p {
	case Promise(check.Linearizable):
		return r.Verdict().Answer
	case Promise(check.LostWrite):
		return yes(len(r.Losses()) == 0)
	case Promise(check.LostUpdate):
		return yes(len(r.LostUpdates()) == 0)
	case Promise(check.StaleRead):
		return yes(r.StaleReads() == 0)
	case NoDamage:
		return yes(r.Books().Damage == 0)
	case Available:
		return r.GilbertLynch().Answer
	case Converged:
		return r.Convergence().Answer()
	}
	verdicts := r.Verdicts
	if whole {
		verdicts = r.FinalVerdicts
	}
	for _, v := range verdicts() {
		if Promise(v.Model) == p {
			return v.Answer
		}
	}
	return check.Unknown
}

// Target is a promise of one lane.
type Target struct {
	Lane    string
	Promise Promise
}

// String prints the target as ParseTarget reads it.
func (t Target) String() string { return t.Lane + ":" + string(t.Promise) }

// ParseTarget reads [LANE:]PROMISE. Without a lane it must be the scenario's only one.
func ParseTarget(s *sim.Scenario, text string) (Target, error) {
	lane, promise, found := strings.Cut(text, ":")
	if !found {
		lane, promise = "", text
	}
	return NewTarget(s, lane, promise)
}

// NewTarget checks the names of a lane, "" for the only one, and a promise.
func NewTarget(s *sim.Scenario, lane, promise string) (Target, error) {
	var lanes, promises []string
	for _, l := range s.Lanes {
		lanes = append(lanes, l.Name)
	}
	for _, p := range Promises() {
		promises = append(promises, string(p))
	}
	t := Target{lane, Promise(promise)}
	if lane == "" && len(lanes) == 1 {
		t.Lane = lanes[0]
	}
	switch {
	case !slices.Contains(promises, promise):
		return t, fmt.Errorf("unknown promise %q; expected one of %s%s", promise, strings.Join(promises, ", "), sim.DidYouMean(promise, promises))
	case t.Lane == "":
		return t, fmt.Errorf("%s in which lane? expected LANE:%s with one of %s", promise, promise, strings.Join(lanes, ", "))
	case !slices.Contains(lanes, t.Lane):
		return t, fmt.Errorf("unknown lane %q; expected one of %s%s", t.Lane, strings.Join(lanes, ", "), sim.DidYouMean(t.Lane, lanes))
	}
	return t, nil
}
