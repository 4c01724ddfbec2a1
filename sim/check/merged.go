package check

import (
	"slices"

	"netsplit/sim"
)

// merged holds a history whose values merge, as siblings, counters and sets do, against causal and the guarantees of
// sessions. There an order of the writes decides nothing: a model is violated when a read does not show a write that the
// model lets it see. What a read found shows whatever was merged into it, or was replaced by one who had seen it.
type merged struct {
	past
	models   []Kind          // not violated yet
	made     map[place][]sum // by session and key: what its writes have made
	seen     map[place][]sum // and what its reads have found
	know     [][]sim.State   // by session, by key: what comes before whatever it does next
	cuts     [][]tick        // by session, as in a hearing
	marks    map[*act]mark   // of acts that others may depend on
	unmade   bool            // a write was answered without a word on what it made
	breaches []breach
	event    event
}

// sum is what some acts of a session come to, up to one of them.
type sum struct {
	act *act
	own sim.State // of this act alone
	all sim.State
}

// mark is what an act depends on.
type mark struct {
	knew  []sim.State // by key, when it began
	cuts  []tick      // when it began
	found []*act
}

func newMerged(models ...Kind) *merged {
	return &merged{past: newPast(), models: models, made: map[place][]sum{}, seen: map[place][]sum{}, marks: map[*act]mark{}}
}

// take takes the next event.
func (m *merged) take(e event) {
	m.event = e
	if !e.end {
		a := m.call(e)
		if int(a.session) == len(m.know) {
			m.know, m.cuts = append(m.know, nil), append(m.cuts, nil)
		}
		m.marks[a] = mark{knew: m.know[a.session], cuts: m.cuts[a.session]}
		return
	}
	a := m.act(e.rec.ID)
	if e.rec.Result.Outcome != sim.OK {
		return
	}
	a.end = e.tick
	r := a.rec.Result
	if a.rec.Kind == sim.Read {
		m.find(a, writes(r.Found))
		for _, model := range slices.Clone(m.models) {
			m.hold(model, a)
		}
	} else if r.Made.Digest() == 0 {
		m.unmade = true
	}
	m.count(a)
	m.learn(a)
	m.answered(a, true)
}

// find notes which writes a read found.
func (m *merged) find(a *act, ids []sim.OpID) {
	k := m.marks[a]
	for _, id := range ids {
		if v := m.act(id); v != nil {
			m.count(v)
			k.found = append(k.found, v)
		}
	}
	m.marks[a] = k
}

// count gives an act its place, after all that it depends on.
func (m *merged) count(a *act) {
	if a.node >= 0 {
		return
	}
	m.add(a)
	for _, b := range a.before {
		m.link(b, a)
	}
	for _, v := range m.marks[a].found {
		m.link(v, a)
	}
	a.waiting = nil
}

// learn adds what an act has made and found to what its session has.
func (m *merged) learn(a *act) {
	here, r := place{a.session, a.key}, a.rec.Result
	add := func(to map[place][]sum, own sim.State) {
		s := sum{a, own, own}
		if n := len(to[here]); n > 0 {
			s.all = to[here][n-1].all.Merge(own)
		}
		to[here] = append(to[here], s)
	}
	knows := slices.Clone(m.know[a.session])
	know := func(key int, st sim.State) {
		for len(knows) <= key {
			knows = append(knows, sim.State{})
		}
		knows[key] = knows[key].Merge(st)
	}
	if a.rec.Kind == sim.Read {
		add(m.seen, r.Found)
		know(int(a.key), r.Found)
		for _, v := range m.marks[a].found {
			if v.call > cutAt(m.cuts[a.session], v.session) {
				m.cuts[a.session] = raised(m.cuts[a.session], v.session, v.call)
			}
			for key, st := range m.marks[v].knew {
				know(key, st)
			}
		}
	} else {
		add(m.made, r.Made)
		know(int(a.key), r.Made)
	}
	m.know[a.session] = knows
}

// upTo returns those sums that ended before a tick.
func upTo(sums []sum, t tick) []sum {
	n, _ := slices.BinarySearchFunc(sums, t, func(s sum, t tick) int { return int(s.act.end - t) })
	return sums[:n]
}

// hold convicts a model if a read does not show all that the model lets it see.
func (m *merged) hold(model Kind, a *act) {
	found, here := a.rec.Result.Found, place{a.session, a.key}
	var missed *act
	var acts []*act
	switch model {
	case ReadYourWrites:
		missed = notShown(upTo(m.made[here], a.call), found)
	case MonotonicReads:
		if missed = notShown(upTo(m.seen[here], a.call), found); missed != nil {
			acts = m.marks[missed].found
		}
	case Causal:
		missed = m.unseen(a)
	default:
		missed, acts = m.through(model, a)
	}
	if missed == nil {
		return
	}
	m.models = slices.DeleteFunc(m.models, func(k Kind) bool { return k == model })
	b := breach{model: model, event: m.event, op: a, missed: missed, merged: true, acts: append(append(acts, missed, a), m.marks[a].found...)}
	if model == Causal {
		m.count(a)
		b.acts = append(b.acts, m.way(missed, a)...)
	}
	if missed.rec.Kind == sim.Read {
		b.missed = newestNotIn(m.marks[missed].found, writes(found))
	}
	m.breaches = append(m.breaches, b)
}

// notShown returns the first act whose own is not shown by what was found; nil if all is.
func notShown(sums []sum, found sim.State) *act {
	if len(sums) == 0 || found.Covers(sums[len(sums)-1].all) {
		return nil
	}
	for _, s := range sums {
		if !found.Covers(s.own) {
			return s.act
		}
	}
	return nil
}

// newestNotIn returns the latest of some acts that is none of the writes, or else the latest.
func newestNotIn(acts []*act, ids []sim.OpID) (newest *act) {
	for _, a := range acts {
		out, was := !slices.Contains(ids, a.rec.ID), newest != nil && !slices.Contains(ids, newest.rec.ID)
		if newest == nil || out && !was || out == was && a.rec.ID > newest.rec.ID {
			newest = a
		}
	}
	return newest
}

// unseen returns an act in the causal past of a read whose result the read does not show; nil if it shows all.
func (m *merged) unseen(a *act) *act {
	k, found := m.marks[a], a.rec.Result.Found
	shown := func(knew []sim.State) bool { return int(a.key) >= len(knew) || found.Covers(knew[a.key]) }
	all := shown(k.knew)
	for _, v := range k.found {
		all = all && shown(m.marks[v].knew)
	}
	if all {
		return nil
	}
	m.count(a)
	seen := map[int32]bool{}
	for queue := []int32{a.node}; len(queue) > 0; queue = queue[1:] {
		for n := range m.pred.of(queue[0]) {
			if seen[n] {
				continue
			}
			seen[n] = true
			queue = append(queue, n)
			if b := m.nodes[n]; b.key == a.key && b.end != 0 && (!found.Covers(b.rec.Result.Made) || b.rec.Kind == sim.Read && !found.Covers(b.rec.Result.Found)) {
				return b
			}
		}
	}
	return nil
}

// through returns what the author of a write that the session has read, or reads now, had written or read before, and
// that the read does not show; and how the session came to depend on it.
func (m *merged) through(model Kind, a *act) (*act, []*act) {
	sums := m.made
	if model == WritesFollowReads {
		sums = m.seen
	}
	cuts, behind := m.marks[a].cuts, false
	for _, v := range m.marks[a].found {
		if v.call > cutAt(cuts, v.session) {
			cuts = raised(cuts, v.session, v.call)
		}
	}
	for session, cut := range cuts {
		behind = behind || notShown(upTo(sums[place{int32(session), a.key}], cut), a.rec.Result.Found) != nil
	}
	if !behind {
		return nil, nil
	}
	reads := []*act{a}
	for key := range int32(len(m.keys)) {
		for _, s := range upTo(m.seen[place{a.session, key}], a.call) {
			reads = append(reads, s.act)
		}
	}
	for _, r := range reads {
		for _, w := range m.marks[r].found {
			if missed := notShown(upTo(sums[place{w.session, a.key}], w.call), a.rec.Result.Found); missed != nil {
				return missed, append(append(slices.Clone(m.marks[r].found), r), m.marks[missed].found...)
			}
		}
	}
	return nil, nil
}
