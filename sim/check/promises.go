package check

import (
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
)

// happened is the first sentence of a cause: which promise was broken, told from the operations of the counterexample.
func (x *explainer) happened() string {
	if x.v.Op == 0 {
		return "The operations contradict each other."
	}
	switch x.v.Kind {
	case LostWrite:
		return x.writeLost() + "."
	case LostUpdate:
		return x.updateLost() + "."
	case Sequential:
		return x.unordered() + "."
	}
	if although := x.although(); although != "" {
		return x.did() + although + "."
	}
	if x.v.Missed != 0 {
		return x.did() + " without " + x.missed() + "."
	}
	switch n := len(x.record(x.v.Op).Result.Found.Siblings()); {
	case n == 2:
		return x.did() + "; neither was written by a client that had read the other."
	case n > 2:
		return x.did() + "; they were written by clients that had not read them all."
	}
	return x.did() + ", which no order of the operations explains."
}

func (x *explainer) writeLost() string {
	op := x.record(x.v.Op)
	text := fmt.Sprintf("%s, %s, is lost", x.write(op.ID), x.acknowledged(op))
	if x.v.Missed != 0 {
		text += fmt.Sprintf(": %s stands in its place", x.write(x.v.Missed))
	}
	return text
}

func (x *explainer) updateLost() string {
	op, read := x.record(x.v.Op), x.asked()
	text, same := x.madeOf(op, read)+", took effect", "made of the same"
	if len(read.Result.Found.Siblings()) > 1 {
		same = "made of one of these as well" // the newest, which counts
	}
	if read.ID == op.ID {
		text = fmt.Sprintf("%s, in place of the %s it found, took effect at %s", x.write(op.ID), x.found(op), clock(op.End))
	}
	if x.v.Missed == 0 {
		return text + " without another of the same"
	}
	first := x.record(x.v.Missed)
	return fmt.Sprintf("%s without %s, %s and %s", text, x.write(first.ID), same, x.acknowledged(first))
}

// madeOf names a write with what its errand had read before.
func (x *explainer) madeOf(w, read *sim.Record) string {
	if len(read.Result.Found.Siblings()) > 1 {
		return fmt.Sprintf("%s, made of what it had read at %s, %s", x.write(w.ID), clock(read.End), x.found(read))
	}
	return fmt.Sprintf("%s, made of the %s it had read at %s", x.write(w.ID), x.found(read), clock(read.End))
}

// did says what the operation that cannot be placed did.
func (x *explainer) did() string {
	op, read := x.record(x.v.Op), x.asked()
	switch {
	case op.Kind == sim.Read:
		return x.client(op) + " read " + x.read(op)
	case read.ID != op.ID:
		return x.madeOf(op, read) + ", took effect"
	}
	return fmt.Sprintf("%s took effect at %s", x.write(op.ID), clock(op.End))
}

// missed names the write that was missed, and says what its client had been told of it.
func (x *explainer) missed() string {
	w := x.record(x.v.Missed)
	if !acknowledges(w) {
		return fmt.Sprintf("%s of %s, which %s", x.write(w.ID), clock(w.Start), x.unanswered(w))
	}
	return x.write(w.ID) + ", " + x.acknowledged(w)
}

// acknowledged says when a write was acknowledged, and how many replicas held it then, as far as the trail reaches back.
func (x *explainer) acknowledged(rec *sim.Record) string {
	text := fmt.Sprintf("acknowledged%s at %s", x.by("by", rec), clock(rec.End))
	if x.forgotten(rec.ID) {
		return text
	}
	at := x.answered(rec)
	n, of := x.holders(x.withSuccessors(rec.ID), at.at)
	if n > 0 {
		return fmt.Sprintf("%s when %d of %s held it", text, n, plural(int64(of), "replica", "replicas"))
	}
	text += " when no replica held it"
	rule := x.cluster.Config().Words["conflict"]
	if now, _ := x.heldAt(at.node, at.at); now.newest() != 0 && strings.HasPrefix(rule, "lww") {
		text += ", for a later stamp had outdone it"
	}
	return text
}

// although says against what its client, or others, had already found or written an operation did what it did; "" where
// that is no more than that it missed an acknowledged write.
func (x *explainer) although() string {
	if x.v.Missed == 0 {
		return ""
	}
	switch x.v.Kind {
	case Linearizable:
		return x.shownOthers()
	case ReadYourWrites:
		return x.ownWrite()
	case MonotonicReads:
		return x.ownRead()
	case MonotonicWrites:
		return x.laterWrite()
	case WritesFollowReads:
		return x.authorRead()
	case Causal, Sequential:
		for _, words := range []func() string{x.ownWrite, x.ownRead, x.authorRead, x.laterWrite} {
			if text := words(); text != "" {
				return text
			}
		}
	}
	if x.v.Kind == Causal {
		return " without " + x.missed() + ", although what it had read by then was written by somebody who could know of it"
	}
	return ""
}

// reads returns the counterexample's operations of a client that had found something before an operation began.
func (x *explainer) reads(client sim.Addr, before *sim.Record) []*sim.Record {
	var list []*sim.Record
	for _, id := range x.v.Ops {
		if rec := x.record(id); rec.Client == client && rec.Kind.Finds() && rec.Result.Outcome == sim.OK && rec.End < before.Start {
			list = append(list, rec)
		}
	}
	return list
}

// showed reports whether an operation found a write, alone or among others.
func showed(rec *sim.Record, w sim.OpID) bool {
	return rec.Result.Version == w || slices.Contains(writes(rec.Result.Found), w)
}

// shownOthers tells of a write without an acknowledgement that somebody had been shown.
func (x *explainer) shownOthers() string {
	op, w := x.record(x.v.Op), x.record(x.v.Missed)
	if acknowledges(w) && w.End < op.Start {
		return ""
	}
	for _, id := range x.v.Ops {
		q := x.record(id)
		if q.Kind.Finds() && q.Result.Outcome == sim.OK && q.End < op.Start && showed(q, w.ID) {
			who := x.client(q)
			if q.Client == op.Client {
				who = "it"
			}
			told := "under way still" // only its answer came later
			if !acknowledges(w) {
				told = "a write that " + x.unanswered(w)
			}
			return fmt.Sprintf(" although %s had read %s, %s", who, x.read(q), told)
		}
	}
	return ""
}

// ownWrite tells of a client that misses what it has written itself.
func (x *explainer) ownWrite() string {
	op, w := x.record(x.v.Op), x.record(x.v.Missed)
	if w.Client != op.Client || w.Kind == sim.Read {
		return ""
	}
	if !acknowledges(w) {
		return fmt.Sprintf(" although it had itself asked for %s at %s, which %s", x.asks(w), clock(w.Start), x.unanswered(w))
	}
	made := "written " + x.amount(w.Key, w.Value, w.ID)
	switch w.Kind {
	case sim.Delete:
		made = "deleted the value"
	case sim.Increment:
		made = fmt.Sprintf("added %d", w.Value)
	case sim.Add, sim.Remove:
		made = fmt.Sprintf("%s item %d", map[sim.OpKind]string{sim.Add: "added", sim.Remove: "removed"}[w.Kind], w.Value)
	}
	return fmt.Sprintf(" although it had itself %s, %s", made, x.acknowledged(w))
}

// ownRead tells of a client that misses what it has read before.
func (x *explainer) ownRead() string {
	op := x.record(x.v.Op)
	for _, q := range x.reads(op.Client, op) {
		if q.Key != op.Key || !showed(q, x.v.Missed) {
			continue
		}
		if x.found(q) == x.found(op) {
			return fmt.Sprintf(" without %s, although it had read that at %s", x.write(x.v.Missed), clock(q.End))
		}
		return " although it had read " + x.read(q)
	}
	return ""
}

// through returns a later write by a client, and by which operation the client that missed something had been shown it:
// before, or by the very operation that cannot be placed.
func (x *explainer) through(author sim.Addr, after sim.Time) (w, r *sim.Record) {
	op := x.record(x.v.Op)
	for _, r := range append(x.reads(op.Client, op), op) {
		for _, id := range x.v.Ops {
			w := x.record(id)
			if w.Kind != sim.Read && w.Client == author && w.Start >= after && w.ID != x.v.Missed && showed(r, id) {
				return w, r
			}
		}
	}
	return nil, nil
}

// laterWrite tells of a client that has read somebody's later write, and misses the one before.
func (x *explainer) laterWrite() string {
	first := x.record(x.v.Missed)
	if !acknowledges(first) {
		return ""
	}
	second, r := x.through(first.Client, first.End)
	switch {
	case second == nil:
		return ""
	case r.ID == x.v.Op:
		return fmt.Sprintf(" with %s, but without the %s that came before it, at %s", x.write(second.ID), x.wrote(first), clock(first.End))
	}
	return fmt.Sprintf(" without %s of %s, although at %s it had read the %s that came after it", x.write(first.ID), clock(first.End), clock(r.End), x.wrote(second))
}

// authorRead tells of a client that has read what somebody wrote, and misses what that one had read before.
func (x *explainer) authorRead() string {
	own := ""
	for _, id := range x.v.Ops {
		q := x.record(id)
		if id == x.v.Op || !q.Kind.Finds() || q.Result.Outcome != sim.OK || !showed(q, x.v.Missed) {
			continue
		}
		w, r := x.through(q.Client, q.End)
		switch {
		case w == nil:
		case w.Client == x.record(x.v.Op).Client:
			own = fmt.Sprintf(" without %s, although it had read that at %s and then written %s itself", x.write(x.v.Missed), clock(q.End), x.amount(w.Key, w.Value, w.ID)+x.ofKey("to", w.Key))
		case r.ID == x.v.Op:
			return fmt.Sprintf(" with %s, who had read %s before, but without that", x.write(w.ID), x.read(q))
		default:
			return fmt.Sprintf(" without %s, although at %s it had read %s, who had read that at %s", x.write(x.v.Missed), clock(r.End), x.write(w.ID), clock(q.End))
		}
	}
	return own
}

// unordered tells of operations that cannot be put in one order: of one client's, or of what two clients read.
func (x *explainer) unordered() string {
	const none = "no one order of the operations explains "
	if although := x.although(); although != "" {
		return capital(none) + "that " + x.did() + although
	}
	op := x.record(x.v.Op)
	var other *sim.Record
	for _, id := range x.v.Ops {
		q := x.record(id)
		if q.Kind.Finds() && q.Result.Outcome == sim.OK && q.Client != op.Client {
			other = q
		}
	}
	switch {
	case other == nil || !op.Kind.Finds():
		return capital(none) + "that " + x.did()
	case other.Kind == sim.Read && op.Kind == sim.Read:
		return fmt.Sprintf("%sboth what %s and what %s read: %s, and %s", capital(none), x.client(other), x.client(op), x.read(other), x.read(op))
	}
	return fmt.Sprintf("%sboth what %s found, %s, and what %s found, %s", capital(none), x.client(other), x.read(other), x.client(op), x.read(op))
}
