package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"netsplit/sim"
)

// execute runs a command line and returns its exit code and what it printed.
func execute(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = command(ctx, args, &out, &errs)
	return code, out.String(), errs.String()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestUsage: what is wrong with a command line is said in one line, with exit code 2.
func TestUsage(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	folder := t.TempDir()
	bad := write(t, "bad.txt", "regions us-east-1\nlane a gossip\nat 2s partition eu2\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--addr", taken.Addr().String()}, "address already in use"},
		{[]string{"serve", "--addr", "nonsense"}, `"nonsense"`},
		{[]string{"--port", "80"}, "-port"},
		{[]string{"serve", "--addr", ""}, `addr "": expected HOST:PORT`},
		{[]string{"--addr", "localhost:"}, `addr "localhost:": expected HOST:PORT`},
		{[]string{"--embed-origins", "docs.example"}, `embed-origins "docs.example": expected an origin such as https://docs.example`},
		{[]string{"--host", "demo.example:80"}, `host "demo.example:80": expected a name`},
		{[]string{"serve", "here"}, `unexpected argument "here"`},
		{[]string{"run"}, "expected a scenario file"},
		{[]string{"run", "nowhere.txt"}, "nowhere.txt: no such file"},
		{[]string{"run", bad}, bad + ":3:17: partition: unknown region \"eu2\"; expected one of us-east-1"},
		{[]string{"run", folder}, folder + ": is a directory\n"},
		{[]string{"run", write(t, "empty.txt", "")}, "empty.txt:1:1: expected a line such as: regions"},
		{[]string{"run", write(t, "lane.txt", "lane a gossip\n")}, "lane.txt:2:1: expected a line such as: regions"},
		{[]string{"run", write(t, "large.txt", strings.Repeat("# more\n", 500_000))}, "large.txt:1:1: the text is over 65536 bytes\n"},
		{[]string{"check"}, "expected a file with a history"},
		{[]string{"check", "nowhere.edn"}, "nowhere.edn: no such file"},
		{[]string{"check", "--model", "queue", "nowhere.edn"}, `unknown model "queue"; expected one of register kv counter set list`},
		{[]string{"check", "nowhere.edn", "--steps=0"}, "steps 0: expected at least 1"},
		{[]string{"check", write(t, "bad.edn", "{:process 0, :type :invoke, :f :read}\n{:process 0, :type :okay, :f :read}")}, "bad.edn:2: unknown :type :okay; expected"},
		{[]string{"check", folder}, folder + ": is a directory\n"},
		{[]string{"reference", "all"}, `unexpected argument "all"`},
		{[]string{"bench", "fast"}, `unexpected argument "fast"`},
	} {
		code, _, stderr := execute(t.Context(), c.args...)
		if code != exitUsage || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %q; want %q", c.args, code, stderr, c.want)
		}
	}
	if code, _, stderr := execute(t.Context(), "dance"); code != exitUsage || !strings.Contains(stderr, `"dance"`) {
		t.Errorf("unknown subcommand: exit %d, %q", code, stderr)
	}
}

// TestRun: exit code 0 when all expect lines hold, 1 when one fails; flags before or after the file.
func TestRun(t *testing.T) {
	text := "seed 3\nregions us-east-1 eu-west-1 ap-south-1\nlane s raft\nworkload bank rate=1/s staggered\nend 3s\nexpect s linearizable\n"
	good := write(t, "good.txt", text)
	if code, out, stderr := execute(t.Context(), "run", good); code != exitOK || !strings.Contains(out, "holds") {
		t.Errorf("exit %d: %s%s", code, out, stderr)
	}
	failing := write(t, "failing.txt", text+"expect s lost-writes > 0\n")
	code, out, _ := execute(t.Context(), "run", failing, "--json")
	if code != exitFailed {
		t.Errorf("exit %d", code)
	}
	var report map[string]any
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"trace", "seed", "lanes"} {
		if report[key] == nil {
			t.Errorf("no %q in %s", key, out)
		}
	}
	lane := report["lanes"].([]any)[0].(map[string]any)
	for _, key := range []string{"name", "protocol", "linearizable", "violation_at", "operations", "ok", "fail", "info",
		"stale_reads", "lost_writes", "at_risk", "lost_updates", "latency_ms", "staleness", "pbs", "gilbert_lynch", "regions", "losses", "risks", "updates", "pacelc"} {
		if _, ok := lane[key]; !ok {
			t.Errorf("no %q in %s", key, out)
		}
	}
	if lane["violation_at"] != nil || lane["linearizable"] != "yes" {
		t.Errorf("%v", lane)
	}
	for _, p := range []string{"p50", "p95", "p99"} {
		if _, ok := lane["latency_ms"].(map[string]any)[p].(float64); !ok {
			t.Errorf("no latency %s", p)
		}
	}
}

// TestRunWarns: what contradicts the world is said before the report, and the run goes on.
func TestRunWarns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "short.txt")
	text := "regions us-east-1 ap-south-1 eu-west-1\nlane strong raft election=60ms heartbeat=20ms\nend 1s\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := execute(t.Context(), "run", file)
	want := "short.txt: warning: lane strong: worst round trip 191 ms, between us-east-1/1 and ap-south-1/1, is above the election timeout of 60 ms"
	if code != exitOK || !strings.Contains(stderr, want) || !strings.Contains(out, "trace") {
		t.Errorf("exit %d, %q, %q", code, out, stderr)
	}
}

// TestReference: it can be interrupted.
func TestReference(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code, out, stderr := execute(ctx, "reference"); code != exitFailed || out != "" || !strings.Contains(stderr, "interrupted") {
		t.Errorf("exit %d, %q, %q", code, out, stderr)
	}
}

// TestServe: the address in one line, a page there, and a clean end.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	said := make(chan string, 1)
	ended := make(chan int, 1)
	go func() {
		ended <- serve(ctx, []string{"--addr=127.0.0.1:0", "--data=" + t.TempDir()}, writerFunc(func(s string) { said <- s }), os.Stderr)
	}()
	line := <-said
	url, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "Netsplit is at ")
	if !ok || strings.Contains(url, "\n") {
		t.Fatalf("said %q", line)
	}
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("%s: %s", url, res.Status)
	}
	stop()
	select {
	case code := <-ended:
		if code != exitOK {
			t.Errorf("exit %d", code)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
}

type writerFunc func(string)

func (f writerFunc) Write(b []byte) (int, error) {
	f(string(b))
	return len(b), nil
}

// TestSecondInterrupt: the first asks the program to end, the second ends it, whatever it is doing.
func TestSecondInterrupt(t *testing.T) {
	if os.Getenv("NETSPLIT_INTERRUPTED") != "" {
		ctx := untilInterrupted()
		fmt.Println("ready")
		<-ctx.Done()
		fmt.Println("ending")
		select {} // and never getting there
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestSecondInterrupt$")
	child.Env = append(os.Environ(), "NETSPLIT_INTERRUPTED=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for _, want := range []string{"ready", "ending"} {
		if !lines.Scan() || lines.Text() != want {
			t.Fatalf("it says %q, want %q", lines.Text(), want)
		}
		if err := child.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for again := time.NewTicker(50 * time.Millisecond); ; { // the second may come before the first is done with
		select {
		case <-ended:
			if ctx.Err() != nil {
				t.Fatal("a second interrupt does not end it")
			}
			return
		case <-again.C:
			child.Process.Signal(os.Interrupt) //nolint:errcheck // it may have ended
		}
	}
}

// TestRunLink: run takes what a link carries in place of a file.
func TestRunLink(t *testing.T) {
	text := "regions us-east-1\nlane e gossip\nat 1s write us-east-1 x 4 as r\nexpect e r ok 4\nend 2s\n"
	for _, c := range []struct {
		arg  string
		code int
		want string
	}{
		{sim.RunMark + sim.Pack(text), exitOK, "expect e r ok 4: holds"},
		{"http://127.0.0.1:8080/" + sim.RunMark + sim.Pack(text), exitOK, "expect e r ok 4: holds"},
		{sim.RunMark + "1.abc", exitUsage, "damaged"},
		{sim.RunMark + sim.Pack("regions Mars\n"), exitUsage, "1:9"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), []string{c.arg}, &out, &errs); code != c.code || !strings.Contains(out.String()+errs.String(), c.want) {
			t.Errorf("%s: exit code %d, %s%s", c.arg, code, &out, &errs)
		}
	}
}

// TestRunInterrupted: a run ends when it is told to.
func TestRunInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, _, stderr := execute(ctx, "run", "server/scenarios/healthy.txt")
	if code != exitFailed || !strings.Contains(stderr, "interrupted") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
}

// TestKnobs: every knob of every protocol is listed with what it takes.
func TestKnobs(t *testing.T) {
	code, all, _ := execute(t.Context(), "knobs")
	if code != exitOK || !strings.Contains(all, "election=0.001s..60s   by default 1s") || !strings.Contains(all, "lane NAME primary") {
		t.Errorf("exit code %d:\n%s", code, all)
	}
	if _, one, _ := execute(t.Context(), "knobs", "gossip"); strings.Contains(one, "election=") || !strings.Contains(one, "fan-out=") {
		t.Errorf("of gossip:\n%s", one)
	}
	if code, _, stderr := execute(t.Context(), "knobs", "paxos"); code != exitUsage || !strings.Contains(stderr, `"paxos"`) {
		t.Errorf("exit code %d, %s", code, stderr)
	}
}
