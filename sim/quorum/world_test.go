package quorum_test

import (
	"os"
	"slices"
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
	held    []map[string][]sim.OpID // what each node holds of each key
}

// holder keeps what the nodes hold.
type holder struct {
	sim.NopObserver
	w *world
}

// Holds takes a node's word.
func (h holder) Holds(node sim.Addr, key string, writes []sim.OpID) {
	if h.w.held[node] == nil {
		h.w.held[node] = map[string][]sim.OpID{}
	}
	h.w.held[node][key] = slices.Clone(writes)
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
	w := &world{Lab: lab, text: text, cluster: c, referee: check.New(c), held: make([]map[string][]sim.OpID, c.Nodes())}
	c.Observe(holder{w: w})
	return w
}

// replay says how to see the world again.
func (w *world) replay() string { return sim.Replay(w.text) }

// end plays the world to its end and returns whether what its clients saw is linearizable.
func (w *world) end() check.Answer {
	w.AdvanceTo(w.Scenario().End)
	return w.referee.Verdict().Answer
}
