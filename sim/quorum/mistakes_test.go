package quorum_test

import (
	"testing"

	"netsplit/sim/check"
	"netsplit/sim/quorum"
)

// TestMistakesAreFound: each deliberate mistake breaks an invariant of the swarm, or the checker's verdict on a
// history that was linearizable without it, within so many seeds.
func TestMistakesAreFound(t *testing.T) {
	swarm := func(t *testing.T, b quorum.Bugs, seed int) string {
		broken, _ := randomTrial(seed).play(t, b)
		return broken
	}
	for _, m := range []struct {
		name   string
		within int
		look   func(t *testing.T, b quorum.Bugs, seed int) string
	}{
		{"ack-early", 20, swarm},
		{"count-twice", 300, swarm},
		{"drop-hints", 200, swarm},
		{"skip-repair", 100, func(t *testing.T, b quorum.Bugs, seed int) string {
			return verdictOf(newWorld(t, b, history(seed, rows[0], "blocking")))
		}},
		{"write-anew", 20, func(t *testing.T, b quorum.Bugs, seed int) string {
			return counts(newWorld(t, b, counting(seed)))
		}},
		{"forget-promises", 200, func(t *testing.T, b quorum.Bugs, seed int) string {
			return verdictOf(newWorld(t, b, contest(seed, "")))
		}},
	} {
		t.Run(m.name, func(t *testing.T) {
			b := quorum.Mistakes[m.name]
			if b == (quorum.Bugs{}) {
				t.Fatal("no such mistake")
			}
			for seed := range m.within {
				if broken := m.look(t, b, seed); broken != "" {
					t.Logf("seed %d: %s", seed, broken)
					return
				}
			}
			t.Errorf("not found within %d seeds", m.within)
		})
	}
}

func verdictOf(w *world) string {
	if w.end() == check.No {
		return "not linearizable"
	}
	return ""
}
