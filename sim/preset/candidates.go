package preset

import (
	"slices"
	"strings"

	"netsplit/sim"
)

// Candidate is a configuration that somebody who chooses a database may choose.
type Candidate struct {
	Name  string // for people: "PostgreSQL, asynchronous, Patroni"
	Lane  sim.Lane
	About string // one sentence: what is set, in the product's words
}

// Configuration is a setting of a preset that people run, beside others of its own.
type Configuration struct {
	Name  string   // in a lane's name: "async"
	Title string   // for people: "asynchronous, Patroni"
	Knobs []string // NAME=VALUE; a value may be FIRST, SECOND or LAST, the scenario's region of that place
	About string   // one sentence
}

// Candidates returns every configuration of every preset, for a scenario's regions. Whether a world can have it, its
// parser says.
func Candidates(regions []string) []Candidate {
	var list []Candidate
	place := strings.NewReplacer("FIRST", regions[0], "SECOND", regions[min(1, len(regions)-1)], "LAST", regions[len(regions)-1])
	for _, p := range presets {
		for _, c := range p.Configurations {
			lane := sim.Lane{Name: p.Name + "-" + c.Name, Protocol: p.Name}
			for _, k := range c.Knobs {
				name, value, _ := strings.Cut(k, "=")
				if i := slices.IndexFunc(p.Knobs, func(k Knob) bool { return k.Name == name }); i >= 0 && (p.Knobs[i].Kind == sim.KnobRegion || p.Knobs[i].Kind == sim.KnobRegions) {
					value = place.Replace(value)
				}
				lane.Knobs = append(lane.Knobs, sim.Setting{Name: name, Value: value})
			}
			list = append(list, Candidate{p.Product + ", " + c.Title, lane, c.About})
		}
	}
	return list
}
