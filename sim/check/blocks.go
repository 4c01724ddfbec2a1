package check

import (
	"math"
	"slices"
	"sort"
)

// blocks is a certificate of linearizability of one register whose operations say which write they found. It grows with
// the history, one return at a time, and says at once when no order is left.
//
// A write stands together with all operations that found it, in a cluster: nothing can come in between but what does
// not change the register. A compare-and-set that found a version and replaced it joins its own cluster to that
// version's, with nothing in between: clusters so joined make a block, in which their order is given. Ops of a block are contiguous in
// every linearization, so that a history is linearizable if and only if
//
//   - in each block, no operation returned before one of an earlier cluster was called, nor before the write of its own;
//   - and the blocks can be put in order. With first the earliest return of a block and last the latest call, block A
//     must precede B if and only if first(A) < last(B). They can be ordered if and only if no two must precede each
//     other: take any cycle and the block B in it of the greatest last. Whoever precedes some block of the cycle
//     precedes B too, for last(B) is no less; so does the block that B itself precedes.
//
// This is the rule of zones of Gibbons and Korach (Testing Shared Memories, SIAM Journal on Computing 26(4), 1997,
// section 4: two forward zones do not overlap, and no backward zone lies within a forward zone), with blocks in the place
// of clusters so that it holds for compare-and-set too. The opening value's block returned before everything was called.
//
// Since returns are taken in order of time, a block's first is known when the block is made, the blocks are made in order
// of their firsts, and the question whether two must precede each other is one about the greatest last of a prefix.
type blocks struct {
	at       []int32 // by the place of a write: its cluster plus 1; 0 for none
	clusters []cluster
	blocks   []block
	firsts   []int64 // by slot, ascending
	owner    []int32 // by slot: the block
	lasts    peaks   // by slot; 0 once it has been joined to another
	tracing  bool
	trail    []change
}

// cluster is a write with all operations that found it.
type cluster struct {
	op         int32 // the place of the write; -1 for the opening value
	block      int32
	prev, next int32 // in its block; -1 for none
	first      int64 // the earliest return of this cluster and of all that follow it in its block
	last       int64 // the latest call of its operations
}

// block is a chain of clusters.
type block struct {
	head, tail  int32
	size        int32
	slot        int32 // -1 while nothing in it has returned
	first, last int64
}

// change is what something was before, to be undone.
type change struct {
	what uint8
	i    int32
	c    cluster
	b    block
	last int64
}

const (
	changedCluster = iota
	changedBlock
	changedOwner
	changedLast
	madeCluster
)

// never is a return that has not come.
const never = math.MaxInt64

// contradiction is why no order is left: the block of cluster a must precede that of cluster b, and the other way round; or a
// stands before b in their block, and must come after it, or cannot be followed by it at all. The clusters are -1 where
// one operation alone says what cannot be.
type contradiction struct{ a, b int32 }

func newBlocks() *blocks {
	s := &blocks{clusters: []cluster{{op: -1, prev: -1, next: -1}}, blocks: []block{{size: 1}}, firsts: []int64{0}, owner: []int32{0}}
	s.lasts.set(0, 0)
	return s
}

func (s *blocks) clone() *blocks {
	return &blocks{at: slices.Clone(s.at), clusters: slices.Clone(s.clusters), blocks: slices.Clone(s.blocks),
		firsts: slices.Clone(s.firsts), owner: slices.Clone(s.owner), lasts: s.lasts.clone()}
}

// of returns the cluster of the write at a place, or -1; place -1 stands for the opening value.
func (s *blocks) of(op int32) int32 {
	switch {
	case op < 0:
		return 0
	case int(op) >= len(s.at):
		return -1
	}
	return s.at[op] - 1
}

// enter makes a cluster for a write that nothing had shown to have taken effect, if there is none. It has returned by
// then; or, with never, something else has yet to show that it took effect.
func (s *blocks) enter(op int32, call, now int64) (int32, *contradiction) {
	if c := s.of(op); c >= 0 {
		return c, nil
	}
	for int(op) >= len(s.at) {
		s.at = append(s.at, 0)
	}
	c, b := int32(len(s.clusters)), int32(len(s.blocks))
	s.at[op] = c + 1
	s.clusters = append(s.clusters, cluster{op: op, block: b, prev: -1, next: -1, first: now, last: call})
	made := block{head: c, tail: c, size: 1, slot: -1, first: now, last: call}
	if now != never {
		made.slot = int32(len(s.firsts))
		s.firsts, s.owner = append(s.firsts, now), append(s.owner, b)
		s.lasts.set(int(made.slot), call)
	}
	s.blocks = append(s.blocks, made)
	if s.tracing {
		s.trail = append(s.trail, change{what: madeCluster})
	}
	return c, s.clash(b)
}

// find takes an operation into the cluster of the write that it found.
func (s *blocks) find(c int32, call int64) *contradiction {
	k := &s.clusters[c]
	if k.next >= 0 && s.clusters[k.next].first < call {
		return &contradiction{c, k.next}
	}
	k.last = max(k.last, call)
	b := &s.blocks[k.block]
	if call <= b.last {
		return nil
	}
	b.last = call
	s.lasts.set(int(b.slot), call)
	return s.clash(k.block)
}

// join puts the cluster of a compare-and-set, which heads its block, behind that of the version that it found.
func (s *blocks) join(found, c int32) *contradiction {
	left, right := s.clusters[found].block, s.clusters[c].block
	l, r := s.blocks[left], s.blocks[right]
	if s.clusters[found].next >= 0 || left == right || r.head != c || r.first < l.last {
		return &contradiction{found, c}
	}
	s.keepCluster(found)
	s.keepCluster(c)
	s.clusters[found].next, s.clusters[c].prev = c, found
	for i := found; i >= 0 && s.clusters[i].first > r.first; i = s.clusters[i].prev {
		s.keepCluster(i)
		s.clusters[i].first = r.first
	}
	into, from := left, right
	if l.size < r.size {
		into, from = right, left
	}
	for i, n := s.blocks[from].head, s.blocks[from].size; n > 0; i, n = s.clusters[i].next, n-1 {
		s.keepCluster(i)
		s.clusters[i].block = into
	}
	s.keepBlock(into)
	m := block{head: l.head, tail: r.tail, size: l.size + r.size, slot: l.slot, first: l.first, last: max(l.last, r.last)}
	gone := r.slot
	if r.first < l.first {
		m.slot, m.first, gone = r.slot, r.first, l.slot
	}
	s.blocks[into] = m
	if gone >= 0 {
		s.setLast(gone, 0)
	}
	if m.slot >= 0 {
		s.setLast(m.slot, m.last)
		s.setOwner(m.slot, into)
	}
	return s.clash(into)
}

// clash finds a block that must precede this one and come after it.
func (s *blocks) clash(b int32) *contradiction {
	k := s.blocks[b]
	if k.slot < 0 {
		return nil
	}
	before := sort.Search(len(s.firsts), func(i int) bool { return s.firsts[i] >= k.last })
	slot := s.lasts.above(0, min(before, int(k.slot)), k.first)
	if slot < 0 {
		slot = s.lasts.above(int(k.slot)+1, before, k.first)
	}
	if slot < 0 {
		return nil
	}
	return &contradiction{s.blocks[s.owner[slot]].head, k.head}
}

func (s *blocks) keepCluster(c int32) {
	if s.tracing {
		s.trail = append(s.trail, change{what: changedCluster, i: c, c: s.clusters[c]})
	}
}

func (s *blocks) keepBlock(b int32) {
	if s.tracing {
		s.trail = append(s.trail, change{what: changedBlock, i: b, b: s.blocks[b]})
	}
}

func (s *blocks) setLast(slot int32, last int64) {
	if s.tracing {
		s.trail = append(s.trail, change{what: changedLast, i: slot, last: s.lasts.tree[s.lasts.size+int(slot)]})
	}
	s.lasts.set(int(slot), last)
}

func (s *blocks) setOwner(slot, b int32) {
	if s.tracing {
		s.trail = append(s.trail, change{what: changedOwner, i: slot, last: int64(s.owner[slot])})
	}
	s.owner[slot] = b
}

// undo takes back what has been done since the trail was so long.
func (s *blocks) undo(mark int) {
	for len(s.trail) > mark {
		ch := s.trail[len(s.trail)-1]
		s.trail = s.trail[:len(s.trail)-1]
		switch ch.what {
		case changedCluster:
			s.clusters[ch.i] = ch.c
		case changedBlock:
			s.blocks[ch.i] = ch.b
		case changedLast:
			s.lasts.set(int(ch.i), ch.last)
		case changedOwner:
			s.owner[ch.i] = int32(ch.last)
		case madeCluster: // without a return, and so without a slot
			n := len(s.clusters) - 1
			s.at[s.clusters[n].op] = 0
			s.clusters, s.blocks = s.clusters[:n], s.blocks[:len(s.blocks)-1]
		}
	}
}
