package raft

import (
	"container/heap"
	"testing"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// five is a healthy cluster of five, each of whose clients comes once a second.
const five = `regions us-east-1 us-west-2 eu-west-1 eu-central-1 ap-southeast-1
lane strong raft
workload bank rate=1/s staggered
`

const benchTime = 20 * sim.Second

// counter counts the messages between nodes that arrive.
type counter struct {
	sim.NopObserver
	arrived int
}

func (c *counter) Arrived(m *sim.Message) {
	if _, ok := m.Payload.(payload); ok {
		c.arrived++
	}
}

// BenchmarkSimulated measures messages between nodes per second of wall time.
func BenchmarkSimulated(b *testing.B) {
	b.ReportAllocs()
	var c counter
	for b.Loop() {
		w := newWorld(b, five)
		w.cluster.Observe(&c)
		w.lab.AdvanceTo(benchTime)
	}
	b.ReportMetric(float64(c.arrived)/b.Elapsed().Seconds(), "messages/s")
}

// flight is a message of the bare loop below.
type flight struct {
	at  sim.Time
	seq int
	to  int // the node that ticks, or whose client asks, where msg is nil
	ask bool
	msg *pb.Message
}

type flights []flight

func (f flights) Len() int { return len(f) }
func (f flights) Less(i, j int) bool {
	return f[i].at < f[j].at || f[i].at == f[j].at && f[i].seq < f[j].seq
}
func (f flights) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *flights) Push(x any)   { *f = append(*f, x.(flight)) }
func (f *flights) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

// bare is a loop over five RawNodes and nothing else: no state machine, trace, clients, luck or referee.
type bare struct {
	nodes   []*etcd.RawNode
	stores  []*etcd.MemoryStorage
	queue   flights
	seq     int
	now     sim.Time
	arrived int
	data    []byte
}

func (l *bare) push(f flight) {
	l.seq++
	f.seq = l.seq
	heap.Push(&l.queue, f)
}

func (l *bare) pump(i int) {
	for n := l.nodes[i]; n.HasReady(); {
		rd := n.Ready()
		_ = l.stores[i].Append(rd.Entries)
		for _, m := range rd.Messages {
			l.push(flight{at: l.now + 50*sim.Millisecond + sim.Time(m.GetTo()), to: int(addrOf(m.GetTo())), msg: m})
		}
		n.Advance(rd)
	}
}

// run has the first node lead, and each node's client read every second, and write every other.
func (l *bare) run(until sim.Time) {
	_ = l.nodes[0].Campaign()
	l.pump(0)
	l.push(flight{at: HeartbeatInterval})
	for i := range l.nodes {
		l.push(flight{at: sim.WorkloadStart + sim.Time(i)*sim.Second/5, to: i, ask: true})
	}
	for len(l.queue) > 0 && l.queue[0].at <= until {
		f := heap.Pop(&l.queue).(flight)
		l.now = f.at
		switch {
		case f.msg != nil:
			l.arrived++
			_ = l.nodes[f.to].Step(f.msg)
		case f.ask:
			l.nodes[f.to].ReadIndex(l.data[:4])
			if l.seq%2 == 0 {
				_ = l.nodes[f.to].Propose(l.data)
			}
			l.push(flight{at: l.now + sim.Second, to: f.to, ask: true})
		default:
			l.nodes[0].Tick()
			l.push(flight{at: l.now + HeartbeatInterval})
		}
		l.pump(f.to)
	}
}

// BenchmarkBare measures nearly the same load without the simulated world: what Raft itself costs.
func BenchmarkBare(b *testing.B) {
	b.ReportAllocs()
	arrived := 0
	replicas := newWorld(b, five).replicas // for their Env
	for b.Loop() {
		l := bare{data: make([]byte, opHeader+len(sim.Account))}
		for _, r := range replicas {
			node, store := newRawNode(r.env)
			l.nodes, l.stores = append(l.nodes, node), append(l.stores, store)
		}
		l.run(benchTime)
		arrived += l.arrived
	}
	b.ReportMetric(float64(arrived)/b.Elapsed().Seconds(), "messages/s")
}
