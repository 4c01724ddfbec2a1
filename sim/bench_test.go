package sim

import "testing"

// BenchmarkQueue pushes and pops events over a heap of a thousand.
func BenchmarkQueue(b *testing.B) {
	b.ReportAllocs()
	var q queue
	u := uint64(1)
	for range 1000 {
		u = mix(u, 1)
		q.push(event{at: Time(u % 1_000_000)})
	}
	for b.Loop() {
		e := q.pop()
		u = mix(u, 1)
		q.push(event{at: e.at + Time(u%1_000_000)})
	}
}

// echo answers every message with another, so that the network has something to carry and nothing else to do.
type echo struct{ env Env }

type empty struct{}

func (empty) AppendTrace(b []byte) []byte     { return b }
func (empty) Writes(func(key string, w OpID)) {}

func (e echo) Start() {
	for to := range Addr(e.env.Nodes()) {
		if to != e.env.Self() {
			e.env.Send(to, KindGossip, empty{})
		}
	}
}
func (e echo) Receive(m *Message)       { e.env.Send(m.From, KindGossip, empty{}) }
func (e echo) Fire(TimerID)             {}
func (e echo) Serve(Op)                 {}
func (e echo) Describe(string) NodeView { return NodeView{} }

func (e echo) Held(func(string, OpID)) {}

// BenchmarkNetwork carries messages between five nodes: draw, trace, flight, arrival.
func BenchmarkNetwork(b *testing.B) {
	b.ReportAllocs()
	v := Vocabulary{Protocols: []Protocol{{Name: "echo", New: func(env Env, _ Config) Replica { return echo{env} }}}}
	s, err := Parse("regions us-east-1 us-west-2 eu-west-1 eu-central-1 ap-south-1\nlane e echo\n", v)
	if err != nil {
		b.Fatal(err)
	}
	lab, err := NewLab(s, v)
	if err != nil {
		b.Fatal(err)
	}
	var events uint64
	for b.Loop() {
		lab.lanes[0].advanceTo(lab.lanes[0].now + 10*Millisecond)
	}
	events = lab.lanes[0].Events()
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}
