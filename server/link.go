package server

import (
	"errors"
	"fmt"
	"strings"

	"netsplit/sim"
	"netsplit/sim/study"
)

// decodeRun reads the scenario that a link carries, or one on the shelf that it names; and what to tell who follows it.
func (s *shelf) decodeRun(run string) (sc *sim.Scenario, remark string, err error) {
	text, known := "", false
	if id, ok := strings.CutPrefix(run, shelfMark); ok {
		id, _, _ = strings.Cut(id, "&")
		if text, known = s.get(id); !known {
			return nil, "", fmt.Errorf("this server has no run %q: it keeps the latest that were shared", trim(id))
		}
	} else if text, err = sim.Unpack(run); err != nil {
		return nil, "", err
	}
	renewed, made := sim.Renew(text)
	if made > 0 {
		remark = fmt.Sprintf("this run was made by engine %d; this is engine %d, and what happens may differ", made, sim.Engine)
	}
	sc, err = study.Parse(renewed)
	if err != nil {
		return nil, "", &sim.LinkError{Reason: fmt.Sprintf("line %v", err), Saved: text}
	}
	return sc, remark, nil
}

// savedOf returns what there is of a link's text although it cannot be opened.
func savedOf(err error) string {
	var bad *sim.LinkError
	if errors.As(err, &bad) && len(bad.Saved) <= sim.MaxScenarioSize {
		return bad.Saved
	}
	return ""
}
