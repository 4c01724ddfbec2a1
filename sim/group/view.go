package group

import (
	"encoding/binary"
	"maps"
	"slices"

	"netsplit/sim"
	"netsplit/sim/raft"
)

// nobody is the primary of a group that has none.
const nobody sim.Addr = -1

// view is what the members compute alike, each for itself, from what has been ordered so far.
type view struct {
	lineage uint64 // 0, or which members were forced: what others say is not heeded
	number  uint64 // the index of the latest change of the members, and above that how often they were forced
	members []sim.Addr
	online  []bool   // by node: a member that has recovered
	primary sim.Addr // in single-primary mode; or nobody
	since   uint64   // the index at which it became so
	back    []uint64 // by node: the mark of the latest note that it has returned
	lacking map[sim.OpID]*pending
}

// pending is a write that is certified and not committed, for somebody has not prepared it.
type pending struct {
	index  uint64
	key    string
	value  int64
	before register // what the key held until then
	nodes  []sim.Addr
}

// newView is that of a group which starts with all nodes online.
func newView(nodes int, first sim.Addr) view {
	v := view{online: slices.Repeat([]bool{true}, nodes), primary: first, back: make([]uint64, nodes), lacking: map[sim.OpID]*pending{}}
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
	v.number, v.members = v.number>>forcedShift<<forcedShift|index, members
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

// waits notes that a write is to be prepared by all who are online, but for one.
func (v *view) waits(e raft.Entry, but sim.Addr) {
	p := &pending{index: e.Index, key: e.Op.Key, value: e.Op.Value, before: register{value: e.Before, version: e.Based}}
	for _, a := range v.members {
		if v.online[a] && a != but {
			p.nodes = append(p.nodes, a)
		}
	}
	if len(p.nodes) > 0 {
		v.lacking[e.Op.ID] = p
	}
}

// prepared takes a node off those that a write waits for.
func (v *view) prepared(op sim.OpID, node sim.Addr) {
	p := v.lacking[op]
	if p == nil {
		return
	}
	if p.nodes = slices.DeleteFunc(p.nodes, func(a sim.Addr) bool { return a == node }); len(p.nodes) == 0 {
		delete(v.lacking, op)
	}
}

// lacks reports whether a node is to prepare a write yet.
func (v *view) lacks(op sim.OpID, node sim.Addr) bool {
	p := v.lacking[op]
	return p != nil && slices.Contains(p.nodes, node)
}

// encode writes the view; it is the same for equal views.
func (v *view) encode() []byte {
	b := binary.AppendUvarint(binary.AppendUvarint(nil, v.lineage), v.number)
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
		p := v.lacking[op]
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(op)), p.index)
		b = append(binary.AppendUvarint(b, uint64(len(p.key))), p.key...)
		b = binary.AppendVarint(binary.AppendVarint(b, p.value), p.before.value)
		b = appendNodes(binary.AppendUvarint(b, uint64(p.before.version)), p.nodes)
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
	d := decoder(b)
	v := view{lineage: d.uint(), number: d.uint(), since: d.uint(), primary: sim.Addr(d.int()), members: d.nodes(),
		online: make([]bool, nodes), back: make([]uint64, nodes), lacking: map[sim.OpID]*pending{}}
	for _, a := range d.nodes() {
		v.online[a] = true
	}
	for i := range v.back {
		v.back[i] = d.uint()
	}
	for range d.uint() {
		op := sim.OpID(d.uint())
		p := &pending{index: d.uint(), key: d.text(), value: d.int()}
		p.before.value, p.before.version, p.nodes = d.int(), sim.OpID(d.uint()), d.nodes()
		v.lacking[op] = p
	}
	return v
}

// decoder reads what this program has written.
type decoder []byte

func (d *decoder) uint() uint64 {
	n, size := binary.Uvarint(*d)
	*d = (*d)[size:]
	return n
}

func (d *decoder) int() int64 {
	n, size := binary.Varint(*d)
	*d = (*d)[size:]
	return n
}

func (d *decoder) text() string {
	n := d.uint()
	s := string((*d)[:n])
	*d = (*d)[n:]
	return s
}

func (d *decoder) nodes() (list []sim.Addr) {
	n := int((*d)[0])
	for _, a := range (*d)[1 : 1+n] {
		list = append(list, sim.Addr(a))
	}
	*d = (*d)[1+n:]
	return list
}

// owed returns the operations that a node is to prepare yet.
func (v *view) owed(node sim.Addr) (list []sim.OpID) {
	for _, op := range slices.Sorted(maps.Keys(v.lacking)) {
		if v.lacks(op, node) {
			list = append(list, op)
		}
	}
	return list
}
