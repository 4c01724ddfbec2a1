package server

import (
	"testing"

	"netsplit/sim"
)

// TestFinding: a violation comes with what makes it plain.
func TestFinding(t *testing.T) {
	for name, want := range map[string]Finding{
		// Mumbai was shown $7 before Europe asked and found the opening value.
		"inversion": {Client: 1, Value: 0, By: 2, Newer: 7, Shown: true},
		// Europe, away, found $380 although Mumbai's write of $360 had been acknowledged.
		"europe-away": {Client: 1, Value: 380, By: 2, Newer: 360},
	} {
		s, err := Scenario(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := newFeed(s)
		if err != nil {
			t.Fatal(err)
		}
		f.run.AdvanceTo(s.End)
		f.delta(Clock{})
		var got *Finding
		for _, l := range f.lanes {
			for _, story := range l.stories {
				if story.Kind == sim.NoteViolated && got == nil {
					got = story.Find
				}
			}
		}
		if got == nil {
			t.Errorf("%s: no finding", name)
			continue
		}
		if got.Known >= got.At {
			t.Errorf("%s: known at %s, told at %s", name, got.Known, got.At)
		}
		got.At, got.Known = 0, 0
		if *got != want {
			t.Errorf("%s: %+v, want %+v", name, *got, want)
		}
	}
}
