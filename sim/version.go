package sim

import "encoding/binary"

// Version is one value of a key, as one write made it.
type Version struct {
	Value   int64
	Write   OpID // the write that made it; 0 for the opening value
	Stamp   Time // of the coordinator's clock, or of the client's; -1 for the opening value
	Tick    uint32
	Node    Addr // the coordinator
	Deleted bool // a tombstone: the key has no value

	dot dot // where more than one value of a key may stand
}

// Newer reports whether v wins over u under last-writer-wins: the one with the greater stamp, of equal stamps the
// greater tick (of a hybrid logical clock), then a tombstone over a value, then the greater value: Cassandra's rule
// (Cells.java). It leaves equal values apart that two writes made; here the greater coordinator decides, then the
// greater write, so that any two replicas decide alike and the referee can tell which write a value came from.
func (v Version) Newer(u Version) bool {
	switch {
	case v.Stamp != u.Stamp:
		return v.Stamp > u.Stamp
	case v.Tick != u.Tick:
		return v.Tick > u.Tick
	case v.Deleted != u.Deleted:
		return v.Deleted
	case v.Value != u.Value:
		return v.Value > u.Value
	case v.Node != u.Node:
		return v.Node > u.Node
	}
	return v.Write > u.Write
}

// AppendTrace appends bytes that tell the version from any other.
func (v Version) AppendTrace(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(v.Value))
	b = binary.LittleEndian.AppendUint32(b, uint32(v.Write))
	b = binary.LittleEndian.AppendUint64(b, uint64(v.Stamp))
	b = binary.LittleEndian.AppendUint32(b, v.Tick)
	b = binary.LittleEndian.AppendUint32(b, uint32(v.Node))
	if v.Deleted {
		b = append(b, 'x')
	}
	if v.dot.count > 0 {
		b = v.dot.appendTrace(b)
	}
	return b
}

// Actor is a node between two crashes: what a node counts it counts anew after a crash, as another actor, for it may
// have told others of counts that its own disk does not have (Riak's per-vnode epochs).
type Actor struct {
	Node  Addr
	Epoch uint64 // drawn anew each time
}

func (a Actor) compare(b Actor) int {
	if a.Node != b.Node {
		return int(a.Node) - int(b.Node)
	}
	switch {
	case a.Epoch < b.Epoch:
		return -1
	case a.Epoch > b.Epoch:
		return 1
	}
	return 0
}

// dot names one event: the count-th of an actor, from 1 (Preguiça et al., Dotted Version Vectors, 2010).
type dot struct {
	actor Actor
	count uint64
}

func (d dot) compare(e dot) int {
	if c := d.actor.compare(e.actor); c != 0 {
		return c
	}
	switch {
	case d.count < e.count:
		return -1
	case d.count > e.count:
		return 1
	}
	return 0
}

func (d dot) hash(h uint64) uint64 {
	return mix(mix(mix(h, uint64(uint32(d.actor.Node))), d.actor.Epoch), d.count)
}

func (d dot) appendTrace(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(d.actor.Node))
	b = binary.LittleEndian.AppendUint64(b, d.actor.Epoch)
	return binary.LittleEndian.AppendUint64(b, d.count)
}
