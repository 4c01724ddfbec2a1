package check

// must returns the writes of its key that a model lets an answered act see, beside the one that it found and what these
// are known to come after.
func (h *hearing) must(model Kind, a *act) []*act {
	here := place{a.session, a.key}
	switch model {
	case Causal:
		return a.knew.of(a.key)
	case ReadYourWrites:
		return lastBefore(h.own[here], a.call)
	case MonotonicReads:
		return foundBy(lastBefore(h.read[here], a.call))
	}
	cuts := a.cuts
	if v := a.found; v != nil && v.call > cutAt(cuts, v.session) {
		cuts = raised(cuts, v.session, v.call)
	}
	var all []*act
	for session, cut := range cuts {
		if there := (place{int32(session), a.key}); model == MonotonicWrites {
			all = append(all, lastBefore(h.own[there], cut)...)
		} else {
			all = append(all, foundBy(lastBefore(h.read[there], cut))...)
		}
	}
	return all
}

// foundBy returns the writes that acts found, the opening value aside.
func foundBy(acts []*act) (found []*act) {
	for _, a := range acts {
		if a.found != nil {
			found = append(found, a.found)
		}
	}
	return found
}

// why returns acts that show that a model lets an act see a write.
func (h *hearing) why(model Kind, u, a *act) []*act {
	switch model {
	case Causal:
		return h.way(u, a)
	case MonotonicReads:
		for _, r := range lastBefore(h.read[place{a.session, a.key}], a.call) {
			if r.found == u {
				return []*act{r}
			}
		}
	case MonotonicWrites, WritesFollowReads:
		for _, r := range h.nodes {
			if r.found != nil && r.session == a.session && (r == a || r.end != 0 && r.end < a.call) {
				if list := h.whyOf(model, u, r.found, a.key); list != nil {
					return append(list, r)
				}
			}
		}
	}
	return nil
}

// whyOf returns acts that show that who reads w is to see a write; nil if that is not so.
func (h *hearing) whyOf(model Kind, u, w *act, key int32) []*act {
	there := place{w.session, key}
	if model == MonotonicWrites {
		for _, q := range lastBefore(h.own[there], w.call) {
			if q == u {
				return []*act{w}
			}
		}
		return nil
	}
	for _, q := range lastBefore(h.read[there], w.call) {
		if q.found == u {
			return []*act{q, w}
		}
	}
	return nil
}
