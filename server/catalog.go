package server

import (
	"net/http"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
)

// catalog is the answer to GET /catalog.json. A browser that has it is told so.
type catalog struct{ *packed }

func newCatalog(g *gallery) (catalog, error) {
	p, err := pack("application/json; charset=utf-8", encode(catalogView(g)))
	return catalog{p}, err
}

// ServeHTTP answers with the catalog, or with 304 where it is known.
func (c catalog) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Cache-Control", "no-cache") // kept, and asked for anew by its tag
	c.write(w, req)
}

func catalogView(g *gallery) Catalog {
	c := Catalog{Engine: sim.Engine, Kinds: sim.MessageKinds(), Limits: publishedLimits(), Databases: databaseViews(g), Compared: comparedViews(g)}
	for _, p := range study.Vocabulary().Protocols {
		c.Protocols = append(c.Protocols, protocolView(p))
	}
	for _, w := range sim.Workloads() {
		key := w.MainKey()
		c.Workloads = append(c.Workloads, WorkloadView{Name: w.Kind, Key: key, Unit: w.Unit(), Verbs: w.VisitsTo(key)})
	}
	for _, v := range sim.Verbs {
		c.Verbs = append(c.Verbs, VerbView{Verb: v, To: v.About(), Number: v.SaysNumber()})
	}
	var regions []string
	for _, r := range sim.Regions {
		regions = append(regions, r.Name)
	}
	c.Regions = places(regions)
	for i := range sim.Profiles {
		c.Profiles = append(c.Profiles, sim.Profiles[i].Name)
	}
	return c
}

func protocolView(p sim.Protocol) ProtocolView {
	view := ProtocolView{Name: p.Name, Transport: p.Transport.String(), Levels: append([]string{}, p.Levels...), Verbs: append([]sim.Verb{}, p.Verbs...)}
	for _, k := range p.Knobs {
		view.Knobs = append(view.Knobs, KnobChoice{Name: k.Name, Kind: knobKinds[k.Kind], Default: k.Default, Min: k.Min, Max: k.Max,
			Words: append([]string{}, k.Words...), About: k.About})
	}
	if of, ok := preset.Named(p.Name); ok {
		view.Preset = presetView(of)
		for i, k := range of.Knobs {
			view.Knobs[i].Source, view.Knobs[i].Assumed = k.Source, k.Assumed
		}
	}
	return view
}

var knobKinds = map[sim.KnobKind]string{sim.KnobNumber: "number", sim.KnobRegion: "region", sim.KnobWord: "word",
	sim.KnobTime: "time", sim.KnobRegions: "regions"}

// publishedLimits are those that a page's menus keep to.
func publishedLimits() map[string]int64 {
	return map[string]int64{
		"lanes": sim.MaxLanes, "regions": sim.MaxRegions, "replicas": sim.MaxReplicas, "nodes": sim.MaxNodes, "clients": sim.MaxClients,
		"commands": sim.MaxCommands, "operations": sim.MaxOps, "time": int64(sim.MaxTime), "delay": int64(sim.MaxDelay),
		"drift": sim.MaxDrift, "value": sim.MaxValue, "name": sim.MaxNameSize, "script": sim.MaxScenarioSize, "edits": sim.MaxEdits,
		"flap": int64(sim.MinFlap), "keys": sim.MaxKeys, "rate": sim.MaxRate, "seed": sim.MaxSeed,
		"message": MaxMessage, "viewers": MaxViewers, "pasts": MaxPasts, "speed": int64(MaxSpeed),
	}
}
