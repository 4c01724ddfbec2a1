package study

import (
	"netsplit/sim"
	"netsplit/sim/check"
)

// CauseReport is why a violation came about: the first of its kind in its lane, or a lost write.
type CauseReport struct {
	Kind       check.Kind   `json:"kind"`
	Key        string       `json:"key"`
	At         sim.Time     `json:"at"`         // when the violation was a fact
	Completion int          `json:"completion"` // after which it was; 0 for none
	Op         sim.OpID     `json:"op"`
	Missed     sim.OpID     `json:"missed"` // the write that op did not meet, or of a lost write what stands in its place; 0 for none
	Ops        []OpReport   `json:"ops"`
	Blame      check.Blame  `json:"blame"`
	Fault      *FaultReport `json:"fault"` // null where no command is to blame
	Steps      []StepReport `json:"steps"`
	Text       [2]string    `json:"text"` // what happened, and what is to blame
}

// OpReport is one operation of a counterexample.
type OpReport struct {
	ID      sim.OpID    `json:"id"`
	Client  string      `json:"client"`
	Kind    sim.OpKind  `json:"kind"`
	Value   int64       `json:"value"` // written or found; of a document the number of its items
	Start   sim.Time    `json:"start"`
	End     sim.Time    `json:"end"` // -1 while pending
	Outcome sim.Outcome `json:"outcome"`
}

// FaultReport is the command that is to blame.
type FaultReport struct {
	At        sim.Time `json:"at"`
	Statement string   `json:"statement"` // as the scenario language writes it
}

// StepReport is one fact of a chain; see check.Step.
type StepReport struct {
	Kind    check.StepKind `json:"kind"`
	At      sim.Time       `json:"at"`
	Until   sim.Time       `json:"until"`
	Op      sim.OpID       `json:"op,omitempty"`
	Node    string         `json:"node,omitempty"`
	Peer    string         `json:"peer,omitempty"`
	Message uint64         `json:"message,omitempty"`
	Write   sim.OpID       `json:"write,omitempty"`
	Fate    string         `json:"fate,omitempty"`
	Text    string         `json:"text"`
}

// causesOf reports the causes of a lane's violations, in order of time.
func causesOf(c *sim.Cluster, causes []check.Cause) []CauseReport {
	list := []CauseReport{}
	for _, cause := range causes {
		v := cause.Violation
		r := CauseReport{Kind: v.Kind, Key: v.Key, At: v.At, Completion: v.Completion, Op: v.Op, Missed: v.Missed,
			Ops: []OpReport{}, Blame: cause.Blame, Steps: []StepReport{}, Text: cause.Text}
		for _, id := range v.Ops {
			r.Ops = append(r.Ops, opReport(c, c.History()[id-1]))
		}
		if cause.Fault != nil {
			r.Fault = &FaultReport{cause.Fault.At, cause.Fault.String()}
		}
		for _, s := range cause.Steps {
			r.Steps = append(r.Steps, StepReport{s.Kind, s.At, s.Until, s.Op, nameOf(c, s.Node), nameOf(c, s.Peer), s.Message, s.Write, s.Fate, s.Text})
		}
		list = append(list, r)
	}
	return list
}

func opReport(c *sim.Cluster, rec *sim.Record) OpReport {
	o := OpReport{rec.ID, c.NameOf(rec.Client), rec.Kind, rec.Value, rec.Start, rec.End, rec.Result.Outcome}
	switch {
	case rec.Result.Outcome == sim.Pending:
		o.End = -1
	case rec.Kind == sim.Read && rec.Result.Outcome == sim.OK:
		o.Value = c.Shown(rec.Key, rec.Result.Value, rec.Result.Version)
		return o
	}
	if rec.Kind == sim.Write || rec.Kind == sim.CompareAndSet {
		o.Value = c.Shown(rec.Key, rec.Value, rec.ID)
	}
	return o
}

// nameOf returns the name of an endpoint; "" for none.
func nameOf(c *sim.Cluster, a sim.Addr) string {
	if a < 0 {
		return ""
	}
	return c.NameOf(a)
}
