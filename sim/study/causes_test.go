package study

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"netsplit/sim"
	"netsplit/sim/check"
)

// TestCauses holds the causes of violations to scenarios that each have another. A fault that is blamed must be the
// reason: without it the violation does not come about. Where none is blamed it must come about without any.
// go test ./sim/study -run TestCauses -rewrite writes what comes of it.
func TestCauses(t *testing.T) {
	blamed := map[string]bool{}
	var complaints []string
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	datadriven.RunTest(t, "testdata/causes.txt", func(t *testing.T, d *datadriven.TestData) string {
		var kind, name string
		nth := 0
		d.ScanArgs(t, "kind", &kind)
		d.ScanArgs(t, "of", &name)
		d.MaybeScanArgs(t, "op", &nth)
		w := play(t, d.Input, 0)
		c, ok := w.cause(check.Kind(kind), sim.OpID(nth))
		if !ok {
			return "no such violation\n"
		}
		if blamed[name] {
			complain("%s: %q is there twice", d.Pos, name)
		}
		blamed[name] = true
		at := func(format string, args ...any) { complain(d.Pos+": "+format, args...) }
		w.holdToMessages(c, at)
		w.counterfactual(t, c, at)
		if live, _ := play(t, d.Input, 50*sim.Millisecond).cause(check.Kind(kind), sim.OpID(nth)); w.tell(c) != w.tell(live) {
			at("asked for while it runs, the cause is\n%s", w.tell(live))
		}
		return w.tell(c)
	})
	if len(blamed) < 20 {
		complain("only %d causes", len(blamed))
	}
	for _, c := range complaints {
		t.Error(c)
	}
}

// played is a run of one lane with its messages.
type played struct {
	sim.NopObserver
	*Run
	messages map[uint64]*sim.Message
	lost     map[uint64]sim.Time
}

// play runs a scenario in steps, 0 for one, and asks for causes after each.
func play(t *testing.T, text string, step sim.Time) *played {
	t.Helper()
	r, err := New(mustParse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	w := &played{Run: r, messages: map[uint64]*sim.Message{}, lost: map[uint64]sim.Time{}}
	r.Lanes()[0].Observe(w)
	s := r.Scenario()
	for step > 0 && r.Now() < s.End {
		r.AdvanceTo(min(r.Now()+step, s.End))
		r.Referees[0].Causes()
	}
	r.AdvanceTo(s.End)
	return w
}

// Sent remembers a message.
func (w *played) Sent(m *sim.Message) { w.messages[m.ID] = m }

// Lost remembers its loss.
func (w *played) Lost(m *sim.Message, at sim.Time) { w.lost[m.ID] = at }

// cause returns the cause of a violation of a kind: the first, or that of an operation.
func (w *played) cause(kind check.Kind, op sim.OpID) (check.Cause, bool) {
	ref := w.Referees[0]
	if kind == check.LostUpdate {
		v, ok := w.lostUpdate(op)
		return ref.Explain(v), ok
	}
	if v, ok := ref.StaleRead(op); kind == check.StaleRead && op != 0 {
		return ref.Explain(v), ok
	}
	for _, c := range ref.Causes() {
		if c.Violation.Kind == kind && (op == 0 || c.Violation.Op == op) {
			return c, true
		}
	}
	return check.Cause{}, false
}

// lostUpdate returns the violation that a write is which was made of a version that another had been made of, and
// acknowledged.
func (w *played) lostUpdate(op sim.OpID) (check.Violation, bool) {
	c := w.Lanes()[0]
	read := func(id sim.OpID) *sim.Record {
		ops := c.ErrandOf(id).Ops
		if rec := c.History()[id-1]; rec.Kind != sim.Write || rec.Result.Outcome != sim.OK || ops[0] == id {
			return nil
		}
		return c.History()[ops[0]-1]
	}
	for _, a := range c.History() {
		for _, b := range c.History()[a.ID:] {
			ra, rb := read(a.ID), read(b.ID)
			if ra == nil || rb == nil || ra.Result.Version != rb.Result.Version || op != 0 && op != b.ID {
				continue
			}
			return check.Violation{Kind: check.LostUpdate, Key: b.Key, At: b.End, Completion: b.Completion, Op: b.ID, Missed: a.ID,
				Ops: []sim.OpID{a.ID, b.ID}}, true
		}
	}
	return check.Violation{}, false
}

// holdToMessages holds the messages of a chain to what was seen of them.
func (w *played) holdToMessages(c check.Cause, complain func(string, ...any)) {
	for _, s := range c.Steps {
		m := w.messages[s.Message]
		switch {
		case s.Kind == check.StepMessage && s.Message == 0 && s.Fate == "waiting":
		case s.Kind == check.StepMessage && (m == nil || m.From != s.Node || m.To != s.Peer):
			complain("%s: message %d is not from %d to %d", s.Text, s.Message, s.Node, s.Peer)
		case s.Kind == check.StepMessage && s.Fate != "waiting" && m.Sent != s.At:
			complain("%s: message %d was sent at %s", s.Text, s.Message, m.Sent)
		case s.Kind == check.StepMessage && s.Fate == "lost" && w.lost[s.Message] != s.Until:
			complain("%s: message %d was lost at %s", s.Text, s.Message, w.lost[s.Message])
		case s.Kind == check.StepMessage && s.Fate != "lost" && w.lost[s.Message] != 0:
			complain("%s: message %d was lost at %s", s.Text, s.Message, w.lost[s.Message])
		}
	}
	if (c.Fault != nil) != (c.Fault != nil && c.Blame == check.Blame(c.Fault.Verb)) {
		complain("blames %s, and the fault is %v", c.Blame, c.Fault)
	}
}

// counterfactual takes the blamed fault, or where none is blamed every fault, out of the world.
func (w *played) counterfactual(t *testing.T, c check.Cause, complain func(string, ...any)) {
	var lines []string
	for _, line := range strings.Split(w.canonical(), "\n") {
		words := strings.SplitN(line, " ", 3)
		faulty := words[0] == "at" && len(words) == 3 && !strings.HasPrefix(words[2], "write ") &&
			!strings.HasPrefix(words[2], "read ") && !strings.HasPrefix(words[2], "delete ")
		out := faulty && c.Fault == nil
		if c.Fault != nil {
			out = line == fmt.Sprintf("at %s %s", c.Fault.At, c.Fault)
		}
		if !out {
			lines = append(lines, line)
		}
	}
	again := play(t, strings.Join(lines, "\n"), 0)
	got, same := again.cause(c.Violation.Kind, c.Violation.Op)
	if c.Fault != nil && same {
		complain("without %s it comes about too: %s", c.Fault, got.Text)
	}
	if c.Fault == nil && !same {
		complain("no fault is blamed, but without any it does not come about")
	}
}

func (w *played) canonical() string {
	s := w.Scenario()
	return s.String()
}

func (w *played) tell(c check.Cause) string {
	var b strings.Builder
	fault := "none"
	if c.Fault != nil {
		fault = fmt.Sprintf("at %s %s", c.Fault.At, c.Fault)
	}
	fmt.Fprintf(&b, "operation %d missed %d at %s; blame %s, fault %s\n", c.Violation.Op, c.Violation.Missed, c.Violation.At, c.Blame, fault)
	for _, s := range c.Steps {
		fmt.Fprintf(&b, "  %s %s %s\n", s.Kind, cmp.Or(s.Fate, "-"), s.Text)
	}
	fmt.Fprintf(&b, "%s\n%s\n", c.Text[0], c.Text[1])
	return b.String()
}

// TestCausesForgotten: what lies further back than the trail reaches has no cause, rather than a wrong one; and of a
// verdict that nobody asks for until then the cause is found in time.
func TestCausesForgotten(t *testing.T) {
	w := play(t, "regions us-east-1 eu-west-1 ap-south-1\nlane q quorum r=1 w=1\nworkload register rate=20/s poisson\nend 150s\n", 0)
	if n := len(w.messages); n < 2*check.MaxPassages {
		t.Fatalf("only %d messages", n)
	}
	ref := w.Referees[0]
	for _, rec := range w.Lanes()[0].History() {
		v, stale := ref.StaleRead(rec.ID)
		if !stale {
			continue
		}
		if c := ref.Explain(v); c.Blame != check.BlameUnknown || !strings.Contains(c.Text[1], "does not reach back so far") {
			t.Errorf("blames %s: %s", c.Blame, c.Text)
		}
		break
	}
	for _, kind := range []check.Kind{check.StaleRead, check.Linearizable} {
		if c, ok := w.cause(kind, 0); !ok || c.Blame != check.BlameOverlap && c.Blame != check.BlameConcurrent && c.Blame != check.BlameInversion {
			t.Errorf("%s: blames %s: %s", kind, c.Blame, c.Text)
		}
	}
}

// TestCausesReported sees a cause in the JSON of a run, by the names that others rely on.
func TestCausesReported(t *testing.T) {
	rep, err := Execute(mustParse(t, "regions us-east-1 eu-west-1\nlane e gossip\nat 1s partition eu-west-1\n"+
		"at 2s write us-east-1 balance 300\nat 3s read eu-west-1 balance\nend 4s\n"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(rep.Lanes[0].Causes[0])
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"key": "balance", "op": 2.0, "missed": 1.0, "blame": "partition",
		"fault": map[string]any{"at": 1e6, "statement": "partition eu-west-1"}}
	for name, value := range want {
		if !reflect.DeepEqual(got[name], value) {
			t.Errorf("%s is %v, not %v", name, got[name], value)
		}
	}
	keys := []string{"at", "blame", "completion", "fault", "key", "kind", "missed", "op", "ops", "steps", "text"}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, keys) {
		t.Errorf("the keys are %q", names)
	}
	op := got["ops"].([]any)[1].(map[string]any)
	if op["client"] != "eu-west-1@1" || op["kind"] != "read" || op["outcome"] != "ok" {
		t.Errorf("the read is %v", op)
	}
}
