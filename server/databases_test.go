package server

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
)

// TestPresetsInTheCatalog: the catalog has what a preset is modelled after, where its knobs are documented or that nobody
// publishes them, its levels in the product's words, what is simplified, and the rows of its database by title.
func TestPresetsInTheCatalog(t *testing.T) {
	g, err := loadGallery()
	if err != nil {
		t.Fatal(err)
	}
	c := catalogView(g)
	byName := map[string]ProtocolView{}
	for _, p := range c.Protocols {
		byName[p.Name] = p
	}
	listed := map[string]bool{}
	for _, d := range c.Databases {
		if len(d.Rows) != len(preset.Rows[d.Product]) || len(d.Rows) == 0 {
			t.Errorf("%s has %d rows, want %d", d.Product, len(d.Rows), len(preset.Rows[d.Product]))
		}
		for _, name := range d.Presets {
			listed[name] = true
		}
		for _, row := range d.Rows {
			if _, has := preset.Story(row.ID); has == (row.Title == "") || has == (row.About == "") || strings.HasPrefix(row.Title, row.ID) {
				t.Errorf("%s is called %q", row.ID, row.Title)
			}
		}
	}
	for _, p := range preset.All() {
		v := byName[p.Name]
		if v.Preset == nil || !listed[p.Name] {
			t.Errorf("%s is in no database, or not told as a preset", p.Name)
			continue
		}
		if v.Preset.Product != p.Product || v.Preset.Of != p.Of || !strings.HasPrefix(v.Preset.Source, "https://") || len(v.Preset.Simplified) != len(p.Simplified) {
			t.Errorf("%s: %+v", p.Name, v.Preset)
		}
		for i, l := range v.Preset.Levels {
			if l.Name != v.Levels[i] || l.About == "" {
				t.Errorf("%s: level %s is told as %+v", p.Name, v.Levels[i], l)
			}
		}
		for i, k := range v.Knobs {
			if k.Name != p.Knobs[i].Name || k.Assumed == strings.HasPrefix(k.Source, "https://") {
				t.Errorf("%s %s: source %q, assumed %t", p.Name, k.Name, k.Source, k.Assumed)
			}
		}
	}
}

// TestRowsAreScenarios: a row's story is a scenario by its ID; the page of it has it in the menu, other pages do not.
func TestRowsAreScenarios(t *testing.T) {
	_, url := start(t)
	get := func(path string) string {
		t.Helper()
		res, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		data, _ := io.ReadAll(res.Body)
		return string(data)
	}
	s, err := Scenario("PG1")
	if err != nil || !strings.HasPrefix(s.Title, "PG1: ") || modelled(s.Lanes[0].Protocol) == nil {
		t.Fatalf("PG1: %v, %v", s, err)
	}
	if text := get("/scenarios/PG1.txt"); text != s.String() {
		t.Errorf("its text is %q", text)
	}
	if page := get("/?scenario=PG1"); !strings.Contains(page, `<option value="PG1" selected>PG1: `) {
		t.Error("the page of PG1 does not have it in its menu")
	}
	if strings.Contains(get("/"), `"PG1"`) {
		t.Error("the first page has PG1 in its menu")
	}
	if _, err := Scenario("PG999"); err == nil || strings.Contains(err.Error(), "PG1,") {
		t.Errorf("PG999: %v", err)
	}
}

// TestSayings: a text is sent once, at most MaxSays of them; what a client reads is news where it is not what it read
// before, of its reads and of the rest apart, in order of their ends.
func TestSayings(t *testing.T) {
	var s sayings
	if got := []int64{s.text("a"), s.text(""), s.text("b"), s.text("a")}; !slices.Equal(got, []int64{1, 0, 2, 1}) {
		t.Errorf("numbers %v", got)
	}
	for i := range MaxSays {
		s.text(fmt.Sprint("more ", i))
	}
	if len(s.says) != MaxSays || s.text("one too many") != 0 {
		t.Errorf("%d texts", len(s.says))
	}
	rec := func(completion int, kind sim.OpKind, says string) *sim.Record {
		return &sim.Record{Op: sim.Op{ID: sim.OpID(completion), Kind: kind, Client: 3}, Completion: completion, Result: sim.Result{Outcome: sim.Fail, Says: says}}
	}
	heard := func(ended ...*sim.Record) (ids []int64) {
		for _, n := range s.news(ended) {
			ids = append(ids, n.N)
		}
		return ids
	}
	plain := rec(9, sim.Write, "commit_timestamp: 7")
	plain.Result.Outcome = sim.OK
	first := heard(rec(2, sim.Write, "a"), rec(1, sim.Write, "a"), rec(3, sim.Read, ""), rec(4, sim.Read, "a"))
	next := heard(plain, rec(5, sim.Write, "a"), rec(6, sim.Write, "b"), rec(7, sim.Write, ""), rec(8, sim.Write, "b"))
	if !slices.Equal(first, []int64{1, 4}) || !slices.Equal(next, []int64{6, 8}) {
		t.Errorf("news %v, then %v", first, next)
	}
}

// TestStoriesBeginWhereTheyHappen: a row's story is shown from shortly before its first command on, as fast as it takes to see
// its end within MaxStory; other scenarios from the start, in slow motion unless they are of databases.
func TestStoriesBeginWhereTheyHappen(t *testing.T) {
	g, err := loadGallery()
	if err != nil {
		t.Fatal(err)
	}
	for id, s := range g.stories {
		from, speed := openingOf(s, id), paceOf(s, id)
		for _, c := range s.Commands {
			if c.At < from {
				t.Errorf("%s begins at %s, after %s", id, from, c)
			}
		}
		if took := float64((s.End-from)/sim.Second) / speed; took > MaxStory.Seconds() || speed > 20 {
			t.Errorf("%s: %s to %s at %g takes %.0f s", id, from, s.End, speed, took)
		}
	}
	for name, s := range g.byKey {
		if from := openingOf(s, name); from != 0 {
			t.Errorf("%s begins at %s", name, from)
		}
		if speed := paceOf(s, name); speed != DefaultSpeed && !ofDatabases(s) {
			t.Errorf("%s begins at %g", name, speed)
		}
		if speed := paceOf(s, ""); speed != DefaultSpeed {
			t.Errorf("a link to %s begins at %g", name, speed)
		}
	}
}
