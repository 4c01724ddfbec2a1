package server

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"netsplit/sim"
	"netsplit/sim/study"
)

//go:embed scenarios/*.txt
var scenarioFiles embed.FS

// DefaultScenario is what a new room runs when nothing else is asked for.
const DefaultScenario = "europe-away"

// gallery holds the stories that the page offers, by name.
type gallery struct {
	names []string // DefaultScenario first, then by name
	byKey map[string]*sim.Scenario
}

// loadGallery parses the embedded scenarios.
func loadGallery() (*gallery, error) {
	files, err := fs.Glob(scenarioFiles, "scenarios/*.txt")
	if err != nil {
		return nil, err
	}
	g := &gallery{names: []string{DefaultScenario}, byKey: map[string]*sim.Scenario{}}
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
	return g, nil
}

// find returns a scenario by name; "" is the default.
func (g *gallery) find(name string) (*sim.Scenario, string, error) {
	if name == "" {
		name = DefaultScenario
	}
	if s := g.byKey[name]; s != nil {
		return s, name, nil
	}
	return nil, "", fmt.Errorf("unknown scenario %q; expected one of %s", name, strings.Join(g.names, ", "))
}

// Scenario returns a gallery scenario by name; "" is the default.
func Scenario(name string) (*sim.Scenario, error) {
	g, err := loadGallery()
	if err != nil {
		return nil, err
	}
	s, _, err := g.find(name)
	return s, err
}
