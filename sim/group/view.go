package group

import (
	"encoding/binary"
	"maps"
	"slices"

	"netsplit/sim"
)

// nobody is the primary of a group that has none.
const nobody sim.Addr = -1

// view is what the members compute alike, each for itself, from what has been ordered so far.
type view struct {
	number  uint64 // the index of the latest change of the members
	members []sim.Addr
	online  []bool                  // by node: a member that has recovered
	primary sim.Addr                // in single-primary mode; or nobody
	since   uint64                  // the index at which it became so
	back    []uint64                // by node: the mark of the latest note that it has returned
	lacking map[sim.OpID][]sim.Addr // operations that are ordered and not committed: who has not prepared them
}

// newView is that of a group which starts with all nodes online.
func newView(nodes int, first sim.Addr) view {
	v := view{online: slices.Repeat([]bool{true}, nodes), primary: first, back: make([]uint64, nodes), lacking: map[sim.OpID][]sim.Addr{}}
	for a := range nodes {
		v.members = append(v.members, sim.Addr(a))
	}
	return v
}

func (v *view) has(node sim.Addr) bool { return slices.Contains(v.members, node) }

// changed takes in other members: who has just been taken in is not online yet, and nobody waits for who has left.
func (v *view) changed(index uint64, members []sim.Addr, weights []int64) bool {
	slices.Sort(members)
	if slices.Equal(v.members, members) {
		return false
	}
	for node := range v.online {
		if a := sim.Addr(node); !slices.Contains(members, a) || !v.has(a) {
			v.leaves(a)
		}
	}
	v.number, v.members = index, members
	v.elect(index, weights)
	return true
}

// leaves ends what a member was to do.
func (v *view) leaves(node sim.Addr) {
	v.online[node] = false
	for _, op := range slices.Sorted(maps.Keys(v.lacking)) {
		v.prepared(op, node)
	}
}

// elect makes another member the primary if there is none, or it is not online any more: of those online the one with the
// greatest weight, of several the one whose server_uuid comes first, for which the addresses stand here.
func (v *view) elect(index uint64, weights []int64) {
	if v.primary != nobody && v.online[v.primary] {
		return
	}
	v.primary = nobody
	for _, a := range v.members {
		if v.online[a] && (v.primary == nobody || weights[a] > weights[v.primary]) {
			v.primary, v.since = a, index
		}
	}
}

// waits notes that an operation is to be prepared by all who are online, but for one.
func (v *view) waits(op sim.OpID, but sim.Addr) {
	var list []sim.Addr
	for _, a := range v.members {
		if v.online[a] && a != but {
			list = append(list, a)
		}
	}
	if len(list) > 0 {
		v.lacking[op] = list
	}
}

// prepared takes a node off those that an operation waits for.
func (v *view) prepared(op sim.OpID, node sim.Addr) {
	list, ok := v.lacking[op]
	if !ok {
		return
	}
	if list = slices.DeleteFunc(slices.Clone(list), func(a sim.Addr) bool { return a == node }); len(list) == 0 {
		delete(v.lacking, op)
		return
	}
	v.lacking[op] = list
}

// encode writes the view; it is the same for equal views.
func (v *view) encode() []byte {
	b := binary.AppendUvarint(nil, v.number)
	b = binary.AppendUvarint(b, v.since)
	b = binary.AppendVarint(b, int64(v.primary))
	b = appendNodes(b, v.members)
	var up []sim.Addr
	for a, is := range v.online {
		if is {
			up = append(up, sim.Addr(a))
		}
	}
	b = appendNodes(b, up)
	for _, mark := range v.back {
		b = binary.AppendUvarint(b, mark)
	}
	b = binary.AppendUvarint(b, uint64(len(v.lacking)))
	for _, op := range slices.Sorted(maps.Keys(v.lacking)) {
		b = appendNodes(binary.AppendUvarint(b, uint64(op)), v.lacking[op])
	}
	return b
}

func appendNodes(b []byte, list []sim.Addr) []byte {
	b = append(b, byte(len(list)))
	for _, a := range list {
		b = append(b, byte(a))
	}
	return b
}

// decodeView reads what encode wrote.
func decodeView(b []byte, nodes int) view {
	number := func() (n uint64) {
		n, size := binary.Uvarint(b)
		b = b[size:]
		return n
	}
	list := func() (list []sim.Addr) {
		n := int(b[0])
		for _, a := range b[1 : 1+n] {
			list = append(list, sim.Addr(a))
		}
		b = b[1+n:]
		return list
	}
	v := view{number: number(), since: number(), online: make([]bool, nodes), back: make([]uint64, nodes), lacking: map[sim.OpID][]sim.Addr{}}
	primary, size := binary.Varint(b)
	b = b[size:]
	v.primary, v.members = sim.Addr(primary), list()
	for _, a := range list() {
		v.online[a] = true
	}
	for i := range v.back {
		v.back[i] = number()
	}
	for range number() {
		op := sim.OpID(number())
		v.lacking[op] = list()
	}
	return v
}

// owed returns the operations that a node is to prepare yet.
func (v *view) owed(node sim.Addr) (list []sim.OpID) {
	for _, op := range slices.Sorted(maps.Keys(v.lacking)) {
		if slices.Contains(v.lacking[op], node) {
			list = append(list, op)
		}
	}
	return list
}
