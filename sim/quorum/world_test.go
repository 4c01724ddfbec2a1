package quorum_test

import (
	"os"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/quorum"
)

// seeds returns how many seeds a test tries: few in an ordinary run, many with NETSPLIT_SOAK=1.
func seeds(few, many int) int {
	if os.Getenv("NETSPLIT_SOAK") != "" {
		return many
	}
	return few
}

// world is a lab with one lane of the quorum protocol, and its referee.
type world struct {
	*sim.Lab
	text    string
	cluster *sim.Cluster
	referee *check.Referee
}

func newWorld(t testing.TB, b quorum.Bugs, text string) *world {
	t.Helper()
	v := sim.Vocabulary{Protocols: []sim.Protocol{quorum.ProtocolWith(b)}}
	s, err := sim.Parse(text, v)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	lab, err := sim.NewLab(s, v)
	if err != nil {
		t.Fatal(err)
	}
	c := lab.Lanes()[0]
	return &world{lab, text, c, check.New(c)}
}

// replay is the one line that plays the world again.
func (w *world) replay() string {
	return "replay: printf '" + strings.ReplaceAll(w.text, "\n", `\n`) + "' | go run . run -"
}

// end plays the world to its end and returns whether what its clients saw is linearizable.
func (w *world) end() check.Answer {
	w.AdvanceTo(w.Scenario().End)
	return w.referee.Verdict().Linearizable
}
