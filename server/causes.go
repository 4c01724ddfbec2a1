package server

import (
	"cmp"
	"slices"

	"netsplit/sim"
	"netsplit/sim/check"
)

// modelsView returns the verdict of each model: what viewers have been shown, unless an operation has begun or ended since.
func (l *laneFeed) modelsView() []ModelVerdict {
	if ops := l.watch.counts[walkOperation]; ops != l.judged || l.models == nil {
		l.judged = ops
	} else {
		return l.models
	}
	completed := l.scores.OK + l.scores.Fail + l.scores.Info
	verdicts := l.referee.Verdicts()
	list := make([]ModelVerdict, 0, len(verdicts))
	for _, v := range verdicts {
		view := ModelVerdict{Model: string(v.Model), Answer: string(v.Answer), ViolationAt: v.ViolationAt}
		if v.Answer != check.No {
			view.Behind = max(completed-v.Covers, 0)
		}
		list = append(list, view)
	}
	return list
}

// explained returns the causes that the referee keeps, and those of models that it does not keep and that viewers have
// not been shown.
func (l *laneFeed) explained() []check.Cause {
	causes := l.referee.Causes()
	for _, v := range l.referee.Violations() {
		kept := func(c check.Cause) bool { return c.Violation.Kind == v.Kind }
		shown := func(c CauseView) bool { return c.Kind == string(v.Kind) }
		if !slices.ContainsFunc(causes, kept) && !slices.ContainsFunc(l.causes, shown) {
			causes = append(slices.Clip(causes), l.referee.Explain(v))
		}
	}
	return causes
}

// newCauses returns the causes that viewers have not been shown yet, as many as there is room for, and notes that they
// have been shown now. The first of each kind always has room.
func (l *laneFeed) newCauses() []CauseView {
	var fresh []CauseView
	for _, c := range l.explained() {
		v := c.Violation
		known := func(s CauseView) bool { return s.Kind == string(v.Kind) && s.Op == v.Op }
		kin := func(s CauseView) bool { return s.Kind == string(v.Kind) }
		if slices.ContainsFunc(l.causes, known) || len(l.causes) >= MaxCauses-l.kindsWithout() && slices.ContainsFunc(l.causes, kin) {
			continue
		}
		view := l.causeView(c)
		fresh, l.causes = append(fresh, view), append(l.causes, view)
	}
	if len(fresh) > 0 {
		slices.SortStableFunc(l.causes, func(a, b CauseView) int { return cmp.Compare(a.At, b.At) })
	}
	return fresh
}

// kindsWithout counts the kinds of violations of which viewers have been shown none.
func (l *laneFeed) kindsWithout() int {
	shown := map[string]bool{}
	for _, c := range l.causes {
		shown[c.Kind] = true
	}
	return len(check.Models()) + 3 - len(shown) // and writes lost, updates lost, stale reads
}

func (l *laneFeed) causeView(c check.Cause) CauseView {
	v := c.Violation
	view := CauseView{Kind: string(v.Kind), At: v.At, Key: v.Key, Op: v.Op, Missed: v.Missed, Blame: string(c.Blame), Text: c.Text,
		Ops: []OpView{}, Steps: []StepView{}, Fault: c.Fault}
	for _, id := range v.Ops {
		view.Ops = append(view.Ops, l.opView(l.cluster.History()[id-1]))
	}
	for _, s := range c.Steps {
		view.Steps = append(view.Steps, StepView{Kind: string(s.Kind), At: s.At, Until: max(s.At, s.Until), Node: s.Node, Peer: s.Peer,
			Message: s.Message, Op: s.Op, Write: s.Write, Fate: s.Fate, Text: s.Text})
	}
	return view
}

func (l *laneFeed) opView(rec *sim.Record) OpView {
	r := rec.Result
	view := OpView{ID: rec.ID, Client: int(rec.Client) - l.cluster.Nodes(), Kind: rec.Kind, Key: rec.Key, Applied: r.Applied,
		Absent: r.Absent, Level: rec.Level, Start: rec.Start, End: -1, Outcome: r.Outcome}
	if rec.Kind != sim.Read {
		view.Value = l.cluster.Shown(rec.Key, rec.Value, rec.ID)
	}
	if r.Outcome != sim.Pending {
		view.End = rec.End
	}
	if r.Outcome == sim.OK && rec.Kind.Finds() {
		view.Found = l.cluster.Shown(rec.Key, r.Value, r.Version)
	}
	return view
}
