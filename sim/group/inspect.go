package group

import (
	"slices"

	"netsplit/sim"
)

// timerNames are those of the order, and this replica's own.
func timerNames(of []sim.TimerName) []sim.TimerName {
	return append(slices.Clone(of), sim.TimerName{Name: "alive"}, sim.TimerName{Name: "applier"}, sim.TimerName{Name: "recovery"})
}

// Describe shows a key as clients find it here.
func (r *replica) Describe(key string) sim.NodeView {
	v := r.inner.Describe(key)
	if found := r.read(key); r.started {
		v.Value, v.Version = found.value, found.version
	}
	v.Role = r.role()
	return v
}

// role names what the member is.
func (r *replica) role() string {
	switch {
	case r.stopped:
		return "stopped"
	case r.left:
		return "out"
	case !r.online() || r.set.single && r.view.primary != r.env.Self():
		return "secondary"
	case r.set.single && r.done() < r.view.since:
		return "promoting"
	}
	return "primary"
}

// Show adds the order's log, whom it takes for the primary, whom it suspects, and what waits to be prepared.
func (r *replica) Show(v *sim.NodeView) sim.Time {
	until := r.inner.(sim.Inspector).Show(v)
	v.Lead, v.Tallies = nil, nil
	if r.set.single && r.view.primary != nobody {
		v.Lead = new(r.view.primary)
	}
	for a, suspected := range r.suspected {
		if suspected {
			v.Dead = append(v.Dead, sim.Addr(a))
		}
	}
	for _, q := range r.requests[max(0, len(r.requests)-sim.MaxTallies):] {
		if lacking := r.view.lacking[q.op.ID]; q.ordered && lacking != nil {
			need := len(r.view.members)
			v.Tallies = append(v.Tallies, sim.TallyView{Op: q.op.ID, What: "write", Have: need - len(lacking.nodes), Need: need})
		}
	}
	return until
}

// Inspect says what the node knows of its group.
func (r *replica) Inspect() sim.Inspection {
	i := r.inner.(sim.Inspector).Inspect()
	state := "ONLINE"
	switch {
	case r.left:
		state = "ERROR"
	case !r.online():
		state = "RECOVERING"
	}
	facts := []sim.Fact{sim.Text("member state", state), sim.Number("view", r.view.number)}
	for _, a := range r.view.members {
		facts = append(facts, sim.Endpoint("in its view", a))
	}
	if r.set.single && r.view.primary != nobody {
		facts = append(facts, sim.Endpoint("primary", r.view.primary), sim.Number("primary since index", r.view.since))
	}
	facts = append(facts, sim.Number("transactions in the applier's queue", len(r.queue)), sim.Number("applied up to", r.done()),
		sim.Number("transactions under way", len(r.requests)), sim.Number("operations not prepared everywhere", len(r.view.lacking)))
	for _, a := range r.view.members {
		if r.suspected[a] {
			facts = append(facts, sim.Endpoint("unreachable", a))
		}
	}
	if r.blocked >= 0 {
		facts = append(facts, sim.At("no majority since", r.blocked))
	}
	i.Facts = append(facts, i.Facts...)
	i.Keys = nil
	for _, key := range r.keys() {
		found := r.shown[key]
		i.Keys = append(i.Keys, sim.RegisterFacts(key, found.value, found.version))
	}
	i.Hide = append(slices.Clone(i.Hide), "set", "order", "inner")
	return i
}
