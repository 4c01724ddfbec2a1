package foreign

import "strings"

// item is an operation of one key as the search sees it.
type item struct {
	op   *Op
	e    effect
	seen []int // what a read of a set or a list returned
	ret  int   // the event of its end; 0 where it may never take effect, or at any time after its call
}

// items returns the operations that may have done something, or returned something, as they stood after an event:
// what had not ended by then had no result.
func (o *object) items(ops []*Op, effects []effect, until int) []item {
	var items []item
	for i, op := range ops {
		it := item{op: op, e: effects[i]}
		if op.Return != 0 && op.Return <= until && (op.Outcome == OK || op.found) {
			it.ret = op.Return
		}
		if op.Call > until || op.Outcome == Fail && !op.found || it.ret == 0 && it.e.act == reads {
			continue
		}
		if it.e.act == reads && (o.model == Set || o.model == List) {
			it.seen = o.seen(op.Result)
		}
		items = append(items, it)
	}
	return items
}

// traces says which operations show that another took effect. What makes the same value, or adds the same item, forms
// a group: an operation that shows the group shows that one of it took effect.
type traces struct {
	makes []int   // by operation: its group, or -1 if what it did cannot be told from results
	shows [][]int // by group: the operations that show it
	sole  []bool  // by group: one operation makes it, and the object does not begin with it
	sure  []bool  // by group: taken to be shown, without looking
}

// maxLooks bounds how many bytes of texts are searched for what was appended to them, for one key.
const maxLooks = 1 << 30

// trace groups operations.
func (o *object) trace(items []item) *traces {
	t := &traces{makes: make([]int, len(items))}
	groups, made := map[any]int{}, []int{}
	group := func(key any) int {
		g, ok := groups[key]
		if !ok {
			g = len(t.shows)
			groups[key] = g
			t.shows, made = append(t.shows, nil), append(made, 0)
		}
		return g
	}
	grows := false
	for i := range items {
		it := &items[i]
		t.makes[i] = -1
		switch e := &it.e; e.act {
		case reads:
			if o.model == Register || o.model == KV {
				g := group(e.to)
				t.shows[g] = append(t.shows[g], i)
			}
			for _, n := range it.seen {
				g := group(n)
				t.shows[g] = append(t.shows[g], i)
			}
		case swaps:
			g := group(e.from)
			t.shows[g] = append(t.shows[g], i)
			t.makes[i] = group(e.to)
		case writes, extends:
			t.makes[i] = group(e.to)
			grows = grows || e.act == extends
		case puts, appends:
			t.makes[i] = group(e.item)
		}
		if t.makes[i] >= 0 {
			made[t.makes[i]]++
		}
	}
	t.sole, t.sure = make([]bool, len(made)), make([]bool, len(made))
	for g, n := range made {
		t.sole[g] = n == 1 && !grows
	}
	for _, begin := range []any{state{}, state{n: 1}} { // a kv's text that is empty may be none
		if g, ok := groups[begin]; ok {
			t.sole[g] = false
		}
	}
	if grows {
		t.look(items)
	}
	return t
}

// look finds the operations that show what made a part of a text.
func (t *traces) look(items []item) {
	looks := 0
	for g := range t.shows {
		t.shows[g] = nil
	}
	looked := make([]bool, len(t.shows))
	for i := range items {
		g := t.makes[i]
		if g < 0 || looked[g] {
			continue
		}
		looked[g] = true
		for j := range items {
			shown := &items[j].e.to
			if items[j].e.act == swaps {
				shown = &items[j].e.from
			} else if items[j].e.act != reads {
				continue
			}
			if looks += len(shown.s) + 1; looks > maxLooks {
				t.sure[g] = true
				break
			}
			if strings.Contains(shown.s, items[i].e.to.s) {
				t.shows[g] = append(t.shows[g], j)
			}
		}
	}
}

// needed returns the operations that count: all but those that may never have taken effect and that nothing which
// counts shows. To leave these out is to put them after everything; if that is impossible for one that something
// shows, they did take effect.
func (t *traces) needed(items []item) []bool {
	counts, left := make([]int, len(t.shows)), make([][]int, len(t.shows))
	shown := make([]int, len(items)) // of a compare-and-set, the group it shows, plus 1
	for g, shows := range t.shows {
		counts[g] = len(shows)
		for _, i := range shows {
			if items[i].e.act == swaps {
				shown[i] = g + 1
			}
		}
	}
	needed := make([]bool, len(items))
	var idle []int
	for i := range items {
		needed[i] = true
		if g := t.makes[i]; items[i].ret == 0 && g >= 0 && !t.sure[g] {
			if left[g] = append(left[g], i); counts[g] == 0 {
				idle = append(idle, i)
			}
		}
	}
	for len(idle) > 0 {
		i := idle[len(idle)-1]
		idle = idle[:len(idle)-1]
		needed[i] = false
		if g := shown[i] - 1; g >= 0 {
			if counts[g]--; counts[g] == 0 {
				idle = append(idle, left[g]...)
			}
		}
	}
	return needed
}

// due returns the first event that shows that an operation without an end took effect, if it alone can have made what
// was shown; else 0.
func (t *traces) due(items []item, i int) int {
	g := t.makes[i]
	if g < 0 || !t.sole[g] || t.sure[g] {
		return 0
	}
	first := 0
	for _, j := range t.shows[g] {
		if ret := items[j].ret; ret > items[i].op.Call && (first == 0 || ret < first) {
			first = ret
		}
	}
	return first
}

// span is when an operation that counts may take effect, in ticks: two for each event, and one between them.
type span struct {
	item     int
	from, to int
	event    int // of the end that shows that it did; 0 if nothing need show it, and to is never
}

// spans returns the operations that count, in order of their calls.
func (o *object) spans(items []item) []span {
	t := o.trace(items)
	var spans []span
	for i, needed := range t.needed(items) {
		sp := span{item: i, from: 2 * items[i].op.Call, to: 2 * items[i].ret, event: items[i].ret}
		if sp.event == 0 {
			sp.event = t.due(items, i)
			sp.to = 2*sp.event - 1 // before the end that showed it
		}
		if sp.event == 0 {
			sp.to = never
		}
		if needed {
			spans = append(spans, sp)
		}
	}
	return spans
}
