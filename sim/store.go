package sim

import (
	"encoding/binary"
	"slices"
)

// Version is one value of a register under last-writer-wins: of two versions the one with the greater stamp
// stays, whichever came last. Equal stamps are decided by the greater node, which no two writes of one stamp share.
type Version struct {
	Value int64
	Write OpID // the write that made it; 0 for the opening value
	Stamp Time // of the coordinator's clock
	Node  Addr // the coordinator
}

// Newer reports whether v wins over u.
func (v Version) Newer(u Version) bool {
	return v.Stamp > u.Stamp || v.Stamp == u.Stamp && v.Node > u.Node
}

// AppendTrace appends bytes that tell the version from any other.
func (v Version) AppendTrace(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(v.Value))
	b = binary.LittleEndian.AppendUint32(b, uint32(v.Write))
	b = binary.LittleEndian.AppendUint64(b, uint64(v.Stamp))
	return binary.LittleEndian.AppendUint32(b, uint32(v.Node))
}

// Store is one replica's registers under last-writer-wins, with the clock that stamps its writes.
type Store struct {
	env       Env
	versions  map[string]Version
	keys      []string // of versions, sorted
	lastStamp Time
}

// NewStore returns the store of a replica, in which every key has its opening value.
func NewStore(env Env) *Store { return &Store{env: env, versions: map[string]Version{}} }

// Get returns the version held of a key.
func (s *Store) Get(key string) Version {
	if v, ok := s.versions[key]; ok {
		return v
	}
	return Version{Value: s.env.Opening(key), Stamp: -1, Node: -1}
}

// Keys returns the keys that have been written here, sorted; treat it as read-only.
func (s *Store) Keys() []string { return s.keys }

// Stamp makes the version that a write gets here: the node's clock, but later than any stamp it gave before.
func (s *Store) Stamp(op Op) Version {
	s.lastStamp = max(s.env.Now(), s.lastStamp+1)
	return Version{Value: op.Value, Write: op.ID, Stamp: s.lastStamp, Node: s.env.Self()}
}

// Merge takes a version in if it wins over the one held, and reports whether it did.
func (s *Store) Merge(key string, v Version) bool {
	held, known := s.versions[key]
	if known && !v.Newer(held) || v.Stamp < 0 {
		return false
	}
	if !known {
		i, _ := slices.BinarySearch(s.keys, key)
		s.keys = slices.Insert(s.keys, i, key)
	}
	s.versions[key] = v
	s.env.Holds(key, v.Write)
	return true
}

// Accept merges a write that this replica acknowledges: whether or not it wins, it succeeds what was held.
func (s *Store) Accept(key string, v Version) {
	if before := s.Get(key).Write; before != 0 && before != v.Write {
		s.env.Follows(v.Write, before)
	}
	s.Merge(key, v)
}

// Describe returns the view of a key.
func (s *Store) Describe(key string) NodeView {
	v := s.Get(key)
	return NodeView{Value: v.Value, Version: v.Write}
}
