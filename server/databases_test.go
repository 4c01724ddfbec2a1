package server

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
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
			if _, has := preset.Story(row.ID); has == (row.Title == "") || strings.HasPrefix(row.Title, row.ID) {
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

// refused has a primary without a majority of anything: what its client reads is PostgreSQL's.
const refused = `seed 7
regions us-east-1 eu-west-1 ap-south-1
lane pg postgresql failover=patroni dcs=eu-west-1
lane mode primary failover=lease lease-region=eu-west-1
at 11s partition us-east-1
at 45s write us-east-1 x 1 as w1
at 46s write us-east-1 x 2 as w2
at 47s read us-east-1 x as r1
end 60s
`

// TestToldInTheProductsWords: viewers of a preset's lane are told what its client read: with the operation, with what the
// client was told, and once as a story; those of a mode's lane are not.
func TestToldInTheProductsWords(t *testing.T) {
	s, err := study.Parse(refused)
	if err != nil {
		t.Fatal(err)
	}
	f, err := newFeed(s)
	if err != nil {
		t.Fatal(err)
	}
	f.run.AdvanceTo(60 * sim.Second)
	f.delta(Clock{})
	state := f.state(Clock{})
	pg, mode := state.Lanes[0], state.Lanes[1]
	if pg.Modelled == nil || pg.Modelled.Product != "PostgreSQL" || pg.Mode != "primary" || mode.Modelled != nil || mode.Mode != "primary" {
		t.Errorf("%+v and %+v", pg.Modelled, mode.Modelled)
	}
	if len(mode.Says) != 0 || len(pg.Says) == 0 {
		t.Fatalf("clients have read %q, and %q of a mode", pg.Says, mode.Says)
	}
	said := ""
	for _, op := range pg.Ops {
		if op[10] > 0 {
			said = pg.Says[op[10]-1]
		}
	}
	if told := pg.Clients[0].Told; told == nil || told.Says == "" || told.Says != said {
		t.Errorf("the client was told %+v, its last operation %q", told, said)
	}
	count := 0
	for _, story := range pg.Stories {
		if story.Kind == sim.NoteTold {
			count++
			if story.Told == nil || story.Told.Says == "" || story.Told.Client != 0 {
				t.Errorf("%+v", story.Told)
			}
		}
	}
	t.Logf("%d stories, %q", count, pg.Says)
	if count == 0 || count > len(pg.Says)+1 {
		t.Errorf("%d stories tell of %q", count, pg.Says)
	}
}
