package study

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"netsplit/sim"
)

var update = flag.Bool("update", false, "write golden files anew")

const goldenTraces = "testdata/traces.txt"

// galleryFiles returns the scenarios that the page offers.
func galleryFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../server/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no gallery scenarios (%v)", err)
	}
	return files
}

func parseFile(t *testing.T, file string) *sim.Scenario {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse(string(text))
	if err != nil {
		t.Fatalf("%s:%v", file, err)
	}
	return s
}

// TestGallery holds every gallery scenario to its expect lines.
func TestGallery(t *testing.T) {
	for _, file := range galleryFiles(t) {
		s := parseFile(t, file)
		if len(s.Expects) == 0 || s.Title == "" {
			t.Errorf("%s: expected a title and expect lines", file)
		}
		rep, err := Execute(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range rep.Expects {
			if !h.Holds {
				t.Errorf("%s: expect %s: got %s", file, h.Expect, h.Got)
			}
		}
	}
}

// TestGoldenTraces holds the traces of the gallery to those of this engine. A changed trace means that an old link
// may show another outcome: raise sim.Engine, then run with -update.
func TestGoldenTraces(t *testing.T) {
	var b strings.Builder
	for _, file := range galleryFiles(t) {
		rep, err := Execute(parseFile(t, file))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "engine %d %s %s\n", sim.Engine, filepath.Base(file), rep.Trace)
	}
	if *update {
		if err := os.WriteFile(goldenTraces, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenTraces)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("traces changed: raise sim.Engine, then -update\ngot\n%swant\n%s", &b, want)
	}
}

// TestStepSizes runs each scenario in one step, in many random ones, and event by event: the trace, the verdicts
// and the scores must be the same.
func TestStepSizes(t *testing.T) {
	for _, file := range galleryFiles(t) {
		s := parseFile(t, file)
		whole, err := Execute(s)
		if err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(3, 4))
		for name, step := range map[string]func(*Run) sim.Time{
			"random steps":   func(r *Run) sim.Time { return r.Now() + sim.Time(rnd.Int64N(int64(300*sim.Millisecond))) },
			"event by event": func(r *Run) sim.Time { return r.NextEvent() },
		} {
			r, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			for r.Now() < s.End {
				r.AdvanceTo(min(step(r), s.End))
				for _, referee := range r.Referees {
					referee.Verdict() // judging on the way must change nothing
				}
			}
			if got, want := fmt.Sprintf("%+v", asText(t, r.Report())), asText(t, whole); got != want {
				t.Errorf("%s, %s:\ngot  %s\nwant %s", file, name, got, want)
			}
		}
	}
}

// asText prints a report with what its pointers point to.
func asText(t *testing.T, r *Report) string {
	t.Helper()
	var b strings.Builder
	for _, l := range r.Lanes {
		at := 0
		if l.ViolationAt != nil {
			at = *l.ViolationAt
		}
		fmt.Fprintf(&b, "%s %s %d %+v; ", l.Name, l.Linearizable, at, l.Scores)
	}
	return b.String() + r.Trace
}

// TestOtherProcess runs each scenario in another process: the trace must be the same.
func TestOtherProcess(t *testing.T) {
	if file := os.Getenv("NETSPLIT_TRACE_OF"); file != "" {
		rep, err := Execute(parseFile(t, file))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("trace " + rep.Trace)
		return
	}
	for _, file := range galleryFiles(t) {
		rep, err := Execute(parseFile(t, file))
		if err != nil {
			t.Fatal(err)
		}
		child := exec.Command(os.Args[0], "-test.run=^TestOtherProcess$")
		child.Env = append(os.Environ(), "NETSPLIT_TRACE_OF="+file)
		out, err := child.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if !strings.Contains(string(out), "trace "+rep.Trace+"\n") {
			t.Errorf("%s: another process got\n%s want %s", file, out, rep.Trace)
		}
	}
}

// TestLiveIsReplay drives a run by live commands at odd moments, then runs its text: the same trace.
func TestLiveIsReplay(t *testing.T) {
	s := parseFile(t, "../../server/scenarios/europe-away.txt")
	live, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	commands := []sim.Command{
		{Verb: sim.VerbPartition, Groups: [][]string{{"us-east-1"}, {"ap-south-1"}}},
		{Verb: sim.VerbWrite, Region: "eu-west-1", Key: sim.Account, Value: 70},
		{Verb: sim.VerbRead, Region: "us-east-1", Key: sim.Account},
		{Verb: sim.VerbHeal},
	}
	for live.Now() < 12*sim.Second {
		live.AdvanceTo(live.Now() + sim.Time(rnd.Int64N(int64(sim.Second))))
		for range rnd.IntN(3) { // some in the same instant
			cmd := commands[rnd.IntN(len(commands))]
			logged, err := live.Do(cmd)
			if err != nil {
				t.Fatal(err)
			}
			if cmd.Fault() {
				live.TakeOver()
			}
			if rnd.IntN(2) == 0 {
				live.AdvanceTo(logged.At)
			}
		}
	}
	live.AdvanceTo(live.Now() + sim.Second)
	text := live.Scenario()
	again, err := Parse(text.String())
	if err != nil {
		t.Fatal(err)
	}
	replay, err := New(again)
	if err != nil {
		t.Fatal(err)
	}
	replay.AdvanceTo(live.Now())
	if replay.Trace() != live.Trace() {
		t.Errorf("live %s, replayed %s:\n%s", live.Trace(), replay.Trace(), text.String())
	}
}
