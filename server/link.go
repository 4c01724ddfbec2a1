package server

import (
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"netsplit/sim"
	"netsplit/sim/study"
)

// decodeRun reads the scenario that a link carries: "1." and the base64url of its raw deflate. What inflates to
// more than a scenario may have is refused as soon as it does.
func decodeRun(run string) (*sim.Scenario, error) {
	payload, ok := strings.CutPrefix(run, "1.")
	if !ok {
		return nil, errors.New(`it does not begin with "1."`)
	}
	packed, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return nil, errors.New("it is not base64url")
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(string(packed))), sim.MaxScenarioSize+1))
	if err != nil {
		return nil, errors.New("it is damaged")
	}
	s, err := study.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("line %w", err)
	}
	return s, nil
}
