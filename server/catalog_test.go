package server

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/study"
)

// TestCatalog: the catalog has every protocol, knob, level, verb and workload there is; each knob of it may be set as it
// says; and it is sent once to a browser that keeps it.
func TestCatalog(t *testing.T) {
	_, url := start(t)
	res, err := http.Get(url + "/catalog.json")
	if err != nil {
		t.Fatal(err)
	}
	data, _ := io.ReadAll(res.Body)
	res.Body.Close()
	var c Catalog
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, tag %s", len(data), res.Header.Get("ETag"))
	for i, p := range study.Vocabulary().Protocols {
		if c.Protocols[i].Name != p.Name || len(c.Protocols[i].Knobs) != len(p.Knobs) || !slices.Equal(c.Protocols[i].Levels, append([]string{}, p.Levels...)) {
			t.Errorf("%s: %+v", p.Name, c.Protocols[i])
		}
		for _, k := range c.Protocols[i].Knobs {
			checkChoice(t, p.Name, k)
		}
	}
	for _, k := range c.Protocols[0].Knobs {
		if c.Protocols[0].Preset != nil || k.Source != "" || k.Assumed {
			t.Errorf("%s is a mode: %+v", c.Protocols[0].Name, k)
		}
	}
	if len(c.Verbs) != len(sim.Verbs) || len(c.Workloads) != 6 || len(c.Regions) != 9 || c.Limits["lanes"] != sim.MaxLanes {
		t.Errorf("%d verbs, %d workloads, %d regions", len(c.Verbs), len(c.Workloads), len(c.Regions))
	}
	again, err := http.NewRequest("GET", url+"/catalog.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("If-None-Match", res.Header.Get("ETag"))
	res, err = http.DefaultClient.Do(again)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if data, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusNotModified || len(data) != 0 {
		t.Errorf("asked for again: %s, %d bytes", res.Status, len(data))
	}
}

// checkChoice sets a knob to what the catalog says that it takes; what else the lane needs may be missing, but the value
// is never to blame.
func checkChoice(t *testing.T, protocol string, k KnobChoice) {
	t.Helper()
	values := append([]string{}, k.Words...)
	switch k.Kind {
	case "region":
		values = append(values, "eu-west-1")
	case "regions":
		values = append(values, "eu-west-1,us-east-1")
	case "number":
		values = append(values, jsonText(k.Min), jsonText(k.Max))
	case "time":
		values = append(values, sim.Time(k.Min).String(), sim.Time(k.Max).String())
	}
	if k.Default != "" {
		values = append(values, k.Default)
	}
	if len(values) == 0 || k.About == "" {
		t.Errorf("%s %s takes nothing, or says nothing about itself", protocol, k.Name)
	}
	for _, v := range values {
		_, err := study.Parse("regions us-east-1 eu-west-1\nreplicas 2 per region\nlane a " + protocol + " " + k.Name + "=" + v + "\n")
		if err != nil && (strings.Contains(err.Error(), "expected") || !strings.HasPrefix(err.Error(), "3:6: ")) {
			t.Errorf("%s %s=%s: %v", protocol, k.Name, v, err)
		}
	}
}

func jsonText(v any) string { return string(encode(v)) }

// TestWarningsOnTheWire: a lane's state says what contradicts its world, and after an edit that mends it no more.
func TestWarningsOnTheWire(t *testing.T) {
	s := newStage(t, "regions us-east-1 eu-west-1 ap-south-1\nlane a quorum r=1 w=1\nlane b raft max-drift=9\n")
	v := s.join()
	warnings := func() (list []string) {
		for _, l := range s.feed.state(s.clock()).Lanes {
			for _, w := range l.Warnings {
				list = append(list, l.Name+" "+w.Knob+": "+w.Text)
			}
		}
		return list
	}
	want := []string{"a r: reads may miss acknowledged writes: R+W=2 is not more than N=3", "b max-drift: max-drift has no effect: leases are kept with reads=lease alone"}
	if got := warnings(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	s.say(v, ClientMessage{Type: "edit", Edits: []sim.Edit{{Do: sim.EditSet, Lane: "a"}, {Do: sim.EditSet, Lane: "b", Knobs: []sim.Setting{{Name: "reads", Value: "lease"}, {Name: "max-drift", Value: "9"}}}}})
	if got := warnings(); len(got) != 0 || s.runs != 2 {
		t.Errorf("after the edit, run %d: %q", s.runs, got)
	}
}
