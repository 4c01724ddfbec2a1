package raft

import (
	"encoding/binary"
	"maps"
	"slices"
	"sort"

	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// past is every version of every register, by the timestamp of its commit. Nothing is ever dropped of it.
type past struct {
	versions map[string][]dated // oldest first
	stamps   map[sim.OpID]sim.Time
	last     sim.Time
}

// dated is what a register held from a timestamp on.
type dated struct {
	at sim.Time
	register
}

func newPast() *past { return &past{versions: map[string][]dated{}, stamps: map[sim.OpID]sim.Time{}} }

// date says at which timestamp what was applied last is committed.
func (m *machine) date(e effect, at sim.Time) {
	if m.past == nil || !e.fresh {
		return
	}
	m.past.last = max(m.past.last, at)
	m.past.stamps[e.op.ID] = at
	if e.took {
		m.past.versions[e.op.Key] = append(m.past.versions[e.op.Key], dated{at, register{e.op.Value, e.op.ID}})
	}
}

// readAt returns a register as of a timestamp.
func (m *machine) readAt(key string, at sim.Time) register {
	list := m.past.versions[key]
	i := sort.Search(len(list), func(i int) bool { return list[i].at > at })
	if i == 0 {
		return register{value: m.opening(key)}
	}
	return list[i-1].register
}

// append writes the past at the end of a snapshot.
func (p *past) append(b []byte) []byte {
	b = binary.AppendVarint(b, int64(p.last))
	b = binary.AppendUvarint(b, uint64(len(p.versions)))
	for _, key := range slices.Sorted(maps.Keys(p.versions)) {
		b = appendBytes(b, []byte(key))
		b = binary.AppendUvarint(b, uint64(len(p.versions[key])))
		for _, v := range p.versions[key] {
			b = v.register.append(binary.AppendVarint(b, int64(v.at)))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(p.stamps)))
	for _, id := range slices.Sorted(maps.Keys(p.stamps)) {
		b = binary.AppendVarint(binary.AppendUvarint(b, uint64(id)), int64(p.stamps[id]))
	}
	return b
}

// past reads what append wrote.
func (d *decoder) past() *past {
	p := newPast()
	p.last = sim.Time(d.int())
	for range d.uint() {
		key := keyOf(d.bytes(int(d.uint())))
		for range d.uint() {
			at := sim.Time(d.int())
			p.versions[key] = append(p.versions[key], dated{at, d.register()})
		}
	}
	for range d.uint() {
		id := sim.OpID(d.uint())
		p.stamps[id] = sim.Time(d.int())
	}
	return p
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(*d)
	*d = (*d)[n:]
	return v
}

// stampedKind marks the kind of an operation that has a timestamp.
const stampedKind = 0x80

// encodeAt writes an operation with its timestamp as the data of a log entry.
func encodeAt(op sim.Op, at sim.Time) []byte {
	b := encode(op)
	b[kindAt] |= stampedKind
	return binary.LittleEndian.AppendUint64(b, uint64(at))
}

// stampOf returns the timestamp of an entry of the log; 0 for none.
func stampOf(entry *pb.Entry) sim.Time {
	b := entry.Data
	if !operates(entry) || b[kindAt]&stampedKind == 0 {
		return 0
	}
	return sim.Time(binary.LittleEndian.Uint64(b[len(b)-stampSize:]))
}
