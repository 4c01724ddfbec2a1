package gossip

import (
	"maps"
	"slices"

	"netsplit/sim"
)

// timerNames are those of the timers in replica.go.
var timerNames = []sim.TimerName{
	timerExchange: {Name: "round", Ring: true},
	timerWait:     {Name: "wait"},
	timerShip:     {Name: "ship"},
}

// Show adds nothing: a replica believes nothing of the others.
func (r *replica) Show(*sim.NodeView) sim.Time { return sim.MaxTime }

// Inspect says what the replica holds.
func (r *replica) Inspect() sim.Inspection {
	i := sim.Inspection{Keys: r.store.Inspect(), Hide: []string{"bugs"}, Facts: []sim.Fact{sim.Span("compares every", r.interval), sim.Number("others each time", r.fanOut),
		sim.Yes("sends writes at once", r.push), sim.Number("reads held back", len(r.waiting)), sim.Number("requests of caches", len(r.askers))}}
	for _, w := range r.waiting[:min(len(r.waiting), sim.MaxInspected)] {
		i.Facts = append(i.Facts, sim.Operation("read held back", w.op.ID))
	}
	i.Facts = append(i.Facts, sim.Endpoints("compares with", r.peers)...)
	return i
}

// Show adds nothing.
func (c *cache) Show(*sim.NodeView) sim.Time { return sim.MaxTime }

// Inspect says of what the cache has copies.
func (c *cache) Inspect() sim.Inspection {
	i := sim.Inspection{Facts: []sim.Fact{sim.Endpoint("asks", c.origin), sim.Span("time to live", c.ttl)}}
	ahead := c.env.Now() - c.env.Elapsed()
	for _, key := range slices.Sorted(maps.Keys(c.copies)) {
		h := c.copies[key]
		i.Keys = append(i.Keys, sim.StateFacts(key, h.result.Found))
		i.Facts = append(i.Facts, sim.Text("copy of", key), sim.At("too old at", h.since+c.ttl-ahead))
	}
	return i
}

// Facts says what is carried.
func (es entries) Facts() []sim.Fact {
	return append([]sim.Fact{sim.Text("message", "versions")}, es.list()...)
}

// Facts says what is compared.
func (d digest) Facts() []sim.Fact {
	what := "stamps, to compare"
	if d.reply {
		what = "stamps, of what is wanted"
	}
	return append([]sim.Fact{sim.Text("message", what)}, d.entries.list()...)
}

// list says what entries are of, in short.
func (es entries) list() []sim.Fact {
	facts := []sim.Fact{sim.Number("keys", len(es))}
	for _, e := range es[:min(len(es), sim.MaxInspected)] {
		f := sim.StateFacts(e.key, e.state)
		facts = append(facts, sim.Text("key", e.key), sim.Number("value", f.Value))
		for _, v := range f.Versions[:min(len(f.Versions), sim.MaxShown)] {
			facts = append(facts, sim.Operation("of write", v.Write))
			if v.Stamp != nil {
				facts = append(facts, sim.Number("stamp", int64(*v.Stamp)))
			}
		}
	}
	return facts
}

// Facts says what is asked.
func (p passedOn) Facts() []sim.Fact { return sim.OpFacts(p.op) }

// Facts says what is answered.
func (p passedBack) Facts() []sim.Fact {
	return append([]sim.Fact{sim.Operation("operation", p.op)}, sim.ResultFacts(p.result)...)
}
