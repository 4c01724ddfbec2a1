package server

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// causesOf runs a scenario to its end, in steps, and returns what a viewer has been told of the causes in each lane.
func causesOf(t *testing.T, s *sim.Scenario, step sim.Time) (*feed, [][]CauseView) {
	t.Helper()
	f, err := newFeed(s)
	if err != nil {
		t.Fatal(err)
	}
	told := make([][]CauseView, len(f.lanes))
	for f.run.Now() < s.End {
		f.run.AdvanceTo(min(f.run.Now()+step, s.End))
		for i, l := range f.delta(Clock{}).Lanes {
			told[i] = append(told[i], l.Causes...)
		}
	}
	return f, told
}

// TestCausesAreWhole: what a viewer is told of a violation refers to nothing that is not there, and nobody is told twice.
func TestCausesAreWhole(t *testing.T) {
	s, err := Scenario("europe-away")
	if err != nil {
		t.Fatal(err)
	}
	f, told := causesOf(t, s, 50*sim.Millisecond)
	for i, l := range f.lanes {
		state := l.state(f.scenario.Lanes[i])
		if len(state.Causes) != len(told[i]) || len(state.Causes) > MaxCauses {
			t.Errorf("%s: the state has %d causes, the deltas had %d", state.Name, len(state.Causes), len(told[i]))
		}
		names := map[string]bool{}
		for _, c := range state.Causes {
			name := fmt.Sprint(c.Kind, c.Op)
			if names[name] {
				t.Errorf("%s: %s %d is there twice", state.Name, c.Kind, c.Op)
			}
			names[name] = true
			for _, problem := range incomplete(c, l.cluster) {
				t.Errorf("%s: %s %d: %s", state.Name, c.Kind, c.Op, problem)
			}
		}
	}
	if got := f.lanes[0].causes; len(got) != 0 {
		t.Errorf("strong: %d causes of violations, want none", len(got))
	}
	kinds := map[string]int{}
	for _, c := range f.lanes[2].causes {
		kinds[c.Kind]++
	}
	for _, kind := range []check.Kind{check.Linearizable, check.StaleRead, check.LostWrite} {
		if kinds[string(kind)] == 0 {
			t.Errorf("eventual: no cause of a violation of kind %s among %v", kind, kinds)
		}
	}
}

// incomplete says what a cause refers to that is not there.
func incomplete(c CauseView, cluster *sim.Cluster) (problems []string) {
	has := func(id sim.OpID) bool { return slices.ContainsFunc(c.Ops, func(o OpView) bool { return o.ID == id }) }
	if !has(c.Op) || c.Missed != 0 && !has(c.Missed) {
		problems = append(problems, fmt.Sprintf("op %d or missed %d is not among %v", c.Op, c.Missed, c.Ops))
	}
	if c.Text[0] == "" || c.Text[1] == "" {
		problems = append(problems, "a sentence is missing")
	}
	for _, o := range c.Ops {
		if o.Client < 0 || o.Client >= cluster.Clients() || o.Outcome != sim.Pending && o.End < o.Start {
			problems = append(problems, fmt.Sprintf("operation %+v", o))
		}
	}
	for _, s := range c.Steps {
		if s.Until < s.At || int(s.Node) >= cluster.Endpoints() || int(s.Peer) >= cluster.Endpoints() || s.Text == "" {
			problems = append(problems, fmt.Sprintf("step %+v", s))
		}
		if s.Kind == string(check.StepOperation) && !has(s.Op) {
			problems = append(problems, fmt.Sprintf("the step of operation %d, which is not there", s.Op))
		}
		if s.Kind == string(check.StepFault) && c.Fault == nil {
			problems = append(problems, "the step of a fault, which is not there")
		}
	}
	return problems
}

// losing has many writes lost at each heal.
func losing() string {
	var b strings.Builder
	b.WriteString(busy)
	for i := range 8 {
		fmt.Fprintf(&b, "at %ds partition eu-west-1\nat %ds heal\n", 2+4*i, 4+4*i)
	}
	return b.String() + "end 40s\n"
}

// TestCausesAreBounded: of many violations viewers are told the first MaxCauses, the first of each kind among them; and one
// who comes late, or has gone back in time, is told the same as one who has watched all along.
func TestCausesAreBounded(t *testing.T) {
	s := mustParse(t, losing())
	f, _ := causesOf(t, s, 50*sim.Millisecond)
	g, _ := causesOf(t, s, s.End)
	most := 0
	for i, l := range f.lanes {
		most = max(most, len(l.causes))
		if len(l.causes) > MaxCauses {
			t.Errorf("%s: %d causes, over %d", l.cluster.Name, len(l.causes), MaxCauses)
		}
		for _, v := range l.referee.Verdicts() {
			if v.Answer == check.No && !slices.ContainsFunc(l.causes, func(c CauseView) bool { return c.Kind == string(v.Model) }) {
				t.Errorf("%s: %s is violated, and nobody is told why", l.cluster.Name, v.Model)
			}
		}
		if !reflect.DeepEqual(l.models, g.lanes[i].models) {
			t.Errorf("%s: verdicts %v; in one go %v", l.cluster.Name, l.models, g.lanes[i].models)
		}
		text, err := json.Marshal(l.causes)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d causes in %d bytes", l.cluster.Name, len(l.causes), len(text))
	}
	if most < MaxCauses/2 {
		t.Errorf("at most %d causes in a lane: the scenario does not test the limit", most)
	}
}
