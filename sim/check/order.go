package check

import "slices"

// MaxOrderSteps bounds the acts that one model looks at in a lane to keep its order; beyond it the verdict is unknown.
const MaxOrderSteps = 50_000_000

// arc says that in an order one write must come before another, because of a read.
type arc struct {
	to   int32
	tick tick  // since when
	read int32 // its node
}

// order is one order of all acts that extends the causal order and, of writes of one key, the arcs of one model. It is
// kept up to date arc by arc (Pearce and Kelly, A dynamic topological sort algorithm for directed acyclic graphs, 2006).
type order struct {
	past  *past
	model Kind
	at    []int32 // by node: its place
	out   links[arc]
	in    links[int32]
	steps int

	from map[int32]hop // of the last search forward
}

// hop is how a search came to a node.
type hop struct {
	node int32
	read int32 // whose arc of the model it took; -1 where it took the causal order's
}

func newOrder(p *past, model Kind) *order {
	return &order{past: p, model: model}
}

// add puts a new act at the end.
func (o *order) add() {
	o.at = append(o.at, int32(len(o.at)))
}

// has reports whether the model orders a before b directly.
func (o *order) has(a, b *act) bool {
	for r := range o.out.of(a.node) {
		if r.to == b.node {
			return true
		}
	}
	return false
}

// arc notes that the model wants a before b because of a read, since a tick. If it cannot be, it returns the way from b
// to a.
func (o *order) arc(a, b, read *act, since tick) []hop {
	if o.has(a, b) {
		return nil
	}
	if cycle := o.fit(a.node, b.node); cycle != nil {
		return cycle
	}
	o.out.add(a.node, arc{b.node, since, read.node})
	o.in.add(b.node, a.node)
	return nil
}

// fit moves acts so that a comes before b. If it cannot be, it returns the way from b to a.
func (o *order) fit(a, b int32) []hop {
	if o.at[a] < o.at[b] {
		return nil
	}
	later := o.forward(b, a)
	if later == nil {
		return o.trace(b, a)
	}
	o.move(o.backward(a, b), later)
	return nil
}

// forward returns what must come after b, as far as a's place; nil if a is among it.
func (o *order) forward(b, a int32) []int32 {
	o.from = map[int32]hop{b: {-1, -1}}
	list := []int32{b}
	for i := 0; i < len(list); i++ {
		n := list[i]
		visit := func(m, read int32) {
			o.steps++
			if _, seen := o.from[m]; !seen && o.at[m] <= o.at[a] {
				o.from[m] = hop{n, read}
				list = append(list, m)
			}
		}
		for m := range o.past.succ.of(n) {
			visit(m, -1)
		}
		for r := range o.out.of(n) {
			visit(r.to, r.read)
		}
		if _, seen := o.from[a]; seen {
			return nil
		}
	}
	return list
}

// backward returns what must come before a, as far as b's place.
func (o *order) backward(a, b int32) []int32 {
	seen := map[int32]bool{a: true}
	list := []int32{a}
	for i := 0; i < len(list); i++ {
		for _, before := range [2]*links[int32]{&o.past.pred, &o.in} {
			for m := range before.of(list[i]) {
				o.steps++
				if !seen[m] && o.at[m] >= o.at[b] {
					seen[m] = true
					list = append(list, m)
				}
			}
		}
	}
	return list
}

// move puts all of the first list before all of the second, in the places that they have together.
func (o *order) move(first, second []int32) {
	byPlace := func(m, n int32) int { return int(o.at[m]) - int(o.at[n]) }
	slices.SortFunc(first, byPlace)
	slices.SortFunc(second, byPlace)
	all := slices.Concat(first, second)
	places := make([]int32, len(all))
	for i, n := range all {
		places[i] = o.at[n]
	}
	slices.Sort(places)
	for i, n := range all {
		o.at[n] = places[i]
	}
}

// trace returns the way by which forward came from b to a, the last hop first; each hop names where it came from.
func (o *order) trace(b, a int32) []hop {
	way := []hop{}
	for n := a; n != b; n = o.from[n].node {
		way = append(way, o.from[n])
	}
	return append(way, hop{a, -1})
}
