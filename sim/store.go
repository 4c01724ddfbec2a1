package sim

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Version is one value of a register under last-writer-wins: of two versions the one with the greater stamp
// stays, whichever came last. Equal stamps are decided by the greater node, and those of one node, which only a crash
// that takes its latest stamp with it can give twice, by the greater write.
type Version struct {
	Value int64
	Write OpID // the write that made it; 0 for the opening value
	Stamp Time // of the coordinator's clock
	Node  Addr // the coordinator
}

// Newer reports whether v wins over u.
func (v Version) Newer(u Version) bool {
	if v.Stamp != u.Stamp {
		return v.Stamp > u.Stamp
	}
	return v.Node > u.Node || v.Node == u.Node && v.Write > u.Write
}

// AppendTrace appends bytes that tell the version from any other.
func (v Version) AppendTrace(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(v.Value))
	b = binary.LittleEndian.AppendUint32(b, uint32(v.Write))
	b = binary.LittleEndian.AppendUint64(b, uint64(v.Stamp))
	return binary.LittleEndian.AppendUint32(b, uint32(v.Node))
}

// Store is one replica's registers under last-writer-wins, with the clock that stamps its writes. It is on disk.
type Store struct {
	env       Env
	versions  map[string]Version
	keys      []string     // of versions, sorted
	served    map[OpID]int // attempts at each operation
	lastStamp Time
}

// storeDisk is what a Store keeps through a crash: the versions, and which operations it has served.
type storeDisk struct {
	versions map[string]Version
	served   map[OpID]int
}

// serving is the record of an attempt at an operation.
type serving struct {
	op       OpID
	attempts int
}

// merged is the record of a version taken in; that of an operation served is a serving.
type merged struct {
	key     string
	version Version
}

// NewStoreDisk returns an empty Disk for a Store.
func NewStoreDisk() Disk { return &storeDisk{map[string]Version{}, map[OpID]int{}} }

// Write takes in a record of the Store.
func (d *storeDisk) Write(rec any) {
	switch rec := rec.(type) {
	case *merged:
		d.versions[rec.key] = rec.version
	case serving:
		d.served[rec.op] = rec.attempts
	}
}

// NewStore returns the store of a replica as its disk has it. Every key that is not there has its opening value.
func NewStore(env Env) *Store {
	disk := env.Disk().(*storeDisk)
	s := &Store{env: env, versions: maps.Clone(disk.versions), served: maps.Clone(disk.served)}
	s.keys = slices.Sorted(maps.Keys(s.versions))
	for _, key := range s.keys {
		if v := s.versions[key]; v.Node == env.Self() {
			s.lastStamp = max(s.lastStamp, v.Stamp)
		}
	}
	return s
}

// Serve notes that an operation is to be served here. It is the first time, or the client tries again, or neither: then
// the request came twice and is to be ignored.
func (s *Store) Serve(op Op) (first, again bool) {
	before := s.served[op.ID]
	if before > op.Attempt {
		return false, false
	}
	s.served[op.ID] = op.Attempt + 1
	if op.Kind != Read {
		s.env.Persist(serving{op.ID, op.Attempt + 1})
	}
	return before == 0, before > 0
}

// Held calls yield with the write held of every key.
func (s *Store) Held(yield func(key string, w OpID)) {
	for _, key := range s.keys {
		yield(key, s.versions[key].Write)
	}
}

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

// Merge takes a version in if it wins over the one held, and reports whether it did. It is on its way to the disk.
func (s *Store) Merge(key string, v Version) bool {
	won := s.take(key, v)
	if won {
		s.env.Sync(nil)
	}
	return won
}

func (s *Store) take(key string, v Version) bool {
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
	s.env.Persist(&merged{key, v})
	return true
}

// Accept merges a write that this replica acknowledges: whether or not it wins, it succeeds what was held. Once it, or
// the version that won over it, is durable, durable is called.
func (s *Store) Accept(key string, v Version, durable func()) {
	if before := s.Get(key).Write; before != 0 && before != v.Write {
		s.env.Follows(v.Write, before)
	}
	s.take(key, v)
	s.env.Sync(durable)
}

// Describe returns the view of a key.
func (s *Store) Describe(key string) NodeView {
	v := s.Get(key)
	return NodeView{Value: v.Value, Version: v.Write}
}
