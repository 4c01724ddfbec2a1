package study

import (
	"slices"
	"strings"

	"netsplit/sim"
)

// regions tries to do with fewer regions, the last first.
func (s *shrinker) regions() {
	for i := len(s.best.Regions) - 1; i >= 0 && len(s.best.Regions) > 1; i-- {
		s.try(withoutRegion(s.best, s.best.Regions[i]))
	}
}

// withoutRegion returns a scenario with one region less, and without all that is about it.
func withoutRegion(s *sim.Scenario, region string) *sim.Scenario {
	other := *s
	not := func(name string) bool { return inRegion(name, region) }
	other.Regions = slices.DeleteFunc(slices.Clone(s.Regions), not)
	other.ReplicasIn = slices.DeleteFunc(slices.Clone(s.ReplicasIn), func(r sim.RegionReplicas) bool { return r.Region == region })
	other.Links = slices.DeleteFunc(slices.Clone(s.Links), func(l sim.LinkDelay) bool { return not(l.From) || not(l.To) })
	other.Lanes = slices.Clone(s.Lanes)
	for i := range other.Lanes {
		other.Lanes[i].Knobs = slices.DeleteFunc(slices.Clone(other.Lanes[i].Knobs), func(k sim.Setting) bool {
			return slices.ContainsFunc(strings.Split(k.Value, ","), not)
		})
	}
	other.Commands = nil
	for _, c := range s.Commands {
		var groups [][]string
		for _, g := range c.Groups {
			if g = slices.DeleteFunc(slices.Clone(g), not); len(g) > 0 {
				groups = append(groups, g)
			}
		}
		c.Groups = groups
		c.Members = slices.DeleteFunc(slices.Clone(c.Members), not)
		if not(c.Region) || not(c.From) || not(c.To) || not(c.Node) || c.Check(&other) != nil {
			continue
		}
		other.Commands = append(other.Commands, c)
	}
	return &other
}

// inRegion reports whether a region, a node or a client is one region, or in it.
func inRegion(name, region string) bool {
	rest, ok := strings.CutPrefix(name, region)
	return ok && (rest == "" || rest[0] == '/' || rest[0] == '@')
}
