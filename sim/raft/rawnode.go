package raft

import (
	"fmt"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// etcd's own limits, from its server/etcdserver/raft.go.
const (
	maxMessageSize = 1 << 20 // bytes of entries in one append, unless a single entry is larger
	maxInFlight    = 512     // appends on their way to one follower
)

// idOf names a node to etcd's Raft, where 0 is nobody.
func idOf(a sim.Addr) uint64 { return uint64(a) + 1 }

func addrOf(id uint64) sim.Addr { return sim.Addr(id - 1) }

// disk is what a Raft keeps through a crash: its log and its hard state.
type disk struct {
	*etcd.MemoryStorage
	hard *pb.HardState // of the storage
	more *[]disk       // of the node's other splits
}

// newDisk returns an empty disk.
func newDisk() sim.Disk {
	d := disk{etcd.NewMemoryStorage(), &pb.HardState{}, new([]disk)}
	_ = d.SetHardState(d.hard) // it cannot fail
	return d
}

// Write stores what a message to Raft's append thread asks to be stored, or a snapshot.
func (d disk) Write(rec any) {
	if s, ok := rec.(splitRecord); ok {
		d.of(s.split).Write(s.rec)
		return
	}
	if c, ok := rec.(*compaction); ok {
		d.compact(c)
		return
	}
	m := rec.(*pb.Message)
	if s := m.GetSnapshot(); s != nil {
		if err := d.ApplySnapshot(s); err != nil {
			panic(fmt.Sprintf("raft: the disk: %v", err))
		}
	}
	if err := d.Append(m.Entries); err != nil {
		panic(fmt.Sprintf("raft: the disk: %v", err))
	}
	if m.Term != nil { // it carries a hard state
		d.hard.Term, d.hard.Vote, d.hard.Commit = m.Term, m.Vote, m.Commit
	}
}

// format gives an empty disk the members: all the nodes of the cluster.
func format(env sim.Env, storage *etcd.MemoryStorage) *pb.ConfState {
	members := make([]uint64, env.Nodes())
	for i := range members {
		members[i] = idOf(sim.Addr(i))
	}
	conf := &pb.ConfState{Voters: members}
	if err := storage.ApplySnapshot(&pb.Snapshot{Metadata: &pb.SnapshotMetadata{ConfState: conf}}); err != nil {
		broken(env, "the members: %v", err)
	}
	return conf
}

// newRawNode makes the Raft of one node from what is stored, whose entries up to applied have been applied.
func newRawNode(env sim.Env, set *settings, storage *etcd.MemoryStorage, applied uint64) *etcd.RawNode {
	node, err := etcd.NewRawNode(&etcd.Config{
		ID:                 idOf(env.Self()),
		HeartbeatTick:      1,
		ElectionTick:       set.electionTicks(),
		Storage:            storage,
		Applied:            applied,
		AsyncStorageWrites: true,
		MaxSizePerMsg:      maxMessageSize,
		MaxInflightMsgs:    maxInFlight,
		CheckQuorum:        set.checkQuorum,
		PreVote:            set.preVote,
		StepDownOnRemoval:  true,

		DisableProposalForwarding: set.tt != nil, // a leader gives the timestamps
		ReadOnlyOption:            etcd.ReadOnlySafe,
		Logger:                    logger{env},
	})
	if err != nil {
		broken(env, "the configuration: %v", err)
	}
	return node
}

// broken panics over an invariant that does not hold.
func broken(env sim.Env, format string, args ...any) {
	panic(fmt.Sprintf("raft: node %d at %s: %s", env.Self(), env.Now(), fmt.Sprintf(format, args...)))
}

// logger keeps etcd's Raft quiet, except about invariants that do not hold.
type logger struct{ env sim.Env }

func (logger) Debug(...any)            {}
func (logger) Debugf(string, ...any)   {}
func (logger) Info(...any)             {}
func (logger) Infof(string, ...any)    {}
func (logger) Warning(...any)          {}
func (logger) Warningf(string, ...any) {}
func (logger) Error(...any)            {}
func (logger) Errorf(string, ...any)   {}

func (l logger) Fatal(v ...any)                 { broken(l.env, "%s", fmt.Sprint(v...)) }
func (l logger) Fatalf(format string, v ...any) { broken(l.env, format, v...) }
func (l logger) Panic(v ...any)                 { broken(l.env, "%s", fmt.Sprint(v...)) }
func (l logger) Panicf(format string, v ...any) { broken(l.env, format, v...) }
