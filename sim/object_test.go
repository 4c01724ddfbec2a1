package sim

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// objectRules are those under which whole objects merge.
var objectRules = []Conflict{ObjectClock, ObjectNewest, DottedNewest}

// put has a store write a value as one of its partitions, and hold it.
func (s *Store) put(id OpID, value int64, ctx State, of Addr) State {
	st := s.UpdateAt(Op{ID: id, Kind: Write, Key: "k", Value: value}, ctx, s.Get("k"), of)
	s.Accept("k", st, nil)
	return st
}

func valuesOf(s State) (list []int64) {
	for _, v := range s.Siblings() {
		list = append(list, v.Value)
	}
	slices.Sort(list)
	return list
}

// TestObjectsDescend: what has seen a value replaces it, whatever the clocks say; what has not stands beside it, or is the
// last modified alone.
func TestObjectsDescend(t *testing.T) {
	for conflict, want := range map[Conflict][]int64{ObjectClock: {1, 2}, DottedVersions: {1, 2}, ObjectNewest: {1}, DottedNewest: {1}} {
		fast, slow := newDesk(0), newDesk(1)
		fast.now = 100 * Second
		a, b := NewStore(fast, Rules{Conflict: conflict}), NewStore(slow, Rules{Conflict: conflict})
		first := a.put(1, 1, State{}, 0)
		b.Accept("k", first, nil)
		if blind := b.put(2, 2, State{}, 1); !slices.Equal(valuesOf(blind), want) {
			t.Errorf("rule %d: beside what a fast clock stamped a blind write leaves %d, want %d", conflict, valuesOf(blind), want)
		}
		seen := b.put(3, 3, b.Get("k"), 1)
		if !slices.Equal(valuesOf(seen), []int64{3}) || !slices.Equal(valuesOf(first.Merge(seen)), []int64{3}) || !slices.Equal(valuesOf(seen.Merge(first)), []int64{3}) {
			t.Errorf("rule %d: a write by who has read leaves %d", conflict, valuesOf(seen))
		}
	}
}

// TestObjectsExplode: a context that lacks just the latest write replaces nothing under a clock, and all but that with dots.
func TestObjectsExplode(t *testing.T) {
	for conflict, want := range map[Conflict]int{ObjectClock: 20, DottedVersions: 2, ObjectNewest: 1, DottedNewest: 1} {
		s := NewStore(newDesk(0), Rules{Conflict: conflict})
		var behind State
		for n := range 20 {
			before := s.Get("k")
			s.put(OpID(n+1), int64(n), behind, 0)
			behind = before
		}
		if got := len(s.Get("k").Siblings()); got != want {
			t.Errorf("rule %d: %d siblings after 20 writes, want %d", conflict, got, want)
		}
	}
}

// TestObjectsAgree: stores that write at random and then meet in any order, again and again, come to hold the same; nothing
// vanishes altogether.
func TestObjectsAgree(t *testing.T) {
	for _, conflict := range objectRules {
		for seed := range uint64(300) {
			rnd := rand.New(rand.NewPCG(seed, uint64(conflict)))
			var stores []*Store
			for i := range Addr(3) {
				d := newDesk(i)
				d.now = Time(rnd.IntN(10)) * Second
				stores = append(stores, NewStore(d, Rules{Conflict: conflict}))
			}
			pick := func() *Store { return stores[rnd.IntN(3)] }
			ctx := State{}
			for n := range 12 {
				switch rnd.IntN(4) {
				case 0:
					ctx = pick().Get("k")
				case 1:
					pick().Merge("k", pick().Get("k"))
				default:
					pick().put(OpID(n+1), int64(n), ctx, Addr(rnd.IntN(2)))
				}
			}
			for range 3 {
				for _, p := range [][2]int{{0, 1}, {1, 2}, {2, 0}} {
					a, b := stores[p[0]], stores[p[1]]
					a.Merge("k", b.Get("k"))
					b.Merge("k", a.Get("k"))
				}
			}
			a, b, c := stores[0].Get("k"), stores[1].Get("k"), stores[2].Get("k")
			if !a.Same(b) || !b.Same(c) || len(a.Siblings()) == 0 && !a.Opening() {
				t.Fatalf("rule %d, seed %d: they hold %d, %d and %d", conflict, seed, valuesOf(a), valuesOf(b), valuesOf(c))
			}
		}
	}
}

// TestPartitionsAreActors: a partition that has handed off what it held counts anew, so that nobody takes what it makes next
// for what it made before.
func TestPartitionsAreActors(t *testing.T) {
	s := NewStore(newDesk(0), Rules{Conflict: DottedVersions})
	first := s.UpdateAt(Op{ID: 1, Kind: Write, Key: "k", Value: 1}, State{}, s.Opening("k"), 2)
	second := s.UpdateAt(Op{ID: 2, Kind: Write, Key: "k", Value: 2}, State{}, s.Opening("k"), 2)
	other := s.UpdateAt(Op{ID: 3, Kind: Write, Key: "k", Value: 3}, State{}, s.Opening("k"), 1)
	if got := valuesOf(first.Merge(second).Merge(other)); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("three writes of which none saw another leave %d", got)
	}
	third := s.UpdateAt(Op{ID: 4, Kind: Write, Key: "k", Value: 4}, first, first, 2)
	if got := valuesOf(third.Merge(first)); !slices.Equal(got, []int64{4}) {
		t.Errorf("one that saw the first leaves %d beside it", got)
	}
}

// TestArrivalDecides: what comes last stays, but where replicas are compared.
func TestArrivalDecides(t *testing.T) {
	d := newDesk(0)
	s := NewStore(d, Rules{Conflict: LatestArrival})
	older := s.UpdateAt(Op{ID: 1, Kind: Write, Key: "k", Value: 1}, State{}, s.Opening("k"), 0)
	d.now = Second
	newer := s.UpdateAt(Op{ID: 2, Kind: Write, Key: "k", Value: 2}, State{}, s.Opening("k"), 0)
	for _, step := range []struct {
		take  func(string, State)
		state State
		want  int64
	}{{func(k string, st State) { s.Accept(k, st, nil) }, newer, 2}, {func(k string, st State) { s.Accept(k, st, nil) }, older, 1},
		{s.Settle, newer, 2}, {s.Settle, older, 2}, {func(k string, st State) { s.Merge(k, st) }, older, 1}} {
		step.take("k", step.state)
		if got := s.Get("k").Result().Value; got != step.want {
			t.Errorf("it holds %d, want %d", got, step.want)
		}
	}
}

// TestClocksArePruned: the oldest actors go while there are too many, or while they are too old, but never young ones.
func TestClocksArePruned(t *testing.T) {
	for _, c := range []struct {
		prune Pruning
		now   Time
		want  int
	}{
		{Pruning{}, 60 * Second, 10},
		{Pruning{Small: 10, Big: 10, Young: Second, Old: Second}, 60 * Second, 10},
		{Pruning{Small: 2, Big: 4, Young: Second, Old: 1000 * Second}, 60 * Second, 4},
		{Pruning{Small: 2, Big: 4, Young: 1000 * Second, Old: 1000 * Second}, 60 * Second, 10},
		{Pruning{Small: 2, Big: 50, Young: Second, Old: 55 * Second}, 60 * Second, 5},
		{Pruning{Small: 7, Big: 50, Young: Second, Old: 55 * Second}, 60 * Second, 7},
	} {
		clock := &content{conflict: ObjectClock}
		for i := range Addr(10) {
			clock.seen = append(clock.seen, mark{dot: dot{actor: Actor{Node: i}, count: 1}, at: Time(i) * Second})
		}
		if clock.prune(c.prune, c.now); len(clock.seen) != c.want {
			t.Errorf("%v leaves %d actors of 10, want %d", c.prune, len(clock.seen), c.want)
		}
	}
}
