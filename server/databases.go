package server

import (
	"strings"

	"netsplit/sim"
	"netsplit/sim/preset"
)

// What the page tells of the databases: what a preset is modelled after, and the documented behaviours that stories show.

const storyLead = 3 * sim.Second // of a story, before its first command

// modelled says which database a protocol's lane is modelled after; nil for a mode.
func modelled(protocol string) *Modelled {
	p, ok := preset.Named(protocol)
	if !ok {
		return nil
	}
	return &Modelled{Product: p.Product, Version: p.Version, Configuration: p.Configuration}
}

// modeOf returns the mode that a protocol is, or that a preset runs.
func modeOf(protocol string) string {
	if p, ok := preset.Named(protocol); ok {
		return p.Of
	}
	return protocol
}

func presetView(p preset.Preset) *PresetView {
	view := &PresetView{Modelled: *modelled(p.Name), Source: p.Source, Of: p.Of, Levels: []LevelView{}, Simplified: []SimplificationView{}}
	for _, l := range p.Levels {
		view.Levels = append(view.Levels, LevelView{Name: l.Name, Read: l.Read, Write: l.Write, About: l.About})
	}
	for _, s := range p.Simplified {
		view.Simplified = append(view.Simplified, SimplificationView{Text: s.Text, Rows: append([]string{}, s.Rows...)})
	}
	return view
}

// databaseViews lists the products in the order of their presets. A row without a story has no title.
func databaseViews(g *gallery) []DatabaseView {
	list := []DatabaseView{}
	places := map[string]int{}
	for _, p := range preset.All() {
		at, known := places[p.Product]
		if !known {
			at = len(list)
			places[p.Product] = at
			list = append(list, DatabaseView{Product: p.Product, Rows: behaviourViews(g, p.Product)})
		}
		list[at].Presets = append(list[at].Presets, p.Name)
	}
	return list
}

func behaviourViews(g *gallery, product string) []BehaviourView {
	rows := []BehaviourView{}
	for _, id := range preset.Rows[product] {
		row := BehaviourView{ID: id}
		if s := g.stories[id]; s != nil {
			row.Title, row.About = strings.TrimPrefix(s.Title, id+": "), storyAbout(id)
		}
		rows = append(rows, row)
	}
	return rows
}

// storyAbout returns what the story of a row is about: the comment that it begins with; "" for other scenarios.
func storyAbout(name string) string {
	text, _ := preset.Story(name)
	var lines []string
	for line := range strings.Lines(text) {
		comment, is := strings.CutPrefix(line, "#")
		if !is {
			break
		}
		lines = append(lines, strings.TrimSpace(comment))
	}
	return strings.Join(lines, " ")
}

// comparedViews lists the scenarios of the gallery in which databases are compared.
func comparedViews(g *gallery) []BehaviourView {
	list := []BehaviourView{}
	for _, name := range g.names {
		if s := g.byKey[name]; ofDatabases(s) {
			list = append(list, BehaviourView{ID: name, Title: s.Title})
		}
	}
	return list
}

// paceOf is how fast a room begins: a scenario whose first lane runs a database as fast as it takes to see its end within MaxStory, all others in
// slow motion.
func paceOf(s *sim.Scenario, name string) float64 {
	if name == "" || modelled(s.Lanes[0].Protocol) == nil {
		return DefaultSpeed
	}
	for _, speed := range []float64{DefaultSpeed, 0.5, 1, 2, 5, 10, 20} {
		if float64(s.End-openingOf(s, name))/speed <= float64(MaxStory.Microseconds()) {
			return speed
		}
	}
	return 50
}

// openingOf is from when on a room shows a scenario: a row's story from shortly before the first that happens by its text,
// since databases are given their time to settle; all others from the start.
func openingOf(s *sim.Scenario, name string) sim.Time {
	if _, is := preset.Story(name); !is || len(s.Commands) == 0 {
		return 0
	}
	first := s.Commands[0].At
	for _, c := range s.Commands {
		first = min(first, c.At)
	}
	return max(0, first-storyLead)
}
