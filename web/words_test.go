package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	exported = regexp.MustCompile(`(?m)^export (?:const|let|function) (\w+)`)
	asThere  = regexp.MustCompile(`(?m)^// As in English: (.*)\.$`)
)

// TestWordsAreTranslated: each file of words has a German one that says all that it says, or that it is the same.
func TestWordsAreTranslated(t *testing.T) {
	files, err := filepath.Glob("*words.ts")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "tellings.ts") {
		english, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		german, err := os.ReadFile(filepath.Join("de", file))
		if err != nil {
			t.Errorf("%s has no German: %v", file, err)
			continue
		}
		var there []string
		for _, m := range exported.FindAllSubmatch(german, -1) {
			there = append(there, string(m[1]))
		}
		if m := asThere.FindSubmatch(german); m != nil {
			there = append(there, strings.Split(string(m[1]), ", ")...)
		}
		for _, m := range exported.FindAllSubmatch(english, -1) {
			if name := string(m[1]); !slices.Contains(there, name) {
				t.Errorf("web/de/%s does not have %s", file, name)
			}
		}
	}
}
