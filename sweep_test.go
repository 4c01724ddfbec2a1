package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"netsplit/sim/study"
)

const swept = "title A | B\nseed 3\nregions us-east-1 eu-west-1 ap-south-1\nlane strong raft\nlane quorum quorum\nlane eventual gossip\n" +
	"workload bank rate=1/s poisson\nat 1s partition eu-west-1\nat 2s heal\nend 4s\n"

// TestSweep: every format has a row for each lane of each configuration, on standard output or in a file.
func TestSweep(t *testing.T) {
	file := write(t, "swept.txt", swept)
	args := []string{"sweep", file, "--seeds", "4", "--set", "quorum.r=1,2", "--set=quorum.w=1,2"}
	code, out, stderr := execute(t.Context(), args...)
	if code != exitOK || stderr != "" || strings.Count(out, "quorum.r=2 quorum.w=1") < 3 || !strings.Contains(out, "first seed") || !strings.Contains(out, "4 configurations under 4 seeds, from 3 on, to 4s") {
		t.Errorf("exit %d: %s%s", code, out, stderr)
	}
	_, text, _ := execute(t.Context(), append(args, "--format=csv")...)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 13 || rows[0][1] != "quorum.r" || rows[1][3] != "strong" || len(rows[0]) < 100 {
		t.Errorf("%v: %d rows of %q", err, len(rows), rows[0])
	}
	_, text, _ = execute(t.Context(), append(args, "--format=json", "--workers", "1")...)
	var sweep study.Sweep
	if err := json.Unmarshal([]byte(text), &sweep); err != nil || sweep.Done != 16 || len(sweep.Configurations) != 4 || len(sweep.Configurations[3].Lanes[2].Broken) != len(study.Promises()) {
		t.Errorf("%v: %+v", err, sweep)
	}
	name := filepath.Join(t.TempDir(), "table.md")
	code, out, _ = execute(t.Context(), "sweep", file, "--seeds=2", "--for", "2s", "--out", name)
	kept, err := os.ReadFile(name)
	if err != nil || code != exitOK || out != "" || !strings.Contains(string(kept), "| as written | eventual | 2 |") || !strings.Contains(string(kept), "from 3 on, to 2s") {
		t.Errorf("exit %d, %q, %v: %s", code, out, err, kept)
	}
}

// TestSweepFinds: --find prints a text that run says holds, and --turning a curve.
func TestSweepFinds(t *testing.T) {
	file := write(t, "swept.txt", swept)
	code, out, stderr := execute(t.Context(), "sweep", file, "--find", "eventual:lost-write", "--seeds=50")
	if code != exitOK || !strings.Contains(stderr, "breaks eventual:lost-write") {
		t.Fatalf("exit %d: %s%s", code, out, stderr)
	}
	if code, out, _ := execute(t.Context(), "run", write(t, "found.txt", out)); code != exitOK || !strings.Contains(out, "expect eventual lost-writes > 0: holds") {
		t.Errorf("exit %d: %s", code, out)
	}
	code, out, stderr = execute(t.Context(), "sweep", file, "--find", "strong:lost-write", "--seeds=3")
	if code != exitFailed || out != "" || !strings.Contains(stderr, "strong:lost-write is kept under all 3 seeds") {
		t.Errorf("exit %d: %s%s", code, out, stderr)
	}
	code, out, stderr = execute(t.Context(), "sweep", file, "--turning", "eventual:linearizable", "--seeds=5")
	if code != exitOK || !strings.Contains(out, "This run breaks linearizable in lane eventual.") || !strings.Contains(out, "at least 95 %") {
		t.Errorf("exit %d: %s%s", code, out, stderr)
	}
}

// TestSweepRefuses: what is wrong is said in one line, with exit code 2.
func TestSweepRefuses(t *testing.T) {
	file := write(t, "swept.txt", swept)
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "expected one scenario file"},
		{[]string{file, file}, "expected one scenario file"},
		{[]string{"nowhere.txt"}, "nowhere.txt: no such file"},
		{[]string{file, "--seeds=0"}, "seeds 0: expected 1 to 100000"},
		{[]string{file, "--format=cvs"}, `unknown format "cvs"; expected one of table, csv, json, markdown; did you mean csv?`},
		{[]string{file, "--set", "quorum.rr=1"}, `unknown knob "rr" of lane quorum; quorum has `},
		{[]string{file, "--set", "quorums.r=1"}, `unknown lane "quorums"; expected one of strong, quorum, eventual; did you mean quorum?`},
		{[]string{file, "--set", "quorum.r=9"}, `quorum.r: set: lane quorum: r=9 is more than n=3`},
		{[]string{file, "--find", "eventual:lost"}, `unknown promise "lost"; expected one of linearizable`},
		{[]string{file, "--turning", "lost-write"}, "lost-write in which lane? expected LANE:lost-write"},
		{[]string{file, "--find", "eventual:damage", "--set", "quorum.r=1"}, "only one of --set, --find, --turning and --matrix"},
		{[]string{file, "--for", "soon"}, `for: expected a time such as`},
		{[]string{file, "--out", filepath.Join(t.TempDir(), "no", "where.csv")}, "no such file"},
		{[]string{file, "--workers=-1"}, "workers -1: expected at least 1"},
		{[]string{write(t, "bad.txt", "regions us-east-1\nlane a gosip\n")}, "bad.txt:2:8: expected a protocol"},
	} {
		code, out, stderr := execute(t.Context(), append([]string{"sweep"}, c.args...)...)
		if code != exitUsage || out != "" || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %q%q; want %q", c.args, code, out, stderr, c.want)
		}
	}
}

// TestSweepInterrupted: what is done by then is printed, and that it is not all.
func TestSweepInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	code, out, stderr := execute(ctx, "sweep", write(t, "swept.txt", swept), "--seeds=100000")
	if code != exitFailed || !strings.Contains(stderr, "of 100000 runs are in the figures") || out != "" && !strings.Contains(out, "Interrupted: ") {
		t.Errorf("exit %d: %s%s", code, out, stderr)
	}
}

// TestParts: what is done is printed at once, an interrupt says how far it came, and a terminal is shown the time left.
func TestParts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	one := func(name string, do func()) part {
		return part{name, 1, func(context.Context) (func(io.Writer) error, error) {
			do()
			return func(w io.Writer) error { _, err := io.WriteString(w, name+"\n"); return err }, nil
		}}
	}
	var out, errs bytes.Buffer
	code := inParts(ctx, "bench", []part{one("a", func() {}), one("b", cancel), one("c", func() {})}, &out, &errs)
	if code != exitFailed || out.String() != "a\n" || errs.String() != "netsplit: bench: interrupted: 1 of 3 parts are done\n" {
		t.Errorf("exit %d: %q, %q", code, out.String(), errs.String())
	}
}

// TestProgress: one line, written anew, and taken away; nothing where nobody looks.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b, "sweep")
	p.runs(1, 4)
	if p.clear(); b.Len() > 0 {
		t.Errorf("%q", b.String())
	}
	p.live, p.begun = true, time.Now().Add(-30*time.Second)
	p.runs(1, 4)
	p.runs(2, 4) // too soon
	p.clear()
	if got := b.String(); got != "\r\x1b[Knetsplit: sweep: 1 of 4 runs, 90 s left\r\x1b[K" {
		t.Errorf("%q", got)
	}
	for d, want := range map[time.Duration]string{0: "1 s", 99 * time.Second: "99 s", 200 * time.Second: "3 min"} {
		if got := inWords(d); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
}

// TestMatrix: --matrix has a row for each lane and each configuration of a database in every format, and writes the runs
// behind its cells, which run as they stand.
func TestMatrix(t *testing.T) {
	file, dir := write(t, "swept.txt", swept), t.TempDir()
	code, out, stderr := execute(t.Context(), "sweep", "--matrix", file, "--seeds", "3", "--hurts", "stale>100ms,lost-writes", "--runs", dir)
	if code != exitOK || stderr != "" || !strings.Contains(out, "stale>0.1s (% of reads)") || !strings.Contains(out, "lane eventual (gossip)") || !strings.Contains(out, "PostgreSQL, asynchronous") {
		t.Errorf("exit %d: %s%s", code, out, stderr)
	}
	if code, out, stderr := execute(t.Context(), "run", filepath.Join(dir, "eventual-stale.txt")); code != exitOK || !strings.Contains(out, "eventual") {
		t.Errorf("exit %d: %s%s", code, out, stderr)
	}
	_, text, _ := execute(t.Context(), "sweep", "--matrix", file, "--seeds=2", "--format=json")
	var m study.Matrix
	if err := json.Unmarshal([]byte(text), &m); err != nil || m.Done != m.Runs || len(m.Hurts) != 4 || len(m.Rows) < 4 {
		t.Errorf("%v: %+v", err, m)
	}
	_, text, _ = execute(t.Context(), "sweep", "--matrix", file, "--seeds=2", "--format=csv")
	if rows, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || len(rows) != len(m.Rows)+1 {
		t.Errorf("%v: %d rows", err, len(rows))
	}
	for want, args := range map[string][]string{
		"expected only one of":              {"--matrix", "--find", "eventual:lost-write"},
		"go with --matrix":                  {"--hurts", "damage"},
		"hurts: unknown hurt \"lost-monies": {"--matrix", "--hurts", "lost-monies"},
	} {
		if code, _, stderr := execute(t.Context(), append([]string{"sweep", file}, args...)...); code != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit %d, %s", args, code, stderr)
		}
	}
}
