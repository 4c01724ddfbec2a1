package server

import (
	"fmt"

	"netsplit/sim"
	"netsplit/sim/study"
)

// decodeRun reads the scenario that a link carries; see sim.Pack.
func decodeRun(run string) (*sim.Scenario, error) {
	text, err := sim.Unpack(run)
	if err != nil {
		return nil, err
	}
	s, err := study.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("line %w", err)
	}
	return s, nil
}
