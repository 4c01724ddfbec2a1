package study

import (
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// TestBenchRaft sees both sides of the benchmark do their work.
func TestBenchRaft(t *testing.T) {
	lab, bare, err := BenchRaft()
	if err != nil {
		t.Fatal(err)
	}
	if lab.Events < 10_000 || bare.Events < 10_000 || lab.Virtual != bare.Virtual {
		t.Fatalf("lab %+v, bare %+v", lab, bare)
	}
	t.Logf("lab %.0f events/s, bare %.0f events/s", lab.EventsPerSecond(), bare.EventsPerSecond())
}

func BenchmarkDefaultLab(b *testing.B) {
	s, err := Parse("regions us-east-1 eu-west-1 ap-south-1\nlane s raft leader=eu-west-1\nlane q quorum\nlane e gossip\n" +
		"workload bank rate=1/s staggered\nend 60s\n")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := measure(s, true); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(s.End.Milliseconds()/1000*float64(b.N)/b.Elapsed().Seconds(), "virtual-s/s")
}

func BenchmarkRaft(b *testing.B) {
	var lab, bare Speed
	for b.Loop() {
		var err error
		if lab, bare, err = BenchRaft(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(lab.EventsPerSecond(), "events/s")
	b.ReportMetric(bare.EventsPerSecond(), "bare-events/s")
}

// BenchmarkJudge judges as many operations of one key as a lane may have, after each completion.
func BenchmarkJudge(b *testing.B) {
	h := newJudged(sim.MaxOps)
	for b.Loop() {
		if _, _, answer := h.judge(); answer != check.Yes {
			b.Fatal(answer)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/sim.MaxOps, "ns/operation")
}

// TestBenchCosts sees every part that is measured do its work.
func TestBenchCosts(t *testing.T) {
	for _, measure := range []func() ([]Figure, error){benchParts, benchProtocols, benchJudge} {
		figures, err := measure()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range figures {
			t.Logf("%-45s %10s  %s", f.Name, f.Value, f.Against)
		}
		if len(figures) < 2 {
			t.Errorf("only %d figures", len(figures))
		}
	}
}
