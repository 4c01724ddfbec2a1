package check

import (
	"math"
	"slices"

	"netsplit/sim"
)

// Referee watches one Cluster from its start.
type Referee struct {
	sim.NopObserver
	cluster *sim.Cluster

	tick      int64 // counts calls and returns, so that no two coincide
	registers map[string]*register
	order     []*register // by first mention of their keys
	lost      *lostWrites
	ledger    *ledger
	weak      *weak
	converge  *convergence
	stale     map[sim.OpID]Stale
	acked     map[string][]*sim.Record // writes acknowledged, by key, in order of acknowledgement

	counts    [4]int // completed operations by Outcome
	latencies []sim.Time
	notes     []sim.Note

	trail  *trail
	causes causes
}

// New begins to watch a cluster in which nothing has happened yet.
func New(c *sim.Cluster) *Referee {
	r := &Referee{cluster: c, registers: map[string]*register{}, stale: map[sim.OpID]Stale{},
		acked: map[string][]*sim.Record{}}
	r.lost = newLostWrites(c, r.lose)
	r.ledger = newLedger(c)
	r.trail, r.causes.of = newTrail(c), map[Kind]int{}
	r.weak = newWeak(func(w sim.OpID) []sim.OpID { return r.lost.parents[w] })
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
}

// Returned takes the end of an operation.
func (r *Referee) Returned(rec *sim.Record) {
	r.tick++
	r.register(rec.Key).returned(rec, r.tick)
	r.weak.returned(rec)
	r.count(rec)
	defer r.explainInTime()
	if rec.Result.Outcome != sim.OK {
		return
	}
	switch {
	case rec.Kind == sim.Read:
		r.judgeRead(rec)
	case rec.Result.Applied:
		r.acked[rec.Key] = append(r.acked[rec.Key], rec)
		r.lost.acknowledged(rec)
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

// Arrived takes the end of a message's way.
func (r *Referee) Arrived(m *sim.Message) {
	r.trail.arrived(m)
	r.lost.moved(m)
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

// Noted takes what happens to machines.
func (r *Referee) Noted(n sim.Note) {
	r.trail.noted(n)
	switch n.Kind {
	case sim.NoteMachine:
		r.lost.machines()
		r.converge.faults()
	case sim.NotePartition, sim.NoteHeal, sim.NoteLinks:
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

// count takes a completed operation into the figures. An operation without an answer counts as having taken at
// least the client's timeout, so that refusing fast does not look fast.
func (r *Referee) count(rec *sim.Record) {
	r.counts[rec.Result.Outcome]++
	latency := rec.End - rec.Start
	if rec.Result.Outcome != sim.OK {
		latency = max(latency, r.cluster.Workload().AttemptTimeout())
	}
	i, _ := slices.BinarySearch(r.latencies, latency)
	r.latencies = slices.Insert(r.latencies, i, latency)
}

// Scores are the figures of a lane so far. Times are in milliseconds.
type Scores struct {
	Operations     int     `json:"operations"` // completed
	OK             int     `json:"ok"`
	Fail           int     `json:"fail"`
	Info           int     `json:"info"`
	Pending        int     `json:"pending"`
	Answered       float64 `json:"answered"` // percent of the completed operations that were answered
	StaleReads     int     `json:"stale_reads"`
	LostWrites     int     `json:"lost_writes"`
	AtRisk         int     `json:"at_risk"`         // acknowledged writes held by no running replica, and not lost
	DistinctValues int     `json:"distinct_values"` // over the replicas, of the workload's key of which they hold most
	Damage         int64   `json:"damage"`          // how much is wrong by the workload's invariant; negative: missing
	DamageText     string  `json:"damage_text,omitempty"`
	Latency        Latency `json:"latency_ms"`
	Books          Books   `json:"-"`
}

// Latency holds nearest-rank percentiles over all completed operations, in milliseconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// Scores returns the figures so far.
func (r *Referee) Scores() Scores {
	s := Scores{OK: r.counts[sim.OK], Fail: r.counts[sim.Fail], Info: r.counts[sim.Info],
		StaleReads: len(r.stale), LostWrites: len(r.lost.losses), AtRisk: r.lost.atRisk(), Answered: 100}
	s.Operations = s.OK + s.Fail + s.Info
	s.Pending = len(r.cluster.History()) - s.Operations
	if s.Operations > 0 {
		s.Answered = 100 * float64(s.OK) / float64(s.Operations)
	}
	s.Latency = Latency{P50: r.percentile(50), P99: r.percentile(99)}
	s.Books = r.Books()
	s.DistinctValues, s.Damage, s.DamageText = s.Books.Distinct, s.Books.Damage, s.Books.Text
	return s
}

func (r *Referee) percentile(p int) float64 {
	if len(r.latencies) == 0 {
		return 0
	}
	rank := int(math.Ceil(float64(p) / 100 * float64(len(r.latencies))))
	return r.latencies[rank-1].Milliseconds()
}

// Losses returns the lost writes, in the order in which they were lost; treat it as read-only.
func (r *Referee) Losses() []Loss { return r.lost.losses }
