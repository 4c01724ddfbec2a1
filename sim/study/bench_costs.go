package study

import (
	"fmt"
	"runtime"
	"time"

	"netsplit/sim"
	"netsplit/sim/preset"
)

// cost is what a run took, without referees.
type cost struct {
	events, ops   uint64
	wall          time.Duration
	allocs, bytes uint64
}

// spent runs a scenario to its end and adds up what that took.
func spent(s *sim.Scenario, v sim.Vocabulary) (cost, error) {
	lab, err := sim.NewLab(s, v)
	if err != nil {
		return cost{}, err
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begun := time.Now()
	lab.AdvanceTo(s.End)
	c := cost{wall: time.Since(begun)}
	runtime.ReadMemStats(&after)
	c.allocs, c.bytes = after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc
	for _, lane := range lab.Lanes() {
		c.events += lane.Events()
		c.ops += uint64(len(lane.History()))
	}
	return c, nil
}

// perEvent says what an event took.
func (c cost) perEvent() string {
	n := float64(c.events)
	return fmt.Sprintf("%.0f ns, %.2f allocations and %.0f B an event", float64(c.wall.Nanoseconds())/n, float64(c.allocs)/n, float64(c.bytes)/n)
}

// perOp says what an operation took.
func (c cost) perOp() string {
	n := float64(max(c.ops, 1))
	return fmt.Sprintf("%.1f events, %.0f allocations and %.1f kB an operation", float64(c.events)/n, float64(c.allocs)/n, float64(c.bytes)/n/1000)
}

// idler does nothing but what an idler is for: to set its timers anew, or to answer every message with another.
type idler struct {
	env  sim.Env
	talk bool
}

// idleTimers are an idler's.
const idleTimers = 200

type word struct{}

func (word) AppendTrace(b []byte) []byte     { return b }
func (word) Writes(func(string, sim.OpID))   {}
func (i idler) Serve(sim.Op)                 {}
func (i idler) Held(func(string, sim.OpID))  {}
func (i idler) Describe(string) sim.NodeView { return sim.NodeView{} }
func (i idler) Receive(m *sim.Message)       { i.env.Send(m.From, sim.KindGossip, word{}) }
func (i idler) Fire(t sim.TimerID)           { i.set(t) }
func (i idler) set(t sim.TimerID)            { i.env.SetTimer(t, sim.Time(1000+i.env.Rand().IntN(100_000))) }

func (i idler) Start() {
	if !i.talk {
		for t := range sim.TimerID(idleTimers) {
			i.set(t)
		}
		return
	}
	for to := range sim.Addr(i.env.Nodes()) {
		if to != i.env.Self() {
			i.env.Send(to, sim.KindGossip, word{})
		}
	}
}

// benchParts measures the queue, which timers alone keep busy, and the network, by datagrams and by streams.
func benchParts() ([]Figure, error) {
	var figures []Figure
	for _, part := range []struct {
		name      string
		talk      bool
		transport sim.Transport
	}{{"queue: a thousand timers", false, sim.Datagram}, {"network: datagrams between five nodes", true, sim.Datagram},
		{"network: streams between five nodes", true, sim.Stream}} {
		v := sim.Vocabulary{Protocols: []sim.Protocol{{Name: "idle", Transport: part.transport,
			New: func(env sim.Env, _ sim.Config) sim.Replica { return idler{env, part.talk} }}}}
		s, err := sim.Parse("regions us-east-1 us-west-2 eu-west-1 eu-central-1 ap-south-1\nlane idle idle\nend 30s\n", v)
		if err != nil {
			return nil, err
		}
		c, err := spent(s, v)
		if err != nil {
			return nil, err
		}
		figures = append(figures, Figure{part.name, fmt.Sprintf("%.0f", float64(c.events)/c.wall.Seconds()), "events a second; " + c.perEvent()})
	}
	return figures, nil
}

// benchProtocols measures each protocol on three nodes at 60 operations a second.
func benchProtocols() ([]Figure, error) {
	var figures []Figure
	for _, p := range preset.Protocols() {
		s, err := Parse("regions us-east-1 eu-west-1 ap-south-1\nlane l " + p.Name + "\nworkload register rate=20/s poisson\nend 60s\n")
		if err != nil {
			return nil, err
		}
		c, err := spent(s, Vocabulary())
		if err != nil {
			return nil, err
		}
		if err := checkLoad(p.Name, int(c.ops), 3000); err != nil {
			return nil, err
		}
		figures = append(figures, Figure{p.Name + ", 3 nodes, 60 errands/s", fmt.Sprintf("%.0f", float64(c.events)/c.wall.Seconds()),
			"events a second; " + c.perOp()})
	}
	return figures, nil
}

// benchLabCost measures a scenario with all its lanes, without referees.
func benchLabCost(s *sim.Scenario) (Figure, error) {
	long := *s
	long.End = 10 * 60 * sim.Second
	c, err := spent(&long, Vocabulary())
	return Figure{"default lab, three lanes without referees", fmt.Sprintf("%.0f", float64(c.events)/c.wall.Seconds()), "events a second; " + c.perEvent()}, err
}
