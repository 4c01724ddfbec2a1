package study

import (
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
)

// Axis is a knob of a lane, and the values that a sweep gives it.
type Axis struct {
	Lane, Knob string
	Values     []string
}

// LaneSetting is a knob of a lane as a configuration has it.
type LaneSetting struct {
	Lane  string `json:"lane"`
	Knob  string `json:"knob"`
	Value string `json:"value"`
}

// String prints the setting: LANE.KNOB=VALUE.
func (s LaneSetting) String() string { return s.Lane + "." + s.Knob + "=" + s.Value }

// transportKnob stands for a lane's transport among its knobs.
const transportKnob = "transport"

// asWritten is the name of the only configuration where nothing is varied.
const asWritten = "as written"

// ParseAxis reads LANE.KNOB=VALUE,VALUE,... for a scenario. The values of a knob that is a list of regions itself are parted
// by semicolons. What is wrong is quoted, with the nearest word that is known.
func ParseAxis(s *sim.Scenario, text string) (Axis, error) {
	name, values, found := strings.Cut(text, "=")
	lane, knob, dotted := strings.Cut(name, ".")
	if !found || !dotted || lane == "" || knob == "" {
		return Axis{}, fmt.Errorf("expected LANE.KNOB=VALUE,VALUE,..., got %q", text)
	}
	var lanes []string
	for _, l := range s.Lanes {
		lanes = append(lanes, l.Name)
	}
	i := slices.Index(lanes, lane)
	if i < 0 {
		return Axis{}, fmt.Errorf("unknown lane %q; expected one of %s%s", lane, strings.Join(lanes, ", "), sim.DidYouMean(lane, lanes))
	}
	knobs, separator := []string{transportKnob}, ","
	for _, p := range Vocabulary().Protocols {
		for _, k := range p.Knobs {
			if p.Name != s.Lanes[i].Protocol {
				continue
			}
			knobs = append(knobs, k.Name)
			if k.Name == knob && k.Kind == sim.KnobRegions {
				separator = ";"
			}
		}
	}
	if !slices.Contains(knobs, knob) {
		return Axis{}, fmt.Errorf("unknown knob %q of lane %s; %s has %s%s", knob, lane, s.Lanes[i].Protocol, strings.Join(knobs, ", "), sim.DidYouMean(knob, knobs))
	}
	a := Axis{lane, knob, strings.Split(values, separator)}
	for j, v := range a.Values {
		if v == "" || slices.Contains(a.Values[:j], v) {
			return Axis{}, fmt.Errorf("%s.%s: expected different values parted by %s, got %q", lane, knob, separator, values)
		}
	}
	return a, a.check(s)
}

// check tries every value by itself, but for what several knobs have to do with each other.
func (a Axis) check(s *sim.Scenario) error {
	var bad error
	for _, v := range a.Values {
		_, _, err := configured(s, []LaneSetting{{a.Lane, a.Knob, v}})
		if err == nil {
			return nil // what the others lack may be another knob's value: the grid says so
		}
		bad = err
	}
	return fmt.Errorf("%s.%s: %w", a.Lane, a.Knob, bad)
}

// grid returns every configuration of some axes; the last axis varies first.
func grid(s *sim.Scenario, axes []Axis) ([]Configuration, error) {
	all := [][]LaneSetting{nil}
	for i, a := range axes {
		if slices.ContainsFunc(axes[:i], func(b Axis) bool { return a.Lane == b.Lane && a.Knob == b.Knob }) {
			return nil, fmt.Errorf("%s.%s is set twice", a.Lane, a.Knob)
		}
		var next [][]LaneSetting
		for _, some := range all {
			for _, v := range a.Values {
				next = append(next, append(slices.Clone(some), LaneSetting{a.Lane, a.Knob, v}))
			}
		}
		if all = next; len(all) > MaxSweepRuns {
			return nil, fmt.Errorf("the grid has over %d configurations", MaxSweepRuns)
		}
	}
	var list []Configuration
	for _, settings := range all {
		c := Configuration{Name: asWritten, Settings: append([]LaneSetting{}, settings...), Broken: []BrokenRun{}}
		var names []string
		for _, one := range settings {
			names = append(names, one.String())
		}
		if len(names) > 0 {
			c.Name = strings.Join(names, " ")
		}
		var err error
		if c.scenario, c.Dropped, err = configured(s, settings); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		c.Dropped = append([]sim.Dropped{}, c.Dropped...)
		list = append(list, c)
	}
	return list, nil
}

// configured returns a scenario with some knobs of its lanes set anew.
func configured(s *sim.Scenario, settings []LaneSetting) (*sim.Scenario, []sim.Dropped, error) {
	var edits []sim.Edit
	for _, l := range s.Lanes {
		e := sim.Edit{Do: sim.EditSet, Lane: l.Name, Protocol: l.Protocol, Transport: l.Transport, Knobs: slices.Clone(l.Knobs)}
		changed := false
		for _, set := range settings {
			if set.Lane != l.Name {
				continue
			}
			changed = true
			if set.Knob == transportKnob {
				e.Transport = set.Value
				continue
			}
			e.Knobs = slices.DeleteFunc(e.Knobs, func(k sim.Setting) bool { return k.Name == set.Knob })
			e.Knobs = append(e.Knobs, sim.Setting{Name: set.Knob, Value: set.Value})
		}
		if changed {
			edits = append(edits, e)
		}
	}
	if len(edits) == 0 {
		return s, nil, nil
	}
	return s.Edited(edits, Vocabulary())
}
