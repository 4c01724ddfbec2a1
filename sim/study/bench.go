package study

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"netsplit/sim"
)

// Speed is how fast something was simulated.
type Speed struct {
	Events  uint64        // processed
	Virtual sim.Time      // simulated
	Wall    time.Duration // that it took, on one core
}

// EventsPerSecond returns events per second of wall time.
func (s Speed) EventsPerSecond() float64 { return float64(s.Events) / s.Wall.Seconds() }

// RealTimes returns virtual seconds per second of wall time.
func (s Speed) RealTimes() float64 { return s.Virtual.Milliseconds() / 1000 / s.Wall.Seconds() }

// measure runs a scenario once, with or without its referees, and times it.
func measure(s *sim.Scenario, refereed bool) (Speed, error) {
	lab, err := sim.NewLab(s, Vocabulary())
	if err != nil {
		return Speed{}, err
	}
	run := &Run{Lab: lab}
	if refereed {
		if run, err = New(s); err != nil {
			return Speed{}, err
		}
	}
	begun := time.Now()
	run.AdvanceTo(s.End)
	if refereed {
		run.Report()
	}
	speed := Speed{Virtual: s.End, Wall: time.Since(begun)}
	for _, c := range run.Lanes() {
		speed.Events += c.Events()
	}
	return speed, nil
}

// best repeats a measurement and keeps the fastest, which other work on the machine has slowed least.
func best(times int, once func() (Speed, error)) (Speed, error) {
	var fastest Speed
	for range times {
		s, err := once()
		if err != nil {
			return s, err
		}
		if fastest.Wall == 0 || s.Wall < fastest.Wall {
			fastest = s
		}
	}
	return fastest, nil
}

// BenchLab measures a scenario with its referees, for at least a minute of virtual time.
func BenchLab(s *sim.Scenario) (Speed, error) {
	long := *s
	long.End = max(s.End, 60*sim.Second)
	return best(5, func() (Speed, error) { return measure(&long, true) })
}

// benchOps is the load of BenchRaft: operations a second in all, alternately reads and writes, at each node in turn.
const (
	benchOps     = 100
	benchSeconds = 19
)

// benchRegions are the regions of BenchRaft, the first of which leads.
var benchRegions = []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1"}

// BenchRaft measures 5 Raft nodes at 100 operations a second, without referees, and beside it the floor: the same
// load on bare RawNodes under the same delays.
func BenchRaft() (lab, bare Speed, err error) {
	text := "regions"
	for _, r := range benchRegions {
		text += " " + r
	}
	s, err := Parse(text + "\nlane strong raft leader=" + benchRegions[0] + "\nend 21s\n")
	if err != nil {
		return lab, bare, err
	}
	for i := range benchOps * benchSeconds {
		s.Commands = append(s.Commands, benchCommand(i))
	}
	lab, err = best(5, func() (Speed, error) { return measure(s, false) })
	if err != nil {
		return lab, bare, err
	}
	bare, err = best(5, func() (Speed, error) { return bareRaft(s) })
	return lab, bare, err
}

func benchCommand(i int) sim.Command {
	cmd := sim.Command{At: sim.Second + sim.Time(i)*sim.Second/benchOps, Verb: sim.VerbRead,
		Region: benchRegions[i/2%len(benchRegions)], Key: sim.Account}
	if i%2 == 1 {
		cmd.Verb, cmd.Value = sim.VerbWrite, int64(i)
	}
	return cmd
}

// checkLoad makes sure that a benchmark measured work that was done.
func checkLoad(what string, done, want int) error {
	if done < want {
		return fmt.Errorf("%s: only %d of %d operations were carried out", what, done, want)
	}
	return nil
}

// memory returns the bytes of heap that a scenario's Lab and its referees take after an hour of virtual time.
func memory(s *sim.Scenario) (int64, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	run, err := New(s)
	if err != nil {
		return 0, err
	}
	for run.Now() < sim.Hour {
		run.AdvanceTo(run.Now() + sim.Second)
		for _, r := range run.Referees {
			r.Verdict()
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(run)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc), nil
}

// Figure is one line of a benchmark: what was measured, and the floor or bound that it is held against.
type Figure struct{ Name, Value, Against string }

// Bench measures the simulator: Raft beside its floor, and a scenario with referees beside real time.
func Bench(s *sim.Scenario) ([]Figure, error) {
	lab, bare, err := BenchRaft()
	if err != nil {
		return nil, err
	}
	whole, err := BenchLab(s)
	if err != nil {
		return nil, err
	}
	heap, err := memory(s)
	if err != nil {
		return nil, err
	}
	parts, err := benchParts()
	if err != nil {
		return nil, err
	}
	protocols, err := benchProtocols()
	if err != nil {
		return nil, err
	}
	alone, err := benchLabCost(s)
	if err != nil {
		return nil, err
	}
	judging, err := benchJudge()
	if err != nil {
		return nil, err
	}
	refereeing, err := benchReferee()
	if err != nil {
		return nil, err
	}
	ratio := bare.EventsPerSecond() / lab.EventsPerSecond()
	figures := slices.Concat(append(parts, alone), protocols, judging, refereeing)
	return append(figures, []Figure{
		{"5 Raft nodes, 100 operations/s: events a second", fmt.Sprintf("%.0f", lab.EventsPerSecond()),
			fmt.Sprintf("bare RawNodes under the same delays: %.0f; ratio %.2f, aim 1.25", bare.EventsPerSecond(), ratio)},
		{"5 Raft nodes, 100 operations/s: virtual seconds a second", fmt.Sprintf("%.0f", lab.RealTimes()),
			fmt.Sprintf("bare RawNodes: %.0f; ratio %.2f", bare.RealTimes(), bare.RealTimes()/lab.RealTimes())},
		{"default lab, three lanes with referees", fmt.Sprintf("%.0f x", whole.RealTimes()), "real time; at least 700"},
		{"default lab after a virtual hour: memory", fmt.Sprintf("%.1f MiB", float64(heap)/(1<<20)), "at most 64 MiB"},
	}...), nil
}
