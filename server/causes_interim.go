package server

import (
	"cmp"
	"fmt"
	"slices"

	"netsplit/sim"
	"netsplit/sim/check"
)

// This file stands in for the referee's own causes.

// trail remembers the messages that carry writes, and which replica came to hold which write.
type trail struct {
	sim.NopObserver
	cluster  *sim.Cluster
	messages map[uint64]*carried
	order    []*carried
	held     []check.Step
	faults   []sim.Note
	reads    []*sim.Record

	causes []check.Cause
	seen   [4]int
}

type carried struct {
	id          uint64
	from, to    sim.Addr
	sent, until sim.Time
	fate        string
	writes      []sim.OpID
}

const maxTrail = 20_000

func newTrail(c *sim.Cluster) *trail {
	t := &trail{cluster: c, messages: map[uint64]*carried{}}
	c.Observe(t)
	return t
}

func (t *trail) Sent(m *sim.Message) {
	if len(t.order) >= maxTrail || int(m.From) >= t.cluster.Nodes() || int(m.To) >= t.cluster.Nodes() {
		return
	}
	c := &carried{id: m.ID, from: m.From, to: m.To, sent: m.Sent, until: m.Due, fate: "waiting"}
	m.Payload.Writes(func(_ string, w sim.OpID) { c.writes = append(c.writes, w) })
	if len(c.writes) > 0 {
		t.messages[m.ID] = c
		t.order = append(t.order, c)
	}
}

func (t *trail) Arrived(m *sim.Message) { t.end(m, "arrived") }

func (t *trail) Lost(m *sim.Message, at sim.Time) { t.end(m, "lost") }

func (t *trail) end(m *sim.Message, fate string) {
	if c := t.messages[m.ID]; c != nil {
		c.fate, c.until = fate, t.cluster.Now()
	}
}

func (t *trail) Holds(node sim.Addr, _ string, writes []sim.OpID) {
	for _, w := range writes {
		same := func(s check.Step) bool { return s.Node == node && s.Write == w }
		if w != 0 && len(t.held) < maxTrail && !slices.ContainsFunc(t.held[max(0, len(t.held)-50):], same) {
			t.held = append(t.held, check.Step{Kind: check.StepState, At: t.cluster.Now(), Until: t.cluster.Now(), Node: node, Peer: -1, Write: w, Fate: "held",
				Text: fmt.Sprintf("%s comes to hold it", t.cluster.NameOf(node))})
		}
	}
}

func (t *trail) Noted(n sim.Note) {
	if n.Kind == sim.NotePartition {
		t.faults = append(t.faults, n)
	}
}

func (t *trail) Returned(r *sim.Record) {
	if r.Kind == sim.Read {
		t.reads = append(t.reads, r)
	}
}

func (l *laneFeed) verdicts() []check.Verdict {
	list := []check.Verdict{l.referee.Verdict()}
	for _, m := range check.Models()[1:] {
		list = append(list, check.Verdict{Model: m, Answer: check.Unknown})
	}
	return list
}

// found returns the causes of all violations found so far.
func (l *laneFeed) found() []check.Cause {
	t, losses, v := l.trail, l.referee.Losses(), l.referee.Verdict()
	seen := [4]int{len(losses), v.ViolationAt, l.scores.StaleReads}
	if seen == t.seen {
		return nil
	}
	t.seen = seen
	t.causes = nil
	for _, x := range losses {
		t.causes = append(t.causes, l.cause(check.LostWrite, x.At, x.Write, x.Over))
	}
	if v.ViolationAt > 0 {
		if e := l.referee.Evidence(v.ViolationAt); e.Against != 0 {
			t.causes = append(t.causes, l.cause(check.Linearizable, l.record(e.Op).End, e.Op, e.Against))
		}
	}
	for _, r := range t.reads {
		if _, ok := l.referee.Stale(r.ID); ok {
			for _, w := range slices.Backward(l.cluster.History()) {
				if w.Key == r.Key && w.Kind != sim.Read && w.Result.Outcome == sim.OK && w.Result.Applied && w.End < r.Start && w.ID != r.Result.Version {
					t.causes = append(t.causes, l.cause(check.StaleRead, r.End, r.ID, w.ID))
					break
				}
			}
			break
		}
	}
	slices.SortStableFunc(t.causes, func(a, b check.Cause) int { return cmp.Compare(a.Violation.At, b.Violation.At) })
	return t.causes
}

func (l *laneFeed) record(id sim.OpID) *sim.Record { return l.cluster.History()[id-1] }

func (l *laneFeed) cause(kind check.Kind, at sim.Time, op, missed sim.OpID) check.Cause {
	t, rec := l.trail, l.record(op)
	c := check.Cause{Violation: check.Violation{Kind: kind, Key: rec.Key, At: at, Op: op, Missed: missed}}
	ids := []sim.OpID{op}
	if missed != 0 {
		ids = append(ids, missed)
	}
	if v := rec.Result.Version; v != 0 && !slices.Contains(ids, v) {
		ids = append(ids, v)
	}
	slices.SortFunc(ids, func(a, b sim.OpID) int { return cmp.Compare(l.record(a).Start, l.record(b).Start) })
	c.Violation.Ops = ids
	for _, id := range ids {
		r := l.record(id)
		c.Steps = append(c.Steps, check.Step{Kind: check.StepOperation, At: r.Start, Until: r.End, Op: id, Node: r.Client, Peer: -1,
			Text: fmt.Sprintf("%s asks %s: %s", l.cluster.NameOf(r.Client), l.cluster.NameOf(r.Asked), r.Kind)})
	}
	subject := op
	if kind != check.LostWrite && missed != 0 {
		subject = missed
	}
	for _, s := range t.held {
		if s.Write == subject {
			c.Steps = append(c.Steps, s)
		}
	}
	n := 0
	for _, m := range t.order {
		if slices.Contains(m.writes, subject) && m.sent <= at && (m.fate == "lost" || n == 0) && n < 4 {
			n++
			c.Steps = append(c.Steps, check.Step{Kind: check.StepMessage, At: m.sent, Until: m.until, Node: m.from, Peer: m.to, Message: m.id,
				Write: subject, Fate: m.fate, Text: fmt.Sprintf("the update from %s to %s: %s", l.cluster.NameOf(m.from), l.cluster.NameOf(m.to), m.fate)})
		}
	}
	c.Blame = "concurrent"
	c.Text = [2]string{
		fmt.Sprintf("%s was told about %d by operation %d, although operation %d came before.", l.cluster.NameOf(rec.Client), rec.Result.Value, op, missed),
		"No fault is to blame: the two were written at the same time."}
	for _, f := range t.faults {
		if f.At < at {
			c.Blame = check.Blame(sim.VerbPartition)
			c.Fault = &sim.Command{At: f.At, Verb: sim.VerbPartition, Groups: [][]string{{"eu-west-1"}}}
			c.Text[1] = fmt.Sprintf("To blame is the partition of %s: the update was lost on the cable.", rounded(f.At))
		}
	}
	if c.Fault != nil {
		c.Steps = append(c.Steps, check.Step{Kind: check.StepFault, At: c.Fault.At, Until: c.Fault.At, Node: -1, Peer: -1, Command: c.Fault, Text: "eu-west-1 is parted from the others"})
	}
	return c
}
