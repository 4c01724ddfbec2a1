package raft

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// compaction is the record of a snapshot of this node's own, with which the log before some entry is dropped.
type compaction struct {
	index, keep uint64
	members     *pb.ConfState
	data        []byte
}

// compact takes a snapshot when enough has been applied since the one before.
func (r *replica) compact() {
	if r.index < r.snapped+r.set.every {
		return
	}
	r.snapped = r.index
	r.env.Persist(&compaction{index: r.index, keep: r.set.every / 2, members: r.conf, data: r.applied.encode()})
	r.env.Sync(nil)
}

// compact carries a compaction out.
func (d disk) compact(c *compaction) {
	if _, err := d.CreateSnapshot(c.index, c.members, c.data); err != nil {
		if errors.Is(err, etcd.ErrSnapOutOfDate) { // a leader's came in between
			return
		}
		panic(fmt.Sprintf("raft: the disk: %v", err))
	}
	if c.index <= c.keep {
		return
	}
	if err := d.Compact(c.index - c.keep); err != nil && !errors.Is(err, etcd.ErrCompacted) {
		panic(fmt.Sprintf("raft: the disk: %v", err))
	}
}

// adopt puts a leader's snapshot in place of the log, and tells the referee what that changes. Viewers and clients see
// it once it is durable.
func (r *replica) adopt(snap *pb.Snapshot) {
	before := r.tail.registers
	r.tail = tail{machine: decodeMachine(r.env.Opening, snap.Data), last: snap.GetMetadata().GetIndex()}
	either := maps.Clone(r.tail.registers)
	maps.Copy(either, before)
	for _, key := range slices.Sorted(maps.Keys(either)) {
		if now := r.tail.registers[key].version; now != before[key].version {
			r.env.Holds(key, now)
		}
	}
}

// install applies a leader's snapshot, which is durable.
func (r *replica) install(snap *pb.Snapshot) {
	index := snap.GetMetadata().GetIndex()
	if index <= r.index {
		return
	}
	r.applied = decodeMachine(r.env.Opening, snap.Data)
	r.index, r.snapped = index, index
	r.tookOver()
	r.conf = snap.GetMetadata().GetConfState()
	r.env.Note(sim.NoteCaughtUp, addrIfAny(r.lead), int64(index))
}

func addrIfAny(id uint64) sim.Addr {
	if id == etcd.None {
		return -1
	}
	return addrOf(id)
}

// snapshotsFailed has the Raft send snapshots again of which nothing was heard: until it is told, it sends nothing else.
func (r *replica) snapshotsFailed() {
	for i, sent := range r.snapshots {
		if sent {
			r.node.ReportSnapshot(idOf(sim.Addr(i)), etcd.SnapshotFailure)
		}
	}
	r.snapshots = nil
}

// freshSnapshot has a message carry the state as it is now, as etcd's server does: the stored snapshot may be from a
// time when its receiver was no member, who would not take it.
func (r *replica) freshSnapshot(m *pb.Message) *pb.Message {
	term, err := r.storage.Term(r.index)
	r.check(err)
	return &pb.Message{Type: m.Type, From: m.From, To: m.To, Term: m.Term, Snapshot: &pb.Snapshot{Data: r.applied.encode(),
		Metadata: &pb.SnapshotMetadata{ConfState: r.conf, Index: new(r.index), Term: new(term)}}}
}

// snapshotSent notes that a snapshot is on its way.
func (r *replica) snapshotSent(to sim.Addr) {
	if r.snapshots == nil {
		r.snapshots = make([]bool, r.env.Nodes())
		r.env.SetTimer(timerSnapshot, ReadTimeout)
	}
	r.snapshots[to] = true
}

// encode writes the state of the machine. It is the same for equal states.
func (m *machine) encode() []byte {
	b := binary.AppendUvarint(nil, uint64(len(m.registers)))
	for _, key := range slices.Sorted(maps.Keys(m.registers)) {
		b = appendBytes(b, []byte(key))
		b = m.registers[key].append(b)
	}
	b = binary.AppendUvarint(b, uint64(len(m.seen)))
	ids := slices.SortedFunc(maps.Keys(m.seen), func(x, y identity) int {
		return cmp.Or(cmp.Compare(x.op, y.op), cmp.Compare(x.client, y.client))
	})
	for _, id := range ids {
		a := m.seen[id]
		b = binary.AppendUvarint(b, uint64(id.op))
		b = binary.AppendUvarint(b, uint64(id.client))
		b = a.found.append(b)
		b = append(b, byte(0))
		if a.took {
			b[len(b)-1] = 1
		}
	}
	if m.past != nil {
		b = m.past.append(b)
	}
	return b
}

func (r register) append(b []byte) []byte {
	b = binary.AppendVarint(b, r.value)
	return binary.AppendUvarint(b, uint64(r.version))
}

// decodeMachine reads what encode wrote.
func decodeMachine(opening func(string) int64, data []byte) machine {
	m := newMachine(opening)
	d := decoder(data)
	for range d.uint() {
		key := keyOf(d.bytes(int(d.uint())))
		m.registers[key] = d.register()
	}
	for range d.uint() {
		id := identity{op: sim.OpID(d.uint())}
		id.client = sim.Addr(d.uint())
		a := answer{found: d.register()}
		a.took = d.bytes(1)[0] == 1
		m.seen[id] = a
	}
	if len(d) > 0 {
		m.past = d.past()
	}
	return m
}

// decoder reads a snapshot, which this program has written.
type decoder []byte

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(*d)
	*d = (*d)[n:]
	return v
}

func (d *decoder) bytes(n int) []byte {
	b := (*d)[:n]
	*d = (*d)[n:]
	return b
}

func (d *decoder) register() register {
	v, n := binary.Varint(*d)
	*d = (*d)[n:]
	return register{v, sim.OpID(d.uint())}
}

// snapshotWrites yields the write that set each register of a snapshot.
func snapshotWrites(data []byte, yield func(key string, w sim.OpID)) {
	d := decoder(data)
	for range d.uint() {
		key := keyOf(d.bytes(int(d.uint())))
		yield(key, d.register().version)
	}
}
