package preset

import (
	"slices"
	"strconv"
	"strings"

	"netsplit/sim"
)

// Candidate is a configuration that somebody who chooses a database may choose.
type Candidate struct {
	Name  string // for people: "PostgreSQL, asynchronous, Patroni"
	Lane  sim.Lane
	About string // one sentence: what is set, and what that means
}

// Candidates returns every configuration of every preset, for a scenario's regions. Whether a world can have it, its
// parser says.
func Candidates(regions []string) []Candidate {
	var list []Candidate
	place := strings.NewReplacer("FIRST", regions[0], "SECOND", regions[min(1, len(regions)-1)], "LAST", regions[len(regions)-1],
		"REGIONS", strconv.Itoa(len(regions)))
	for _, p := range presets {
		for _, c := range configurations[p.Name] {
			lane := sim.Lane{Name: p.Name + "-" + c.Name, Protocol: p.Name}
			for _, k := range c.Knobs {
				name, value, _ := strings.Cut(k, "=")
				if i := slices.IndexFunc(p.Knobs, func(k Knob) bool { return k.Name == name }); i >= 0 && p.Knobs[i].Kind != sim.KnobWord {
					value = place.Replace(value)
				}
				lane.Knobs = append(lane.Knobs, sim.Setting{Name: name, Value: value})
			}
			list = append(list, Candidate{p.Product + ", " + c.Title, lane, c.About})
		}
	}
	return list
}
