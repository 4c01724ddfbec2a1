package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

const (
	fineHistory = "{:process 0, :type :invoke, :f :write, :value 1}\n{:process 0, :type :ok, :f :write, :value 1}\n"
	badHistory  = fineHistory + "{:process 1, :type :invoke, :f :read, :value nil}\n{:process 1, :type :ok, :f :read, :value nil}\n"
)

// TestCheck: exit code 0 for a history that is linearizable, 1 for one that is not, 3 where the search was cut short, 2
// for what cannot be read; of several files the worst, and each is reported.
func TestCheck(t *testing.T) {
	var hard strings.Builder // sums of powers of ten: none is 2
	for _, kind := range []string{"invoke", "ok"} {
		for i := range 12 {
			fmt.Fprintf(&hard, "{:process %d, :type :%s, :f :add, :value 1%s}\n", 10+i, kind, strings.Repeat("0", i))
		}
	}
	hard.WriteString("{:process 1, :type :invoke, :f :read}\n{:process 1, :type :ok, :f :read, :value 2}")
	fine, bad, unknown := write(t, "fine.edn", fineHistory), write(t, "bad.edn", badHistory), write(t, "hard.edn", hard.String())
	damaged := write(t, "damaged.edn", fineHistory+"{")
	for _, c := range []struct {
		args string
		code int
		want []string
	}{
		{fine, exitOK, []string{"fine.edn: linearizable: yes (register, 1 operation, 1 key)\n"}},
		{bad, exitFailed, []string{"bad.edn: linearizable: no (register, 2 operations, 1 key)\n  When process 1 ended :read nil, there was no order left in which it and the other operation below both did what they say.\n" +
			"    process  operation  call  end (line)\n    0        :write 1   1     2  ||\n  > 1        :read nil  3     4    ||\n"}},
		{unknown + " --steps 100", exitUnknown, []string{"hard.edn: linearizable: unknown (counter, 13 operations, 1 key)\n  The search was cut short for the only key; --steps N allows more.\n"}},
		{unknown, exitFailed, []string{"linearizable: no", ":read 2  "}},
		{damaged, exitUsage, []string{"damaged.edn:3: { is never closed\n"}},
		{"--steps 100 " + fine + " " + unknown, exitUnknown, []string{"fine.edn: lin", "hard.edn: lin"}},
		{bad + " --steps=100 " + unknown, exitFailed, []string{"bad.edn: lin", "hard.edn: lin"}},
		{bad + " " + damaged + " " + fine, exitUsage, []string{"bad.edn: lin", "damaged.edn:3", "fine.edn: lin"}},
		{fine + " --model register", exitOK, []string{"yes"}},
		{fine + " --model set", exitUsage, []string{"fine.edn:1: a set has :read, :add and :remove, not :write\n"}},
		{"--help", exitOK, []string{"check [--json] [--model KIND] [--steps N] FILE...", "register, kv, counter, set or list"}},
	} {
		code, stdout, stderr := execute(t.Context(), append([]string{"check"}, strings.Fields(c.args)...)...)
		if code != c.code {
			t.Errorf("%s: exit code %d, want %d: %s%s", c.args, code, c.code, stdout, stderr)
		}
		for _, want := range c.want {
			if !strings.Contains(stdout+stderr, want) {
				t.Errorf("%s: %s%s\nwant %s", c.args, stdout, stderr, want)
			}
		}
	}
}

// TestCheckJSON: a document for each file.
func TestCheckJSON(t *testing.T) {
	code, out, stderr := execute(t.Context(), "check", "--json", write(t, "bad.edn", badHistory), write(t, "fine.edn", fineHistory))
	if code != exitFailed || stderr != "" {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	d := json.NewDecoder(strings.NewReader(out))
	var bad, fine struct {
		File, Model, Linearizable string
		Operations, Keys          int
		Violation                 *struct {
			Event, Line, Operation int
			Minimal                bool
			History                []struct{ Process, F, Value, Result string }
		}
	}
	if err := d.Decode(&bad); err != nil {
		t.Fatal(err)
	}
	if err := d.Decode(&fine); err != nil {
		t.Fatal(err)
	}
	v := bad.Violation
	if bad.Linearizable != "no" || bad.Operations != 2 || v == nil || v.Event != 4 || v.Line != 4 || v.Operation != 1 || !v.Minimal || len(v.History) != 2 || v.History[1].Result != "nil" {
		t.Errorf("%s", out)
	}
	if fine.Linearizable != "yes" || fine.Model != "register" || fine.Violation != nil {
		t.Errorf("%+v", fine)
	}
}

// TestCheckStandardInput: - is standard input.
func TestCheckStandardInput(t *testing.T) {
	in, err := os.Open(write(t, "bad.edn", badHistory))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	was := os.Stdin
	os.Stdin = in
	defer func() { os.Stdin = was }()
	if code, out, _ := execute(t.Context(), "check", "-"); code != exitFailed || !strings.HasPrefix(out, "-: linearizable: no") {
		t.Errorf("exit code %d: %s", code, out)
	}
}
