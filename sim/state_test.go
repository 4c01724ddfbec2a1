package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// desk is as much of an Env as a Store needs.
type desk struct {
	Env
	self    Addr
	rand    *rand.Rand
	now     Time
	held    map[string][]OpID
	follows map[OpID][]OpID
	disk    Disk
}

func newDesk(self Addr) *desk {
	return &desk{self: self, rand: rand.New(rand.NewPCG(1, uint64(self))), held: map[string][]OpID{}, follows: map[OpID][]OpID{}, disk: NewStoreDisk()}
}

func (d *desk) Self() Addr       { return d.self }
func (d *desk) Rand() *rand.Rand { return d.rand }
func (d *desk) Disk() Disk       { return d.disk }
func (d *desk) Persist(rec any)  { d.disk.Write(rec) }
func (d *desk) Sync(done func()) {
	if done != nil {
		done()
	}
}
func (d *desk) Now() Time                        { return d.now }
func (d *desk) Opening(string) int64             { return 100 }
func (d *desk) Holds(key string, writes ...OpID) { d.held[key] = writes }
func (d *desk) Follows(w, before OpID)           { d.follows[w] = append(d.follows[w], before) }

// allRules are the Rules whose States form a lattice.
func allRules() []Rules {
	var all []Rules
	for c := LastWriterWins; c <= SetType; c++ {
		for k := CoordinatorClock; k <= HybridClock; k++ {
			all = append(all, Rules{Conflict: c, Clock: k})
		}
	}
	return all
}

// randomStates lets three stores write and merge at random, with contexts read here and there, and returns every
// State that came of it. Stores crash with what they hold: they go on as other actors.
func randomStates(rnd *rand.Rand, rules Rules, steps int) []State {
	var stores []*Store
	var desks []*desk
	for i := range Addr(3) {
		desks = append(desks, newDesk(i))
		stores = append(stores, NewStore(desks[i], rules))
	}
	states := []State{{}, stores[0].Get("k")}
	for n := range steps {
		i := rnd.IntN(3)
		s := stores[i]
		desks[i].now += Time(rnd.IntN(3)) // stamps meet often
		if rnd.IntN(20) == 0 {
			desks[i].now++
			stores[i] = NewStore(desks[i], rules)
			s = stores[i]
		}
		if rnd.IntN(3) == 0 {
			s.Merge("k", stores[rnd.IntN(3)].Get("k"))
		} else {
			op := Op{ID: OpID(n + 1), Key: "k", Value: int64(rnd.IntN(4)), Stamp: Time(rnd.IntN(5))}
			for op.Kind = OpKind(rnd.IntN(8)); op.Kind == Read || !rules.Can(op.Kind); {
				op.Kind = OpKind(rnd.IntN(8))
			}
			st := s.Update(op, states[rnd.IntN(len(states))])
			states = append(states, st)
			if rnd.IntN(8) > 0 { // some coordinators hold no copy
				s.Accept("k", st, nil)
			}
		}
		states = append(states, s.Get("k"))
	}
	return states
}

// TestMergeIsAJoin: for every way to resolve conflicts and every clock, Merge is commutative, associative and
// idempotent, Covers is its order, and whatever the order of merging, the same comes out.
func TestMergeIsAJoin(t *testing.T) {
	const seeds = 40
	for _, rules := range allRules() {
		t.Run(fmt.Sprintf("%d-%s", rules.Conflict, ClockWords[rules.Clock]), func(t *testing.T) {
			for seed := range uint64(seeds) {
				rnd := rand.New(rand.NewPCG(seed, 5))
				states := randomStates(rnd, rules, 60)
				pick := func() State { return states[rnd.IntN(len(states))] }
				for range 400 {
					a, b, c := pick(), pick(), pick()
					switch ab := a.Merge(b); {
					case !ab.Same(b.Merge(a)):
						t.Fatalf("seed %d: not commutative: %v %v", seed, a.c, b.c)
					case !ab.Merge(c).Same(a.Merge(b.Merge(c))):
						t.Fatalf("seed %d: not associative: %v %v %v", seed, a.c, b.c, c.c)
					case !a.Merge(a).Same(a) || !ab.Merge(b).Same(ab):
						t.Fatalf("seed %d: not idempotent: %v", seed, a.c)
					case a.Covers(b) != ab.Same(a) || !ab.Covers(a) || !ab.Covers(b):
						t.Fatalf("seed %d: Covers is not the order: %v %v", seed, a.c, b.c)
					}
				}
				join := joined(states)
				for range 5 {
					rnd.Shuffle(len(states), func(i, j int) { states[i], states[j] = states[j], states[i] })
					if !joined(states).Same(join) {
						t.Fatalf("seed %d: the order of merging matters", seed)
					}
				}
			}
		})
	}
}

func joined(states []State) (all State) {
	for _, st := range states {
		all = all.Merge(st)
	}
	return all
}

// TestCassandrasTies: larger timestamp, then tombstone over value, then larger value (Cells.java); and after that what
// makes two replicas decide alike.
func TestCassandrasTies(t *testing.T) {
	order := []Version{
		{Stamp: -1, Value: 99, Node: 9},
		{Stamp: 5, Value: 1, Node: 2, Write: 8},
		{Stamp: 5, Value: 2, Node: 1, Write: 9},
		{Stamp: 5, Value: 2, Node: 2, Write: 1},
		{Stamp: 5, Value: 2, Node: 2, Write: 2},
		{Stamp: 5, Deleted: true, Node: 1, Write: 3},
		{Stamp: 5, Tick: 1, Value: -1, Write: 4},
		{Stamp: 6, Value: -7, Write: 5},
	}
	for i, v := range order {
		for j, u := range order {
			if v.Newer(u) != (i > j) {
				t.Errorf("%+v newer than %+v: %v", v, u, v.Newer(u))
			}
		}
	}
}

// values returns the values of siblings in ascending order.
func values(st State) []int64 {
	var list []int64
	for _, v := range st.Siblings() {
		list = append(list, v.Value)
	}
	slices.Sort(list)
	return list
}

// TestSiblingExplosion is the example of "Dotted Version Vectors in Riak" (R. Brown, 2013; RI12): two clients put in
// turn, each with the context of its own put before. With one clock for the whole key every put is a sibling of all;
// with dots there are as many siblings as clients.
func TestSiblingExplosion(t *testing.T) {
	for conflict, want := range map[Conflict]int{VectorClock: 20, DottedVersions: 2} {
		d := newDesk(0)
		s := NewStore(d, Rules{Conflict: conflict})
		var ctx [2]State
		for n := range 20 {
			st := s.Update(Op{ID: OpID(n + 1), Kind: Write, Key: "k", Value: int64(n)}, ctx[n%2])
			s.Accept("k", st, nil)
			ctx[n%2] = newState(&content{conflict: conflict, seen: []mark{{dot: st.c.seen[0].dot, write: OpID(n + 1)}}})
			if conflict == DottedVersions && n > 0 {
				if got := values(s.Get("k")); !slices.Equal(got, []int64{int64(n) - 1, int64(n)}) {
					t.Fatalf("after put %d: siblings %v", n, got)
				}
			}
		}
		if got := len(s.Get("k").Siblings()); got != want {
			t.Errorf("conflict %d: %d siblings after 20 puts, want %d", conflict, got, want)
		}
	}
}

// TestPutsOnePerServer is the example of section 2 of Preguiça et al. 2010: two clients read the same version and both
// put at one server. A version vector with an entry per server would let the second overwrite the first.
func TestPutsOnePerServer(t *testing.T) {
	s := NewStore(newDesk(0), Rules{Conflict: DottedVersions})
	s.Accept("k", s.Update(Op{ID: 1, Kind: Write, Key: "k", Value: 1}, State{}), nil)
	read := s.Get("k")
	s.Accept("k", s.Update(Op{ID: 2, Kind: Write, Key: "k", Value: 2}, read), nil)
	s.Accept("k", s.Update(Op{ID: 3, Kind: Write, Key: "k", Value: 3}, read), nil)
	if got := values(s.Get("k")); !slices.Equal(got, []int64{2, 3}) {
		t.Fatalf("siblings %v, want 2 and 3 (RI11)", got)
	}
	s.Accept("k", s.Update(Op{ID: 4, Kind: Write, Key: "k", Value: 4}, s.Get("k")), nil)
	if got := values(s.Get("k")); !slices.Equal(got, []int64{4}) {
		t.Fatalf("siblings %v after a put that had seen both, want 4", got)
	}
	s.Accept("k", s.Update(Op{ID: 5, Kind: Delete, Key: "k"}, read), nil)
	if r := s.Read("k"); r.Value != 4 || r.Absent || len(r.Found.Siblings()) != 2 {
		t.Fatalf("a deletion that has not seen the value leaves %+v (RI17)", r)
	}
}

// TestSiblingsAreBounded: at MaxSiblings a write is refused.
func TestSiblingsAreBounded(t *testing.T) {
	s := NewStore(newDesk(0), Rules{Conflict: DottedVersions})
	for n := range MaxSiblings {
		op := Op{ID: OpID(n + 1), Kind: Write, Key: "k"}
		if why := s.Refuses(op); why != NoReason {
			t.Fatalf("write %d is refused: %s", n, why)
		}
		s.Accept("k", s.Update(op, State{}), nil)
	}
	if why := s.Refuses(Op{Kind: Write, Key: "k"}); why != ReasonTooMany {
		t.Errorf("write %d: %q", MaxSiblings+1, why)
	}
	if why := s.Refuses(Op{Kind: Delete, Key: "k"}); why != NoReason {
		t.Errorf("a deletion: %q", why)
	}
}

// TestResurrection: a replica that was away longer than the grace brings a deleted value back; within it, not (CA16).
func TestResurrection(t *testing.T) {
	for away, back := range map[Time]bool{4 * Second: false, 6 * Second: true} {
		a, b := newDesk(0), newDesk(1)
		here, there := NewStore(a, Rules{Grace: 5 * Second}), NewStore(b, Rules{Grace: 5 * Second})
		old := here.Update(Op{ID: 1, Kind: Write, Key: "k", Value: 7}, State{})
		here.Accept("k", old, nil)
		there.Merge("k", old)
		a.now = Second
		here.Accept("k", here.Update(Op{ID: 2, Kind: Delete, Key: "k"}, State{}), nil)
		a.now, b.now = Second+away, Second+away
		here.Collect()
		if r := here.Read("k"); !r.Absent || r.Version != 2 {
			t.Fatalf("away %s: deleted, yet read as %+v", away, r)
		}
		there.Merge("k", here.Get("k"))
		here.Merge("k", there.Get("k"))
		if r := here.Read("k"); r.Absent == back || back && r.Value != 7 {
			t.Errorf("away %s: %+v", away, r)
		}
		if back != slices.Equal(a.held["k"], []OpID{1}) {
			t.Errorf("away %s: the referee thinks that %v is held", away, a.held["k"])
		}
	}
}

// TestHybridClock follows the four cases of figure 5 of Kulkarni et al. 2014 in the order of its example: a node whose
// clock is 10 ahead sends, and nodes that are behind pass it on; l stays 10, c counts, until a clock has caught up.
func TestHybridClock(t *testing.T) {
	sent := stampClock{kind: HybridClock}
	sent.stamp(Op{}, 10)
	at := []struct {
		now  Time
		l    Time
		tick uint32
	}{{1, 10, 1}, {2, 10, 2}, {3, 10, 3}, {13, 13, 0}}
	l, c := sent.last, sent.tick
	if l != 10 || c != 0 {
		t.Fatalf("the sender is at %d, %d", l, c)
	}
	for _, want := range at {
		k := stampClock{kind: HybridClock}
		k.advance(want.now, l, c)
		if k.last != want.l || k.tick != want.tick {
			t.Errorf("at %d: %d, %d; want %d, %d", want.now, k.last, k.tick, want.l, want.tick)
		}
		l, c = k.last, k.tick
	}
	k := stampClock{kind: HybridClock, last: 10, tick: 4}
	if k.advance(5, 10, 7); k.last != 10 || k.tick != 8 {
		t.Errorf("equal l: %d, %d; want 10, 8", k.last, k.tick)
	}
	if k.advance(11, MaxAhead+12, 0); k.last != 11 || k.tick != 0 {
		t.Errorf("a stamp too far ahead takes the clock to %d, %d", k.last, k.tick)
	}
}

// TestHybridClockIsBounded: l is never behind the node's clock, never further ahead than the clocks are apart, c stays
// small (theorems 2 and 3 and corollary 1), and what happened before has the smaller stamp (theorem 1).
func TestHybridClockIsBounded(t *testing.T) {
	const apart = 50
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 6))
		var clocks [4]stampClock
		var skew [4]Time
		for i := range clocks {
			clocks[i].kind, skew[i] = HybridClock, Time(rnd.IntN(apart+1))
		}
		for now := Time(100); now < 2000; now += Time(rnd.IntN(3)) {
			i, j := rnd.IntN(4), rnd.IntN(4)
			from, to := &clocks[i], &clocks[j]
			l, c := from.stamp(Op{}, now+skew[i])
			before := *to
			to.advance(now+skew[j], l, c)
			later := func(k stampClock, l Time, c uint32) bool { return k.last > l || k.last == l && k.tick > c }
			switch {
			case !later(*to, l, c) || !later(*to, before.last, before.tick):
				t.Fatalf("seed %d: %+v comes after %d, %d and %+v", seed, *to, l, c, before)
			case to.last < now+skew[j] || to.last > now+apart:
				t.Fatalf("seed %d at %d: l is %d", seed, now, to.last)
			case to.tick > 4*2*(apart+1):
				t.Fatalf("seed %d: c is %d", seed, to.tick)
			}
		}
	}
}
