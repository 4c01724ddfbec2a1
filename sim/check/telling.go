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

// amount puts what a key holds into words: in the unit of the workload, if the key is one of its.
func (x *explainer) amount(key string, value int64, version sim.OpID) string {
	n := x.cluster.Shown(key, value, version)
	unit := x.unit(key)
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

// unit names what a key holds; "" for plain numbers.
func (x *explainer) unit(key string) string {
	if w := x.cluster.Workload(); w.HasKey(key) {
		return w.Unit()
	}
	return ""
}

// ofKey names a key where it is not the violation's.
func (x *explainer) ofKey(word, key string) string {
	if key == x.v.Key {
		return ""
	}
	return " " + word + " " + key
}

// wrote puts what an operation writes into words.
func (x *explainer) wrote(rec *sim.Record) string {
	switch rec.Kind {
	case sim.Delete:
		return "deletion" + x.ofKey("of", rec.Key)
	case sim.Increment:
		return fmt.Sprintf("increment by %d", rec.Value) + x.ofKey("of", rec.Key)
	case sim.Add:
		return fmt.Sprintf("addition of %d", rec.Value) + x.ofKey("to", rec.Key)
	case sim.Remove:
		return fmt.Sprintf("removal of %d", rec.Value) + x.ofKey("from", rec.Key)
	}
	return "write of " + x.amount(rec.Key, rec.Value, rec.ID) + x.ofKey("to", rec.Key)
}

// write names a write by its client and what it writes.
func (x *explainer) write(w sim.OpID) string {
	rec := x.record(w)
	return x.client(rec) + "'s " + x.wrote(rec)
}

// found puts what an operation found into words.
func (x *explainer) found(rec *sim.Record) string {
	r, of := rec.Result, x.ofKey("from", rec.Key)
	if values := r.Found.Siblings(); len(values) > 1 {
		return x.sideBySide(rec.Key, values) + of
	}
	unit := x.unit(rec.Key)
	if items := r.Found.Items(); items != nil && (unit == "" || unit == "dollars") {
		return "the set with " + plural(int64(len(items)), "item", "items") + of
	}
	if r.Absent {
		return "nothing" + of
	}
	return x.amount(rec.Key, r.Value, r.Version) + of
}

// by names who answered an operation, if that is not a node of its client's region.
func (x *explainer) by(word string, rec *sim.Record) string {
	node := x.answered(rec).node
	if node < 0 || int(node) >= x.cluster.Nodes() || x.cluster.RegionOf(node) == x.cluster.RegionOf(rec.Client) {
		return ""
	}
	return " " + word + " " + x.place(node)
}

// read puts what an operation found into words, with when and where.
func (x *explainer) read(rec *sim.Record) string {
	return fmt.Sprintf("%s%s at %s", x.found(rec), x.by("at", rec), clock(rec.End))
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
		s.Text = fmt.Sprintf("%s asked for %s at %s, which %s", x.client(rec), x.asks(rec), clock(rec.Start), x.unanswered(rec))
	case rec.Kind == sim.Read:
		s.Text = fmt.Sprintf("%s read %s", x.client(rec), x.read(rec))
	default:
		s.Text = fmt.Sprintf("%s was acknowledged%s at %s", x.write(id), x.by("by", rec), clock(rec.End))
	}
	return s
}

// unanswered says of an operation without an acknowledgement what its client had been told when the violation was a fact.
func (x *explainer) unanswered(rec *sim.Record) string {
	switch r := rec.Result; {
	case r.Outcome == sim.Pending:
		return "had no answer yet"
	case r.Outcome == sim.Fail:
		return "was refused"
	case r.Need > 0:
		return "too few replicas had acknowledged"
	}
	return "was never answered"
}

func (x *explainer) asks(rec *sim.Record) string {
	if rec.Kind == sim.Read {
		return "a read" + x.ofKey("of", rec.Key)
	}
	if w := x.wrote(rec); strings.HasPrefix(w, "a") || strings.HasPrefix(w, "i") {
		return "an " + w
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
	s.Text = fmt.Sprintf("the %s from %s to %s of %s %s", called(p), x.place(p.from), x.place(p.to), clock(p.sent), x.fate(p))
	return s
}

// called names what a message is.
func called(p *passage) string {
	switch p.kind {
	case sim.KindRequest:
		return "request"
	case sim.KindReply:
		return "answer"
	case sim.KindAck:
		return "acknowledgement"
	case sim.KindGossip:
		if p.writes == 0 {
			return "comparison"
		}
	case sim.KindVote, sim.KindHeartbeat, sim.KindRepair:
		return p.kind.String()
	}
	return "update"
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
	s.Text = fmt.Sprintf("the %s from %s to %s waited to be sent from %s on", called(&w.passage), x.place(w.from), x.place(w.to), clock(w.since))
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

// because is the second sentence of a cause.
func (x *explainer) because(f finding) string {
	switch {
	case f.fault != nil:
		return x.sentence(fmt.Sprintf("%s: to blame is the %s of %s", f.why, noun(f.fault.Verb), clock(f.fault.At)))
	case f.blame == BlameUnknown && f.why == "" && x.forgotten(x.sought()):
		return "What caused it is not known: the trail of messages does not reach back so far."
	case f.blame == BlameUnknown && f.why == "":
		return "What caused it is not known: the trail of messages does not show it."
	case f.blame == BlameUnknown:
		return x.sentence("what caused it is not known: " + f.why)
	}
	return x.sentence("no fault is to blame: " + f.why + excuses[f.blame])
}

// forgotten reports whether the trail does not reach back to a write's call.
func (x *explainer) forgotten(w sim.OpID) bool { return w != 0 && x.record(w).Start < x.reach() }

// soTook adds to why a write was not known that a node took another.
func (x *explainer) soTook(why string, node sim.Addr, over sim.OpID) string {
	rec := x.record(over)
	why = strings.Replace(why, ", so ", "; ", 1) // one is enough
	if x.place(node) == x.client(rec) {
		return fmt.Sprintf("%s, so %s kept its own client's %s without knowing of it", why, x.place(node), x.wrote(rec))
	}
	return fmt.Sprintf("%s, so %s took %s without knowing of it", why, x.place(node), x.write(over))
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
	return capital(s) + "."
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// nouns name what the verbs do, where that is not the verb.
var nouns = map[sim.Verb]string{sim.VerbDrop: "lossy link", sim.VerbReorder: "reordering", sim.VerbSlow: "slowness",
	sim.VerbFsync: "slow disk", sim.VerbPromote: "promotion", sim.VerbCrash: "crash", sim.VerbExit: "exit", sim.VerbSkew: "skew"}

func noun(v sim.Verb) string { return cmp.Or(nouns[v], string(v)) }
