package server

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sort"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/study"
)

// feed turns one Run into States and Deltas. A State shows the run as of the last Delta.
type feed struct {
	run      *study.Run
	lanes    []*laneFeed
	seq      uint64
	groups   []int
	scenario sim.Scenario // with the commands that viewers have been shown
	revision uint64       // of those commands
	at       sim.Time     // of the last Delta: what had been carried out by then does not change any more
}

// laneFeed remembers what viewers have been shown of one lane.
type laneFeed struct {
	cluster  *sim.Cluster
	warnings []WarningView // of the set-up
	recorder *sim.Recorder
	referee  *check.Referee
	watch    *watch
	series   *check.Series   // nil in a replay
	nodes    []*sim.NodeView // read-only
	clients  []ClientState
	cut      []bool // of each cable
	links    []CableLinks
	cabling  []CableLinks // room to work them out in
	flying   []sim.MessageView
	stories  []Story
	verdict  Verdict
	models   []ModelVerdict
	judged   int // the operations' count when the models were last asked
	causes   []CauseView
	scores   Scores
	ops      opFeed
}

// newFeed sets a run up from the start of a scenario.
func newFeed(s *sim.Scenario) (*feed, error) {
	run, err := study.New(s)
	if err != nil {
		return nil, err
	}
	f := &feed{run: run}
	for i, c := range run.Lanes() {
		l := &laneFeed{cluster: c, recorder: sim.NewRecorder(c), referee: run.Referees[i],
			nodes: slices.Repeat([]*sim.NodeView{{}}, c.Nodes()), clients: make([]ClientState, c.Clients())}
		l.watch = newWatch(l)
		f.lanes = append(f.lanes, l)
	}
	for _, w := range run.Warnings() {
		for _, l := range f.lanes {
			if l.cluster.Name == w.Lane {
				l.warnings = append(l.warnings, WarningView{Knob: w.Knob, Text: w.Text})
			}
		}
	}
	f.delta(Clock{})
	return f, nil
}

// delta returns what has changed since the delta before.
func (f *feed) delta(clock Clock) Delta {
	f.seq++
	d := Delta{Type: "delta", Seq: f.seq, Clock: clock, Lanes: make([]LaneDelta, 0, len(f.lanes))}
	if g := f.run.Groups(); !slices.Equal(g, f.groups) || (g == nil) != (f.groups == nil) {
		f.groups = append([]int(nil), g...)
		d.Groups = f.groups
	}
	if r := f.run.Revision(); r != f.revision {
		shown := f.scenario.Commands
		f.scenario, f.revision = f.run.Scenario(), r
		done := sort.Search(len(shown), func(i int) bool { return shown[i].At > f.at })
		d.Log = logChange(shown, f.scenario.Commands, done)
	}
	f.at = f.run.Now()
	for _, l := range f.lanes {
		d.Lanes = append(d.Lanes, l.delta())
	}
	return d
}

// logChange returns what makes the log of what has been shown, of which the first from are the same; nil if all are.
func logChange(shown, log []sim.Command, from int) *LogChange {
	same := func(i, j int) bool { return reflect.DeepEqual(shown[i], log[j]) }
	rest := 0
	for from < min(len(shown), len(log)) && same(from, from) {
		from++
	}
	for rest < min(len(shown), len(log))-from && same(len(shown)-1-rest, len(log)-1-rest) {
		rest++
	}
	c := &LogChange{From: from, Dropped: len(shown) - rest - from, Added: log[from : len(log)-rest]}
	if c.Dropped == 0 && len(c.Added) == 0 {
		return nil
	}
	return c
}

// state returns everything, as of the last delta.
func (f *feed) state(clock Clock) State {
	s := f.frame(clock)
	for i, l := range f.lanes {
		s.Lanes = append(s.Lanes, l.state(f.scenario.Lanes[i]))
	}
	return s
}

// frame returns a State without its lanes.
func (f *feed) frame(clock Clock) State {
	s := State{Type: "state", Seq: f.seq, Engine: sim.Engine, Title: f.scenario.Title,
		Workload: f.scenario.Workload.String(), Kinds: sim.MessageKinds(), OpKinds: sim.OpKinds(), Outcomes: sim.Outcomes(), Commands: f.scenario.Commands,
		Unit: f.scenario.Workload.Unit(), Visits: f.scenario.Workload.VisitsTo(f.scenario.Workload.MainKey()), MainKey: f.scenario.Workload.MainKey(), Clock: clock, Groups: f.groups,
		Nodes: []EndpointView{}, Clients: []EndpointView{}}
	if s.Commands == nil {
		s.Commands = []sim.Command{}
	}
	c := f.run.Lanes()[0] // all have the same endpoints and the same delays
	for a := range sim.Addr(c.Endpoints()) {
		view := EndpointView{Name: c.NameOf(a), Region: c.RegionOf(a)}
		if int(a) < c.Nodes() {
			s.Nodes = append(s.Nodes, view)
		} else {
			s.Clients = append(s.Clients, view)
		}
	}
	s.Cables = []CableView{}
	s.Regions = places(f.scenario.Regions)
	for i := range s.Regions {
		for j := range i {
			s.Cables = append(s.Cables, cableView(c, f.scenario.Regions, j, i))
		}
	}
	return s
}

func (l *laneFeed) state(lane sim.Lane) LaneState {
	s := LaneState{Name: lane.Name, Protocol: lane.Protocol, Mode: modeOf(lane.Protocol), Modelled: modelled(lane.Protocol), Transport: lane.Transport,
		Warnings: append([]WarningView{}, l.warnings...), Knobs: []KnobView{}, Clients: l.clients, Cut: l.cut, Links: l.links,
		Packets: packets(l.flying), Stories: append([]Story{}, l.stories...), Verdict: l.verdict,
		Models: l.models, Causes: append([]CauseView{}, l.causes...), Scores: l.scores}
	for _, k := range lane.Knobs {
		s.Knobs = append(s.Knobs, KnobView{Name: k.Name, Value: k.Value})
	}
	for _, n := range l.nodes {
		s.Nodes = append(s.Nodes, *n)
	}
	for a := range sim.Addr(l.cluster.Nodes()) {
		s.Holds = append(s.Holds, l.cluster.Replicates(a, l.cluster.Workload().MainKey()))
	}
	l.strips(&s)
	s.Keys, s.Says, s.Ops, l.ops.lent = append([]string{}, l.ops.keys...), append([]string{}, l.ops.says...), l.ops.latest, true
	return s
}

func (l *laneFeed) delta() LaneDelta { return l.take(l.recorder.Take(), l.referee.TakeNotes) }

// take brings what viewers have been shown up to date, with what has happened since. The referee is asked what it has
// judged after its verdict: it judges when it is asked.
func (l *laneFeed) take(frame sim.Frame, judged func() []sim.Note) LaneDelta {
	d := LaneDelta{Packets: packets(frame.Sent, frame.Moved)}
	for i, n := range frame.Nodes {
		l.node(&d, i, n)
	}
	for i, c := range frame.Clients {
		if view := l.client(c); !view.equal(l.clients[i]) {
			l.clients[i] = view
			d.Clients = put(d.Clients, i, view)
		}
	}
	l.wires(&d)
	for _, fate := range frame.Lost {
		d.Lost = append(d.Lost, Fate{int64(fate.ID), int64(fate.At)})
	}
	if v := verdictView(l.referee.Verdict()); v != l.verdict {
		l.verdict = v
		d.Verdict = new(v)
	}
	if s := l.scoresView(); s != l.scores {
		l.scores = s
		d.Scores = new(s)
	}
	if models := l.modelsView(); !slices.Equal(models, l.models) {
		l.models, d.Models = models, models
	}
	keys, says := len(l.ops.keys), len(l.ops.says)
	ops, ended := l.ops.strips(l)
	d.Ops, d.Keys, d.Says = ops, l.ops.keys[keys:], l.ops.says[says:]
	d.Causes = l.newCauses()
	for _, n := range latest(inOrder(frame.Notes, judged(), l.ops.news(ended))) {
		d.Stories = append(d.Stories, l.story(n))
	}
	l.flying = l.recorder.InFlightViews(l.flying[:0])
	if len(d.Stories) > 0 {
		l.stories = slices.Clone(latest(slices.Concat(l.stories, d.Stories)))
	}
	return d
}

// node puts what has changed of a node into a delta.
func (l *laneFeed) node(d *LaneDelta, i int, n *sim.NodeView) {
	was := l.nodes[i]
	if n == was {
		return
	}
	l.nodes[i] = n
	if !n.Equal(*was) {
		d.Nodes = put(d.Nodes, i, *n)
	}
	if !slices.EqualFunc(n.Timers, was.Timers, sim.TimerView.Equal) {
		d.Timers = put(d.Timers, i, append([]sim.TimerView{}, n.Timers...))
	}
	if !n.Log.Equal(was.Log) {
		d.Logs = put(d.Logs, i, patch(l.logView(was.Log), l.logView(n.Log)))
	}
	if !slices.Equal(n.Tallies, was.Tallies) {
		d.Tallies = put(d.Tallies, i, append([]sim.TallyView{}, n.Tallies...))
	}
}

// logView shortens the end of a log for the wire.
func (l *laneFeed) logView(log *sim.LogView) LogView {
	view := LogView{Entries: []LogStrip{}}
	if log == nil {
		return view
	}
	view.Durable, view.Commit = log.Durable, log.Commit
	for _, e := range log.Entries {
		kind := int64(0)
		switch {
		case e.Kind == sim.LogOwn:
			kind = 3
		case e.Kind == sim.LogVoid:
			kind = 2
		case e.Key != l.cluster.Workload().MainKey():
			kind = 1
		}
		view.Entries = append(view.Entries, LogStrip{e.Index, e.Term, int64(e.Write), e.Value, kind})
	}
	return view
}

// patch returns what makes of the end of a log what it is now.
func patch(was, now LogView) LogPatch {
	p := LogPatch{Durable: now.Durable, Commit: now.Commit, Dropped: len(was.Entries)}
	if len(now.Entries) > 0 {
		if i := slices.Index(was.Entries, now.Entries[0]); i >= 0 {
			p.Dropped = i
		}
	}
	left := was.Entries[p.Dropped:]
	for p.Kept < min(len(left), len(now.Entries)) && left[p.Kept] == now.Entries[p.Kept] {
		p.Kept++
	}
	p.Entries = now.Entries[p.Kept:]
	return p
}

// strips adds what a lane's state shows of each node beside its NodeView.
func (l *laneFeed) strips(s *LaneState) {
	logs := false
	for _, n := range l.nodes {
		s.Timers = append(s.Timers, append([]sim.TimerView{}, n.Timers...))
		s.Tallies = append(s.Tallies, append([]sim.TallyView{}, n.Tallies...))
		s.Logs = append(s.Logs, l.logView(n.Log))
		logs = logs || n.Log != nil
	}
	if !logs {
		s.Logs = nil
	}
}

// inOrder returns what has happened since the frame before, what the referee has to say of it and what clients have read,
// in order of time.
func inOrder(noted, judged, told []sim.Note) []sim.Note {
	all := slices.Concat(noted, judged, told)
	slices.SortStableFunc(all, func(a, b sim.Note) int { return cmp.Compare(a.At, b.At) })
	return all
}

// latest returns the last MaxStories of a list.
func latest[T any](list []T) []T { return list[max(0, len(list)-MaxStories):] }

func put[V any](m map[int]V, i int, v V) map[int]V {
	if m == nil {
		m = map[int]V{}
	}
	m[i] = v
	return m
}

// packets returns lists of messages one after another; nil if there are none.
func packets(lists ...[]sim.MessageView) (all []Packet) {
	for _, views := range lists {
		all = slices.Grow(all, len(views))
		for _, m := range views {
			all = append(all, Packet{int64(m.ID), int64(m.From), int64(m.To), int64(m.Kind), int64(m.Sent), int64(m.Due), int64(m.Lost)})
		}
	}
	return all
}

// equal reports whether both show the same.
func (c ClientState) equal(o ClientState) bool {
	return c.Asking.Equal(o.Asking) && c.Told.Equal(o.Told) && (c.Stale == o.Stale || c.Stale != nil && o.Stale != nil && *c.Stale == *o.Stale)
}

func (l *laneFeed) client(c sim.ClientView) ClientState {
	view := ClientState{Asking: c.Asking, Told: c.Told}
	if c.Told == nil || c.Told.Kind != sim.ErrandLook || len(c.Told.Ops) == 0 {
		return view
	}
	if s, ok := l.referee.Stale(c.Told.Ops[len(c.Told.Ops)-1]); ok {
		view.Stale = &StaleView{Age: s.Age, Behind: s.Behind}
	}
	return view
}

func verdictView(v check.Verdict) Verdict {
	return Verdict{Linearizable: string(v.Answer), ViolationAt: v.ViolationAt, Covers: v.Covers}
}

func (l *laneFeed) scoresView() Scores {
	s := l.referee.Scores()
	b := s.Books
	return Scores{Operations: s.Operations, OK: s.OK, Fail: s.Fail, Info: s.Info, StaleReads: s.StaleReads,
		LostWrites: s.LostWrites, AtRisk: s.AtRisk, P50: s.Latency.P50, P99: s.Latency.P99,
		Books: Books{Low: b.Low, High: b.High, Agreed: b.Agreed, Held: b.Held, Damage: b.Damage, DamageText: b.Text}}
}

// story completes a note with what it takes to tell it.
func (l *laneFeed) story(n sim.Note) Story {
	s := Story{At: n.At, Kind: n.Kind, Node: n.Node, Peer: n.Peer, N: n.N}
	if n.Kind == sim.NoteLost {
		s.Loss = l.loss(sim.OpID(n.N))
	}
	if n.Kind == sim.NoteViolated {
		s.Find = l.finding(int(n.N))
	}
	if n.Kind == sim.NoteTold {
		s.Told = l.told(sim.OpID(n.N))
	}
	return s
}

func (l *laneFeed) loss(w sim.OpID) *Loss {
	for _, lost := range l.referee.Losses() {
		if lost.Write != w {
			continue
		}
		rec := l.cluster.History()[w-1]
		errand := l.cluster.ErrandOf(w)
		view := &Loss{Op: w, Client: l.region(rec), Kind: errand.Kind, Amount: errand.Amount, Value: l.cluster.Shown(rec.Key, rec.Value, w),
			Acked: rec.End, Over: lost.Over, OverBy: -1, Unseen: lost.Parted}
		if lost.Over != 0 {
			over := l.cluster.History()[lost.Over-1]
			view.OverBy, view.OverVal = l.region(over), l.cluster.Shown(over.Key, over.Value, over.ID)
		}
		return view
	}
	panic(fmt.Sprintf("server: lane %s: lost write %d has no loss", l.cluster.Name, w))
}

// finding says what makes the violation at a completion plain: an operation did not meet a write, although that had been
// acknowledged, or shown to somebody, before it began; nil where it is not as plain as that.
func (l *laneFeed) finding(completion int) *Finding {
	v, violated := l.referee.NotLinearizable()
	if !violated || v.Completion != completion || v.Missed == 0 {
		return nil
	}
	op, missed := l.cluster.History()[v.Op-1], l.cluster.History()[v.Missed-1]
	if !op.Kind.Finds() || op.Result.Outcome != sim.OK {
		return nil
	}
	f := &Finding{Client: l.region(op), Value: l.cluster.Shown(op.Key, op.Result.Value, op.Result.Version), At: op.End}
	if missed.Result.Outcome == sim.OK && missed.End < op.Start {
		f.By, f.Newer, f.Known = l.region(missed), l.cluster.Shown(missed.Key, missed.Value, missed.ID), missed.End
		return f
	}
	for _, id := range v.Ops {
		if q := l.cluster.History()[id-1]; q.Kind.Finds() && q.Result.Outcome == sim.OK && q.Result.Version == missed.ID && q.End < op.Start {
			f.By, f.Newer, f.Known, f.Shown = l.region(q), l.cluster.Shown(q.Key, q.Result.Value, q.Result.Version), q.End, true
			return f
		}
	}
	return nil
}

func (l *laneFeed) region(rec *sim.Record) int { return l.cluster.RegionOf(rec.Client) }

// encode writes a message of our own making.
func encode(msg any) []byte {
	b, err := json.Marshal(msg)
	if err != nil {
		panic(fmt.Sprintf("server: %v", err)) // only a type that JSON does not know can get here
	}
	return b
}
