package check

import (
	"cmp"
	"fmt"
	"strings"

	"netsplit/sim"
)

// clock puts an instant into words.
func clock(t sim.Time) string {
	return fmt.Sprintf("%d.%03d s", t/sim.Second, t%sim.Second/sim.Millisecond)
}

// place names an endpoint: by its region where that says enough.
func (x *explainer) place(a sim.Addr) string {
	name := x.cluster.NameOf(a)
	region, number, node := strings.Cut(name, "/")
	if node {
		if next := a + 1; number != "1" || int(next) < x.cluster.Nodes() && x.cluster.RegionOf(next) == x.cluster.RegionOf(a) {
			return name
		}
		return region
	}
	return strings.TrimSuffix(name, "@1")
}

func (x *explainer) client(rec *sim.Record) string { return x.place(rec.Client) }

// cmdNode names the node of a command about a machine.
func (x *explainer) cmdNode(cmd *sim.Command) string {
	for a := range sim.Addr(x.cluster.Nodes()) {
		if cmd.OnNode(x.cluster.Topology, a) {
			return x.place(a)
		}
	}
	return cmd.Node
}

// amount puts what a key holds into words, in the unit of the workload.
func (x *explainer) amount(key string, value int64, version sim.OpID) string {
	n := x.cluster.Shown(key, value, version)
	unit := x.cluster.Workload().Unit()
	switch {
	case unit == "dollars" && n < 0:
		return fmt.Sprintf("-$%d", -n)
	case unit == "dollars":
		return fmt.Sprintf("$%d", n)
	case unit == "":
		return fmt.Sprint(n)
	}
	return plural(n, strings.TrimSuffix(unit, "s"), unit)
}

// wrote puts what an operation writes into words.
func (x *explainer) wrote(rec *sim.Record) string {
	switch rec.Kind {
	case sim.Delete:
		return "deletion"
	case sim.Increment:
		return fmt.Sprintf("increment by %d", rec.Value)
	case sim.Add, sim.Remove:
		return fmt.Sprintf("%s of %d", map[sim.OpKind]string{sim.Add: "addition", sim.Remove: "removal"}[rec.Kind], rec.Value)
	}
	return "write of " + x.amount(rec.Key, rec.Value, rec.ID)
}

// write names a write by its client and what it writes.
func (x *explainer) write(w sim.OpID) string {
	rec := x.record(w)
	return x.client(rec) + "'s " + x.wrote(rec)
}

// found puts what an operation found into words.
func (x *explainer) found(rec *sim.Record) string {
	if rec.Result.Absent {
		return "nothing"
	}
	return x.amount(rec.Key, rec.Result.Value, rec.Result.Version)
}

// operation is a chain's step for an operation.
func (x *explainer) operation(id sim.OpID) Step {
	rec := x.record(id)
	s := Step{At: rec.Start, Until: rec.End, Kind: StepOperation, Op: id, Node: rec.Asked, Peer: rec.Client}
	switch {
	case rec.Result.Outcome == sim.Pending || rec.End > x.v.At:
		s.Text = fmt.Sprintf("%s asked for %s at %s and had no answer yet", x.client(rec), x.asks(rec), clock(rec.Start))
		s.Until = -1
	case rec.Result.Outcome != sim.OK:
		s.Text = fmt.Sprintf("%s asked for %s at %s and had no answer", x.client(rec), x.asks(rec), clock(rec.Start))
	case rec.Kind == sim.Read:
		s.Text = fmt.Sprintf("%s read %s at %s", x.client(rec), x.found(rec), clock(rec.End))
	default:
		s.Text = fmt.Sprintf("%s was acknowledged at %s", x.write(id), clock(rec.End))
	}
	return s
}

func (x *explainer) asks(rec *sim.Record) string {
	if rec.Kind == sim.Read {
		return "a read"
	}
	return "a " + x.wrote(rec)
}

// without is a chain's step for a replica that answered without the missed write.
func (x *explainer) without(s source) Step {
	now, _ := x.heldAt(s.node, s.at)
	held := "nothing newer than the opening value"
	if w := now.newest(); w != 0 {
		held = x.write(w)
	}
	text := fmt.Sprintf("%s answered at %s with what it had: %s", x.place(s.node), clock(s.at), held)
	if now.in(map[sim.OpID]bool{x.v.Missed: true}) {
		text = fmt.Sprintf("%s held %s and answered at %s without it", x.place(s.node), held, clock(s.at))
	}
	return Step{At: s.at, Until: s.at, Kind: StepState, Node: s.node, Peer: -1, Write: x.v.Missed, Fate: "without", Text: text}
}

// message is a chain's step for a message.
func (x *explainer) message(p *passage, fate string) Step {
	s := Step{At: p.sent, Until: x.ended(p), Kind: StepMessage, Op: p.op, Node: p.from, Peer: p.to, Message: p.id, Fate: fate}
	if p.writes > 0 && p.cargo >= x.cargo.first() {
		s.Write = *x.cargo.at(p.cargo)
	}
	s.Text = fmt.Sprintf("the %s from %s to %s of %s %s", p.kind, x.place(p.from), x.place(p.to), clock(p.sent), x.fate(p))
	return s
}

// fate puts into words what had become of a message when the violation was a fact.
func (x *explainer) fate(p *passage) string {
	switch {
	case x.wasLost(p):
		return "was lost at " + clock(p.end)
	case p.due > x.v.At:
		return "was due at " + clock(p.due)
	case x.arrival(p) > x.v.At:
		return "had not arrived"
	}
	return "arrived at " + clock(x.arrival(p))
}

// ended returns when a message was lost or arrived, as far as that was known when the violation was a fact, or was due.
func (x *explainer) ended(p *passage) sim.Time {
	if p.end >= 0 && p.end <= x.v.At {
		return p.end
	}
	return p.due
}

// stalled is a chain's step for a message that its stream kept back.
func (x *explainer) stalled(w *wait) Step {
	s := x.message(&w.passage, "waiting")
	s.At, s.Until = w.since, w.until
	if w.until > x.v.At { // nobody knew by then
		s.Until, s.Message = -1, 0
	}
	s.Text = fmt.Sprintf("the %s from %s to %s waited to be sent from %s on", w.kind, x.place(w.from), x.place(w.to), clock(w.since))
	return s
}

func (x *explainer) faultStep(cmd *sim.Command) Step {
	return Step{At: cmd.At, Until: cmd.At, Kind: StepFault, Node: -1, Peer: -1, Command: cmd, Text: "at " + clock(cmd.At) + ": " + cmd.String()}
}

// chain is the order of the kinds of steps.
var chain = map[StepKind]int{StepOperation: 0, StepState: 1, StepMessage: 2, StepFault: 3}

func byChain(a, b Step) int {
	return cmp.Or(cmp.Compare(chain[a.Kind], chain[b.Kind]), cmp.Compare(a.At, b.At), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Message, b.Message))
}

// copies says how many replicas held a write when it was acknowledged.
func (x *explainer) copies(rec *sim.Record) string {
	set := x.withSuccessors(rec.ID)
	n, of := x.holders(set, x.answered(rec).at)
	return fmt.Sprintf("when %d of %s held it", n, plural(int64(of), "replica", "replicas"))
}

// happened is the first sentence of a cause.
func (x *explainer) happened() string {
	v := x.v
	if v.Op == 0 {
		return "The operations contradict each other."
	}
	op := x.record(v.Op)
	if v.Kind == LostWrite {
		text := fmt.Sprintf("%s, acknowledged at %s %s, is lost", x.write(v.Op), clock(op.End), x.copies(op))
		if v.Missed != 0 {
			text += fmt.Sprintf(": %s stands in its place", x.write(v.Missed))
		}
		return text + "."
	}
	did := fmt.Sprintf("%s read %s at %s", x.client(op), x.found(op), clock(op.End))
	if op.Kind != sim.Read {
		did = fmt.Sprintf("%s took effect at %s", x.write(v.Op), clock(op.End))
		if read := x.asked(); read.ID != op.ID {
			did = fmt.Sprintf("%s, made of the %s read at %s, took effect", x.write(v.Op), x.found(read), clock(read.End))
		}
	}
	if v.Missed == 0 {
		return did + ", which no order of the operations explains."
	}
	missed := x.record(v.Missed)
	if !acknowledges(missed) || missed.End > v.At {
		return fmt.Sprintf("%s without %s of %s, which had no answer yet.", did, x.write(v.Missed), clock(missed.Start))
	}
	return fmt.Sprintf("%s without %s, acknowledged at %s %s.", did, x.write(v.Missed), clock(missed.End), x.copies(missed))
}

// because is the second sentence of a cause.
func (x *explainer) because(f finding) string {
	switch {
	case f.fault != nil:
		return x.sentence(fmt.Sprintf("%s: to blame is the %s of %s", f.why, noun(f.fault.Verb), clock(f.fault.At)))
	case f.blame == BlameUnknown && f.why == "":
		return "What caused it is not known: the trail of messages does not show it, or does not reach back so far."
	case f.blame == BlameUnknown:
		return x.sentence("what caused it is not known: " + f.why)
	}
	return x.sentence("no fault is to blame: " + f.why + excuses[f.blame])
}

// excuses say of a blame without a command why that can happen.
var excuses = map[Blame]string{
	BlameOvertaken: ", and nobody waits for that",
	BlameOverlap:   "; so few replicas are asked and acknowledge that they need not have one in common",
	BlameInversion: "; a write still under way may be shown to one reader and not to the next",
	BlameLevel:     "; a read at this level is promised nothing newer",
}

// sentence makes a sentence of a clause. Names stay as they are.
func (x *explainer) sentence(s string) string {
	for a := range sim.Addr(x.cluster.Endpoints()) {
		if strings.HasPrefix(s, x.place(a)) {
			return s + "."
		}
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// nouns name what the verbs do, where that is not the verb.
var nouns = map[sim.Verb]string{sim.VerbDrop: "lossy link", sim.VerbReorder: "reordering", sim.VerbSlow: "slowness",
	sim.VerbFsync: "slow disk", sim.VerbPromote: "promotion", sim.VerbCrash: "crash", sim.VerbExit: "exit", sim.VerbSkew: "skew"}

func noun(v sim.Verb) string { return cmp.Or(nouns[v], string(v)) }
