package check

import (
	"slices"

	"netsplit/sim"
)

// hearing takes a history event by event and holds it against some of the weaker models, each with an order of its own:
// a model is violated once no order of the writes extends the causal order in which every read is of a version not
// before any write that the model lets the read see.
type hearing struct {
	past
	orders   []*order // of the models that are not violated yet
	know     []known  // by session: what it has seen or depends on; for the causal model
	cuts     [][]tick // by session, by another: whatever that one had done before this tick was done before a write that it has read
	open     []*act   // without a place yet
	breaches []breach
	event    event // the one being taken
}

// breach is a violation as it was found.
type breach struct {
	model  Kind
	event  event // the end that made it a fact
	op     *act
	missed *act   // nil for none
	acts   []*act // what it took, not yet the least
	merged bool   // it was found where values merge
}

func newHearing(models ...Kind) *hearing {
	h := &hearing{past: newPast()}
	for _, m := range models {
		h.orders = append(h.orders, newOrder(&h.past, m))
	}
	return h
}

// take takes the next event.
func (h *hearing) take(e event) {
	h.event = e
	if !e.end {
		a := h.call(e)
		if int(a.session) == len(h.know) {
			h.know, h.cuts = append(h.know, nil), append(h.cuts, nil)
		}
		a.knew, a.cuts = h.know[a.session], h.cuts[a.session]
		h.open = append(h.open, a)
		return
	}
	a := h.act(e.rec.ID)
	ok := e.rec.Result.Outcome == sim.OK
	if a.rec.Kind != sim.Read && (e.rec.Result.Outcome == sim.Fail || ok && !e.rec.Result.Applied) {
		h.unmake(a)
	}
	if ok {
		h.answer(a)
	} else if a.rec.Kind == sim.Read || a.phantom != 0 {
		h.close(a)
	}
}

// close takes an act off the open ones.
func (h *hearing) close(a *act) {
	if i := slices.Index(h.open, a); i >= 0 {
		h.open = slices.Delete(h.open, i, i+1)
	}
	if a.rec.Kind == sim.Read {
		a.knew, a.waiting = nil, nil
	}
}

// unmake takes note that what might have been a write was none. Who was returned it has read what nobody wrote.
func (h *hearing) unmake(a *act) {
	a.phantom = h.event.tick
	if a.node < 0 {
		return
	}
	for n := range h.succ.of(a.node) {
		if r := h.nodes[n]; r.found == a {
			h.thinAir(r, a)
			return
		}
	}
}

// thinAir notes that a read returned what is no write. Of the models here the causal one alone minds: to the others a
// version is a version.
func (h *hearing) thinAir(r, v *act) {
	acts := []*act{r}
	if v != nil {
		acts = append(acts, v)
	}
	for _, o := range slices.Clone(h.orders) {
		if o.model == Causal {
			h.convict(o, breach{op: r, acts: acts})
		}
	}
}

// convict notes the first violation of a model.
func (h *hearing) convict(o *order, b breach) {
	b.model, b.event = o.model, h.event
	h.breaches = append(h.breaches, b)
	h.orders = slices.DeleteFunc(h.orders, func(p *order) bool { return p == o })
}

// answer takes the answer to an act.
func (h *hearing) answer(a *act) {
	a.end = h.event.tick
	early := a.node >= 0
	var v *act
	sound := true // what it found, if it finds, is a version
	if id := a.rec.Result.Version; a.rec.Kind.Finds() && id != 0 {
		if v = h.act(id); v == nil || v.rec.Kind == sim.Read {
			sound = false
			h.thinAir(a, v)
		} else if v.phantom != 0 {
			h.thinAir(a, v)
		}
	}
	if sound && v != nil {
		h.count(v)
		a.found = v
	}
	h.count(a)
	if a.found != nil {
		h.follow(a.found, a)
	}
	if a.rec.Kind.Finds() && sound {
		h.judge(a)
	}
	h.learn(a, early)
	h.answered(a, sound)
	h.close(a)
	a.waiting = nil
}

// count gives an act its place, after all that its session did before it.
func (h *hearing) count(a *act) {
	if a.node >= 0 {
		return
	}
	h.add(a)
	a.since = h.event.tick
	for _, o := range h.orders {
		o.add()
	}
	for _, b := range a.before {
		h.link(b, a)
	}
	a.ordered = int32(len(a.before))
	if a.end == 0 {
		h.close(a)
	}
}

// follow puts an act after the write that it found.
func (h *hearing) follow(v, a *act) {
	for _, o := range slices.Clone(h.orders) {
		if cycle := o.fit(v.node, a.node); cycle != nil {
			h.convict(o, breach{op: a, acts: h.told(o, cycle, v, a)})
		}
	}
	h.link(v, a)
}

// judge holds what an act found against each model.
func (h *hearing) judge(a *act) {
	for _, o := range slices.Clone(h.orders) {
		h.hold(o, a, h.must(o.model, a))
	}
}

// hold takes the writes that a model lets a read see as not after the one that it found.
func (h *hearing) hold(o *order, a *act, seen []*act) {
	for _, u := range seen {
		if u == a.found {
			continue
		}
		if a.found == nil {
			h.convict(o, breach{op: a, missed: u, acts: append(h.why(o.model, u, a), u, a)})
			return
		}
		if slices.Contains(a.found.knew.of(a.key), u) {
			continue // it comes before it anyway
		}
		if cycle := o.arc(u, a.found, a, h.event.tick); cycle != nil {
			acts := append(h.told(o, cycle, u, a), h.why(o.model, u, a)...)
			h.convict(o, breach{op: a, missed: u, acts: acts})
			return
		}
	}
}

// told returns the acts that a cycle is made of, which an arc from u closed because of an act a.
func (h *hearing) told(o *order, cycle []hop, u, a *act) []*act {
	acts := []*act{u, a}
	for _, s := range cycle {
		from := h.nodes[s.node]
		acts = append(acts, from)
		if s.read >= 0 {
			read := h.nodes[s.read]
			acts = append(append(acts, read), h.why(o.model, from, read)...)
		}
	}
	return acts
}

// learn adds what an act has shown, or made, to what its session knows.
func (h *hearing) learn(a *act, early bool) {
	s := a.session
	if v := a.found; v != nil {
		if cut := cutAt(h.cuts[s], v.session); v.call > cut {
			h.cuts[s] = raised(h.cuts[s], v.session, v.call)
		}
	}
	if len(h.orders) == 0 || h.orders[0].model != Causal {
		return
	}
	knows, v := h.know[s], a.found
	mine := without(knows.of(a.key), a.knew.of(a.key))
	if v != nil {
		knows = knows.merge(v.knew)
		mine = append(without(without(mine, v.knew.of(a.key)), []*act{v}), v)
	}
	if a.writes() {
		if v != nil {
			mine = without(mine, []*act{v})
			extra := v.knew
			a.knew = a.knew.merge(extra).with(a.key, append(slices.Clone(a.knew.of(a.key)), v))
			if early {
				h.spread(a, extra)
			}
		}
		mine = append(mine, a)
	}
	if !slices.Equal(mine, knows.of(a.key)) {
		knows = knows.with(a.key, mine)
	}
	h.know[s] = knows
}

// cutAt returns a session's cut of another; 0 for none.
func cutAt(cuts []tick, session int32) tick {
	if int(session) >= len(cuts) {
		return 0
	}
	return cuts[session]
}

// raised returns cuts with one of them raised.
func raised(cuts []tick, session int32, t tick) []tick {
	n := make([]tick, max(len(cuts), int(session)+1))
	copy(n, cuts)
	n[session] = t
	return n
}

// spread tells all who depend on a compare-and-set what it turned out to depend on itself: others had been returned it
// before its own client was told which version it had found.
func (h *hearing) spread(a *act, extra known) {
	reached := map[int32]bool{a.node: true}
	for queue := []int32{a.node}; len(queue) > 0; queue = queue[1:] {
		for n := range h.succ.of(queue[0]) {
			if reached[n] {
				continue
			}
			reached[n] = true
			queue = append(queue, n)
			x := h.nodes[n]
			x.knew = x.knew.merge(extra)
			if x.end == 0 {
				continue
			}
			h.know[x.session] = h.know[x.session].merge(extra)
			for _, o := range h.open {
				if o.session == x.session && o.call > x.end {
					o.knew = o.knew.merge(extra)
				}
			}
			if x.finds() && len(h.orders) > 0 && h.orders[0].model == Causal {
				h.hold(h.orders[0], x, extra.of(x.key))
			}
		}
	}
}
