package preset_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"netsplit/sim/preset"
	"netsplit/sim/study"
)

// MostSimplified is how many rows may be declared as not modelled, in all.
const mostSimplified = 3

// simplified lists the rows that presets declare as not modelled, by database.
func simplified() map[string][]string {
	rows := map[string][]string{}
	for _, p := range preset.All() {
		for _, s := range p.Simplified {
			rows[p.Product] = append(rows[p.Product], s.Rows...)
		}
	}
	return rows
}

// TestStories runs the story of every row: each must have expectations, and all must hold.
func TestStories(t *testing.T) {
	for product, rows := range preset.Rows {
		for _, id := range rows {
			text, ok := preset.Story(id)
			if !ok {
				continue // TestEveryRowHasAStory lists it
			}
			t.Run(id, func(t *testing.T) {
				t.Parallel()
				s, err := study.Parse(text)
				if err != nil {
					t.Fatal(err)
				}
				if len(s.Expects) == 0 {
					t.Fatal("no expect line")
				}
				if !strings.HasPrefix(s.Title, id+": ") {
					t.Errorf("the title %q does not begin with %q", s.Title, id+": ")
				}
				if !slices.ContainsFunc(preset.All(), func(p preset.Preset) bool { return p.Product == product && p.Name == s.Lanes[0].Protocol }) {
					t.Errorf("its first lane runs %s, which is no preset of %s", s.Lanes[0].Protocol, product)
				}
				run, err := study.New(s)
				if err != nil {
					t.Fatal(err)
				}
				run.AdvanceTo(s.End)
				for _, held := range run.Report().Expects {
					if !held.Holds {
						t.Errorf("expect %s: got %s", held.Expect, held.Got)
					}
				}
			})
		}
	}
}

// TestEveryRowHasAStory lists the rows that have neither a story nor a declared reason for having none, and the stories
// that are of no row.
func TestEveryRowHasAStory(t *testing.T) {
	declared, count := simplified(), 0
	known := map[string]bool{}
	for product, rows := range preset.Rows {
		for _, id := range rows {
			known[id+".txt"] = true
			_, has := preset.Story(id)
			switch without := slices.Contains(declared[product], id); {
			case without && has:
				t.Errorf("%s has a story, and is declared as not modelled", id)
			case without:
				count++
			case !has:
				t.Errorf("%s of %s has no story", id, product)
			}
		}
	}
	if count > mostSimplified {
		t.Errorf("%d rows are declared as not modelled; at most %d may be", count, mostSimplified)
	}
	files, err := os.ReadDir("stories")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("stories/%s is of no row", f.Name())
		}
	}
	fmt.Printf("stories: %d rows, %d declared as not modelled\n", len(known), count)
}

// sharedLevels are the words that every product is asked with.
var sharedLevels = []string{"strong", "eventual", "quorum"}

// TestPresetsAreComplete: what a user is told about a preset is there.
func TestPresetsAreComplete(t *testing.T) {
	for _, p := range preset.All() {
		if p.Product == "" || p.Version == "" || p.Configuration == "" || !strings.HasPrefix(p.Source, "https://") || len(p.Simplified) == 0 {
			t.Errorf("%s: product, version, configuration, source or simplifications are missing", p.Name)
		}
		if _, ok := preset.Rows[p.Product]; !ok {
			t.Errorf("%s: %s has no rows", p.Name, p.Product)
		}
		for _, k := range p.Knobs {
			if k.Assumed == strings.HasPrefix(k.Source, "https://") || k.About == "" {
				t.Errorf("%s: %s needs a source, or to be called assumed, and a sentence about it", p.Name, k.Name)
			}
		}
		for _, name := range sharedLevels {
			if !slices.ContainsFunc(p.Levels, func(l preset.Level) bool { return l.Name == name && l.About != "" }) {
				t.Errorf("%s: no level %q, or nothing about it", p.Name, name)
			}
		}
	}
}
