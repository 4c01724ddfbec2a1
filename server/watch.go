package server

import (
	"slices"
	"sort"

	"netsplit/sim"
)

// watch keeps of a lane when things happened that viewers step to, and what the timeline is painted with.
type watch struct {
	sim.NopObserver
	lane    *laneFeed
	reigns  []Reign
	bands   []Band
	faults  []sim.Time // when commands were carried out that are faults, or undo them
	message sim.Time   // when a message between nodes was last sent, handed over or lost; -1 for never

	counts [len(walks)]int // of what one can step to, so far; of violations, see broken
	judged int             // the operations' count when the models were last asked
	models int             // that were violated then
}

func newWatch(l *laneFeed) *watch {
	w := &watch{lane: l, message: -1}
	l.cluster.Observe(w)
	return w
}

// Sent counts a message.
func (w *watch) Sent(m *sim.Message) { w.crossed(m) }

// Arrived counts a message.
func (w *watch) Arrived(m *sim.Message) { w.crossed(m) }

// Lost counts a message.
func (w *watch) Lost(m *sim.Message, _ sim.Time) { w.crossed(m) }

func (w *watch) crossed(m *sim.Message) {
	if nodes := w.lane.cluster.Nodes(); int(m.From) < nodes && int(m.To) < nodes {
		w.message = w.lane.cluster.Now()
		w.counts[walkMessage]++
	}
}

// Invoked counts the beginning of an operation.
func (w *watch) Invoked(*sim.Record) { w.counts[walkOperation]++ }

// Returned counts the end of an operation.
func (w *watch) Returned(*sim.Record) { w.counts[walkOperation]++ }

// Commanded counts a fault, or what undoes one.
func (w *watch) Commanded(cmd sim.Command) {
	if cmd.Fault() {
		w.faults = append(w.faults, w.lane.cluster.Now())
		w.counts[walkFault]++
	}
}

// Noted keeps who leads, and looks for what is wrong after a command.
func (w *watch) Noted(n sim.Note) {
	switch n.Kind {
	case sim.NoteElected:
		w.counts[walkElection]++
		w.depose(n.Node, n.At)
		w.reigns = append(w.reigns, Reign{From: n.At, Until: -1, Node: n.Node, Term: n.N})
	case sim.NoteDeposed:
		w.depose(n.Node, n.At)
	case sim.NotePartition, sim.NoteHeal, sim.NoteLinks, sim.NoteMachine:
		w.look(n.At)
	}
}

// depose ends a node's reign, if it has one.
func (w *watch) depose(node sim.Addr, at sim.Time) {
	for i := len(w.reigns) - 1; i >= 0; i-- {
		if r := &w.reigns[i]; r.Node == node {
			if r.Until < 0 {
				r.Until = at
			}
			return
		}
	}
}

// look begins and ends the bands of what is wrong with links and machines now.
func (w *watch) look(at sim.Time) {
	wrong := w.wrong()
	for i := range w.bands {
		b := &w.bands[i]
		if b.Until >= 0 {
			continue
		}
		if k := slices.Index(wrong, bandName{b.What, b.Node}); k >= 0 {
			wrong = slices.Delete(wrong, k, k+1)
			continue
		}
		b.Until = at
	}
	for _, n := range wrong {
		w.bands = append(w.bands, Band{What: n.what, From: at, Until: -1, Node: n.node})
	}
}

// bandName tells the bands that are open at once apart.
type bandName struct {
	what string
	node sim.Addr // -1 for links
}

// wrong lists what is wrong with links and machines now, each once. A node that is down leads nobody.
func (w *watch) wrong() (list []bandName) {
	c := w.lane.cluster
	put := func(is bool, what string, node sim.Addr) {
		if n := (bandName{what, node}); is && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	var worst sim.LinkState
	for a := range sim.Addr(c.Endpoints()) {
		for b := range sim.Addr(c.Endpoints()) {
			worst = worst.Worse(c.LinkState(a, b))
		}
	}
	put(worst.Parted, "parted", -1)
	put(worst.Cut, "cut", -1)
	put(worst.Held, "held", -1)
	put(worst.Drop != 0, "drop", -1)
	put(worst.Duplicate != 0, "duplicate", -1)
	put(worst.Reorder != 0, "reorder", -1)
	put(worst.More != 0, "delay", -1)
	for a := range sim.Addr(c.Nodes()) {
		m := c.Describe(a).MachineView
		if m.Down {
			w.depose(a, c.Now())
		}
		put(m.Down, "down", a)
		put(m.Paused, "paused", a)
		put(m.Service != 0, "slow", a)
		put(m.Skew != 0, "skew", a)
		put(m.Drift != 0, "drift", a)
		put(m.Fsync != 0 || m.Stuck, "fsync", a)
	}
	return list
}

// violations returns when each promise was broken, in order of time: the first violation of each model, writes lost, and
// updates lost.
func (w *watch) violations() (list []Pin) {
	r := w.lane.referee
	for _, v := range r.Violations() {
		list = append(list, Pin{At: v.At, Kind: string(v.Kind), Op: v.Op})
	}
	for _, l := range r.Losses() {
		list = append(list, Pin{At: l.At, Kind: "lost-write", Op: l.Write})
	}
	for _, u := range r.LostUpdates() {
		list = append(list, Pin{At: u.At, Kind: "lost-update", Op: u.Second})
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].At < list[j].At })
	return list
}

// moments calls with every moment of a kind that is kept: of all but events and messages.
func (w *watch) moments(kind walkKind, call func(sim.Time)) {
	switch kind {
	case walkOperation:
		for _, rec := range w.lane.cluster.History() {
			call(rec.Start)
			if rec.Result.Outcome != sim.Pending {
				call(rec.End)
			}
		}
	case walkElection:
		for _, r := range w.reigns {
			call(r.From)
		}
	case walkFault:
		for _, at := range w.faults {
			call(at)
		}
	case walkViolation:
		for _, p := range w.violations() {
			call(p.At)
		}
	}
}
