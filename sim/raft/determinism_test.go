package raft

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"netsplit/sim"
)

// traceOf runs a scenario in steps of the given size.
func traceOf(t *testing.T, text string, step sim.Time) string {
	t.Helper()
	w := newWorld(t, text)
	for now := step; now < w.scenario.End; now += step {
		w.lab.AdvanceTo(now)
	}
	w.lab.AdvanceTo(w.scenario.End)
	return w.lab.Trace()
}

func TestOneTextOneTrace(t *testing.T) {
	for seed := range 3 {
		text := storm(seed)
		want := traceOf(t, text, sim.Hour)
		for _, step := range []sim.Time{sim.Hour, sim.Second, 33_333 * sim.Microsecond, 1701 * sim.Microsecond} {
			if got := traceOf(t, text, step); got != want {
				t.Errorf("seed %d in steps of %s: trace %s, want %s", seed, step, got, want)
			}
		}
		if traceOf(t, storm(seed+1), sim.Hour) == want {
			t.Errorf("seeds %d and %d have one trace", seed, seed+1)
		}
	}
}

// childSeed tells a process of this test which scenario's trace to print.
const childSeed = "NETSPLIT_TRACE_SEED"

func TestOneTraceInEveryProcess(t *testing.T) {
	if s := os.Getenv(childSeed); s != "" {
		seed, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = os.Stdout.WriteString("trace " + traceOf(t, storm(seed), sim.Hour) + "\n")
		return
	}
	for seed := range 3 {
		child := exec.Command(os.Args[0], "-test.run=^TestOneTraceInEveryProcess$")
		child.Env = append(os.Environ(), childSeed+"="+strconv.Itoa(seed))
		out, err := child.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if want := "trace " + traceOf(t, storm(seed), sim.Hour); !strings.Contains(string(out), want) {
			t.Errorf("seed %d: another process says %q, want %q", seed, out, want)
		}
	}
}
