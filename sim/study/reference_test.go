package study

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"

	"netsplit/sim"
)

// printed returns tables as reference prints them, and how many of their rows are out of tolerance.
func printed(t *testing.T, size Size) (string, int) {
	t.Helper()
	tables, err := Reference(t.Context(), size, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	out := 0
	for _, table := range tables {
		if err := table.Write(&b); err != nil {
			t.Fatal(err)
		}
		out += table.Out
	}
	return b.String(), out
}

// TestReference is a quick form of netsplit reference; it prints its tables with -v.
func TestReference(t *testing.T) {
	text, out := printed(t, Size{Model: 100_000, World: 1_000})
	t.Log("\n" + text)
	if out > 0 {
		t.Errorf("%d figures are out of tolerance:\n%s", out, text)
	}
}

const goldenReference = "testdata/reference.txt"

// TestGoldenReference: the figures are the same on any number of cores, and on other machines: make soak-arm64.
func TestGoldenReference(t *testing.T) {
	size := Size{Model: 25_000, World: 50, Elections: 50}
	text, _ := printed(t, size)
	cores := runtime.GOMAXPROCS(1)
	alone, _ := printed(t, size)
	runtime.GOMAXPROCS(cores)
	if text != alone {
		t.Errorf("on %d cores\n%s\non one\n%s", cores, text, alone)
	}
	if *update {
		if err := os.WriteFile(goldenReference, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenReference)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("figures changed: if that was meant, -update\ngot\n%s", text)
	}
}

// TestReferenceFindsErrors: figures that are off are out of tolerance.
func TestReferenceFindsErrors(t *testing.T) {
	c := Quorum{1, 1}
	for _, f := range []struct {
		what string
		hold func(*Table, float64)
		good float64
		bad  []float64
	}{
		{"latency", func(t *Table, x float64) { t.latency(c, "read", found{0.66, 0.655, 0.003}, x, 1e6) }, 0.66, []float64{0.64, 0.672}},
		{"latency, more trials", func(t *Table, x float64) { t.latency(c, "read", found{4.1, 4.1, 0.05}, x, 16e6) }, 4.17, []float64{4.2}},
		{"visibility", func(t *Table, x float64) { t.visibility(c, found{45.5, 52.2, 0.78}, x, 1e6) }, 55, []float64{45.5, 56}},
		{"no visibility", func(t *Table, x float64) { t.visibility(c, found{}, x, 1e6) }, 0, []float64{0.001}},
		{"probability", func(t *Table, x float64) { t.probability(c, 0, 0.97357, x, 1e6) }, 0.974, []float64{0.9728, 0.9743}},
		{"certainty", func(t *Table, x float64) { t.probability(Quorum{2, 2}, 0, 1, x, 1e6) }, 1, []float64{0.999999}},
	} {
		var table Table
		if f.hold(&table, f.good); table.Out != 0 {
			t.Errorf("%s: %v is out of tolerance", f.what, f.good)
		}
		for _, bad := range f.bad {
			f.hold(&table, bad)
		}
		if table.Out != len(f.bad) {
			t.Errorf("%s: %d of %v are out of tolerance", f.what, table.Out, f.bad)
		}
	}
}

// TestModel plays trials whose outcome can be seen.
func TestModel(t *testing.T) {
	// The write is at the replicas after 1, 5 and 50; the second replies first to the read, then the third.
	l := legs{w: [3]float64{1, 5, 50}, a: [3]float64{1, 1, 1}, r: [3]float64{9, 2, 2}, s: [3]float64{1, 1, 2}}
	m := l.evaluate()
	if m.commit != [3]float64{2, 6, 51} || m.read != [3]float64{3, 4, 10} || m.missing != [3]float64{3, 3, -8} {
		t.Errorf("%+v", m)
	}
	for c, want := range map[Quorum]float64{{1, 1}: 1, {1, 2}: 0, {2, 1}: 1, {3, 1}: 0} { // order does not matter: each by itself
		if got := m.visible(c); got != want {
			t.Errorf("%+v: visible %v after the commit, want %v", c, got, want)
		}
	}
	visible := []float64{0, 0, 1000, 2500}
	for ms, want := range map[float64]float64{0: 0.5, 0.999: 0.5, 1: 0.75, 2.5: 1} { // order does not matter: each by itself
		if got := consistent(visible, ms); got != want {
			t.Errorf("at %v ms %v are consistent, want %v", ms, got, want)
		}
	}
}

// TestTrialsAgree: the model agrees with every trial of the world, and would not if a delay were another.
func TestTrialsAgree(t *testing.T) {
	stale, off := 0, 0
	for _, profile := range []string{"LNKD-DISK", "YMMR", "WAN"} {
		for _, c := range quorums {
			r, err := runTrials(t.Context(), profile, c, []sim.Time{0, 1, sim.Millisecond}, 300)
			if err != nil {
				t.Fatal(err)
			}
			for k := range r.list {
				w := &r.list[k]
				if d := w.disagreement(c); d != "" {
					t.Fatalf("%s, %+v, trial %d: %s: %+v", profile, c, k, d, w)
				}
				if w.commit != 0 && w.readDone == 0 {
					t.Fatalf("%s, %+v, trial %d: the read has no answer", profile, c, k)
				}
				if w.stale {
					stale++
				}
				for i := range replicas {
					w.legs.a[i]++
					w.legs.s[i]++
				}
				if w.commit != 0 && w.disagreement(c) != "" {
					off++
				}
			}
		}
	}
	if all := 3 * len(quorums) * 900; stale < 500 || off < all*98/100 {
		t.Errorf("of %d trials %d read stale, and in %d the model notices another delay", all, stale, off)
	}
}

// TestReferenceInterrupted: it ends with the context, and not only at the end.
func TestReferenceInterrupted(t *testing.T) {
	for stop := 1; stop <= len(sim.Profiles)+2; stop++ {
		ctx, cancel := context.WithCancel(t.Context())
		said := 0
		_, err := Reference(ctx, Size{Model: 1000, World: 10, Elections: 10}, func(string) {
			if said++; said == stop {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) || said != stop {
			t.Errorf("interrupted at step %d, it went on to %d: %v", stop, said, err)
		}
	}
}
