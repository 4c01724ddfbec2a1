package study

import (
	"context"
	"fmt"
	"slices"

	"netsplit/sim"
	"netsplit/sim/preset"
)

// World trials are the WARS model's, played by the quorum protocol in the world: three replicas, and a fourth node that
// holds none and coordinates. In place of serving clients, that node's driver writes a fresh key for each trial and
// reads it a time after the commit. Reads go to all replicas, nothing is repaired, and links take their delays from
// a profile. Every delay is noted, so that the model can be asked what must come of it.

// worldTrial is one write and one read of the world.
type worldTrial struct {
	legs                legs
	begun, commit       sim.Time // of the write; commit is 0 until it is acknowledged
	readBegun, readDone sim.Time
	stale               bool
}

// trials is one lane's driver and its observer.
type trials struct {
	sim.NopObserver
	env     sim.Env     // of the coordinator
	replica sim.Replica // the coordinator's
	gaps    []sim.Time  // from the commit to the read, taken in turn
	list    []worldTrial
	limit   int            // trials to begin
	of      map[uint64]int // the trial of each message in flight, by its ID
	current int            // the trial that the world is at work on; -1 for none
	due     []int          // trials whose read begins at this instant
	refused int
}

// trialSpacing is the time between the starts of trials; they may overlap.
const trialSpacing = 5 * sim.Millisecond

// timerTrial begins the next trial; timerRead and those after it begin the reads, each timer those of every
// timersRead-th trial. A trial whose write has not committed after ClientTimeout is given up, long before the next
// trial with its timer. Timers below are the protocol's.
const (
	timerTrial sim.TimerID = 8
	timerRead  sim.TimerID = 9
	timersRead             = 1024
)

// protocol is the quorum protocol with this driver at the last node.
func (t *trials) protocol() sim.Protocol {
	all := preset.Protocols()
	p := all[slices.IndexFunc(all, func(p sim.Protocol) bool { return p.Name == "quorum" })]
	base := p.New
	p.New = func(env sim.Env, cfg sim.Config) sim.Replica {
		if int(env.Self()) != env.Nodes()-1 {
			return &trialReplica{base(env, cfg), t}
		}
		t.env = env
		t.replica = base(&trialEnv{env, t}, cfg)
		return &trialDriver{trialReplica{t.replica, t}}
	}
	return p
}

// trialReplica tells which trial the messages that a replica sends belong to: that of the message it has received.
type trialReplica struct {
	sim.Replica
	t *trials
}

func (r *trialReplica) Receive(m *sim.Message) {
	r.t.current = -1
	if k, ok := r.t.of[m.ID]; ok {
		delete(r.t.of, m.ID)
		r.t.current = k
	}
	r.Replica.Receive(m)
	r.t.current = -1
}

// trialDriver is the coordinator.
type trialDriver struct{ trialReplica }

func (d *trialDriver) Start() {
	d.Replica.Start()
	d.t.env.SetTimer(timerTrial, trialSpacing)
}

func (d *trialDriver) Receive(m *sim.Message) {
	d.trialReplica.Receive(m)
	d.t.readDue()
}

func (d *trialDriver) Fire(id sim.TimerID) {
	switch t := d.t; {
	case id < timerTrial:
		d.Replica.Fire(id)
	case id == timerTrial:
		t.write()
	default:
		newest := len(t.list) - 1 // and of the trials that share the timer, the newest alone can be waiting
		t.due = append(t.due, newest-(newest-int(id-timerRead))%timersRead)
		t.readDue()
	}
}

func (t *trials) gap(k int) sim.Time { return t.gaps[k%len(t.gaps)] }

// serve hands the coordinator an operation of trial k.
func (t *trials) serve(k int, op sim.Op) {
	op.Key = fmt.Sprintf("k%08d", k)
	t.current = k
	t.replica.Serve(op)
	t.current = -1
}

// write begins a trial.
func (t *trials) write() {
	k := len(t.list)
	t.list = append(t.list, worldTrial{begun: t.env.Now()})
	t.serve(k, sim.Op{ID: sim.OpID(2*k + 1), Kind: sim.Write, Value: 1})
	if len(t.list) < t.limit {
		t.env.SetTimer(timerTrial, trialSpacing)
	}
}

// readDue begins the reads whose time has come.
func (t *trials) readDue() {
	for _, k := range t.due {
		t.list[k].readBegun = t.env.Now()
		t.serve(k, sim.Op{ID: sim.OpID(2*k + 2), Kind: sim.Read})
	}
	t.due = t.due[:0]
}

// trialEnv takes the coordinator's answers, which no client waits for.
type trialEnv struct {
	sim.Env
	t *trials
}

func (e *trialEnv) Reply(op sim.OpID, r sim.Result) {
	t, k := e.t, int(op-1)/2
	w := &t.list[k]
	switch {
	case r.Outcome == sim.Info: // given up
	case r.Outcome != sim.OK:
		t.refused++
	case op%2 == 0:
		w.readDone, w.stale = e.Now(), r.Version != op-1
	default:
		w.commit = e.Now()
		if t.gap(k) == 0 {
			t.due = append(t.due, k)
		} else {
			e.SetTimer(timerRead+sim.TimerID(k%timersRead), t.gap(k))
		}
	}
}

// Sent notes the delay of each message of a trial.
func (t *trials) Sent(m *sim.Message) {
	if t.current < 0 || m.Kind == sim.KindHeartbeat {
		return
	}
	t.of[m.ID] = t.current
	l := &t.list[t.current].legs
	delay := float64(m.Due - m.Sent)
	switch m.Kind {
	case sim.KindReplicate:
		l.w[m.To] = delay
	case sim.KindAck:
		l.a[m.From] = delay
	case sim.KindRequest:
		l.r[m.To] = delay
	case sim.KindReply:
		l.s[m.From] = delay
	}
}

// runTrials plays n trials for each gap, in turn, and then lets what is under way end.
func runTrials(ctx context.Context, profile string, c Quorum, gaps []sim.Time, n int) (*trials, error) {
	t := &trials{gaps: gaps, limit: n * len(gaps), of: map[uint64]int{}, current: -1}
	v := sim.Vocabulary{Protocols: []sim.Protocol{t.protocol()}}
	s, err := sim.Parse(fmt.Sprintf("seed %d\nregions us-east-1 us-west-2 eu-west-1 eu-central-1\nprofile %s\n"+
		"lane trials quorum n=%d r=%d w=%d placement=first read-fan-out=all read-repair=none\n", 10*c.R+c.W, profile, replicas, c.R, c.W), v)
	if err != nil {
		return nil, err
	}
	lab, err := sim.NewLab(s, v)
	if err != nil {
		return nil, err
	}
	if by := lab.Lanes()[0].Transport(); by != sim.Datagram {
		return nil, fmt.Errorf("profile %s: trials go by %s; the model has messages that overtake each other", profile, by)
	}
	lab.Lanes()[0].Observe(t)
	for end := sim.Time(t.limit)*trialSpacing + 10*sim.Second; lab.Now() < end; {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		lab.AdvanceTo(min(lab.Now()+10*sim.Second, end))
	}
	if lab.Now() >= sim.MaxTime || t.refused > 0 {
		return nil, fmt.Errorf("profile %s, %+v: %d operations refused by %s", profile, c, t.refused, lab.Now())
	}
	return t, nil
}

// disagreement compares a trial of the world with what the model makes of the same delays. A write that takes
// longer than clients wait is given up by the coordinator, and is compared no further.
func (w *worldTrial) disagreement(c Quorum) string {
	m := w.legs.evaluate()
	commit := m.commit[c.W-1]
	switch {
	case w.commit == 0 && commit < float64(sim.ClientTimeout-100*sim.Millisecond): // when the coordinator gives up
		return fmt.Sprintf("not committed, and by the model after %v us", commit)
	case w.commit == 0 || w.readDone == 0:
		return ""
	case float64(w.commit-w.begun) != commit:
		return fmt.Sprintf("committed after %s, by the model %v us", w.commit-w.begun, commit)
	case float64(w.readDone-w.readBegun) != m.read[c.R-1]:
		return fmt.Sprintf("read in %s, by the model %v us", w.readDone-w.readBegun, m.read[c.R-1])
	}
	if stale := float64(w.readBegun-w.commit) < m.missing[c.R-1]-commit; stale != w.stale {
		return fmt.Sprintf("stale %v, by the model %v", w.stale, stale)
	}
	return ""
}
