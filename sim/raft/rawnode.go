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

// newRawNode makes the Raft of one node, whose log is empty and whose members are all the nodes of the cluster.
func newRawNode(env sim.Env) (*etcd.RawNode, *etcd.MemoryStorage) {
	members := make([]uint64, env.Nodes())
	for i := range members {
		members[i] = idOf(sim.Addr(i))
	}
	storage := etcd.NewMemoryStorage()
	err := storage.ApplySnapshot(&pb.Snapshot{
		Metadata: &pb.SnapshotMetadata{ConfState: &pb.ConfState{Voters: members}},
	})
	if err != nil {
		broken(env, "the members: %v", err)
	}
	node, err := etcd.NewRawNode(&etcd.Config{
		ID:              idOf(env.Self()),
		HeartbeatTick:   1,
		ElectionTick:    int(ElectionTimeout / HeartbeatInterval),
		Storage:         storage,
		MaxSizePerMsg:   maxMessageSize,
		MaxInflightMsgs: maxInFlight,
		CheckQuorum:     true,
		PreVote:         true,
		ReadOnlyOption:  etcd.ReadOnlySafe,
		Logger:          logger{env},
	})
	if err != nil {
		broken(env, "the configuration: %v", err)
	}
	return node, storage
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
