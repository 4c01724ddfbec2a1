package primary

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// world is a Lab of one lane, with what happened in it.
type world struct {
	sim.NopObserver
	t        testing.TB
	lab      *sim.Lab
	cluster  *sim.Cluster
	referee  *check.Referee
	scenario *sim.Scenario
	replicas []*replica
	answered map[sim.OpID]sim.Time // when a node first sent the answer to its client, who may have given up
	lines    []string
	reigns   int
}

// newWorld builds the world of a scenario that runs this protocol alone, with flaws.
func newWorld(t testing.TB, text string, f flaws) *world {
	t.Helper()
	w := &world{t: t, answered: map[sim.OpID]sim.Time{}}
	p := Protocol()
	p.New = func(env sim.Env, cfg sim.Config) sim.Replica {
		r := newReplica(env, cfg)
		r.flaws = f
		for len(w.replicas) <= int(env.Self()) {
			w.replicas = append(w.replicas, nil)
		}
		w.replicas[env.Self()] = r
		return r
	}
	v := sim.Vocabulary{Protocols: []sim.Protocol{p}}
	var err error
	if w.scenario, err = sim.Parse(text, v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if w.lab, err = sim.NewLab(w.scenario, v); err != nil {
		t.Fatal(err)
	}
	w.cluster = w.lab.Lanes()[0]
	w.referee = check.New(w.cluster)
	w.cluster.Observe(w)
	return w
}

func (w *world) until(text string) {
	w.t.Helper()
	at, err := sim.ParseTime(text)
	if err != nil {
		w.t.Fatal(err)
	}
	w.lab.AdvanceTo(at)
}

// do carries out a statement of the scenario language at the present instant.
func (w *world) do(format string, args ...any) {
	w.t.Helper()
	text := fmt.Sprintf("at 1s %s\n", fmt.Sprintf(format, args...))
	s := w.lab.Scenario()
	s.Commands = nil
	s.Expects = nil
	parsed, err := sim.Parse(s.String()+text, sim.Vocabulary{Protocols: []sim.Protocol{Protocol()}})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.lab.Do(parsed.Commands[0]); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tell(at sim.Time, format string, args ...any) {
	w.lines = append(w.lines, fmt.Sprintf("%8.3fs  ", float64(at)/float64(sim.Second))+fmt.Sprintf(format, args...))
}

// told returns what has been told since it was last asked.
func (w *world) told() string {
	text := strings.Join(append(w.lines, ""), "\n")
	w.lines = nil
	return text
}

func (w *world) region(a sim.Addr) string { return w.scenario.Regions[w.cluster.RegionOf(a)] }

func (w *world) Noted(n sim.Note) {
	text := string(n.Kind)
	if n.Node >= 0 {
		text = w.region(n.Node) + " " + text
	}
	switch n.Kind {
	case sim.NoteSuspect:
		text += fmt.Sprintf(" %s, silent for %s", w.region(n.Peer), sim.Time(n.N))
	case sim.NoteTrust:
		text += " " + w.region(n.Peer)
	case sim.NoteElected, sim.NoteDeposed, sim.NoteCampaign:
		if n.Kind == sim.NoteElected {
			w.reigns++
		}
		text += fmt.Sprintf(" on timeline %d", n.N)
	case sim.NoteRewound, sim.NoteOut:
		text += fmt.Sprintf(", %d writes that only it has", n.N)
	case sim.NoteAlone:
		text += fmt.Sprintf(", %d commits answered", n.N)
	}
	w.tell(n.At, "%s", text)
}

func (w *world) Finished(e *sim.Errand) {
	what := fmt.Sprintf("reads %s", e.Key)
	if e.Kind == sim.ErrandSet {
		what = fmt.Sprintf("writes %d to %s", e.Amount, e.Key)
	}
	told := fmt.Sprintf("%s %s", e.Outcome, e.Reason)
	if e.Outcome == sim.OK {
		told = strings.TrimSpace(fmt.Sprintf("ok %d %s", e.Balance, e.Reason))
	}
	w.tell(e.End, "%s %s (asked at %.3fs): %s", w.region(e.Client), what, float64(e.Start)/float64(sim.Second), told)
}

// Sent notes when answers leave for clients, and tells of those that come too late.
func (w *world) Sent(m *sim.Message) {
	op, ok := w.opOf(m)
	if !ok {
		return
	}
	if _, before := w.answered[op]; !before {
		w.answered[op] = m.Sent
		if rec := w.cluster.History()[op-1]; rec.Result.Outcome != sim.Pending {
			w.tell(m.Sent, "%s: the answer to what was asked at %.3fs comes too late", w.region(m.From), float64(rec.Start)/float64(sim.Second))
		}
	}
}

// opOf returns the operation that a message to a client answers.
func (w *world) opOf(m *sim.Message) (sim.OpID, bool) {
	if int(m.From) >= w.cluster.Nodes() || int(m.To) < w.cluster.Nodes() || m.Kind != sim.KindReply {
		return 0, false
	}
	b := m.Payload.AppendTrace(nil)
	return sim.OpID(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24), true
}

// roles says what each node takes itself for, and what it has.
func (w *world) roles() string {
	var b strings.Builder
	for i, r := range w.replicas {
		fmt.Fprintf(&b, "%s: %s on timeline %d, shows %d", w.region(sim.Addr(i)), roleNames[r.role], r.line.n, r.j.read(sim.Account).value)
		if end := r.j.end(sim.Account); end.write != r.j.read(sim.Account).write {
			fmt.Fprintf(&b, ", and has %d in its log", end.value)
		}
		if n := len(r.waiters); n > 0 {
			fmt.Fprintf(&b, ", %d commits wait", n)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// losses says which acknowledged writes are gone, as the referee has it.
func (w *world) losses() string {
	var b strings.Builder
	for _, l := range w.referee.Losses() {
		rec := w.cluster.History()[l.Write-1]
		fmt.Fprintf(&b, "%s's write of %d, acknowledged at %.3fs, is lost\n", w.region(rec.Client), rec.Value, float64(rec.End)/float64(sim.Second))
	}
	if b.Len() == 0 {
		return "nothing is lost\n"
	}
	return b.String()
}

// prefixes complains of a standby whose log is not the beginning of the log of the primary of its timeline.
func (w *world) prefixes() error {
	for i, p := range w.replicas {
		for k, s := range w.replicas {
			if p.role != primary || s.role != standby || s.line != p.line || s.j.last() == 0 {
				continue
			}
			last := s.j.records[s.j.last()-1]
			if last.line != p.line { // what it has of before is compared when it calls
				continue
			}
			if s.j.last() > p.j.last() || !slices.Equal(s.j.records, p.j.records[:s.j.last()]) {
				return fmt.Errorf("the log of node %d is not the beginning of that of node %d, both on timeline %d", k, i, p.line.n)
			}
		}
	}
	return nil
}
