package server

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
)

//go:embed scenarios/*.txt
var scenarioFiles embed.FS

// DefaultScenario is what a new room runs when nothing else is asked for.
const DefaultScenario = "europe-away"

// gallery holds the stories that the page offers, by name.
type gallery struct {
	names   []string // DefaultScenario first, then by name
	byKey   map[string]*sim.Scenario
	stories map[string]*sim.Scenario // of the databases' documented behaviours, by the row's ID; they are in no menu
}

// loadGallery parses the embedded scenarios, once: nobody changes them.
var loadGallery = sync.OnceValues(func() (*gallery, error) {
	files, err := fs.Glob(scenarioFiles, "scenarios/*.txt")
	if err != nil {
		return nil, err
	}
	g := &gallery{names: []string{DefaultScenario}, byKey: map[string]*sim.Scenario{}, stories: map[string]*sim.Scenario{}}
	for _, file := range files {
		text, err := scenarioFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s, err := study.Parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s:%w", file, err)
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "scenarios/"), ".txt")
		g.byKey[name] = s
		if name != DefaultScenario {
			g.names = append(g.names, name)
		}
	}
	if g.byKey[DefaultScenario] == nil {
		return nil, fmt.Errorf("scenarios/%s.txt is missing", DefaultScenario)
	}
	return g, g.loadStories()
})

// loadStories parses the stories of all rows that have one.
func (g *gallery) loadStories() error {
	for _, rows := range preset.Rows {
		for _, id := range rows {
			text, ok := preset.Story(id)
			if !ok {
				continue
			}
			s, err := study.Parse(text)
			if err != nil {
				return fmt.Errorf("story %s:%w", id, err)
			}
			g.stories[id] = s
		}
	}
	return nil
}

// get returns a scenario or a row's story by name, nil if there is none.
func (g *gallery) get(name string) *sim.Scenario {
	if s := g.byKey[name]; s != nil {
		return s
	}
	return g.stories[name]
}

// ofDatabases reports whether all lanes of a scenario run databases.
func ofDatabases(s *sim.Scenario) bool {
	return !slices.ContainsFunc(s.Lanes, func(l sim.Lane) bool { return modelled(l.Protocol) == nil })
}

// find returns a scenario by name; "" is the default.
func (g *gallery) find(name string) (*sim.Scenario, string, error) {
	if name == "" {
		name = DefaultScenario
	}
	if s := g.get(name); s != nil {
		return s, name, nil
	}
	return nil, "", fmt.Errorf("unknown scenario %q; expected one of %s", name, strings.Join(g.names, ", "))
}

// Scenario returns a gallery scenario or a row's story by name; "" is the default.
func Scenario(name string) (*sim.Scenario, error) {
	g, err := loadGallery()
	if err != nil {
		return nil, err
	}
	s, _, err := g.find(name)
	return s, err
}
