package check

import "netsplit/sim"

// Referee watches one Cluster from its start.
type Referee struct {
	sim.NopObserver
	cluster *sim.Cluster

	tick      int64 // counts calls and returns, so that no two coincide
	registers map[string]*register
	order     []*register // by first mention of their keys
	violated  []Violation // what had been found by the tick of looked
	looked    int64
	lost      *lostWrites
	ledger    *ledger
	weak      *weak
	converge  *convergence
	stale     map[sim.OpID]Stale
	readings  []Reading
	acked     map[string][]*sim.Record // writes acknowledged, by key, in order of acknowledgement

	counts  [4]int // completed operations by Outcome
	updates *updates
	served  *served
	figures *figures
	ways    *ways
	eras    *eras
	notes   []sim.Note

	trail  *trail
	causes causes
}

// New begins to watch a cluster in which nothing has happened yet.
func New(c *sim.Cluster) *Referee {
	r := &Referee{cluster: c, looked: -1, registers: map[string]*register{}, stale: map[sim.OpID]Stale{},
		acked: map[string][]*sim.Record{}}
	r.lost = newLostWrites(c, r.lose)
	r.ledger = newLedger(c)
	r.updates = newUpdates(c, func(u UpdateLoss) { r.explain(u.violation(r)) })
	r.served, r.figures, r.ways, r.eras = newServed(c), newFigures(c), newWays(c), newEras(c)
	r.trail, r.causes.of = newTrail(c), map[Kind]int{}
	r.weak = newWeak(r.lost.record, r.lost.before)
	r.converge = newConvergence(r.lost)
	c.Observe(r)
	return r
}

// Invoked takes the call of an operation.
func (r *Referee) Invoked(rec *sim.Record) {
	r.tick++
	e := r.cluster.ErrandOf(rec.ID)
	r.register(rec.Key).call(rec, r.tick, r.basis(e))
	r.weak.called(rec)
	r.converge.asked(rec.Key)
	r.ledger.begin(e)
	r.ways.called(rec)
}

// Returned takes the end of an operation.
func (r *Referee) Returned(rec *sim.Record) {
	r.tick++
	r.register(rec.Key).returned(rec, r.tick)
	r.weak.returned(rec)
	way, known := r.ways.returned(rec)
	latency := latencyOf(r.cluster, rec)
	r.counts[rec.Result.Outcome]++
	r.figures.count(rec, latency, way, known)
	r.eras.count(rec, latency, way, known)
	defer r.explainInTime()
	if rec.Result.Outcome != sim.OK {
		return
	}
	switch {
	case rec.Kind == sim.Read:
		r.read(rec)
		r.judgeRead(rec)
	case rec.Result.Applied:
		r.acked[rec.Key] = append(r.acked[rec.Key], rec)
		r.lost.acknowledged(rec)
		r.updates.acknowledged(rec)
	}
}

// Finished takes the end of an errand.
func (r *Referee) Finished(e *sim.Errand) { r.ledger.end(e) }

// Books returns the workload's view of its keys at this moment.
func (r *Referee) Books() Books { return r.ledger.books() }

// Holds takes the latest writes that a replica holds.
func (r *Referee) Holds(node sim.Addr, key string, writes []sim.OpID) {
	r.trail.holds(node, key, writes)
	r.lost.holds(node, key, writes)
	r.converge.holds(key)
}

// Follows takes one write's succession to another.
func (r *Referee) Follows(w, before sim.OpID) { r.lost.follows(w, before) }

// Sent takes the departure of a message.
func (r *Referee) Sent(m *sim.Message) {
	r.trail.sent(m)
	r.ways.sent(m)
	r.served.sent(m)
}

// Arrived takes the end of a message's way.
func (r *Referee) Arrived(m *sim.Message) {
	r.trail.arrived(m)
	r.lost.moved(m)
	r.served.arrived(m)
}

// Lost takes the loss of a message.
func (r *Referee) Lost(m *sim.Message, _ sim.Time) {
	r.trail.lost(m)
	r.lost.moved(m)
}

// GaveUp takes the end of a message that waited to be sent.
func (r *Referee) GaveUp(m *sim.Message) {
	r.trail.waitsNoMore(m)
	r.lost.moved(m)
}

// Noted takes what happens to machines and links.
func (r *Referee) Noted(n sim.Note) {
	r.trail.noted(n)
	switch n.Kind {
	case sim.NoteMachine:
		r.lost.machines()
		r.served.machine(n.Node)
		r.eras.disturbed()
		r.converge.faults()
	case sim.NotePartition, sim.NoteHeal, sim.NoteLinks:
		r.eras.linked()
		r.eras.disturbed()
		r.converge.faults()
	}
}

func (r *Referee) register(key string) *register {
	g := r.registers[key]
	if g == nil {
		g = newRegister(key, r.cluster.Workload().Opening(key))
		r.registers[key] = g
		r.order = append(r.order, g)
	}
	return g
}

// basis returns the version that an Errand found with the operation before its latest; 0 for the opening value, or none.
func (r *Referee) basis(e *sim.Errand) sim.OpID {
	if len(e.Ops) < 2 {
		return 0
	}
	return r.cluster.History()[e.Ops[len(e.Ops)-2]-1].Result.Version
}

func (r *Referee) lose(l Loss) {
	r.notes = append(r.notes, sim.Note{At: r.cluster.Now(), Kind: sim.NoteLost, Node: -1, Peer: -1, N: int64(l.Write)})
	r.explain(r.LostWrite(l))
}

// TakeNotes returns what the referee has to tell viewers since it was last asked: writes lost, and the violation.
// The violation is noted at the end of the completion after which no linearization exists.
func (r *Referee) TakeNotes() []sim.Note {
	notes := r.notes
	r.notes = nil
	return notes
}

// PeekNotes returns what TakeNotes would, and changes nothing; treat it as read-only.
func (r *Referee) PeekNotes() []sim.Note { return r.notes }

// Losses returns the lost writes, in the order in which they were lost; treat it as read-only.
func (r *Referee) Losses() []Loss { return r.lost.losses }
