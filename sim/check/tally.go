package check

import (
	"slices"
	"sort"

	"netsplit/sim"
)

// tally is the history of a key that is a counter or a set, whose reads say which updates they have seen. What an update
// is told that the key then comes to is not held against it: by its specification an update finds nothing.
//
// The specification goes by values: a read finds the sum, or the items, that the updates before it in the order make. As
// long as reads see ever more updates, no search is needed: a read belongs to a tier, all that have seen the same. All
// updates that a tier is the first to have seen stand before its reads, and after those of the tier below. That order
// is a linearization if nothing in it returned before something that stands before it was called, and if the values are
// right; every read is held against both when it returns. Where this certificate fails, another order may still give the
// values: porcupine is asked, from the last moment on at which the value was beyond doubt.
type tally struct {
	ops    []*interval
	sight  func(rec *sim.Record) sight
	set    bool
	actors map[sim.Actor]int
	logs   [][]logged // by actor, what its updates were, as far as any read has seen
	tiers  []tier
	acked  []*interval // updates acknowledged that no tier has seen, in order of their ends; some seen since
	seen   map[sim.OpID]bool

	bounds  bounds
	base    base
	pending int
	oldest  int         // no operation before it is pending
	solo    *interval   // when it was called nothing was pending, and nothing has been called since
	infos   []*interval // updates that ended without an answer
	broken  bool        // the certificate; values decide
	lost    bool        // the search was cut short: what is known of the value since base is not enough
	ended   int
	again   int // when to search anew, in operations ended
}

// sight is what a read found: the latest update of each actor that it has seen, the sum or number of items, the items.
type sight struct {
	events []*sim.Event
	value  int64
	items  []int64
}

// logged is one update of an actor.
type logged struct {
	count uint64
	write sim.OpID
}

// tier is all reads that have seen the same updates.
type tier struct {
	seen    []int // by actor, how many of its updates; those beyond the end are 0
	updates []*interval
	value   int64
	items   []int64
	first   int64 // the earliest return of its reads
}

// base is a moment at which nothing was pending and the value was beyond doubt.
type base struct {
	tick  int64
	value int64
	items []int64
}

func newTally(opening int64) *tally {
	return &tally{actors: map[sim.Actor]int{}, seen: map[sim.OpID]bool{}, tiers: []tier{{value: opening, first: never}},
		bounds: bounds{opening: opening}, base: base{value: opening},
		sight: func(rec *sim.Record) sight {
			return sight{rec.Result.Found.Events(), rec.Result.Value, rec.Result.Found.Items()}
		}}
}

func (t *tally) call(op *interval) {
	t.ops = append(t.ops, op)
	if t.solo = nil; t.pending == 0 {
		t.solo = op
	}
	t.pending++
	if op.rec.Kind == sim.Increment {
		t.bounds.called(op.rec.Value)
	}
}

// returned takes the end of an operation and says what is known of the history up to then.
func (t *tally) returned(op *interval) Answer {
	t.pending--
	t.ended++
	rec := op.rec
	t.set = t.set || rec.Result.Outcome == sim.OK && (rec.Kind == sim.Add || rec.Kind == sim.Remove || rec.Kind == sim.Delete)
	read := rec.Kind == sim.Read && rec.Result.Outcome == sim.OK
	t.set = t.set || read && t.sight(rec).items != nil
	switch {
	case read:
		t.broken = t.broken || !t.place(op, t.sight(rec))
	case rec.Kind != sim.Read:
		t.update(op)
	}
	if !t.broken {
		if read && t.solo == op {
			t.base = base{op.end, rec.Result.Value, t.sight(rec).items}
		}
		t.forget()
		return Yes
	}
	if read && (!t.set && !t.bounds.allow(op.call, rec.Result.Value) || t.set && !t.allows(op, t.sight(rec).items)) {
		return No
	}
	answer, certain := t.decide()
	if certain && read && t.solo == op {
		t.restart(op)
	}
	return answer
}

// update takes the end of an update.
func (t *tally) update(op *interval) {
	rec := op.rec
	switch {
	case rec.Result.Outcome == sim.Info:
		t.infos = append(t.infos, op)
	case rec.Result.Outcome == sim.Fail || !rec.Result.Applied:
		t.broken = t.broken || t.seen[rec.ID]
		if rec.Kind == sim.Increment {
			t.bounds.failed(rec.Value)
		}
	default:
		if !t.seen[rec.ID] {
			t.acked = append(t.acked, op)
		}
		if rec.Kind == sim.Increment {
			t.bounds.acked(op.end, rec.Value)
		}
	}
}

// forget drops the tiers below which no read can come to stand any more, because all that are pending were called
// after a read of the tier above had returned.
func (t *tally) forget() {
	for t.oldest < len(t.ops) && t.ops[t.oldest].end != 0 {
		t.oldest++
	}
	call := int64(never)
	if t.oldest < len(t.ops) {
		call = t.ops[t.oldest].call
	}
	for len(t.tiers) > 1 && t.tiers[1].first < call {
		t.tiers[0] = tier{}
		t.tiers = t.tiers[1:]
	}
}

// place finds the tier of a read and reports whether the certificate holds with it.
func (t *tally) place(op *interval, s sight) bool {
	vec := t.vector(s.events)
	for len(t.acked) > 0 && t.seen[t.acked[0].rec.ID] {
		t.acked = t.acked[1:]
	}
	j := len(t.tiers) - 1
	for ; !covers(vec, t.tiers[j].seen); j-- {
		above := &t.tiers[j]
		if j == 0 || !covers(above.seen, vec) || above.first < op.call || late(t.unseen(above.updates, vec), op.call) {
			return false
		}
	}
	if j == len(t.tiers)-1 {
		return t.top(op, s, vec)
	}
	if len(t.acked) > 0 && t.acked[0].end < op.call {
		return false
	}
	at := &t.tiers[j]
	if covers(at.seen, vec) {
		at.first = min(at.first, op.end)
		return at.value == s.value && slices.Equal(at.items, s.items)
	}
	above := &t.tiers[j+1]
	rest := t.unseen(above.updates, vec)
	some := slices.DeleteFunc(slices.Clone(above.updates), func(u *interval) bool { return slices.Contains(rest, u) })
	if late(rest, lastCall(some)) || late(t.unseen(above.updates, vec), op.call) {
		return false
	}
	mid := tier{seen: vec, updates: some, value: s.value, items: s.items, first: op.end}
	above.updates = rest
	higher := *above
	t.tiers = slices.Insert(t.tiers, j+1, mid)
	return t.follows(t.tiers[j], mid) && t.follows(mid, higher)
}

// top places a read that has seen all that any has, and perhaps more.
func (t *tally) top(op *interval, s sight, vec []int) bool {
	at := &t.tiers[len(t.tiers)-1]
	bound := op.call
	right := at.value == s.value && slices.Equal(at.items, s.items)
	if covers(at.seen, vec) {
		at.first = min(at.first, op.end)
	} else {
		next := tier{seen: vec, updates: t.between(at.seen, vec), value: s.value, items: s.items, first: op.end}
		if slices.Contains(next.updates, nil) {
			return false
		}
		for _, u := range next.updates {
			t.seen[u.rec.ID] = true
		}
		bound = max(bound, lastCall(next.updates))
		right = t.follows(*at, next)
		t.tiers = append(t.tiers, next)
	}
	for len(t.acked) > 0 && t.seen[t.acked[0].rec.ID] {
		t.acked = t.acked[1:]
	}
	return right && (len(t.acked) == 0 || t.acked[0].end >= bound)
}

// vector returns how many updates of each actor have been seen, and logs those that no read has seen before.
func (t *tally) vector(events []*sim.Event) []int {
	var vec []int
	for _, e := range events {
		a, known := t.actors[e.Actor]
		if !known {
			a = len(t.logs)
			t.actors[e.Actor], t.logs = a, append(t.logs, nil)
		}
		log := t.logs[a]
		n := len(log)
		for f := e; f != nil && (n == 0 || f.Count > log[n-1].count); f = f.Before {
			log = append(log, logged{f.Count, f.Write})
		}
		slices.Reverse(log[n:])
		t.logs[a] = log
		for len(vec) <= a {
			vec = append(vec, 0)
		}
		vec[a] = sort.Search(len(log), func(i int) bool { return log[i].count > e.Count })
	}
	return vec
}

// between returns the updates that one vector counts and another does not; nil stands for one that is not of this key's
// history, or was seen before: a retry that another replica took counts again.
func (t *tally) between(low, high []int) []*interval {
	var list []*interval
	met := map[sim.OpID]bool{}
	for a, n := range high {
		from := 0
		if a < len(low) {
			from = low[a]
		}
		for _, l := range t.logs[a][min(from, n):n] {
			i := sort.Search(len(t.ops), func(i int) bool { return t.ops[i].rec.ID >= l.write })
			if i == len(t.ops) || t.ops[i].rec.ID != l.write || t.seen[l.write] || met[l.write] || t.ops[i].rec.Result.Outcome == sim.Fail {
				list = append(list, nil)
				continue
			}
			met[l.write] = true
			list = append(list, t.ops[i])
		}
	}
	return list
}

// unseen returns those of some updates that a vector does not count.
func (t *tally) unseen(updates []*interval, vec []int) []*interval {
	in := map[sim.OpID]bool{}
	for _, u := range updates {
		in[u.rec.ID] = true
	}
	for a, log := range t.logs {
		n := 0
		if a < len(vec) {
			n = vec[a]
		}
		for i := n - 1; i >= 0 && i >= n-len(updates); i-- {
			delete(in, log[i].write)
		}
	}
	return slices.DeleteFunc(slices.Clone(updates), func(u *interval) bool { return !in[u.rec.ID] })
}

// covers reports whether one vector counts all that another does.
func covers(high, low []int) bool {
	for a, n := range low {
		if n > 0 && (a >= len(high) || high[a] < n) {
			return false
		}
	}
	return true
}

// late reports whether one of some updates was acknowledged before a tick.
func late(updates []*interval, tick int64) bool {
	return slices.ContainsFunc(updates, func(u *interval) bool {
		return u.rec.Result.Outcome == sim.OK && u.end < tick
	})
}

func lastCall(updates []*interval) int64 {
	last := int64(0)
	for _, u := range updates {
		last = max(last, u.call)
	}
	return last
}
