package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func (p *parser) addLane(ws words) error {
	name := ws.at(1)
	if err := checkName("lane", name.text); err != nil {
		return p.fail(name.col, "%s", err)
	}
	if p.lane(name.text) != nil {
		return p.fail(name.col, "a second lane %q", name.text)
	}
	if len(p.Lanes) == MaxLanes {
		return p.fail(name.col, "over %d lanes", MaxLanes)
	}
	proto, ok := p.vocabulary.protocol(ws.at(2).text)
	if !ok {
		names := make([]string, len(p.vocabulary.Protocols))
		for i, known := range p.vocabulary.Protocols {
			names[i] = known.Name
		}
		return p.expected(ws.at(2), "a protocol: "+strings.Join(names, ", "))
	}
	lane := Lane{Name: name.text, Protocol: proto.Name}
	set := false
	for i := 3; ws.at(i).text != ""; i++ {
		if value, ok := strings.CutPrefix(ws.at(i).text, transportWord); ok {
			if set {
				return p.fail(ws.at(i).col, "a second %s", transportWord)
			}
			set = true
			var err error
			if lane.Transport, err = p.transport(ws.at(i), value, proto); err != nil {
				return err
			}
			continue
		}
		set, err := p.knob(ws.at(i), proto, lane.Knobs)
		if err != nil {
			return err
		}
		lane.Knobs = append(lane.Knobs, set)
	}
	slices.SortFunc(lane.Knobs, func(a, b Setting) int { return proto.knob(a.Name) - proto.knob(b.Name) })
	p.Lanes = append(p.Lanes, lane)
	if proto.Check != nil {
		p.afterwards(ws.at(1).col, func() error { return proto.Check(lane.settings(&p.Scenario, proto)) })
	}
	return nil
}

// knob returns the index of a knob of the protocol, or -1.
func (p Protocol) knob(name string) int {
	return slices.IndexFunc(p.Knobs, func(k Knob) bool { return k.Name == name })
}

func (p *parser) knob(w word, proto Protocol, given []Setting) (Setting, error) {
	name, value, found := strings.Cut(w.text, "=")
	i := proto.knob(name)
	if !found || i < 0 {
		names := make([]string, len(proto.Knobs))
		for j, k := range proto.Knobs {
			names[j] = k.Name + "="
		}
		if len(names) == 0 {
			return Setting{}, p.expected(w, transportWord+" or the end of the line: "+proto.Name+" has no knobs")
		}
		return Setting{}, p.expected(w, "a knob of "+proto.Name+": "+transportWord+", "+strings.Join(names, ", "))
	}
	if slices.ContainsFunc(given, func(s Setting) bool { return s.Name == name }) {
		return Setting{}, p.fail(w.col, "a second %s=", name)
	}
	value, err := p.knobValue(proto.Knobs[i], value, w.col+len(name)+1)
	return Setting{name, value}, err
}

// knobValue reads a knob's value, which stands at a column, and returns it in canonical form.
func (p *parser) knobValue(k Knob, value string, col int) (string, error) {
	switch k.Kind {
	case KnobNumber:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < k.Min || n > k.Max {
			return "", p.fail(col, "%s: expected a whole number from %d to %d, got %q", k.Name, k.Min, k.Max, value)
		}
		return strconv.FormatInt(n, 10), nil
	case KnobTime:
		if slices.Contains(k.Words, value) {
			break
		}
		t, err := ParseTime(value)
		if err != nil || int64(t) < k.Min || int64(t) > k.Max {
			either := append(slices.Clone(k.Words), fmt.Sprintf("a time from %s to %s", Time(k.Min), Time(k.Max)))
			return "", p.fail(col, "%s: expected %s, got %q", k.Name, strings.Join(either, " or "), value)
		}
		return t.String(), nil
	case KnobWord:
		if !slices.Contains(k.Words, value) {
			return "", p.fail(col, "%s: expected %s, got %q", k.Name, strings.Join(k.Words, " or "), value)
		}
	case KnobRegion, KnobRegions:
		p.afterwards(col, func() error { return k.checkRegions(value, &p.Scenario) })
	}
	return value, nil
}

// checkRegions refuses a value that names no region, or one region twice.
func (k Knob) checkRegions(value string, s *Scenario) error {
	names := []string{value}
	if k.Kind == KnobRegions {
		names = strings.Split(value, ",")
	}
	for i, name := range names {
		if s.region(name) < 0 {
			return fmt.Errorf("%s: %w", k.Name, unknownRegion(name, s))
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%s: region %q is named twice", k.Name, name)
		}
	}
	return nil
}
