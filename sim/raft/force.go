package raft

import (
	"fmt"
	"math"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// forced is the record of what no majority has agreed on: other members from here on, or an empty disk.
type forced struct{ snapshot *pb.Snapshot }

// Force makes some nodes the members without asking anybody: what is on disk here stays, and what another Order that is made
// from the disk then takes up. The nodes that are named must each be told so, and must heed no message of those that were not.
func (o *Order) Force(members []sim.Addr) {
	conf := &pb.ConfState{}
	for _, a := range members {
		conf.Voters = append(conf.Voters, idOf(a))
	}
	term, err := o.r.storage.Term(o.r.index)
	o.r.check(err)
	o.r.env.Persist(&forced{&pb.Snapshot{Data: o.r.state(),
		Metadata: &pb.SnapshotMetadata{ConfState: conf, Index: new(o.r.index), Term: new(term)}}})
}

// Forget empties the disk: another Order that is made from it then knows nothing.
func (o *Order) Forget() { o.r.env.Persist(&forced{}) }

// force carries it out.
func (d *disk) force(f *forced) {
	fail := func(err error) {
		if err != nil {
			panic(fmt.Sprintf("raft: the disk: %v", err))
		}
	}
	storage := etcd.NewMemoryStorage()
	if f.snapshot == nil {
		d.hard = &pb.HardState{}
	} else {
		index := f.snapshot.GetMetadata().GetIndex()
		last, err := d.LastIndex()
		fail(err)
		fail(storage.ApplySnapshot(f.snapshot))
		if last > index {
			entries, err := d.Entries(index+1, last+1, math.MaxUint64)
			fail(err)
			fail(storage.Append(entries))
		}
	}
	fail(storage.SetHardState(d.hard))
	d.MemoryStorage = storage
}
