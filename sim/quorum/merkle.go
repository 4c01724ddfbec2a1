package quorum

import (
	"encoding/binary"
	"slices"

	"netsplit/sim"
)

// The shape of a hash tree (Merkle, CRYPTO 1987): each inner node has treeFan children, and there are treeDepth
// levels below the root, so 64 leaves. A leaf stands for a range of keys' hashes.
const (
	treeFanBits = 2
	treeFan     = 1 << treeFanBits
	treeDepth   = 3
)

// tree holds the hashes of the ranges, level by level from the root. Two trees of equal content are equal.
type tree [treeDepth + 1][]uint64

// leafOf returns the leaf in which a key is.
func leafOf(key string) int { return int(hash(key) >> (64 - treeFanBits*treeDepth)) }

// grow returns the tree over some keys, in their order, and what is held of each.
func grow(keys []string, get func(string) state) *tree {
	var t tree
	for level := range t {
		t[level] = make([]uint64, 1<<(treeFanBits*level))
	}
	leaves := t[treeDepth]
	for _, key := range keys {
		i := leafOf(key)
		leaves[i] = digest(leaves[i], get(key).AppendTrace([]byte(key)))
	}
	for level := treeDepth - 1; level >= 0; level-- {
		for i := range t[level] {
			for _, child := range t[level+1][i*treeFan : (i+1)*treeFan] {
				t[level][i] = digest(t[level][i], binary.LittleEndian.AppendUint64(nil, child))
			}
		}
	}
	return &t
}

// digest adds bytes to a hash; that of nothing is 0.
func digest(h uint64, b []byte) uint64 {
	return hash(string(binary.LittleEndian.AppendUint64(b, h)))
}

// branch is the hash of one node of a tree.
type branch struct {
	index int
	hash  uint64
}

// branches carries one level's hashes of ranges that may differ between two replicas.
type branches struct {
	level int
	list  []branch
}

func (bs branches) AppendTrace(b []byte) []byte {
	b = append(b, 'm', byte(bs.level))
	for _, br := range bs.list {
		b = binary.LittleEndian.AppendUint64(append(b, byte(br.index)), br.hash)
	}
	return b
}

// Writes yields nothing: a hash restores nothing.
func (bs branches) Writes(func(string, sim.OpID)) {}

// differing returns the nodes of a level that are not the same here.
func (t *tree) differing(theirs branches) []int {
	var list []int
	for _, br := range theirs.list {
		if t[theirs.level][br.index] != br.hash {
			list = append(list, br.index)
		}
	}
	return list
}

// children returns the hashes of the nodes below some of a level.
func (t *tree) children(level int, of []int) branches {
	bs := branches{level: level + 1}
	for _, i := range of {
		for child := i * treeFan; child < (i+1)*treeFan; child++ {
			bs.list = append(bs.list, branch{child, t[level+1][child]})
		}
	}
	return bs
}

// entry is what a replica holds of a key.
type entry struct {
	key   string
	state state
}

// exchange carries what is held in leaves that differ, and asks for the like.
type exchange struct {
	leaves  []int
	entries []entry
	answer  bool // it is the other's
}

func (x exchange) AppendTrace(b []byte) []byte {
	b = append(b, 'x')
	for _, leaf := range x.leaves {
		b = append(b, byte(leaf))
	}
	for _, e := range x.entries {
		b = e.state.AppendTrace(append(b, e.key...))
	}
	return b
}

func (x exchange) Writes(yield func(string, sim.OpID)) {
	for _, e := range x.entries {
		eachWrite(e.key, e.state, yield)
	}
}

// compareTrees begins an exchange with another node that is thought alive: it sends the root of what both hold.
func (r *replica) compareTrees() {
	var others []sim.Addr
	for a := range sim.Addr(r.env.Nodes()) {
		if a != r.env.Self() && !r.detector.dead(a) {
			others = append(others, a)
		}
	}
	if len(others) == 0 {
		return
	}
	to := others[r.env.Rand().IntN(len(others))]
	t := r.treeWith(to)
	r.env.Send(to, sim.KindGossip, branches{0, []branch{{0, t[0][0]}}})
}

// shared returns the keys written here that a peer holds as well.
func (r *replica) shared(peer sim.Addr) []string {
	var keys []string
	for _, key := range r.store.Keys() {
		if p := r.ring.of(key); p.holds(peer) && p.holds(r.env.Self()) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (r *replica) treeWith(peer sim.Addr) *tree { return grow(r.shared(peer), r.store.Get) }

// descend compares a level of a peer's tree with the same of this one's, and answers with the level below or, at the
// leaves, with what is held in those that differ.
func (r *replica) descend(from sim.Addr, theirs branches) {
	t := r.treeWith(from)
	differ := t.differing(theirs)
	switch {
	case len(differ) == 0:
	case theirs.level < treeDepth:
		r.env.Send(from, sim.KindGossip, t.children(theirs.level, differ))
	default:
		r.env.Send(from, sim.KindGossip, exchange{leaves: differ, entries: r.heldIn(differ, from)})
	}
}

// heldIn returns what is held in some leaves of the tree shared with a peer.
func (r *replica) heldIn(leaves []int, peer sim.Addr) []entry {
	var list []entry
	for _, key := range r.shared(peer) {
		if slices.Contains(leaves, leafOf(key)) {
			list = append(list, entry{key, r.store.Get(key)})
		}
	}
	return list
}

// trade merges what a peer holds, and answers with what it does not.
func (r *replica) trade(from sim.Addr, x exchange) {
	theirs := map[string]state{}
	for _, e := range x.entries {
		theirs[e.key] = e.state
	}
	var newer []entry
	if !x.answer {
		for _, e := range r.heldIn(x.leaves, from) {
			if held, known := theirs[e.key]; !known || r.store.News(e.key, held) {
				newer = append(newer, e)
			}
		}
	}
	for _, e := range x.entries {
		r.store.Settle(e.key, e.state)
	}
	if len(newer) > 0 {
		r.env.Send(from, sim.KindGossip, exchange{entries: newer, answer: true})
	}
}
