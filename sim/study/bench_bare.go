package study

import (
	"container/heap"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"time"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// bare is the floor that BenchRaft stands on: RawNodes, a queue, delays, and nothing else. It has no clients, no
// state machine, no trace and no faults, and its node 1 leads from the start.
type bare struct {
	nodes   []*etcd.RawNode
	stores  []*etcd.MemoryStorage
	queue   bareQueue
	seq     int
	now     sim.Time
	delays  [][]sim.Time
	applied int // entries, over all nodes
	read    int
}

type bareEvent struct {
	at  sim.Time
	seq int
	to  int         // node
	msg *pb.Message // nil: a tick, or a request of the load
	op  int         // -1 for a tick
}

type bareQueue []bareEvent

func (q bareQueue) Len() int { return len(q) }
func (q bareQueue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].seq < q[j].seq
}
func (q bareQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *bareQueue) Push(x any)   { *q = append(*q, x.(bareEvent)) }
func (q *bareQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

func newBare(s *sim.Scenario) (*bare, error) {
	n := len(s.Regions)
	b := &bare{}
	voters := make([]uint64, n)
	for i := range n {
		voters[i] = uint64(i + 1)
		row := make([]sim.Time, n)
		for j := range n {
			row[j] = sim.RoundTrip(sim.FindRegion(s.Regions[i]), sim.FindRegion(s.Regions[j])) / 2
		}
		b.delays = append(b.delays, row)
	}
	for i := range n {
		store := etcd.NewMemoryStorage()
		// A snapshot at index 1 makes the nodes voters without entries that say so.
		one := uint64(1)
		if err := store.ApplySnapshot(&pb.Snapshot{Metadata: &pb.SnapshotMetadata{
			ConfState: &pb.ConfState{Voters: voters}, Index: &one, Term: &one}}); err != nil {
			return nil, err
		}
		node, err := etcd.NewRawNode(&etcd.Config{ID: uint64(i + 1), ElectionTick: 10, HeartbeatTick: 1, Storage: store,
			MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 512, CheckQuorum: true, PreVote: true, Applied: 1,
			AsyncStorageWrites: true, // as the adapter has it
			Logger:             &etcd.DefaultLogger{Logger: log.New(io.Discard, "", 0)}})
		if err != nil {
			return nil, err
		}
		b.nodes, b.stores = append(b.nodes, node), append(b.stores, store)
	}
	return b, nil
}

func (b *bare) push(e bareEvent) {
	b.seq++
	e.seq = b.seq
	heap.Push(&b.queue, e)
}

// pump carries out what a node wants done.
func (b *bare) pump(i int) error {
	for b.nodes[i].HasReady() {
		rd := b.nodes[i].Ready()
		if rd.HardState != nil {
			if err := b.stores[i].SetHardState(rd.HardState); err != nil {
				return err
			}
		}
		b.read += len(rd.ReadStates)
		for _, m := range rd.Messages {
			if err := b.carryOut(i, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// carryOut stores or applies what a node's message to itself says, or sends it.
func (b *bare) carryOut(i int, m *pb.Message) error {
	switch m.GetTo() {
	case etcd.LocalAppendThread:
		if err := b.stores[i].Append(m.Entries); err != nil {
			return err
		}
	case etcd.LocalApplyThread:
		b.applied += len(m.Entries)
	default:
		b.send(i, m)
		return nil
	}
	for _, answer := range m.Responses {
		if int(answer.GetTo()) != i+1 {
			b.send(i, answer)
		} else if err := b.nodes[i].Step(answer); err != nil {
			return err
		}
	}
	return nil
}

func (b *bare) send(i int, m *pb.Message) {
	to := int(m.GetTo()) - 1
	b.push(bareEvent{at: b.now + b.delays[i][to], to: to, msg: m, op: -1})
}

// bareRaft puts the load of a scenario's commands on bare nodes and times it.
func bareRaft(s *sim.Scenario) (Speed, error) {
	b, err := newBare(s)
	if err != nil {
		return Speed{}, err
	}
	begun := time.Now()
	if err := b.nodes[0].Campaign(); err != nil {
		return Speed{}, err
	}
	for i := range b.nodes {
		if err := b.pump(i); err != nil {
			return Speed{}, err
		}
	}
	b.push(bareEvent{at: 100 * sim.Millisecond, op: -1})
	for i, cmd := range s.Commands {
		b.push(bareEvent{at: cmd.At, to: region(s, cmd.Region), op: i})
	}
	events := uint64(0)
	for len(b.queue) > 0 && b.queue[0].at <= s.End {
		e := heap.Pop(&b.queue).(bareEvent)
		b.now = e.at
		events++
		if err := b.step(e, s); err != nil {
			return Speed{}, err
		}
	}
	speed := Speed{Events: events, Virtual: s.End, Wall: time.Since(begun)}
	return speed, checkLoad("bare RawNodes", b.read+b.applied/len(b.nodes), len(s.Commands))
}

func (b *bare) step(e bareEvent, s *sim.Scenario) error {
	node := b.nodes[e.to]
	switch {
	case e.msg != nil:
		if err := node.Step(e.msg); err != nil {
			return fmt.Errorf("bare RawNodes: %w", err)
		}
	case e.op < 0: // the leader alone is ticked
		node.Tick()
		b.push(bareEvent{at: b.now + 100*sim.Millisecond, op: -1})
	case s.Commands[e.op].Verb == sim.VerbRead:
		node.ReadIndex(binary.LittleEndian.AppendUint32(nil, uint32(e.op)))
	default:
		if err := node.Propose(binary.LittleEndian.AppendUint32(nil, uint32(e.op))); err != nil {
			return fmt.Errorf("bare RawNodes: %w", err)
		}
	}
	return b.pump(e.to)
}

func region(s *sim.Scenario, name string) int {
	for i, r := range s.Regions {
		if r == name {
			return i
		}
	}
	return -1
}
